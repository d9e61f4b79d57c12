"""What was proposed, and the reasons why there is no quote: the smaller types of `quotekit.explain.explanation`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from quotekit.article.boilerplate import ParagraphKind
from quotekit.models import Act, Frozen, TextSpan


class Proposal(Frozen):
    """What a rule or the encoder proposed, and how sure it was when it competed."""

    rule: str = Field(description='id of the rule, or "encoder"')
    why: str | None = Field(default=None, description="the rule's own account of itself; the encoder has none")
    content: tuple[TextSpan, ...] = Field(min_length=1)
    source: TextSpan | None = None
    cue: TextSpan | None = None
    verb: str | None = None
    act: Act = "statement"
    confidence: float = Field(description="with which it competed")
    alone: float | None = Field(default=None, description="what the rule said before the encoder was heard")

    def __str__(self) -> str:
        who = f", {short(self.source.text, 30)}" if self.source else ""
        return f"{self.rule} “{short(' … '.join(part.text for part in self.content))}”{who}"


Fate = Literal["agreed", "joined", "less sure", "inside", "around", "below the floor", "blocked"]


class Rival(Frozen):
    """Another proposal for the same words, and what became of it.

    ``fate``: *agreed*: it proposed the very same; *joined*: it is a part of the quote; *less sure*: what won was surer;
    *inside*: it stands inside the quote and is not sure enough to be one of its own; *around*: the quote stands inside
    it, and it is not sure enough to hold it; *below the floor*: too unsure to compete; *blocked*: a rule says that
    nothing is said there.
    """

    proposal: Proposal
    fate: Fate
    by: str | None = Field(default=None, description="id of the rule that beat or blocked it")
    needed: float | None = Field(default=None, description="the confidence that it would have needed")

    def __str__(self) -> str:
        sure = f"{self.proposal.confidence:.2f}"
        return {
            "agreed": "proposed the same",
            "joined": "became a part of this quote",
            "less sure": f"less sure: {sure} against {self.needed or 0:.2f} of {self.by}",
            "inside": f"stands inside it, {sure} sure where {self.needed or 0:.2f} is needed",
            "around": f"stands around it, {sure} sure where {self.needed or 0:.2f} is needed",
            "below the floor": f"too unsure to compete: {sure}, the floor is {self.needed or 0:.2f}",
            "blocked": f"blocked by {self.by}",
        }[self.fate]


class Reason(Frozen):
    """Why there is no quote in ``where``; its subclasses say which reason it is, ``kind`` names them in JSON."""

    rank: ClassVar[int] = 0
    """How near it came, by kind: the lower the nearer."""

    where: TextSpan

    def order(self) -> tuple[float, ...]:
        """What reasons are sorted by: the nearest first, then by place."""
        return (self.rank, -self.closeness(), self.where.start, self.where.end)

    def closeness(self) -> float:
        """How near it came among those of its kind."""
        return 0.0

    def about(self) -> tuple[TextSpan, ...]:
        """The words that it explains."""
        return (self.where,)


class _Proposed(Reason):
    proposal: Proposal

    def closeness(self) -> float:
        return self.proposal.confidence

    def about(self) -> tuple[TextSpan, ...]:
        parts = (*self.proposal.content, self.proposal.source, self.proposal.cue)
        return tuple(part for part in parts if part is not None)

    def _what(self) -> str:
        return f"{self.proposal.rule} found “{short(self.proposal.content[0].text)}”"


class AnAttitude(_Proposed):
    """Found, but it is an attitude, and these are left out."""

    rank: ClassVar[int] = 0
    kind: Literal["attitude"] = "attitude"

    def __str__(self) -> str:
        verb = f" ({self.proposal.verb})" if self.proposal.verb else ""
        return f"{self._what()}, {self.proposal.confidence:.2f} sure; it is an attitude{verb}, and attitudes are off"


class BelowMinimum(_Proposed):
    """Found, but less sure than ``min_confidence``."""

    rank: ClassVar[int] = 1
    kind: Literal["min-confidence"] = "min-confidence"
    minimum: float

    def __str__(self) -> str:
        return f"{self._what()}, {self.proposal.confidence:.2f} sure; min_confidence is {self.minimum:g}"


class Lost(_Proposed):
    """Proposed, and something else got the words; ``quote`` is the id of that, if it is shown."""

    rank: ClassVar[int] = 2
    kind: Literal["lost"] = "lost"
    rival: Rival
    quote: str | None = None

    def about(self) -> tuple[TextSpan, ...]:
        # Source and cue are mostly those of the quote that won.
        return self.proposal.content

    def __str__(self) -> str:
        return f"{self._what()}; lost{f' to {self.quote}' if self.quote else ''}: {self.rival}"


class Blocked(_Proposed):
    """A rule would have found something, and a blocking rule says that nothing is said there."""

    rank: ClassVar[int] = 3
    kind: Literal["blocked"] = "blocked"
    by: str
    why: str

    def __str__(self) -> str:
        return f"{self.proposal.rule} would fit, {self.by} blocks it: {self.why}"


class Unsure(_Proposed):
    """Proposed, but too unsure to compete."""

    rank: ClassVar[int] = 4
    kind: Literal["unsure"] = "unsure"
    floor: float

    def __str__(self) -> str:
        return f"{self._what()}, but only {self.proposal.confidence:.2f} sure; the floor is {self.floor:g}"


class Unread(Reason):
    """A rule's pattern matched, but nothing could be read off it."""

    rank: ClassVar[int] = 7
    kind: Literal["unread"] = "unread"
    rule: str
    why: str
    cue: TextSpan
    missing: Literal["lexicon", "source", "content", "marks"]
    detail: str

    def __str__(self) -> str:
        return f"{self.rule} matched at “{self.cue.text}”, but {self.detail}"


class MatchedNode(Frozen):
    """A node of a pattern and the token that it matched."""

    name: str
    token: TextSpan


class NearMatch(Reason):
    """A rule's pattern matched but for one node.

    ``wanted`` is that node as the page of rules shows it: ``cue > content [DEP: ccomp]``. ``closest`` is the token that
    came nearest to it and ``differs`` says in what it differs.
    """

    rank: ClassVar[int] = 8
    kind: Literal["near-match"] = "near-match"
    rule: str
    why: str
    matched: tuple[MatchedNode, ...]
    missing: str
    wanted: str
    closest: TextSpan | None = None
    differs: str | None = None
    likely: float = Field(description="how often cues in the rule's frame are right: the more, the nearer it came")

    def closeness(self) -> float:
        # Where only the lexicon lacks the word, all of the grammar fits.
        return 100 * (self.missing == "cue") + 10 * len(self.matched) + (self.closest is not None) + self.likely

    def __str__(self) -> str:
        matched = ", ".join(f"{node.name} “{node.token.text}”" for node in self.matched)
        if self.closest is None:
            return f"{self.rule} nearly matched ({matched}): no {self.missing}, wanted {self.wanted}"
        if self.missing == "cue":
            return f"{self.rule} would match ({matched}) at “{self.closest.text}”, but {self.differs}"
        return (
            f"{self.rule} nearly matched ({matched}): no {self.missing}, wanted {self.wanted}; "
            f"“{self.closest.text}” is not that: {self.differs}"
        )


class NotSpeech(Reason):
    """Quoted words that nobody claims, and what they look like."""

    rank: ClassVar[int] = 6
    kind: Literal["not-speech"] = "not-speech"
    taken_for: Literal["title", "name or scare quote", "speech without a source"]

    def __str__(self) -> str:
        words = f"“{short(self.where.text)}”"
        if self.taken_for == "title":
            return f"{words} reads like a title or a nickname: every longer word begins with a capital"
        if self.taken_for == "name or scare quote":
            return f"{words} reads like a name or a scare quote: too few words, or no sentence's end"
        return f"{words} reads like speech, but no cue beside it and no source before it claims it"


class KnownCue(Frozen):
    """A word that can be a cue, the frames that the lexicon has for it, and the rules that matched at it."""

    word: TextSpan
    lemma: str
    frames: tuple[str, ...]
    matched: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.matched:
            return f"{self.lemma} (matched by {', '.join(self.matched)})"
        return f"{self.lemma} (frames {', '.join(self.frames)}: no rule matched)" if self.frames else self.lemma


class NoMatch(Reason):
    """The sentence has words that can be cues, but no rule matched at them, or what it found lies elsewhere."""

    rank: ClassVar[int] = 9
    kind: Literal["no-match"] = "no-match"
    cues: tuple[KnownCue, ...]
    verbs: tuple[str, ...] = Field(default=(), description="the verbs there that the lexicon does not have")
    encoder: float | None = Field(default=None, description="how sure the encoder is, on average, that it is content")

    def __str__(self) -> str:
        cues = ", ".join(map(str, self.cues))
        verbs = f"; no cues: {', '.join(self.verbs)}" if self.verbs else ""
        return f"what can be a cue here brings nothing to these words: {cues}{verbs}{_seen(self.encoder)}"


class NoCue(Reason):
    """No word of the sentence is in the lexicon; ``verbs`` are the verbs there."""

    rank: ClassVar[int] = 10
    kind: Literal["no-cue"] = "no-cue"
    verbs: tuple[str, ...]
    encoder: float | None = Field(default=None, description="how sure the encoder is, on average, that it is content")

    def __str__(self) -> str:
        if not self.verbs:
            return f"the sentence has no verb, and no cue{_seen(self.encoder)}"
        return f"no verb here is known to report: {', '.join(self.verbs)}{_seen(self.encoder)}"


class Around(Reason):
    """The words belong to a quote, but are not what is said."""

    rank: ClassVar[int] = 11
    kind: Literal["around"] = "around"
    quote: str
    part: Literal["source", "cue", "sentence"]

    def order(self) -> tuple[float, ...]:
        # To be a quote's source or cue is all there is to say of a word; to stand in its sentence is not.
        return super().order() if self.part == "sentence" else (5.0, *super().order()[1:])

    def __str__(self) -> str:
        if self.part == "sentence":
            return f"part of {self.quote}'s sentence, outside what is said"
        return f"“{short(self.where.text)}” is the {self.part} of {self.quote}"


class Outside(Reason):
    """The words are not read: the article reader took them for something else than running text."""

    rank: ClassVar[int] = 12
    kind: Literal["outside"] = "outside"
    taken_for: ParagraphKind | Literal["dateline"]

    def __str__(self) -> str:
        what = "no running text" if self.taken_for == "other" else f"a {self.taken_for}"
        return f"“{short(self.where.text)}” was taken for {what} and is not read"


class NoWords(Reason):
    """No word to quote stands there."""

    rank: ClassVar[int] = 13
    kind: Literal["no-words"] = "no-words"

    def __str__(self) -> str:
        return "no words stand there"


AnyReason = Annotated[
    AnAttitude
    | BelowMinimum
    | Lost
    | Blocked
    | Unsure
    | Unread
    | NearMatch
    | NotSpeech
    | NoMatch
    | NoCue
    | Around
    | Outside
    | NoWords,
    Field(discriminator="kind"),
]


def _seen(encoder: float | None) -> str:
    return "" if encoder is None else f"; the encoder holds it {encoder:.0%} likely to be said"


def short(text: str, most: int = 60) -> str:
    """``text`` on one line, cut in its middle if it is longer than ``most`` characters.

    >>> short("one two three four", 9)
    'one … four'
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    half = (most - 1) // 2
    return f"{line[:half].rstrip()} … {line[-half:].lstrip()}"
