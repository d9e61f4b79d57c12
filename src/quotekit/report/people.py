"""The quotes and speakers of a page, as plain data for the templates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quotekit.models import UNSURE, Quote, Speaker, TextSpan
from quotekit.report.reasons import Reason, reason_of

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")

OWN = "qk-"
"""Prefix of the ids of a page's own elements."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step in resolving a source: the words, where they are marked, the rule and its reason."""

    words: str
    anchor: str
    rule: str
    why: str | None


@dataclass(frozen=True, slots=True)
class PageQuote:
    """A quote with what the page shows about it.

    Attributes:
        quote: the quote.
        number: its position in the list, from 1.
        anchor: the id of its first words on the page.
        badge, tone: letter and colour class of its speaker.
        percent: its confidence in percent, rounded down.
        faint: true if its confidence is low.
        guess: true if its speaker is uncertain.
        reason: why it has its speaker.
        why: the reason of its rule, if known.
        steps: how its source was resolved.
        parent: the anchor of the enclosing quote, if it is in the list.
        asked: index in the list of the question that it answers.
    """

    quote: Quote
    number: int
    anchor: str
    badge: str
    tone: str
    percent: int
    faint: bool
    guess: bool
    reason: Reason
    why: str | None
    steps: tuple[Step, ...]
    parent: str | None
    asked: int | None

    @property
    def speaker(self) -> Speaker | None:
        """The speaker of the quote."""
        return self.quote.speaker


@dataclass(slots=True)
class Person:
    """A speaker with their quotes, or the quotes without a speaker."""

    speaker: Speaker | None
    badge: str
    tone: str
    country: str | None
    quotes: list[PageQuote] = field(default_factory=list)


def people_of(quotes: Sequence[Quote], whys: Mapping[str, str], colours: int) -> list[Person]:
    """Return the speakers of ``quotes``, the most quoted first; quotes without a speaker come last.

    Args:
        quotes: the quotes of one article, in text order.
        whys: the reason of each rule, by its id.
        colours: number of colours; further speakers share a grey.
    """
    ids = [_id(quote) for quote in quotes]
    people = _speakers(quotes, colours)
    anchors = anchors_of(quotes)
    by_id = {quote.id: anchor for quote, anchor in zip(quotes, anchors, strict=True)}
    asked, heard = questions_of(quotes), set[str | None]()
    for place, (quote, anchor) in enumerate(zip(quotes, anchors, strict=True)):
        person = people[ids[place]]
        person.quotes.append(
            PageQuote(
                quote=quote,
                number=place + 1,
                anchor=anchor,
                badge=person.badge,
                tone=person.tone,
                percent=percent(quote.confidence),
                faint=quote.confidence < UNSURE,
                guess=quote.guessed,
                reason=reason_of(quote, spoke=ids[place] in heard),
                why=whys.get(quote.rule),
                steps=_steps(quote, whys),
                parent=by_id.get(quote.parent) if quote.parent else None,
                asked=asked.get(place),
            )
        )
        heard.add(ids[place])
    return list(people.values())


def _id(quote: Quote) -> str | None:
    return quote.speaker.id if quote.speaker else None


def _speakers(quotes: Sequence[Quote], colours: int) -> dict[str | None, Person]:
    """Return the speakers by id, the most quoted first, without their quotes."""
    counts = Counter(map(_id, quotes))
    speakers = {_id(quote): quote.speaker for quote in reversed(quotes)}
    # Counter keeps the order of first mention, and sorting is stable.
    order = sorted(counts, key=lambda id: (id is None, -counts[id]))
    people: dict[str | None, Person] = {}
    for place, id in enumerate(order):
        speaker = speakers[id]
        tone = (f"c{place}" if place < colours else "rest") if speaker else "nobody"
        people[id] = Person(speaker, letters(place) if speaker else "?", tone, country_of(speaker) if speaker else None)
    return people


def _steps(quote: Quote, whys: Mapping[str, str]) -> tuple[Step, ...]:
    mentions = quote.speaker.mentions if quote.speaker else ()
    return tuple(Step(one.text, mention_anchor(one), one.rule, whys.get(one.rule)) for one in mentions)


def questions_of(quotes: Sequence[Quote]) -> dict[int, int]:
    """Return the index of the question for each answer, by the answer's index in ``quotes``.

    A question is answered by the turns between it and the next question.
    """
    asked, question = {}, None
    for place, quote in enumerate(quotes):
        if quote.exchange == "question":
            question = place
        elif quote.exchange == "answer" and question is not None:
            asked[place] = question
    return asked


def mention_anchor(span: TextSpan) -> str:
    """Return the id of a mention's words on the page."""
    return f"{OWN}at-{span.start}-{span.end}"


def percent(confidence: float) -> int:
    """Return ``confidence`` in percent, rounded down.

    >>> percent(0.9812), percent(0.29), percent(0.999), percent(1.0)
    (98, 29, 99, 100)
    """
    return int(confidence * 100 + 1e-9)


def confidence_text(quote: Quote) -> str:
    """Return the confidence of a quote and of its speaker, in words.

    >>> from quotekit import extract
    >>> confidence_text(extract("“It works,” said Ann Lee.")[0])
    '97% sure, the speaker 97%'
    """
    speaker = quote.speaker_confidence
    return f"{percent(quote.confidence)}% sure" + ("" if speaker is None else f", the speaker {percent(speaker)}%")


def letters(place: int) -> str:
    """Return the badge of the speaker at an index, from 0.

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
    """Return the name of a speaker's country, or ``None``."""
    return None if speaker.country is None else country_name(speaker.country)


def country_name(code: str) -> str:
    """Return the English name of a country, or the code if it is unknown.

    >>> country_name("MM"), country_name("QQ")
    ('Myanmar', 'QQ')
    """
    from quotekit.lexicon.places import country_names

    try:
        return country_names(code)[0]
    except KeyError:
        return code


def anchors_of(quotes: Sequence[Quote]) -> list[str]:
    """Return a unique id for each quote: its own, if that is a valid id."""
    taken: set[str] = set()
    anchors = []
    for number, quote in enumerate(quotes, 1):
        fit = _ID.fullmatch(quote.id) and not quote.id.startswith(OWN) and quote.id not in taken
        anchors.append(quote.id if fit else f"{OWN}quote-{number}")
        taken.add(anchors[-1])
    return anchors
