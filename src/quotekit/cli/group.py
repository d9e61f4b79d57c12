"""The command ``quotekit group``: which articles carry the same quote, and which was first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.options import Output, Quiet, a_number
from quotekit.cli.shared import check_paths, keep_inputs, told
from quotekit.errors import near

# Pydantic and rich are imported where they are used.
if TYPE_CHECKING:
    from quotekit.grouping import QuoteGroup
    from quotekit.models import QuoteKind
    from quotekit.output.target import Target

HELP = """\
Find the quotes that several articles carry: who said it first, and who repeated it.

It reads what quotekit extract -o wrote: .jsonl or .parquet. Case, quotation marks, punctuation, contractions, \
numbers in words and editors' brackets do not matter; a quote that is shortened, or has a few other words, is put to \
the fullest wording. One "not", a number or a date that differs makes two quotes, and so do two speakers.

On a terminal you get a table for each quote, its articles in the order of their dates, the first ones bold. \
Elsewhere you get JSON Lines, one quote a line; with -o also .csv or .parquet, one article of a quote a row.

[bold]Examples[/bold]
\b
  quotekit extract articles/ -o quotes.parquet
  quotekit group quotes.parquet
  quotekit group quotes.parquet --min-articles 5 -o groups.csv
  quotekit group monday.jsonl tuesday.jsonl --kind all

[bold]Exit codes[/bold]
\b
    0  Everything was read.
    2  The command was used wrongly, or none of the files exist.
    3  The work could not be done: a file that quotekit extract did not
       write, or a library that is not installed. With -o, nothing was
       written.
  130  You stopped it with Ctrl-C. With -o, nothing was written.
"""

_FORMS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


def group(
    paths: Annotated[
        list[str], typer.Argument(metavar="FILE", help="What quotekit extract -o wrote: .jsonl or .parquet.")
    ],
    output: Output = None,
    min_articles: Annotated[int, typer.Option(min=1, help="Leave out what fewer articles carry.")] = 2,
    similarity: Annotated[
        float,
        typer.Option(
            min=50, max=100, callback=a_number, help="How like the fullest wording a wording must be, in percent."
        ),
    ] = 90,
    min_words: Annotated[int, typer.Option(min=1, help="Leave out quotes of fewer words.")] = 4,
    kind: Annotated[
        str,
        typer.Option(metavar="KINDS", help="Kinds of quotes, with commas between: direct, indirect, mixed; or all."),
    ] = "direct,mixed",
    quiet: Quiet = False,
) -> None:
    check_paths(paths, output)
    form = _form(output)
    kinds = _kinds(kind)
    keep_inputs(paths, output)
    with told(output):
        from quotekit.batch.stored import read_stored
        from quotekit.grouping import group as grouped
        from quotekit.grouping.rows import check
        from quotekit.output.plain_text import counted
        from quotekit.output.target import Target

        check(form)
        results = (result for path in dict.fromkeys(paths) for result in read_stored(path))
        groups = grouped(results, similarity=similarity, min_articles=min_articles, min_words=min_words, kinds=kinds)
        with Target(output) as target:
            _write(groups, form, target)
        if not quiet and (form == "table" or output is not None):
            members = sum(len(one.members) for one in groups)
            where = "" if output is None else f" → {output}"
            found = f"{counted(len(groups), 'group')} · {counted(members, 'quote')}"
            typer.echo(f"{found}{where}", err=True)


def _form(output: Path | None) -> str:
    """How groups are written: as the ending of the file says."""
    if output is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    form = _FORMS.get(output.suffix.lower())
    if form is None:
        raise typer.BadParameter(
            f"{str(output)!r} says no form; name a .jsonl, .csv or .parquet file.", param_hint="-o"
        )
    return form


def _kinds(given: str) -> list[QuoteKind]:
    known: list[QuoteKind] = ["direct", "indirect", "mixed"]
    if given == "all":
        return known
    wanted = [one.strip() for one in given.split(",")]
    for one in wanted:
        if one not in known:
            raise typer.BadParameter(f"{one!r} is no kind of quote; {near(one, [*known, 'all'])}", param_hint="--kind")
    return [one for one in known if one in wanted]


def _write(groups: list[QuoteGroup], form: str, target: Target) -> None:
    if form != "table":
        from quotekit.grouping.rows import write

        write(groups, form, target)
        return
    from rich.console import Console

    from quotekit.terminal.groups import table

    target.write(table(groups, Console()))
