"""Who a label is: all labels of one person are one voice, and two people of one surname are two."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quotekit.form.labels import TIME, Label
from quotekit.form.types import Gender, Voice
from quotekit.form.words import words
from quotekit.lexicon.places import country_in, place

_PARTY = re.compile(r"[A-Z][\w/&-]{0,8}(?: [A-Z][\w-]{0,4})?")
_ELECTORATE = re.compile(r"\s*[—–]\s*")
_PAIR = re.compile(
    r"\b([A-Z][\w’']*[^\W\dA-Z_][\w’']*(?:-[\w’']+)*|[A-Z]\.)(?=\s{1,2}((?:Mc|Mac|O['’])?[A-Z][\w’'-]+))"
)
_MOST_NAMESAKES = 40
_LONGEST_HEADING = 1000
_LONGEST_INITIALS = 3
_COUNTRY_OF = re.compile(r"representative of (?:the )?([A-Z][^,.;:()]{2,60})")


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


@dataclass(slots=True)
class Heading:
    """A label taken apart: the name's words in lower case, and what is said beside them."""

    tokens: tuple[str, ...]
    printed: str
    named: bool
    titles: set[str]
    title: str | None = None
    party: str | None = None
    constituency: str | None = None
    country: str | None = None
    office: tuple[str, ...] = ()

    @property
    def gender(self) -> Gender | None:
        """What the titles show."""
        return _sex(self.titles)


def voices(text: str, found: Sequence[Label]) -> tuple[list[int], tuple[Voice, ...]]:
    """Return the index of the voice of each label, and the voices in order of their first label."""
    before = text[: found[0].start][-_LONGEST_HEADING:] if found else ""
    headings = _holders([taken_apart(label) for label in found], before)
    full = _full_names(text, headings, before)
    people: list[Person] = []
    index = _Index(people)
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
                holders[heading.tokens] = _ending(heading, names) or _of_heading(heading, before) or heading
            heading = holders[heading.tokens]
        elif len(heading.tokens) == 1 and len(full := initials.get(heading.tokens[0], set())) == 1:
            heading = names[next(iter(full))]
        out.append(heading)
    return out


def _of_heading(heading: Heading, before: str) -> Heading | None:
    """Return the holder of a label's office whom the document's heading names: President Falk, THE PRESIDENT."""
    if len(heading.tokens) < 2 or heading.tokens[0] != "the":
        return None
    office = r"\s+".join(map(re.escape, heading.tokens[1:]))
    prefix = "" if heading.tokens[1] == "vice" else r"(?<!vice )"
    found = re.findall(rf"(?i:\b{prefix}{office})\s+((?:[A-Z][\w.'’-]+\s)*[A-Z][\w'’-]+)", before)
    holders = {name.split()[-1] for name in found}
    if len(holders) != 1:
        return None
    name = max(found, key=len)
    return _named(name, tuple(name.split()), False)


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
    sex = _sex(person.titles)
    return Voice(name, person.named, person.title, person.party, person.constituency, person.country, sex)


def taken_apart(label: Label) -> Heading:
    """Return the name, titles, party, constituency and country of a label."""
    lists = words()
    heading = _named(label.name, label.core, label.shape == "role")
    for bracket in label.brackets:
        if not bracket or TIME.fullmatch(bracket) or lists.is_stage(bracket):
            continue
        found = place(bracket) if bracket[:1].isupper() else None
        if found is not None and found.kind in ("country", "body", "state") and heading.country is None:
            heading.country = found.code
        elif not heading.named and heading.tokens and _is_person(bracket):
            inner = tuple(re.findall(r"[^\W\d_][\w.'’-]*", bracket))
            office = heading
            heading = _named(bracket, inner, False)
            heading.title, heading.office = office.printed, office.tokens
        elif (heading.constituency is not None and _PARTY.fullmatch(bracket)) or _is_party(bracket):
            heading.party = heading.party or bracket
        elif heading.constituency is None:
            _add_bracket(heading, bracket)
    if label.addition and not heading.named and _is_person(label.addition):
        # Official Spokesperson, Oda Falk: the name follows the office.
        office = heading
        heading = taken_from(label.addition)
        heading.title, heading.office = office.printed, office.tokens
    elif label.addition and label.core[-1].casefold() in lists.media:
        heading = taken_from(label.addition)
    elif label.addition:
        heading.title = heading.title or label.addition
    if heading.country is None:
        heading.country = _country_of(label)
    return heading


def _add_bracket(heading: Heading, bracket: str) -> None:
    """Note a constituency or office, and what a dash or comma adds to it: Lisk—Minister for Ports; Lisk, Lab."""
    whole, _, party = bracket.rpartition(", ")
    if whole and _is_party(party.rstrip(".")):
        bracket, heading.party = whole, heading.party or party
    parts = _ELECTORATE.split(bracket, maxsplit=1)
    if not words().offices.isdisjoint(re.findall(r"\w+", parts[0].casefold())):
        heading.title = heading.title or bracket
    else:
        heading.constituency = parts[0]
        heading.title = heading.title or (parts[1] if len(parts) > 1 and not _is_place_part(parts[1]) else None)


def _is_place_part(part: str) -> bool:
    """Return whether what follows a dash is part of a constituency's name, and no office."""
    return words().offices.isdisjoint(re.findall(r"\w+", part.casefold()))


def taken_from(name: str) -> Heading:
    """Return a name without a label, taken apart: Foreign Minister Oda Falk."""
    return _named(name, tuple(re.findall(r"[^\W\d_][\w.'’-]*", name)), False)


def _country_of(label: Label) -> str | None:
    match = _COUNTRY_OF.search(label.name)
    if match:
        found = place(match[1].strip())
        return found.code if found else None
    return country_in(label.addition.split()) if label.addition else None


def _is_party(bracket: str) -> bool:
    return bool(_PARTY.fullmatch(bracket)) and (len(bracket) <= 4 or (bracket.isupper() and len(bracket) <= 8))


def _is_person(bracket: str) -> bool:
    inner = bracket.split()
    return 1 < len(inner) <= 6 and inner[0][0].isupper() and inner[-1][0].isupper() and not place(bracket)


def _named(name: str, core: Sequence[str], role: bool) -> Heading:
    """Take the titles off a name; what is an office alone stays whole."""
    lists = words()
    low = [word.casefold().rstrip(".").removesuffix("'s") for word in core]
    if role and low:
        # Q12 and Q are one voice, Speaker 1 and Speaker 2 are two.
        bare = name.rstrip("0123456789 ")
        asks = bare.casefold().rstrip(".") in lists.questions | lists.answers
        return Heading((bare.casefold(),), bare, False, set()) if asks else Heading(tuple(low), name, False, set())
    if not low or (low[0] == "the" and (len(low) < 2 or low[1] not in lists.peers)):
        return Heading(tuple(low), name, False, set())
    known = lists.titles | lists.offices
    at = max((i + 1 for i, word in enumerate(low[:-1]) if word in known), default=0)
    if at and low[at] in ("of", "for", "to", "and", "on", "in"):
        at = next((i for i in range(len(low) - 2, at, -1) if low[i] in lists.given), 0)
        if not at:
            return Heading(tuple(low), name, low[0] in ("earl", "countess"), set())
    rest = low[at:]
    if all(word in known or word in lists.connectors for word in rest) and (at == 0 or rest[-1] in lists.offices):
        return Heading(tuple(low), name, False, set())
    constituency = None
    if "of" in rest[1:] and low[0] in ("mr", "mrs", "ms", "miss", "dr"):
        cut = rest.index("of", 1)
        constituency = " ".join(core[at + cut + 1 :])
        rest = rest[:cut]
    while len(rest) > 1 and rest[-1] in lists.suffixes:
        rest.pop()
    titles = set(low[:at])
    title = " ".join(core[:at]) if any(word in lists.offices for word in low[:at]) else None
    return Heading(tuple(rest), " ".join(core[at : at + len(rest)]), True, titles, title, constituency=constituency)


class _Index:
    """People by their surname, the last word of their name."""

    def __init__(self, people: list[Person]) -> None:
        self._people = people
        self._exact: dict[tuple[object, ...], int] = {}
        self._surnames: dict[str, list[int]] = defaultdict(list)

    @staticmethod
    def _key(heading: Heading) -> tuple[object, ...]:
        sex = _sex(heading.titles) if len(heading.tokens) == 1 else None
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
        return [i for i in near if _alike(self._people[i], heading)]


def _add(person: Person, heading: Heading) -> None:
    if len(heading.tokens) > len(person.tokens):
        person.tokens, person.printed = heading.tokens, heading.printed
    person.titles |= heading.titles
    person.title = person.title or heading.title
    person.party = person.party or heading.party
    person.constituency = person.constituency or heading.constituency
    person.country = person.country or heading.country


def _sex(titles: set[str]) -> Gender | None:
    lists = words()
    return "male" if titles & lists.male else "female" if titles & lists.female else None


def _alike(person: Person, heading: Heading) -> bool:
    """Return whether a label with the same last word can be this person's."""
    if not person.named or not heading.named:
        return person.tokens == heading.tokens and person.named == heading.named
    if person.country and heading.country and person.country != heading.country:
        return False
    sexes = {_sex(person.titles), _sex(heading.titles)} - {None}
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
    """Return full names by surname or initials, for those that the text gives one full name."""
    lists = words()
    alone = [heading for heading in headings if heading.named and len(heading.tokens) == 1]
    initials = {one.tokens[0] for one in alone if one.printed.isupper() and len(one.printed) <= _LONGEST_INITIALS}
    wanted = {heading.tokens[0] for heading in alone} - initials
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for match in _PAIR.finditer(text):
        given, surname = match.groups()
        low = surname.casefold().removesuffix("'s").removesuffix("’s")
        if low in wanted and given.casefold().rstrip(".") not in lists.titles | lists.offices | lists.openers:
            seen[low][f"{given} {surname.removesuffix(chr(39) + 's').removesuffix('’s')}"] += 1
    for match in _PAIR.finditer(before):
        first = (match[1][0] + match[2][0]).casefold()
        if first in initials and not (match[1].isupper() or match[2].isupper()):
            seen[first][" ".join(match.groups())] += 1
    return {low: next(iter(names)) for low, names in seen.items() if len(names) == 1}
