"""All the rules of a set at work on one page."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.attribution import FLOOR, decide, join_split
from quotekit.candidate import Candidate
from quotekit.cues import Cues
from quotekit.errors import RuleError
from quotekit.marks import Quoted
from quotekit.models import overlap
from quotekit.page import Page
from quotekit.rules.layout import FIRST, LAST, continued, extended
from quotekit.rules.rule import RuleSet
from quotekit.rules.syntax import SyntaxRules


class Proposers:
    """The rules of ``rules``, ready to read pages."""

    def __init__(self, rules: RuleSet, cues: Cues) -> None:
        self._syntax = SyntaxRules(rules, cues)
        for rule in rules:
            if not rule.pattern and rule.id not in FIRST and rule.id not in LAST:
                known = ", ".join((*FIRST, *LAST))
                raise RuleError(f"rule {rule.id!r}: field 'pattern': a rule needs one, unless it is {known}")
        self._first = [(rule, FIRST[rule.id]) for rule in rules if rule.id in FIRST]
        self._last = [(rule, LAST[rule.id]) for rule in rules if rule.id in LAST]

    def decide(self, page: Page, floor: float = FLOOR) -> list[Candidate]:
        """The attributions of ``page``, in text order; candidates less sure than ``floor`` do not compete."""
        candidates = self._syntax.propose(page)
        for rule, first in self._first:
            candidates.extend(first(page, rule))
        running = [
            candidate
            for candidate in candidates
            if all(start < end for start, end in candidate.content) and page.is_running(candidate.content[0][0])
        ]
        decided = decide(continued(page, decide((c for c in running if c.depth == 0), floor)), floor)
        decided = decide(extended(page, decided, self.unclaimed(page, decided)), floor)
        for rule, last in self._last:
            left = self.unclaimed(page, decided)
            decided = decide([*decided, *continued(page, list(last(page, rule, decided, left)))], floor)
        decided = decide([*decided, *(c for c in running if c.depth == 1)], floor)
        return join_split(page, decided)

    @staticmethod
    def unclaimed(page: Page, decided: Sequence[Candidate]) -> list[Quoted]:
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
