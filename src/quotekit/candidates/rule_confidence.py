"""The confidence of a rule's candidate: its estimated precision, from a logistic regression over a few facts.

The cue's record in the lexicon counts most; facts of the sentence raise or lower it. The weights were fitted on
PolNeAR's training articles and are kept in ``data/en/confidence.json``. A flag without a weight is ignored.
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
"""Maximum number of words of short, and of middling, content."""


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """The evidence for a candidate: its rule, its cue's entry, and flags that name facts of the sentence."""

    rule: Rule
    entry: Entry | None
    flags: tuple[str, ...]

    @classmethod
    def of(
        cls, parse: Parse, nodes: dict[str, int], rule: Rule, entry: Entry | None, quoted: int, words: int
    ) -> RuleEvidence:
        """Return the evidence for a match of ``rule`` with ``quoted`` of its ``words`` in quotation marks."""
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
        """The log odds of the cue's precision in the rule's frame; 0 without a frame."""
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
    """Return the confidence, from 0 to 1: stated by the user's own cue or by the rule, or measured."""
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
