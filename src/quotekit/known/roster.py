"""The speakers of many articles: how often each speaks, and in how many of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from itertools import islice

from quotekit.known.comparing import (
    PersonName,
    body_key,
    describes_person,
    folded,
    full_names_agree,
    is_description,
    keys_for,
    keys_of,
    name_key,
    surname_fits,
)
from quotekit.known.roster_rows import MOST_ROLES as MOST_ROLES
from quotekit.known.roster_rows import Form, Group, Row, class_of, told_apart, walk_of
from quotekit.lexicon.speaker_kinds import pronouns
from quotekit.models import Quote, Speaker, SpeakerKind

NAMED: tuple[SpeakerKind, ...] = ("person", "organization", "government")
"""Kinds of speaker whose names identify them across articles."""

FAR_MORE = 3
"""Minimum ratio of quotes for which a name alone means its most quoted bearer."""

_MOST_RIVALS = 64
"""Maximum forms of a name for which a bearer is preferred."""


def _one_line(text: str) -> str:
    """Return ``text`` on one line and without NUL, as lists of known speakers require."""
    return " ".join(text.replace("\0", " ").split())


def _row_order(row: Row) -> tuple[object, ...]:
    return -row.quotes, folded(row.names[0]), row.names, row.country or "", row.id


class _Bucket:
    """The groups with forms of one bucket, filed under the keys of their names."""

    def __init__(self) -> None:
        self._filed: dict[tuple[str, ...], list[tuple[Form, Group]]] = defaultdict(list)

    def add(self, form: Form, group: Group) -> None:
        self._filed["key", form.key].append((form, group))
        if form.person is not None:
            for key in dict.fromkeys(keys_of(form.person)):
                self._filed[key].append((form, group))

    def home(self, form: Form) -> Group | None:
        """Return the group of ``form``; ``None`` if no group or more than one fits."""
        for way in self._ways(form):
            found = next(way, None)
            if found is not None:
                other = next((group for group in way if group is not found), None)
                return found if other is None else self._preferred(form, [found, other, *islice(way, _MOST_RIVALS)])
        return None

    def _preferred(self, form: Form, rivals: list[Group]) -> Group | None:
        """Return the group meant among several that fit: by country, by walk of life, or by far more quotes."""
        groups = list(dict.fromkeys(rivals))
        if form.person is None or len(rivals) > _MOST_RIVALS:
            return None
        near = (
            [one for one in groups if form.country in one.countries],
            [one for one in groups if form.walk in one.walks],
        )
        for same in near:
            if len(same) == 1:
                return same[0]
        if form.bare or form.walk is not None:
            return None
        best, second, *_ = sorted(groups, key=lambda group: -group.quotes)
        if best.quotes < FAR_MORE * second.quotes:
            return None
        best.doubtful = True
        return best

    def _ways(self, form: Form) -> list[Iterator[Group]]:
        same = (group for _, group in self._filed.get(("key", form.key), ()) if group.admits(form))
        name = form.person
        if name is None or form.apart:
            return [same]
        # A surname prefers its bearer, a full name the same name.
        if name.bare:
            return [self._fitting(form, name, surname_fits), same]
        return [same, self._fitting(form, name, full_names_agree)]

    def _fitting(self, form: Form, name: PersonName, fits: Callable[[PersonName, PersonName], bool]) -> Iterator[Group]:
        for key in dict.fromkeys(keys_for(name)):
            for other, group in self._filed.get(key, ()):
                if other.person is not None and group.admits(form) and fits(name, other.person):
                    yield group


class Roster:
    """Collects the speakers of articles and merges those who are the same.

    Two full names are one person's if they agree (see `KnownSpeakers`), their countries do not differ, one is not a
    minister and the other a witness, and there are not 40 years between their articles. A bare surname is the one
    person with that surname in all articles. A name that fits more than one person is kept apart, but if one of them
    has far more quotes. Speakers with one ``known_id`` are one. Speakers without a name ("he", "the ministry") are
    skipped.

    >>> from quotekit import extract
    >>> roster = Roster()
    >>> _ = roster.add(extract("The talks will go on, Ann Lee said. Lee said that they were short."))
    >>> _ = roster.add(extract("It rained, Lee said."))
    >>> [(row.names, row.quotes, row.articles) for row in roster.rows()]
    [(('Ann Lee',), 3, 2)]
    """

    def __init__(self) -> None:
        self._articles = 0
        self._forms: dict[tuple[object, ...], Form] = {}

    def add(self, quotes: Iterable[Quote], day: date | None = None) -> dict[str, int]:
        """Add the quotes of one article, published on ``day``.

        Returns:
            A number for the id of each speaker; `together` maps the numbers to rows.
        """
        return self.add_speakers((quote.speaker for quote in quotes), day)

    def add_speakers(self, of_quotes: Iterable[Speaker | None], day: date | None = None) -> dict[str, int]:
        """Add the speaker of each quote of one article, as `add` does."""
        found = [speaker for speaker in of_quotes if speaker is not None]
        counts = Counter(speaker.id for speaker in found)
        speakers = {speaker.id: speaker for speaker in found}
        persons = {id: PersonName.of(who.name) for id, who in speakers.items() if who.kind == "person"}
        full = {name.surname for name in persons.values() if name and not name.bare}
        numbers: dict[str, int] = {}
        for id, speaker in speakers.items():
            name = persons.get(id)
            # It was not resolved to the full name in its own article, so it is not merged with one elsewhere.
            apart = name is not None and name.bare and name.surname in full
            form = self._form(speaker, name, apart, day)
            if form is not None:
                self._note(form, speaker, counts[id], day)
                numbers[id] = form.number
        self._articles += 1
        return numbers

    def _form(self, speaker: Speaker, person: PersonName | None, apart: bool, day: date | None) -> Form | None:
        name = _one_line(speaker.name)
        key = person.key if person else body_key(name)
        # "He" or "the ministry" is another speaker in every article.
        describes = describes_person if speaker.kind == "person" else is_description
        if not key or key in pronouns() or (speaker.kind in NAMED and describes(name)):
            return None
        walk = walk_of(speaker)
        decade = None if day is None or speaker.kind != "person" else day.year // 10
        place = (class_of(speaker.kind), key, speaker.country, speaker.known_id, apart, walk, decade)
        form = self._forms.get(place)
        if form is None:
            form = Form(key, speaker.country, speaker.known_id, person, apart, walk, len(self._forms))
            self._forms[place] = form
        return form

    def _note(self, form: Form, speaker: Speaker, quotes: int, day: date | None) -> None:
        form.see(day)
        form.names[_one_line(speaker.name)] += quotes
        form.kinds[speaker.kind] += quotes
        if speaker.gender is not None:
            form.genders[speaker.gender] += quotes
        if not form.articles or form.articles[-1] != self._articles:
            form.articles.append(self._articles)
        role = _one_line(speaker.role or "")
        if role:
            form.roles[role] += 1

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
        bearers: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row, _ in rows:
            bearers[class_of(row.kind), name_key(row.names[0])].append(row)
        distinct = [
            (told_apart(row, bearers[class_of(row.kind), name_key(row.names[0])]), numbers) for row, numbers in rows
        ]
        return sorted(distinct, key=lambda pair: _row_order(pair[0]))

    def _groups(self) -> Iterable[Group]:
        known: dict[str, Group] = {}
        buckets: dict[tuple[str, str], _Bucket] = defaultdict(_Bucket)
        groups: dict[Group, None] = {}
        for form in sorted(self._forms.values(), key=lambda form: form.order):
            bucket = buckets[form.bucket]
            if form.known_id is not None:
                group = known.setdefault(form.known_id, Group())
            else:
                group = bucket.home(form) or Group()
            group.add(form)
            bucket.add(form, group)
            groups[group] = None
        return groups
