"""Running over all articles: they are read, searched for quotes, and handed on in the order of the inputs."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from quotekit.batch.progress import Progress
from quotekit.batch.reading import Inputs, ReadingProcess
from quotekit.batch.reading.condition import notices_of
from quotekit.batch.reading.process import LIMIT
from quotekit.batch.records import Counts, Failure, Record, Repeat, Result
from quotekit.batch.unique import once, text_digest
from quotekit.errors import QuotekitError, WorkerError
from quotekit.processes import pool as processes
from quotekit.processes.pool import Alone, Pool
from quotekit.processes.worker import Answer

if TYPE_CHECKING:
    from quotekit.extractor import Extractor
    from quotekit.models import Quote

TIME_LIMIT = LIMIT
"""Seconds for one article in a run into a file, by default: enough for some millions of characters."""


class StrictError(QuotekitError):
    """An input could not be read, and the run is strict."""


@dataclass(frozen=True)
class Found:
    """The result for a text as a worker returns it, without the text."""

    quotes: list[Quote]
    form: str
    notices: tuple[str, ...]
    left_out: int = 0


@dataclass(frozen=True)
class FormReader:
    """An extractor for workers that returns quotes along with the form of the text."""

    extractor: Extractor

    def extract(self, text: str) -> Found:
        """Return the result for a text. Raises as `Extractor.read` does."""
        reading = self.extractor.read(text)
        return Found(list(reading.quotes), reading.form, reading.notices, reading.left_out)


@dataclass(frozen=True)
class Article:
    """An article and its result."""

    record: Record
    found: Found

    def result(self) -> Result:
        """Return the article in the form in which it is written."""
        record, found = self.record, self.found
        return Result(
            record.id,
            found.quotes,
            record.date,
            record.fields,
            record.text,
            record.about,
            found.form,
            self.words,
            (*found.notices, *notices_of(record.notes)),
        )

    @property
    def words(self) -> int:
        """Number of words, separated by white space."""
        return len(self.record.text.split())


@dataclass
class Run:
    """The reading of articles with an extractor.

    Attributes:
        extractor: finds the quotes.
        progress: receives each article and failure.
        day: the date of articles without one.
        strict: whether the first failure ends the run.
        counts: how much has been read so far.
        texts: digests of the texts so far, if each is counted once; else ``None``.
    """

    extractor: Extractor
    progress: Progress
    day: date | None = None
    strict: bool = False
    counts: Counts = field(default_factory=Counts)
    texts: set[str] | None = None

    def outcomes(self, items: Iterable[Record | Failure], pool: Alone | Pool) -> Generator[Article | Failure | Repeat]:
        """Yield each article with its quotes, or the failure or repeat in its place, in order.

        An item is counted when the next one is requested, so that a caller who cannot write it down may stop here.

        Raises:
            StrictError: there is a failure, and the run is strict.
            QuotekitError: every article fails: a model is missing, or workers cannot be started.
        """
        found: Iterable[Record | Failure | Repeat] = items if self.texts is None else once(items, self.texts)
        texts = ((item.text if isinstance(item, Record) else None, item) for item in found)
        with closing(pool.answers(texts, _carried)) as answers:
            for answer, item in answers:
                outcome = self._outcome(answer, item) if isinstance(item, Record) else item
                if isinstance(outcome, Failure):
                    self._refuse(outcome)
                yield outcome
                self._take(outcome)

    def _take(self, outcome: Article | Failure | Repeat) -> None:
        """Count an outcome."""
        if isinstance(outcome, Failure):
            self._count(outcome)
            return
        words, record = 0, outcome.record
        if isinstance(outcome, Repeat):
            self.counts.repeats += 1
        else:
            words = outcome.words
            self.counts.add_kinds((quote.kind for quote in outcome.found.quotes), outcome.found.left_out)
            self.counts.notice(record.source, record.notes)
        self.progress.advance(self.counts.items, words, of_stream=record.index > 0)

    def results(
        self, inputs: Inputs, workers: int, *, show_progress: bool = True, time_limit: float | None = None
    ) -> Iterator[Result]:
        """Yield the result of each article that can be read, in order; failures are reported as they come.

        Raises as `outcomes` does.
        """
        reader = FormReader(self.extractor.without_known_speakers())
        pool = Alone(reader) if workers == 1 and time_limit is None else Pool(reader, workers, time_limit=time_limit)
        if isinstance(pool, Alone):
            reader.extract("")  # what fails now, such as a model that needs more memory, fails with every article
        bar = self.progress.bar(len(inputs.sources) + len(inputs.problems)) if show_progress else nullcontext()
        with bar, closing(reading_for(inputs, pool, time_limit)) as reading:
            items = chain(inputs.problems, chain.from_iterable(map(reading.read, inputs.sources)))
            with closing(self.outcomes(items, pool)) as outcomes:
                for outcome in outcomes:
                    if isinstance(outcome, Article):
                        yield outcome.result()

    def _outcome(self, answer: Answer, record: Record) -> Article | Failure:
        if answer.error is not None:
            digest = "" if self.texts is None else text_digest(record.text)
            return Failure(record.source, _reason(answer.error), record.index, record.id, digest)
        found = answer.value
        quotes = self.extractor.identified(found.quotes, record.date or self.day)
        if self.extractor.corrections.refused(record.id, record.text):
            record = replace(record, notes=(*record.notes, "refused"))
        return Article(record, replace(found, quotes=quotes))

    def report(self, failure: Failure) -> None:
        """Count and report a failure that is not one of the items. Raises `StrictError` if the run is strict."""
        self._refuse(failure)
        self._count(failure)

    def _refuse(self, failure: Failure) -> None:
        if self.strict:
            raise StrictError(f"{failure.name}: {failure.reason} This ended the run, as --strict says.")

    def _count(self, failure: Failure) -> None:
        self.counts.failures += 1
        self.progress.advance(self.counts.items, 0, of_stream=failure.index > 0)
        self.progress.error(failure.name, failure.reason)


def reading_for(inputs: Inputs, pool: Alone | Pool, time_limit: float | None) -> ReadingProcess:
    """Return the reader of the inputs of a run. With worker processes, all files are read in a separate process."""
    everything = isinstance(pool, processes.Pool)
    return ReadingProcess(inputs.options, limit=time_limit or TIME_LIMIT, everything=everything)


def _carried(item: Record | Failure | Repeat) -> int:
    """Return about how many characters an article carries beside its text."""
    return len(json.dumps(dict(item.fields))) if isinstance(item, Record) and item.fields else 0


def _reason(error: Exception) -> str:
    """Return why an article has no quotes, in one line."""
    if isinstance(error, WorkerError):
        return str(error)
    if isinstance(error, QuotekitError):
        raise error
    if isinstance(error, MemoryError):
        return "not enough memory to read it. Use fewer workers, or leave it out."
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"quotekit failed on it ({what[:300]}). Report this along with the article."
