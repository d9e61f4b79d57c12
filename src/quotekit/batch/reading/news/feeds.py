"""RSS and Atom: each item is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from quotekit.batch.reading.articles import Article, paragraphs, records
from quotekit.batch.reading.days import day_of
from quotekit.batch.reading.markup import lines, local, parse_html, parse_xml, text_of
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.opening import everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.records import Record

LARGEST_XML = 2**26
"""Bytes of an XML file."""

_TEXTS = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "updated", "issued", "modified")


def read_feed(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the items of a feed, with their full text if the feed has it, and their summary otherwise."""
    root = parse_xml(everything(stream, LARGEST_XML), "a feed")
    channel = next((one for one in root.iter() if local(one) in ("channel", "feed")), root)
    outlet = text_of(_child(channel, "title"))
    language = text_of(_child(channel, "language")) or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    items = (one for one in root.iter() if local(one) in ("item", "entry"))
    yield from records((_article(item, outlet, language) for item in items), source)


def _article(item: Any, outlet: str, language: str | None) -> Article:
    text = next(filter(None, (_text(_child(item, name)) for name in _TEXTS)), "")
    day = next(filter(None, (day_of(text_of(_child(item, name))) for name in _DATES)), None)
    creator, author = _child(item, "creator"), _child(item, "author")
    name = _child(author, "name") if author is not None else None
    return Article(
        text,
        day,
        {},
        about(
            title=" ".join(_markup(text_of(_child(item, "title")))),
            outlet=outlet,
            author=text_of(creator) or text_of(name) or text_of(author),
            url=_link(item),
            language=language,
        ),
    )


def _child(element: Any, name: str) -> Any:
    return next((one for one in element if local(one) == name), None)


def _link(item: Any) -> str:
    """Return the address of an item: the text of the link, or where it leads."""
    links = [one for one in item if local(one) == "link" and one.get("rel", "alternate") == "alternate"]
    return next(filter(None, (text_of(one) or one.get("href") for one in links)), "")


def _text(element: Any) -> str:
    """Return the text of an element that holds markup, as elements or as text."""
    if element is None:
        return ""
    if len(element):
        return paragraphs(lines(element))
    return paragraphs(_markup(element.text or ""))


def _markup(text: str) -> list[str]:
    root = parse_html(text) if "<" in text or "&" in text else None
    return [" ".join(text.split())] if root is None else list(lines(root))
