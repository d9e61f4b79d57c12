"""Where the command line writes: standard output, or a file that appears only once it is whole."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from quotekit.errors import QuotekitError
from quotekit.models import escaped


class OutputError(QuotekitError):
    """The output cannot be written."""


def line(record: dict[str, object]) -> bytes:
    r"""``record`` as a line of JSON in UTF-8, lone surrogates as escapes.

    Two that would be read back as one character become U+FFFD each, so that offsets stay what they are.

    Raises:
        ValueError: a number is none that JSON has.

    >>> line({"id": "a\ud800"}), line({"id": "\ud83d\ude00"}).decode()
    (b'{"id": "a\\ud800"}\n', '{"id": "\ufffd\ufffd"}\n')
    """
    return escaped(json.dumps(record, ensure_ascii=False, allow_nan=False)).encode() + b"\n"


class Target:
    """Standard output, or with a path a file that is moved into place when the block ends well.

    Until then the lines gather in a hidden file beside it, which is removed when the block ends badly. Devices and
    pipes are written to as they are.

    Args:
        path: the file; ``None`` is standard output.
        lasting: whether it is on the disk once the block has ended, so that no power cut takes it back.

    Raises:
        OutputError: the target cannot be written.
        BrokenPipeError: who read standard output has gone.
    """

    def __init__(self, path: Path | None, *, lasting: bool = False) -> None:
        self._lasting = lasting
        self.name = "standard output" if path is None else str(path)
        self._final: Path | None = None
        self._partial: Path | None = None
        self._stream: BinaryIO
        if path is None:
            self._stream = sys.stdout.buffer
            return
        # A link stays a link: the file it leads to is the one replaced.
        self._final = Path(os.path.realpath(path))
        try:
            if self._final.exists() and not self._final.is_file():
                self._stream = self._final.open("wb")
            else:
                partial = self._final.with_name(f".{self._final.name}.{os.getpid()}.part")
                self._stream = partial.open("xb")
                self._partial = partial
        except OSError as error:
            raise self._failed(error) from error

    def write(self, data: bytes) -> None:
        """Write ``data`` at once, so that a reader at the other end of a pipe need not wait."""
        try:
            self._stream.write(data)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._failed(error) from error

    def __enter__(self) -> Target:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._final is None:
            return
        try:
            with closing(self._stream):
                if kind is None and self._partial is not None and self._lasting:
                    os.fsync(self._stream.fileno())
            if kind is None and self._partial is not None:
                if self._final.exists():
                    shutil.copymode(self._final, self._partial)
                self._partial.replace(self._final)
                if self._lasting:
                    _settle(self._final.parent)
        except OSError as failure:
            # What went wrong first is what the user must hear of.
            if kind is None:
                raise self._failed(failure) from failure
        finally:
            if self._partial is not None:
                with suppress(OSError):
                    self._partial.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> OutputError:
        if self._final is not None and not self._final.parent.is_dir():
            return OutputError(
                f"cannot write {self.name}: there is no folder {str(self._final.parent)!r}. Make it first."
            )
        reason = (error.strerror or str(error)).lower()
        return OutputError(f"cannot write {self.name}: {reason}. Choose another place with -o, or make room there.")


def _settle(folder: Path) -> None:
    """See that the names in ``folder`` are on the disk, where the system can do that with a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def silence(stream: object) -> None:
    """Let what is still in the buffer of a broken pipe go nowhere, so that Python's last flush says nothing."""
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]
