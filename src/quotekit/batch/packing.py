"""Files packed with gzip or Zstandard as they are written. How they are read stands in `reading.opening`."""

from __future__ import annotations

import gzip
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotekit.extras import optional

if TYPE_CHECKING:
    from quotekit.output.target import Target


class Sink(io.RawIOBase):
    """A target as a file that can only be written, for those who write to files."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._written = 0
        self._broken = False

    def writable(self) -> bool:
        """Whether it can be written: always."""
        return True

    def write(self, data: Any) -> int:
        """Write all of ``data``; how many bytes that is."""
        piece = bytes(data)
        # Once it has failed, that has been told; a packer that is closed, or thrown away, tries again.
        if not self._broken:
            self._broken = True
            self._target.write(piece)
            self._broken = False
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Bytes written so far."""
        return self._written


class Packing(ABC):
    """A way to pack a file."""

    @abstractmethod
    def check(self) -> None:
        """See that it is installed; `QuotekitError` if not."""

    @abstractmethod
    def writer(self, sink: Sink) -> Any:
        """A file whose content is packed into ``sink``; the same content gives the same bytes."""


class _Gzip(Packing):
    def check(self) -> None:
        pass

    def writer(self, sink: Sink) -> Any:
        # Without a name and a time: they would make each file another.
        return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=sink, mtime=0)


class _Zstandard(Packing):
    def check(self) -> None:
        self._module()

    def _module(self) -> Any:
        return optional("zstandard", "zstd", "writing .zst files")

    def writer(self, sink: Sink) -> Any:
        return self._module().ZstdCompressor(write_checksum=True).stream_writer(sink, closefd=False)


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
