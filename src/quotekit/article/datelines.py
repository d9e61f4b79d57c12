"""Datelines: where the running text of a paragraph begins ("LONDON (AP) — It rained.").

The patterns and their examples are in ``data/en/datelines.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from quotekit import lexicon
from quotekit.article.shapes import Shapes
from quotekit.form.turns import is_own
from quotekit.form.words import words
from quotekit.lexicon.places import place
from quotekit.lexicon.speech import speech_words
from quotekit.models import Span

WINDOW = 120
"""A dateline is at most this long (characters)."""

_NEWS = 400
"""How far from the dateline a day of the week may be (characters)."""

_WORDS = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(r",[”\"’']? ((?:[\w.'’-]+ ){1,6}?[\w'’-]+)[.;](?=\s|$)")
_LABELLED = re.compile(r"[A-Z][A-Z.'’ ()-]{1,60}:\s+\S")


class Dateline(NamedTuple):
    """One shape of a dateline, and where it is one."""

    pattern: re.Pattern[str]
    only_first: bool
    label: bool
    known: bool
    news: bool

    def end(self, text: str, start: int, end: int, *, first: bool, labels: bool) -> int | None:
        """Return where the dateline ends that begins the paragraph ``text[start:end]``, if there is one."""
        if (self.only_first and not first) or (self.label and not labels):
            return None
        match = self.pattern.match(text, start, min(end, start + WINDOW))
        if not match or not (self._is_place(match) or self._is_news(text, match, end)):
            return None
        return match.end()

    def _is_place(self, match: re.Match[str]) -> bool:
        return not (self.known or self.news) or place(match[1]) is not None or place(match[1].title()) is not None

    def _is_news(self, text: str, match: re.Match[str], end: int) -> bool:
        if not self.news:
            return False
        said = text[match.end() : min(end, match.end() + _NEWS)]
        dated = not _weekdays().isdisjoint(_WORDS.findall(said.lower()))
        return dated or (_has_source(said) and not is_own(said) and not _is_name(match[1]))


@cache
def datelines() -> tuple[Dateline, ...]:
    """Return the shapes of datelines, in the order in which they are tried."""
    data = lexicon.load("datelines")
    shapes = Shapes(data)
    return tuple(
        Dateline(
            shapes.pattern(row["pattern"]),
            row.get("place") == "first",
            row.get("label", False),
            row.get("known", False),
            row.get("news", False),
        )
        for row in data["dateline"]
    )


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(lexicon.load("boilerplate")["words"]["weekdays"])


def _has_source(said: str) -> bool:
    """Return whether a clause at the end of a sentence has a source and a cue: the mayor said; said the mayor."""
    nobody = frozenset(lexicon.load("datelines")["no_source"].split())
    clauses = (match[1].lower().split() for match in _CLAUSE.finditer(said))
    return any(
        nobody.isdisjoint((clause[0], clause[1])) and not speech_words().isdisjoint((clause[0], clause[-1]))
        for clause in clauses
    )


def _is_name(label: str) -> bool:
    """Return whether ``label`` begins with a given name and has another behind it."""
    first, _, last = label.casefold().partition(" ")
    return bool(last) and first in words().given


def single_labels(text: str, spans: Iterable[Span]) -> set[Span]:
    """Return those of ``spans`` whose label, if any, no other has: a place, and not a speaker of a transcript.

    Labels with a colon are speakers if there are two of them, even if they differ.
    """
    labels = {span: _label(text, *span) for span in spans}
    counted = Counter(labels.values())
    return {span for span, label in labels.items() if label is None or counted[label] == 1}


def _label(text: str, start: int, end: int) -> str | None:
    limit = min(end, start + WINDOW)
    if _LABELLED.match(text, start, limit):
        return ":"
    found = (dateline.pattern.match(text, start, limit) for dateline in datelines() if dateline.label)
    return next((match.group(1) for match in found if match), None)


def dateline_end(text: str, start: int, end: int, *, first: bool, labels: bool) -> int:
    """Return where the running text of the paragraph ``text[start:end]`` begins, after its dateline (a character).

    Args:
        text: the article's text.
        start: where the paragraph begins (a character).
        end: where it ends.
        first: it is the first paragraph of the body, where a place need not be in capitals.
        labels: a place and a dash or colon are a dateline here. In a transcript they are a speaker's label.

    >>> dateline_end("LONDON – It rained.", 0, 19, first=True, labels=True)
    9
    """
    ends = (dateline.end(text, start, end, first=first, labels=labels) for dateline in datelines())
    return next((found for found in ends if found is not None), start)
