"""The way of all articles of a run: read, worked through, and handed on in the order of the inputs."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from quotekit.batch.journal import Place, dumped
from quotekit.batch.reading import Inputs
from quotekit.batch.records import Failure, Record
from quotekit.errors import QuotekitError, WorkerError
from quotekit.processes.pool import Alone, Pool
from quotekit.processes.worker import Answer

if TYPE_CHECKING:
    from quotekit.extractor import Extractor
    from quotekit.models import Quote

TIME_LIMIT = 600.0
"""Seconds for one article, where nothing else is said: some millions of characters."""


@dataclass(frozen=True)
class Outcome:
    """What became of one item: an article with its quotes, or a failure.

    Attributes:
        place: where it stood in the inputs.
        record: the article, or ``None`` where nothing could be read.
        failure: why there are no quotes, or ``None``.
        quotes: what the extractor found, or with `Dumping` the text of it and the quotes' kinds.
    """

    place: Place
    record: Record | None
    failure: Failure | None = None
    quotes: Any = None


class Dumping:
    """An extractor that says what it found as a journal has it, and of which kinds the quotes are."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor

    def extract(self, text: str) -> tuple[str, list[str]]:
        return with_kinds(self._extractor.extract(text))


def with_kinds(quotes: list[Quote]) -> tuple[str, list[str]]:
    """Quotes for the journal, and the kind of each."""
    return dumped(quotes), [quote.kind for quote in quotes]


def items(inputs: Inputs, after: Place | None = None) -> Iterator[tuple[Place, Record | Failure]]:
    """All that the inputs hold, behind the place ``after``."""
    first, start = (-1, 0) if after is None else (after[0], after[1] + 1)
    if first < 0:
        for index, failure in enumerate(inputs.problems[start:], start):
            yield (-1, index), failure
        first, start = 0, 0
    for number, source in enumerate(inputs.sources[first:], first):
        for index, item in enumerate(inputs.read(source, start), start):
            yield (number, index), item
        start = 0


def outcomes(found: Iterable[tuple[Place, Record | Failure]], pool: Alone | Pool) -> Generator[Outcome]:
    """What becomes of each of the `items`, in order.

    Raises:
        QuotekitError: what fails with every article: a model that is missing, workers that cannot be started.
    """
    texts = ((item.text if isinstance(item, Record) else None, (place, item)) for place, item in found)
    with closing(pool.answers(texts, _carried)) as answers:
        for answer, (place, item) in answers:
            if isinstance(item, Failure):
                yield Outcome(place, None, item)
            elif answer.error is None:
                yield Outcome(place, item, quotes=answer.value)
            else:
                yield Outcome(place, item, Failure(item.source, _reason(answer), item.index, item.id))


def _carried(context: tuple[Place, Record | Failure]) -> int:
    """About how many characters an article carries along beside its text."""
    item = context[1]
    return len(json.dumps(dict(item.fields))) if isinstance(item, Record) and item.fields else 0


def _reason(answer: Answer) -> str:
    """Why an article has no quotes, in one line."""
    error = answer.error
    if isinstance(error, WorkerError):
        return str(error)
    if isinstance(error, QuotekitError):
        raise error
    if isinstance(error, MemoryError):
        return "not enough memory to read it. Use fewer workers, or leave it out."
    told = " ".join(f"{type(error).__name__}: {error}".split())
    return f"quotekit failed on it ({told[:300]}). Report this along with the article."


def day_of_record(record: Record, day: date | None) -> date | None:
    """The day an article is of: its own, or else that of the run."""
    return record.date or day
