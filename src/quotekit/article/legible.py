"""A text prepared for reading: invisible characters removed, words divided at the end of a line joined.

Offsets that leave the library refer to the caller's text. A text that needs no preparation is read as it is.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Any

from quotekit.lexicon import load
from quotekit.models import Frozen, Span

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DIVIDED = re.compile(r"(?<![^\W_])[^\W\d_]+[-\u2010][ \t]*\r?\n[ \t]*[^\W\d_]+")
_MIN_HALF = 3
"""Minimum letters of each half of a compound whose halves also occur as words in the text."""


@dataclass(frozen=True, slots=True)
class Legible:
    """A prepared text, with the position of each of its characters in the caller's text."""

    text: str
    original: str
    _starts: array[int]
    _ends: array[int]

    def to_original(self, span: Span) -> Span:
        """Convert a span of the prepared text to one of the caller's text."""
        start, end = span
        if start == end:
            at = self._starts[start] if start < len(self._starts) else len(self.original)
            return at, at
        return self._starts[start], self._ends[end - 1]

    def to_prepared(self, span: Span) -> Span:
        """Convert a span of the caller's text to one of the prepared text."""
        return bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])

    def restored(self, value: Any) -> Any:
        """Return a model of the prepared text with its offsets and wording changed to those of the caller's text.

        `Quote.text` and `Speaker.name` keep the prepared wording.
        """
        if isinstance(value, tuple):
            return tuple(map(self.restored, value))
        if not isinstance(value, Frozen):
            return value
        fields: dict[str, Any] = {name: self.restored(one) for name, one in value}
        if "start" in fields and "end" in fields:
            start, end = fields["start"], fields["end"] = self.to_original((fields["start"], fields["end"]))
            if "text" in fields:
                fields["text"] = self.original[start:end]
            if "body" in fields:
                fields["body"] = self.to_original((fields["body"], fields["body"]))[0]
        return value.model_copy(update=fields)


def legible(text: str) -> Legible | None:
    r"""Return ``text`` prepared for reading, or ``None`` if it needs no preparation.

    >>> legible("The gov\u00adernor\u00a0said so on Mon-\nday.").text, legible("It rained.")
    ('The governor said so on Monday.', None)
    """
    if _pattern().search(text) is None:
        return None
    words: frozenset[str] | None = None
    pieces: list[str] = []
    starts, ends = array("q"), array("q")

    def take(piece: str, start: int, end: int, *, whole: bool) -> None:
        pieces.append(piece)
        starts.extend([start] * len(piece) if whole else range(start, end))
        ends.extend([end] * len(piece) if whole else range(start + 1, end + 1))

    last = 0
    for found in _pattern().finditer(text):
        take(text[last : found.start()], last, found.start(), whole=False)
        first, second, last = found["first"] or "", found["second"] or "", found.end()
        if first:
            if words is None:
                words = frozenset(_WORD.findall(_DIVIDED.sub(" ", text.lower())))
            take(first, *found.span("first"), whole=False)
            instead = "-" if _is_compound(first.lower(), second.lower(), words) else ""
        else:
            instead = _ligatures().get(found[0], " " if found["space"] else "")
        take(instead, found.start() + len(first), last, whole=True)
    take(text[last:], last, len(text), whole=False)
    return Legible("".join(pieces), text, starts, ends)


def _is_compound(first: str, second: str, words: frozenset[str]) -> bool:
    """Return whether a word divided at the end of a line is a compound that keeps its hyphen."""
    if f"{first}-{second}" in words:
        return True
    if first + second in words:
        return False
    both = min(len(first), len(second)) >= _MIN_HALF and {first, second} <= words
    return both or first in _compounds()


@cache
def _compounds() -> frozenset[str]:
    return frozenset(load("legibility", "en")["compounds"].split())


@cache
def _ligatures() -> dict[str, str]:
    found: dict[str, str] = load("legibility", "en")["ligatures"]
    return found


@cache
def _pattern() -> re.Pattern[str]:
    data = load("legibility", "en")
    unseen, spaces = data["unseen"], data["spaces"]
    ligatures = "".join(data["ligatures"])
    return re.compile(
        rf"(?P<first>(?<![^\W_])[^\W\d_]+)[-\u2010][ \t]*\r?\n[ \t]*"
        rf"(?=(?P<second>[a-z\u00df-\u00f6\u00f8-\u00ff][^\W\d_]*))"
        rf"|\u00ad[ \t]*\r?\n[ \t]*(?=[^\W\d_])|[{unseen}]+|(?<=[A-Za-z\u00c0-\u024f])\u200d"
        rf"|(?P<space>[{spaces}])|[{ligatures}]|(?<!\w){data['misread_space']}(?!\S)"
    )
