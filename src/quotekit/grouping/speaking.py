"""Who is said to say it, as evidence: the same words of two people are two quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from quotekit.known.comparing import (
    Key,
    PersonName,
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
    """What two speakers' names say of whether they are one."""

    OTHER = 0
    OPEN = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Speaking:
    """A speaker for comparison between articles.

    Attributes:
        sort: a person, a body, or *open* where no name says who it is.
        key: the letters of the name; empty where it is open.
        person: the parts of a person's name.
        country: of a body.
        known_id: from the caller's own list.
    """

    sort: Literal["person", "body", "open"]
    key: str = ""
    person: PersonName | None = None
    country: str | None = None
    known_id: str | None = None

    @classmethod
    def of(cls, speaker: Speaker | None) -> Speaking:
        """
        >>> Speaking.of(Speaker(id="s1", name="Sen. Ann Lee", kind="person")).key
        'annlee'
        >>> Speaking.of(Speaker(id="s1", name="the ministry", kind="government")).sort
        'open'
        """
        if speaker is None:
            return cls("open")
        if speaker.kind == "person":
            person = PersonName.of(speaker.name)
            if person is not None and person.key not in pronouns():
                return cls("person", person.key, person, None, speaker.known_id)
        key = name_key(speaker.name)
        if speaker.kind in ("organization", "government") and key and not is_description(speaker.name):
            return cls("body", key, None, speaker.country, speaker.known_id)
        return cls("open", known_id=speaker.known_id)

    @property
    def named(self) -> bool:
        """Whether it is somebody, and not anybody."""
        return self.sort != "open" or self.known_id is not None

    def filed(self) -> Iterator[Key]:
        """What this speaker is filed under, for `sought` of any that is the same to find it.

        >>> ann, a, lee, tom = (Speaking.of(Speaker(id="s", name=n, kind="person")) for n in
        ...     ("Ann Lee", "A. Lee", "Lee", "Tom Lee"))
        >>> [set(ann.filed()).isdisjoint(other.sought()) for other in (a, lee, tom)]
        [False, False, True]
        """
        if self.known_id:
            yield "id", self.known_id
        if self.key:
            yield "key", self.key
        if self.person:
            yield from ((self.person.surname, *key) for key in keys_of(self.person))
            if self.person.bare:
                yield "bare", self.person.surname

    def sought(self) -> Iterator[Key]:
        """Where to look for speakers that are the same; others are there, too."""
        if self.known_id:
            yield "id", self.known_id
        if self.key:
            yield "key", self.key
        if self.person:
            yield "bare", self.person.surname
            yield from ((self.person.surname, *key) for key in keys_for(self.person))

    @property
    def order(self) -> tuple[object, ...]:
        """Those whose names say most come first, so that nothing joins two of them before both are there."""
        given = len(self.person.given) if self.person else 0
        return (self.known_id is None, self.sort == "open", -given, -len(self.key), *self.identity)

    @property
    def identity(self) -> tuple[str, ...]:
        return self.sort, self.key, self.country or "", self.known_id or ""


def agreement(a: Speaking, b: Speaking) -> Agreement:
    """Whether two speakers are one. A person may speak for a body, and whoever has no name may be anybody.

    >>> ann, lee, tom = (Speaking.of(Speaker(id="s", name=n, kind="person")) for n in ("Ann Lee", "Lee", "Tom Lee"))
    >>> agreement(ann, lee).name, agreement(ann, tom).name, agreement(ann, Speaking.of(None)).name
    ('SAME', 'OTHER', 'OPEN')
    """
    if a.known_id and b.known_id:
        return Agreement.SAME if a.known_id == b.known_id else Agreement.OTHER
    if a.sort != b.sort or a.sort == "open":
        return Agreement.OPEN
    if a.person and b.person:
        return Agreement.SAME if _one_person(a.person, b.person) else Agreement.OTHER
    if a.country and b.country and a.country != b.country:
        return Agreement.OTHER
    return Agreement.SAME if a.key == b.key else Agreement.OTHER


def _one_person(a: PersonName, b: PersonName) -> bool:
    if a.bare and b.bare:
        return a.surname == b.surname
    return full_names_agree(a, b) or surname_fits(a, b) or surname_fits(b, a)
