"""How sure a candidate is: a precision measured on annotated news, from the few facts that move it.

The cue's own record in the lexicon counts most; what else stands in the sentence raises or lowers it. The weights are
those of a logistic regression over PolNeAR's training articles and stand in ``data/en/confidence.json``; a flag
without a weight counts for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from quotekit import lexicon
from quotekit.article.parse import Parse
from quotekit.lexicon.cues import Entry
from quotekit.rules.rule import Rule

SHORT, MIDDLING = 2, 7
"""Content of up to so many words is short, or middling."""


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """What a candidate's confidence rests on: its rule, its cue's record, and flags that name facts of the sentence."""

    rule: Rule
    entry: Entry | None
    flags: tuple[str, ...]

    @classmethod
    def of(
        cls, parse: Parse, nodes: dict[str, int], rule: Rule, entry: Entry | None, quoted: int, words: int
    ) -> RuleEvidence:
        """The evidence for a match of ``rule``, ``quoted`` of whose ``words`` stand in quotation marks."""
        flags = [f"rule:{rule.id}", *_cue_flags(parse, nodes["cue"])]
        if "source" in nodes:
            flags.append(f"source:{_source_flag(parse, nodes['source'])}")
        if "content" in nodes:
            flags.extend(_content_flags(parse, nodes["content"]))
        size = "short" if words <= SHORT else "middling" if words <= MIDDLING else "long"
        share = "none" if not quoted else "some" if quoted < words else "all"
        flags += [f"content:{size}", f"quoted:{share}"]
        return cls(rule, entry, tuple(flags))

    @property
    def record(self) -> float:
        """The log odds of the cue's record in its frame; 0 where the rule has no frame."""
        if self.entry is None or self.rule.frame is None:
            return 0.0
        precision = self.entry.precision[self.rule.frame]
        return math.log(precision / (1 - precision))


def _cue_flags(parse: Parse, cue: int) -> Iterator[str]:
    yield f"cue:{parse.tags[cue]}"
    yield f"cue:{parse.deps[cue]}"
    for i in parse.children[cue]:
        dep = parse.deps[i]
        if dep == "neg":
            yield "cue:negated"
        elif dep == "aux" and parse.tags[i] == "MD":
            yield f"cue:{parse.lowers[i]}"
        elif dep in ("mark", "dobj", "dative", "expl"):
            yield f"cue:has-{dep}"


def _source_flag(parse: Parse, source: int) -> str:
    word = parse.lowers[source]
    if parse.pos[source] == "PRON":
        return word
    return parse.tags[source]


def _content_flags(parse: Parse, content: int) -> Iterator[str]:
    yield f"content:{parse.tags[content]}"
    for i in parse.children[content]:
        if parse.deps[i] == "mark":
            yield f"content:mark-{parse.lowers[i]}"
        elif parse.deps[i] == "poss":
            yield "content:has-poss"


def confidence(evidence: RuleEvidence) -> float:
    """Return a precision between 0 and 1: as the user's own cue or the rule states it, or as it was measured."""
    entry, frame = evidence.entry, evidence.rule.frame
    if entry is not None and entry.stated and frame is not None:
        return entry.precision[frame]
    if not is_measured(evidence):
        return evidence.rule.confidence
    bias, terms = account(evidence)
    record, *flags = (adds for _, _, adds in terms)
    return 1 / (1 + math.exp(-(bias + record + sum(flags))))


def is_measured(evidence: RuleEvidence) -> bool:
    """Return whether the confidence is measured and not stated by the rule or by the user's own cue."""
    stated = evidence.entry is not None and evidence.entry.stated and evidence.rule.frame is not None
    return not stated and f"rule:{evidence.rule.id}" in lexicon.load("confidence")["flags"]


def account(evidence: RuleEvidence) -> tuple[float, list[tuple[str, float, float]]]:
    """Return the log odds as a bias and terms: the cue's record and each flag, with its value and what it adds."""
    weights = lexicon.load("confidence")
    terms = [("cue's record", evidence.record, weights["record"] * evidence.record)]
    terms += [(flag, 1.0, weights["flags"].get(flag, 0.0)) for flag in evidence.flags]
    return weights["bias"], terms
