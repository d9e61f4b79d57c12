"""Targets of the command line: standard output, or a file that appears only when it is complete."""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from quotekit.errors import QuotekitError
from quotekit.models import escaped
from quotekit.output.plain_text import CONTROL


class OutputError(QuotekitError):
    """The output cannot be written."""

    @classmethod
    def of(cls, path: object, error: OSError, remedy: str) -> OutputError:
        """Return the error for a file that the system does not let quotekit write."""
        return cls(f"cannot write {path}: {(error.strerror or str(error)).lower()}. {remedy}.")


def line(record: dict[str, object]) -> bytes:
    r"""Return ``record`` as a line of JSON in UTF-8, with lone surrogates and what controls a terminal as escapes.

    Two surrogates that would be read back as one character become U+FFFD each, so that offsets stay the same.

    Raises:
        ValueError: a float is NaN or infinite.

    >>> line({"id": "a\ud800\u202e"}), line({"id": "\ud83d\ude00"}).decode()
    (b'{"id": "a\\ud800\\u202e"}\n', '{"id": "\ufffd\ufffd"}\n')
    """
    text = escaped(json.dumps(record, ensure_ascii=False, allow_nan=False))
    return CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode() + b"\n"


class Target:
    """Standard output, or a file that is moved into place when the block ends without an error.

    Until then it is written under a hidden name beside it, and deleted if the block ends with an error. Devices and
    pipes are written to directly.

    Args:
        path: the file; ``None`` is standard output.
        lasting: whether to wait until it is on the disk, so that it survives a power cut.
        private: whether other users are kept from reading it.
        partial: the hidden name.

    Raises:
        OutputError: the target cannot be written.
        BrokenPipeError: the reader of standard output is gone.
    """

    def __init__(
        self, path: Path | None, *, lasting: bool = False, private: bool = False, partial: str | None = None
    ) -> None:
        self._lasting = lasting
        self._private = private
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
                partial_path = self._final.with_name(partial or f".{self._final.name}.{os.getpid()}.part")
                self._stream = _created(partial_path, mode_for(self._final, private=private))
                self._partial = partial_path
        except OSError as error:
            raise self._failed(error) from error

    def write(self, data: bytes) -> None:
        """Write ``data`` without a buffer, so that a reader at the other end of a pipe need not wait."""
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
                    self._partial.chmod(mode_for(self._final, private=self._private))
                self._partial.replace(self._final)
                if self._lasting:
                    _settle(self._final.parent)
        except OSError as failure:
            # The first error is the one to report.
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
        return OutputError.of(self.name, error, "Choose another place with -o, or make room there")


def mode_for(path: Path, *, private: bool) -> int:
    """Return the permissions of a file that is written in the place of ``path``: its own, or the usual ones.

    With ``private``, other users get none.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mode = 0o666
    return mode & 0o700 if private else mode


def _created(path: Path, mode: int) -> BinaryIO:
    """Create a file; an existing one, or a link, is an `OSError`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return open(os.open(path, flags, mode), "wb")


def _settle(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def silence(stream: object) -> None:
    """Discard what is left in the buffer of a broken stream, so that Python's last flush does not fail on it."""
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]
