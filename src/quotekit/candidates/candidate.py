"""Candidates: proposed attributions, before they compete."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from quotekit.models import Act, Span, hull
from quotekit.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed attribution. Spans are characters of the article, half-open; ``content`` is in text order.

    ``depth`` is 1 inside the quoted words of another candidate, else 0. ``verbatim`` content is direct speech without
    quotation marks, as in a transcript. A ``stated`` confidence comes from a user's own cue. ``turn`` is the index of
    the turn, in a document of turns.
    """

    content: tuple[Span, ...]
    source: Span | None
    cue: Span | None
    verb: str | None
    act: Act
    rule: str
    confidence: float
    depth: int = 0
    verbatim: bool = False
    stated: bool = False
    turn: int | None = None

    @property
    def hull(self) -> Span:
        """The content from its first character to its last."""
        return hull(self.content)

    def part_at(self, position: int) -> Span | None:
        """Return the part of the content that contains the character ``position``, if any."""
        at = bisect_right(self.content, position, key=lambda part: part[0]) - 1
        return self.content[at] if at >= 0 and position < self.content[at][1] else None


def by_layout(rule: Rule, content: tuple[Span, ...], source: Span | None) -> Candidate:
    """Return what a layout rule proposes: a statement without a cue, with the rule's own confidence."""
    return Candidate(
        content=content,
        source=source,
        cue=None,
        verb=None,
        act="statement",
        rule=rule.id,
        confidence=rule.confidence,
    )
