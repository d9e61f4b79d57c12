"""The types that leave the library, and the arithmetic of character spans.

Every offset is a character offset into the caller's own string, half-open:
``text[span.start:span.end] == span.text``.

Field names follow the literature on attribution (Pareti 2012; PolNeAR, Newell et al. 2018): the *source* is to whom
something is attributed, the *cue* expresses the attribution, the *content* is what is attributed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticSerializationError

from quotekit import views

if TYPE_CHECKING:
    from typing_extensions import Self

Span = tuple[int, int]
"""A span inside the library: characters, half-open."""

QuoteKind = Literal["direct", "indirect", "mixed"]
Act = Literal["statement", "attitude"]
Exchange = Literal["question", "answer"]
Gender = Literal["female", "male"]
GENDERS: dict[str, Gender] = {"female": "female", "male": "male"}
SpeakerOffice = Literal[
    "head",
    "minister",
    "diplomat",
    "spokesperson",
    "military",
    "legislator",
    "party",
    "court",
    "police",
    "international",
    "company",
    "media",
    "expert",
    "citizen",
]
OFFICES: dict[str, SpeakerOffice] = {office: office for office in get_args(SpeakerOffice)}
SpeakerKind = Literal["person", "organization", "government", "group", "anonymous", "document", "unknown"]

UNSURE = 0.7
"""Confidence below which a quote, or its speaker, is shown as unsure."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Frozen(BaseModel):
    """Base of all types that leave the library: immutable, strict about their fields, and JSON whatever the text.

    A Python string may hold a lone surrogate, which UTF-8 cannot encode. It is written as an escape, so that offsets
    stay valid, and read back from it.

    >>> lone = TextSpan(start=0, end=1, text="\\ud800")
    >>> print(lone.model_dump_json())
    {"start":0,"end":1,"text":"\\ud800"}
    >>> TextSpan.model_validate_json(lone.model_dump_json()) == lone
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_dump_json(self, **options: Any) -> str:
        """Return JSON as pydantic does; a lone surrogate is written as an escape."""
        try:
            return super().model_dump_json(**options)
        except PydanticSerializationError:
            indent, ascii_only = options.pop("indent", None), options.pop("ensure_ascii", False)
            plain = self.model_dump(mode="json", **options)
            separators = (",", ":" if indent is None else ": ")
            return escaped(json.dumps(plain, ensure_ascii=ascii_only, indent=indent, separators=separators))

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Read JSON as pydantic does; the escape of a lone surrogate is accepted."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            if error.errors()[0]["type"] != "json_invalid":
                raise
            try:
                plain = json.loads(json_data)
            except ValueError:
                raise error from None
            return cls.model_validate(plain, **options)


def escaped(text: str) -> str:
    r"""Return JSON with its lone surrogates as escapes, which UTF-8 can encode and any JSON parser accepts.

    Two that would be read back as one character become U+FFFD each, so that offsets stay valid.

    >>> print(escaped('"\udfff"'))
    "\udfff"
    >>> escaped('"\ud83d\ude00"')
    '"\ufffd\ufffd"'
    """
    if text.isascii():
        return text
    text = _PAIR.sub("\ufffd\ufffd", text)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def without_surrogates(text: str) -> str:
    r"""Return ``text`` with U+FFFD for each lone surrogate, which UTF-8 cannot hold; offsets stay what they are.

    >>> without_surrogates("a\ud800b") == "a\ufffdb"
    True
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


class TextSpan(Frozen):
    """A stretch of the article.

    >>> TextSpan.of("Ann Lee left.", (0, 7))
    TextSpan(start=0, end=7, text='Ann Lee')
    """

    start: int = Field(ge=0, description="first character")
    end: int = Field(ge=0, description="one past the last character")
    text: str = Field(description="the characters themselves")

    @model_validator(mode="after")
    def _length_fits(self) -> TextSpan:
        if self.end - self.start != len(self.text):
            raise ValueError(
                f"a span's text must be as long as its offsets say: {self.start} to {self.end} is "
                f"{self.end - self.start} characters, the text has {len(self.text)}"
            )
        return self

    @classmethod
    def of(cls, text: str, span: Span) -> TextSpan:
        """Return the words of ``text`` in ``span`` (characters, half-open)."""
        return cls(start=span[0], end=span[1], text=text[span[0] : span[1]])


class SpeakerMention(TextSpan):
    """Words of the article that refer to a speaker, and the rule that resolved them.

    >>> SpeakerMention(start=0, end=2, text="He", rule="speaker.pronoun.person").rule
    'speaker.pronoun.person'
    """

    rule: str = Field(description='id of the rule that resolved the words: "speaker.pronoun.person"')


class Position(Frozen):
    """The place of a quote: the hull of its content (characters), paragraph and sentence (from 0)."""

    start: int = Field(ge=0, description="first character of the content")
    end: int = Field(ge=0, description="one past its last character")
    paragraph: int = Field(ge=0, description="index of the paragraph it begins in")
    sentence: int = Field(ge=0, description="index of the sentence it begins in")


class Speaker(Frozen):
    """Who says it. All quotes of a speaker have the same ``id``; ``mentions`` are those that led from this quote to it.

    Equality and hash ignore the mentions, so that speakers can be counted and grouped.

    >>> he = SpeakerMention(start=0, end=2, text="He", rule="speaker.pronoun.person")
    >>> Speaker(id="s1", name="Bo Stone", mentions=(he,)) == Speaker(id="s1", name="Bo Stone")
    True
    """

    id: str = Field(description='"s1", … in order of first mention')
    name: str = Field(description="the fullest form of the name in the article, without titles")
    kind: SpeakerKind = "unknown"
    role: str | None = Field(default=None, description='"U.S. Secretary of State"')
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2")
    mentions: tuple[SpeakerMention, ...] = Field(
        default=(), description="the steps from the source to the name: the source, its antecedents, the name"
    )
    known_id: str | None = Field(default=None, description="id in the caller's own list of speakers")
    named: bool = Field(default=False, description="whether the article names the speaker")
    gender: Gender | None = Field(default=None, description="of one person, as the article's words or the name show it")
    office: SpeakerOffice | None = Field(
        default=None, description="what the speaker speaks as, as role, description or name show it: minister, court, …"
    )

    person_id: str | None = Field(default=None, description="id across articles, which quotekit link fills in")

    def _who(self) -> tuple[str | bool | None, ...]:
        own = self.id, self.name, self.kind, self.role, self.country, self.known_id, self.person_id
        return *own, self.named, self.gender, self.office

    def __eq__(self, other: object) -> bool:
        return self._who() == other._who() if isinstance(other, Speaker) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._who())


class Quote(Frozen):
    """One attributed statement or attitude.

    ``content`` excludes the outermost quotation marks and the white space around each part, and nothing else. ``text``
    is the same for reading: the parts joined by one space, line breaks replaced by spaces.
    """

    id: str = Field(description='"q1", … in text order')
    kind: QuoteKind = Field(description="direct: all in quotation marks; indirect: none; mixed: some")
    act: Act = Field(description="statement (said, wrote, according to) or attitude (believes, hopes)")
    text: str
    content: tuple[TextSpan, ...] = Field(min_length=1)
    speaker: Speaker | None = None
    source: TextSpan | None = Field(default=None, description='the words that name the speaker here ("he")')
    verb: str | None = Field(default=None, description='lemma of the cue\'s verb ("say")')
    cue: TextSpan | None = Field(default=None, description='"was quick to say", "according to"')
    position: Position
    parent: str | None = Field(default=None, description="id of the quote that this one is nested in")
    turn: int | None = Field(default=None, ge=0, description="index of the turn, from 0, in a document of turns")
    exchange: Exchange | None = Field(default=None, description="what a turn is, if the layout says so")
    confidence: float = Field(ge=0, le=1, description="a measured precision: the share of such quotes that are right")
    speaker_confidence: float | None = Field(
        default=None, ge=0, le=1, description="a measured precision: the share of such speakers that are right"
    )
    rule: str = Field(description='id of the rule that decided ("en.direct.verb-after"), or "encoder"')

    @property
    def who(self) -> str:
        """The speaker's name, for reading; without a speaker the words of the source, or "unknown".

        >>> span = TextSpan(start=1, end=3, text="No")
        >>> position = Position(start=1, end=3, paragraph=0, sentence=0)
        >>> Quote(id="q1", kind="direct", act="statement", text="No", content=(span,), position=position,
        ...       confidence=0.5, rule="layout.alone").who
        'unknown'
        """
        if self.speaker is not None:
            return self.speaker.name
        return self.source.text if self.source is not None else "unknown"

    @property
    def guessed(self) -> bool:
        """True if the speaker is a guess, such as between two people who both fit.

        >>> span = TextSpan(start=1, end=3, text="No")
        >>> position = Position(start=1, end=3, paragraph=0, sentence=0)
        >>> Quote(id="q1", kind="direct", act="statement", text="No", content=(span,), position=position,
        ...       confidence=0.9, speaker_confidence=0.5, rule="encoder").guessed
        True
        """
        return self.speaker_confidence is not None and self.speaker_confidence < UNSURE

    def _repr_html_(self) -> str | None:
        """Return the quote as a notebook shows it."""
        return None if views.quote_html is None else views.quote_html(self)


class Passage(Frozen):
    """One paragraph of an article, and what it is.

    >>> Passage(start=0, end=14, kind="byline").kind
    'byline'
    """

    start: int = Field(ge=0, description="first character")
    end: int = Field(ge=0, description="one past the last character")
    kind: str = Field(description="text, headline, byline, date, caption, link or other; only text is read for quotes")


class Reading(Frozen):
    """What one article holds; ``quotes`` is what `extract` returns.

    >>> reading = Reading(text="It rained.", form="story", paragraphs=(Passage(start=0, end=10, kind="text"),))
    >>> reading.quotes, reading.speakers
    ((), ())
    """

    text: str = Field(description="the caller's own text; all offsets are characters of it")
    form: str = Field(description="story, transcript, record, interview, speech, statement, readout, …")
    paragraphs: tuple[Passage, ...] = Field(description="in text order")
    quotes: tuple[Quote, ...] = Field(default=(), description="in text order")
    left_out: int = Field(default=0, ge=0, description="number of finds that ``min_confidence`` leaves out")
    notices: tuple[str, ...] = Field(default=(), description="what was not understood, a sentence each")

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """The speakers of the quotes, each once, in order of their first quote."""
        return tuple(dict.fromkeys(quote.speaker for quote in self.quotes if quote.speaker is not None))


def overlap(a: Span, b: Span) -> int:
    """Return the number of characters that two spans share.

    >>> overlap((0, 5), (3, 9))
    2
    """
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def inside(inner: Span, outer: Span) -> bool:
    """Return whether ``inner`` lies wholly in ``outer``."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def hull(spans: tuple[Span, ...] | list[Span]) -> Span:
    """Return the smallest span that covers all of ``spans`` (at least one)."""
    return min(s for s, _ in spans), max(e for _, e in spans)


def strip(text: str, span: Span, characters: str | None = None) -> Span:
    """Return ``span`` without white space (or ``characters``) at its edges; empty, at its start, if nothing is left.

    >>> strip("  ab ", (0, 5))
    (2, 4)
    """
    piece = text[span[0] : span[1]]
    stripped = piece.strip(characters)
    if not stripped:
        return span[0], span[0]
    start = span[0] + len(piece) - len(piece.lstrip(characters))
    return start, start + len(stripped)
