"""What an input says about its articles, beside their text: title, outlet, author, address and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from quotekit.batch.records import ABOUT
from quotekit.lexicon import load

LONGEST = 2_000
"""Characters of one of these; longer ones are cut."""

_SPACE = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[\s_-]+")


def about(**values: object) -> dict[str, str]:
    """Return what is known of an article: on one line each, without what has no value.

    >>> about(title=" Pier\\n closes ", author=["Ann Lee", "Bo Stone"], url=None)
    {'title': 'Pier closes', 'author': 'Ann Lee; Bo Stone'}
    """
    lines = {name: _line(values[name]) for name in ABOUT if name in values}
    return {name: line for name, line in lines.items() if line}


def about_row(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what the columns of a row say about its article.

    >>> about_row({"Headline": "Pier closes", "source": {"name": "Brill Echo"}, "views": 3})
    {'title': 'Pier closes', 'outlet': 'Brill Echo'}
    """
    cells = {_PUNCTUATION.sub("", name.lower()): value for name, value in row.items()}
    found = {}
    for name, columns in _columns().items():
        values = (_of(cells, column) for column in columns)
        found[name] = next((value for value in values if value), None)
    return about(**found)


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
