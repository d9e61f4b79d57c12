"""Countries, their demonyms, capitals and seats of government, with ISO 3166-1 alpha-2 codes.

Codes and English names are those of the Unicode CLDR, read through Babel at the first use. Other names used in news
are in ``data/en/places.json``, with their sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from quotekit.lexicon import load

PlaceKind = Literal["country", "capital", "seat", "state", "body", "demonym"]

_IN_BRACKETS = re.compile(r"(.+) \((.+)\)")
_INITIALS = re.compile(r"(?:[a-z]\.){2,}")
_SAINT = re.compile(r"(?:st\.?|saint) ")
_APOSTROPHES = str.maketrans("’‘ʻʼ`", "'''''")
_OWN: tuple[tuple[PlaceKind, str], ...] = (("body", "bodies"), ("state", "states"))
_OF_COUNTRIES: tuple[tuple[PlaceKind, str], ...] = (("demonym", "demonyms"), ("seat", "seats"), ("capital", "capitals"))
_OWNERS = frozenset({"country", "demonym"})
_REMEMBERED = 4096
"""Names for which the answer is remembered: an article asks for most of its names several times."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a place name refers to. ``name`` is the most common name of the country, or the state's or body's own."""

    code: str
    name: str
    kind: PlaceKind


@cache
def _territories() -> dict[str, str]:
    """Return the library's English names by code, including those of continents and the like."""
    # Not at import: Babel and its English data take 20 to 40 ms.
    from babel import Locale

    return dict(Locale("en").territories)


def country_names(code: str) -> tuple[str, ...]:
    """Return the names of a country by its code, the one preferred in news first.

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
    """Return the name without accents."""
    plain = unicodedata.normalize("NFKD", low.translate(_APOSTROPHES))
    return "".join(c for c in plain if not unicodedata.combining(c))


def spellings(name: str) -> Iterator[str]:
    """Yield the keys of ``name``: in lower case, with and without accents, hyphens, "&" and "Saint" in full.

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
    # Later entries win: Georgia is a state and a country, and the country is the likelier speaker.
    for name, found in _entries(data):
        for key in spellings(name):
            if key not in left_out and shared.get(key, found.code) == found.code:
                table[key] = found
    return table


def _entries(data: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """Yield every name in the data with its place, those that take precedence last."""
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


@lru_cache(maxsize=_REMEMBERED)
def place(name: str) -> Place | None:
    """Return the place that ``name`` refers to; ``None`` if it is not one that can speak.

    Case, accents and the form of apostrophes are ignored. Names that are more often somebody's or something else's
    ("Victoria", "San Jose") are left out; see ``left_out`` in the data.

    >>> place("Moscow")
    Place(code='RU', name='Russia', kind='capital')
    >>> place("the Kremlin").name, place("Russians").kind, place("White House").code, place("Narnia")
    ('Russia', 'demonym', 'US', None)
    >>> place("Elysee") == place("the Élysée"), place("U.S. Senate").name
    (True, 'Senate')
    >>> place("the I.R.S.") == place("IRS")
    True
    """
    table, low = _places(), _low(name)
    found = table.get(low)
    if found is None and _INITIALS.fullmatch(low):
        found = table.get(low.replace(".", ""))
    if found is None and not low.isascii():
        low = _bare(low)
        found = table.get(low)
    if found is None and low.endswith("s"):
        found = table.get(low[:-1])
        if found is not None and found.kind != "demonym":
            found = None
    return found or _body_of_its_country(table, low)


def _body_of_its_country(table: dict[str, Place], low: str) -> Place | None:
    """Return the body in "U.S. Senate" and "Russian Duma"; ``None`` for "Indian Senate", which the data lacks."""
    country, space, rest = low.partition(" ")
    body = table.get(rest) if space else None
    if body is None or body.kind != "body":
        return None
    owner = table.get(country)
    return body if owner is not None and owner.code == body.code and owner.kind in _OWNERS else None


@cache
def _reach() -> dict[str, int]:
    """Return for each first word the number of words in the longest name that begins with it."""
    reach: dict[str, int] = {}
    for name in _places():
        first, size = name.partition(" ")[0], name.count(" ") + 1
        reach[first] = max(size, reach.get(first, 1))
    return reach


def country_in(words: Sequence[str]) -> str | None:
    """Return the code of the country that a role names, ``None`` for none or two. Capital cities are ignored.

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
    """Return the number of words from ``at`` on that name a country, and add its code to ``codes``."""
    for size in range(min(reach.get(words[at].casefold(), 1), len(words) - at), 0, -1):
        found = place(" ".join(words[at : at + size]))
        if found is not None and found.kind != "capital":
            codes.add(found.code)
            return size
    return 0
