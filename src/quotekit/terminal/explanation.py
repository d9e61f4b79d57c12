"""Explanations, drawn for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from quotekit.explain.rows import EMPTY, LABEL, Row
from quotekit.output.plain_text import shown

_STYLES = {"content": "green", "speaker": "cyan", "no quote": "yellow", "lost": "yellow"}


def explanation_shape(rows: Iterable[Row]) -> RenderableType:
    """Return the rows of an explanation: headings in bold, the rest as a table under each."""
    blocks: list[RenderableType] = []
    table: Table | None = None
    for row in rows:
        if row == EMPTY:
            blocks.append("")
            table = None
            continue
        heading = table is None and not row.label
        if heading:
            blocks.append(Text(shown(row.words), "bold"))
        if table is None:
            table = _grid()
            blocks.append(Padding(table, (0, 0, 0, 2)))
        if not heading:
            table.add_row(Text(row.label, _STYLES.get(row.label, "dim")), Text(shown(row.words)))
    return Group(*blocks)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=LABEL, no_wrap=True)
    grid.add_column(ratio=1)
    return grid
