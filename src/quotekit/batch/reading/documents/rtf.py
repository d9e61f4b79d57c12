"""Rich Text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from quotekit.batch.reading.faults import Fault, brief, library
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.opening import everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.texts import records_of_text
from quotekit.batch.records import Record

LARGEST_RTF = 2**26
"""Bytes of a document."""

_TITLE = re.compile(r"\{\\title ([^{}\\]{1,500})\}")
_PICTURE = re.compile(r"\{\\(?:\*\\)?(?:shp)?pict\b[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_CELL = re.compile(r"\\(?:nest)?cell(?![a-z])")
_BLANK = re.compile(r"[ \t\u00a0]*\n[ \t\u00a0]*")


def read_rtf(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the article of a Rich Text document, or those of an export."""
    rtf_to_text = library("striprtf.striprtf", "documents", "Rich Text").rtf_to_text
    content = everything(stream, LARGEST_RTF).decode("latin-1")
    if "{\\rtf" not in content[:1000]:
        raise Fault("not Rich Text: it does not begin with {\\rtf", "Say what it is with --input-format")
    try:
        text = rtf_to_text(
            _CELL.sub(r"\\par", _PICTURE.sub("", content)), encoding=options.encoding or "cp1252", errors="replace"
        )
    # A broad catch: the library raises whatever a broken document leads to.
    except Exception as error:
        raise Fault(f"Rich Text that cannot be read ({brief(error)})", "Save its text as a .txt file") from error
    title = _TITLE.search(content)
    # Each line is a paragraph.
    lines = _BLANK.sub("\n\n", text).strip()
    yield from records_of_text(lines, source, about(title=title[1] if title else None))
