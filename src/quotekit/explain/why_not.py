"""Why there is no quote where something was found, proposed or quoted."""

from __future__ import annotations

from collections.abc import Iterator

from quotekit.attribution.competing import FLOOR
from quotekit.attribution.deciding import Proposers
from quotekit.attribution.filters import Filters
from quotekit.attribution.quotes import kind_of
from quotekit.candidates.without_cue import not_speech
from quotekit.explain.material import Material
from quotekit.explain.reasons import (
    AnAttitude,
    AnyReason,
    BelowMinimum,
    Corrected,
    Lost,
    NoSource,
    NotSpeech,
    Outside,
    Unsure,
)


def left_out(material: Material, filters: Filters) -> Iterator[AnyReason]:
    """Yield what was found and is left out by the filters or by a correction."""
    for attribution in material.tracer.attributions:
        if material.quote_id(attribution) is not None:
            continue
        proposal = material.proposal(material.made_of[attribution][0])
        where = material.span(attribution.content[0])
        direct = kind_of(material.page, attribution) == "direct"
        verdict = filters.leaves_out(attribution, direct=direct)
        if verdict == "attitude":
            yield AnAttitude(where=where, proposal=proposal)
        elif verdict == "no-source":
            yield NoSource(where=where, proposal=proposal)
        elif verdict is None:
            yield Corrected(where=where, proposal=proposal)
        else:
            yield BelowMinimum(where=where, proposal=proposal, minimum=filters.min_confidence)


def lost(material: Material) -> Iterator[AnyReason]:
    """Yield what was proposed and lost, or was not confident enough to compete."""
    for candidate, loss in material.losers():
        where = material.span(candidate.content[0])
        if loss.kind == "below the floor" or (loss.by is None and candidate.confidence < FLOOR):
            yield Unsure(where=where, proposal=material.proposal(candidate), floor=loss.needed or FLOOR)
            continue
        winner = material.winner(candidate, loss)
        if loss.kind == "agreed" and winner is not None:
            continue
        rival = material.rival(candidate, loss)
        yield Lost(where=where, proposal=rival.proposal, rival=rival, quote=material.quote_id(winner))


def outside(material: Material) -> Iterator[AnyReason]:
    """Yield what is not running text."""
    for paragraph in material.page.article.paragraphs:
        if paragraph.kind not in ("text", "headline"):
            yield Outside(where=material.span((paragraph.start, paragraph.end)), taken_for=paragraph.kind)
        elif paragraph.body > paragraph.start:
            yield Outside(where=material.span((paragraph.start, paragraph.body)), taken_for="dateline")


def not_said(material: Material) -> Iterator[AnyReason]:
    """Yield the quoted words that no attribution covers."""
    page = material.page
    for stretch in Proposers.unclaimed(page, material.tracer.attributions):
        taken_for = not_speech(page, stretch) or "speech without a source"
        yield NotSpeech(where=material.span(stretch.inner), taken_for=taken_for)
