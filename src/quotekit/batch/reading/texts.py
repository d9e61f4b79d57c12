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
from quotekit.batch.reading.opening import everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import Found, day_of
from quotekit.batch.records import Record

LARGEST_PAGE = 2**24
"""Bytes of an HTML page; trafilatura reads none that is much larger."""

LARGEST_TREE = 100_000
"""Angle brackets in it. The time grows with the square of the number of elements, to ten seconds or so here."""

_ROOT = re.compile(r"<(html|body)\b", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_BLOCKS = frozenset({"p", "head", "quote", "item", "list", "row", "table", "code", "div", "body", "graphic"})
_LAST_DAY = "2100-12-31"
"""Without it, trafilatura takes today: what it says of a page would change from day to day."""


def read_text(stream: BinaryIO, source: str, options: ReadOptions, start: int = 0) -> Iterator[Found]:
    """A file of text or Markdown, as it is."""
    yield None if start else Record(source, decoded(everything(stream), options.encoding), source)


def read_html(stream: BinaryIO, source: str, options: ReadOptions, start: int = 0) -> Iterator[Found]:
    """The main text of an HTML page, and the day it says it is of. Nothing in it is run or fetched."""
    if start:
        yield None
        return
    text, day = main_text(decoded(everything(stream, LARGEST_PAGE), options.encoding, html=True))
    yield Record(source, text, source, date=day)


def main_text(html: str) -> tuple[str, date | None]:
    """The article of a page, a blank line between its paragraphs, and its day.

    Raises:
        Fault: there is none, or trafilatura is not installed.
    """
    if html.count("<") > LARGEST_TREE:
        raise Fault(
            f"HTML of more than {LARGEST_TREE:,} tags, which is no single article", "Save its text as a .txt file"
        )
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
        raise Fault(
            f"HTML that cannot be read ({type(error).__name__}: {brief(error)})", "Save its text as a .txt file"
        ) from error
    text = "" if found is None else "\n\n".join(_paragraphs(found.body))
    if not text:
        raise Fault("no main text in this HTML", "If it has an article all the same, save that as a .txt file")
    return text, day_of(found.date)


def _paragraphs(body: Any) -> Iterator[str]:
    """The blocks of trafilatura's tree; white space in one is as HTML has it, a forced line break stays one."""
    pieces: list[str] = []

    def ended() -> Iterator[str]:
        lines = (_SPACE.sub(" ", line).strip() for line in "".join(pieces).split("\v"))
        pieces.clear()
        text = "\n".join(filter(None, lines))
        if text:
            yield text

    # Not recursive: how deep a page is, its author decides.
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
    """Keeps libraries from saying what quotekit says itself, and leaves their loggers as they were."""
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
