"""Exports of news databases as HTML."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any

from quotekit.batch.reading.articles import Article
from quotekit.batch.reading.days import day_within
from quotekit.batch.reading.exports import articles_of_export
from quotekit.batch.reading.exports.labels import article, layout, pattern
from quotekit.batch.reading.markup import lines, local, parse_html, text_of

MOST_WORDS = 10
"""Maximum words of a line with an author."""

_EXPORT = re.compile(
    r"\d+\s+of\s+\d+\s+DOCUMENTS?\b|End of Document|articleParagraph|enArticle|ProQuest|DocPublicationName"
)


def articles_of_page(html: str) -> list[Article]:
    """Return the articles of an export that is a page; none if it is another page."""
    if not _EXPORT.search(html):
        return []
    root = parse_html(html)
    if root is None:
        return []
    found = _europresse(root)
    if not found:
        _join_breaks(root)
        titles = frozenset(map(text_of, root.xpath(layout("factiva")["headline"])))
        # A blank line, as each line is a paragraph.
        found = articles_of_export("\n\n".join(lines(root)), titles)
    return found


def _join_breaks(root: Any) -> None:
    """Make a single line break white space: a title may have some. Two together separate paragraphs."""
    breaks = root.xpath(".//br[ancestor::p or ancestor::span]")
    doubled = {one for one in breaks if not (one.tail or "").strip() and local(one.getnext()) == "br"}
    for one in breaks:
        if one not in doubled and one.getprevious() not in doubled:
            one.tag = "span"
            one.text = " "


def _europresse(root: Any) -> list[Article]:
    paths = layout("europresse")
    outlets = root.xpath(paths["outlet"])
    found = [_of_europresse(_whole(outlet)) for outlet in outlets]
    return [one for one in found if one.text]


def _whole(outlet: Any) -> Any:
    """Return the element of the article that an outlet's name belongs to: the highest with one such name."""
    element = outlet
    path = f".{layout('europresse')['outlet']}"
    while element.getparent() is not None and len(element.getparent().xpath(path)) == 1:
        element = element.getparent()
    return element


def _of_europresse(element: Any) -> Article:
    paths = layout("europresse")

    def first(name: str) -> str:
        return next(filter(None, map(text_of, element.xpath(f".{paths[name]}"))), "")

    header = [text_of(one) for one in element.xpath(f".{paths['header']}")]
    values = {
        "title": first("title"),
        "outlet": re.sub(r",? (?:no|n°)\.? ?\d+.*", "", first("outlet")).strip(" ,"),
        "date": next((line for line in header if day_within(line)), ""),
        "author": first("author"),
    }
    texts = element.xpath(f".{paths['text']}")
    text = list(lines(texts[0])) if texts else _after_title(element, values)
    copyright = pattern("europresse", "copyright")
    return article(takewhile(lambda line: not copyright.match(line), text), values)


def _after_title(element: Any, values: dict[str, str]) -> list[str]:
    """Return the text of a page in the older layout, which has no element for it; put the author into ``values``."""
    found = list(lines(element))
    rest = found[found.index(values["title"]) + 1 :] if values["title"] in found else []
    if rest and len(rest[0].split()) <= MOST_WORDS and not rest[0].endswith((".", "!", "?", "”", '"')):
        values["author"] = rest.pop(0)
    return rest
