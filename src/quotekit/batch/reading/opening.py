"""Inputs as streams of bytes, decompressed on the way."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from quotekit.batch.reading.faults import Fault, brief, missing
from quotekit.batch.reading.finding import STDIN

LARGEST = 256 * 2**20
"""Maximum bytes of one article, decompressed, and characters of one line of a file of many."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_AT_ONCE = 1 << 20
_PIECE = 256
"""Compressed bytes read at a time: Zstandard makes at most some 8 MB of them."""


@contextmanager
def opened(source: str, path: str | None = None) -> Iterator[BinaryIO]:
    """Open an input, decompressed if it is gzip or Zstandard data, whatever its name.

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
    with io.BufferedReader(raw, 1 << 16) as stream:
        head = stream.peek(4)[:4]
        name = source.lower()
        if head.startswith(_GZIP) or (head and name.endswith(".gz")):
            with gzip.GzipFile(fileobj=stream) as unpacked:
                # A BinaryIO to all who read it; only its type does not say so.
                yield unpacked  # type: ignore[misc]
        elif head.startswith(_ZSTD) or (head and name.endswith(".zst")):
            with io.BufferedReader(_Zstandard(stream), 1 << 17) as unpacked_too:
                yield unpacked_too
        else:
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
        raise Fault(
            f"more than {largest // 2**20:,} MiB, too much for one article",
            "Split it, or give many articles as JSON Lines, CSV or Parquet",
        )
    return bytes(data)


class Stdin(io.RawIOBase):
    """Standard input, which stays open when this is closed."""

    def __init__(self) -> None:
        # It is None where the shell has closed it.
        if sys.stdin is None:
            raise Fault("standard input is closed", "Give it something to read, or name a file")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        stdin: Any = sys.stdin.buffer
        data = stdin.read1(len(target))
        target[: len(data)] = data
        return len(data)


class _Zstandard(io.RawIOBase):
    """Decompressed Zstandard data, of one frame or several. zstandard's own reader does not notice a cut-off one."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            import zstandard
        except ImportError as error:
            raise missing("zstd", "zstandard", ".zst files", error) from None
        self._stream = stream
        self._error = zstandard.ZstdError
        self._frame = zstandard.ZstdDecompressor
        self._unpacker: Any = None
        self._waiting = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        while not self._ready:
            data = self._waiting or self._stream.read(_PIECE)
            self._waiting = b""
            if not data:
                if self._unpacker is not None:
                    raise EOFError
                return 0
            if self._unpacker is None:
                self._unpacker = self._frame().decompressobj()
            try:
                self._ready = memoryview(self._unpacker.decompress(data))
            except self._error as error:
                raise Fault(f"broken Zstandard data ({brief(error)})", "Get the file again, or repack it") from error
            if self._unpacker.eof:
                self._waiting, self._unpacker = self._unpacker.unused_data, None
        part = self._ready[: len(target)]
        target[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)
