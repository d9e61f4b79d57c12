"""Comparison of speakers: the same words by two people are two quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from quotekit.known.comparing import (
    Key,
    PersonName,
    describes_person,
    full_names_agree,
    is_description,
    keys_for,
    keys_of,
    name_key,
    surname_fits,
)
from quotekit.lexicon.speaker_kinds import pronouns
from quotekit.models import Speaker


class Agreement(IntEnum):
    """The result of comparing two speakers."""

    DIFFERENT = 0
    UNKNOWN = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class SpeakerIdentity:
    """A speaker, reduced to what identifies them across articles.

    Attributes:
        kind: a person, an organization (or government), or *unnamed*.
        key: the letters of the name; empty if unnamed.
        person: the parts of a person's name.
        country: the country of an organization.
        known_id: the id in the caller's own list.
    """

    kind: Literal["person", "organization", "unnamed"]
    key: str = ""
    person: PersonName | None = None
    country: str | None = None
    known_id: str | None = None

    @classmethod
    def of(cls, speaker: Speaker | None) -> SpeakerIdentity:
        """Return the identity of a speaker.

        >>> SpeakerIdentity.of(Speaker(id="s1", name="Sen. Ann Lee", kind="person")).key
        'annlee'
        >>> SpeakerIdentity.of(Speaker(id="s1", name="the ministry", kind="government")).kind
        'unnamed'
        """
        if speaker is None:
            return cls("unnamed")
        if speaker.kind == "person":
            person = PersonName.of(speaker.name)
            if person is not None and person.key not in pronouns() and not describes_person(speaker.name):
                return cls("person", person.key, person, None, speaker.known_id)
        key = name_key(speaker.name)
        if speaker.kind in ("organization", "government") and key and not is_description(speaker.name):
            return cls("organization", key, None, speaker.country, speaker.known_id)
        return cls("unnamed", known_id=speaker.known_id)

    @property
    def named(self) -> bool:
        """True if a name or a known id says who it is."""
        return self.kind != "unnamed" or self.known_id is not None

    def index_keys(self) -> Iterator[Key]:
        """Yield the keys under which the `lookup_keys` of the same speaker find this one.

        >>> ann, a, lee, tom = (SpeakerIdentity.of(Speaker(id="s", name=n, kind="person")) for n in
        ...     ("Ann Lee", "A. Lee", "Lee", "Tom Lee"))
        >>> [set(ann.index_keys()).isdisjoint(other.lookup_keys()) for other in (a, lee, tom)]
        [False, False, True]
        """
        yield from self._own_keys()
        if self.person:
            yield from ((self.person.surname, *key) for key in keys_of(self.person))
            if self.person.bare:
                yield "bare", self.person.surname

    def lookup_keys(self) -> Iterator[Key]:
        """Yield the keys under which the same speaker may be filed; other speakers may be filed there too."""
        yield from self._own_keys()
        if self.person:
            yield "bare", self.person.surname
            yield from ((self.person.surname, *key) for key in keys_for(self.person))

    def _own_keys(self) -> Iterator[Key]:
        if self.known_id:
            yield "id", self.known_id
        if self.key:
            yield "key", self.key

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: the fullest names first, so that a short name is placed after all full names it may belong to."""
        given = len(self.person.given) if self.person else 0
        return (self.known_id is None, self.kind == "unnamed", -given, -len(self.key), *self.fingerprint)

    @property
    def fingerprint(self) -> tuple[str, ...]:
        """What is equal for equal speakers."""
        return self.kind, self.key, self.country or "", self.known_id or ""


def agreement(a: SpeakerIdentity, b: SpeakerIdentity) -> Agreement:
    """Return whether two speakers are one. A person may speak for an organization, and an unnamed one may be anybody.

    >>> ann, lee, tom = (
    ...     SpeakerIdentity.of(Speaker(id="s", name=name, kind="person")) for name in ("Ann Lee", "Lee", "Tom Lee")
    ... )
    >>> agreement(ann, lee).name, agreement(ann, tom).name, agreement(ann, SpeakerIdentity.of(None)).name
    ('SAME', 'DIFFERENT', 'UNKNOWN')
    """
    if a.known_id and b.known_id:
        return Agreement.SAME if a.known_id == b.known_id else Agreement.DIFFERENT
    if a.kind != b.kind or a.kind == "unnamed":
        return Agreement.UNKNOWN
    if a.person and b.person:
        return Agreement.SAME if _one_person(a.person, b.person) else Agreement.DIFFERENT
    if a.country and b.country and a.country != b.country:
        return Agreement.DIFFERENT
    return Agreement.SAME if a.key == b.key else Agreement.DIFFERENT


def _one_person(a: PersonName, b: PersonName) -> bool:
    if a.bare and b.bare:
        return a.surname == b.surname
    return full_names_agree(a, b) or surname_fits(a, b) or surname_fits(b, a)
