"""Finds speakers of an article in the caller's list of known ones, by name, country, role and date."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from quotekit.dates import day_of
from quotekit.known.comparing import (
    PersonName,
    Role,
    agreement,
    body_key,
    describes_person,
    folded,
    full_names_agree,
    honorifics,
    may_be_person,
    name_key,
    role_of,
    surname_fits,
)
from quotekit.known.entries import KnownSpeaker, entries_of, known_of
from quotekit.known.files import records_of
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import gender_of
from quotekit.lexicon.places import country_in, place
from quotekit.models import Speaker


class KnownSpeakers:
    """A list of known speakers, in which the speakers of articles are found.

    Args:
        entries: `KnownSpeaker` objects, or dicts with their fields; `read` takes a file.

    Raises:
        TypeError: an item is neither.
        KnownSpeakersError: an item is invalid.

    A person matches by the exact name, else by surname and given name (middle names may be missing, given names may
    be short forms or initials), else, if the article has only a surname, by that. The first way with a match counts.
    Lines with another country, or not valid on the given date, are excluded. If several ids remain, the role must
    exclude all but one. Bodies match by their whole name only, and "the Estonian foreign minister" by country and role.

    >>> known = KnownSpeakers([{"id": "Q1", "names": ["William Stone"], "roles": ["Mayor"]}])
    >>> known.id_of(Speaker(id="s1", name="Bill Stone", kind="person"))
    'Q1'
    >>> known.id_of(Speaker(id="s1", name="Ruth Stone", kind="person")) is None
    True
    """

    def __init__(self, entries: Iterable[KnownSpeaker | Mapping[str, Any]] = ()) -> None:
        self.entries: tuple[KnownSpeaker, ...] = tuple(known_of(entries))
        self._roles: list[list[Role]] = []
        self._persons: dict[str, list[int]] = defaultdict(list)
        self._bodies: dict[str, list[int]] = defaultdict(list)
        self._surnames: dict[str, list[tuple[PersonName, int]]] = defaultdict(list)
        self._offices: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
        for i, entry in enumerate(self.entries):
            self._enter_names(i, entry)
            self._enter_roles(i, entry)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> KnownSpeakers:
        """Read a JSON Lines or CSV file in UTF-8. Lines without an id are skipped.

        Raises:
            KnownSpeakersError: the file cannot be read, or a line is invalid.
        """
        return cls(entries_of(records_of(path)))

    @classmethod
    def of(
        cls, source: str | os.PathLike[str] | Iterable[KnownSpeaker | Mapping[str, Any]] | KnownSpeakers
    ) -> KnownSpeakers:
        """Return the list for a path or an iterable; a `KnownSpeakers` is returned as it is."""
        if isinstance(source, KnownSpeakers):
            return source
        if isinstance(source, (str, os.PathLike)):
            return cls.read(source)
        return cls(known_of(source, accepted="a path, KnownSpeakers, or an iterable of KnownSpeaker or dicts"))

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[KnownSpeaker]:
        return iter(self.entries)

    def __repr__(self) -> str:
        return f"<KnownSpeakers: {len(self.entries)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return KnownSpeakers, (self.entries,)

    def _enter_names(self, i: int, entry: KnownSpeaker) -> None:
        persons = [(name, may_be_person(name), PersonName.of(name)) for name in entry.names]
        surnames = {parsed.surname for _, may, parsed in persons if may and parsed and not parsed.bare}
        for name, may, parsed in persons:
            # Jordan the country is not a surname.
            if place(name) is None:
                self._add(self._persons, name_key(name), i)
            # "Ford", listed with "Ann Ford", is not the car maker.
            if parsed is None or not (parsed.bare and parsed.surname in surnames):
                self._add(self._bodies, body_key(name), i)
            if parsed is not None and may:
                self._add(self._persons, parsed.key, i)
                if not parsed.bare:
                    self._surnames[parsed.surname].append((parsed, i))

    def _enter_roles(self, i: int, entry: KnownSpeaker) -> None:
        self._roles.append([])
        for text in entry.roles:
            role, country = role_of(text, entry.country), entry.country or country_in(text.split())
            if role is not None:
                self._roles[i].append(role)
                if country is not None:
                    self._add(self._offices, (country, role.words), i)

    @staticmethod
    def _add(index: dict[Any, list[int]], key: Any, i: int) -> None:
        if i not in index[key][-1:]:
            index[key].append(i)

    def id_of(self, speaker: Speaker, date: date | str | None = None) -> str | None:
        """Return the id of ``speaker``, or ``None`` if no id or more than one fits.

        Args:
            speaker: a speaker of an article; name, kind, role and country are compared.
            date: the article's date, or a text as YYYY-MM-DD; without one, periods are ignored.
        """
        day = day_of(date)
        if speaker.kind == "anonymous" or (speaker.kind == "person" and describes_person(speaker.name)):
            return self._holder(speaker, day)
        if speaker.kind != "person":
            return self._decided(self._fitting(self._bodies.get(body_key(speaker.name), ()), speaker, day), speaker)
        name = PersonName.of(speaker.name)
        # A speaker who is only "he" in the article is not a Mr. He.
        if name is None or (name.bare and name.key in kinds.pronouns()):
            return None
        keys = {name_key(speaker.name): None, name.key: None}
        exact = [i for key in keys for i in self._persons.get(key, ())]
        same = self._surnames.get(name.surname, ())
        agreeing = (i for full, i in same if full_names_agree(name, full))
        by_surname = (i for full, i in same if surname_fits(name, full) and _may_be_called(full, speaker))
        for way in (exact, agreeing, by_surname):
            fits = self._fitting(way, speaker, day)
            if fits:
                return self._decided(fits, speaker, surname=way is by_surname)
        return None

    def ids_of(self, speakers: Sequence[Speaker], date: date | str | None = None) -> list[str | None]:
        """Return the ids of the speakers of one article.

        A bare surname has none if another speaker of the article has it with a given name: they were not resolved to
        one speaker, so they may be two.
        """
        parsed = [PersonName.of(speaker.name) if speaker.kind == "person" else None for speaker in speakers]
        full = {name.surname for name in parsed if name and not name.bare}
        return [
            None if name and name.bare and name.surname in full else self.id_of(speaker, date)
            for speaker, name in zip(speakers, parsed, strict=True)
        ]

    def _fitting(self, places: Iterable[int], speaker: Speaker, day: date | None) -> list[int]:
        """Return the entries whose country and period allow ``speaker``."""
        return [
            i
            for i in places
            if self.entries[i].holds(day)
            and (speaker.country is None or self.entries[i].country in (None, speaker.country))
        ]

    def _decided(self, fits: list[int], speaker: Speaker, surname: bool = False) -> str | None:
        """Return the one id of ``fits``. The role decides between several, and may exclude a match by surname."""
        ids = {self.entries[i].id for i in fits}
        role = role_of(speaker.role, speaker.country) if speaker.role else None
        if role is not None and (surname or len(ids) > 1):
            grades = [(self._grade(i, role), i) for i in fits]
            best = max((grade for grade, _ in grades), default=0)
            # A role cannot exclude a line without roles.
            open_ids = {self.entries[i].id for _, i in grades if not self._roles[i]}
            ids = {self.entries[i].id for grade, i in grades if grade and grade == best} | open_ids
        return ids.pop() if len(ids) == 1 else None

    def _grade(self, i: int, role: Role) -> int:
        return max((agreement(role, known) for known in self._roles[i]), default=0)

    def _holder(self, speaker: Speaker, day: date | None) -> str | None:
        """Return the id of the holder of the office by which an unnamed speaker is described."""
        if speaker.country is None:
            return None
        named = role_of(speaker.name, speaker.country)
        role = role_of(speaker.role, speaker.country) if speaker.role else None
        if role is None or named is None or not named.words <= role.words:
            role = named
        if role is None:
            return None
        holders = (self.entries[i] for i in self._offices.get((speaker.country, role.words), ()))
        ids = {holder.id for holder in holders if holder.holds(day)}
        return ids.pop() if len(ids) == 1 else None


def _may_be_called(name: PersonName, speaker: Speaker) -> bool:
    """Return whether the given name agrees with the title or the gender: "Mr. Lee" is not Ann."""
    openings = (folded(mention.text).partition(" ")[0] for mention in speaker.mentions)
    titles = {honorifics().get(opening) or "" for opening in openings} - {""}
    # Outputs have the gender in a column, but not the mentions.
    shown = titles or {gender for gender in (speaker.gender,) if gender}
    known = gender_of(name.given[0])
    return not shown or known not in ("male", "female") or known in shown
