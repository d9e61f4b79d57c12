"""Candidates compete: one answer for each stretch of the article."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from quotekit.candidate import Candidate
from quotekit.models import Span

FLOOR = 0.35
"""A candidate less sure than this is not proposed: on annotated news it would cost more than it brings."""


class Layer:
    """Stretches that are taken, none overlapping another."""

    def __init__(self) -> None:
        self._taken: list[Span] = []

    def free(self, span: Span) -> bool:
        """Whether no character of ``span`` is taken."""
        at = bisect_left(self._taken, span)
        before = at == 0 or self._taken[at - 1][1] <= span[0]
        after = at == len(self._taken) or span[1] <= self._taken[at][0]
        return before and after

    def holds(self, span: Span) -> bool:
        """Whether one taken stretch holds all of ``span``."""
        at = bisect_left(self._taken, (span[0] + 1, span[0]))
        return at > 0 and span[1] <= self._taken[at - 1][1]

    def take(self, spans: Iterable[Span]) -> None:
        """Take ``spans``."""
        for span in spans:
            insort(self._taken, span)


def decide(candidates: Iterable[Candidate], floor: float = FLOOR) -> list[Candidate]:
    """The candidates that stand, in text order: the surest first, each only where no surer one has taken the place.

    A quote inside quoted words (``depth`` 1) stands only where its surroundings are a quote too.
    """
    ranked = sorted(
        (candidate for candidate in candidates if candidate.confidence >= floor),
        key=lambda c: (-c.confidence, c.content, c.rule),
    )
    layers = Layer(), Layer()
    kept: list[Candidate] = []
    for depth in (0, 1):
        for candidate in ranked:
            if candidate.depth == depth and all(layers[depth].free(span) for span in candidate.content):
                if depth == 0 or all(layers[0].holds(span) for span in candidate.content):
                    layers[depth].take(candidate.content)
                    kept.append(candidate)
    return sorted(kept, key=lambda c: (c.content[0][0], c.depth, c.content))
