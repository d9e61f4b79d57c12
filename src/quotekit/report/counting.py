"""Statistics of many articles: who is quoted how often, by kind, country, verb and time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from quotekit.batch.records import Result
from quotekit.known.roster import NAMED, Roster
from quotekit.known.roster_rows import Row
from quotekit.models import Quote, QuoteKind, SpeakerKind
from quotekit.report.shares import Naming, Shares, Sharing

Unit = Literal["day", "week", "month", "year"]

KINDS: tuple[SpeakerKind, ...] = get_args(SpeakerKind)
QUOTE_KINDS: tuple[QuoteKind, ...] = get_args(QuoteKind)

_LONGEST: tuple[tuple[Unit, int], ...] = (("day", 45), ("week", 45 * 7), ("month", 366 * 6))
"""Maximum number of days, first and last included, for which a unit is used."""

MOST_SPEAKERS_OF_A_VERB = 3


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A speaker of all articles, merged as in `Roster`, with quotes by kind."""

    row: Row
    kinds: tuple[int, ...]
    """Numbers of direct, indirect and mixed quotes, as in `QUOTE_KINDS`."""


@dataclass(frozen=True, slots=True)
class VerbCount:
    """A verb, how often it is used for each kind of speaker (as in `KINDS`), and its most frequent speakers."""

    verb: str
    quotes: int
    kinds: tuple[int, ...]
    speakers: tuple[tuple[int, int], ...]
    """Index in `Figures.speakers` and number of quotes, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Period:
    """One day, week, month or year; ``start`` is its first day."""

    start: date
    articles: int
    quotes: int
    named: int
    unnamed: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """All periods from the first article to the last, including empty ones; no periods if no article has a date.

    Attributes:
        unit: length of a period.
        periods: the periods, in order.
        undated: number of articles without a date.
        first, last: dates of the first and the last article.
    """

    unit: Unit
    periods: tuple[Period, ...]
    undated: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The statistics of a report. Everything is sorted by frequency, then by name."""

    articles: int
    silent: int
    """Number of articles without a quote."""
    quotes: int
    kinds_of_quotes: tuple[int, ...]
    """Numbers of direct, indirect and mixed quotes, as in `QUOTE_KINDS`."""
    speakers: tuple[SpeakerCount, ...]
    """Named speakers: people, organizations, governments, and everyone in a list of known speakers."""
    verbs: tuple[VerbCount, ...]
    timeline: Timeline
    shares: Shares
    """By kind of speaker, country, office, gender, naming, outlet and month."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A quote with what is known only from all articles together.

    Attributes:
        quote: the quote.
        naming: how it names its source.
        number: key of its speaker in `Counting.places`; ``None`` for unnamed speakers.
    """

    quote: Quote
    naming: Naming
    number: int | None


class Counting:
    """Counts articles one by one, without keeping them.

    >>> from quotekit import extract
    >>> counting = Counting()
    >>> for text in ("It rained, Ann Lee said.", "It snowed, Lee said. One diplomat said it was cold."):
    ...     _ = counting.add(Result(text, extract(text)))
    >>> figures = counting.figures()
    >>> [(one.row.names[0], one.row.quotes) for one in figures.speakers]
    [('Ann Lee', 2)]
    >>> [(one.value, one.quotes) for one in figures.shares.namings]
    [('named', 2), ('unnamed', 1)]
    """

    def __init__(self) -> None:
        self._roster = Roster()
        self._sharing = Sharing()
        self._articles = self._silent = 0
        self._quote_kinds: Counter[QuoteKind] = Counter()
        self._verbs: Counter[tuple[str, SpeakerKind | None]] = Counter()
        self._verbs_of: Counter[tuple[str, int]] = Counter()
        self._kinds_of: Counter[tuple[int, QuoteKind]] = Counter()
        self._days: dict[date | None, list[int]] = {}

    def add(self, result: Result) -> list[Placed]:
        """Count one article and return its quotes with their speakers."""
        numbers = self._roster.add(result.quotes, result.date)
        placed = [_placed(quote, numbers) for quote in result.quotes]
        self._articles += 1
        self._silent += not placed
        self._sharing.add(result, [one.naming for one in placed])
        for one in placed:
            self._count(one)
        # Articles, quotes, named, unnamed.
        day = self._days.setdefault(result.date, [0, 0, 0, 0])
        namings = Counter(one.naming for one in placed)
        for i, n in enumerate((1, len(placed), namings["named"], namings["unnamed"])):
            day[i] += n
        return placed

    def _count(self, one: Placed) -> None:
        quote = one.quote
        self._quote_kinds[quote.kind] += 1
        if quote.verb:
            self._verbs[quote.verb, quote.speaker.kind if quote.speaker else None] += 1
        if one.number is not None:
            self._kinds_of[one.number, quote.kind] += 1
            if quote.verb:
                self._verbs_of[quote.verb, one.number] += 1

    def places(self) -> dict[int, int]:
        """Return the index in `Figures.speakers` for each `Placed.number`."""
        return {number: i for i, (_, numbers) in enumerate(self._named()) for number in numbers}

    def figures(self) -> Figures:
        """Return the statistics so far."""
        named = self._named()
        return Figures(
            articles=self._articles,
            silent=self._silent,
            quotes=self._quote_kinds.total(),
            kinds_of_quotes=tuple(self._quote_kinds[kind] for kind in QUOTE_KINDS),
            speakers=tuple(
                SpeakerCount(row, tuple(sum(self._kinds_of[n, kind] for n in numbers) for kind in QUOTE_KINDS))
                for row, numbers in named
            ),
            verbs=self._verb_counts(),
            timeline=_timeline(self._days),
            shares=self._sharing.shares(),
        )

    def _named(self) -> list[tuple[Row, tuple[int, ...]]]:
        return [(row, numbers) for row, numbers in self._roster.together() if row.kind in NAMED or row.id]

    def _verb_counts(self) -> tuple[VerbCount, ...]:
        places = self.places()
        totals: Counter[str] = Counter()
        for (verb, _), n in self._verbs.items():
            totals[verb] += n
        speakers: dict[str, Counter[int]] = {}
        for (verb, number), n in self._verbs_of.items():
            speakers.setdefault(verb, Counter())[places[number]] += n
        return tuple(
            VerbCount(
                verb,
                n,
                tuple(self._verbs[verb, kind] for kind in KINDS),
                tuple(sorted(speakers.get(verb, Counter()).items(), key=lambda pair: (-pair[1], pair[0])))[
                    :MOST_SPEAKERS_OF_A_VERB
                ],
            )
            for verb, n in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
        )


def _placed(quote: Quote, numbers: dict[str, int]) -> Placed:
    speaker = quote.speaker
    if speaker is None:
        return Placed(quote, "none", None)
    # A speaker who is only "he" or "the ministry" in the article has no number.
    number = numbers.get(speaker.id) if speaker.kind in NAMED or speaker.known_id else None
    if number is not None:
        return Placed(quote, "named", number)
    return Placed(quote, "document" if speaker.kind == "document" else "unnamed", None)


# Time


def _timeline(days: dict[date | None, list[int]]) -> Timeline:
    undated = days[None][0] if None in days else 0
    dated = sorted((day, counts) for day, counts in days.items() if day is not None)
    if not dated:
        return Timeline("day", (), undated)
    first, last = dated[0][0], dated[-1][0]
    shown: list[Unit] = [unit for unit, most in _LONGEST if (last - first).days < most]
    unit = shown[0] if shown else "year"
    sums: dict[date, list[int]] = {}
    for day, counts in dated:
        into = sums.setdefault(start_of(day, unit), [0, 0, 0, 0])
        for i, n in enumerate(counts):
            into[i] += n
    starts = [start_of(first, unit)]
    while (following := _next(starts[-1], unit)) is not None and following <= last:
        starts.append(following)
    periods = tuple(Period(start, *sums.get(start, (0, 0, 0, 0))) for start in starts)
    return Timeline(unit, periods, undated, first, last)


def start_of(day: date, unit: Unit) -> date:
    """Return the first day of the period of ``day``; weeks begin on Monday.

    >>> start_of(date(2026, 1, 1), "week"), start_of(date(2026, 5, 17), "month")
    (datetime.date(2025, 12, 29), datetime.date(2026, 5, 1))
    """
    if unit == "year":
        return day.replace(month=1, day=1)
    if unit == "month":
        return day.replace(day=1)
    # The first day of the calendar is a Monday, so this cannot underflow.
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _next(start: date, unit: Unit) -> date | None:
    """Return the first day of the next period, or ``None`` at the end of the calendar."""
    try:
        if unit == "year":
            return start.replace(year=start.year + 1)
        if unit == "month":
            return start_of(start.replace(day=28) + timedelta(days=4), "month")
        return start + timedelta(days=7 if unit == "week" else 1)
    except (ValueError, OverflowError):
        return None
