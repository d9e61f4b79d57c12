"""Countries, their demonyms, capitals and seats of government, with ISO 3166-1 alpha-2 codes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from quotekit.lexicon import load

PlaceKind = Literal["country", "capital", "seat", "state", "body", "demonym"]


@dataclass(frozen=True, slots=True)
class Place:
    """What a place name stands for; ``name`` is the commonest name of the country, or the state's or body's own."""

    code: str
    name: str
    kind: PlaceKind


@cache
def _places() -> dict[str, Place]:
    data = load("places")
    table: dict[str, Place] = {}
    for code, bodies in data["bodies"].items():
        for body in bodies:
            table[body.casefold()] = Place(code, body, "body")
    for code, states in data["states"].items():
        for state in states:
            table[state.casefold()] = Place(code, state, "state")
    for key, kind in (("demonyms", "demonym"), ("seats", "seat"), ("capitals", "capital"), ("names", "country")):
        for code, country in data["countries"].items():
            for name in country.get(key, ()):
                # Georgia is a state and a country; the country is the one that speaks.
                table[name.casefold()] = Place(code, country["names"][0], kind)  # type: ignore[arg-type]
    return table


def place(name: str) -> Place | None:
    """What ``name`` stands for; ``None`` where it is no place that can speak.

    >>> place("Moscow")
    Place(code='RU', name='Russia', kind='capital')
    >>> place("the Kremlin").name, place("Russians").kind, place("White House").code, place("Narnia")
    ('Russia', 'demonym', 'US', None)
    """
    table, low = _places(), name.casefold().removeprefix("the ")
    found = table.get(low)
    if found is None and low.endswith("s"):
        found = table.get(low[:-1])
        if found is not None and found.kind != "demonym":
            found = None
    return found


@cache
def _longest() -> int:
    return max(name.count(" ") for name in _places()) + 1


def country_in(words: list[str] | tuple[str, ...]) -> str | None:
    """The code of the country that a role names, ``None`` where it names none or two.

    >>> country_in(["UAE", "foreign", "minister"]), country_in(["New", "Zealand", "Prime", "Minister"])
    ('AE', 'NZ')
    """
    codes: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(_longest(), len(words) - at), 0, -1):
            if not words[at][:1].isupper():
                size = 1
                continue
            found = place(" ".join(words[at : at + size]))
            if found is not None and (found.kind in ("country", "demonym", "body") or found.kind == "state"):
                if found.code not in codes:
                    codes.append(found.code)
                break
        else:
            size = 1
        at += size
    return codes[0] if len(codes) == 1 else None
