"""The whole way to an explanation: extract, watch, and say what was seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from quotekit.article.paragraphs import Article
from quotekit.article.parse import Parse
from quotekit.explain.explanation import Explanation, ParagraphReading
from quotekit.explain.material import Material
from quotekit.explain.tracing import Tracer
from quotekit.explain.why import explain_quotes
from quotekit.explain.why_not import MatchReader, Sentences, Settings, left_out, lost, not_speech, outside

if TYPE_CHECKING:
    from quotekit.extractor import Extractor


def explain(extractor: Extractor, article: Article, parse: Parse, day: date | None = None) -> Explanation:
    """The explanation of an article, of ``day``, whose parse is at hand."""
    tracer = Tracer()
    quotes = extractor.read(article, parse, day, tracer)
    proposers = extractor._proposers
    material = Material(extractor.rules, proposers._syntax, proposers._cues, tracer, quotes)
    matches = MatchReader(material)
    settings = Settings(extractor.attitudes, extractor.min_confidence)
    reasons = [
        *left_out(material, settings),
        *lost(material),
        *matches.reasons,
        *Sentences(material, matches).reasons(),
        *not_speech(material),
        *outside(material),
    ]
    return Explanation(
        text=article.text,
        quotes=explain_quotes(material, matches.blocked),
        reasons=tuple(sorted(reasons, key=lambda reason: (reason.where.start, reason.where.end, reason.order()))),
        marks=material.marks,
        paragraphs=tuple(
            ParagraphReading(start=one.start, end=one.end, kind=one.kind, body=one.body) for one in article.paragraphs
        ),
    )
