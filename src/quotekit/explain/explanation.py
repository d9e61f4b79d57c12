"""Why the quotes of an article are what they are, and why there are no others: what `Extractor.explain` gives.

They are plain data: an `Explanation` goes through JSON and back without loss.

>>> from quotekit import Extractor
>>> explanation = Extractor(encoder=False).explain("Ann Lee said it works. The tide sank on.")
>>> explanation.quotes[0].proposal.rule
'en.clause'
>>> print(explanation.at(23, 40).reasons[0])
no verb here is known to report: sink
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

from pydantic import Field

from quotekit.article.boilerplate import ParagraphKind
from quotekit.explain.reasons import (
    AnAttitude,
    AnyReason,
    Around,
    BelowMinimum,
    Blocked,
    Fate,
    KnownCue,
    Lost,
    MatchedNode,
    NearMatch,
    NoCue,
    NoMatch,
    NotSpeech,
    NoWords,
    Outside,
    Proposal,
    Reason,
    Rival,
    Unread,
    Unsure,
    short,
)
from quotekit.models import Act, Frozen, Quote, Span, SpeakerMention, TextSpan, inside, overlap

__all__ = [
    "AnAttitude",
    "AnyReason",
    "Around",
    "BelowMinimum",
    "Blocked",
    "CueRecord",
    "Explanation",
    "Fate",
    "KnownCue",
    "Lost",
    "Marks",
    "MatchedNode",
    "NearMatch",
    "NoCue",
    "NoMatch",
    "NoWords",
    "NotSpeech",
    "Outside",
    "ParagraphReading",
    "Place",
    "Proposal",
    "QuoteExplanation",
    "Reason",
    "Rival",
    "SpeakerStep",
    "Taken",
    "Term",
    "Unread",
    "Unsure",
    "Weighing",
]


class CueRecord(Frozen):
    """What the lexicon has on a cue in the frame that the rule asks for."""

    cue: str = Field(description='as the lexicon lists it: "point out"')
    frame: str
    act: Act
    precision: float = Field(description="how often it is an attribution where it stands so")
    origin: Literal["built-in", "own"] = Field(description="in the lexicon of quotekit, or in a file of yours")


class Term(Frozen):
    """One fact that moved a confidence: its name, its value, and what it added to the log odds."""

    name: str
    value: float
    adds: float


class Weighing(Frozen):
    """How a confidence came about: ``bias`` and all that the terms add are its log odds. Terms: the heaviest first."""

    by: Literal["rule", "rules and encoder"]
    situation: str | None = Field(default=None, description='what each of the two had: "encoder: all, rules: nothing"')
    bias: float
    terms: tuple[Term, ...]
    confidence: float
    raised: bool = Field(default=False, description="held up by a sure rule of quoted words, whatever the encoder saw")


class Taken(Frozen):
    """A field of a quote that its own proposal did not have so, where it is from, and why."""

    field: Literal["content", "source", "verb", "act"]
    words: TextSpan | None = None
    rule: str | None = Field(default=None, description="what had proposed it")
    why: str

    def __str__(self) -> str:
        said = f" “{short(self.words.text)}”" if self.words else ""
        return f"{self.field}{said}: {self.why}"


class SpeakerStep(SpeakerMention):
    """One step from the source to the speaker's name: the words, the rule that took them so, and its why."""

    why: str | None = None


class Marks(Frozen):
    """How a quotation mark was read.

    ``read``: *pair*: it has its partner; *goes on*: the quote goes on in the next paragraph; *open*: its partner is
    missing, and all up to the paragraph's end was taken; *stray*: it means nothing; *apostrophe*.
    """

    read: Literal["pair", "goes on", "open", "stray", "apostrophe"]
    opening: TextSpan
    closing: TextSpan | None = None
    words: TextSpan | None = Field(
        default=None, description="what stands between the marks; left out beside a small part of very many words"
    )
    depth: int = Field(default=0, description="0 for the outermost")

    def __str__(self) -> str:
        mark = f"{self.opening.text} at {self.opening.start}"
        if self.closing is not None:
            inner = " inside others" if self.depth else ""
            return f"{mark} is closed by {self.closing.text} at {self.closing.start}{inner}"
        return {
            "goes on": f"{mark} is not closed: the quote goes on in the next paragraph",
            "open": f"{mark} has no partner: all up to the end of its paragraph was taken for quoted",
            "stray": f"{mark} has no partner and means nothing",
            "apostrophe": f"{mark} was taken for an apostrophe",
            "pair": mark,
        }[self.read]


class QuoteExplanation(Frozen):
    """Why one quote is what it is."""

    quote: Quote
    proposal: Proposal = Field(description="what won")
    parts: tuple[Proposal, ...] = Field(default=(), description="the further proposals that were joined to it")
    record: CueRecord | None = Field(default=None, description="the cue in the lexicon, if the rule asks for a frame")
    weighings: tuple[Weighing, ...] = Field(default=(), description="how sure the rule was, then rules and encoder")
    taken: tuple[Taken, ...] = ()
    rivals: tuple[Rival, ...] = Field(default=(), description="what competed with it, the surest first")
    speaker: tuple[SpeakerStep, ...] = Field(default=(), description="the way from the source to the speaker's name")
    marks: tuple[Marks, ...] = ()

    def __str__(self) -> str:
        from quotekit.explain.rows import plain, quote_rows

        return plain(quote_rows(self))


class ParagraphReading(Frozen):
    """A paragraph (characters) and what the article reader took it for; ``body`` is where its running text begins."""

    start: int
    end: int
    kind: ParagraphKind
    body: int


class Place(Frozen):
    """What is to be said of a stretch of text: the quotes there, and where there are none, why, the nearest first."""

    where: TextSpan
    taken_for: tuple[ParagraphKind, ...] = Field(description="what the article reader took its paragraphs for")
    quotes: tuple[QuoteExplanation, ...]
    reasons: tuple[AnyReason, ...] = Field(description="why there is no quote, or none beside those")
    marks: tuple[Marks, ...]

    def __str__(self) -> str:
        from quotekit.explain.rows import place_rows, plain

        return plain(place_rows(self))


class Explanation(Frozen):
    """Why the quotes of ``text`` are what they are, and why there are no others. `str` of it reads well.

    ``reasons``, in text order, are about the words that no quote has; `at` picks those for a stretch.
    """

    text: str
    quotes: tuple[QuoteExplanation, ...]
    reasons: tuple[AnyReason, ...]
    marks: tuple[Marks, ...]
    paragraphs: tuple[ParagraphReading, ...]

    def at(self, start: int, end: int) -> Place:
        """What is to be said of the characters ``start`` to ``end`` (half-open; beyond the text there are none)."""
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
        """The stretches of ``span`` that hold words and stand in no quote."""
        gaps, at = [], span[0]
        for start, end in sorted((part.start, part.end) for one in quotes for part in one.quote.content):
            gaps.append((at, min(start, span[1])))
            at = max(at, end)
        gaps.append((at, max(at, span[1])))
        return [(start, end) for start, end in gaps if any(map(str.isalnum, self.text[start:end]))]

    def __str__(self) -> str:
        from quotekit.explain.rows import explanation_rows, plain

        return plain(explanation_rows(self))


def _touches(marks: Marks, span: Span) -> bool:
    ends = [part for part in (marks.opening, marks.closing, marks.words) if part is not None]
    around = min(part.start for part in ends), max(part.end for part in ends)
    return overlap(around, span) > 0 or inside(span, around)
