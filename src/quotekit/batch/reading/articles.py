"""One article as a reader finds it, before it has a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from quotekit.batch.reading.days import not_later_than_today
from quotekit.batch.reading.rows import numbered
from quotekit.batch.reading.rows import paragraphs as paragraphs
from quotekit.batch.records import Record, Value


@dataclass(frozen=True)
class Article:
    """The text of an article, and what its file says of it.

    Attributes:
        text, date, fields, about, notes: as in `Record`.
    """

    text: str
    date: date | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def record(self, source: str, index: int = 0, id: str | None = None) -> Record:
        """Return it as an article of an input, by default with the input's name as its own."""
        day = not_later_than_today(self.date)
        return Record(id or source, self.text, source, index, day, self.fields, self.about, self.notes)


def records(articles: Iterable[Article], source: str) -> Iterator[Record]:
    """Yield articles of one input, numbered."""
    for index, article in enumerate(articles):
        yield article.record(source, index, numbered(source, index))
