"""Inputs that are one article: text, and the main text of an HTML page."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, BinaryIO

from quotekit.batch.reading.articles import Article, records
from quotekit.batch.reading.days import day_of
from quotekit.batch.reading.encodings import decoded
from quotekit.batch.reading.exports import articles_of_export
from quotekit.batch.reading.exports.pages import articles_of_page
from quotekit.batch.reading.faults import Fault, brief, library
from quotekit.batch.reading.kinds import is_list_of_addresses
from quotekit.batch.reading.markup import walk
from quotekit.batch.reading.metadata import about, about_row
from quotekit.batch.reading.opening import everything, too_much
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.records import Record

LARGEST_PAGE = 2**24
"""Bytes of an HTML page; trafilatura reads none that is much larger."""

LARGEST_EXPORT = 2**27
"""Bytes of an HTML page with many articles of a news database."""

MOST_TAGS = 100_000
"""Maximum tags of an HTML page; the time grows with the square of their number, to a minute or so here."""

MOST_ATTRIBUTES = 1_000
"""Maximum attributes of a tag; the time grows with the square of their number."""

_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{MOST_ATTRIBUTES},}}")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(r"[^\s=/]+")
_SAVE_PAGES = "Nothing is fetched: save the pages as .html, and name those files"
_AS_TEXT = "Save its text as a .txt file"

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n((?:[\w .-]{1,60}:[^\n]*\n|[ \t#-][^\n]*\n|\s*\n){1,100})---[ \t]*(?:\r?\n)+"
)
_TOML = re.compile(r"\ufeff?\+\+\+[ \t]*\r?\n((?:[^\n]*\n){1,100}?)\+\+\+[ \t]*(?:\r?\n)+")
_LANG = re.compile(r"<html\b[^>]{0,1000}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3}(?:-[a-zA-Z]{2,4})?)", re.IGNORECASE)
_ROOT = re.compile(r"<(html|body)\b", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_BREAKS = re.compile(r"\n{2,}")
_BLOCKS = frozenset({"p", "head", "quote", "item", "list", "row", "table", "code", "div", "body", "graphic"})
_LAST_DAY = "2100-12-31"
"""Given to trafilatura, which takes today otherwise, so that its result would change from day to day."""


def read_text(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the article of a file of text or Markdown, unchanged."""
    text = decoded(everything(stream), options.encoding)
    if is_list_of_addresses(text):
        raise Fault("a list of addresses without texts", _SAVE_PAGES)
    yield from records_of_text(text, source)


def records_of_text(
    text: str, source: str, known: Mapping[str, str] | None = None, day: date | None = None
) -> Iterator[Record]:
    """Yield the articles of an export, or the one article that a text is otherwise."""
    export = articles_of_export(text)
    if export:
        yield from records(export, source)
        return
    head, body = front_matter(text)
    about = {**about_row(head), **(known or {})}
    yield Article(body, day or day_of(head.get("date")), {}, about).record(source)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    r"""Return the fields between the "---" or "+++" lines at the beginning of a text, and the rest.

    >>> front_matter("---\ntitle: Pier closes\n---\nIt rained.")
    ({'title': 'Pier closes'}, 'It rained.')
    >>> front_matter("---\nIt rained.")
    ({}, '---\nIt rained.')
    """
    found, mark = _FRONT_MATTER.match(text), ":"
    if found is None:
        found, mark = _TOML.match(text), "="
    if found is None:
        return {}, text
    pairs = (line.partition(mark) for line in found[1].splitlines() if not line.startswith(("#", " ", "-")))
    return {name.strip().lower(): value.strip().strip("\"'") for name, _, value in pairs}, text[found.end() :]


def read_html(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the main text of an HTML page, with the date that it gives. Nothing in it is run or fetched."""
    html = decoded(everything(stream, LARGEST_EXPORT), options.encoding, html=True)
    export = articles_of_page(html)
    if export:
        yield from records(export, source)
        return
    if len(html) > LARGEST_PAGE:
        raise too_much(LARGEST_PAGE)
    yield main_text(html).record(source)


def main_text(html: str, url: str | None = None) -> Article:
    """Return the article of a page, with a blank line between its paragraphs, and what the page says of it.

    Raises:
        Fault: there is no article, or trafilatura is not installed.
    """
    _check_size(html)
    found = _extracted(html if _ROOT.search(html) else f"<html><body>{html}</body></html>")
    text = "" if found is None else "\n\n".join(_paragraphs(found.body))
    if not text:
        raise Fault("no main text in this HTML", "If it has an article, save that as a .txt file")
    known = about(
        title=found.title,
        outlet=found.sitename,
        author=found.author,
        url=url or found.url,
        language=found.language or _language(html),
    )
    return Article(text, day_of(found.date), {}, known)


def _extracted(html: str) -> Any:
    """Return what trafilatura finds in a page. It does not receive the address, which it would take a date from."""
    with _silent():
        trafilatura = library("trafilatura", "html", "HTML")
    try:
        with _silent():
            return trafilatura.bare_extraction(
                html,
                include_comments=False,
                with_metadata=True,
                date_extraction_params={"original_date": True, "extensive_search": False, "max_date": _LAST_DAY},
            )
    # A broad catch: the page may be hostile, and the error any of three libraries' own.
    except Exception as error:
        raise Fault(f"HTML that cannot be read ({type(error).__name__}: {brief(error)})", _AS_TEXT) from error


def _language(html: str) -> str:
    found = _LANG.search(html, 0, 1 << 14)
    return "" if found is None else found[1]


def _check_size(html: str) -> None:
    """Raise `Fault` for a page whose tree would take too long."""
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
        # Two line breaks end a paragraph.
        text = _BREAKS.sub("\n\n", "\n".join(lines)).strip("\n")
        if text:
            yield text

    for element, done in walk(body):
        if element.tag in _BLOCKS:
            yield from ended()
        if not done:
            if element.tag == "lb":
                pieces.append("\v")
            elif element.tag == "cell" and element.getprevious() is not None:
                pieces.append(" | ")
            pieces.append((element.text or "").replace("\v", " "))
        elif element is not body:
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
