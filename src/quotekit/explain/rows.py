"""The lines of an explanation: a label and words, laid out as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import NamedTuple

WIDTH = 80
"""Columns of plain text."""

LABEL = 10
"""Columns of the labels."""


class Row(NamedTuple):
    """A line of an explanation: a heading if it has no label, an empty line if it has no words either."""

    label: str
    words: str


EMPTY = Row("", "")


def plain(rows: Iterable[Row]) -> str:
    """Return the rows as text of at most `WIDTH` columns."""
    lines: list[str] = []
    heading = True
    for row in rows:
        heading = (heading and not lines) or lines[-1:] == [""]
        if row == EMPTY:
            lines.append("")
        elif row.label or not heading:
            first = f"  {row.label:<{LABEL}} "
            lines += textwrap.wrap(
                row.words, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
            )
        else:
            lines += textwrap.wrap(row.words, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines)
