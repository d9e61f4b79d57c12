"""The command ``quotekit extract``: who said what, article by article."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Day
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.checks import check_articles, check_paths
from quotekit.cli.destination import OutputOptions
from quotekit.cli.exits import SOME_UNREAD, failures_reported
from quotekit.cli.formats import Format
from quotekit.cli.help import EXIT_CODES, INPUTS
from quotekit.cli.options import (
    EXTRACTION,
    ExtractionOptions,
    InputOptions,
    Known,
    Paths,
    Quiet,
    RunOptions,
    console_for,
    known_from,
    named,
    option,
)
from quotekit.output.target import Target

# What reads articles is imported where it is used; help and --version do not need it.
if TYPE_CHECKING:
    from quotekit.batch.reading import Inputs
    from quotekit.batch.records import Counts, Result, Value
    from quotekit.extractor import Extractor
    from quotekit.terminal.progress import Watch

HELP = f"""\
Find the quotes in articles, transcripts and statements, and who said them. Reads files, folders, or standard input.

On a terminal, prints a table for each article. Elsewhere, prints JSON Lines: one article per line, with its path \
under "id" and its Quote objects under "quotes". With -o, the file ending selects the format: .jsonl or .ndjson, or \
.csv or .parquet with one row per quote. Then quotes.articles.csv, beside quotes.csv, has one row per article.

[bold]Examples[/bold]
\b
  quotekit extract story.txt
  quotekit extract articles/ -o quotes.parquet --workers 4
  quotekit extract articles/ -o quotes.parquet --workers 4 --resume
  quotekit extract news.jsonl --text-field body --id-field url -o quotes.csv
  curl -s https://example.org/story.txt | quotekit extract -
  quotekit extract story.txt --format jsonl --without en.according-to

[bold]Long runs[/bold]

With -o, finished articles are kept in OUTPUT.part until the output is complete. If the run ends early, by Ctrl-C, a \
full disk or kill -9, the same command with --resume continues it; the output is identical to that of an \
uninterrupted run. Ctrl-C waits for the articles in progress; press it again to stop at once. Articles that fail are \
listed in OUTPUT.errors.jsonl; the run continues.

{INPUTS} Offsets count characters of the decoded text, with line ends unchanged and without a byte order mark: what \
Python reads with open(path, encoding="utf-8-sig", newline="").

{EXIT_CODES}"""


@dataclass(frozen=True)
class SpeakerOptions:
    """Who is meant."""

    no_resolve: Annotated[
        bool, option(EXTRACTION, 'Do not resolve "he" or "the minister" to names.', flag="--no-resolve")
    ] = False
    known_speakers: Known = None
    date: Annotated[
        str | None, option(EXTRACTION, "Date of undated articles, for dated lines of --known-speakers.", "YYYY-MM-DD")
    ] = None

    def day(self) -> Day | None:
        """Return the day of ``--date``. Options without effect are refused."""
        if self.known_speakers is not None and self.no_resolve:
            raise typer.BadParameter("not valid with --no-resolve; give one of them.", param_hint="--known-speakers")
        if self.date is None:
            return None
        if self.known_speakers is None:
            raise typer.BadParameter("only valid with --known-speakers.", param_hint="--date")
        from quotekit.dates import day_of

        try:
            return day_of(self.date)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--date") from None


def extract(
    paths: Paths,
    *,
    input: InputOptions,
    extraction: ExtractionOptions,
    speakers: SpeakerOptions,
    output: OutputOptions,
    quiet: Quiet = False,
    run: RunOptions,
) -> None:
    check_paths(paths, output.output)
    check_articles(paths, input.text_field)
    options, day = input.read_options(), speakers.day()
    with failures_reported(output.output):
        output.check()
        from quotekit.batch.reading import Inputs
        from quotekit.batch.settings import settings_of
        from quotekit.cli.standard_input import hint_at_standard_input
        from quotekit.terminal.progress import Watch

        known = known_from(speakers.known_speakers, quiet=quiet)
        extractor = extraction.extractor(known, resolve=not speakers.no_resolve)
        inputs = Inputs(paths, options, exclude=output.written, own=output.own)
        output.check_inputs([*inputs.sources, *named(speakers.known_speakers), *extraction.files])
        watch = Watch(quiet=quiet, errors=output.errors_file)
        hint_at_standard_input(inputs, watch)
        reading = _Reading(inputs, extractor, watch, output, run, day)
        if output.file is None:
            counts = reading.as_it_goes()
        else:
            counts = reading.into_file(
                settings_of(extractor, options, keep_text=output.keep_text, day=day, unique=run.unique)
            )
        watch.note_files(inputs.left_out)
    if counts.failures:
        raise typer.Exit(SOME_UNREAD)


@dataclass(frozen=True)
class _Reading:
    """The articles to read, and everything that the options say about it."""

    inputs: Inputs
    extractor: Extractor
    watch: Watch
    output: OutputOptions
    run: RunOptions
    day: Day | None

    def into_file(self, settings: Mapping[str, Value]) -> Counts:
        from quotekit.batch.job import Job, UnfinishedError
        from quotekit.batch.records import Counts
        from quotekit.batch.running import TIME_LIMIT

        output, errors = self.output.file, self.output.errors_file
        assert output is not None
        assert errors is not None
        job = Job(self.inputs, self.extractor, output, errors, settings, self.output.keep_text, self.day)
        limit, workers, strict = self.run.seconds(TIME_LIMIT), self.run.workers, self.run.strict
        try:
            counts = job.run(self.output.start, self.watch, workers=workers, time_limit=limit, strict=strict)
        except UnfinishedError as error:
            raise typer.BadParameter(str(error), param_hint="-o") from None
        if counts is None:
            self.watch.note(f"{job.output} is up to date: no input is new")
            return Counts()
        self.watch.summarise(counts, job.output, self.watch.pace())
        return counts

    def as_it_goes(self) -> Counts:
        """Write each article as it is read: to standard output, a device, or tables in a file."""
        output, on_screen = self.output.output, self.output.output is None and sys.stdout.isatty()
        format = self.output.format or (Format.table if on_screen else Format.jsonl)
        render = _renderer(format, self.output)
        # Tables on the screen show the progress themselves.
        counts, results = self.run.over(self.inputs, self.extractor, self.watch, self.day, show_progress=not on_screen)
        with Target(output) as target:
            for result in results:
                target.write(render(result))
        if format is Format.table or output is not None:
            self.watch.summarise(counts, output)
        else:
            self.watch.note_left_out(counts.left_out)
        return counts


def _renderer(format: Format, output: OutputOptions) -> Callable[[Result], bytes]:
    if format is Format.jsonl:
        from quotekit.batch.writing.jsonl import json_line

        return partial(json_line, keep_text=output.keep_text)
    from quotekit.terminal.tables import article_table

    console = console_for(output.output)
    return lambda result: article_table(result.id, result.quotes, console)
