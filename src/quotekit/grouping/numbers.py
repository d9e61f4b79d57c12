"""Normalization of numbers: "forty million", "40m" and "40,000,000" are one number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from quotekit.lexicon import load

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_LONGEST = 24
"""Maximum number of digits of a number; longer ones are treated as words."""

_LARGEST = 10**18
"""Value from which a following "million" is not multiplied in."""


@cache
def _small() -> dict[str, int]:
    """Return the number words below a hundred, without "one", which is rarely a number ("no one", "one of them")."""
    data = load("wordings")
    units = {word: value for value, word in enumerate(data["units"].split())}
    tens = {word: 10 * value for value, word in enumerate(data["tens"].split(), 2)}
    return {word: value for word, value in (units | tens).items() if word != "one"}


@cache
def _scales() -> dict[str, int]:
    found: dict[str, int] = load("wordings")["scales"]
    return found


def is_number(word: str) -> bool:
    """Return whether a word is a number as `read_numbers` writes it.

    >>> is_number("40"), is_number("forty")
    (True, False)
    """
    return word[:1].isdecimal()


def read_numbers(words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the words with numbers in digits, each with the range of words (half-open) that it comes from.

    >>> [word for word, _, _ in read_numbers("two hundred and five of forty million".split())]
    ['205', 'of', '40000000']
    >>> [word for word, _, _ in read_numbers(["4.5", "m", "tons", "one", "hundred"])]
    ['4500000', 'tons', 'one', '100']
    """
    i = 0
    while i < len(words):
        value, end = _number(words, i)
        if value is None:
            yield words[i], i, i + 1
        else:
            yield _figures(value), i, end
        i = end


def _number(words: Sequence[str], start: int) -> tuple[Decimal | None, int]:
    """Return the number at ``start`` and its end, or ``None`` and the next position."""
    word = words[start]
    if _FIGURE.fullmatch(word) and len(word) <= _LONGEST:
        value, end = Decimal(word), start + 1
    elif word in _small() or (word in _scales() and len(word) > 2):
        value, end = _in_words(words, start)
    else:
        return None, start + 1
    while end < len(words) and words[end] in _scales() and value < _LARGEST:
        value, end = value * _scales()[words[end]], end + 1
    return value, end


def _in_words(words: Sequence[str], start: int) -> tuple[Decimal, int]:
    total, part, last, i = 0, 0, 0, start
    while i < len(words):
        word = words[i]
        # "two hundred and five"
        if word == "and" and last == 100 and i + 1 < len(words) and words[i + 1] in _small():
            i += 1
            word = words[i]
        after_tens = part % 100 >= 20 and part % 10 == 0
        small = 1 if word == "one" and after_tens else _small().get(word)
        scale = _scales().get(word, 0) if len(word) > 2 else 0
        if small is not None and (part % 100 == 0 or (small < 10 and after_tens)):
            part, last = part + small, small
        elif scale == 100 and part < 100 and last != 100:
            part, last = (part or 1) * 100, 100
        elif scale > 100 and (part or i == start):
            total, part, last = total + (part or 1) * scale, 0, scale
        else:
            break
        i += 1
    return Decimal(total + part), i


def _figures(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
