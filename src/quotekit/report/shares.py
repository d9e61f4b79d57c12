"""Shares of quotes and articles by kind, country, office, gender and naming, and by outlet and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from quotekit.batch.records import Result
from quotekit.models import Quote

Naming = Literal["named", "unnamed", "document", "none"]
"""How a quote names its source: by name, without a name, as a document, or not at all."""

SORTS: dict[str, Callable[[Quote, Naming], bool]] = {
    "named": lambda quote, naming: naming == "named",
    "unnamed": lambda quote, naming: naming == "unnamed",
    "female": lambda quote, naming: quote.speaker is not None and quote.speaker.gender == "female",
    "male": lambda quote, naming: quote.speaker is not None and quote.speaker.gender == "male",
    "government": lambda quote, naming: quote.speaker is not None and quote.speaker.kind == "government",
}
"""Sorts of quotes counted for each outlet and month."""


@dataclass(frozen=True, slots=True)
class Share:
    """Quotes of one sort.

    Attributes:
        value: the sort; ``None`` for quotes without one.
        quotes: number of its quotes.
        articles: number of articles with at least one of them.
    """

    value: str | None
    quotes: int
    articles: int


@dataclass(frozen=True, slots=True)
class Slice:
    """The articles of one outlet or month.

    Attributes:
        value: the outlet, or the month as YYYY-MM; ``None`` for articles without one.
        articles: number of articles, with or without quotes: the denominator of rates per article.
        quotes: number of quotes: the denominator of rates per quote.
        words: number of words; ``None`` if an article was not counted.
        sorts: the shares of `SORTS`, in that order.
    """

    value: str | None
    articles: int
    quotes: int
    words: int | None
    sorts: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """All shares: values by number of quotes, outlets by number of articles, months in order.

    The denominators of the first five are `Figures.articles` and `Figures.quotes`.
    """

    kinds: tuple[Share, ...]
    countries: tuple[Share, ...]
    offices: tuple[Share, ...]
    genders: tuple[Share, ...]
    namings: tuple[Share, ...]
    outlets: tuple[Slice, ...]
    months: tuple[Slice, ...]


class Sharing:
    """Counts articles one by one, without keeping them.

    >>> from quotekit import extract
    >>> sharing = Sharing()
    >>> quotes = extract("The pier is shut, said Mayor Ann Lee. She added that it was old. It rained, Bo Stone said.")
    >>> sharing.add(Result("a.txt", quotes, about={"outlet": "Brill Echo"}), ["named"] * 3)
    >>> sharing.add(Result("b.txt", [], about={"outlet": "Brill Echo"}), [])
    >>> shares = sharing.shares()
    >>> shares.genders[0], (shares.outlets[0].articles, shares.outlets[0].quotes)
    (Share(value='female', quotes=2, articles=1), (2, 3))
    """

    def __init__(self) -> None:
        self._tallies = {name: _Tally() for name in ("kind", "country", "office", "gender", "naming")}
        self._outlets: dict[str | None, _Part] = {}
        self._months: dict[str | None, _Part] = {}

    def add(self, result: Result, namings: Sequence[Naming]) -> None:
        """Count one article; ``namings`` has one item for each of its quotes."""
        for name, tally in self._tallies.items():
            tally.add(namings if name == "naming" else [getattr(quote.speaker, name, None) for quote in result.quotes])
        month = None if result.date is None else f"{result.date:%Y-%m}"
        for parts, value in ((self._outlets, result.about.get("outlet")), (self._months, month)):
            parts.setdefault(value, _Part()).add(result, namings)

    def shares(self) -> Shares:
        """Return the shares so far."""
        outlets = sorted(self._outlets.items(), key=lambda item: (-item[1].articles, item[0] or "~"))
        months = sorted(self._months.items(), key=lambda item: item[0] or "~")
        kind, country, office, gender, naming = (tally.shares() for tally in self._tallies.values())
        slices = (tuple(part.slice(value) for value, part in parts) for parts in (outlets, months))
        return Shares(kind, country, office, gender, naming, *slices)


class _Tally:
    """Counts quotes and articles by the value that each quote has."""

    def __init__(self) -> None:
        self._quotes: Counter[str | None] = Counter()
        self._articles: Counter[str | None] = Counter()

    def add(self, values: Iterable[str | None]) -> None:
        values = list(values)
        self._quotes.update(values)
        self._articles.update(set(values))

    def shares(self) -> tuple[Share, ...]:
        rows = sorted(self._quotes.items(), key=lambda item: (-item[1], item[0] or "~"))
        return tuple(Share(value, count, self._articles[value]) for value, count in rows)


class _Part:
    """Counts the articles of one outlet or month."""

    def __init__(self) -> None:
        self.articles = self._quotes = 0
        self._words: int | None = 0
        self._sorts = [[0, 0] for _ in SORTS]

    def add(self, result: Result, namings: Sequence[Naming]) -> None:
        self.articles += 1
        self._quotes += len(result.quotes)
        self._words = None if self._words is None or result.words is None else self._words + result.words
        for counts, is_one in zip(self._sorts, SORTS.values(), strict=True):
            found = sum(map(is_one, result.quotes, namings))
            counts[0] += found
            counts[1] += bool(found)

    def slice(self, value: str | None) -> Slice:
        sorts = tuple(Share(name, *counts) for name, counts in zip(SORTS, self._sorts, strict=True))
        return Slice(value, self.articles, self._quotes, self._words, sorts)
