"""PDFs with a text layer."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, BinaryIO

from quotekit.batch.reading.exports.nexis_uni import lines_of_pages
from quotekit.batch.reading.faults import Fault, brief, library
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.opening import everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.texts import records_of_text
from quotekit.batch.records import Record

MOST_PAGES = 2_000
"""Maximum pages of a document."""

_REMEDY = "Save its text as a .txt file"
_EDGE = 2
"""Lines at the top and bottom of a page that may be its header and footer."""

_NUMBER = re.compile(r"\d+")
_ENDS = re.compile(r"[.!?…:][\"'”’)]*$")
_SHORT = 0.75
"""Share of the widest usual line below which a line ends its paragraph."""

_NARROW = 0.6
"""The same for a line that does not end a sentence."""


def read_pdf(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the article of a PDF, or those of an export, without page headers, footers and hyphenation."""
    pypdf = library("pypdf", "documents", "a PDF")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    data = everything(stream)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else _pages(reader)
        title = None if locked or reader.metadata is None else reader.metadata.title
    # A broad catch: the library raises whatever a broken document leads to.
    except Exception as error:
        raise Fault(f"a PDF that cannot be read ({brief(error)})", _REMEDY) from error
    if locked:
        raise Fault("a PDF with a password", "Save it without one")
    text = text_of_pages(pages)
    if not text:
        raise Fault("a PDF without text, perhaps of scanned pages", "Have it recognised by an OCR program first")
    yield from records_of_text(text, source, about(title=title))


def _pages(reader: Any) -> list[str]:
    if len(reader.pages) > MOST_PAGES:
        raise ValueError(f"more than {MOST_PAGES:,} pages")
    return [page.extract_text() for page in reader.pages]


def text_of_pages(pages: list[str]) -> str:
    r"""Return the paragraphs of pages.

    >>> text_of_pages(["The ferry to Oro stops on Mon-\nday.\nIt rained."])
    'The ferry to Oro stops on Monday.\n\nIt rained.'
    """
    whole = [[line.strip() for line in page.splitlines()] for page in pages]
    found = lines_of_pages(whole, _paragraphs) or _paragraphs([line for page in _without_edges(whole) for line in page])
    return "\n\n".join(filter(None, found))


def _paragraphs(lines: list[str]) -> list[str]:
    """Return the paragraphs of lines that are about as wide as the page."""
    widths = sorted(len(line) for line in lines if line)
    usual = widths[int(0.9 * (len(widths) - 1))] if widths else 0
    paragraphs, current = [], ""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        current = _joined(current, line)
        if not line or _ends(line, following, usual) or len(widths) == 1:
            paragraphs.append(current)
            current = ""
    return [*paragraphs, current]


def _ends(line: str, following: str, usual: int) -> bool:
    """Return whether a line is the last of its paragraph: there was room for the next word, and none came."""
    if _ENDS.search(line):
        return len(line) < _SHORT * usual
    # A heading, or a line beside a picture that is narrower than others: that one is continued in lower case.
    word = following.split(" ", 1)[0]
    return not line.endswith((",", ";", "-")) and not word[:1].islower() and len(line) + len(word) < _NARROW * usual


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """Return pages without the first and last lines that most of them have, whatever numbers are in them."""
    if len(pages) < 3:
        return pages
    seen = Counter(key for page in pages for key in {_key(line) for line in _edges(page)} if key)
    headers = {key for key, count in seen.items() if count > len(pages) / 2}
    return [
        [line for index, line in enumerate(page) if not (_key(line) in headers and _is_edge(index, page))]
        for page in pages
    ]


def _edges(page: list[str]) -> list[str]:
    return [line for index, line in enumerate(page) if _is_edge(index, page)]


def _is_edge(index: int, page: list[str]) -> bool:
    return index < _EDGE or index >= len(page) - _EDGE


def _key(line: str) -> str:
    return _NUMBER.sub("#", line)


def _joined(text: str, line: str) -> str:
    """Return a text and the next of its lines; a word that a hyphen divides is joined."""
    if not text or not line:
        return text or line
    if text.endswith("-") and text[-2:-1].isalpha() and line[0].islower():
        return text[:-1] + line
    return f"{text} {line}"
