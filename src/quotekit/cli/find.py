"""The command ``quotekit find``: quotes of an output by speaker, words, day and outlet."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.checks import check_not_input, check_paths
from quotekit.cli.exits import failures_reported
from quotekit.cli.options import Output, Quiet, number
from quotekit.cli.stored_options import MinConfidence, Outputs, summary
from quotekit.dates import day_of

if TYPE_CHECKING:
    from quotekit.study.search import Hit, Search

HELP = """\
Find quotes in an output of quotekit extract, newest first, each with a link to its article.

A quote must match all options. Case and accents are ignored; a word also matches longer words; a phrase in quotation \
marks matches as a whole. --speaker searches names, sources and ids. Parquet is the fastest: a million quotes take \
less than a second.

On a terminal, prints a table of 20. Elsewhere, prints CSV. -o writes a .csv file, or a .html page to read.

[bold]Examples[/bold]
\b
  quotekit find quotes.parquet --speaker Solheim --since 2026-01-01
  quotekit find quotes.parquet --words '"border talks" treaty'
  quotekit find linked.parquet --speaker ann-lee --outlet Echo -o lee.csv
  quotekit find 2025.parquet 2026.parquet --words harbour -o harbour.html

[bold]Exit codes[/bold]
\b
    0  All inputs were read; perhaps nothing was found.
    2  Usage error, or none of the files exist.
    3  The run failed: a file is not an output of quotekit extract, or a
       library is not installed. With -o, nothing was written.
  130  Stopped with Ctrl-C. With -o, nothing was written.
"""

SHOWN = 20
"""Maximum quotes in a table without ``--limit``."""

_FORMS = {".csv": "csv", ".html": "page", ".htm": "page"}


def _day(value: str | None) -> date | None:
    try:
        return day_of(value)
    except (TypeError, ValueError):
        raise typer.BadParameter(f"{value!r} is not a day; write it like 2026-03-31.") from None


def _text(metavar: str, help: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar=metavar, help=help, show_default=False)
    return option


Limit = Annotated[
    int | None,
    typer.Option(
        parser=number(1, whole=True),
        metavar="N",
        help="Show N quotes.  \\[default: 20 in a table, else all]",
        show_default=False,
    ),
]


def find(
    paths: Outputs,
    *,
    speaker: Annotated[str | None, _text("NAME", "Words of the speaker's name, or a person's id.")] = None,
    words: Annotated[str | None, _text("WORDS", "Words of the quote.")] = None,
    since: Annotated[str | None, _text("DAY", "The first day, as YYYY-MM-DD.")] = None,
    until: Annotated[str | None, _text("DAY", "The last day, as YYYY-MM-DD.")] = None,
    outlet: Annotated[str | None, _text("NAME", "Words of the outlet's name.")] = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    check_paths(paths, output)
    form = _form(output)
    check_not_input(paths, output)
    from quotekit.study.search import Search

    search = Search(speaker, words, _day(since), _day(until), outlet, min_confidence)
    with failures_reported(output):
        from quotekit.output.plain_text import counted
        from quotekit.output.target import Target

        hits, note = _found(paths, search, SHOWN if limit is None and form == "table" else None, limit)
        with Target(output) as target:
            target.write(_written(hits, search, form))
        if not quiet and (form == "table" or output is not None):
            summary(f"{counted(len(hits), 'quote')}{note}", output)


def _found(paths: list[str], search: Search, shown: int | None, limit: int | None) -> tuple[list[Hit], str]:
    """Return the quotes, at most ``shown``, and a note if there are more than that."""
    from quotekit.study.finding import find as found_in

    hits = found_in(paths, search, limit if shown is None else shown + 1)
    if shown is None or len(hits) <= shown:
        return hits, ""
    return hits[:shown], "; there are more: --limit N shows N of them, -o FILE writes all"


def _form(output: Path | None) -> str:
    if output is None:
        return "table" if sys.stdout.isatty() else "csv"
    form = _FORMS.get(output.suffix.lower())
    if form is None:
        raise typer.BadParameter(f"{str(output)!r} has no known ending; name a .csv or .html file.", param_hint="-o")
    return form


def _written(hits: list[Hit], search: Search, form: str) -> bytes:
    if form == "csv":
        from quotekit.study.hits import hits_csv

        return hits_csv(hits)
    if form == "page":
        from quotekit.report.hits import hits_page

        return hits_page(hits, search)
    from rich.console import Console

    from quotekit.terminal.hits import hit_table

    return hit_table(hits, Console())
