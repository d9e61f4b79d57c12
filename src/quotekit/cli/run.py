"""One run of a command over its inputs, each article's quotes handed on as they are found."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import date

from quotekit.batch.job import StrictError
from quotekit.batch.journal import Counts
from quotekit.batch.reading import STDIN, Inputs
from quotekit.batch.records import Result
from quotekit.batch.running import day_of_record, items, outcomes
from quotekit.extractor import Extractor
from quotekit.processes.pool import Alone, Pool
from quotekit.terminal.progress import Watch


class Run:
    """The articles of ``inputs`` on their way through ``extractor``.

    Attributes:
        counts: what was found so far; each failure has been reported on standard error.
    """

    def __init__(self, inputs: Inputs, extractor: Extractor, watch: Watch, *, day: date | None = None) -> None:
        self.counts = Counts()
        self._inputs = inputs
        self._extractor = extractor
        self._watch = watch
        self._day = day

    def results(
        self, workers: int, *, progress: bool, time_limit: float | None = None, strict: bool = False
    ) -> Iterator[Result]:
        """Each article that can be read, in order; the others are reported as they come.

        Raises:
            StrictError: something could not be read, and ``strict`` is set.
            QuotekitError: nothing can be read: no fitting model, no workers.
        """
        plain = self._extractor.without_known_speakers()
        pool = Alone(plain) if workers == 1 and time_limit is None else Pool(plain, workers, time_limit=time_limit)
        total = len(self._inputs.sources) + len(self._inputs.problems)
        with (
            self._watch.bar(total) if progress else nullcontext(),
            closing(outcomes(items(self._inputs), pool)) as done,
        ):
            for outcome in done:
                record, failure = outcome.record, outcome.failure
                words = 0 if record is None else len(record.text.split())
                if failure is not None:
                    name = failure.name
                    if strict:
                        raise StrictError(f"{name}: {failure.reason} This ended the run, as --strict says.")
                    self.counts.failures += 1
                    self._watch.error(name, failure.reason)
                self.counts.articles += failure is None
                self._watch.advance(self.counts.items, words, of_stream=outcome.place[1] > 0)
                if failure is None and record is not None:
                    quotes = self._extractor.identified(outcome.quotes, day_of_record(record, self._day))
                    self.counts.kinds.update(quote.kind for quote in quotes)
                    yield Result(record.id, quotes, record.date, record.fields, record.text)


def tell_of_standard_input(inputs: Inputs, watch: Watch) -> None:
    """Tell one who is to type that one is waited for."""
    if STDIN in inputs.sources and sys.stdin.isatty():
        watch.note("Reading standard input; Ctrl-D on a line of its own ends it.")
