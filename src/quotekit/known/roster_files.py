"""The speakers of many articles as a file that can be edited into a list of known speakers."""

from __future__ import annotations

from collections.abc import Iterable

from quotekit.known.entries import COLUMNS, IGNORED, join_cell
from quotekit.known.roster_rows import Row
from quotekit.output.cells import cell_of, csv_file
from quotekit.output.target import line


def roster_lines(rows: Iterable[Row]) -> bytes:
    """Return speakers as JSON Lines, in the form of a list of known speakers.

    >>> roster_lines([])
    b''
    """
    return b"".join(line(row.record()) for row in rows)


def roster_csv(rows: Iterable[Row]) -> bytes:
    """Return speakers as CSV, in the form of a list of known speakers, with lists as `known.join_cell` writes them.

    Control characters and lone surrogates, which no spreadsheet takes, become U+FFFD.
    """
    return csv_file([(*COLUMNS, *IGNORED), *(map(_cell, row.record().values()) for row in rows)])


def _cell(value: object) -> str:
    return cell_of(join_cell(value) if isinstance(value, list) else value)
