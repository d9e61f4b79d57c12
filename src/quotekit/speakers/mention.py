"""Mentions, the phrases that rules read, and what a rule finds."""

from __future__ import annotations

from dataclasses import dataclass

from quotekit.models import Span
from quotekit.speakers.cast.entity import Entity

Link = tuple[Span, str]
"""Words that refer to a speaker (characters), and the id of the rule that resolved them."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One source mention of an attribution.

    Attributes:
        span: the words of the source (characters).
        content: what is attributed to it (characters). A pronoun inside the content may refer to its source.
        direct: whether the content is in quotation marks.
    """

    span: Span
    content: tuple[Span, ...]
    direct: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: its tokens and its head. Usually a mention; for "who" its antecedent."""

    tokens: range
    head: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule finds for a mention.

    Attributes:
        entity: the speaker.
        through: the antecedent, if the entity was found by way of other words.
        noun: the noun (lemma) under which a description introduced the entity.
        gender: the gender that the mention shows.
        country: the country that the mention shows.
        is_body: whether the mention shows that the entity is a body and not a person.
        evidence: what tells a sure answer of the rule from a guess; see ``data/en/speaker_confidence.json``.
    """

    entity: Entity
    through: Link | None = None
    noun: str | None = None
    gender: str | None = None
    country: str | None = None
    is_body: bool = False
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The speaker of a mention, the rule that decided on what evidence, and the links on the way to the name."""

    entity: Entity
    rule: str
    through: tuple[Link, ...] = ()
    evidence: str = ""
