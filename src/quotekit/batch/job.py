"""A run into a file: locked, written down as it goes, gone on with after any stop, and whole in the end."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from quotekit.batch.compression import endings
from quotekit.batch.journal import Counts, Journal, holds_something, part_of
from quotekit.batch.progress import Progress
from quotekit.batch.reading import Inputs
from quotekit.batch.records import Record, Value
from quotekit.batch.running import Dumping, Outcome, day_of_record, items, outcomes, with_kinds
from quotekit.batch.stopping import Stopping
from quotekit.batch.writing import write, write_errors
from quotekit.errors import QuotekitError
from quotekit.output.target import OutputError
from quotekit.processes.pool import Pool

if TYPE_CHECKING:
    from filelock import FileLock

    from quotekit.extractor import Extractor


class Start(Enum):
    """What is to be done with the journal of an earlier run."""

    refuse = "refuse"
    resume = "resume"
    restart = "restart"


class UnfinishedError(QuotekitError):
    """An earlier run has not come to its end, and nobody has said what is to be done with what it has."""


class StrictError(QuotekitError):
    """Something could not be read, and that was to end the run."""


class StoppedError(QuotekitError):
    """A signal stopped the run, which can be gone on with.

    Attributes:
        number: the signal.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


@dataclass(frozen=True)
class Job:
    """What is to be done.

    Attributes:
        inputs: what is read.
        extractor: what it is read with.
        output: where the quotes go; the ending says how they are written.
        errors: where goes what could not be read.
        settings: what must be the same where a run is gone on with.
        keep_text: whether the articles' texts are written along.
        day: the day of articles that have none of their own.
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
        """Do it, and say what came of it; ``None`` if it had been done before.

        Raises:
            UnfinishedError: there is a journal, and ``start`` is to refuse it.
            JournalError: the journal is of another run.
            OutputError: a file cannot be written, or another run is writing it.
            StrictError: something could not be read, and ``strict`` is set.
            StoppedError: a signal came.
            QuotekitError: nothing can be read: no fitting model, no workers.

        What was done before one of these stands in the journal.
        """
        with Stopping() as stopping, self._locked():
            journal = self._journal(start)
            if journal is None:
                return None
            try:
                if not journal.ended:
                    pool = self._pool(workers, time_limit)
                    self._work(journal, pool, progress, stopping, strict)
                    stopping.finish = None
                self._finish(journal)
            finally:
                journal.close()
                # One in which nothing stands is nothing to go on with.
                if not journal.ended and not journal.counts.items:
                    journal.path.unlink(missing_ok=True)
            return journal.counts

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone with the output. The system lifts the lock of a process that ends, however it does."""
        from filelock import FileLock

        file = lock_of(self.output)
        if not file.parent.is_dir():
            raise OutputError(f"cannot write {self.output}: there is no folder {str(file.parent)!r}. Make it first.")
        lock = FileLock(file, timeout=0)
        try:
            taken = not _acquired(lock, file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"cannot write {self.output}: {reason}. Choose another place with -o.") from error
        if taken:
            raise OutputError(
                f"another run is writing {self.output}. Wait until it has ended, or choose another file with -o."
            )
        try:
            yield
        finally:
            # Not while it is open, on Windows.
            with suppress(OSError):
                file.unlink()
            lock.release()

    def _journal(self, start: Start) -> Journal | None:
        path = part_of(self.output)
        _sweep(self.output)
        _sweep(self.errors)
        if start is Start.resume and path.exists():
            return Journal.resume(path, self.settings, self.inputs.sources)
        if start is Start.refuse and path.exists() and holds_something(path):
            raise UnfinishedError(
                f"{path} holds a run that has not come to its end: --resume goes on with it, --restart begins anew."
            )
        if start is Start.resume and self.output.exists():
            return None
        return Journal.begin(path, self.settings)

    def _pool(self, workers: int, time_limit: float | None) -> Pool:
        # A list of known speakers may be large: it stays here, and what it is needed for costs little.
        plain = self.extractor.known_speakers is None
        reader = Dumping(self.extractor) if plain else self.extractor.without_known_speakers()
        return Pool(reader, workers, time_limit=time_limit)

    def _work(self, journal: Journal, pool: Pool, progress: Progress, stopping: Stopping, strict: bool) -> None:

        def finish() -> None:
            pool.stop()
            progress.stopping()

        stopping.finish = finish
        found = stopping.until_stopped(items(self.inputs, journal.place))
        total = len(self.inputs.sources) + len(self.inputs.problems)
        with progress.bar(total, journal.counts.items), closing(outcomes(found, pool)) as done:
            for outcome in done:
                if outcome.failure is not None and strict:
                    raise StrictError(
                        f"{_name(outcome)}: {outcome.failure.reason} This ended the run, as --strict says: "
                        f"{self._kept(journal)}"
                    )
                words = self._write_down(outcome, journal)
                progress.advance(journal.counts.items, words, of_stream=outcome.place[1] > 0)
                if outcome.failure is not None:
                    progress.error(_name(outcome), outcome.failure.reason)
        if stopping.number is not None:
            raise StoppedError(f"stopped: {self._kept(journal)}", stopping.number)
        journal.end()

    def _write_down(self, outcome: Outcome, journal: Journal) -> int:
        """Into the journal with it; how many words it has."""
        record = outcome.record
        if outcome.failure is not None:
            journal.fail(outcome.place, outcome.failure)
        else:
            assert record is not None
            quotes, kinds = self._dumped(outcome, record)
            journal.add(outcome.place, record, quotes, kinds, keep_text=self.keep_text)
        return 0 if record is None else len(record.text.split())

    def _dumped(self, outcome: Outcome, record: Record) -> tuple[str, list[str]]:
        if self.extractor.known_speakers is None:
            dumped: tuple[str, list[str]] = outcome.quotes
            return dumped
        return with_kinds(self.extractor.identified(outcome.quotes, day_of_record(record, self.day)))

    def _finish(self, journal: Journal) -> None:
        """Turn the journal into what it was kept for. Whoever is stopped here does it again, with the same outcome."""
        try:
            if journal.counts.failures:
                write_errors(journal.failures(), self.errors)
            write(journal.results, self.output, keep_text=self.keep_text)
        except OutputError as error:
            raise OutputError(f"{error} {self._kept(journal)}") from error
        # What is no plain file, such as /dev/null, nobody wants to lose.
        if not journal.counts.failures and self.errors.is_file():
            self.errors.unlink(missing_ok=True)
        journal.path.unlink()

    def _kept(self, journal: Journal) -> str:
        if not journal.counts.items:
            return "nothing had been done yet."
        return f"{journal.counts.items:,} done, kept in {journal.path}. The same command with --resume goes on."


def _acquired(lock: FileLock, file: Path) -> bool:
    """Whether the lock is ours now; `OSError` if no file can be made there."""
    from filelock import Timeout

    try:
        lock.acquire()
    except Timeout:
        if not file.exists():
            file.open("ab").close()
        return False
    # Whoever had it until now may just have removed it, and a third made a new one: then ours keeps nobody out.
    if _is_at(file, getattr(lock, "_context", None)):
        return True
    lock.release()
    return False


def _is_at(file: Path, context: object) -> bool:
    """Whether what a lock has open is what stands at its path; filelock says so nowhere else."""
    descriptor = getattr(context, "lock_file_fd", None)
    if descriptor is None:
        return file.exists()
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


def lock_of(output: Path) -> Path:
    """What keeps a second run out while one lasts: beside the file itself, where the output is a link to it.

    >>> lock_of(Path("/quotes.csv")).name
    'quotes.csv.lock'
    """
    final = Path(os.path.realpath(output))
    return final.with_name(f"{final.name}.lock")


def errors_of(output: Path) -> Path:
    """Where what could not be read goes, if nobody says: beside the output.

    >>> errors_of(Path("quotes.jsonl.gz")).name, errors_of(Path("my.quotes.parquet")).name
    ('quotes.errors.jsonl', 'my.quotes.errors.jsonl')
    """
    stem = output.stem if endings(output)[1] is None else Path(output.stem).stem
    return output.with_name(f"{stem}.errors.jsonl")


def _name(outcome: Outcome) -> str:
    assert outcome.failure is not None
    return outcome.failure.name


def _sweep(file: Path) -> None:
    """Remove what a run that was killed while it wrote ``file`` has left: only one run at a time gets here."""
    final = Path(os.path.realpath(file))
    left = re.compile(rf"\.{re.escape(final.name)}\.\d+\.part")
    # A folder that cannot be listed can be written all the same.
    with suppress(OSError):
        for path in [path for path in final.parent.iterdir() if left.fullmatch(path.name)]:
            path.unlink(missing_ok=True)
