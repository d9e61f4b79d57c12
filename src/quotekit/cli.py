"""The `quotekit` command: options in, exit codes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from enum import Enum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from quotekit.errors import QuotekitError, RuleError
from quotekit.inputs import STDIN
from quotekit.outputs import Target, json_line, silence

# spaCy and rich are imported where they are used: help and version need neither.
if TYPE_CHECKING:
    from quotekit.extractor import Extractor
    from quotekit.models import Quote

SOME_UNREAD = 1
FAILED = 3
INTERRUPTED = 130
READER_GONE = 141

_OTHER_FORMATS = (".csv", ".tsv", ".parquet", ".xlsx", ".gz", ".zst")

FILE_WIDTH = 100
"""Columns of a table that goes to a file."""

EPILOG = """\
[bold]Examples[/bold]
\b
  quotekit extract story.txt                  Show who said what.
  quotekit extract articles/ -o quotes.jsonl  Read a folder into a file.
  quotekit extract --help                     Explain every option.
"""

# In help, typer keeps the line breaks of a paragraph: each is one line here.
EXTRACT_HELP = """\
Say who said what in news articles: files, folders, or standard input.

On a terminal you get a table for each article. Elsewhere, and with -o, you get JSON Lines: one article a line, with \
its path as given under "id" and its quotes, as quotekit's Quote objects, under "quotes".

[bold]Examples[/bold]
\b
  quotekit extract story.txt
  quotekit extract articles/ -o quotes.jsonl --workers 4
  curl -s https://example.org/story.txt | quotekit extract -
  quotekit extract story.txt --format jsonl --without en.according-to

[bold]What is read[/bold]

A folder stands for all .txt and .md files in it and in its subfolders, in the order of their names; hidden files and \
links are left out. A file that you name yourself may have any ending. Everything must be UTF-8. Offsets count \
characters of the decoded text, line ends as they are and a leading byte order mark left out, as Python reads it with \
open(path, encoding="utf-8-sig", newline="").

[bold]Exit codes[/bold]
\b
    0  Everything was read.
    1  Some input could not be read, and the rest was done. Each such
       input has a line on standard error.
    2  The command was used wrongly, or none of the paths exist.
    3  The work could not be done: no fitting model, a damaged encoder,
       an output that cannot be written, a lost worker. With -o,
       nothing was written.
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
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files and folders to read; - is standard input.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write to this file. It appears, or is replaced, only once it is whole.",
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
    no_encoder: Annotated[
        bool, typer.Option("--no-encoder", help="Read by the rules alone: faster, and it finds less.")
    ] = False,
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
    _check_paths(paths, output)
    try:
        from quotekit.run import Run

        extractor = _extractor(attitudes, min_confidence, no_encoder, no_resolve, without or [], model)
        on_screen = output is None and sys.stdout.isatty()
        if form is None:
            form = Format.table if on_screen else Format.jsonl
        run = Run(paths, extractor, workers, quiet=quiet)
        _keep_inputs(run.names, output)
        with Target(output) as target:
            render = _renderer(form, output)
            # A table on the screen shows by itself how far it is.
            for name, quotes in run.articles(progress=not on_screen):
                target.write(render(name, quotes))
        if form is Format.table or output is not None:
            run.summarise(output)
    except BrokenPipeError:
        silence(sys.stdout)
        raise typer.Exit(READER_GONE) from None
    except KeyboardInterrupt:
        _fail("stopped" if output is None else f"stopped: {output} was not written", INTERRUPTED)
    except BrokenExecutor:
        _fail("a worker process was lost, perhaps for lack of memory. Run it again with fewer --workers", FAILED)
    except QuotekitError as error:
        _fail(str(error), FAILED)
    if run.unread:
        raise typer.Exit(SOME_UNREAD)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"quotekit: {message}", err=True)
    raise typer.Exit(code) from None


def _check_paths(paths: list[str], output: Path | None) -> None:
    """Usage errors that need no reading."""
    if not any(path == STDIN or os.path.lexists(path) for path in paths):
        which = f"{paths[0]!r} does not exist" if len(paths) == 1 else f"none of these {len(paths)} paths exist"
        raise typer.BadParameter(f"{which}. Check the spelling and the folder you are in.", param_hint="PATH")
    if output is None:
        return
    if output.is_dir():
        raise typer.BadParameter(f"{str(output)!r} is a folder; name a file in it.", param_hint="-o")
    if output.suffix.lower() in _OTHER_FORMATS:
        raise typer.BadParameter(
            f"quotekit writes JSON Lines, not {output.suffix}; name a .jsonl file.", param_hint="-o"
        )


def _keep_inputs(names: list[str], output: Path | None) -> None:
    """Refuse to replace an article by its quotes."""
    if output is not None and output.exists() and os.path.realpath(output) in map(os.path.realpath, names):
        raise typer.BadParameter(f"{str(output)!r} is one of the inputs; name another file.", param_hint="-o")


def _extractor(
    attitudes: bool, min_confidence: float, no_encoder: bool, no_resolve: bool, without: list[str], model: str | None
) -> Extractor:
    from quotekit.extractor import Extractor
    from quotekit.rules import RuleSet

    try:
        rules = RuleSet.default().without(*without)
    except RuleError as error:
        raise typer.BadParameter(str(error), param_hint="--without") from None
    try:
        return Extractor(
            rules=rules,
            encoder=not no_encoder,
            resolve=not no_resolve,
            attitudes=attitudes,
            min_confidence=min_confidence,
            model=model,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _renderer(form: Format, output: Path | None) -> Callable[[str, list[Quote]], bytes]:
    if form is Format.jsonl:
        return json_line
    from rich.console import Console

    from quotekit.tables import Renderer

    if output is None:
        return Renderer(Console())
    return Renderer(Console(file=StringIO(), width=FILE_WIDTH, force_terminal=False))


def main() -> None:
    """Run the command line; the entry point of the `quotekit` command."""
    app(prog_name="quotekit")
