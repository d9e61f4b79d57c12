"""What an input says about its articles, beside their text: title, outlet, author, address and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from quotekit.batch.reading.days import day_of, not_later_than_today
from quotekit.batch.records import ABOUT
from quotekit.lexicon import load

LONGEST = 2_000
"""Characters of one of these; longer ones are cut."""

_SPACE = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[\s_-]+")
_BYLINE = re.compile(r"(?:[Bb]y|BY)\s+(?=[^\W\d_a-z])")
_NO_ADDRESS = re.compile(r"(?i)(?:urn|tag|file|about|data|javascript):")


def about(**values: object) -> dict[str, str]:
    """Return the metadata of an article: one line each, without empty values.

    >>> about(title=" Pier\\n closes ", author=["Ann Lee", "Bo Stone"], url=None)
    {'title': 'Pier closes', 'author': 'Ann Lee; Bo Stone'}
    """
    lines = {name: _line(values[name]) for name in ABOUT if name in values}
    if "author" in lines:
        lines["author"] = _BYLINE.sub("", lines["author"], count=1)
    if _NO_ADDRESS.match(lines.get("url", "")):
        lines["url"] = ""
    return {name: line for name, line in lines.items() if line}


def about_row(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what the columns of a row say about its article.

    >>> about_row({"Headline": "Pier closes", "source": {"name": "Brill Echo"}, "views": 3})
    {'title': 'Pier closes', 'outlet': 'Brill Echo'}
    """
    cells = _cells(row)
    return about(**{name: next(_values(cells, name), None) for name in ABOUT})


def day_of_row(row: Mapping[str, Any]) -> date | None:
    """Return the day in a column with a usual name, if it is unambiguous.

    >>> day_of_row({"Published_At": "2026-01-31T08:00:00Z"}), day_of_row({"date": "01/02/2026"})
    (datetime.date(2026, 1, 31), None)
    """
    return not_later_than_today(next(filter(None, map(day_of, _values(_cells(row), "date"))), None))


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    return {_PUNCTUATION.sub("", name.lower()): value for name, value in row.items()}


def _values(cells: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the texts of the columns that may hold the value, the likeliest first."""
    return filter(None, (_of(cells, column) for column in _columns()[name]))


@cache
def _columns() -> dict[str, list[str]]:
    columns: dict[str, list[str]] = load("metadata", "reading")
    return columns


def _of(cells: Mapping[str, Any], column: str) -> str:
    first, _, rest = column.partition(".")
    value = cells.get(first)
    if rest:
        value = value.get(rest) if isinstance(value, Mapping) else None
    return _line(value)


def _line(value: object) -> str:
    """Return texts, or the names of objects, on one line; nothing of any other value."""
    if isinstance(value, str):
        return _SPACE.sub(" ", value).strip()[:LONGEST]
    if isinstance(value, Mapping):
        return _line(value.get("name"))
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return "; ".join(filter(None, map(_line, value)))[:LONGEST]
    return ""
