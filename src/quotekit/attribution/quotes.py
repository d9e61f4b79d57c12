"""Turns attributions into quotes: numbered, typed, nested ones linked, in text order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from quotekit.article.parsed import ParsedArticle
from quotekit.attribution.filters import rounded
from quotekit.candidates.candidate import Candidate
from quotekit.models import Position, Quote, QuoteKind, Span, Speaker, TextSpan, inside, overlap
from quotekit.speakers import Resolution

_BREAK = re.compile(r"\s*[\n\r\x0b\x0c\x85\u2028\u2029]\s*")


def assemble(
    page: ParsedArticle, attributions: Sequence[Candidate], resolutions: Sequence[Resolution | None]
) -> list[Quote]:
    """Return a quote for each of ``attributions``, which are in text order, with its speaker of ``resolutions``."""
    parents = _parents(attributions)
    speakers = _numbered([found and found.speaker for found in resolutions])
    text = page.text
    return [
        Quote(
            id=f"q{i + 1}",
            kind=kind_of(page, attribution),
            act=attribution.act,
            text=" ".join(_BREAK.sub(" ", text[start:end]) for start, end in attribution.content),
            content=tuple(TextSpan.of(text, span) for span in attribution.content),
            speaker=speaker,
            source=TextSpan.of(text, attribution.source) if attribution.source else None,
            verb=attribution.verb,
            cue=TextSpan.of(text, attribution.cue) if attribution.cue else None,
            position=_position(page, attribution.hull),
            parent=None if parent is None else f"q{parent + 1}",
            turn=attribution.turn,
            exchange=None if attribution.turn is None else page.article.form.turns[attribution.turn].exchange,
            confidence=rounded(attribution.confidence),
            speaker_confidence=resolution and rounded(resolution.confidence),
            rule=attribution.rule,
        )
        for i, (attribution, speaker, resolution, parent) in enumerate(
            zip(attributions, speakers, resolutions, parents, strict=True)
        )
    ]


def _numbered(speakers: Sequence[Speaker | None]) -> list[Speaker | None]:
    """Return ``speakers`` with ids without gaps, since speakers whose quotes are left out have numbers too."""
    ids: dict[str, str] = {}
    for speaker in speakers:
        if speaker is not None:
            ids.setdefault(speaker.id, f"s{len(ids) + 1}")
    if all(old == new for old, new in ids.items()):
        return list(speakers)
    return [speaker and speaker.model_copy(update={"id": ids[speaker.id]}) for speaker in speakers]


def kind_of(page: ParsedArticle, attribution: Candidate) -> QuoteKind:
    """Return "direct" if all content is in quotation marks (or follows a transcript's label), "mixed" if some is."""
    if attribution.verbatim:
        return "direct"
    if all(page.in_marks(span) for span in attribution.content):
        return "direct"
    some = any(overlap(span, stretch.inner) for span in attribution.content for stretch in page.quoted_in(span))
    return "mixed" if some else "indirect"


def _position(page: ParsedArticle, hull: Span) -> Position:
    tokens = page.parse.tokens(hull)
    return Position(
        start=hull[0],
        end=hull[1],
        paragraph=page.paragraph_index(hull[0]),
        sentence=page.parse.sentences[tokens[0]] if tokens else 0,
    )


def _parents(attributions: Sequence[Candidate]) -> list[int | None]:
    """Return for each attribution the index of the one that it is nested in, if any."""
    owners = sorted((part, i) for i, outer in enumerate(attributions) if outer.depth == 0 for part in outer.content)
    starts = [part[0] for part, _ in owners]
    parents: list[int | None] = []
    for attribution in attributions:
        at = bisect_right(starts, attribution.content[0][0]) - 1
        held = attribution.depth > 0 and at >= 0 and inside(attribution.content[0], owners[at][0])
        parents.append(owners[at][1] if held else None)
    return parents
