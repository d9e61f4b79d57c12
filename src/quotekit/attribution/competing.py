"""Candidates compete: one answer for each stretch of the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from quotekit.article.paragraphs import SENTENCE_ENDS
from quotekit.article.parsed import ParsedArticle
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.layer import Layer
from quotekit.models import inside

FLOOR = 0.33
"""A candidate less sure than this is not proposed: on annotated news it would cost more than it brings."""

OUTER = 0.5
"""So sure must a candidate be to stand around others that are surer."""

NESTED = 0.6
"""So sure must a candidate be to stand inside another: what is said there is mostly just its speaker's account."""


class Watch(Protocol):
    """Who wants to know how the candidates fare; nobody, mostly. `quotekit.explain` does."""

    def kept(self, candidates: Sequence[Candidate], floor: float) -> Kept:
        """What takes the ``candidates`` of a new round, those below ``floor`` aside."""


def decide(candidates: Sequence[Candidate], floor: float = FLOOR, watch: Watch | None = None) -> list[Candidate]:
    """The candidates that stand, in text order: the surest first, each only where no surer one has taken the place.

    One that lies wholly inside the content of another stands beside it, at depth 1: she said that he had said so.
    """
    ranked = sorted(
        (candidate for candidate in candidates if candidate.confidence >= floor),
        # What stands inside quoted words is looked at when its surroundings stand.
        key=lambda c: (c.depth, -c.confidence, c.content, c.rule),
    )
    kept = Kept() if watch is None else watch.kept(candidates, floor)
    for candidate in ranked:
        kept.offer(candidate)
    return kept.in_order()


class Kept:
    """The candidates that stand so far, in two layers: those in the article's own words, and those inside them."""

    def __init__(self) -> None:
        self._layers = Layer(), Layer()

    def offer(self, candidate: Candidate) -> None:
        """Keep ``candidate`` if its place is free, if it fits into what is kept, or if that fits into it."""
        top, nested = self._layers
        rivals = top.overlapping(candidate.content)
        if not rivals:
            if candidate.depth == 0:
                top.take(candidate)
        elif len(rivals) == 1 and holds(rivals[0], candidate):
            if candidate.confidence >= NESTED and not nested.overlapping(candidate.content):
                nested.take(replace(candidate, depth=1))
        elif candidate.depth == 0 and candidate.confidence >= OUTER and all(tells(candidate, r) for r in rivals):
            for rival in rivals:
                top.drop(rival)
                if holds(candidate, rival) and rival.confidence >= NESTED and not nested.overlapping(rival.content):
                    nested.take(replace(rival, depth=1))
            top.take(candidate)

    def in_order(self) -> list[Candidate]:
        """All that stand, in text order; what is nested only where its surroundings stand."""
        top, nested = self._layers
        inner = [c for c in nested.all() if any(holds(outer, c) for outer in top.overlapping(c.content))]
        return sorted([*top.all(), *inner], key=lambda c: (c.content[0][0], c.depth, c.content))


def tells(outer: Candidate, inner: Candidate) -> bool:
    """Whether ``outer`` tells of ``inner``, which it holds or which is an attitude in it: she said that he hoped so."""
    part = outer.part_at(inner.content[0][0])
    if part is None or inner.cue is None:
        return False
    attitude = inner.act == "attitude" and outer.act == "statement"
    return holds(outer, inner) or (attitude and all(inside(span, part) for span in (*inner.content, inner.cue)))


def holds(outer: Candidate, inner: Candidate) -> bool:
    """Whether content, cue and source of ``inner`` all lie in one part of the content of ``outer``."""
    part = outer.part_at(inner.content[0][0])
    if part is None or inner.cue is None:
        return False
    return all(inside(span, part) for span in (*inner.content, inner.cue, inner.source) if span)


def join_split(page: ParsedArticle, decided: Sequence[Candidate]) -> list[Candidate]:
    """``decided`` with the parts of one quote put together: "A," she said, "B." and "A," she said. "B."

    Two stretches of quoted words in one paragraph are parts of one quote if nothing but the cue's clause, which may end
    its sentence, stands between them.
    """
    joined: list[Candidate] = []
    last: dict[int, int] = {}
    for candidate in decided:
        at = last.get(candidate.depth)
        if at is not None and (_same_cue(page, joined[at], candidate) or _goes_on(page, joined[at], candidate)):
            joined[at] = _together(page, joined[at], candidate)
        else:
            last[candidate.depth] = len(joined)
            joined.append(candidate)
    return joined


def _together(page: ParsedArticle, first: Candidate, second: Candidate) -> Candidate:
    """Both as one; a pronoun that only holds the other's place is left out: [It] was said [that the pier is safe]."""
    for place, content in ((first, second), (second, first)):
        tokens = [i for part in place.content for i in page.parse.tokens(part)]
        if tokens and all(page.parse.pos[i] == "PRON" for i in tokens):
            return content
    return replace(first, content=tuple(sorted((*first.content, *second.content))))


def _same_cue(page: ParsedArticle, first: Candidate, second: Candidate) -> bool:
    """Whether two candidates are parts of one attribution: "It was," he said, "a disgrace".

    Unquoted words must be sure to become part of a quotation: "It was," he said and poured the tea.
    """
    if first.cue is None or (first.cue, first.source) != (second.cue, second.source):
        return False
    quoted = [page.in_marks(candidate.content[-1]) for candidate in (first, second)]
    return quoted[0] == quoted[1] or min(first.confidence, second.confidence) >= NESTED


def _goes_on(page: ParsedArticle, first: Candidate, second: Candidate) -> bool:
    if first.cue is None or first.source is None or first.source != second.source:
        return False
    gap = first.content[-1][1], second.content[0][0]
    if not (inside(first.cue, gap) and inside(first.source, gap)):
        return False
    if page.paragraph_index(gap[0] - 1) != page.paragraph_index(gap[1]):
        return False
    tokens = page.parse.tokens((max(first.cue[1], first.source[1]), gap[1]))
    ends = [i for i in tokens if page.parse.words[i] in SENTENCE_ENDS]
    behind = page.text[page.parse.ends[ends[0]] : gap[1]] if ends else ""
    return not any(map(str.isalnum, behind)) and all(page.in_marks(span) for span in (*first.content, *second.content))
