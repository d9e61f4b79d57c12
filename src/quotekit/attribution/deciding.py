"""All the rules of a set at work on one page, alone or with the encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.attribution.competing import FLOOR, Watch, decide, join_split
from quotekit.attribution.weighing import LAYOUT_ALONE, Evidence
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import CueReader, propose
from quotekit.candidates.from_layout import FIRST, LAST, continued, extended
from quotekit.candidates.from_syntax import SyntaxRules
from quotekit.candidates.layer import Layer
from quotekit.encoder.decoding import Decoded
from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cues
from quotekit.models import Span, overlap
from quotekit.rules.rule_set import RuleSet
from quotekit.speakers import IDS

LEAST = 0.05
"""A rule's reading less sure than this is no evidence."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the rules propose on a page: in the article's own words, inside quoted words, and which cues they block."""

    outermost: list[Candidate]
    nested: list[Candidate]
    blocked: frozenset[int]


class Trace(Watch, Protocol):
    """Who wants to know how a page's attributions were decided: what came of each step, in this order."""

    def proposed(self, page: ParsedArticle, proposed: Proposed, alone: list[Candidate]) -> None:
        """What the rules propose, and what they decide alone."""

    def weighing(self, pool: list[Candidate], evidence: Evidence) -> Callable[[Candidate], Candidate]:
        """What weighs the candidates of ``pool``, which the rules and the encoder propose, by ``evidence``."""

    def decided(self, attributions: list[Candidate]) -> None:
        """What came of it all."""


def speaker_rules(rules: RuleSet) -> frozenset[str]:
    """The ids of the speaker rules of ``rules``; of a set that has none, of all that there are.

    So a set of one's own attribution rules needs to say nothing of speakers.

    Raises:
        RuleError: a rule of the kind "speaker" has a pattern, or no function that would run it.
    """
    ids = [rule.id for rule in rules if rule.kind == "speaker"]
    for id in ids:
        if id not in IDS:
            raise RuleError(
                f"rule {id!r}: field 'kind': a speaker rule is a function of quotekit's, so none can be added; "
                f"the ids are {', '.join(IDS)}"
            )
        if rules[id].pattern:
            raise RuleError(f"rule {id!r}: field 'pattern': a speaker rule is a function and has none; leave it out")
    return frozenset(ids or IDS)


class Proposers:
    """The attribution rules of ``rules``, ready to read pages; ``speakers`` are the ids of its speaker rules.

    The set's own cues are added to the lexicon ``cues``.
    """

    def __init__(self, rules: RuleSet, cues: Cues) -> None:
        self.rules = rules
        self.cues = cues = cues.adding(rules.cues)
        self.speakers = speaker_rules(rules)
        rules = RuleSet(rule for rule in rules if rule.kind != "speaker")
        self.syntax = SyntaxRules(rules, cues)
        for rule in rules:
            if not rule.pattern and rule.id not in FIRST and rule.id not in LAST:
                known = ", ".join((*FIRST, *LAST))
                raise RuleError(f"rule {rule.id!r}: field 'pattern': a rule needs one, unless it is {known}")
        self._first = [(rule, FIRST[rule.id]) for rule in rules if rule.id in FIRST]
        self._last = [(rule, LAST[rule.id]) for rule in rules if rule.id in LAST]
        # What a user's own rule is worth was not measured beside the encoder: its word stands.
        default = {rule.id for rule in RuleSet.default()}
        self._unweighed = LAYOUT_ALONE | {rule.id for rule in rules if rule.id not in default}

    def decide(
        self, page: ParsedArticle, floor: float = FLOOR, decoded: Decoded | None = None, trace: Trace | None = None
    ) -> list[Candidate]:
        """The attributions of ``page``, in text order; candidates less sure than ``floor`` do not compete.

        With ``decoded``, what the encoder says of the page, its candidates compete too, and the confidence of all comes
        from both (`quotekit.attribution.weighing`). ``trace`` is told all that is proposed and how it fared.
        """
        proposed = self.propose(page)
        decided = alone = self.settle(page, proposed.outermost, floor, watch=trace if decoded is None else None)
        if trace is not None:
            trace.proposed(page, proposed, alone)
        if decoded is not None:
            pool, evidence = self.pool(page, proposed, alone, decoded)
            weigh = evidence.weigh if trace is None else trace.weighing(pool, evidence)
            joined = self.settle(page, [weigh(candidate) for candidate in pool], floor, weigh, trace)
            decided = [candidate for candidate in joined if candidate.depth == 0]
        # The encoder knows nothing of quotes within quotes: what it learned from has none.
        nested = [*proposed.nested, *(candidate for candidate in alone if candidate.depth == 1)]
        attributions = join_split(page, decide([*decided, *nested], floor, trace))
        if trace is not None:
            trace.decided(attributions)
        return attributions

    def propose(self, page: ParsedArticle) -> Proposed:
        """What the rules propose in the running text; of the layout rules those that need nothing decided."""
        candidates, blocked = self.syntax.propose(page)
        for rule, first in self._first:
            candidates.extend(first(page, rule))
        running = [
            candidate
            for candidate in candidates
            if page.is_running(candidate.content[0][0]) and _says_something(page, candidate)
        ]
        return Proposed([c for c in running if c.depth == 0], [c for c in running if c.depth == 1], blocked)

    def pool(
        self, page: ParsedArticle, proposed: Proposed, settled: list[Candidate], decoded: Decoded
    ) -> tuple[list[Candidate], Evidence]:
        """All candidates, the rules' and the encoder's, each once, and the evidence by which to weigh them.

        ``settled`` is what the rules decide alone.
        """
        by_rules = [candidate for candidate in proposed.outermost if candidate.confidence >= LEAST]
        settled = [candidate for candidate in settled if candidate.depth == 0]
        cues = CueReader(page, self.cues, by_rules, proposed.blocked)
        labelled = Layer()
        for candidate in settled:
            if candidate.rule in LAYOUT_ALONE:
                labelled.take(candidate)
        by_encoder = [
            candidate
            for candidate in propose(page, decoded, cues)
            if _says_something(page, candidate) and not labelled.overlapping(candidate.content)
        ]
        evidence = Evidence(page, decoded, by_rules, settled, by_encoder, self._unweighed)
        pool: dict[tuple[tuple[Span, ...], Span | None], Candidate] = {}
        # Of the same reading twice the rule's is kept, the surer one first: it can say why.
        for candidate in (*settled, *sorted(by_rules, key=lambda c: -c.confidence), *by_encoder):
            pool.setdefault((candidate.content, candidate.source), candidate)
        return list(pool.values()), evidence

    def settle(
        self,
        page: ParsedArticle,
        candidates: list[Candidate],
        floor: float = FLOOR,
        weigh: Callable[[Candidate], Candidate] | None = None,
        watch: Watch | None = None,
    ) -> list[Candidate]:
        """Who stands among ``candidates``; the quoted words that nobody claims go to the sources around them."""
        decided = decide(continued(page, decide(candidates, floor, watch)), floor, watch)
        decided = decide(extended(page, decided, self.unclaimed(page, decided)), floor, watch)
        for rule, last in self._last:
            found = last(page, rule, decided, self.unclaimed(page, decided))
            weighed = map(weigh, found) if weigh else found
            decided = decide([*decided, *continued(page, list(weighed))], floor, watch)
        return decided

    @staticmethod
    def unclaimed(page: ParsedArticle, decided: Sequence[Candidate]) -> list[Quoted]:
        """The outermost quoted stretches of the running text that no attribution has."""
        taken = sorted(span for candidate in decided for span in candidate.content)
        left: list[Quoted] = []
        at = 0
        for stretch in page.outermost:
            while at < len(taken) and taken[at][1] <= stretch.inner[0]:
                at += 1
            claimed = at < len(taken) and overlap(taken[at], stretch.inner) > 0
            if not claimed and page.is_running(stretch.outer[0]):
                left.append(stretch)
        return left


def _says_something(page: ParsedArticle, candidate: Candidate) -> bool:
    """Whether no part of the content is empty, and it is not just "who" or "which"."""
    tags = page.parse.tags
    relative = len(candidate.content) == 1 and all(
        tags[i] in ("WP", "WDT") for i in page.parse.tokens(candidate.content[0])
    )
    return all(start < end for start, end in candidate.content) and not relative
