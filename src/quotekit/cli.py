"""The `quotekit` command: options in, exit codes out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import nullcontext
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from quotekit.errors import QuotekitError, RuleError
from quotekit.inputs import STDIN, InputError, find, read
from quotekit.outputs import Target, json_line, silence

# spaCy and rich are imported where they are used: help and version need neither.
if TYPE_CHECKING:
    from rich.console import Console

    from quotekit.extractor import Extractor
    from quotekit.models import Quote

SOME_UNREAD = 1
FAILED = 3
INTERRUPTED = 130
READER_GONE = 141

FILE_WIDTH = 100
"""Columns of a table that goes to a file."""

EPILOG = """\
Example: [bold]quotekit extract story.txt[/bold] shows who said what in one article;
[bold]quotekit extract articles/ -o quotes.jsonl[/bold] reads a folder.
"""

EXTRACT_HELP = """\
Say who said what in news articles: files, folders, or standard input.

On a terminal you get a table for each article. Elsewhere, and with -o, you get JSON Lines: one article a line, with
its path as given under "id" and its quotes, as quotekit's Quote objects, under "quotes".

[bold]Examples[/bold]

\b
  quotekit extract story.txt
  quotekit extract articles/ -o quotes.jsonl --workers 4
  curl -s https://example.org/story.txt | quotekit extract - | jq .quotes

[bold]What is read[/bold]

A folder stands for all .txt and .md files in it and in its subfolders, in the order of their names; hidden files and
links are left out. A file that you name yourself may have any ending. Everything must be UTF-8. Offsets count
characters of the decoded text, line ends as they are and a leading byte order mark left out: in Python,
open(path, encoding="utf-8-sig", newline="").read().

[bold]Exit codes[/bold]

\b
    0  Everything was read.
    1  Some input could not be read; each has a line on standard error, and the others were done.
    2  The command was used wrongly, or none of the paths exist.
    3  The work could not be done: no fitting model, output not writable, a worker lost.
  130  You stopped it with Ctrl-C. With -o, nothing was written.
"""

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(str, Enum):
    """How quotes are written."""

    table = "table"
    jsonl = "jsonl"


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"quotekit {version('quotekit-nlp')}")
        except PackageNotFoundError:
            typer.echo("quotekit, not installed as a package: no version known")
        raise typer.Exit


@app.callback(invoke_without_command=True, epilog=EPILOG)
def _quotekit(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Who said what: the quotes of English news articles, attributed to their speakers."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(help=EXTRACT_HELP)
def extract(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files and folders to read; - is standard input.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write to this file. It appears, or is replaced, only once it is whole."
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Write a table or JSON Lines, wherever the output goes.", show_default=False),
    ] = None,
    attitudes: Annotated[
        bool, typer.Option("--attitudes", help="Add what people believe, hope, want or oppose to what they state.")
    ] = False,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out quotes that are less sure than this.")
    ] = 0.0,
    no_resolve: Annotated[
        bool, typer.Option("--no-resolve", help='Do not work out who "he" is: give sources as they stand.')
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE_ID", help="Switch a rule off; give it again for more.", show_default=False),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Use this installed spaCy model, or a folder with one.", show_default=False),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Use this many processes; the result is the same.")] = 1,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Show no progress and no summary; errors stay.")] = False,
) -> None:
    from rich.console import Console

    _check_paths(paths, output)
    errors = Console(stderr=True, highlight=False, markup=False)
    try:
        extractor = _extractor(attitudes, min_confidence, no_resolve, without or [], model)
        with Target(output) as target:
            run = _Run(paths, extractor, errors, quiet=quiet)
            table = form is Format.table or (form is None and output is None and sys.stdout.isatty())
            for name, quotes in run.articles(workers, progress=output is not None or not sys.stdout.isatty()):
                target.write(render(name, quotes))
    except BrokenPipeError:
        silence(sys.stdout)
        raise typer.Exit(READER_GONE) from None
