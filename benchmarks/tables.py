"""Results as Markdown tables that also read well on a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table: the first column to the left, figures to the right, floats with one digit.

    >>> print(table(["system", "F1"], [["quotekit", 67.25], ["none", 0]]))
    | system   |   F1 |
    |:---------|-----:|
    | quotekit | 67.2 |
    | none     |    0 |
    """
    cells = [list(head), *[[_cell(value) for value in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(_align(value, widths[i], i) for i, value in enumerate(row)) + " |" for row in cells]
    rule = [":" + "-" * (widths[0] + 1), *["-" * (width + 1) + ":" for width in widths[1:]]]
    return "\n".join([lines[0], "|" + "|".join(rule) + "|", *lines[1:]])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def _align(value: str, width: int, column: int) -> str:
    return value.rjust(width) if column else value.ljust(width)
