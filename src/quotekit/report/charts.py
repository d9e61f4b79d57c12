"""A chart of columns as static SVG, whose colours follow the theme of its page."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from markupsafe import Markup

from quotekit.report.templates import environment

WIDTH, HEIGHT = 360, 190
"""Size of the columns, in pixels, without labels."""

LINES = 4
"""Maximum number of lines behind the columns."""

_DIGIT = 7
"""Width of a digit, in pixels."""


def columns(name: str, title: str, summary: str, rows: Sequence[tuple[str, int]], ticks: Sequence[int]) -> Markup:
    """Draw a column for each of ``rows``; only those at ``ticks`` are labelled.

    Args:
        name: id of the chart in its page: letters, digits and hyphens.
        title: title for screen readers.
        summary: what the chart shows, in a sentence.
        rows: labels and numbers, in their order.
        ticks: indices of the rows that are labelled.
    """
    most = max(1, *(n for _, n in rows))
    step = step_for(most)
    top = step * ceil(most / step)
    left, slot = 12 + _DIGIT * len(f"{top:,}"), WIDTH / len(rows)
    chart = environment().get_template("chart.svg.jinja")
    drawn = chart.render(
        name=name,
        title=title,
        summary=summary,
        left=left,
        width=WIDTH,
        height=HEIGHT,
        lines=[(n, round(HEIGHT * (1 - n / top), 1)) for n in range(0, top + 1, step)],
        columns=[(round(left + i * slot, 1), round(HEIGHT * n / top, 1)) for i, (_, n) in enumerate(rows)],
        slot=round(0.8 * slot, 1),
        labels=[_label(rows[i][0], left + i * slot, slot, last=i == len(rows) - 1) for i in ticks],
    )
    return Markup(drawn)


def step_for(most: int) -> int:
    """Return the distance between the lines behind columns of up to ``most``: 1, 2 or 5 times a power of ten.

    >>> step_for(3), step_for(7), step_for(1234)
    (1, 2, 500)
    """
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * LINES >= most:
                return step
        power *= 10


def _label(text: str, at: float, slot: float, *, last: bool) -> tuple[str, float, str]:
    """Return a label, its place and its anchor: in the middle of its column, or within the edges of the chart."""
    if last and slot < WIDTH:
        return text, round(at + slot, 1), "end"
    return text, round(at + slot / 2, 1), "middle"
