"""Why a quote is what it is, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from quotekit.explain.proposals import Proposal, Rival, short
from quotekit.explain.rows import Row, plain
from quotekit.models import Act, Frozen, Quote, SpeakerMention, TextSpan

MOST_TERMS = 4
"""Number of a confidence's terms that are shown, the heaviest first."""

MOST_RIVALS = 6
"""Number of a quote's rivals that are shown."""


class CueRecord(Frozen):
    """The lexicon's entry for a cue in the frame that the rule requires."""

    cue: str = Field(description='as the lexicon lists it: "point out"')
    frame: str
    act: Act
    precision: float = Field(description="share of its occurrences in this frame that are attributions")
    origin: Literal["built-in", "own"] = Field(description="in quotekit's lexicon, or in a rule file of yours")


class Term(Frozen):
    """A fact that moved a confidence: its name, its value, and what it added to the log odds."""

    name: str
    value: float
    adds: float


class Weighing(Frozen):
    """How a confidence was computed: its log odds are ``bias`` plus what the terms add. The heaviest term is first."""

    by: Literal["rule", "rules and encoder"]
    situation: str | None = Field(default=None, description='what each found: "encoder: all, rules: nothing"')
    bias: float
    terms: tuple[Term, ...]
    confidence: float
    raised: bool = Field(default=False, description="raised because the words are quoted")

    def __str__(self) -> str:
        by = "by the rule alone" if self.by == "rule" else f"together ({self.situation})"
        terms = ", ".join(f"{term.name} {term.adds:+.2f}" for term in self.terms[:MOST_TERMS])
        raised = "; raised, as the words are quoted" if self.raised else ""
        return f"{self.confidence:.2f} {by}: {terms}{raised}"


class Taken(Frozen):
    """A field of a quote that differs from its own proposal, where it comes from, and why."""

    field: Literal["content", "source", "verb", "act"]
    words: TextSpan | None = None
    rule: str | None = Field(default=None, description="id of the rule that proposed it")
    why: str

    def __str__(self) -> str:
        said = f" “{short(self.words.text)}”" if self.words else ""
        return f"{self.field}{said}: {self.why}"


class SpeakerStep(SpeakerMention):
    """One step from the source to the speaker's name: the words, the rule that resolved them, and its ``why``."""

    why: str | None = None


class Marks(Frozen):
    """How a quotation mark was read.

    ``read``: *pair*: it has a partner; *continues*: the quote continues in the next paragraph; *open*: its partner is
    missing, and everything up to the paragraph's end was taken as quoted; *stray*: it was ignored; *apostrophe*.
    """

    read: Literal["pair", "continues", "open", "stray", "apostrophe"]
    opening: TextSpan
    closing: TextSpan | None = None
    words: TextSpan | None = Field(
        default=None, description="the text between the marks; left out where a quote covers a small part of a long one"
    )
    depth: int = Field(default=0, description="0 for the outermost")

    def __str__(self) -> str:
        mark = f"{self.opening.text} at {self.opening.start}"
        if self.closing is not None:
            inner = " inside others" if self.depth else ""
            return f"{mark} is closed by {self.closing.text} at {self.closing.start}{inner}"
        return {
            "continues": f"{mark} is not closed: the quote continues in the next paragraph",
            "open": f"{mark} has no partner: the rest of its paragraph was taken as quoted",
            "stray": f"{mark} has no partner and was ignored",
            "apostrophe": f"{mark} was taken for an apostrophe",
            "pair": mark,
        }[self.read]


class QuoteExplanation(Frozen):
    """Why one quote is what it is."""

    quote: Quote
    proposal: Proposal = Field(description="the winner")
    parts: tuple[Proposal, ...] = Field(default=(), description="other proposals that were joined to it")
    record: CueRecord | None = Field(default=None, description="the cue's entry, if the rule requires a frame")
    weighings: tuple[Weighing, ...] = Field(default=(), description="the rule's confidence, then that of both together")
    taken: tuple[Taken, ...] = ()
    rivals: tuple[Rival, ...] = Field(default=(), description="what competed with it, the most confident first")
    speaker: tuple[SpeakerStep, ...] = Field(default=(), description="the steps from the source to the speaker's name")
    marks: tuple[Marks, ...] = ()

    def __str__(self) -> str:
        return plain(self.rows())

    def rows(self) -> Iterator[Row]:
        """Yield the lines that `str` lays out."""
        yield from self._field_rows()
        yield from self._confidence_rows()
        for taken in self.taken:
            yield Row("also", str(taken))
        yield from self._speaker_rows()
        for rival in self.rivals[:MOST_RIVALS]:
            agrees = rival.fate == "agreed"
            yield Row("agrees" if agrees else "lost", rival.proposal.rule if agrees else f"{rival.proposal}: {rival}")
        if len(self.rivals) > MOST_RIVALS:
            yield Row("", f"and {len(self.rivals) - MOST_RIVALS} more")
        for marks in self.marks:
            yield Row("marks", str(marks))

    def _field_rows(self) -> Iterator[Row]:
        quote = self.quote
        yield Row("", f"{quote.id} · {quote.kind} {quote.act} · {quote.confidence:.2f} · {quote.rule}")
        for part in quote.content:
            yield Row("content", f"“{short(part.text, 160)}” ({part.start}:{part.end})")
        if quote.source is not None:
            yield Row("source", f"{short(quote.source.text)} ({quote.source.start}:{quote.source.end})")
        if quote.cue is not None:
            verb = f", verb {quote.verb}" if quote.verb else ""
            yield Row("cue", f"{short(quote.cue.text)} ({quote.cue.start}:{quote.cue.end}){verb}")

    def _confidence_rows(self) -> Iterator[Row]:
        record = self.record
        if record is not None:
            act = f"an {record.act}" if record.act == "attitude" else f"a {record.act}"
            origin = "built in" if record.origin == "built-in" else "from your own rule file"
            yield Row("lexicon", f"{record.cue} in the frame “{record.frame}”: {record.precision:.2f}, {act}, {origin}")
        if self.proposal.why:
            yield Row("why", self.proposal.why)
        for weighing in self.weighings:
            yield Row("confidence", str(weighing))
        if not self.weighings:
            by = "cue" if record is not None and record.origin == "own" else "rule"
            yield Row("confidence", f"{self.quote.confidence:.2f}, as the {by} states it")

    def _speaker_rows(self) -> Iterator[Row]:
        speaker = self.quote.speaker
        if speaker is None:
            sourced = self.quote.source is not None
            why = "speakers were not resolved, or no rule knows this one" if sourced else "no source was found"
            yield Row("speaker", f"none: {why}")
            return
        role = f", {speaker.role}" if speaker.role else ""
        confidence = self.quote.speaker_confidence
        sure = "" if confidence is None else f" · {confidence:.2f}{', a guess' if self.quote.guessed else ''}"
        yield Row("speaker", f"{speaker.name} ({speaker.kind}{role}){sure}")
        if not self.speaker:
            yield Row("", "named in a correction")
        for step in self.speaker:
            why = f": {step.why}" if step.why else ""
            yield Row("", f"“{short(step.text)}” ({step.start}:{step.end}) by {step.rule}{why}")
