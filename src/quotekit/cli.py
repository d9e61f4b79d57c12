"""The `quotekit` command: options in, exit codes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from quotekit import explain_cli
from quotekit.batch.reading.finding import STDIN
from quotekit.errors import QuotekitError, RuleError
from quotekit.options import (
    EPILOG,
    EXTRACT_HELP,
    SPEAKERS_HELP,
    Attitudes,
    Format,
    Kind,
    Known,
    ListFormat,
    MinConfidence,
    Model,
    NoEncoder,
    Output,
    Paths,
    Quiet,
    Rules,
    Without,
    Workers,
)
from quotekit.outputs import Target, json_line, roster_csv, roster_lines, silence
from quotekit.rules_cli import rules_app

# spaCy and rich are imported where they are used: help and version need neither.
if TYPE_CHECKING:
    from datetime import date

    from quotekit.extractor import Extractor
    from quotekit.matching import KnownSpeakers
    from quotekit.models import Quote
    from quotekit.roster import Row
    from quotekit.rules import RuleSet
    from quotekit.tables import Renderer

SOME_UNREAD = 1
FAILED = 3
INTERRUPTED = 130
READER_GONE = 141

_OTHER_FORMATS = (".csv", ".tsv", ".parquet", ".xlsx", ".gz", ".zst")

FILE_WIDTH = 100
"""Columns of a table that goes to a file."""

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    paths: Paths,
    output: Output = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Write a table or JSON Lines, wherever the output goes.", show_default=False),
    ] = None,
    attitudes: Attitudes = False,
    min_confidence: MinConfidence = 0.0,
    no_encoder: NoEncoder = False,
    no_resolve: Annotated[
        bool, typer.Option("--no-resolve", help='Do not work out who "he" is: give sources as they stand.')
    ] = False,
    known_speakers: Known = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="The day that the articles are of, for lines of the list that hold for a time.",
            show_default=False,
        ),
    ] = None,
    rules: Rules = None,
    without: Without = None,
    model: Model = None,
    workers: Workers = 1,
    quiet: Quiet = False,
) -> None:
    _check_paths(paths, output)
    if output is not None and output.suffix.lower() in _OTHER_FORMATS:
        raise typer.BadParameter(
            f"quotekit writes JSON Lines, not {output.suffix}; name a .jsonl file.", param_hint="-o"
        )
    day = _day(date, known_speakers, no_resolve)
    with _told(output):
        from quotekit.run import Run

        known = _known(known_speakers, quiet)
        extractor = _extractor(
            attitudes, min_confidence, no_encoder, no_resolve, _rules(rules, without or []), model, known
        )
        on_screen = output is None and sys.stdout.isatty()
        if form is None:
            form = Format.table if on_screen else Format.jsonl
        run = Run(paths, extractor, workers, quiet=quiet, day=day)
        _keep_inputs([*run.names, *_named(known_speakers), *map(str, rules or ())], output)
        with Target(output) as target:
            render = _quotes_as(form, output)
            # A table on the screen shows by itself how far it is.
            for name, quotes in run.articles(progress=not on_screen):
                target.write(render(name, quotes))
        if form is Format.table or output is not None:
            run.summarise(output)
    if run.unread:
        raise typer.Exit(SOME_UNREAD)


@app.command(help=SPEAKERS_HELP)
def speakers(
    paths: Paths,
    output: Output = None,
    form: Annotated[
        ListFormat | None,
        typer.Option(
            "--format", help="Write a table, JSON Lines or CSV, wherever the output goes.", show_default=False
        ),
    ] = None,
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            help="List speakers of this kind; give it again for more.  [default: person, organization, government]",
            show_default=False,
        ),
    ] = None,
    min_quotes: Annotated[int, typer.Option(min=1, help="Leave out who has fewer quotes than this.")] = 1,
    attitudes: Attitudes = False,
    min_confidence: MinConfidence = 0.0,
    no_encoder: NoEncoder = False,
    known_speakers: Known = None,
    rules: Rules = None,
    without: Without = None,
    model: Model = None,
    workers: Workers = 1,
    quiet: Quiet = False,
) -> None:
    _check_paths(paths, output)
    form = _list_format(form, output)
    with _told(output):
        from quotekit.roster import NAMED, Roster
        from quotekit.run import Run
        from quotekit.tables import counted

        known = _known(known_speakers, quiet)
        extractor = _extractor(attitudes, min_confidence, no_encoder, False, _rules(rules, without or []), model, known)
        run = Run(paths, extractor, workers, quiet=quiet)
        _keep_inputs([*run.names, *_named(known_speakers), *map(str, rules or ())], output)
        roster = Roster()
        with Target(output) as target:
            for _, quotes in run.articles(progress=True):
                roster.add(quotes)
            rows = roster.rows([one.value for one in kind] if kind else NAMED, min_quotes)
            target.write(_speakers_as(form, output)(rows))
        if form is ListFormat.table or output is not None:
            run.summarise(output, counted(len(rows), "speaker"))
    if run.unread:
        raise typer.Exit(SOME_UNREAD)


app.command("explain", help=explain_cli.HELP)(explain_cli.explain)
app.add_typer(rules_app, name="rules")


@contextmanager
def _told(output: Path | None) -> Iterator[None]:
    """What ends a run before its time, as one line and an exit code."""
    try:
        yield
    except BrokenPipeError:
        silence(sys.stdout)
        raise typer.Exit(READER_GONE) from None
    except KeyboardInterrupt:
        _fail("stopped" if output is None else f"stopped: {output} was not written", INTERRUPTED)
    except BrokenExecutor:
        _fail("a worker process was lost, perhaps for lack of memory. Run it again with fewer --workers", FAILED)
    except QuotekitError as error:
        _fail(str(error), FAILED)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"quotekit: {message}", err=True)
    raise typer.Exit(code) from None


def _check_paths(paths: list[str], output: Path | None) -> None:
    """Usage errors that need no reading."""
    if not any(path == STDIN or os.path.lexists(path) for path in paths):
        which = f"{paths[0]!r} does not exist" if len(paths) == 1 else f"none of these {len(paths)} paths exist"
        raise typer.BadParameter(f"{which}. Check the spelling and the folder you are in.", param_hint="PATH")
    if output is not None and output.is_dir():
        raise typer.BadParameter(f"{str(output)!r} is a folder; name a file in it.", param_hint="-o")


def _list_format(form: ListFormat | None, output: Path | None) -> ListFormat:
    """How speakers are written: as asked for, or as the ending of the file says."""
    ending = "" if output is None else output.suffix.lower()
    by_ending = {".csv": ListFormat.csv, ".jsonl": ListFormat.jsonl, ".ndjson": ListFormat.jsonl}.get(ending)
    if form is None:
        form = ListFormat.table if output is None and sys.stdout.isatty() else by_ending or ListFormat.jsonl
    # A list of known speakers is read by its ending.
    if (by_ending or form) is not form or (by_ending is None and ending in _OTHER_FORMATS):
        raise typer.BadParameter(
            f"a {ending} file cannot hold {form.called}; name a .jsonl file for JSON Lines, a .csv file for CSV.",
            param_hint="-o",
        )
    return form


def _day(value: str | None, known_speakers: Path | None, no_resolve: bool) -> date | None:
    """The day of ``--date``. It is refused where it would change nothing."""
    if known_speakers is not None and no_resolve:
        raise typer.BadParameter("nobody can be known with --no-resolve; leave one out.", param_hint="--known-speakers")
    if value is None:
        return None
    if known_speakers is None:
        raise typer.BadParameter("it serves only to read --known-speakers; give that too.", param_hint="--date")
    from quotekit.known import day_of

    try:
        return day_of(value)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--date") from None


def _known(path: Path | None, quiet: bool) -> KnownSpeakers | None:
    if path is None:
        return None
    from quotekit.matching import KnownSpeakers

    known = KnownSpeakers.read(path)
    if not len(known) and not quiet:
        typer.echo(f"quotekit: {path}: no line has an id, so nobody is known. Fill in the column 'id'.", err=True)
    return known


def _named(known_speakers: Path | None) -> list[str]:
    return [] if known_speakers is None else [str(known_speakers)]


def _keep_inputs(names: list[str], output: Path | None) -> None:
    """Refuse to replace an article by its quotes, or a list by another."""
    if output is not None and output.exists() and os.path.realpath(output) in map(os.path.realpath, names):
        raise typer.BadParameter(f"{str(output)!r} is one of the inputs; name another file.", param_hint="-o")


def _rules(files: list[Path] | None, without: list[str]) -> RuleSet:
    """The built-in rules with those of ``files``, less those switched off."""
    from quotekit.rules import RuleSet

    rules = default = RuleSet.default()
    for file in files or ():
        rules = rules.with_file(file)
    try:
        # One that a file has switched off already is no mistake.
        return rules.without(*(id for id in without if id in rules or id not in default))
    except RuleError as error:
        raise typer.BadParameter(str(error), param_hint="--without") from None


def _extractor(
    attitudes: bool,
    min_confidence: float,
    no_encoder: bool,
    no_resolve: bool,
    rules: RuleSet,
    model: str | None,
    known: KnownSpeakers | None,
) -> Extractor:
    from quotekit.extractor import Extractor

    try:
        return Extractor(
            rules=rules,
            encoder=not no_encoder,
            resolve=not no_resolve,
            attitudes=attitudes,
            min_confidence=min_confidence,
            model=model,
            known_speakers=known,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _quotes_as(form: Format, output: Path | None) -> Callable[[str, list[Quote]], bytes]:
    return json_line if form is Format.jsonl else _renderer(output)


def _speakers_as(form: ListFormat, output: Path | None) -> Callable[[list[Row]], bytes]:
    if form is ListFormat.table:
        return _renderer(output).roster
    return roster_csv if form is ListFormat.csv else roster_lines


def _renderer(output: Path | None) -> Renderer:
    from rich.console import Console

    from quotekit.tables import Renderer

    if output is None:
        return Renderer(Console())
    return Renderer(Console(file=StringIO(), width=FILE_WIDTH, force_terminal=False))


def main() -> None:
    """Run the command line; the entry point of the `quotekit` command."""
    app(prog_name="quotekit")
