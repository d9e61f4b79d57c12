"""Inputs as streams of bytes, decompressed on the way."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import shutil
import sys
import tempfile
import zlib
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from quotekit.batch.reading.faults import Fault, brief, library
from quotekit.batch.reading.finding import STDIN
from quotekit.batch.reading.kinds import HEAD

LARGEST = 256 * 2**20
"""Maximum bytes of one article, decompressed, and characters of one line of a file of many."""

_GZIP = b"\x1f\x8b"
_AT_ONCE = 1 << 20
_PIECE = 256
"""Compressed bytes read at a time: Zstandard makes at most some 8 MB of them."""

_XZ_MEMORY = 2**28


@contextmanager
def opened(source: str, path: str | None = None) -> Iterator[BinaryIO]:
    """Open an input, decompressed if it is gzip, Zstandard, bzip2 or xz data, whatever its name.

    Args:
        source: the input: a path, or "-".
        path: the file that holds it, if that is not ``source``.

    Raises:
        OSError, EOFError, zlib.error, Fault: here, or while it is read.
    """
    try:
        # The reader below closes it.
        raw: Any = Stdin() if source == STDIN and path is None else open(path or source, "rb", buffering=0)  # noqa: SIM115
    except ValueError as error:
        raise Fault(f"a name that no file can have ({brief(error)})", "Check the spelling") from error
    with io.BufferedReader(raw, 1 << 16) as stream, unpacked(stream, source) as content:
        yield content


@contextmanager
def unpacked(stream: io.BufferedReader, source: str) -> Iterator[BinaryIO]:
    """Yield a stream, decompressed if it is compressed data or has a name of such."""
    head = stream.peek(16)[:16]
    name = source.lower()
    if head.startswith(_GZIP) or (head and name.endswith(".gz")):
        with gzip.GzipFile(fileobj=stream) as content:
            # A BinaryIO to all who read it; only its type does not say so.
            yield content  # type: ignore[misc]
        return
    for ending, mark, unpacker in _UNPACKERS:
        if mark.match(head) or (head and name.endswith(ending)):
            with io.BufferedReader(unpacker(stream), 1 << 17) as frames:
                yield frames
            return
    yield stream


def everything(stream: BinaryIO, largest: int = LARGEST) -> bytes:
    """Return all that is left of ``stream``.

    Raises:
        Fault: it is more than ``largest`` bytes.
    """
    data = bytearray()
    # Piece by piece: asked for all at once, Python would allocate all that there may be.
    while (piece := stream.read(min(_AT_ONCE, largest + 1 - len(data)))) and len(data) <= largest:
        data += piece
    if len(data) > largest:
        raise too_much(largest)
    return bytes(data)


def too_much(largest: int) -> Fault:
    """Return the fault for an article of more than ``largest`` bytes."""
    return Fault(
        f"more than {largest // 2**20:,} MiB, too much for one article",
        "Split it, or give many articles as JSON Lines, CSV or Parquet",
    )


def peeked(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of a stream (`HEAD`), and the stream from its beginning."""
    if is_plain_file(stream):
        head = stream.read(HEAD)
        stream.seek(0)
        return head, stream
    head, error = beginning(stream, HEAD)
    again: Any = io.BufferedReader(Again(head, error, stream), 1 << 16)
    return head, again


@contextmanager
def on_disk(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Yield ``stream`` if it is a plain file, else a temporary copy: some formats are read from their end."""
    if is_plain_file(stream):
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
        copy.seek(0)
        yield copy


def is_plain_file(stream: BinaryIO) -> bool:
    """Return whether a stream is a plain file, and not something that comes out of one."""
    return isinstance(getattr(stream, "raw", None), io.FileIO) and stream.seekable()


class Pieces(io.RawIOBase):
    """A stream that comes in pieces of any size."""

    _ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    @abstractmethod
    def piece(self, size: int) -> bytes:
        """Return the next piece, of about ``size`` bytes; an empty one is the end."""

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        if not self._ready:
            self._ready = memoryview(self.piece(len(target)))
        part = self._ready[: len(target)]
        target[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)


class Stdin(Pieces):
    """Standard input, which stays open when this is closed."""

    def __init__(self) -> None:
        # It is None where the shell has closed it.
        if sys.stdin is None:
            raise Fault("standard input is closed", "Give it something to read, or name a file")

    def piece(self, size: int) -> bytes:
        stdin: Any = sys.stdin.buffer
        return bytes(stdin.read1(size))


class Again(Pieces):
    """A stream whose beginning has been read already, and perhaps the error that ended it."""

    def __init__(self, head: bytes, error: Exception | None, rest: BinaryIO) -> None:
        self._ready = memoryview(head)
        self._error = error
        self._rest: Any = rest

    def piece(self, size: int) -> bytes:
        if self._error is not None:
            raise self._error
        return bytes(self._rest.read1(size))


def beginning(stream: Any, size: int) -> tuple[bytes, Exception | None]:
    """Return up to ``size`` bytes, and the error that came after them, if any."""
    head = b""
    try:
        # `read` would lose what it has read so far when it fails.
        while len(head) < size and (more := stream.read1(size - len(head))):
            head += more
    except (OSError, EOFError, zlib.error, Fault) as error:
        return head, error
    return head, None


class _Unpacked(Pieces):
    """Decompressed data of one frame or several; a frame that is cut off is noticed."""

    def __init__(self, stream: BinaryIO, called: str, unpacker: Callable[[], Any], error: type[Exception]) -> None:
        self._stream = stream
        self._called = called
        self._error = error
        self._next_unpacker = unpacker
        self._unpacker: Any = None
        self._waiting = b""

    def piece(self, size: int) -> bytes:
        unpacked = b""
        while not unpacked:
            data = self._waiting or self._stream.read(_PIECE)
            self._waiting = b""
            if not data:
                if self._unpacker is not None:
                    raise EOFError
                return b""
            if self._unpacker is None:
                self._unpacker = self._next_unpacker()
            try:
                unpacked = self._unpacker.decompress(data)
            except self._error as error:
                raise Fault(
                    f"broken {self._called} data ({brief(error)})", "Get the file again, or repack it"
                ) from error
            if self._unpacker.eof:
                # Padding may follow a frame.
                self._waiting, self._unpacker = self._unpacker.unused_data.lstrip(b"\0"), None
        return unpacked


def _zstandard(stream: BinaryIO) -> _Unpacked:
    zstandard = library("zstandard", "zstd", ".zst files")
    # zstandard's own reader does not notice a frame that is cut off.
    return _Unpacked(stream, "Zstandard", lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError)


def _bzip2(stream: BinaryIO) -> _Unpacked:
    return _Unpacked(stream, "bzip2", bz2.BZ2Decompressor, OSError)


def _xz(stream: BinaryIO) -> _Unpacked:
    # A few bytes may ask for gigabytes.
    return _Unpacked(stream, "xz", lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY), lzma.LZMAError)


_UNPACKERS = (
    (".zst", re.compile(rb"\x28\xb5\x2f\xfd"), _zstandard),
    (".bz2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), _bzip2),
    (".xz", re.compile(rb"\xfd7zXZ\x00"), _xz),
)
"""Endings, first bytes, and what decompresses them."""
