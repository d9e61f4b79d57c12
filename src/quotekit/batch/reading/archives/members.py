"""The files in ZIP and tar archives, one at a time."""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, TypeAlias

from quotekit.batch.reading.documents.zipped import BROKEN, opened_zip
from quotekit.batch.reading.faults import Fault, brief
from quotekit.batch.reading.kinds import ending_of, kind_of_name
from quotekit.batch.reading.opening import Pieces

MOST_BYTES = 2**36
"""Unpacked bytes of an archive."""

Member: TypeAlias = tuple[str, io.BufferedReader]
"""The name and the content of a file in an archive."""

_BROKEN = (*BROKEN, tarfile.TarError)
_OF_WACZ = re.compile(r"archive/[^/]+\.warc(?:\.gz)?")
_AGAIN = "Get the file again, or unpack it and name the folder"


def zip_members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the files that are read in a folder too, in the order of the archive."""
    yield from _of_zip(stream, _is_read)


def wacz_members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the web archives in a collection."""
    yield from _of_zip(stream, lambda name: _OF_WACZ.fullmatch(name) is not None)


def tar_members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the plain files that are read in a folder too. Links and devices are skipped."""
    left = MOST_BYTES
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for info in archive:
                if info.isfile() and _is_read(info.name):
                    left = _checked(left - info.size)
                    with _buffered(partial(archive.extractfile, info)) as member:
                        yield info.name, member
    except _BROKEN as error:
        raise Fault(f"a tar archive that is broken ({brief(error)})", _AGAIN) from error


def _of_zip(stream: BinaryIO, is_read: Callable[[str], bool]) -> Iterator[Member]:
    left = MOST_BYTES
    with opened_zip(stream, "a ZIP archive") as archive:
        for info in archive.infolist():
            if info.filename.endswith("/") or not is_read(info.filename):
                continue
            left = _checked(left - info.file_size)
            with _buffered(partial(archive.open, info)) as member:
                yield info.filename, member


def _is_read(name: str) -> bool:
    """Return whether a file is read, judging by its name as in a folder; hidden ones are not."""
    parts = name.replace("\\", "/").split("/")
    if any(part.startswith((".", "__MACOSX")) for part in parts if part not in (".", "..")):
        return False
    kind = kind_of_name(name)
    return kind.format is not None if kind is not None else not ending_of(name)


def _checked(left: int) -> int:
    if left < 0:
        raise Fault(f"an archive of more than {MOST_BYTES // 2**30} GiB, unpacked", "Unpack it, and name the folder")
    return left


def _buffered(opened: Callable[[], Any]) -> io.BufferedReader:
    return io.BufferedReader(_Unpacked(opened), 1 << 16)


class _Unpacked(Pieces):
    """A file of an archive. What is broken in it, or keeps it from being opened, is a fault when it is read."""

    def __init__(self, opened: Callable[[], Any]) -> None:
        self._opened = opened
        self._file: Any = None

    def piece(self, size: int) -> bytes:
        try:
            self._file = self._file or self._opened()
            return bytes(self._file.read(size))
        except _BROKEN as error:
            raise Fault(f"it cannot be unpacked ({brief(error)})", _AGAIN) from error

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()
