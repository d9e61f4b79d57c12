"""The word lists by which labels and speech are recognized."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from quotekit.lexicon import load

_SHORT_STEM = 4
"""Characters up to which a stage word must be whole."""

_SHORT_DIRECTION = 40
"""Maximum characters of a direction that is known by any of its words: (a few laughs)."""

_LISTS = (
    "personal",
    "male",
    "female",
    "peers",
    "narrative",
    "connectors",
    "prepositions",
    "territorial",
    "surnamed",
    "presiding",
    "no_first",
    "directions",
    "lower",
    "stage",
    "openers",
    "first_person",
    "singular",
    "saying",
    "assembly",
    "courtesies",
    "introducing",
    "chairs",
    "ordinals",
    "heard",
    "tags",
)
"""Fields of `Words` that are lists of the file as they are."""


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of ``form.json``, and those of names and offices that it adds to."""

    questions: frozenset[str]
    answers: frozenset[str]
    parts: frozenset[str]
    titles: frozenset[str]
    personal: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    peers: frozenset[str]
    narrative: frozenset[str]
    abbreviations: frozenset[str]
    offices: frozenset[str]
    fields: frozenset[str]
    field_starts: tuple[str, ...]
    connectors: frozenset[str]
    prepositions: frozenset[str]
    territorial: frozenset[str]
    surnamed: frozenset[str]
    presiding: frozenset[str]
    no_first: frozenset[str]
    directions: frozenset[str]
    lower: frozenset[str]
    stage: frozenset[str]
    stage_stems: tuple[str, ...]
    openers: frozenset[str]
    first_person: frozenset[str]
    singular: frozenset[str]
    saying: frozenset[str]
    assembly: frozenset[str]
    courtesies: frozenset[str]
    introducing: frozenset[str]
    chairs: frozenset[str]
    ordinals: frozenset[str]
    heard: frozenset[str]
    tags: frozenset[str]
    links: frozenset[str]
    notes: tuple[str, ...]
    acts: re.Pattern[str]
    note_endings: tuple[str, ...]
    closings: tuple[str, ...]
    within: tuple[str, ...]
    given: frozenset[str]
    suffixes: frozenset[str]
    dates: frozenset[str]
    media: frozenset[str]

    def is_stage(self, bracket: str) -> bool:
        """Return whether words in brackets are a stage direction: Laughter, spoke in French, via interpreter."""
        low = bracket.strip().casefold()
        first = low.split(None, 1)[0].rstrip(".,:;!?") if low else ""
        heard = len(low) <= _SHORT_DIRECTION and not self.heard.isdisjoint(low.rstrip(".!").split())
        return first in self.stage or first.startswith(self.stage_stems) or heard

    def opens_field(self, key: str) -> bool:
        """Return whether a label's first words open a field: Editing by Ivo Brandt."""
        return any(key == start or key.startswith(f"{start} ") for start in self.field_starts)

    def bare(self, core: Sequence[str]) -> list[str]:
        """Return the words of a name without connectors and without the titles before it."""
        rest = [word for word in core if word.casefold() not in self.connectors]
        while len(rest) > 1 and rest[0].casefold().rstrip(".") in self.titles:
            rest.pop(0)
        return rest

    @property
    def roles(self) -> frozenset[str]:
        """Labels that name a part and no person."""
        return self.questions | self.answers | self.parts


@cache
def words() -> Words:
    """Return the lists, read once per process."""
    data: dict[str, Any] = load("form")
    names, offices, given, sources = load("names"), load("offices"), load("given_names"), load("sources")

    def listed(key: str) -> frozenset[str]:
        return frozenset(data[key].split())

    return Words(
        **{name: listed(name) for name in _LISTS},
        questions=frozenset(data["questions"]),
        answers=frozenset(data["answers"]),
        parts=frozenset(data["parts"]),
        titles=listed("titles") | {title.rstrip(".") for title in offices["titles"]},
        abbreviations=listed("abbreviations") | {title.rstrip(".") for title in offices["titles"]},
        offices=listed("offices") | set(offices["offices"].split()) - set(offices["surnames"].split()),
        fields=frozenset(field for field in data["fields"] if not field.endswith("*")),
        field_starts=tuple(field[:-1] for field in data["fields"] if field.endswith("*")),
        stage_stems=tuple(stem for stem in data["stage"].split() if len(stem) > _SHORT_STEM),
        links=frozenset(data["links"]),
        notes=tuple(data["notes"]),
        acts=_acts(data["bodies"].split(), data["acts"].split()),
        note_endings=tuple(data["note_endings"]),
        closings=tuple(data["closings"]),
        within=tuple(data["within"]),
        given=frozenset(f"{given['male']} {given['female']} {given['both']}".casefold().split()),
        suffixes=frozenset(names["suffixes"].split()),
        dates=frozenset(names["dates"].split()),
        media=frozenset(sources["newspaper"].split()) | listed("media"),
    )


def _acts(bodies: Sequence[str], acts: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of how a note on a meeting begins: The joint committee then adjourned."""
    body = rf"(?:the )?(?:[\w'’-]+ ){{0,3}}?(?:{'|'.join(bodies)})"
    return re.compile(rf"{body} (?:(?:was|is|then|accordingly) )*(?:{'|'.join(acts)})\b")


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """The lists of ``documents.json``."""

    speeches: frozenset[str]
    statements: frozenset[str]
    kinds: frozenset[str]
    joint: frozenset[str]
    together: frozenset[str]
    by: frozenset[str]
    next: frozenset[str]
    before: frozenset[str]
    stops: frozenset[str]
    delivering: frozenset[str]
    credits: frozenset[str]
    interviews: frozenset[str]
    announced: frozenset[str]
    whole: frozenset[str]
    pointing: frozenset[str]
    articles: frozenset[str]
    stamps: frozenset[str]
    units: frozenset[str]
    ago: frozenset[str]
    hours: frozenset[str]
    salutations: tuple[str, ...]
    farewells: frozenset[str]


@cache
def documents() -> DocumentWords:
    """Return the words of headings and signatures, read once per process."""
    data: dict[str, Any] = load("documents")
    lists = {name: frozenset(data[name].split()) for name in DocumentWords.__slots__ if isinstance(data[name], str)}
    return DocumentWords(**lists, salutations=tuple(data["salutations"]), farewells=frozenset(data["farewells"]))
