"""Checks of what a caller passes to be read: texts, or pairs of a text and its context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import index
from typing import Any


def strings(texts: Iterable[Any]) -> Iterator[tuple[str, None]]:
    """Yield each text, with no context.

    Raises:
        TypeError: an item is not a string.
    """
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"text {i} (from 0) must be a string, not {type(text).__name__}")
        yield text, None


def pairs(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield each pair of a text and its context.

    Raises:
        TypeError: an item is not such a pair.
    """
    for i, item in enumerate(items):
        if not (isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)):
            types = ", ".join(type(part).__name__ for part in item) if isinstance(item, tuple) else ""
            shown = f"({types})" if isinstance(item, tuple) else type(item).__name__
            raise TypeError(f"with as_tuples each item must be a pair (str, anything); item {i} (from 0) is {shown}")
        yield item


def positive(name: str, value: Any) -> int:
    """Return ``value``, a whole number of at least 1.

    Raises:
        TypeError: it is not a whole number.
        ValueError: it is less than 1.
    """
    try:
        number = index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number < 1:
        raise ValueError(f"{name} must be 1 or more, not {value!r}")
    return number
