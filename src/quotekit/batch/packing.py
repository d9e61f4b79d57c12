"""Files that are packed with gzip or Zstandard."""

from __future__ import annotations

import gzip
import io
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from quotekit.errors import QuotekitError

if TYPE_CHECKING:
    from quotekit.outputs import Target


class Sink(io.RawIOBase):
    """A target as a file that can only be written, for those who write to files."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._written = 0

    def writable(self) -> bool:
        """Whether it can be written: always."""
        return True

    def write(self, data: Any) -> int:
        """Write all of ``data``; how many bytes that is."""
        piece = bytes(data)
        self._target.write(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Bytes written so far."""
        return self._written


class Packing(ABC):
    """A way to pack a file."""

    errors: tuple[type[Exception], ...]
    """What unpacking raises for a file that is damaged."""

    @abstractmethod
    def check(self) -> None:
        """See that it is installed; `QuotekitError` if not."""

    @abstractmethod
    def writer(self, sink: Sink) -> Any:
        """A file whose content is packed into ``sink``; the same content gives the same bytes."""

    @abstractmethod
    def reader(self, file: BinaryIO) -> BinaryIO:
        """The content of ``file``."""


class _Gzip(Packing):
    errors = (EOFError, gzip.BadGzipFile, zlib.error)

    def check(self) -> None:
        pass

    def writer(self, sink: Sink) -> Any:
        # Without a name and a time: they would make each file another.
        return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=sink, mtime=0)

    def reader(self, file: BinaryIO) -> BinaryIO:
        return gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[return-value]


class _Zstandard(Packing):
    errors: tuple[type[Exception], ...] = (EOFError,)

    def check(self) -> None:
        self._module()

    def _module(self) -> Any:
        try:
            import zstandard
        except ImportError as error:
            raise QuotekitError(
                f".zst files need zstandard ({error}). Run: python -m pip install 'quotekit-nlp[zstd]'"
            ) from error
        self.errors = (EOFError, zstandard.ZstdError)
        return zstandard

    def writer(self, sink: Sink) -> Any:
        return self._module().ZstdCompressor(write_checksum=True).stream_writer(sink, closefd=False)

    def reader(self, file: BinaryIO) -> BinaryIO:
        return io.BufferedReader(_Whole(self._module().ZstdDecompressor(), file))


class _Whole(io.RawIOBase):
    """The content of a Zstandard file. The library's own reader says nothing of one that is cut off."""

    def __init__(self, decompressor: Any, file: BinaryIO) -> None:
        self._decompressor, self._file = decompressor, file
        self._frame = decompressor.decompressobj()
        self._begun = False
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame, self._begun = self._decompressor.decompressobj(), False
            packed = packed or self._file.read(1 << 16)
            if not packed:
                if self._begun:
                    raise EOFError("it ends in the middle")
                return 0
            self._begun = True
            self._ready = self._frame.decompress(packed)
            self._begun = not self._frame.eof
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


PACKINGS: dict[str, Packing] = {".gz": _Gzip(), ".zst": _Zstandard()}
"""By ending."""


def unpacked_ending(path: Path) -> tuple[str, Packing | None]:
    """The ending of a name in small letters, without that of its packing, and the packing.

    >>> ending, packing = unpacked_ending(Path("quotes.CSV.gz"))
    >>> ending, packing is PACKINGS[".gz"]
    ('.csv', True)
    """
    packing = PACKINGS.get(path.suffix.lower())
    return (path.suffix if packing is None else Path(path.stem).suffix).lower(), packing


@contextmanager
def packed(target: Target, packing: Packing | None) -> Iterator[Callable[[bytes], Any]]:
    """What to call with each piece of the content."""
    if packing is None:
        yield target.write
        return
    with packing.writer(Sink(target)) as file:
        yield file.write
