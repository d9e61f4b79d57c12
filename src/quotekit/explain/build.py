"""Puts an explanation together from what a reading reported."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.attribution.deciding import Proposers
from quotekit.attribution.filters import Filters
from quotekit.explain.explanation import Explanation, ParagraphReading
from quotekit.explain.matches import Matches
from quotekit.explain.material import Material
from quotekit.explain.sentences import Sentences
from quotekit.explain.tracing import Tracer
from quotekit.explain.why import explain_quotes
from quotekit.explain.why_not import left_out, lost, not_said, outside
from quotekit.models import Quote


def explain(quotes: Sequence[Quote], tracer: Tracer, proposers: Proposers, filters: Filters) -> Explanation:
    """Return the explanation of an article that ``proposers`` has read and ``tracer`` has followed."""
    article = tracer.page.article
    material = Material(proposers, tracer, quotes)
    matches = Matches(material)
    reasons = [
        *left_out(material, filters),
        *lost(material),
        *matches.reasons,
        *Sentences(material, matches).reasons(),
        *not_said(material),
        *outside(material),
    ]
    return Explanation(
        text=article.text,
        quotes=explain_quotes(material, matches.blocked),
        reasons=tuple(sorted(reasons, key=lambda reason: (reason.where.start, reason.where.end, reason.order()))),
        marks=material.marks.all,
        paragraphs=tuple(
            ParagraphReading(start=one.start, end=one.end, kind=one.kind, body=one.body) for one in article.paragraphs
        ),
    )
