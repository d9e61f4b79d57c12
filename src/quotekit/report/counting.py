"""Statistics of many articles: who is quoted how often, by kind, country, verb and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from quotekit.batch.records import Result
from quotekit.known.roster import NAMED, Roster
from quotekit.known.roster_rows import Row
from quotekit.models import Quote, QuoteKind, SpeakerKind
from quotekit.report.shares import Shares, Sharing

Naming = Literal["named", "unnamed", "document", "none"]
"""How a quote names its source: by name, without a name, as a document, or not at all."""

Unit = Literal["day", "week", "month", "year"]

KINDS: tuple[SpeakerKind, ...] = get_args(SpeakerKind)
NAMINGS: tuple[Naming, ...] = get_args(Naming)
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
class KindCount:
    """Quotes by one kind of speaker; ``None`` is quotes without a speaker."""

    kind: SpeakerKind | None
    quotes: int
    articles: int


@dataclass(frozen=True, slots=True)
class CountryCount:
    """Quotes by speakers of one country (ISO 3166-1 alpha-2)."""

    country: str
    quotes: int
    articles: int


@dataclass(frozen=True, slots=True)
class NamingCount:
    """Quotes that name their source in one way."""

    naming: Naming
    quotes: int


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
    kinds: tuple[KindCount, ...]
    countries: tuple[CountryCount, ...]
    namings: tuple[NamingCount, ...]
    """All of `NAMINGS`, including those with no quotes."""
    verbs: tuple[VerbCount, ...]
    timeline: Timeline
    shares: Shares
    """By country, office, gender, naming, outlet and month, each with counts of articles and quotes."""


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
    >>> [(one.naming, one.quotes) for one in figures.namings]
    [('named', 2), ('unnamed', 1), ('document', 0), ('none', 0)]
    """

    def __init__(self) -> None:
        self._roster = Roster()
        self._sharing = Sharing()
        self._articles = self._silent = 0
        self._quote_kinds: Counter[QuoteKind] = Counter()
        self._kinds: Counter[SpeakerKind | None] = Counter()
        self._kinds_articles: Counter[SpeakerKind | None] = Counter()
        self._countries: Counter[str] = Counter()
        self._countries_articles: Counter[str] = Counter()
        self._namings: Counter[Naming] = Counter()
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
        speakers = [quote.speaker for quote in result.quotes]
        self._kinds_articles.update({speaker.kind if speaker else None for speaker in speakers})
        self._countries_articles.update({speaker.country for speaker in speakers if speaker and speaker.country})
        # Articles, quotes, named, unnamed.
        day = self._days.setdefault(result.date, [0, 0, 0, 0])
        namings = Counter(one.naming for one in placed)
        for i, n in enumerate((1, len(placed), namings["named"], namings["unnamed"])):
            day[i] += n
        return placed

    def _count(self, one: Placed) -> None:
        quote, speaker = one.quote, one.quote.speaker
        kind = speaker.kind if speaker else None
        self._quote_kinds[quote.kind] += 1
        self._kinds[kind] += 1
        self._namings[one.naming] += 1
        if speaker and speaker.country:
            self._countries[speaker.country] += 1
        if quote.verb:
            self._verbs[quote.verb, kind] += 1
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
            kinds=tuple(
                KindCount(kind, n, self._kinds_articles[kind])
                for kind, n in sorted(self._kinds.items(), key=lambda pair: (-pair[1], pair[0] or "~"))
            ),
            countries=tuple(
                CountryCount(code, n, self._countries_articles[code])
                for code, n in sorted(self._countries.items(), key=lambda pair: (-pair[1], pair[0]))
            ),
            namings=tuple(NamingCount(naming, self._namings[naming]) for naming in NAMINGS),
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


def count(results: Iterable[Result]) -> Figures:
    """Return the statistics of ``results``, which are read once and not kept."""
    counting = Counting()
    for result in results:
        counting.add(result)
    return counting.figures()


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
