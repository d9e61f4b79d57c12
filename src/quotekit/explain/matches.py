"""Why the matches of patterns came to nothing: they were blocked, or nothing could be read off them."""

from __future__ import annotations

from collections import defaultdict

from quotekit.attribution.deciding import EVIDENCE_FLOOR
from quotekit.candidates.from_syntax import QUOTED, Missing, Reading, cue_key
from quotekit.candidates.match import Match
from quotekit.explain.material import Material
from quotekit.explain.proposals import Rival
from quotekit.explain.reasons import AnyReason, Blocked, Unread
from quotekit.explain.tracing import Matched
from quotekit.models import Span, strip

WIDEST = 120
"""Tokens of context that are shown on each side of a word in a very long sentence."""


class Matches:
    """What the rules matched.

    Attributes:
        rules: for each cue (token) the ids of the rules that matched there.
        read: the cues from which something was read, or would have been without a blocking rule.
        reasons: why nothing came of the others, and of the blocked ones.
        blocked: for each quote (id) the proposals that a blocking rule kept from competing with it.
    """

    def __init__(self, material: Material) -> None:
        self._material = material
        self.rules: dict[int, list[str]] = defaultdict(list)
        self.read: set[int] = set()
        self.reasons: list[AnyReason] = []
        self.blocked: dict[str, list[Rival]] = defaultdict(list)
        for matched in material.tracer.matches:
            self._add(matched)

    def _add(self, matched: Matched) -> None:
        material, match, reading = self._material, matched.match, matched.reading
        cue = match.nodes["cue"]
        # A rule for quoted words came near only where there are some.
        if match.rule.reads in QUOTED and not material.page.quoted_in(sentence_around(material, cue)):
            return
        if match.rule.id not in self.rules[cue]:
            self.rules[cue].append(match.rule.id)
        blocked = matched.without is not None and material.rules[matched.without].kind == "block"
        if blocked or isinstance(reading, Reading):
            self.read.add(cue)
        if matched.without is not None and blocked:
            if isinstance(reading, Reading) and reading.candidate.confidence >= EVIDENCE_FLOOR:
                self._block(reading, matched.without)
        elif not isinstance(reading, Reading):
            self._unread(match, reading)

    def _block(self, reading: Reading, by: str) -> None:
        material = self._material
        proposal = material.proposal(reading.candidate)
        self.reasons.append(Blocked(where=proposal.content[0], proposal=proposal, by=by, why=material.why(by) or ""))
        for attribution in material.near(reading.candidate.content):
            id_ = material.quote_id(attribution)
            if id_ is not None:
                self.blocked[id_].append(Rival(proposal=proposal, fate="blocked", by=by))

    def _unread(self, match: Match, missing: Missing) -> None:
        material, parse, rule, cue = self._material, self._material.page.parse, match.rule, match.nodes["cue"]
        self.reasons.append(
            Unread(
                where=material.span(sentence_around(material, cue)),
                rule=rule.id,
                why=rule.why,
                cue=material.span(parse.span(cue, cue)),
                missing=missing,
                detail=_detail(material, match, missing),
            )
        )


def _detail(material: Material, match: Match, missing: Missing) -> str:
    parse, rule = material.page.parse, match.rule
    if missing == "marks":
        return "the cue is inside quoted words, where only nested quotations are read"
    if missing == "lexicon":
        return f"the lexicon has no “{cue_key(parse, match)}” in the frame “{rule.frame}”"
    if missing == "source":
        return f"“{parse.words[match.nodes['source']]}” is in a title"
    where = {"before": "no quoted words come before it", "after": "no quoted words come after it"}
    return where.get(rule.reads, "no words are left for the content")


def sentence_around(material: Material, i: int) -> Span:
    """Return the sentence of token ``i``, or the words around the token in a very long one."""
    parse = material.page.parse
    first = last = i
    while first > 0 and i - first < WIDEST and parse.sentences[first - 1] == parse.sentences[i]:
        first -= 1
    while last + 1 < len(parse) and last - i < WIDEST and parse.sentences[last + 1] == parse.sentences[i]:
        last += 1
    return strip(parse.text, parse.span(first, last))
