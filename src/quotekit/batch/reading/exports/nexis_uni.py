"""Nexis Uni, Lexis Advance and Nexis since 2017, as the lines of their Word, RTF, PDF and text files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quotekit.batch.reading.articles import Article
from quotekit.batch.reading.days import day_within
from quotekit.batch.reading.exports.labels import article, fields, label_of, pattern

_NAME = "nexis_uni"


def nexis_uni(lines: list[str]) -> list[Article]:
    """Return the articles; none if the lines are not an export of this layout."""
    end, start, page = (pattern(_NAME, key) for key in ("end", "start", "page"))
    if not any(map(start.fullmatch, lines)):
        return []
    found: list[Article] = []
    part: list[str] = []
    for line in lines:
        last = end.fullmatch(line)
        rest = line if last is None else last["text"]
        if rest and not page.fullmatch(rest):
            part.append(rest)
        if last is None:
            continue
        body = next((index for index, one in enumerate(part) if start.fullmatch(one)), None)
        head, text = (part, []) if body is None else (part[:body], part[body + 1 :])
        found.append(_article(head, text))
        part = []
    return found


def lines_of_pages(pages: list[list[str]], paragraphs: Callable[[list[str]], list[str]]) -> list[str]:
    """Return the lines of a PDF of this layout; none if it is not one.

    The first pages, which list the documents, are left out. ``paragraphs`` joins the lines of a text, which are as
    wide as the page; the lines around a text stay as they are.
    """
    end, start, behind = (pattern(_NAME, key) for key in ("end", "start", "classification"))
    first = next((index for index, page in enumerate(pages) if any(map(start.fullmatch, page))), None)
    if first is None or not any(end.fullmatch(line) for page in pages for line in page):
        return []
    found: list[str] = []
    head: list[str] = []
    text: list[str] | None = None
    for line in _without_headers(pages[first:]):
        if text is not None and (behind.fullmatch(line) or end.fullmatch(line)):
            # A page repeats the title of an article that began on another.
            found += [*head, *paragraphs([one for one in text if one not in head])]
            head, text = [], None
        if text is not None:
            text.append(line)
        else:
            head.append(line)
            text = [] if start.fullmatch(line) else None
    return [*found, *head, *paragraphs(text or [])]


def _without_headers(pages: list[list[str]]) -> Iterator[str]:
    """Yield the lines of pages, without the one that gives the number of the page."""
    page = pattern(_NAME, "page")
    return (line for lines in pages for line in lines if not page.fullmatch(line))


def _article(head: list[str], text: list[str]) -> Article:
    values: dict[str, str] = {}
    classification = pattern(_NAME, "classification")
    if "FULL TEXT" in text:
        # An abstract comes before it.
        text = text[text.index("FULL TEXT") + 1 :]
    last = next((index for index, line in enumerate(text) if classification.fullmatch(line)), len(text))
    for line in (*head, *text[last:]):
        label = label_of(line, _NAME)
        if label is not None and label[1]:
            _take(label, values)
    _take_title([line for line in head if label_of(line, _NAME) is None], values)
    return article(text[:last], values)


def _take(label: tuple[str, str], values: dict[str, str]) -> None:
    name = fields(_NAME)[label[0]]
    if name:
        values.setdefault(name, label[1])


def _take_title(head: list[str], values: dict[str, str]) -> None:
    """Take date, outlet and title: the outlet is above the date, and the title above that."""
    at = next((index for index in reversed(range(len(head))) if _is_date(head[index])), None)
    if at is None:
        return
    values["date"] = head[at]
    if at > 0:
        values["outlet"] = head[at - 1]
    if at > 1:
        # Above the first article there may be a list of all of them.
        above = [head[at - 2]] if any(map(pattern(_NAME, "list").fullmatch, head)) else head[: at - 1]
        values["title"] = " ".join(dict.fromkeys(above))


def _is_date(line: str) -> bool:
    return len(line) < 100 and not pattern(_NAME, "copyright").fullmatch(line) and day_within(line) is not None
