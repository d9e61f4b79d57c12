"""Results made up for tests of reports: many articles and quotes, without reading any text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args

from quotekit.batch.records import Result
from quotekit.models import Position, Quote, QuoteKind, Speaker, SpeakerKind, TextSpan

GIVEN = ("Ann", "Bo", "Cleo", "Dov", "Esra", "Fay", "Gus", "Hana", "Ivo", "Jun")
SURNAMES = ("Lisk", "Marrow", "Nettle", "Okoro", "Pell", "Quill", "Ravn", "Stone", "Tamme", "Ueda", "Voss", "Wick")
VERBS = ("say", "tell", "add", "warn", "write", "insist", None)
WORDS = (
    "harbor",
    "lamp",
    "river",
    "talks",
    "bridge",
    "ferry",
    "winter",
    "vote",
    "bread",
    "cable",
    "map",
    "goat",
    "pier",
)
COUNTRIES = ("EE", "JO", "CA", "PL", None)
BODIES: dict[SpeakerKind, tuple[str, ...]] = {
    "organization": ("Harbor Museum", "Open Granary"),
    "government": ("Kestria", "Orvenia"),
    "group": ("residents", "two officials"),
    "anonymous": ("a diplomat", "one official"),
    "document": ("the report",),
    "unknown": ("it",),
}


def quote(text: str, speaker: Speaker | None = None, *, id: str = "q1", start: int = 0, **more: Any) -> Quote:
    """A quote of these words, at ``start`` (characters)."""
    span = TextSpan(start=start, end=start + len(text), text=text)
    position = Position(start=start, end=start + len(text), paragraph=0, sentence=0)
    given: dict[str, Any] = {"kind": "direct", "act": "statement", "confidence": 0.9, "rule": "en.clause", **more}
    return Quote(id=id, text=text, content=(span,), speaker=speaker, position=position, **given)


def speaker(name: str, kind: SpeakerKind = "person", id: str = "s1", **more: Any) -> Speaker:
    return Speaker(id=id, name=name, kind=kind, **more)


def results(articles: int, quotes: int, *, seed: int = 0, texts: bool = True) -> Iterator[Result]:
    """Return articles with a number of quotes each, by speakers who recur in others; the last has no date."""
    chance = random.Random(seed)
    for number in range(articles):
        cast = [_speaker(chance, f"s{i + 1}") for i in range(5)]
        text, found = "", []
        for i in range(quotes):
            said = f"{' '.join(chance.choices(WORDS, k=14))} {number}-{i}."
            who = chance.choice([*cast, None])
            found.append(
                quote(
                    said,
                    who,
                    id=f"q{i + 1}",
                    start=len(text),
                    kind=chance.choice(get_args(QuoteKind)),
                    verb=chance.choice(VERBS),
                    confidence=chance.randint(30, 100) / 100,
                )
            )
            text += said + "\n\n"
        day = None if number == articles - 1 else date(2024, 1, 1) + timedelta(days=chance.randrange(200))
        yield Result(f"wire/{number:05}.txt", found, date=day, text=text if texts else None)


def _speaker(chance: random.Random, id: str) -> Speaker:
    kind = chance.choice(("person",) * 6 + tuple(BODIES))
    if kind == "person":
        name = f"{chance.choice(GIVEN)} {chance.choice(SURNAMES)}"
        # Always the same, so that one name is one person.
        return speaker(name, id=id, role="minister", country=COUNTRIES[sum(map(ord, name)) % len(COUNTRIES)])
    return speaker(chance.choice(BODIES[kind]), kind, id)
