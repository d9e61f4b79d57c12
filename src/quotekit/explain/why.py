"""Why each quote is what it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from quotekit.attribution.additive_model import account, confidence
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER
from quotekit.candidates.from_layout import LAST
from quotekit.candidates.rule_confidence import RuleEvidence, is_measured
from quotekit.candidates.rule_confidence import account as rule_account
from quotekit.explain.material import Material
from quotekit.explain.proposals import Proposal, Rival
from quotekit.explain.quote_explanation import CueRecord, QuoteExplanation, SpeakerStep, Taken, Term, Weighing
from quotekit.explain.tracing import key
from quotekit.models import Quote


def explain_quotes(material: Material, blocked: dict[str, list[Rival]]) -> tuple[QuoteExplanation, ...]:
    """Return each quote explained; ``blocked`` are the proposals, by quote, that a rule kept from competing."""
    rivals: dict[str, list[Rival]] = defaultdict(list, {id: list(there) for id, there in blocked.items()})
    for candidate, loss in material.losers():
        id_ = material.quote_id(material.winner(candidate, loss))
        if id_ is not None:
            rivals[id_].append(material.rival(candidate, loss))
    attributions = {material.quote_id(one): one for one in material.tracer.attributions}
    return tuple(
        _explained(material, quote, attributions[quote.id], rivals[quote.id])
        if quote.id in attributions
        else _by_reader(quote)
        for quote in material.quotes
    )


def _by_reader(quote: Quote) -> QuoteExplanation:
    """Return the explanation of a quote whose content comes from a correction."""
    proposal = Proposal(
        rule=quote.rule,
        why="A reader corrected what is said here.",
        content=quote.content,
        source=quote.source,
        cue=quote.cue,
        verb=quote.verb,
        act=quote.act,
        confidence=quote.confidence,
    )
    return QuoteExplanation(quote=quote, proposal=proposal)


def _explained(material: Material, quote: Quote, attribution: Candidate, rivals: list[Rival]) -> QuoteExplanation:
    made_of = material.made_of[attribution]
    won = made_of[0]
    shown = material.proposal(won)
    parts = made_of[1:]
    agreed = tuple(_agreed(material, won, shown))
    known = {one.proposal.rule for one in agreed}
    others = [one for one in rivals if not (one.fate == "agreed" and one.proposal.rule in known)]
    once = {one.proposal.model_dump_json(): one for one in others}
    rest = sorted(once.values(), key=lambda one: -one.proposal.confidence)
    evidence = material.evidence.get((won.rule, key(material.tracer.before.get(won, won))))
    return QuoteExplanation(
        quote=quote,
        proposal=shown,
        parts=tuple(material.proposal(part) for part in parts),
        record=_record(evidence),
        weighings=tuple(_weighings(material, won, shown, evidence)),
        taken=tuple(_taken(material, quote, attribution, won, parts)),
        rivals=(*agreed, *rest),
        speaker=_steps(material, quote),
        marks=material.marks.around(quote.content),
    )


def _agreed(material: Material, won: Candidate, shown: Proposal) -> Iterator[Rival]:
    """Yield the other rules, and the encoder, that proposed the same."""
    before = material.tracer.before.get(won, won)
    for rule, one in {one.rule: one for one in material.by_key.get(key(before), ())}.items():
        if rule != won.rule:
            yield Rival(proposal=material.proposal(one), fate="agreed")
    evidence = material.tracer.pool and material.tracer.pool.evidence
    if evidence is not None and won.rule != ENCODER and evidence.weighs(before):
        numbers = evidence.numbers(before)
        if numbers["seen"]:
            fields = {"rule": ENCODER, "why": None, "confidence": round(numbers["content"], 4), "alone": None}
            yield Rival(proposal=shown.model_copy(update=fields), fate="agreed")


def _record(evidence: RuleEvidence | None) -> CueRecord | None:
    if evidence is None or evidence.entry is None or evidence.rule.frame is None:
        return None
    entry, frame = evidence.entry, evidence.rule.frame
    return CueRecord(
        cue=entry.cue,
        frame=frame,
        act=entry.act,
        precision=round(entry.precision[frame], 4),
        origin="own" if entry.stated else "built-in",
    )


def _weighings(
    material: Material, won: Candidate, shown: Proposal, evidence: RuleEvidence | None
) -> Iterator[Weighing]:
    """Yield how the rule's confidence came about, if it was measured, and that of rules and encoder together."""
    before = material.tracer.before.get(won)
    if evidence is not None and is_measured(evidence):
        bias, terms = rule_account(evidence)
        alone = won if before is None else before
        yield Weighing(by="rule", bias=bias, terms=_ranked(terms), confidence=round(alone.confidence, 4))
    joint = material.tracer.pool and material.tracer.pool.evidence
    if joint is not None and before is not None and joint.weighs(before):
        numbers = joint.numbers(before)
        situation, bias, terms = account(numbers)
        yield Weighing(
            by="rules and encoder",
            situation=situation,
            bias=bias,
            terms=_ranked(terms),
            confidence=shown.confidence,
            raised=shown.confidence > round(confidence(numbers), 4),
        )


def _ranked(terms: list[tuple[str, float, float]]) -> tuple[Term, ...]:
    shown = [Term(name=name, value=round(value, 4), adds=round(adds, 4)) for name, value, adds in terms]
    return tuple(sorted((term for term in shown if term.adds), key=lambda term: (-abs(term.adds), term.name)))


def _taken(
    material: Material, quote: Quote, attribution: Candidate, won: Candidate, parts: list[Candidate]
) -> Iterator[Taken]:
    """Yield the fields that come from elsewhere than the winning proposal."""
    ends = {part[0]: part[1] for one in (won, *parts) for part in one.content}
    for start, end in attribution.content:
        if start not in ends:
            why = "the quoted words continue from one paragraph to the next"
            yield Taken(field="content", words=material.span((start, end)), why=why)
        elif end > ends[start]:
            why = "quoted words at the end of the sentence belong to it"
            yield Taken(field="content", words=material.span((ends[start], end)), why=why)
    for part in parts:
        why = f"part of the same quote, found by {part.rule}"
        yield Taken(field="content", words=material.span(part.content[0]), rule=part.rule, why=why)
    if won.rule == ENCODER and won.cue:
        yield from _read_by_rules(material, quote, won)
    if won.rule in LAST and won.cue is None and won.source:
        lender = material.first_quotes.get(quote.source) if quote.source else None
        if lender is not None and lender is not quote:
            why = f"the source of {lender.id}, who was speaking"
            yield Taken(field="source", words=quote.source, rule=lender.rule, why=why)


def _read_by_rules(material: Material, quote: Quote, won: Candidate) -> Iterator[Taken]:
    """Yield verb and act of an encoder's proposal whose cue a rule has read too."""
    assert won.cue is not None
    assert material.tracer.pool is not None, "only the encoder's proposals take verb and act from elsewhere"
    reader = material.tracer.pool.cues.by_rule(won.cue)
    if reader is None:
        return
    if quote.verb and quote.verb == reader.verb:
        why = f"{quote.verb}, as {reader.rule} reads the same cue"
        yield Taken(field="verb", words=quote.cue, rule=reader.rule, why=why)
    if quote.act == "attitude" == reader.act:
        yield Taken(field="act", words=quote.cue, rule=reader.rule, why=f"as {reader.rule} reads the same cue")


def _steps(material: Material, quote: Quote) -> tuple[SpeakerStep, ...]:
    if quote.speaker is None:
        return ()
    return tuple(SpeakerStep(**one.model_dump(), why=material.why(one.rule)) for one in quote.speaker.mentions)
