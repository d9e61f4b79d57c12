"""Countries, their demonyms, capitals and seats of government, with ISO 3166-1 alpha-2 codes.

Codes and English names are those of the Unicode CLDR, read through Babel at the first use; what news adds to them
stands in ``data/en/places.json``, with its sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from quotekit.lexicon import load

PlaceKind = Literal["country", "capital", "seat", "state", "body", "demonym"]

_IN_BRACKETS = re.compile(r"(.+) \((.+)\)")
_SAINT = re.compile(r"(?:st\.?|saint) ")
_APOSTROPHES = str.maketrans("’‘ʻʼ`", "'''''")
_OWN: tuple[tuple[PlaceKind, str], ...] = (("body", "bodies"), ("state", "states"))
_OF_COUNTRIES: tuple[tuple[PlaceKind, str], ...] = (("demonym", "demonyms"), ("seat", "seats"), ("capital", "capitals"))
_OWNERS = frozenset({"country", "demonym"})


@dataclass(frozen=True, slots=True)
class Place:
    """What a place name stands for; ``name`` is the commonest name of the country, or the state's or body's own."""

    code: str
    name: str
    kind: PlaceKind


@cache
def _territories() -> dict[str, str]:
    """The library's English names by code; those of continents and of codes that are no country's are among them."""
    # Not at import: Babel and its English data take 20 to 40 ms.
    from babel import Locale

    return dict(Locale("en").territories)


def country_names(code: str) -> tuple[str, ...]:
    """The names of the country of that code, the one that news prefers first.

    >>> country_names("MM"), country_names("TR")[:2]
    (('Myanmar', 'Burma'), ('Turkey', 'Türkiye'))
    """
    entry = load("places")["countries"][code]
    name = _territories()[code].replace(" & ", " and ")
    parted = _IN_BRACKETS.fullmatch(name)
    names = parted.groups() if parted else (name,)
    preferred = (entry["name"],) if "name" in entry else ()
    return tuple(dict.fromkeys((*preferred, *names, *entry.get("also", ()))))


def _low(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _bare(low: str) -> str:
    """The name as a keyboard without accents has it."""
    plain = unicodedata.normalize("NFKD", low.translate(_APOSTROPHES))
    return "".join(c for c in plain if not unicodedata.combining(c))


def spellings(name: str) -> Iterator[str]:
    """The keys under which ``name`` is found: in lower case, with and without accents, hyphens, "&", a full "Saint".

    >>> sorted(set(spellings("St. Barthélemy")))[:4]
    ['saint barthelemy', 'saint barthélemy', 'st barthelemy', 'st barthélemy']
    """
    low = _low(name)
    forms = [_SAINT.sub(saint, low, count=1) for saint in ("st. ", "st ", "saint ")] if _SAINT.match(low) else [low]
    for form in forms:
        for key in (form, form.replace("-", " "), form.replace(" and ", " & ")):
            yield key
            yield _bare(key)


@cache
def _places() -> dict[str, Place]:
    data = load("places")
    left_out = {key for name in data["left_out"] for key in spellings(name)}
    shared = {key: code for name, code in data["shared"].items() for key in spellings(name)}
    table: dict[str, Place] = {}
    # What comes later wins: Georgia is a state and a country, and the country is the one that speaks.
    for name, found in _entries(data):
        for key in spellings(name):
            if key not in left_out and shared.get(key, found.code) == found.code:
                table[key] = found
    return table


def _entries(data: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """Every name of the data and what it stands for, the strongest claims last."""
    for kind, part in _OWN:
        for code, names in data[part].items():
            for name in names:
                yield name, Place(code, name, kind)
    for state, names in data["state_names"].items():
        for name in names:
            yield name, Place("US", state, "state")
    countries = {code: country_names(code) for code in data["countries"]}
    for kind, part in _OF_COUNTRIES:
        for code, names in countries.items():
            for name in data["countries"][code].get(part, ()):
                yield name, Place(code, names[0], kind)
    for code, names in countries.items():
        for name in names:
            yield name, Place(code, names[0], "country")


def place(name: str) -> Place | None:
    """What ``name`` stands for; ``None`` where it is no place that can speak.

    Case, accents and the form of apostrophes do not count. Some names stand for nothing, since they are more often
    somebody's or something else's ("Victoria", "San Jose"): ``left_out`` in the data says which.

    >>> place("Moscow")
    Place(code='RU', name='Russia', kind='capital')
    >>> place("the Kremlin").name, place("Russians").kind, place("White House").code, place("Narnia")
    ('Russia', 'demonym', 'US', None)
    >>> place("Elysee") == place("the Élysée"), place("U.S. Senate").name
    (True, 'Senate')
    """
    table, low = _places(), _low(name)
    found = table.get(low)
    if found is None and not low.isascii():
        low = _bare(low)
        found = table.get(low)
    if found is None and low.endswith("s"):
        found = table.get(low[:-1])
        if found is not None and found.kind != "demonym":
            found = None
    return found or _body_of_its_country(table, low)


def _body_of_its_country(table: dict[str, Place], low: str) -> Place | None:
    """The body in "U.S. Senate" and "Russian Duma"; none in "Indian Senate", of which the data knows nothing."""
    country, space, rest = low.partition(" ")
    body = table.get(rest) if space else None
    if body is None or body.kind != "body":
        return None
    owner = table.get(country)
    return body if owner is not None and owner.code == body.code and owner.kind in _OWNERS else None


@cache
def _reach() -> dict[str, int]:
    """For the first word of each name, how many words the longest name has that begins with it."""
    reach: dict[str, int] = {}
    for name in _places():
        first, size = name.partition(" ")[0], name.count(" ") + 1
        reach[first] = max(size, reach.get(first, 1))
    return reach


def country_in(words: Sequence[str]) -> str | None:
    """The code of the country that a role names, ``None`` where it names none or two. Capitals do not count.

    >>> country_in(["UAE", "foreign", "minister"]), country_in(["New", "Zealand", "Prime", "Minister"])
    ('AE', 'NZ')
    >>> country_in(["Kremlin", "spokesman"]), country_in(["London", "correspondent"])
    ('RU', None)
    """
    codes: set[str] = set()
    at, reach = 0, _reach()
    while at < len(words):
        size = _named(words, at, reach, codes) if words[at][:1].isupper() else 0
        at += max(size, 1)
    return codes.pop() if len(codes) == 1 else None


def _named(words: Sequence[str], at: int, reach: dict[str, int], codes: set[str]) -> int:
    """How many words from ``at`` on name a country, the most that do; its code goes into ``codes``."""
    for size in range(min(reach.get(words[at].casefold(), 1), len(words) - at), 0, -1):
        found = place(" ".join(words[at : at + size]))
        if found is not None and found.kind != "capital":
            codes.add(found.code)
            return size
    return 0
