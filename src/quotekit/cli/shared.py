"""What the commands share: how a run ends, and what its options make."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from typing import TYPE_CHECKING, NoReturn

import typer

from quotekit.batch.reading.finding import STDIN
from quotekit.batch.reading.patterns import MAGIC
from quotekit.errors import QuotekitError, RuleError
from quotekit.output.target import silence

# spaCy and rich are imported where they are used: help and version need neither.
if TYPE_CHECKING:
    from rich.console import Console

    from quotekit.batch.reading import ReadOptions
    from quotekit.extractor import Extractor
    from quotekit.known.matching import KnownSpeakers
    from quotekit.rules import RuleSet

SOME_UNREAD = 1
FAILED = 3
INTERRUPTED = 130
TERMINATED = 143
STOPPED = 128
"""What a signal's number is added to."""

READER_GONE = 141

OTHER_FORMATS = (".csv", ".tsv", ".parquet", ".xlsx", ".gz", ".zst")


@contextmanager
def told(output: Path | None) -> Iterator[None]:
    """What ends a run before its time, as one line and an exit code."""
    from quotekit.batch.stopping import Stopping

    try:
        # SIGTERM ends it as Ctrl-C does, and nothing half written stays.
        with Stopping():
            yield
    except BrokenPipeError:
        silence(sys.stdout)
        raise typer.Exit(READER_GONE) from None
    except KeyboardInterrupt as error:
        _fail_stopped(error, output)
    except QuotekitError as error:
        # One that a signal has stopped says which.
        fail(str(error), STOPPED + error.number if hasattr(error, "number") else FAILED)


def _fail_stopped(error: KeyboardInterrupt, output: Path | None) -> NoReturn:
    from quotekit.batch.journal import part_of

    what = "stopped"
    if output is not None:
        part = part_of(output)
        kept = f"; what is done is kept in {part}, and the same command with --resume goes on"
        what += f": {output} was not written{kept if part.exists() else ''}"
    fail(what, STOPPED + getattr(error, "number", SIGINT))


def fail(message: str, code: int) -> NoReturn:
    typer.echo(f"quotekit: {message}", err=True)
    raise typer.Exit(code) from None


def check_paths(paths: list[str], output: Path | None) -> None:
    """Usage errors that need no reading."""
    if not any(path == STDIN or os.path.lexists(path) or MAGIC.search(path) for path in paths):
        which = f"{paths[0]!r} does not exist" if len(paths) == 1 else f"none of these {len(paths)} paths exist"
        raise typer.BadParameter(f"{which}. Check the spelling and the folder you are in.", param_hint="PATH")
    if output is not None and output.is_dir():
        raise typer.BadParameter(f"{str(output)!r} is a folder; name a file in it.", param_hint="-o")


def check_articles(paths: list[str], text_field: str) -> None:
    """Refuse tables of quotes: what stands under "text" there are quotes, and no articles."""
    from quotekit.batch.reading.options import format_of
    from quotekit.batch.stored import is_stored

    if text_field != "text":
        return
    for path in paths:
        try:
            stored = format_of(path) in ("csv", "parquet") and is_stored(path)
        except QuotekitError:
            # A library is missing: that is told when the file is read, and the others are read all the same.
            continue
        if stored:
            raise typer.BadParameter(
                f"{path!r} holds quotes that quotekit extract found; name the articles that they were found in.",
                param_hint="PATH",
            )


def read_options(
    text_field: str, id_field: str | None, date_field: str | None, encoding: str | None, format: str | None
) -> ReadOptions:
    """How the inputs are read."""
    from quotekit.batch.reading import ReadOptions

    try:
        return ReadOptions(text_field, id_field, date_field, encoding, format)
    except ValueError as error:
        option = "--encoding" if str(error).startswith("encoding") else "--input-format"
        raise typer.BadParameter(f"{error}.", param_hint=option) from None


def known_from(path: Path | None, quiet: bool) -> KnownSpeakers | None:
    if path is None:
        return None
    from quotekit.known.matching import KnownSpeakers

    known = KnownSpeakers.read(path)
    if not len(known) and not quiet:
        typer.echo(f"quotekit: {path}: no line has an id, so nobody is known. Fill in the column 'id'.", err=True)
    return known


def named(known_speakers: Path | None) -> list[str]:
    return [] if known_speakers is None else [str(known_speakers)]


def keep_inputs(names: list[str], output: Path | None, option: str = "-o") -> None:
    """Refuse to replace an article by its quotes, or a list by another."""
    if output is not None and output.exists() and os.path.realpath(output) in map(os.path.realpath, names):
        raise typer.BadParameter(f"{str(output)!r} is one of the inputs; name another file.", param_hint=option)


def rules_from(files: list[Path] | None, without: list[str]) -> RuleSet:
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


def extractor_from(
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


def console_for(output: Path | None) -> Console:
    """Return the console that tables are drawn with: the terminal's, or one of fixed width for a file."""
    from rich.console import Console

    from quotekit.terminal.layout import file_console

    return Console() if output is None else file_console()
