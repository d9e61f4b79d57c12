"""The command ``quotekit find``: quotes of an output by speaker, words, day and outlet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.checks import check_not_input, check_paths
from quotekit.cli.exits import failures_reported
from quotekit.cli.formats import form_of
from quotekit.cli.options import Output, Quiet, number, option
from quotekit.cli.stored_options import EXIT_CODES, MinConfidence, Outputs, summary
from quotekit.dates import day_of

if TYPE_CHECKING:
    from quotekit.study.search import Hit, Search

HELP = f"""\
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

{EXIT_CODES}"""

SHOWN = 20
"""Maximum quotes in a table without ``--limit``."""

_FORMS = {".csv": "csv", ".html": "page", ".htm": "page"}


def _day(value: str | None) -> date | None:
    try:
        return day_of(value)
    except (TypeError, ValueError):
        raise typer.BadParameter(f"{value!r} is not a day; write it like 2026-03-31.") from None


Limit = Annotated[
    int | None,
    typer.Option(
        parser=number(1, whole=True), metavar="N", help="Show N quotes.  \\[default: 20 in a table, else all]"
    ),
]


def find(
    paths: Outputs,
    *,
    speaker: Annotated[str | None, option(None, "Words of the speaker's name, or a person's id.", "NAME")] = None,
    words: Annotated[str | None, option(None, "Words of the quote.", "WORDS")] = None,
    since: Annotated[str | None, option(None, "The first day, as YYYY-MM-DD.", "DAY")] = None,
    until: Annotated[str | None, option(None, "The last day, as YYYY-MM-DD.", "DAY")] = None,
    outlet: Annotated[str | None, option(None, "Words of the outlet's name.", "NAME")] = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    check_paths(paths, output)
    form = form_of(output, _FORMS, elsewhere="csv")
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
