"""The parts of a label: the name, and the title, party, constituency and country beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quotekit.form.labels import TIME, Label
from quotekit.form.types import Gender
from quotekit.form.words import words
from quotekit.lexicon.places import country_in, place

_PARTY = re.compile(r"[A-Z][\w/&-]{0,8}(?: [A-Z][\w-]{0,4})?")
_ELECTORATE = re.compile(r"\s*[—–]\s*")
_COUNTRY_OF = re.compile(r"representative of (?:the )?([A-Z][^,.;:()]{2,60})")


@dataclass(slots=True)
class Heading:
    """The parts of a label: the name's words in lower case, and the details beside them."""

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
        """The gender that the titles show."""
        return gender_of(self.titles)


def taken_apart(label: Label) -> Heading:
    """Return the name, titles, party, constituency and country of a label."""
    heading = named(label.name, label.core, label.shape == "role")
    for bracket in label.brackets:
        if bracket and not TIME.fullmatch(bracket) and not words().is_stage(bracket):
            heading = _with_bracket(heading, bracket)
    if label.addition and not heading.named and _is_person(label.addition):
        # Official Spokesperson, Oda Falk: the name follows the office.
        heading = _held(heading, taken_from(label.addition))
    elif label.addition and label.core[-1].casefold() in words().media:
        heading = taken_from(label.addition)
    elif label.addition:
        heading.title = heading.title or label.addition
    if heading.country is None:
        heading.country = _country_of(label)
    return heading


def _with_bracket(heading: Heading, bracket: str) -> Heading:
    """Return a label with the content of a bracket: country, name, party, constituency or office."""
    found = place(bracket) if bracket[:1].isupper() else None
    if found is not None and found.kind in ("country", "body", "state") and heading.country is None:
        heading.country = found.code
    elif not heading.named and heading.tokens and _is_person(person := bracket.partition(", ")[0]):
        # Q (Rune Teal, Harbour Post): the outlet is not in the name.
        return _held(heading, taken_from(person))
    elif (heading.constituency is not None and _PARTY.fullmatch(bracket)) or _is_party(bracket):
        heading.party = heading.party or bracket
    elif heading.constituency is None:
        _add_bracket(heading, bracket)
    return heading


def _held(office: Heading, holder: Heading) -> Heading:
    """Return the holder of an office, with the office. "Q" is not an office."""
    asks = not words().questions.isdisjoint(office.tokens)
    return replace(holder, title=None if asks else office.printed, office=office.tokens)


def _add_bracket(heading: Heading, bracket: str) -> None:
    """Add a constituency or office, and what follows its dash or comma: Lisk—Minister for Ports; Lisk, Lab."""
    whole, _, party = bracket.rpartition(", ")
    if whole and party.casefold() not in words().directions and _is_party(party.rstrip(".")):
        bracket, heading.party = whole, heading.party or party
    parts = _ELECTORATE.split(bracket, maxsplit=1)
    if _is_office(parts[0]):
        heading.title = heading.title or bracket
    else:
        heading.constituency = parts[0]
        heading.title = heading.title or (parts[1] if len(parts) > 1 and _is_office(parts[1]) else None)


def _is_office(part: str) -> bool:
    """Return whether a part of a bracket names an office, and is no constituency or part of its name."""
    return not words().offices.isdisjoint(re.findall(r"\w+", part.casefold()))


def taken_from(name: str) -> Heading:
    """Return the parts of a name without a label: Foreign Minister Oda Falk."""
    return named(name, tuple(re.findall(r"[^\W\d_][\w.'’-]*", name)), False)


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


def named(name: str, core: Sequence[str], role: bool) -> Heading:
    """Remove the titles from a name; an office without a name stays whole."""
    lists = words()
    low = [word.casefold().rstrip(".").removesuffix("'s") for word in core]
    if role and low:
        return _of_role(name, low)
    whole = Heading(tuple(low), name, False, set())
    if not low or (low[0] == "the" and (len(low) < 2 or low[1] not in lists.peers)):
        return whole
    known = lists.titles | lists.offices
    at = max((i + 1 for i, word in enumerate(low[:-1]) if word in known), default=0)
    if at and low[at] in lists.prepositions:
        at = next((i for i in range(len(low) - 2, at, -1) if low[i] in lists.given), 0)
        if not at:
            return replace(whole, named=low[0] in lists.territorial)
    rest = low[at:]
    if rest[-1].isdigit():
        return whole
    if all(word in known or word in lists.connectors for word in rest) and (at == 0 or rest[-1] in lists.offices):
        return whole
    constituency = None
    if "of" in rest[1:] and low[0] in lists.surnamed:
        cut = rest.index("of", 1)
        constituency = " ".join(core[at + cut + 1 :])
        rest = rest[:cut]
    while len(rest) > 1 and rest[-1] in lists.suffixes:
        rest.pop()
    title = " ".join(core[:at]) if any(word in lists.offices for word in low[:at]) else None
    printed = " ".join(core[at : at + len(rest)])
    first = _in_front(core[at : at + len(rest)])
    return Heading((*rest[first:], *rest[:first]), printed, True, set(low[:at]), title, constituency=constituency)


def _in_front(name: Sequence[str]) -> int:
    """Return how many words of a surname in capitals come first: TEAL Rune, DE WIT Oda."""
    capitals = next((i for i, word in enumerate(name) if not word.isupper()), 0)
    return capitals if any(len(word.rstrip(".")) > 2 for word in name[:capitals]) else 0


def _of_role(name: str, low: Sequence[str]) -> Heading:
    """Return the part of an unnamed voice: Q12 and Q are one voice, Speaker 1 and Speaker 2 are two."""
    bare = name.rstrip("0123456789 ")
    asks = bare.casefold().rstrip(".") in words().questions | words().answers
    return Heading((bare.casefold(),), bare, False, set()) if asks else Heading(tuple(low), name, False, set())


def gender_of(titles: set[str]) -> Gender | None:
    """Return the gender that titles show, if any."""
    lists = words()
    return "male" if titles & lists.male else "female" if titles & lists.female else None
