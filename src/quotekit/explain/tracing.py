"""Records how an article was read, for an explanation of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotekit.article.parsed import ParsedArticle
from quotekit.attribution.competing import FLOOR
from quotekit.attribution.trace import Loss, Proposed
from quotekit.attribution.weighing import Pool
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_layout import LAST
from quotekit.candidates.from_syntax import Missing, Reading
from quotekit.candidates.match import Match
from quotekit.models import Span

Key = tuple[tuple[Span, ...], Span | None]


def key(candidate: Candidate) -> Key:
    """Return what two candidates share that say the same: content and source."""
    return candidate.content, candidate.source


@dataclass(frozen=True, slots=True)
class Matched:
    """A match of a rule, what was read off it, and the id of the rule that kept it from competing, if any."""

    match: Match
    reading: Reading | Missing
    without: str | None


class Tracer:
    """A `Trace` that keeps everything.

    Attributes:
        page: the article.
        matches: the rules' matches in text order.
        by_rules: what the rules proposed.
        pool: what rules and encoder proposed together; ``None`` without the encoder.
        before: each weighed candidate, as it was before.
        attributions: the winners.
    """

    page: ParsedArticle

    def __init__(self) -> None:
        self.matches: list[Matched] = []
        self.by_rules: list[Candidate] = []
        self.pool: Pool | None = None
        self.before: dict[Candidate, Candidate] = {}
        self.attributions: list[Candidate] = []
        self._losses: dict[Candidate, Loss | None] = {}
        self._after: dict[Candidate, Candidate] = {}

    def matched(self, match: Match, reading: Reading | Missing, without: str | None) -> None:
        self.matches.append(Matched(match, reading, without))

    def proposed(self, page: ParsedArticle, proposed: Proposed, alone: list[Candidate]) -> None:
        self.page = page
        # Of the candidates that need decisions, some only add content to others: those are no proposals.
        late = [candidate for candidate in alone if candidate.rule in LAST]
        self.by_rules = list(dict.fromkeys([*proposed.outermost, *proposed.nested, *late]))

    def pooled(self, pool: Pool) -> None:
        self.pool = pool

    def weighed(self, before: Candidate, after: Candidate) -> None:
        self.before[after] = before

    def verdict(self, candidate: Candidate, loss: Loss | None) -> None:
        self._losses[candidate] = loss

    def became(self, before: Candidate, after: Candidate) -> None:
        if before != after:
            self._after[before] = after

    def decided(self, attributions: list[Candidate]) -> None:
        self.attributions = attributions

    def originals(self) -> list[Candidate]:
        """Return every candidate as it first competed, and those of the rules that never did."""
        first = self.before or dict.fromkeys(self.by_rules)
        seen = {key(candidate) for candidate in first}
        return [*first, *(candidate for candidate in self.by_rules if key(candidate) not in seen)]

    def final(self, candidate: Candidate) -> Candidate:
        """Return what ``candidate`` became in the end."""
        path: dict[Candidate, None] = {}
        while candidate in self._after and candidate not in path:
            path[candidate] = None
            candidate = self._after[candidate]
        # Long chains, as of a quote in many parts, are walked once.
        self._after.update(dict.fromkeys(path, candidate))
        return candidate

    def loss(self, candidate: Candidate) -> Loss | None:
        """Return why ``candidate``, or what it became, lost; ``None`` if it won."""
        default = Loss("below the floor", needed=FLOOR) if candidate.confidence < FLOOR else None
        return self._losses.get(self.final(candidate), default)

    def beaten_by(self, loss: Loss) -> Iterator[Candidate]:
        """Yield what won over a candidate, then what won over that, each as it became."""
        seen: set[Candidate] = set()
        by = loss.by
        while by is not None and by not in seen:
            seen.add(by)
            yield self.final(by)
            next_loss = self.loss(by)
            by = None if next_loss is None else next_loss.by
