"""The overview of a report: its statistics in words and charts."""

from __future__ import annotations

import json
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from quotekit.report import charts
from quotekit.report.characters import plain
from quotekit.report.counting import Figures, SpeakerCount, Timeline, Unit
from quotekit.report.people import country_name
from quotekit.report.shares import Share, Slice
from quotekit.report.templates import asset

_FORMS: dict[Unit, tuple[str, str]] = {
    "day": ("d MMM", "d MMM y"),
    "week": ("d MMM", "'week of' d MMM y"),
    "month": ("MMM y", "MMMM y"),
    "year": ("y", "y"),
}
"""Date formats of a period: in a chart, and in a table."""

TICKS = 5


@dataclass(frozen=True, slots=True)
class View:
    """The tables and charts of the overview.

    Attributes:
        first, last: dates of the first and the last article in words, or empty.
        time: the chart of quotes over time, or empty if no article has a date.
        periods: the periods of the chart in words.
        tables: shares of all quotes and articles.
        slices: shares for each outlet and month.
    """

    first: str
    last: str
    time: Markup
    periods: tuple[str, ...]
    tables: tuple[Table, ...]
    slices: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row for each value: its label, the search for its quotes, and its figures."""

    name: str
    heading: str
    rows: tuple[tuple[str, str, Share | Slice], ...]
    note: str = ""


@cache
def words() -> Any:
    """Return the labels of ``data/report/labels.json``. Callers share the object and must not change it."""
    return json.loads(asset("labels.json"))


def page_words(figures: Figures) -> dict[str, Any]:
    """Return the labels that the script of the quotes page needs."""
    return {
        "none": words()["no_speaker"],
        "countries": {one.value: plain(country_name(one.value)) for one in figures.shares.countries if one.value},
    }


def labels_of(speakers: Sequence[SpeakerCount]) -> list[str]:
    """Return a unique label for each speaker: the name, with country, role or a number if it is shared."""
    names = [plain(one.row.names[0]) for one in speakers]
    shared = {name for name, n in Counter(names).items() if n > 1}
    seen: Counter[str] = Counter()
    labels = []
    for name, one in zip(names, speakers, strict=True):
        more = one.row.country or (plain(one.row.roles[0]) if one.row.roles else "")
        label = f"{name} ({more})" if name in shared and more else name
        seen[label] += 1
        labels.append(f"{label} [{seen[label]}]" if seen[label] > 1 else label)
    return labels


def view(figures: Figures) -> View:
    """Return the tables, the chart and the dates in words."""
    timeline, shares = figures.timeline, figures.shares
    values = {
        "naming": shares.namings,
        "gender": shares.genders,
        "office": shares.offices,
        "country": shares.countries,
        "by": shares.kinds,
    }
    return View(
        first=when(timeline.first, "day", 1) if timeline.first else "",
        last=when(timeline.last, "day", 1) if timeline.last else "",
        time=_time(timeline),
        periods=tuple(when(one.start, timeline.unit, 1) for one in timeline.periods),
        tables=tuple(
            Table(name, heading, tuple(_row(name, row) for row in values[name]), note)
            for name, (heading, note) in words()["tables"].items()
            if any(row.value for row in values[name])
        ),
        slices=tuple(
            Table(name, heading, tuple(_row(name, row) for row in rows))
            for (name, heading), rows in zip(words()["slices"].items(), (shares.outlets, shares.months), strict=True)
            if any(row.value for row in rows)
        ),
    )


def _row(name: str, row: Share | Slice) -> tuple[str, str, Share | Slice]:
    return label(name, row.value), _query(name, row.value), row


def choices(shown: View) -> dict[str, list[tuple[str, str]]]:
    """Return the values of each filter of the search, with their labels."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in words()["nothing"]}
    for table in (*shown.tables, *shown.slices):
        found[table.name] = [(plain(row.value or "none"), text) for text, _, row in table.rows]
    found["country"].sort(key=lambda choice: choice[1])
    return found


def label(name: str, value: str | None) -> str:
    """Return the label of a value; ``name`` is the name of its filter in the search.

    >>> label("gender", "female"), label("office", None), label("month", "2026-03"), label("outlet", "Brill Echo")
    ('women', 'no office known', 'March 2026', 'Brill Echo')
    """
    if value is None:
        return str(words()["nothing"][name])
    if name == "month":
        return when(date.fromisoformat(f"{value}-01"), "month", 1)
    if name == "country":
        return plain(country_name(value))
    known: dict[str, str] = words()["labels"].get(name, {})
    return known.get(value) or plain(value)


def _query(name: str, value: str | None) -> str:
    """Return the search for the quotes of a value."""
    if name == "month" and value is not None:
        first = date.fromisoformat(f"{value}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return urlencode({"from": first.isoformat(), "until": last.isoformat()})
    return "" if name == "month" else urlencode({name: "none" if value is None else plain(value)})


def when(start: date, unit: Unit, length: int) -> str:
    """Return a period in words, short (0) or in full (1).

    >>> when(date(2026, 5, 4), "week", 1), when(date(2026, 5, 1), "month", 0)
    ('week of 4 May 2026', 'May 2026')
    """
    from babel.dates import format_date

    return str(format_date(start, _FORMS[unit][length], locale="en"))


def _time(timeline: Timeline) -> Markup:
    periods = timeline.periods
    if not periods:
        return Markup()
    rows = [(when(one.start, timeline.unit, 0), one.quotes) for one in periods]
    step = max(1, -(-len(rows) // TICKS))
    most = max(periods, key=lambda one: one.quotes)
    summary = (
        f"{len(periods):,} {timeline.unit}s; most quotes in {when(most.start, timeline.unit, 1)}: {most.quotes:,}."
    )
    return Markup(charts.columns("chart-time", f"Quotes by {timeline.unit}", summary, rows, range(0, len(rows), step)))
