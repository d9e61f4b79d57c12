"""Files compressed with gzip or Zstandard as they are written. `reading.opening` reads them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotekit.extras import optional

if TYPE_CHECKING:
    from quotekit.output.target import Target

COMPRESSED = (".gz", ".zst")
"""Endings of compressed files."""


class Sink(io.RawIOBase):
    """A target as a write-only file, for libraries that write to files."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._written = 0
        self._broken = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        # A failed write has been raised already; a compressor that is closed or discarded would try again.
        if not self._broken:
            self._broken = True
            self._target.write(piece)
            self._broken = False
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written


def endings(path: Path) -> tuple[str, str | None]:
    """Return the ending of a name in lower case, and that of its compression, if it has one.

    >>> endings(Path("quotes.CSV.gz")), endings(Path("quotes.jsonl"))
    (('.csv', '.gz'), ('.jsonl', None))
    """
    last = path.suffix.lower()
    return (Path(path.stem).suffix.lower(), last) if last in COMPRESSED else (last, None)


def check(compression: str | None) -> None:
    """Raise `QuotekitError` if the library for a compression is not installed."""
    if compression == ".zst":
        optional("zstandard", "zstd", "writing .zst files")


@contextmanager
def compressed(target: Target, compression: str | None) -> Iterator[Callable[[bytes], Any]]:
    """Yield a function that writes a piece of content; the same content gives the same bytes."""
    if compression is None:
        yield target.write
        return
    sink = Sink(target)
    if compression == ".gz":
        # A file name or a time would make the bytes differ.
        file: Any = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=sink, mtime=0)
    else:
        zstandard = optional("zstandard", "zstd", "writing .zst files")
        file = zstandard.ZstdCompressor(write_checksum=True).stream_writer(sink, closefd=False)
    with file:
        yield file.write
