"""A run into a file: locked, kept in a journal, continued after any stop, and written completely or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from quotekit.batch.articles_table import check_articles_table
from quotekit.batch.beside import (
    articles_of,
    check_errors,
    delete,
    is_list_of_errors,
    kept_of,
    opened_alone,
    part_of,
    partial_of,
)
from quotekit.batch.journal import Beginning, Journal
from quotekit.batch.keeping import check_kept, check_replaceable, keep, kept_state, reopen
from quotekit.batch.progress import Progress
from quotekit.batch.reading import Inputs
from quotekit.batch.records import Counts, Failure, Repeat, Value
from quotekit.batch.resuming import Remaining
from quotekit.batch.running import Article, FormReader, Run, StrictError, reading_for
from quotekit.batch.state import JournalError, foreign
from quotekit.batch.stopping import Stopping
from quotekit.batch.writing import write_errors, write_run
from quotekit.errors import QuotekitError
from quotekit.output.target import OutputError
from quotekit.processes.pool import Pool

if TYPE_CHECKING:
    from quotekit.extractor import Extractor


class Start(Enum):
    """What happens to an earlier run into the same file."""

    refuse = "refuse"
    """An unfinished one is an error; a finished one is replaced."""

    resume = "resume"
    """It is continued."""

    restart = "restart"
    """It is discarded."""


class UnfinishedError(QuotekitError):
    """There is an unfinished run, and neither ``--resume`` nor ``--restart`` was given."""


class StoppedError(QuotekitError):
    """A signal stopped the run, which can be continued.

    Attributes:
        number: the signal.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


@dataclass(frozen=True)
class Job:
    """A run into a file.

    Attributes:
        inputs: what is read.
        extractor: what it is read with.
        output: where the quotes go; the ending decides the format. Beside it goes the table of the articles.
        errors: where failures are listed.
        settings: what must be the same to continue a run.
        keep_text: whether the articles' texts are written too; then other users cannot read any file of the run.
        day: the date of articles without one.
    """

    inputs: Inputs
    extractor: Extractor
    output: Path
    errors: Path
    settings: Mapping[str, Value]
    keep_text: bool = False
    day: date | None = None

    def run(
        self, start: Start, progress: Progress, *, workers: int, time_limit: float | None = None, strict: bool = False
    ) -> Counts | None:
        """Run, and return how much was read and found; ``None`` if there was nothing new.

        Work done before an error stays in the journal.

        Raises:
            UnfinishedError: there is a journal, and ``start`` is to refuse it.
            JournalError: the journal, the output or an input has changed, so that the run cannot be continued.
            OutputError: a file cannot be written, another run is writing it, or it is not a file of a run.
            StrictError: there is a failure, and ``strict`` is set.
            StoppedError: a signal came.
            QuotekitError: nothing can be read: no fitting model, no workers.
        """
        with Stopping() as stopping, opened_alone(self.output, private=self.keep_text) as file:
            check_errors(self.errors)
            check_articles_table(self.articles)
            journal = self._journal(file, start)
            if journal is None:
                return None
            try:
                if not journal.state.ended:
                    reader = FormReader(self.extractor.without_known_speakers())
                    pool = Pool(reader, workers, time_limit=time_limit)
                    with closing(reading_for(self.inputs, pool, time_limit)) as reading:
                        remaining = Remaining(self.inputs, journal.state, reading.read)
                        self._work(journal, remaining, self._reading(journal, progress, strict), pool, stopping)
                    if journal.kept and journal.is_redundant and self._is_whole:
                        return None
                    journal.end()
                self._finish(journal)
            finally:
                if journal.is_redundant:
                    journal.discard()
            counts = journal.state.counts
            return replace(counts, failures=counts.failures + len(self.inputs.problems))

    def _reading(self, journal: Journal, progress: Progress, strict: bool) -> Run:
        counts, texts = deepcopy(journal.state.counts), journal.state.texts
        return Run(self.extractor, progress, self.day, strict, counts, texts if self.settings.get("--unique") else None)

    @property
    def articles(self) -> Path | None:
        """The table of articles; ``None`` if the output has the articles itself."""
        return articles_of(self.output)

    @property
    def _is_whole(self) -> bool:
        """True if the outputs exist and everything can be read, so that only new articles would change them."""
        written = self.output.exists() and (self.articles is None or self.articles.exists())
        return written and not self.inputs.problems

    def _journal(self, file: BinaryIO, start: Start) -> Journal | None:
        """Return the journal to write; ``None`` if a finished run has nothing new to read."""
        path, earlier = part_of(self.output), Beginning.of(file)
        if earlier.is_foreign:
            raise foreign(path)
        for name in filter(None, (self.output, self.articles, self.errors, kept_of(self.output))):
            delete(name.parent / partial_of(name, earlier.run))
        if earlier.holds_items and start is Start.refuse:
            raise UnfinishedError(
                f"{path} holds an unfinished run: --resume continues it, --restart discards it and starts again."
            )
        if earlier.is_whole and start is Start.resume:
            return Journal.resume(file, path, self.settings)
        if start is not Start.resume:
            check_replaceable(self.output)
            return Journal.begin(file, path, self.settings)
        state = kept_state(self.output)
        if state is None and not self.output.exists():
            return Journal.begin(file, path, self.settings)
        if state is None:
            raise JournalError(
                f"{self.output} exists, and there is no journal of a run that wrote it, so it cannot be continued. "
                "Move it away, choose another output, or start again with --restart."
            )
        check_kept(state, self.output, self.settings)
        if self._is_whole and not Remaining(self.inputs, state).anything:
            return None
        return reopen(self.output, state, file)

    def _work(self, journal: Journal, remaining: Remaining, run: Run, pool: Pool, stopping: Stopping) -> None:
        """Read what is new, and write it down."""

        def finish() -> None:
            pool.stop()
            run.progress.stopping()

        stopping.finish = finish
        total = len(self.inputs.sources) + len(self.inputs.problems)
        items = stopping.until_stopped(remaining.items())
        with run.progress.bar(total, run.counts.items), closing(run.outcomes(items, pool)) as outcomes:
            try:
                for failure in self.inputs.problems:
                    run.report(failure)
                for outcome in outcomes:
                    self._write_down(outcome, journal, remaining)
            except StrictError as error:
                raise StrictError(f"{str(error).removesuffix('.')}: {self._kept(journal)}") from None
        if stopping.number is not None:
            raise StoppedError(f"stopped: {self._kept(journal)}", stopping.number)
        stopping.finish = None

    def _write_down(self, outcome: Article | Failure | Repeat, journal: Journal, remaining: Remaining) -> None:
        source = outcome.source if isinstance(outcome, Failure) else outcome.record.source
        journal.open_input(source, remaining.stamps.pop(source, None))
        if isinstance(outcome, Failure):
            journal.fail(outcome)
        elif isinstance(outcome, Repeat):
            journal.repeat(outcome.record)
        else:
            journal.add(outcome.record, outcome.result(), outcome.found.left_out, keep_text=self.keep_text)

    def _finish(self, journal: Journal) -> None:
        """Write the output from the journal. A run that is stopped here does it again, with the same outcome."""
        name, output, errors = journal.state.run, self.output, self.errors
        failed = bool(journal.state.counts.failures or self.inputs.problems)
        try:
            if failed:
                check_errors(errors)
                failures = chain(self.inputs.problems, journal.failures())
                write_errors(failures, errors, partial=partial_of(errors, name))
            check_articles_table(self.articles)
            write_run(journal.results, output, keep_text=self.keep_text, run=name)
            keep(journal, output, private=self.keep_text)
        except OutputError as error:
            raise OutputError(f"{error} {self._kept(journal)}") from error
        # Only a list of failures is deleted, and nothing else that has come into its place.
        if not failed and is_list_of_errors(errors):
            delete(errors)
        journal.discard()

    def _kept(self, journal: Journal) -> str:
        items = journal.state.counts.items
        if not items:
            return "nothing had been done yet."
        return f"{items:,} done, kept in {journal.state.path}. The same command with --resume continues."
