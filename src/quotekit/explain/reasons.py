"""The reasons why there is no quote, as plain data."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from quotekit.article.boilerplate import ParagraphKind
from quotekit.explain.proposals import Proposal, Rival, short
from quotekit.models import Frozen, TextSpan


class Reason(Frozen):
    """Why there is no quote in ``where``. Each reason is a subclass; in JSON ``kind`` names it."""

    rank: ClassVar[int] = 0
    """How near this kind of reason comes to a quote: the lower, the nearer."""

    where: TextSpan

    def order(self) -> tuple[float, ...]:
        """Return the sort key: the nearest reason first, then by place."""
        return (self.rank, -self.closeness(), self.where.start, self.where.end)

    def closeness(self) -> float:
        """Return how near it comes among reasons of its kind: the higher, the nearer."""
        return 0.0

    def about(self) -> tuple[TextSpan, ...]:
        """Return the words that it explains."""
        return (self.where,)


class _Proposed(Reason):
    proposal: Proposal

    def closeness(self) -> float:
        return self.proposal.confidence

    def about(self) -> tuple[TextSpan, ...]:
        parts = (*self.proposal.content, self.proposal.source, self.proposal.cue)
        return tuple(part for part in parts if part is not None)

    def _what(self) -> str:
        words, confidence = short(self.proposal.content[0].text), self.proposal.confidence
        return f"{self.proposal.rule} found “{words}” (confidence {confidence:.2f})"


class AnAttitude(_Proposed):
    """Found, but it is an attitude, and attitudes are left out."""

    rank: ClassVar[int] = 0
    kind: Literal["attitude"] = "attitude"

    def __str__(self) -> str:
        verb = f" ({self.proposal.verb})" if self.proposal.verb else ""
        return f"{self._what()}; it is an attitude{verb}, and attitudes are off"


class BelowMinimum(_Proposed):
    """Found, but with a confidence below ``min_confidence``."""

    rank: ClassVar[int] = 1
    kind: Literal["min-confidence"] = "min-confidence"
    minimum: float

    def __str__(self) -> str:
        return f"{self._what()}; min_confidence is {self.minimum:g}, and with 0 it is a quote"


class NoSource(_Proposed):
    """Found, but without a source and not wholly in quotation marks; ``min_confidence=0`` returns such quotes."""

    rank: ClassVar[int] = 1
    kind: Literal["no-source"] = "no-source"

    def __str__(self) -> str:
        return f"{self._what()}; it has no source, and only min_confidence=0 returns such quotes"


class Corrected(_Proposed):
    """Found, but a reader's correction says that it is not a quote, or that its content is another."""

    rank: ClassVar[int] = 1
    kind: Literal["corrected"] = "corrected"

    def __str__(self) -> str:
        return f"{self._what()}; a reader corrected it"


class Lost(_Proposed):
    """Proposed, but another proposal won; ``quote`` is the id of its quote, if it is shown."""

    rank: ClassVar[int] = 2
    kind: Literal["lost"] = "lost"
    rival: Rival
    quote: str | None = None

    def about(self) -> tuple[TextSpan, ...]:
        # Source and cue mostly belong to the quote that won.
        return self.proposal.content

    def __str__(self) -> str:
        return f"{self._what()}; lost{f' to {self.quote}' if self.quote else ''}: {self.rival}"


class Blocked(_Proposed):
    """A rule would have found something, but a blocking rule says that nothing is said there."""

    rank: ClassVar[int] = 3
    kind: Literal["blocked"] = "blocked"
    by: str
    why: str

    def __str__(self) -> str:
        return f"{self.proposal.rule} would match, but {self.by} blocks it: {self.why}"


class Unsure(_Proposed):
    """Proposed, but not confident enough to compete."""

    rank: ClassVar[int] = 4
    kind: Literal["unsure"] = "unsure"
    floor: float

    def __str__(self) -> str:
        return f"{self._what()}; the minimum is {self.floor:g}"


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
    """A rule's pattern matched except for one node.

    ``wanted`` is that node as the reference of rules shows it: ``cue > content [DEP: ccomp]``. ``closest`` is the token
    that comes nearest to it, and ``differs`` says how it differs.
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
    likely: float = Field(description="how often cues in the rule's frame are right; ranks near matches")

    def closeness(self) -> float:
        # Where only the lexicon lacks the word, the whole grammar fits.
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
    """Quoted words that are attributed to nobody, and what they look like."""

    rank: ClassVar[int] = 6
    kind: Literal["not-speech"] = "not-speech"
    taken_for: Literal["title", "name or scare quote", "speech without a source"]

    def __str__(self) -> str:
        words = f"“{short(self.where.text)}”"
        if self.taken_for == "title":
            return f"{words} reads like a title or a nickname: every longer word begins with a capital"
        if self.taken_for == "name or scare quote":
            return f"{words} reads like a name or a scare quote: too few words, or no end of a sentence"
        return f"{words} reads like speech, but it has no cue beside it and no source before it"


class KnownCue(Frozen):
    """A word that can be a cue, its frames in the lexicon, and the rules that matched there."""

    word: TextSpan
    lemma: str
    frames: tuple[str, ...]
    matched: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.matched:
            return f"{self.lemma} (matched by {', '.join(self.matched)})"
        return f"{self.lemma} (frames {', '.join(self.frames)}: no rule matched)" if self.frames else self.lemma


class NoMatch(Reason):
    """The sentence has words that can be cues, but no rule matched there, or its content lies elsewhere."""

    rank: ClassVar[int] = 9
    kind: Literal["no-match"] = "no-match"
    cues: tuple[KnownCue, ...]
    verbs: tuple[str, ...] = Field(default=(), description="verbs of the sentence that the lexicon lacks")
    encoder: float | None = Field(default=None, description="the encoder's mean probability of content")

    def __str__(self) -> str:
        cues = ", ".join(map(str, self.cues))
        verbs = f"; other verbs: {', '.join(self.verbs)}" if self.verbs else ""
        return f"the cues of this sentence do not reach these words: {cues}{verbs}{_seen(self.encoder)}"


class NoCue(Reason):
    """No word of the sentence is a cue in the lexicon; ``verbs`` are its verbs."""

    rank: ClassVar[int] = 10
    kind: Literal["no-cue"] = "no-cue"
    verbs: tuple[str, ...]
    encoder: float | None = Field(default=None, description="the encoder's mean probability of content")

    def __str__(self) -> str:
        if not self.verbs:
            return f"the sentence has no verb and no cue{_seen(self.encoder)}"
        return f"no verb here is a known cue: {', '.join(self.verbs)}{_seen(self.encoder)}"


class Around(Reason):
    """The words belong to a quote, but not to its content."""

    rank: ClassVar[int] = 11
    kind: Literal["around"] = "around"
    quote: str
    part: Literal["source", "cue", "sentence"]

    def order(self) -> tuple[float, ...]:
        # That a word is a source or a cue explains it fully; that it is in a quote's sentence does not.
        return super().order() if self.part == "sentence" else (5.0, *super().order()[1:])

    def __str__(self) -> str:
        if self.part == "sentence":
            return f"in the sentence of {self.quote}, outside its content"
        return f"“{short(self.where.text)}” is the {self.part} of {self.quote}"


class Outside(Reason):
    """The words are not read, because they are not running text."""

    rank: ClassVar[int] = 12
    kind: Literal["outside"] = "outside"
    taken_for: ParagraphKind | Literal["dateline"]

    def __str__(self) -> str:
        what = "is not running text" if self.taken_for == "other" else f"was taken for a {self.taken_for}"
        return f"“{short(self.where.text)}” {what} and is not read"


class NoWords(Reason):
    """There are no words to quote."""

    rank: ClassVar[int] = 13
    kind: Literal["no-words"] = "no-words"

    def __str__(self) -> str:
        return "there are no words"


AnyReason = Annotated[
    AnAttitude
    | BelowMinimum
    | NoSource
    | Corrected
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
    return "" if encoder is None else f"; probability of content by the encoder: {encoder:.0%}"
