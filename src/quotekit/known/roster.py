"""The speakers of many articles: how often each speaks, and in how many of them."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from quotekit.known.comparing import (
    PersonName,
    describes_person,
    folded,
    full_names_agree,
    is_description,
    keys_for,
    keys_of,
    name_key,
    surname_fits,
)
from quotekit.lexicon.speaker_kinds import pronouns
from quotekit.models import Quote, Speaker, SpeakerKind

NAMED: tuple[SpeakerKind, ...] = ("person", "organization", "government")
"""Kinds of speaker whose names identify them across articles."""

MOST_ROLES = 5
"""Roles kept for one speaker, those of most articles first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A speaker of many articles. Names and roles have the most frequent first; ``id`` is empty if unknown."""

    id: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    country: str | None
    quotes: int
    articles: int
    kind: SpeakerKind

    def record(self) -> dict[str, object]:
        """Return the line for a list of known speakers, with the ignored columns last."""
        return {
            "id": self.id,
            "names": list(self.names),
            "roles": list(self.roles),
            "country": self.country,
            "from": None,
            "until": None,
            "quotes": self.quotes,
            "articles": self.articles,
            "kind": self.kind,
        }


@dataclass
class _Form:
    """All quotes under one name in one country. ``apart`` means that it is never merged with another name."""

    key: str
    country: str | None
    known_id: str | None
    person: PersonName | None
    apart: bool
    number: int
    names: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    kinds: Counter[SpeakerKind] = field(default_factory=Counter)
    # In order, each once. An array, because there may be millions.
    articles: array[int] = field(default_factory=lambda: array("q"))

    @property
    def bare(self) -> bool:
        return self.person is not None and self.person.bare

    @property
    def kind(self) -> SpeakerKind:
        kind: SpeakerKind = _most(self.kinds)
        return kind

    @property
    def bucket(self) -> tuple[str, str]:
        """The bucket; only forms of one bucket may be one speaker's."""
        if self.person is not None and not self.apart:
            return "surname", self.person.surname
        return "apart" if self.apart else _class_of(self.kind), self.key

    @property
    def order(self) -> tuple[object, ...]:
        """The sort key: the most specific forms first, so that no form links two names before both are entered."""
        given = self.person.given if self.person else ()
        return (
            self.known_id is None,
            self.bare,
            -len(given),
            -len(self.key),
            self.country is None,
            (self.key, self.country or "", self.known_id or "", self.bucket),
        )


class _Group:
    """The forms of one speaker."""

    def __init__(self) -> None:
        self.forms: list[_Form] = []
        self.countries: set[str] = set()

    def add(self, form: _Form) -> None:
        self.forms.append(form)
        if form.country is not None:
            self.countries.add(form.country)

    def admits(self, form: _Form) -> bool:
        """Return whether the countries agree. A ministry without a country may be any country's."""
        if form.country is None and self.countries:
            return form.person is not None or form.kind == "organization"
        return form.country is None or not self.countries or form.country in self.countries

    @property
    def quotes(self) -> int:
        return sum(form.names.total() for form in self.forms)

    def row(self) -> Row:
        full = [form for form in self.forms if not form.bare] or self.forms
        names = _spellings((name_key(name), name, n) for form in full for name, n in form.names.items())
        roles = _spellings((folded(role), role, n) for form in self.forms for role, n in form.roles.items())
        kinds: Counter[SpeakerKind] = Counter()
        countries: Counter[str] = Counter()
        for form in self.forms:
            kinds += form.kinds
            if form.country is not None:
                countries[form.country] += form.names.total()
        return Row(
            id=next((form.known_id for form in self.forms if form.known_id), ""),
            names=names,
            roles=roles[:MOST_ROLES],
            country=_most(countries) if countries else None,
            quotes=self.quotes,
            articles=len(set().union(*(form.articles for form in self.forms))),
            kind=_most(kinds),
        )


def _most(counts: Counter[Any]) -> Any:
    """Return the most frequent value, the alphabetically first of equals."""
    return min(counts, key=lambda value: (-counts[value], value))


def _one_line(text: str) -> str:
    """Return ``text`` on one line and without NUL, as lists of known speakers require."""
    return " ".join(text.replace("\0", " ").split())


def _class_of(kind: SpeakerKind) -> str:
    """Return the class of a kind; a parliament may be an organization in one article and a government in the next."""
    return "body" if kind in ("organization", "government") else kind


def _row_order(row: Row) -> tuple[object, ...]:
    return -row.quotes, folded(row.names[0]), row.names, row.country or "", row.id


class _Bucket:
    """The groups with forms of one bucket, filed under the keys of their names."""

    def __init__(self) -> None:
        self._filed: dict[tuple[str, ...], list[tuple[_Form, _Group]]] = defaultdict(list)

    def add(self, form: _Form, group: _Group) -> None:
        self._filed["key", form.key].append((form, group))
        if form.person is not None:
            for key in dict.fromkeys(keys_of(form.person)):
                self._filed[key].append((form, group))

    def home(self, form: _Form) -> _Group | None:
        """Return the group of ``form``; ``None`` if no group or more than one fits."""
        for way in self._ways(form):
            found: _Group | None = None
            for group in way:
                if found is not None and group is not found:
                    return None
                found = group
            if found is not None:
                return found
        return None

    def _ways(self, form: _Form) -> list[Iterator[_Group]]:
        same = (group for _, group in self._filed.get(("key", form.key), ()) if group.admits(form))
        name = form.person
        if name is None or form.apart:
            return [same]
        # A surname prefers its bearer, a full name the same name.
        if name.bare:
            return [self._fitting(form, name, surname_fits), same]
        return [same, self._fitting(form, name, full_names_agree)]

    def _fitting(
        self, form: _Form, name: PersonName, fits: Callable[[PersonName, PersonName], bool]
    ) -> Iterator[_Group]:
        for key in dict.fromkeys(keys_for(name)):
            for other, group in self._filed.get(key, ()):
                if other.person is not None and group.admits(form) and fits(name, other.person):
                    yield group


def _spellings(counted: Iterable[tuple[str, str, int]]) -> tuple[str, ...]:
    """Return the most frequent text of each key, by frequency of the keys, then the longest, then by letters."""
    keys: dict[str, Counter[str]] = defaultdict(Counter)
    for key, text, n in counted:
        keys[key][text] += n
    found = [(counts.total(), min(counts, key=lambda t: (-counts[t], -len(t), t))) for counts in keys.values()]
    return tuple(text for _, text in sorted(found, key=lambda pair: (-pair[0], -len(pair[1]), pair[1])))


class Roster:
    """Collects the speakers of articles and merges those who are the same.

    Two full names are one person's if they agree (see `KnownSpeakers`) and their countries do not differ. A bare
    surname is the one person with that surname in all articles. A name that fits more than one person is kept apart.
    Speakers with one ``known_id`` are one. Speakers without a name ("he", "the ministry") are skipped.

    >>> from quotekit import extract
    >>> roster = Roster()
    >>> _ = roster.add(extract("The talks will go on, Ann Lee said. Lee said that they were short."))
    >>> _ = roster.add(extract("It rained, Lee said."))
    >>> [(row.names, row.quotes, row.articles) for row in roster.rows()]
    [(('Ann Lee',), 3, 2)]
    """

    def __init__(self) -> None:
        self._articles = 0
        self._forms: dict[tuple[object, ...], _Form] = {}

    def add(self, quotes: Iterable[Quote]) -> dict[str, int]:
        """Add the quotes of one article.

        Returns:
            A number for the id of each speaker; `together` maps the numbers to rows.
        """
        quotes = list(quotes)
        counts = Counter(quote.speaker.id for quote in quotes if quote.speaker)
        speakers = {quote.speaker.id: quote.speaker for quote in quotes if quote.speaker}
        persons = {id: PersonName.of(who.name) for id, who in speakers.items() if who.kind == "person"}
        full = {name.surname for name in persons.values() if name and not name.bare}
        numbers: dict[str, int] = {}
        for id, speaker in speakers.items():
            name = persons.get(id)
            # It was not resolved to the full name in its own article, so it is not merged with one elsewhere.
            apart = name is not None and name.bare and name.surname in full
            number = self._note(speaker, name, counts[id], apart)
            if number is not None:
                numbers[id] = number
        self._articles += 1
        return numbers

    def _note(self, speaker: Speaker, person: PersonName | None, quotes: int, apart: bool) -> int | None:
        name = _one_line(speaker.name)
        key = person.key if person else name_key(name)
        # "He" or "the ministry" is another speaker in every article.
        describes = describes_person if speaker.kind == "person" else is_description
        if not key or key in pronouns() or (speaker.kind in NAMED and describes(name)):
            return None
        place = (_class_of(speaker.kind), key, speaker.country, speaker.known_id, apart)
        form = self._forms.get(place)
        if form is None:
            form = self._forms[place] = _Form(key, speaker.country, speaker.known_id, person, apart, len(self._forms))
        form.names[name] += quotes
        form.kinds[speaker.kind] += quotes
        if not form.articles or form.articles[-1] != self._articles:
            form.articles.append(self._articles)
        role = _one_line(speaker.role or "")
        if role:
            form.roles[role] += 1
        return form.number

    def rows(self, kinds: Collection[SpeakerKind] = NAMED, min_quotes: int = 1) -> list[Row]:
        """Return the speakers of ``kinds`` with at least ``min_quotes`` quotes, by number of quotes, then by name."""
        return [row for row, _ in self.together() if row.kind in kinds and row.quotes >= min_quotes]

    def together(self) -> list[tuple[Row, tuple[int, ...]]]:
        """Return every speaker in the order of `rows`, with the numbers that `add` returned.

        >>> from quotekit import extract
        >>> roster = Roster()
        >>> numbers = roster.add(extract("It rained, Ann Lee said.")), roster.add(extract("It snowed, Lee said."))
        >>> numbers, [(row.names, numbers) for row, numbers in roster.together()]
        (({'s1': 0}, {'s1': 1}), [(('Ann Lee',), (0, 1))])
        """
        rows = [(group.row(), tuple(sorted(form.number for form in group.forms))) for group in self._groups()]
        return sorted(rows, key=lambda pair: _row_order(pair[0]))

    def _groups(self) -> Iterable[_Group]:
        known: dict[str, _Group] = {}
        buckets: dict[tuple[str, str], _Bucket] = defaultdict(_Bucket)
        groups: dict[_Group, None] = {}
        for form in sorted(self._forms.values(), key=lambda form: form.order):
            bucket = buckets[form.bucket]
            if form.known_id is not None:
                group = known.setdefault(form.known_id, _Group())
            else:
                group = bucket.home(form) or _Group()
            group.add(form)
            bucket.add(form, group)
            groups[group] = None
        return groups
