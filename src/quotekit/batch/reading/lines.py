"""The lines of a stream of bytes as text, one at a time."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from quotekit.batch.reading.encodings import REMEDY, at, detected, marked
from quotekit.batch.reading.faults import Fault
from quotekit.batch.reading.opening import LARGEST, Again, beginning

HEAD = 1 << 20
"""Bytes at the beginning of a file of many articles that decide its encoding."""

_ESCAPED = re.compile("[\udc80-\udcff]")


class Lines:
    """The lines of a stream, with their line ends; one line in memory at a time.

    Bytes that do not decode are kept as `undecodable` finds them, so that one bad line does not cost the others.

    Attributes:
        encoding: what the stream is read as.
    """

    def __init__(self, stream: BinaryIO, encoding: str | None, *, newline: str, guess: bool) -> None:
        """``newline`` is that of `open`; without ``guess`` it is UTF-8 unless a mark or ``encoding`` says otherwise.

        Raises:
            Fault: it is not text.
        """
        head, error = beginning(stream, HEAD if guess and encoding is None else len(codecs.BOM_UTF32_LE))
        if encoding is None:
            whole = len(head) < HEAD and error is None
            encoding = detected(head, whole=whole, rows=True) if guess else marked(head) or "utf-8"
        # A mark that is there although UTF-8 was named is not part of the text.
        self.encoding = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        again: Any = io.BufferedReader(Again(head, error, stream))
        self._text = io.TextIOWrapper(again, self.encoding, "surrogateescape", newline=newline)

    def __iter__(self) -> Iterator[str | None]:
        """Yield each line, or ``None`` for one of more than `LARGEST` characters.

        Raises:
            Fault: nothing decodes from here on.
        """
        try:
            while line := self._text.readline(LARGEST + 1):
                if len(line) <= LARGEST:
                    yield line
                    continue
                while line and not line.endswith(("\n", "\r")):
                    line = self._text.readline(LARGEST)
                yield None
        except UnicodeError as error:
            raise Fault(f"not {self.encoding.upper()} text any more{at(error)}", REMEDY) from error


def undecodable(text: str, encoding: str) -> str | None:
    """Return what to report of a line of `Lines` that did not decode; ``None`` if it did."""
    found = _ESCAPED.search(text)
    if found is None:
        return None
    return f"not {encoding.removesuffix('-sig').upper()} text (byte 0x{ord(found[0]) - 0xDC00:02x}). {REMEDY}."
