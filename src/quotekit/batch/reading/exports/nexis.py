"""LexisNexis and Nexis until 2020, as text: also what is left of their HTML and RTF."""

from __future__ import annotations

from collections.abc import Iterable

from quotekit.batch.reading.articles import Article
from quotekit.batch.reading.days import day_within
from quotekit.batch.reading.exports.labels import article, blocks, fields, label_of, layout, pattern, split_at

_NAME = "nexis"
_RIGHTS = ("copyright ", "© ", "all rights reserved")
_HEAD = 6
"""Blocks at the beginning among which the date is."""


def nexis(lines: list[str]) -> list[Article]:
    """Return the articles; none if the lines are not an export of this layout."""
    return [_article(part) for part in split_at(lines, pattern(_NAME, "start"))]


def _article(lines: Iterable[str]) -> Article:
    found = blocks(lines)
    values: dict[str, str] = {}
    # Without a line that gives the length, only the title comes before the text.
    whole = any(_label(block)[0] in layout(_NAME)["body"] for block in found)
    text: list[str] = []
    in_head = True
    for index, block in enumerate(found):
        label, value = _label(block)
        if not in_head and label in layout(_NAME)["doubtful"] and not pattern(_NAME, "terms").fullmatch(value):
            label = ""
        if label:
            name = fields(_NAME)[label]
            if name and value:
                values.setdefault(name, value)
            if label in layout(_NAME)["body"]:
                in_head = False
            if label == "body" and value:
                text.append(value)
            if label in layout(_NAME)["end"] and not in_head:
                _take_rest(found[index + 1 :], values)
                break
        elif not in_head:
            text.append(" ".join(block))
        elif rest := [line for line in block if not line.lower().startswith(_RIGHTS)]:
            _take_head(rest, index, values)
            in_head = whole or "title" not in values
    while text and text[-1].lower().startswith(_RIGHTS):
        text.pop()
    return article(text, values)


def _label(block: list[str]) -> tuple[str, str]:
    """Return the label of a block and its value, on one line; nothing if it has none."""
    found = label_of(block[0], _NAME)
    return ("", "") if found is None else (found[0], " ".join([found[1], *block[1:]]).strip())


def _take_head(block: list[str], index: int, values: dict[str, str]) -> None:
    """Take outlet, date or title from a block above the labels, whichever is the next that is missing."""
    dated = next((line for line in block if day_within(line)), None)
    if "date" not in values and dated is not None and index < _HEAD and len(dated) < 100:
        values["date"] = dated
        # Outlet and date may be in one block.
        above = block[: block.index(dated)]
        if above and "outlet" not in values:
            values["outlet"] = " ".join(above)
    elif "outlet" not in values and "date" not in values:
        values["outlet"] = " ".join(block)
    elif "title" not in values:
        values["title"] = " ".join(block)


def _take_rest(found: list[list[str]], values: dict[str, str]) -> None:
    """Take the labels after the text, where there is nothing else."""
    for block in found:
        label, value = _label(block)
        name = fields(_NAME).get(label)
        if name and value:
            values.setdefault(name, value)
