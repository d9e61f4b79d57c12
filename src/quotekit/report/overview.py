"""The overview of a report: its statistics in words and charts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup

from quotekit.report import charts
from quotekit.report.characters import plain
from quotekit.report.counting import KINDS, Figures, SpeakerCount, Timeline, Unit
from quotekit.report.people import country_name
from quotekit.report.templates import asset

MOST_BARS = 10
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
    """What the overview shows besides the numbers; charts are SVG, or empty if there is nothing to show."""

    first: str
    last: str
    speakers: Markup
    kinds: Markup
    countries: Markup
    namings: Markup
    verbs: Markup
    time: Markup
    periods: tuple[str, ...]


@cache
def words() -> Any:
    """Return the labels of ``data/report/labels.json``. Callers share the object and must not change it."""
    return json.loads(asset("labels.json"))


def page_words(figures: Figures) -> dict[str, Any]:
    """Return the labels that the script of the quotes page needs."""
    return {
        "none": words()["no_speaker"],
        "countries": {one.country: plain(country_name(one.country)) for one in figures.countries},
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


def view(figures: Figures, labels: Sequence[str]) -> View:
    """Return the charts and the dates in words."""
    timeline = figures.timeline
    return View(
        first=when(timeline.first, "day", 1) if timeline.first else "",
        last=when(timeline.last, "day", 1) if timeline.last else "",
        speakers=_bars(
            "speakers",
            "Most quoted",
            [(label, one.row.quotes) for label, one in zip(labels, figures.speakers, strict=True)],
        ),
        kinds=_bars(
            "kinds", "Quotes by kind of speaker", [(kind_label(one.kind), one.quotes) for one in figures.kinds]
        ),
        countries=_bars(
            "countries",
            "Quotes by country",
            [(plain(country_name(one.country)), one.quotes) for one in figures.countries],
        ),
        namings=_bars(
            "namings",
            "Named and unnamed sources",
            [(words()["namings"][one.naming], one.quotes) for one in figures.namings if figures.quotes],
        ),
        verbs=_verbs(figures),
        time=_time(timeline),
        periods=tuple(when(one.start, timeline.unit, 1) for one in timeline.periods),
    )


def kind_label(kind: str | None) -> str:
    """Return a kind of speakers in the plural.

    >>> kind_label("anonymous"), kind_label(None)
    ('anonymous sources', 'no source')
    """
    label: str = words()["no_speaker"] if kind is None else words()["speaker_kinds"][kind]
    return label


def when(start: date, unit: Unit, length: int) -> str:
    """Return a period in words, short (0) or in full (1).

    >>> when(date(2026, 5, 4), "week", 1), when(date(2026, 5, 1), "month", 0)
    ('week of 4 May 2026', 'May 2026')
    """
    from babel.dates import format_date

    return str(format_date(start, _FORMS[unit][length], locale="en"))


def _bars(name: str, title: str, rows: list[tuple[str, int]]) -> Markup:
    if not rows:
        return Markup()
    shown = rows[:MOST_BARS]
    summary = "; ".join(f"{label}: {n:,}" for label, n in shown[:3])
    more = f"; and {len(rows) - 3:,} more in the table" if len(rows) > 3 else ""
    return Markup(charts.bars(f"chart-{name}", title, summary + more, shown))


def _verbs(figures: Figures) -> Markup:
    """Draw verbs in rows and kinds of speakers, if they have any verb, in columns."""
    verbs = figures.verbs[:MOST_BARS]
    if not verbs:
        return Markup()
    used = [i for i, _ in enumerate(KINDS) if any(verb.kinds[i] for verb in verbs)]
    summary = f"How often each verb is used for each kind of speaker; most often {plain(verbs[0].verb)}."
    numbers = [[verb.kinds[i] for i in used] for verb in verbs]
    columns = [kind_label(KINDS[i]) for i in used]
    return Markup(
        charts.dots("chart-verbs", "Verbs by kind of speaker", summary, [one.verb for one in verbs], columns, numbers)
    )


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
