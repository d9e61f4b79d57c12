"""Members of ZIP files, within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import BinaryIO

from quotekit.batch.reading.faults import Fault, brief
from quotekit.batch.reading.opening import LARGEST

BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)
"""What zipfile raises for a damaged file, and for one that it cannot read.

`NotImplementedError` means an unknown compression, and `RuntimeError` a password.
"""

_UNREADABLE = (*BROKEN, OSError)
ZIP = b"PK\x03\x04"
"""The first bytes of a ZIP file with something in it."""

LARGEST_PART = 2**26
"""Bytes of a part of a document, unpacked."""


def opened_zip(stream: BinaryIO, called: str) -> zipfile.ZipFile:
    """Open a ZIP file.

    Raises:
        Fault: it is not one, or broken.
    """
    data: BinaryIO = stream if stream.seekable() else io.BytesIO(stream.read(LARGEST))
    try:
        return zipfile.ZipFile(data)
    except _UNREADABLE as error:
        raise Fault(f"not {called}, or broken ({brief(error)})", "Get the file again") from error


def part_of(archive: zipfile.ZipFile, name: str, called: str, largest: int = LARGEST_PART) -> bytes | None:
    """Return the member of this name, whatever size its header gives, or ``None``.

    Raises:
        Fault: it is broken, encrypted, or more than ``largest`` bytes.
    """
    try:
        with archive.open(name) as member:
            data = member.read(largest + 1)
    except KeyError:
        return None
    except _UNREADABLE as error:
        raise Fault(
            f"{called} that cannot be unpacked ({brief(error)})", "Save it again, without a password"
        ) from error
    if len(data) > largest:
        raise Fault(f"{called} with a part of more than {largest // 2**20} MiB", "Save its text as a .txt file")
    return data


def names_in(stream: BinaryIO) -> list[str]:
    """Return the names in a ZIP file, and read it from its beginning again; none if it is broken."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return archive.namelist()
    except _UNREADABLE:
        return []
    finally:
        stream.seek(0)
