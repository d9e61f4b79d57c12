"""The speakers of many articles as a file that can be edited into a list of known speakers."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from quotekit.known.entries import COLUMNS, IGNORED, join_cell
from quotekit.known.roster_rows import Row
from quotekit.models import without_surrogates
from quotekit.output.cells import guarded
from quotekit.output.plain_text import shown
from quotekit.output.target import line


def roster_lines(rows: Iterable[Row]) -> bytes:
    """Return speakers as JSON Lines, in the form of a list of known speakers.

    >>> roster_lines([])
    b''
    """
    return b"".join(line(row.record()) for row in rows)


def roster_csv(rows: Iterable[Row]) -> bytes:
    """Return speakers as CSV, in the form of a list of known speakers, with lists as `known.join_cell` writes them.

    It begins with a byte order mark, by which spreadsheets know UTF-8. Control characters and lone surrogates, which
    no spreadsheet takes, become U+FFFD, and no cell begins a formula (`cells.guarded`).
    """
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*COLUMNS, *IGNORED))
    for row in rows:
        cells = (join_cell(cell) if isinstance(cell, list) else cell for cell in row.record().values())
        shown_cells = ("" if cell is None else shown(without_surrogates(str(cell))) for cell in cells)
        writer.writerow(guarded(cell) if cell else "" for cell in shown_cells)
    return file.getvalue().encode("utf-8-sig")
