"""The speakers of an article: drafts while its names are read, and entities, which never change, afterwards."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.models import Span, SpeakerKind

Office = tuple[str, frozenset[str]]
"""A role for comparison: its head noun (lower case) and all its words (lower case)."""

BY_NAME = "speaker.name.full"
BY_BODY = "speaker.name.body"
BY_PLACE = "speaker.name.place"
BY_JOINT = "speaker.name.joined"
BY_CASE = "speaker.name.case"
BY_TURN = "speaker.turn"
"""Ids of the rules by which the name of an entity identifies it."""


class _Speaker:
    """Fields and methods that drafts and entities share."""

    __slots__ = ()

    kind: SpeakerKind
    gender: str | None
    offices: tuple[Office, ...]
    sure: bool

    def may_be_body(self) -> bool:
        """Return whether only capital letters suggest a person."""
        return self.kind == "person" and not self.sure and self.gender is None and not self.offices

    def takes(self, gender: str | None) -> bool:
        """Return whether the speaker may have ``gender``."""
        return gender is None or self.gender is None or self.gender == gender


@dataclass(frozen=True, slots=True, eq=False)
class Entity(_Speaker):
    """One speaker of an article. Two entities are equal if their keys are.

    Attributes:
        key: identifies the entity within its article.
        kind: the kind of speaker.
        name: the fullest name in the article, or the words of a description.
        name_span: where the name is, in characters; ``None`` for a description.
        naming: id of the rule by which ``name_span`` names the entity.
        words: words of the name for comparison.
        gender: "male", "female" or ``None``.
        gender_shown: the words that show the gender and the rule that read them, unless the name itself does.
        country: ISO 3166-1 alpha-2 code.
        place: "country", "state" or "body" for what the list of places has.
        role: the fullest role given beside the name.
        offices: all roles, for comparison.
        facts: words (lower case) given behind the name: a party, a state, an age.
        party: the party given anywhere beside the name.
        states: the states (lower case) given anywhere beside the name.
        sure: whether more than capital letters shows the kind.
        full: number of mentions by full name.
        acts: whether a mention is a grammatical subject.
        plural: whether the entity is more than one speaker.
        withheld: whether the article keeps a name back, and does not merely leave it out.
    """

    key: Hashable
    kind: SpeakerKind
    name: str
    name_span: Span | None = None
    naming: str = BY_BODY
    words: tuple[str, ...] = ()
    gender: str | None = None
    gender_shown: tuple[Span, str] | None = None
    country: str | None = None
    place: str | None = None
    role: str | None = None
    offices: tuple[Office, ...] = ()
    facts: frozenset[str] = frozenset()
    party: str | None = None
    states: frozenset[str] = frozenset()
    sure: bool = False
    full: int = 0
    acts: bool = False
    plural: bool = False
    withheld: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entity) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def is_named(self) -> bool:
        """Return whether the article has a name for the entity, and not only a description or a label."""
        if self.naming == BY_TURN:
            return self.kind == "person"
        return self.name_span is not None or self.place is not None or self.naming in (BY_JOINT, BY_CASE)

    def as_body(self) -> Entity:
        """Return the entity as an organization."""
        return replace(self, kind="organization", naming=BY_BODY)

    def posts(self) -> list[str]:
        """Return the head nouns of the offices, without mere qualities ("billionaire")."""
        return [head for head, _ in self.offices if head not in kinds.qualities()]

    def is_relative(self) -> bool:
        """Return whether the article describes the person only as somebody's relative."""
        return bool(self.offices) and all(head in kinds.kin() for head, _ in self.offices)


@dataclass(slots=True, eq=False)
class Draft(_Speaker):
    """An entity while the names of the article are read; the attributes are those of `Entity`.

    ``linked`` counts the mentions by a part of the name; ``generation`` is "junior" and the like.
    """

    kind: SpeakerKind
    name: str
    name_span: Span | None = None
    words: tuple[str, ...] = ()
    naming: str = ""
    gender: str | None = None
    gender_shown: tuple[Span, str] | None = None
    generation: str = ""
    country: str | None = None
    place: str | None = None
    role: str | None = None
    offices: tuple[Office, ...] = ()
    facts: frozenset[str] = frozenset()
    party: str | None = None
    states: frozenset[str] = frozenset()
    sure: bool = False
    full: int = 0
    linked: int = 0
    acts: bool = False

    def __post_init__(self) -> None:
        self.naming = self.naming or (BY_NAME if self.kind == "person" else BY_BODY)

    def turn_to_body(self) -> None:
        """Make an organization of what was taken for a person, since the article shows that it is one."""
        self.kind, self.naming, self.sure = "organization", BY_BODY, True

    def show_gender(self, gender: str | None, span: Span, rule: str) -> None:
        """Set the gender that the words at ``span`` show, if it is unknown."""
        if gender is not None and self.gender is None:
            self.gender, self.gender_shown = gender, (span, rule)

    def entity(self, key: Hashable) -> Entity:
        """Return the finished entity."""
        return Entity(key, *_shared(self))


_shared = attrgetter(*(each.name for each in fields(Entity) if each.name not in ("key", "plural", "withheld")))
"""The attributes that drafts and entities share, in the order of those of `Entity`."""
