"""What `Extractor.explain` returns: why the quotes of an article are what they are, and why there are no others.

An `Explanation` is plain data: it goes through JSON and back without loss.

>>> from quotekit import Extractor
>>> explanation = Extractor(encoder=False).explain("Ann Lee said it works. The tide sank on.")
>>> explanation.quotes[0].proposal.rule
'en.clause'
>>> print(explanation.at(23, 40).reasons[0])
no verb here is a known cue: sink
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from pydantic import Field

from quotekit.article.boilerplate import ParagraphKind
from quotekit.explain.proposals import short
from quotekit.explain.quote_explanation import Marks, QuoteExplanation
from quotekit.explain.reasons import AnyReason, BelowMinimum, Corrected, NoSource, NoWords
from quotekit.explain.rows import EMPTY, Row, plain
from quotekit.models import Frozen, Span, TextSpan, inside, overlap

MOST_REASONS = 8
"""Number of reasons that are shown for one place."""


class ParagraphReading(Frozen):
    """A paragraph (characters), what it was taken for, and where its running text begins (``body``)."""

    start: int
    end: int
    kind: ParagraphKind
    body: int


class Place(Frozen):
    """The quotes in a stretch of text, and why there are no others, the nearest reason first."""

    where: TextSpan
    taken_for: tuple[ParagraphKind, ...] = Field(description="what its paragraphs were taken for")
    quotes: tuple[QuoteExplanation, ...]
    reasons: tuple[AnyReason, ...] = Field(description="why there is no quote, or no other")
    marks: tuple[Marks, ...]

    def __str__(self) -> str:
        return plain(self.rows())

    def rows(self) -> Iterator[Row]:
        """Yield the lines that `str` lays out."""
        taken_for = f" · {', '.join(self.taken_for)}" if self.taken_for else ""
        yield Row("", f"{self.where.start}:{self.where.end} · “{short(self.where.text, 120)}”{taken_for}")
        for one in self.quotes:
            yield EMPTY
            yield from one.rows()
        if self.quotes and self.reasons:
            yield EMPTY
            yield Row("", "Outside the quotes")
        for reason in self.reasons[:MOST_REASONS]:
            yield Row("no quote", str(reason))
        if len(self.reasons) > MOST_REASONS:
            yield Row("", f"and {len(self.reasons) - MOST_REASONS} more")
        if not self.quotes:
            for marks in self.marks:
                yield Row("marks", str(marks))


class Explanation(Frozen):
    """Why the quotes of ``text`` are what they are, and why there are no others. `str` lays it out as text.

    ``reasons``, in text order, concern the words that are in no quote; `at` selects those of a stretch.
    """

    text: str
    quotes: tuple[QuoteExplanation, ...]
    reasons: tuple[AnyReason, ...]
    marks: tuple[Marks, ...]
    paragraphs: tuple[ParagraphReading, ...]

    def at(self, start: int, end: int) -> Place:
        """Return what explains the characters ``start`` to ``end`` (half-open; those beyond the text are ignored)."""
        first = min(max(0, start), len(self.text))
        span = first, max(first, min(end, len(self.text)))
        quotes = tuple(
            one for one in self.quotes if any(overlap((part.start, part.end), span) for part in one.quote.content)
        )
        gaps = self._gaps(span, quotes)
        starts, ends = [gap[0] for gap in gaps], [gap[1] for gap in gaps]

        def in_gap(words: TextSpan) -> bool:
            at = bisect_right(ends, words.start)
            return at < len(gaps) and starts[at] < words.end

        reasons: list[AnyReason] = [one for one in self.reasons if any(map(in_gap, one.about()))]
        if not reasons and not quotes:
            reasons.append(NoWords(where=TextSpan.of(self.text, span)))
        return Place(
            where=TextSpan.of(self.text, span),
            taken_for=tuple(dict.fromkeys(p.kind for p in self.paragraphs if overlap((p.start, p.end), span))),
            quotes=quotes,
            reasons=tuple(sorted(reasons, key=lambda reason: reason.order())),
            marks=tuple(marks for marks in self.marks if _touches(marks, span)),
        )

    def _gaps(self, span: Span, quotes: tuple[QuoteExplanation, ...]) -> list[Span]:
        """Return the parts of ``span`` that hold words and are in no quote."""
        gaps, at = [], span[0]
        for start, end in sorted((part.start, part.end) for one in quotes for part in one.quote.content):
            gaps.append((at, min(start, span[1])))
            at = max(at, end)
        gaps.append((at, max(at, span[1])))
        return [(start, end) for start, end in gaps if any(map(str.isalnum, self.text[start:end]))]

    def __str__(self) -> str:
        return plain(self.rows())

    def rows(self) -> Iterator[Row]:
        """Yield the lines that `str` lays out."""
        if not self.quotes:
            yield Row("", "no quotes")
        for i, one in enumerate(self.quotes):
            if i:
                yield EMPTY
            yield from one.rows()
        left_out = [reason for reason in self.reasons if isinstance(reason, (BelowMinimum, NoSource, Corrected))]
        if left_out:
            yield EMPTY
        for reason in left_out[:MOST_REASONS]:
            yield Row("left out", str(reason))
        if len(left_out) > MOST_REASONS:
            yield Row("", f"and {len(left_out) - MOST_REASONS} more")


def _touches(marks: Marks, span: Span) -> bool:
    ends = [part for part in (marks.opening, marks.closing, marks.words) if part is not None]
    around = min(part.start for part in ends), max(part.end for part in ends)
    return overlap(around, span) > 0 or inside(span, around)
