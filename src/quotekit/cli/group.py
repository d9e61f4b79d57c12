"""The command ``quotekit group``: which articles have the same quote, and which was first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.checks import check_not_input, check_paths
from quotekit.cli.exits import failures_reported
from quotekit.cli.formats import form_of
from quotekit.cli.options import Output, Quiet, number
from quotekit.cli.stored_options import EXIT_CODES, summary
from quotekit.errors import near

# Pydantic and rich are imported where they are used; help does not need them.
if TYPE_CHECKING:
    from quotekit.grouping import QuoteGroup
    from quotekit.models import QuoteKind
    from quotekit.output.target import Target

HELP = f"""\
Find quotes that several articles share: which article had it first, and which repeated it.

Reads outputs of quotekit extract, .jsonl or .parquet. Ignores case, quotation marks, punctuation, contractions, \
spelled-out numbers and editors' brackets. A shortened quote, or one with a few other words, joins the cluster of the \
fullest wording. Quotes that differ in a "not", a number, a date or the speaker are kept apart.

On a terminal, prints a table for each quote with its articles by date, the earliest in bold. Elsewhere, prints JSON \
Lines, one quote per line. With -o, also writes .csv or .parquet, one row per article of a quote.

[bold]Examples[/bold]
\b
  quotekit extract articles/ -o quotes.parquet
  quotekit group quotes.parquet
  quotekit group quotes.parquet --min-articles 5 -o groups.csv
  quotekit group monday.jsonl tuesday.jsonl --kind all

{EXIT_CODES}"""

_FORMS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


ReadBack = Annotated[list[str], typer.Argument(metavar="FILE", help="Outputs of quotekit extract: .jsonl or .parquet.")]
MinArticles = Annotated[
    int, typer.Option(parser=number(1, whole=True), metavar="N", help="Leave out quotes that fewer articles have.")
]
MinWords = Annotated[
    int, typer.Option(parser=number(1, whole=True), metavar="N", help="Leave out quotes of fewer words.")
]
Similarity = Annotated[
    float, typer.Option(parser=number(50, 100), metavar="PERCENT", help="Minimum similarity to the fullest wording.")
]
Kinds = Annotated[
    str, typer.Option(metavar="KINDS", help="Kinds of quotes, separated by commas: direct, indirect, mixed; or all.")
]


def group(
    paths: ReadBack,
    *,
    output: Output = None,
    min_articles: MinArticles = 2,
    similarity: Similarity = 90,
    min_words: MinWords = 4,
    kind: Kinds = "direct,mixed",
    quiet: Quiet = False,
) -> None:
    check_paths(paths, output)
    form = form_of(output, _FORMS, elsewhere="jsonl")
    kinds = _kinds(kind)
    check_not_input(paths, output)
    with failures_reported(output):
        from quotekit.batch.arrow import pyarrow
        from quotekit.batch.stored import read_stored
        from quotekit.grouping import group as grouped
        from quotekit.output.plain_text import counted
        from quotekit.output.target import Target

        if form == "parquet":
            # A missing library is reported before anything is read.
            pyarrow()
        results = (result for path in dict.fromkeys(paths) for result in read_stored(path))
        groups = grouped(results, similarity=similarity, min_articles=min_articles, min_words=min_words, kinds=kinds)
        with Target(output) as target:
            _write(groups, form, target)
        if not quiet and (form == "table" or output is not None):
            members = sum(len(one.members) for one in groups)
            summary(f"{counted(len(groups), 'group')} · {counted(members, 'quote')}", output)


def _kinds(given: str) -> list[QuoteKind]:
    known: list[QuoteKind] = ["direct", "indirect", "mixed"]
    if given == "all":
        return known
    wanted = [one.strip() for one in given.split(",")]
    for one in wanted:
        if one not in known:
            raise typer.BadParameter(
                f"{one!r} is not a kind of quote; {near(one, [*known, 'all'])}", param_hint="--kind"
            )
    return [one for one in known if one in wanted]


def _write(groups: list[QuoteGroup], form: str, target: Target) -> None:
    if form != "table":
        from quotekit.grouping.rows import write

        write(groups, form, target)
        return
    from rich.console import Console

    from quotekit.terminal.groups import table

    target.write(table(groups, Console()))
