"""A speaker in the making: what the cast and the resolution of mentions both write to."""

from __future__ import annotations

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.models import Span, SpeakerKind

Office = tuple[str, frozenset[str]]
"""A role for comparison: its head noun (lower case) and all its words (lower case)."""


class Entity:
    """One speaker in the making.

    ``words`` are the name's words for comparison; ``full`` counts mentions by full name, ``linked`` those by a part of
    it so far, ``acts`` those as a subject;
    ``sure`` says that something besides capitals shows the kind. ``place`` is "country", "state" or "body" for what
    the list of places knows; ``plural`` is true of groups described by a plural. ``naming`` is the id of the rule by
    which ``name_span`` names it; ``generation`` is "junior" and the like. ``facts`` are words
    (lower case) for what stands behind a name: a party, a state, an age. ``party`` and ``states`` (lower case) are
    those that the article names anywhere beside the name.
    """

    __slots__ = (
        "acts",
        "country",
        "facts",
        "full",
        "gender",
        "generation",
        "kind",
        "linked",
        "name",
        "name_span",
        "naming",
        "offices",
        "party",
        "place",
        "plural",
        "role",
        "states",
        "sure",
        "words",
    )

    def __init__(self, kind: SpeakerKind, name: str, span: Span | None, words: tuple[str, ...] = ()) -> None:
        self.kind: SpeakerKind = kind
        self.name = name
        self.name_span = span
        self.words = words
        self.role: str | None = None
        self.country: str | None = None
        self.gender: str | None = None
        self.generation = ""
        self.offices: list[Office] = []
        self.facts: set[str] = set()
        self.party: str | None = None
        self.states: frozenset[str] = frozenset()
        self.sure = False
        self.naming = "speaker.name.full" if kind == "person" else "speaker.name.body"
        self.full = 0
        self.linked = 0
        self.acts = 0
        self.plural = False
        self.place: str | None = None

    def may_be_body(self) -> bool:
        """Whether nothing but capitals makes it a person."""
        return self.kind == "person" and not self.sure and self.gender is None and not self.offices

    def turn_to_body(self) -> None:
        """Take for a body what was taken for a person."""
        self.kind, self.naming = "organization", "speaker.name.body"

    def posts(self) -> list[str]:
        """The heads of the offices that are posts and no mere qualities ("billionaire")."""
        return [head for head, _ in self.offices if head not in kinds.qualities()]

    def is_relative(self) -> bool:
        """Whether the article says nothing of the person but whose wife or son it is."""
        return bool(self.offices) and all(head in kinds.kin() for head, _ in self.offices)

    def takes(self, gender: str | None) -> bool:
        """Whether nothing known about the entity speaks against ``gender``."""
        return gender is None or self.gender is None or self.gender == gender
