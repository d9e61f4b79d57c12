"""The formats in which commands write lists, and the option ``--format``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from quotekit.cli.checks import OTHER_FORMATS
from quotekit.cli.options import OUTPUT, console_for

if TYPE_CHECKING:
    from quotekit.known.roster_rows import Row

_SYNONYMS = (".ndjson", ".htm")


class Format(str, Enum):
    """How quotes are written."""

    table = "table"
    jsonl = "jsonl"


class ListFormat(str, Enum):
    """How speakers are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"

    @property
    def called(self) -> str:
        """The format as a message names it."""
        return {"table": "a table", "jsonl": "JSON Lines", "csv": "CSV"}[self.value]


def list_format(format: ListFormat | None, output: Path | None) -> ListFormat:
    """Return the requested format of a list of speakers, or else that of the file ending."""
    ending = "" if output is None else output.suffix.lower()
    by_ending = {".csv": ListFormat.csv, ".jsonl": ListFormat.jsonl, ".ndjson": ListFormat.jsonl}.get(ending)
    if format is None:
        format = ListFormat.table if output is None and sys.stdout.isatty() else by_ending or ListFormat.jsonl
    # A list of known speakers is read by its ending.
    if (by_ending or format) is not format or (by_ending is None and ending in OTHER_FORMATS):
        raise typer.BadParameter(
            f"a {ending} file cannot hold {format.called}; name a .jsonl file for JSON Lines, a .csv file for CSV.",
            param_hint="-o",
        )
    return format


def written_list(rows: list[Row], format: ListFormat, output: Path | None) -> bytes:
    """Return a list of speakers in a format, as a table in the width of the terminal or of a file."""
    from quotekit.known.roster_files import roster_csv, roster_lines
    from quotekit.terminal.tables import speaker_table

    if format is ListFormat.table:
        return speaker_table(rows, console_for(output))
    return roster_csv(rows) if format is ListFormat.csv else roster_lines(rows)


def form_of(output: Path | None, forms: Mapping[str, str], elsewhere: str) -> str:
    """Return how a result is written: a table on a terminal, else as the file ending or ``elsewhere`` says."""
    if output is None:
        return "table" if sys.stdout.isatty() else elsewhere
    form = forms.get(output.suffix.lower())
    if form is None:
        known = [ending for ending in forms if ending not in _SYNONYMS]
        endings = f"{', '.join(known[:-1])} or {known[-1]}"
        raise typer.BadParameter(f"{str(output)!r} has no known ending; name a {endings} file.", param_hint="-o")
    return form


def format_option(formats: str, panel: str | None = OUTPUT) -> Any:
    """Return the option ``--format`` of a command that writes ``formats``."""
    what = f"Write {formats}.  \\[default: table on a terminal]"
    return typer.Option("--format", metavar="FORMAT", help=what, rich_help_panel=panel)
