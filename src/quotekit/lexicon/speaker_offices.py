"""The office shown by a role, a description or the name of a body: head of state, minister, court, media, …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from quotekit.lexicon.loading import load
from quotekit.lexicon.places import place
from quotekit.models import OFFICES, SpeakerOffice

_WORD = re.compile(r"[^\W_][\w.'’‐‑-]*")
_PART = re.compile(r"[,;]\s*|\s+and\s+")
_COUNTRIES = ("country", "demonym")
_ENDINGS = (("women", "woman"), ("men", "man"), ("ies", "y"), ("s", ""))
"""Plural endings, each with its singular."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the data file."""

    value: SpeakerOffice
    heads: frozenset[str]
    needed: frozenset[str]
    excluded: frozenset[str]
    state: bool
    alone: bool

    def fits(self, title: list[str], complement: list[str], words: set[str]) -> bool:
        if self.heads.isdisjoint(_forms(title[-1])) or not self.excluded.isdisjoint(words):
            return False
        if (self.needed and self.needed.isdisjoint(words)) or (self.alone and complement):
            return False
        return not self.state or (_of_state(title[:-1]) and _of_state(complement))


@cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(
        _Entry(
            OFFICES[entry["value"]],
            heads=frozenset(entry["heads"].split()),
            needed=frozenset(entry.get("with", "").split()),
            excluded=frozenset(entry.get("without", "").split()),
            state=entry.get("state", False),
            alone=entry.get("alone", False),
        )
        for entry in load("speaker_offices")["office"]
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("speaker_offices")[name].split())


@cache
def _bodies() -> dict[str, SpeakerOffice]:
    return {
        word: OFFICES[value] for value, names in load("speaker_offices")["bodies"].items() for word in names.split()
    }


@cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(load("speaker_offices")["phrases"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?=s?\b)")


def _forms(word: str) -> list[str]:
    """Return a word and its possible singulars."""
    return [word, *(word[: -len(plural)] + one for plural, one in _ENDINGS if word.endswith(plural))]


def _split(text: str) -> list[str]:
    joined = _phrases().sub(lambda found: found[0].replace(" ", "-"), text.lower().replace("’", "'"))
    return [word.strip(".'-").removesuffix("'s") for word in _WORD.findall(joined)]


def _of_state(words: list[str]) -> bool:
    """Return whether ``words`` name a country or nothing."""
    left = [word for word in words if word not in _words("neutral") and word not in _words("prepositions")]
    found = place(" ".join(left)) if left else None
    return not left or (found is not None and found.kind in _COUNTRIES)


def _parts(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the title and the complement of each current office in ``text``."""
    for part in _PART.split(text):
        words = _split(part)
        cut = next((i for i, word in enumerate(words) if word in _words("prepositions")), len(words))
        title, complement = words[:cut], words[cut + 1 :]
        if title and complement and not _words("collectives").isdisjoint(_forms(title[-1])):
            yield from _parts(" ".join(complement))
        if title and not any(word in _words("former") or word.startswith("ex-") for word in title):
            yield title, complement


@lru_cache(4096)
def of_role(text: str) -> SpeakerOffice | None:
    """Return the office that a role or description shows; ``None`` for a former office or none.

    >>> of_role("U.S. Secretary of State"), of_role("president of the bakers' union"), of_role("former Polish premier")
    ('minister', None, None)
    >>> of_role("a senior police official"), of_role("many tax experts"), of_role("the French president")
    ('police', 'expert', 'head')
    """
    for title, complement in _parts(text):
        words = {form for word in (*title, *complement) for form in _forms(word)}
        for entry in _entries():
            if entry.fits(title, complement, words):
                return entry.value
    return None


def of_body(name: str) -> SpeakerOffice | None:
    """Return the office of a body, by its whole name or its last word.

    >>> of_body("the U.N. Security Council"), of_body("Tulsa police"), of_body("Harbour Times"), of_body("Norway")
    ('international', 'police', 'media', None)
    """
    words = _split(name)
    words = words[1:] if words[:1] == ["the"] else words
    for known in ("-".join(words), *words[-1:]):
        if known in _bodies():
            return _bodies()[known]
    return None


def office_of(kind: str, name: str, roles: Iterable[str]) -> SpeakerOffice | None:
    """Return the office of a speaker: for bodies by name, for persons by roles, for others by roles or name.

    >>> office_of("person", "Ann Lee", ["mayor", "candidate of the Harbour Party"])
    'party'
    """
    if kind in ("document", "unknown"):
        return None
    if kind in ("organization", "government"):
        return of_body(name)
    found = (of_role(role) for role in roles)
    if kind == "person":
        return next((office for office in found if office is not None), None)
    return next((office for office in found if office is not None), of_role(name))
