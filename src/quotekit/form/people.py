"""Who a label is: all labels of one person are one voice, and two people of one surname are two."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quotekit.form.labels import Label
from quotekit.form.names import Heading, gender_of, named, taken_apart
from quotekit.form.types import Voice
from quotekit.form.words import words

# Bounded, so that a long word does not make the search quadratic.
_PAIR = re.compile(
    r"\b([A-Z](?=[\w’']{0,40}[^\W\dA-Z_])[\w’']{0,40}(?:-[\w’']{1,40}){0,3}|[A-Z]\.)"
    r"(?=(?:[ \t\xa0]{1,2}|\n)((?:Mc|Mac|O['’])?[A-Z][\w’'-]+))"
)
_MOST_NAMESAKES = 40
_LONGEST_HEADING = 1000
_LONGEST_INITIALS = 3
_FEWEST_ANSWERS = 2
"""How often one must speak right after another of the same surname to be somebody else."""


@dataclass(slots=True)
class Person:
    """What the labels of a document say about one person."""

    tokens: tuple[str, ...]
    printed: str
    named: bool
    titles: set[str] = field(default_factory=set)
    title: str | None = None
    party: str | None = None
    constituency: str | None = None
    country: str | None = None
    last: int = -1


def voices(text: str, found: Sequence[Label]) -> tuple[list[int], tuple[Voice, ...]]:
    """Return the index of the voice of each label, and the voices in order of their first label."""
    before = text[: found[0].start][-_LONGEST_HEADING:] if found else ""
    headings = _holders([taken_apart(label) for label in found], before)
    full = _full_names(text, headings, before)
    people: list[Person] = []
    index = _Index(people, _couples(headings))
    for heading in sorted(headings, key=lambda heading: -min(len(heading.tokens), 2)):
        index.place(heading)
    owners = [index.owner(heading, number) for number, heading in enumerate(headings)]
    order = list(dict.fromkeys(owners))
    numbers = {owner: number for number, owner in enumerate(order)}
    return [numbers[owner] for owner in owners], tuple(_voice(people[owner], full) for owner in order)


def _holders(headings: Sequence[Heading], before: str) -> list[Heading]:
    """Return ``headings`` with offices and initials replaced by those whom other labels name.

    An earlier label or the heading ``before`` names the holder of an office: The President (Mr. Teal). A name may
    end the label of an office (Secretary of State Falk), and be shortened to its initials.
    """
    holders: dict[tuple[str, ...], Heading] = {}
    names = {heading.tokens: heading for heading in headings if heading.named}
    initials: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for tokens in names:
        if len(tokens) > 1:
            initials["".join(token[0] for token in tokens)].add(tokens)
    out = []
    for heading in headings:
        if heading.office:
            holders[heading.office] = heading
        if not heading.named:
            if heading.tokens not in holders:
                holders[heading.tokens] = _ending(heading, names) or _of_heading(heading, before, headings) or heading
            heading = holders[heading.tokens]
        elif len(heading.tokens) == 1 and len(full := initials.get(heading.tokens[0], set())) == 1:
            heading = names[next(iter(full))]
        out.append(heading)
    return out


def _of_heading(heading: Heading, before: str, headings: Sequence[Heading]) -> Heading | None:
    """Return the holder of a label's office whom the document's heading names: President Falk, THE PRESIDENT.

    Whoever speaks right before or after the label is somebody else: The President talks to President Teal.
    """
    if len(heading.tokens) < 2 or heading.tokens[0] != "the":
        return None
    office = r"\s+".join(map(re.escape, heading.tokens[1:]))
    prefix = "" if heading.tokens[1] == "vice" else r"(?<!vice )"
    found = re.findall(rf"(?i:\b{prefix}{office})\s+((?:[A-Z][\w.'’-]+\s)*[A-Z][\w'’-]+)", before)
    holders = {name.split()[-1] for name in found}
    if len(holders) != 1:
        return None
    beside = {pair[one].tokens[-1] for pair in pairwise(headings) for one in (0, 1) if pair[1 - one] == heading}
    if beside.intersection(holder.casefold() for holder in holders):
        return None
    name = max(found, key=len)
    return named(name, tuple(name.split()), False)


def _ending(heading: Heading, names: dict[tuple[str, ...], Heading]) -> Heading | None:
    """Return the person whose name ends the label of an office."""
    for size in (3, 2, 1):
        tail = heading.tokens[-size:]
        if size < len(heading.tokens) and tail in names and heading.tokens[-size - 1] not in words().connectors:
            return replace(names[tail], title=names[tail].title or heading.printed)
    return None


def _voice(person: Person, full: dict[str, str]) -> Voice:
    name = person.printed
    if person.named and len(person.tokens) == 1 and person.tokens[0] in full:
        name = full[person.tokens[0]]
    sex = gender_of(person.titles)
    return Voice(name, person.named, person.title, person.party, person.constituency, person.country, sex)


def _couples(headings: Sequence[Heading]) -> frozenset[str]:
    """Return the surnames of two who answer each other, one with a title that shows the sex: FALK and MRS. FALK."""
    turns: Counter[str] = Counter()
    for one, other in pairwise(headings):
        same = one.named and other.named and one.tokens and one.tokens[-1:] == other.tokens[-1:]
        if same and (gender_of(one.titles) is None) != (gender_of(other.titles) is None):
            turns[one.tokens[-1]] += 1
    return frozenset(surname for surname, count in turns.items() if count >= _FEWEST_ANSWERS)


class _Index:
    """People by their surname, the last word of their name. ``couples`` are surnames of two."""

    def __init__(self, people: list[Person], couples: frozenset[str]) -> None:
        self._people = people
        self._couples = couples
        self._exact: dict[tuple[object, ...], int] = {}
        self._surnames: dict[str, list[int]] = defaultdict(list)

    @staticmethod
    def _key(heading: Heading) -> tuple[object, ...]:
        sex = gender_of(heading.titles) if len(heading.tokens) == 1 else None
        return heading.tokens, heading.named, heading.country if heading.named else None, sex

    def place(self, heading: Heading) -> None:
        """Find or make the person of a label; labels with a full name come first."""
        key = self._key(heading)
        if key not in self._exact:
            fits = self._fitting(heading)
            if len(fits) == 1 or (fits and len(heading.tokens) == 1):
                self._exact[key] = fits[0] if len(fits) == 1 else -1
            else:
                self._exact[key] = len(self._people)
                self._surnames[heading.tokens[-1] if heading.tokens else ""].append(len(self._people))
                self._people.append(Person(heading.tokens, heading.printed, heading.named))
        if self._exact[key] >= 0:
            _add(self._people[self._exact[key]], heading)

    def owner(self, heading: Heading, number: int) -> int:
        """Return the index of the person whose label it is; a shared surname is the last of them to speak."""
        at = self._exact[self._key(heading)]
        if at < 0:
            at = max(self._fitting(heading), key=lambda i: self._people[i].last)
        self._people[at].last = number
        return at

    def _fitting(self, heading: Heading) -> list[int]:
        if not heading.tokens:
            return []
        near = self._surnames[heading.tokens[-1]][-_MOST_NAMESAKES:]
        if heading.tokens[-1] in self._couples:
            sex = gender_of(heading.titles)
            near = [i for i in near if gender_of(self._people[i].titles) == sex]
        return [i for i in near if _alike(self._people[i], heading)]


def _add(person: Person, heading: Heading) -> None:
    if len(heading.tokens) > len(person.tokens):
        person.tokens, person.printed = heading.tokens, heading.printed
    person.titles |= heading.titles
    person.title = person.title or heading.title
    person.party = person.party or heading.party
    person.constituency = person.constituency or heading.constituency
    person.country = person.country or heading.country


def _alike(person: Person, heading: Heading) -> bool:
    """Return whether a label with the same last word can be this person's."""
    if not person.named or not heading.named:
        return person.tokens == heading.tokens and person.named == heading.named
    if person.country and heading.country and person.country != heading.country:
        return False
    sexes = {gender_of(person.titles), gender_of(heading.titles)} - {None}
    if len(sexes) > 1:
        return False
    mine, theirs = person.tokens[:-1], heading.tokens[:-1]
    if not mine or not theirs:
        return True
    shorter, longer = sorted((mine, theirs), key=len)
    return all(any(_same(a, b) for b in longer) for a in shorter) or (_same(mine[0], theirs[0]) and len(shorter) > 0)


def _same(a: str, b: str) -> bool:
    """Return whether two given names can be one: equal, or one the initial of the other."""
    return a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])


def _full_names(text: str, headings: Sequence[Heading], before: str) -> dict[str, str]:
    """Return full names by surname or initials, where the text gives exactly one full name."""
    lists = words()
    alone = [heading for heading in headings if heading.named and len(heading.tokens) == 1]
    initials = {one.tokens[0] for one in alone if one.printed.isupper() and len(one.printed) <= _LONGEST_INITIALS}
    wanted = {heading.tokens[0] for heading in alone}
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for match in _PAIR.finditer(text):
        given, surname = match.groups()
        low = surname.casefold().removesuffix("'s").removesuffix("’s")
        if low not in wanted or (low in initials and surname.isupper()):
            continue
        if given.casefold().rstrip(".") not in lists.titles | lists.offices | lists.openers:
            seen[low][f"{given} {surname.removesuffix(chr(39) + 's').removesuffix('’s')}"] += 1
    for match in _PAIR.finditer(before):
        first = (match[1][0] + match[2][0]).casefold()
        if first in initials and not (match[1].isupper() or match[2].isupper()):
            seen[first][" ".join(match.groups())] += 1
    return {low: next(iter(names)) for low, names in seen.items() if len(names) == 1}
