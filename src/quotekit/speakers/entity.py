"""A speaker in the making: what the cast and the resolution of mentions both write to."""

from __future__ import annotations

from quotekit.models import Span, SpeakerKind

Office = tuple[str, frozenset[str]]
"""A role for comparison: its head noun (lower case) and all its words (lower case)."""


class Entity:
    """One speaker in the making.

    ``words`` are the name's words for comparison; ``full`` counts mentions by full name, ``acts`` those as a subject;
    ``sure`` says that something besides capitals shows the kind. ``place`` is "country", "state" or "body" for what
    the list of places knows; ``plural`` is true of groups described by a plural.
    """

    __slots__ = (
        "acts",
        "country",
        "full",
        "gender",
        "kind",
        "name",
        "name_span",
        "offices",
        "place",
        "plural",
        "role",
        "spans",
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
        self.offices: list[Office] = []
        self.spans: list[Span] = []
        self.sure = False
        self.full = 0
        self.acts = 0
        self.plural = False
        self.place: str | None = None

    def takes(self, gender: str | None) -> bool:
        """Whether nothing known about the entity speaks against ``gender``."""
        return gender is None or self.gender is None or self.gender == gender
