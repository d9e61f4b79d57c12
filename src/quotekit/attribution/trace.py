"""What a reading reports to whoever explains it: every proposal, and what became of it.

Nothing is recorded unless a `Trace` is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from quotekit.article.parsed import ParsedArticle
from quotekit.attribution.weighing import Pool
from quotekit.candidates.aligning import Aligner
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_syntax import MatchTrace

LossKind = Literal["agreed", "joined", "less sure", "inside", "around", "below the floor"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a candidate lost: the candidate ``by`` which it was beaten, and the confidence ``needed`` to win."""

    kind: LossKind
    by: Candidate | None = None
    needed: float = 0.0


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the rules propose: in the article's own words, and inside quoted words.

    ``blocked`` are tokens of cues. ``aligner`` aligns the candidates of the article.
    """

    outermost: list[Candidate]
    nested: list[Candidate]
    blocked: frozenset[int]
    aligner: Aligner


class ContestTrace(Protocol):
    """What follows the candidates of a contest."""

    def verdict(self, candidate: Candidate, loss: Loss | None) -> None:
        """``candidate`` lost, or with no ``loss`` it has won so far; a later verdict replaces an earlier one."""

    def became(self, before: Candidate, after: Candidate) -> None:
        """Report that ``before`` continues as ``after``, at another depth or with more content."""


class Trace(MatchTrace, ContestTrace, Protocol):
    """What follows a whole reading. The calls come in the order of the methods, verdicts between them."""

    def proposed(self, page: ParsedArticle, proposed: Proposed, alone: list[Candidate]) -> None:
        """The rules proposed this, and ``alone`` is what they would decide without the encoder."""

    def weighed(self, before: Candidate, after: Candidate) -> None:
        """The confidence of ``before`` was weighed anew: it competes as ``after``."""

    def pooled(self, pool: Pool) -> None:
        """The rules and the encoder proposed this together."""

    def decided(self, attributions: list[Candidate]) -> None:
        """These candidates became the article's attributions."""
