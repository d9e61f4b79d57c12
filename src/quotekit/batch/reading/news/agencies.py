"""NITF and NewsML, the formats of news agencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, BinaryIO

from quotekit.batch.reading.articles import Article, paragraphs, records
from quotekit.batch.reading.days import day_of
from quotekit.batch.reading.faults import Fault
from quotekit.batch.reading.markup import lines, local, parse_xml, text_of
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.news.feeds import LARGEST_XML
from quotekit.batch.reading.opening import everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.records import Record

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BODY = ("body.content", "body", "inlineData", "inlineXML", "DataContent", "ContentItem")
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "hl2", "li", "td", "pre", "blockquote", "br"})
_TITLES = ("hl1", "headline", "HeadLine", "title", "slugline")
_AUTHORS = ("byline", "by", "ByLine", "bytag", "creator", "person")
_OUTLETS = ("provider", "Provider", "distributor", "infoSource", "source", "CreditLine", "creditline")
_DATES = (
    "date.issue",
    "date.release",
    "contentCreated",
    "versionCreated",
    "FirstCreated",
    "ThisRevisionCreated",
    "story.date",
)
_ITEMS = ("newsItem", "NewsItem")


def read_nitf(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the article of a NITF document."""
    yield _article(parse_xml(everything(stream, LARGEST_XML), "NITF")).record(source)


def read_newsml(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the articles of a NewsML document: its items with a text."""
    root = parse_xml(everything(stream, LARGEST_XML), "NewsML")
    items = [one for one in root.iter() if local(one) in _ITEMS] or [root]
    found = [article for article in map(_article, items) if article.text]
    if not found:
        raise Fault("NewsML without a text, perhaps of pictures or packages", "Leave it out")
    if len(found) == 1:
        yield found[0].record(source)
    else:
        yield from records(found, source)


def _article(item: Any) -> Article:
    known: dict[str, list[Any]] = {}
    for element in item.iter():
        known.setdefault(local(element), []).append(element)

    def first(names: Iterable[str]) -> str:
        return next(filter(None, (_value(one) for name in names for one in known.get(name, ()))), "")

    body = next((known[name][0] for name in _BODY if name in known), None)
    language = [one.get("tag") for one in known.get("language", ())]
    return Article(
        "" if body is None else paragraphs(lines(body, _PARAGRAPHS)),
        _day(known),
        {},
        about(
            title=first(_TITLES),
            outlet=next((one.get("name") for one in known.get("pubdata", ()) if one.get("name")), "")
            or first(_OUTLETS),
            author=first(_AUTHORS),
            language=next(filter(None, [*language, item.get(_LANGUAGE)]), ""),
        ),
    )


def _value(element: Any) -> str:
    """Return the name in an element, or its text; a literal if it has neither."""
    name = next((one for one in element if local(one) == "name"), None)
    return text_of(name) or text_of(element) or element.get("literal") or ""


def _day(known: dict[str, list[Any]]) -> date | None:
    for name in _DATES:
        for element in known.get(name, ()):
            day = day_of(element.get("norm") or text_of(element))
            if day is not None:
                return day
    return None
