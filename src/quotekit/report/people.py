"""What a page says of quotes and their speakers, as plain data for the templates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quotekit.models import Quote, Speaker, TextSpan

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")

OWN = "qk-"
"""What the ids of a page's own elements begin with."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step from the words of a source to a name: the words, where they are marked, the rule and its reason."""

    words: str
    anchor: str
    rule: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A quote as the page tells it.

    Attributes:
        quote: the quote.
        number: its place in the list, from 1.
        anchor: the id of its first words on the page.
        badge, tone: letter and colour class of its speaker.
        percent: its confidence, in whole percent, rounded down.
        why: what the rule says of itself, if it is known.
        steps: how its source became a name.
        parent: the quote that it stands inside, if it is in the list.
    """

    quote: Quote
    number: int
    anchor: str
    badge: str
    tone: str
    percent: int
    why: str | None
    steps: tuple[Step, ...]
    parent: str | None

    @property
    def speaker(self) -> Speaker | None:
        """Who says it."""
        return self.quote.speaker


@dataclass(slots=True)
class Person:
    """A speaker of the page, or nobody: those quotes of which no speaker is known."""

    speaker: Speaker | None
    badge: str
    tone: str
    country: str | None
    quotes: list[Told] = field(default_factory=list)


def told(quotes: Sequence[Quote], whys: Mapping[str, str], colours: int) -> list[Person]:
    """The speakers of ``quotes`` with what they say, the most quoted first, nobody last.

    Args:
        quotes: of one article, in text order.
        whys: what each rule says of itself, by its id.
        colours: so many colours there are; further speakers have the first ones again, with a pattern.
    """
    ids = [quote.speaker.id if quote.speaker else None for quote in quotes]
    counts = Counter(ids)
    speakers = {id: quote.speaker for id, quote in zip(reversed(ids), reversed(quotes), strict=True)}
    # Counter keeps the order of first mention, and sorting keeps it among equals.
    order = sorted(counts, key=lambda id: (id is None, -counts[id]))
    people: dict[str | None, Person] = {}
    for place, id in enumerate(order):
        speaker = speakers[id]
        tone = f"c{place % colours}" + (" again" if place >= colours else "") if speaker else "nobody"
        people[id] = Person(speaker, letters(place) if speaker else "?", tone, country_of(speaker) if speaker else None)
    anchors = anchors_of(quotes)
    by_id = {quote.id: anchor for quote, anchor in zip(quotes, anchors, strict=True)}
    for number, (quote, anchor) in enumerate(zip(quotes, anchors, strict=True), 1):
        person = people[ids[number - 1]]
        person.quotes.append(
            Told(
                quote=quote,
                number=number,
                anchor=anchor,
                badge=person.badge,
                tone=person.tone,
                percent=percent(quote.confidence),
                why=whys.get(quote.rule),
                steps=tuple(
                    Step(one.text, mention_anchor(one), one.rule, whys.get(one.rule))
                    for one in (quote.speaker.mentions if quote.speaker else ())
                ),
                parent=by_id.get(quote.parent) if quote.parent else None,
            )
        )
    return list(people.values())


def mention_anchor(span: TextSpan) -> str:
    """The id of a mention's words on the page."""
    return f"{OWN}at-{span.start}-{span.end}"


def percent(confidence: float) -> int:
    """``confidence`` in whole percent: never more than it is.

    >>> percent(0.9812), percent(0.29), percent(0.999), percent(1.0)
    (98, 29, 99, 100)
    """
    return int(confidence * 100 + 1e-9)


def letters(place: int) -> str:
    """The badge of the speaker in that place, from 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    name = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def country_of(speaker: Speaker) -> str | None:
    """The name of a speaker's country, as `country_name` has it."""
    return None if speaker.country is None else country_name(speaker.country)


def country_name(code: str) -> str:
    """The country's English name, or its code where that is none that quotekit knows.

    >>> country_name("MM"), country_name("QQ")
    ('Myanmar', 'QQ')
    """
    from quotekit.lexicon.places import country_names

    try:
        return country_names(code)[0]
    except KeyError:
        return code


def anchors_of(quotes: Sequence[Quote]) -> list[str]:
    """An id for each quote: its own where that can be one, and is not another's."""
    taken: set[str] = set()
    anchors = []
    for number, quote in enumerate(quotes, 1):
        fit = _ID.fullmatch(quote.id) and not quote.id.startswith(OWN) and quote.id not in taken
        anchors.append(quote.id if fit else f"{OWN}quote-{number}")
        taken.add(anchors[-1])
    return anchors
