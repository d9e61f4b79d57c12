"""A speaker of many articles, built from the forms under which articles name them."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from quotekit.known.comparing import PersonName, folded, name_key, role_of
from quotekit.lexicon import load
from quotekit.models import OFFICES, Gender, Speaker, SpeakerKind, SpeakerOffice
from quotekit.output.plain_text import counted

MOST_ROLES = 5
"""Maximum roles of one speaker, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A speaker of many articles. Names, roles and offices are ordered by frequency.

    Attributes:
        id: the id in a list of known speakers, or "".
        first, last: the days of the first and the last article.
        check: reasons to suspect two people.
        dated: whether only the days tell it apart from a namesake.
        unresolved: whether it is a surname that its own article did not resolve to a full name.
    """

    id: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    country: str | None
    quotes: int
    articles: int
    kind: SpeakerKind
    offices: tuple[SpeakerOffice, ...] = ()
    gender: Gender | None = None
    first: date | None = None
    last: date | None = None
    check: tuple[str, ...] = ()
    dated: bool = False
    unresolved: bool = False

    def record(self) -> dict[str, object]:
        """Return the row as a line of a list of known speakers, with the ignored columns last."""
        return {
            "id": self.id,
            "names": list(self.names),
            "roles": list(self.roles),
            "country": self.country,
            "from": _day(self.first) if self.dated else None,
            "until": _day(self.last) if self.dated else None,
            "kind": self.kind,
            "offices": list(self.offices),
            "gender": self.gender,
            "quotes": self.quotes,
            "articles": self.articles,
            "first": _day(self.first),
            "last": _day(self.last),
            "check": list(self.check),
        }


@dataclass
class Form:
    """All quotes under one name, from one country, walk of life and period.

    If ``apart``, the form is never merged with another name.
    """

    key: str
    country: str | None
    known_id: str | None
    person: PersonName | None
    apart: bool
    walk: str | None
    number: int
    first: date | None = None
    last: date | None = None
    names: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    kinds: Counter[SpeakerKind] = field(default_factory=Counter)
    genders: Counter[Gender] = field(default_factory=Counter)
    # Sorted and unique. An array, because there may be millions.
    articles: array[int] = field(default_factory=lambda: array("q"))

    @property
    def bare(self) -> bool:
        return self.person is not None and self.person.bare

    @property
    def kind(self) -> SpeakerKind:
        kind: SpeakerKind = most(self.kinds)
        return kind

    def see(self, day: date | None) -> None:
        """Note the day of an article."""
        if day is not None:
            self.first, self.last = min(self.first or day, day), max(self.last or day, day)

    @property
    def bucket(self) -> tuple[str, str]:
        """The bucket; only forms in the same bucket may belong to one speaker."""
        if self.person is not None and not self.apart:
            return "surname", self.person.surname
        return "apart" if self.apart else class_of(self.kind), self.key

    @property
    def order(self) -> tuple[object, ...]:
        """The sort key: specific forms first, so that a vague form never links two names that come later."""
        given = self.person.given if self.person else ()
        return (
            self.known_id is None,
            self.bare,
            -len(given),
            -len(self.key),
            self.country is None,
            self.walk is None,
            self.first or date.max,
            (self.key, self.country or "", self.known_id or "", self.bucket, self.walk or ""),
        )


class Group:
    """The forms of one speaker."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self.countries: set[str] = set()
        self.walks: set[str] = set()
        self.first: date | None = None
        self.last: date | None = None
        self.quotes = 0
        self.doubtful = False

    def add(self, form: Form) -> None:
        self.forms.append(form)
        self.quotes += form.names.total()
        if form.country is not None:
            self.countries.add(form.country)
        if form.walk is not None:
            self.walks.add(form.walk)
        if form.first is not None and form.last is not None:
            self.first = min(self.first or form.first, form.first)
            self.last = max(self.last or form.last, form.last)

    def admits(self, form: Form) -> bool:
        """Return whether country, office and time agree. A ministry without a country may belong to any country."""
        far = _years_between(self, form) > load("known")["years"]
        if form.person is not None and (far or walks_apart(form.walk, self.walks)):
            return False
        if form.country is None and self.countries:
            return form.person is not None or form.kind == "organization"
        return form.country is None or not self.countries or form.country in self.countries

    def row(self) -> Row:
        full = [form for form in self.forms if not form.bare] or self.forms
        names = spellings((name_key(name), name, n) for form in full for name, n in form.names.items())
        roles = spellings((folded(role), role, n) for form in self.forms for role, n in form.roles.items())
        kinds: Counter[SpeakerKind] = Counter()
        countries: Counter[str] = Counter()
        genders: Counter[Gender] = Counter()
        for form in self.forms:
            kinds += form.kinds
            genders += form.genders
            if form.country is not None:
                countries[form.country] += form.names.total()
        return Row(
            id=next((form.known_id for form in self.forms if form.known_id), ""),
            names=names,
            roles=roles[:MOST_ROLES],
            country=most(countries) if countries else None,
            quotes=self.quotes,
            articles=len(set().union(*(form.articles for form in self.forms))),
            kind=most(kinds),
            offices=self._offices(),
            gender=most(genders) if genders else None,
            first=self.first,
            last=self.last,
            check=tuple(self._doubts(names)),
            unresolved=any(form.apart for form in self.forms),
        )

    def _offices(self) -> tuple[SpeakerOffice, ...]:
        counts: Counter[SpeakerOffice] = Counter()
        for form in self.forms:
            if form.walk in OFFICES:
                counts[OFFICES[form.walk]] += form.names.total()
        return tuple(sorted(counts, key=lambda office: (-counts[office], office)))

    def _doubts(self, names: tuple[str, ...]) -> Iterator[str]:
        """Yield reasons to suspect two people."""
        if len(names) > 1:
            yield f"names: {', '.join(names)}"
        bare = sum(form.names.total() for form in self.forms if form.bare)
        if 0 < bare < self.quotes:
            yield f"surname alone: {counted(bare, 'quote')}"
        if len(self._offices()) > 1:
            yield f"offices: {', '.join(self._offices())}"
        if self.doubtful:
            yield "others have this name too"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def told_apart(row: Row, bearers: Collection[Row]) -> Row:
    """Return ``row`` with what tells it apart from namesakes; ``bearers`` includes itself."""
    others = [other for other in bearers if other is not row]
    if not others:
        return row
    dated = any(_years_between(row, other) > load("known")["years"] for other in others)
    return replace(row, check=(*row.check, "the same name in another line"), dated=dated)


def _years_between(a: Row | Group, b: Row | Form) -> int:
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return 0
    return max(a.first.year - b.last.year, b.first.year - a.last.year)


def most(counts: Counter[Any]) -> Any:
    """Return the most frequent value; ties go to the alphabetically first."""
    return min(counts, key=lambda value: (-counts[value], value))


def class_of(kind: SpeakerKind) -> str:
    """Return the class of a kind; articles differ in whether a parliament is an organization or a government."""
    return "body" if kind in ("organization", "government") else kind


def spellings(counted: Iterable[tuple[str, str, int]]) -> tuple[str, ...]:
    """Return the most frequent text of each key, sorted by frequency, then length, then alphabet."""
    keys: dict[str, Counter[str]] = defaultdict(Counter)
    for key, text, n in counted:
        keys[key][text] += n
    found = [(counts.total(), min(counts, key=lambda t: (-counts[t], -len(t), t))) for counts in keys.values()]
    return tuple(text for _, text in sorted(found, key=lambda pair: (-pair[0], -len(pair[1]), pair[1])))


@cache
def _apart() -> frozenset[tuple[str, str]]:
    lines = (line.split(":") for line in load("known")["apart"])
    pairs = [(one, other) for one, others in lines for other in others.split()]
    return frozenset([*pairs, *((other, one) for one, other in pairs)])


def walks_apart(walk: str | None, others: Collection[str]) -> bool:
    """Return whether a walk of life excludes one of ``others`` for the same person.

    >>> walks_apart("citizen", ["minister"]), walks_apart("party", ["minister"]), walks_apart(None, ["court"])
    (True, False, False)
    """
    return any((walk, other) in _apart() for other in others)


def walk_of(speaker: Speaker) -> str | None:
    """Return a person's office, or "stage" for a public person without one: a singer, a goalkeeper.

    >>> walk_of(Speaker(id="s1", name="Ann Lee", kind="person", role="Norwegian goalkeeper"))
    'stage'
    """
    if speaker.office is not None or speaker.role is None or speaker.kind != "person":
        return speaker.office if speaker.kind == "person" else None
    role = role_of(speaker.role, speaker.country)
    return "stage" if role is not None and role.head in _stage() else None


@cache
def _stage() -> frozenset[str]:
    return frozenset(load("known")["stage"].split())
