"""The command ``quotekit extract``: who said what, article by article."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.options import (
    EXIT_CODES,
    FINDING,
    WHAT_IS_READ,
    WRITING,
    Attitudes,
    DateField,
    Encoding,
    Errors,
    Format,
    IdField,
    InputFormat,
    KeepText,
    Known,
    MinConfidence,
    Model,
    NoEncoder,
    Output,
    Paths,
    Quiet,
    Restart,
    Resume,
    Rules,
    Strict,
    TextField,
    TimeLimit,
    Without,
    Workers,
)
from quotekit.cli.shared import (
    SOME_UNREAD,
    check_articles,
    check_paths,
    console_for,
    extractor_from,
    keep_inputs,
    known_from,
    named,
    read_options,
    rules_from,
    told,
)
from quotekit.output.target import OutputError, Target

# spaCy and rich are imported where they are used.
if TYPE_CHECKING:
    from datetime import date

    from quotekit.batch.job import Job, Start
    from quotekit.batch.journal import Counts
    from quotekit.batch.reading import Inputs
    from quotekit.batch.records import Result
    from quotekit.extractor import Extractor
    from quotekit.terminal.progress import Watch

# In help, typer keeps the line breaks of a paragraph: each is one line here.
HELP = f"""\
Say who said what in news articles: files, folders, or standard input.

On a terminal you get a table for each article, elsewhere JSON Lines: one article a line, with its path as given under \
"id" and its quotes, as quotekit's Quote objects, under "quotes". With -o the ending says what is written: .jsonl or \
.ndjson, or a row for each quote in .csv or .parquet.

[bold]Examples[/bold]
\b
  quotekit extract story.txt
  quotekit extract articles/ -o quotes.parquet --workers 4
  quotekit extract articles/ -o quotes.parquet --workers 4 --resume
  quotekit extract news.jsonl --text-field body --id-field url -o quotes.csv
  curl -s https://example.org/story.txt | quotekit extract -
  quotekit extract story.txt --format jsonl --without en.according-to

[bold]Long runs[/bold]

With -o, all that is done is kept in OUTPUT.part until the output is whole. However a run ends, by Ctrl-C, by a full \
disk, by kill -9, the same command with --resume goes on with what is missing, and the output is the same, to the \
byte, as that of a run that nobody stopped. Ctrl-C lets the articles in hand be finished first; press it again not to \
wait. An article that cannot be read, takes too long, or costs its worker process its life is one line in \
OUTPUT.errors.jsonl, and the run goes on.

{WHAT_IS_READ} Offsets count \
characters of the decoded text, line ends as they are and a leading byte order mark left out, as Python reads it with \
open(path, encoding="utf-8-sig", newline="").

{EXIT_CODES}"""


def extract(
    paths: Paths,
    output: Output = None,
    quiet: Quiet = False,
    text_field: TextField = "text",
    id_field: IdField = None,
    date_field: DateField = None,
    encoding: Encoding = None,
    input_format: InputFormat = None,
    attitudes: Attitudes = False,
    min_confidence: MinConfidence = 0.0,
    no_encoder: NoEncoder = False,
    no_resolve: Annotated[
        bool,
        typer.Option(
            "--no-resolve",
            help='Do not work out who "he" is: give sources as they stand.',
            rich_help_panel=FINDING,
        ),
    ] = False,
    known_speakers: Known = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="The day of articles that do not say theirs, for lines of the list that hold for a time.",
            show_default=False,
            rich_help_panel=FINDING,
        ),
    ] = None,
    rules: Rules = None,
    without: Without = None,
    model: Model = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="Write a table or JSON Lines, wherever the output goes.",
            show_default=False,
            rich_help_panel=WRITING,
        ),
    ] = None,
    keep_text: KeepText = False,
    errors: Errors = None,
    workers: Workers = 1,
    time_limit: TimeLimit = None,
    resume: Resume = False,
    restart: Restart = False,
    strict: Strict = False,
) -> None:
    check_paths(paths, output)
    check_articles(paths, text_field)
    kept = output is not None and form is not Format.table and not _is_device(output)
    options = read_options(text_field, id_field, date_field, encoding, input_format)
    day = _day(date, known_speakers, no_resolve)
    with told(output):
        _check_long_run(output, form, kept, resume, restart, errors)
        from quotekit.batch.job import Job, errors_of
        from quotekit.batch.reading import Inputs
        from quotekit.batch.settings import settings_of
        from quotekit.cli.run import tell_of_standard_input
        from quotekit.terminal.progress import Watch

        known = known_from(known_speakers, quiet)
        extractor = extractor_from(
            attitudes, min_confidence, no_encoder, no_resolve, rules_from(rules, without or []), model, known
        )
        failed, own = None, []
        if kept and output is not None:
            failed = errors or errors_of(output)
            own = [*_beside(output), *([failed] if _is_list_of_errors(failed) else [])]
        inputs = Inputs(paths, options, exclude=[path for path in (output, failed) if path is not None], own=own)
        read = [*inputs.sources, *named(known_speakers), *map(str, rules or ())]
        keep_inputs(read, output)
        keep_inputs(read, failed, "--errors")
        if failed is not None and output is not None:
            _check_errors(failed, output, named=errors is not None)
        watch = Watch(quiet=quiet, errors=failed)
        tell_of_standard_input(inputs, watch)
        if output is not None and failed is not None:
            settings = settings_of(extractor, options, keep_text=keep_text, day=day)
            job = Job(inputs, extractor, output, failed, settings, keep_text, day)
            counts = _into_file(job, watch, _start(resume, restart), workers, time_limit, strict)
        else:
            counts = _as_it_goes(inputs, extractor, watch, output, form, day, keep_text, workers, time_limit, strict)
    if counts.failures:
        raise typer.Exit(SOME_UNREAD)


def _into_file(job: Job, watch: Watch, start: Start, workers: int, time_limit: float | None, strict: bool) -> Counts:
    from quotekit.batch.job import UnfinishedError
    from quotekit.batch.journal import Counts
    from quotekit.batch.running import TIME_LIMIT

    limit = TIME_LIMIT if time_limit is None else time_limit or None
    try:
        counts = job.run(start, watch, workers=workers, time_limit=limit, strict=strict)
    except UnfinishedError as error:
        raise typer.BadParameter(str(error), param_hint="-o") from None
    if counts is None:
        watch.note(f"{job.output} is there, and no run into it is unfinished: nothing is left to do")
        return Counts()
    watch.summarise(counts, job.output, watch.pace())
    return counts


def _as_it_goes(
    inputs: Inputs,
    extractor: Extractor,
    watch: Watch,
    output: Path | None,
    form: Format | None,
    day: date | None,
    keep_text: bool,
    workers: int,
    time_limit: float | None,
    strict: bool,
) -> Counts:
    from quotekit.cli.run import Run

    on_screen = output is None and sys.stdout.isatty()
    if form is None:
        form = Format.table if on_screen else Format.jsonl
    render = _results_as(form, output, keep_text)
    run = Run(inputs, extractor, watch, day=day)
    with Target(output) as target:
        # A table on the screen shows by itself how far it is.
        for result in run.results(workers, progress=not on_screen, time_limit=time_limit or None, strict=strict):
            target.write(render(result))
    if form is Format.table or output is not None:
        watch.summarise(run.counts, output)
    return run.counts


def _is_device(output: Path) -> bool:
    """Whether it is there and nothing that can be replaced: what goes to it is gone."""
    return output.exists() and not output.is_file()


def _check_long_run(
    output: Path | None, form: Format | None, kept: bool, resume: bool, restart: bool, errors: Path | None
) -> None:
    """Usage errors of what a run into a file has."""
    for given, name in ((resume, "--resume"), (restart, "--restart"), (errors is not None, "--errors")):
        if given and not kept:
            raise typer.BadParameter("it is for runs into a file that is no table; give -o FILE.", param_hint=name)
    if resume and restart:
        raise typer.BadParameter("go on or begin anew: leave out --resume or --restart.", param_hint="--restart")
    if kept and output is not None:
        from quotekit.batch.packing import unpacked_ending
        from quotekit.batch.writing import check

        try:
            check(output)
        except OutputError as error:
            raise typer.BadParameter(str(error), param_hint="-o") from None
        if form is Format.jsonl and unpacked_ending(output)[0] not in (".jsonl", ".ndjson"):
            raise typer.BadParameter(f"{str(output)!r} is no JSON Lines file; name a .jsonl file.", param_hint="-o")


def _check_errors(errors: Path, output: Path, *, named: bool) -> None:
    """Usage errors of a list of errors, which is replaced, or deleted if there are none: nothing else may be lost."""
    if errors.is_dir():
        raise typer.BadParameter(f"{str(errors)!r} is a folder; name a file in it.", param_hint="--errors")
    if not named:
        return
    folder = Path(os.path.realpath(errors)).parent
    if not folder.is_dir():
        raise typer.BadParameter(f"there is no folder {str(folder)!r}; make it first.", param_hint="--errors")
    if os.path.realpath(errors) in map(os.path.realpath, (output, *_beside(output))):
        raise typer.BadParameter(f"{str(errors)!r} is the run's own; name another file.", param_hint="--errors")
    if errors.is_file() and not _is_list_of_errors(errors):
        raise typer.BadParameter(
            f"{str(errors)!r} is there and no list of errors, and would be lost; name another file.",
            param_hint="--errors",
        )


def _beside(output: Path) -> list[Path]:
    """The run's own files beside its output: journal and lock."""
    from quotekit.batch.job import lock_of
    from quotekit.batch.journal import part_of

    return [part_of(output), lock_of(output)]


def _is_list_of_errors(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            line = file.readline(1 << 20)
        return not line or {"path", "reason"} <= set(json.loads(line))
    except (OSError, ValueError, TypeError):
        return False


def _start(resume: bool, restart: bool) -> Start:
    from quotekit.batch.job import Start

    return Start.resume if resume else Start.restart if restart else Start.refuse


def _day(value: str | None, known_speakers: Path | None, no_resolve: bool) -> date | None:
    """The day of ``--date``. It is refused where it would change nothing."""
    if known_speakers is not None and no_resolve:
        raise typer.BadParameter("nobody can be known with --no-resolve; leave one out.", param_hint="--known-speakers")
    if value is None:
        return None
    if known_speakers is None:
        raise typer.BadParameter("it serves only to read --known-speakers; give that too.", param_hint="--date")
    from quotekit.dates import day_of

    try:
        return day_of(value)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--date") from None


def _results_as(form: Format, output: Path | None, keep_text: bool) -> Callable[[Result], bytes]:
    if form is Format.jsonl:
        from quotekit.batch.writing.jsonl import json_line

        return partial(json_line, keep_text=keep_text)
    from quotekit.terminal.tables import article_table

    console = console_for(output)
    return lambda result: article_table(result.id, result.quotes, console)
