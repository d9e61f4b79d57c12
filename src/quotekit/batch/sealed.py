"""Lines that reveal damage: each has its number, a checksum and a JSON object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zlib import crc32

from quotekit.errors import QuotekitError
from quotekit.output.target import line

_HEAD = re.compile(rb"(\d{1,15}) ([0-9a-f]{8}) ")


class DamagedError(QuotekitError):
    """A line is damaged or missing.

    Attributes:
        number: the first such line, from 1.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number:,} is damaged or missing")
        self.number = number


def sealed(number: int, record: Mapping[str, Any]) -> bytes:
    """Return ``record`` as line ``number``.

    >>> sealed(1, {"end": True})
    b'1 2b8b4237 {"end": true}\\n'
    """
    body = line(dict(record))
    return b"%d %08x %s" % (number, _checksum(number, body), body)


def unsealed(lines: Iterable[bytes]) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the object of each line, and the length of the line in bytes.

    A partial last line is ignored: a run that was killed may leave one.

    Raises:
        DamagedError: a line is damaged or missing, and whole ones follow.
    """
    number = 0
    lines = iter(lines)
    for number, data in enumerate(lines, 1):
        body = _body(data, number)
        if body is None:
            if _is_sealed(data) or any(map(_is_sealed, lines)):
                raise DamagedError(number)
            return
        yield json.loads(body), len(data)


def _body(data: bytes, number: int) -> bytes | None:
    head = _HEAD.match(data)
    if head is None or int(head[1]) != number or not _is_sealed(data):
        return None
    return data[head.end() :]


def _is_sealed(data: bytes) -> bool:
    head = _HEAD.match(data)
    if head is None or not data.endswith(b"\n"):
        return False
    return int(head[2], 16) == _checksum(int(head[1]), data[head.end() :])


def _checksum(number: int, body: bytes) -> int:
    # The number is included, so that a moved line counts as damaged.
    return crc32(b"%d " % number + body)
