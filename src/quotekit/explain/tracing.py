"""Sees how candidates fare while a page's attributions are decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from quotekit.article.parsed import ParsedArticle
from quotekit.attribution.competing import NESTED, OUTER, Kept, holds, tells
from quotekit.attribution.deciding import Proposed
from quotekit.attribution.weighing import Evidence
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_layout import LAST
from quotekit.explain.reasons import Fate
from quotekit.models import Span

Key = tuple[tuple[Span, ...], Span | None]


def key(candidate: Candidate) -> Key:
    """What makes two candidates the same reading."""
    return candidate.content, candidate.source


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a candidate in the last round that it was in; ``by`` is the candidate that it lost to."""

    fate: Fate
    by: Candidate | None = None
    needed: float = 0.0


class Tracer:
    """A `Trace`: remembers what was proposed, how it was weighed, and what each candidate lost to."""

    def __init__(self) -> None:
        self.outcomes: dict[Candidate, Outcome | None] = {}
        self.before: dict[Candidate, Candidate] = {}
        self.pool: list[Candidate] = []
        self.evidence: Evidence | None = None
        self.attributions: list[Candidate] = []
        self.by_rules: list[Candidate] = []
        self.page: ParsedArticle

    def kept(self, candidates: Sequence[Candidate], floor: float) -> Kept:
        """What takes the candidates of a new round; those below ``floor`` have lost already."""
        for candidate in candidates:
            if candidate.confidence < floor:
                self.outcomes[candidate] = Outcome("below the floor", needed=floor)
        return _Watched(self.outcomes)

    def proposed(self, page: ParsedArticle, proposed: Proposed, alone: list[Candidate]) -> None:
        """What the rules propose, and what they decide alone."""
        self.page = page
        # What others grew into is no proposal; what leans on them is.
        late = [candidate for candidate in alone if candidate.rule in LAST]
        self.by_rules = list(dict.fromkeys([*proposed.outermost, *proposed.nested, *late]))

    def weighing(self, pool: list[Candidate], evidence: Evidence) -> Callable[[Candidate], Candidate]:
        """What weighs the candidates, and remembers each as it was before."""
        self.pool, self.evidence = pool, evidence

        def weigh(candidate: Candidate) -> Candidate:
            weighed = evidence.weigh(candidate)
            self.before[weighed] = candidate
            return weighed

        return weigh

    def decided(self, attributions: list[Candidate]) -> None:
        """What came of it all."""
        self.attributions = attributions

    def originals(self) -> list[Candidate]:
        """Every candidate as it first competed, each reading once; of the rules' those too that never did."""
        first = self.before or dict.fromkeys(self.by_rules)
        seen = {key(candidate) for candidate in first}
        return [*first, *(candidate for candidate in self.by_rules if key(candidate) not in seen)]


class _Watched(Kept):
    def __init__(self, outcomes: dict[Candidate, Outcome | None]) -> None:
        super().__init__()
        self._outcomes = outcomes

    def offer(self, candidate: Candidate) -> None:
        top, nested = self._layers
        rivals = top.overlapping(candidate.content)
        inner = nested.overlapping(candidate.content)
        super().offer(candidate)
        if any(one is candidate for one in top.overlapping(candidate.content)):
            self._outcomes[candidate] = None
            for rival in rivals:
                stays = any(one == replace(rival, depth=1) for one in nested.overlapping(rival.content))
                self._outcomes[rival] = None if stays else Outcome("inside", candidate, NESTED)
        elif any(one == replace(candidate, depth=1) for one in nested.overlapping(candidate.content)):
            self._outcomes[candidate] = None
        else:
            self._outcomes[candidate] = _loss(candidate, rivals, inner)


def _loss(candidate: Candidate, rivals: list[Candidate], inner: list[Candidate]) -> Outcome:
    """Why ``candidate`` was not kept beside ``rivals``, and what stands inside those already."""
    if not rivals:
        return Outcome("inside", None, NESTED)
    best = max(rivals, key=lambda rival: rival.confidence)
    if any(key(rival) == key(candidate) for rival in rivals):
        return Outcome("agreed", next(rival for rival in rivals if key(rival) == key(candidate)))
    if len(rivals) == 1 and holds(best, candidate):
        if candidate.confidence < NESTED:
            return Outcome("inside", best, NESTED)
        return Outcome("less sure", inner[0], inner[0].confidence) if inner else Outcome("inside", best, NESTED)
    if candidate.depth == 0 and candidate.confidence < OUTER and all(tells(candidate, rival) for rival in rivals):
        return Outcome("around", best, OUTER)
    return Outcome("less sure", best, best.confidence)
