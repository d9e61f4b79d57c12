"""Inputs that are one article: text, and the main text of an HTML page."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, BinaryIO

from quotekit.batch.reading.encodings import decoded
from quotekit.batch.reading.faults import Fault, brief, missing
from quotekit.batch.reading.kinds import is_list_of_addresses
from quotekit.batch.reading.opening import everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import day_of
from quotekit.batch.records import Record

LARGEST_PAGE = 2**24
"""Bytes of an HTML page; trafilatura reads none that is much larger."""

MOST_TAGS = 100_000
"""Maximum tags of an HTML page; the time grows with the square of their number, to a minute or so here."""

MOST_ATTRIBUTES = 1_000
"""Maximum attributes of a tag; the time grows with the square of their number."""

_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{MOST_ATTRIBUTES},}}")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(r"[^\s=/]+")
_SAVE_PAGES = "Nothing is fetched: save the pages as .html, and name those files"
_AS_TEXT = "Save its text as a .txt file"

_ROOT = re.compile(r"<(html|body)\b", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_BLOCKS = frozenset({"p", "head", "quote", "item", "list", "row", "table", "code", "div", "body", "graphic"})
_LAST_DAY = "2100-12-31"
"""Given to trafilatura, which takes today otherwise, so that its result would change from day to day."""


def read_text(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the article of a file of text or Markdown, unchanged."""
    text = decoded(everything(stream), options.encoding)
    if is_list_of_addresses(text):
        raise Fault("a list of addresses without texts", _SAVE_PAGES)
    yield Record(source, text, source)


def read_html(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the main text of an HTML page, with the date that it gives. Nothing in it is run or fetched."""
    text, day = main_text(decoded(everything(stream, LARGEST_PAGE), options.encoding, html=True))
    yield Record(source, text, source, date=day)


def main_text(html: str) -> tuple[str, date | None]:
    """Return the article of a page, with a blank line between its paragraphs, and its date.

    Raises:
        Fault: there is no article, or trafilatura is not installed.
    """
    _check_size(html)
    try:
        with _silent():
            from trafilatura import bare_extraction
    except ImportError as error:
        raise missing("html", "trafilatura", "HTML", error) from None
    if not _ROOT.search(html):
        html = f"<html><body>{html}</body></html>"
    try:
        with _silent():
            found: Any = bare_extraction(
                html,
                include_comments=False,
                with_metadata=True,
                date_extraction_params={"original_date": True, "extensive_search": False, "max_date": _LAST_DAY},
            )
    # A broad catch: the page may be hostile, and the error any of three libraries' own.
    except Exception as error:
        raise Fault(f"HTML that cannot be read ({type(error).__name__}: {brief(error)})", _AS_TEXT) from error
    text = "" if found is None else "\n\n".join(_paragraphs(found.body))
    if not text:
        raise Fault("no main text in this HTML", "If it has an article, save that as a .txt file")
    return text, day_of(found.date)


def _check_size(html: str) -> None:
    """Raise `Fault` for a page of which the tree would take too long."""
    if html.count("<") > MOST_TAGS:
        raise Fault(f"HTML of more than {MOST_TAGS:,} tags, too much for one article", _AS_TEXT)
    for tag in _LONG_TAG.findall(html):
        if len(_NAME.findall(_VALUE.sub(" ", tag))) > MOST_ATTRIBUTES:
            raise Fault(f"HTML with a tag of more than {MOST_ATTRIBUTES:,} attributes", _AS_TEXT)


def _paragraphs(body: Any) -> Iterator[str]:
    """Yield the blocks of trafilatura's tree; white space is collapsed as in HTML, and forced line breaks are kept."""
    pieces: list[str] = []

    def ended() -> Iterator[str]:
        lines = (_SPACE.sub(" ", line).strip() for line in "".join(pieces).split("\v"))
        pieces.clear()
        text = "\n".join(filter(None, lines))
        if text:
            yield text

    # Not recursive, as a page may be deep.
    waiting: list[tuple[Any, bool]] = [(body, False)]
    while waiting:
        element, done = waiting.pop()
        block = element.tag in _BLOCKS
        if not done:
            if block:
                yield from ended()
            if element.tag == "lb":
                pieces.append("\v")
            elif element.tag == "cell" and element.getprevious() is not None:
                pieces.append(" | ")
            pieces.append((element.text or "").replace("\v", " "))
            waiting.append((element, True))
            waiting += ((child, False) for child in reversed(element))
        else:
            if block:
                yield from ended()
            if element is not body:
                pieces.append((element.tail or "").replace("\v", " "))
    yield from ended()


@contextmanager
def _silent() -> Iterator[None]:
    """Silence libraries while quotekit reports failures itself; their loggers are restored."""
    loggers = [logging.getLogger(name) for name in ("trafilatura", "htmldate", "courlan", "justext")]
    before = [logger.propagate for logger in loggers]
    nothing = logging.NullHandler()
    for logger in loggers:
        logger.propagate = False
        logger.addHandler(nothing)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.propagate = propagate
            logger.removeHandler(nothing)
