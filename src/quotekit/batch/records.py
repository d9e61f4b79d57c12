"""What flows through a batch run: an article in, its quotes or one failure out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from quotekit.models import Quote

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
"""What a carried column can hold: what JSON can."""


@dataclass(frozen=True)
class Record:
    """One article as it was read.

    Attributes:
        id: its name in the output: its path as given, its own id (``--id-field``), or path and number ("news.csv#3").
        text: the text that the offsets of its quotes count in.
        source: the input it stands in: a path as given, or "-".
        index: its place among what that input holds, articles and failures alike, from 0.
        date: the day it is of, if that is known.
        fields: the other columns of its row, carried through.
    """

    id: str
    text: str
    source: str
    index: int = 0
    date: date | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """What could not be read, and why.

    Attributes:
        source: the input: a path as given, or "-".
        reason: what was expected, what came, and the remedy, in one line.
        index: its place among what that input holds, from 0.
        id: the article's name, if it has got as far as having one.
    """

    source: str
    reason: str
    index: int = 0
    id: str | None = None

    @property
    def name(self) -> str:
        """What could not be read, as it can be found again: an article's own id does not say in which file it stands.

        >>> Failure("news.csv", "no text", 2, "news.csv#3").name, Failure("news.csv", "no text", 2, "pier").name
        ('news.csv#3', 'news.csv: pier')
        """
        if self.id is None or self.id.startswith(self.source):
            return self.id or self.source
        return f"{self.source}: {self.id}"


@dataclass(frozen=True)
class Result:
    """One article's quotes, as they are written and read back.

    Attributes:
        id, date, fields: as in `Record`.
        quotes: in text order.
        text: what the offsets count in, or ``None`` where it was not kept.
    """

    id: str
    quotes: list[Quote]
    date: date | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    text: str | None = None
