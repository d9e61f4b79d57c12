"""Nexis Uni, Lexis Advance and Nexis since 2017, as the lines of their Word, RTF, PDF and text files."""

from __future__ import annotations

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
        if not end.fullmatch(line):
            if line and not page.fullmatch(line):
                part.append(line)
            continue
        body = next((index for index, one in enumerate(part) if start.fullmatch(one)), None)
        head, text = (part, []) if body is None else (part[:body], part[body + 1 :])
        found.append(_article(head, text))
        part = []
    return found


def _article(head: list[str], text: list[str]) -> Article:
    values: dict[str, str] = {}
    classification = pattern(_NAME, "classification")
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
        values["title"] = head[at - 2]


def _is_date(line: str) -> bool:
    return len(line) < 100 and not pattern(_NAME, "copyright").fullmatch(line) and day_within(line) is not None
