"""What flows through a run: articles in, quotes or failures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Any, TypeAlias

from quotekit.models import Quote

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
"""What a carried column can hold: what JSON can."""


ABOUT = ("title", "outlet", "author", "url", "language")
"""Metadata of an article beside its date."""


@dataclass(frozen=True)
class Record:
    """One article as it was read.

    Attributes:
        id: its name in the output: its path as given, its own id (``--id-field``), or path and number ("news.csv#3").
        text: the text that the offsets of its quotes count in.
        source: the input that it is in: a path as given, or "-".
        index: its index among the articles and failures of that input, from 0.
        date: its date, if known.
        fields: the other columns of its row, carried through.
        about: its metadata, as far as its file gives it: keys of `ABOUT`.
        notes: what was noticed in it, by the names of ``data/reading/notes.toml``.
    """

    id: str
    text: str
    source: str
    index: int = 0
    date: date | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """An article or input that could not be read, and why.

    Attributes:
        source: the input: a path as given, or "-".
        reason: what was expected, what came, and the remedy, in one line.
        index: its index among the articles and failures of that input, from 0.
        id: the article's name, if it is known.
        digest: a digest of the article's text, if repeated texts are left out.
    """

    source: str
    reason: str
    index: int = 0
    id: str | None = None
    digest: str = ""

    @property
    def name(self) -> str:
        """The name to report, by which the article can be found: its own id does not say in which file it is.

        >>> Failure("news.csv", "no text", 2, "news.csv#3").name, Failure("news.csv", "no text", 2, "pier").name
        ('news.csv#3', 'news.csv: pier')
        """
        if self.id is None or self.id.startswith(self.source):
            return self.id or self.source
        return f"{self.source}: {self.id}"


@dataclass(frozen=True)
class Repeat:
    """An article that is left out because its text occurred earlier in the run."""

    record: Record


@dataclass(frozen=True)
class Result:
    """The quotes of one article, as they are written and read back.

    Attributes:
        id, date, fields, about: as in `Record`.
        quotes: in text order.
        text: the text that the offsets count in, or ``None`` if it was not kept.
        form: what kind of document it is, as in `quotekit.Reading`; ``None`` if that is not known.
        words: how many words it has, counted between white space; ``None`` if that is not known.
        notices: what was noticed in it, for reading.
    """

    id: str
    quotes: list[Quote]
    date: date | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    text: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    words: int | None = None
    notices: tuple[str, ...] = ()

    def as_json(self, *, keep_text: bool = False) -> dict[str, Any]:
        """Return it as a JSON object; keys without a value are left out."""
        record: dict[str, Any] = {"id": self.id}
        if self.date is not None:
            record["date"] = self.date.isoformat()
        record |= {name: self.about[name] for name in ABOUT if name in self.about}
        facts = {"form": self.form, "words": self.words, "notices": list(self.notices) or None}
        record |= {name: value for name, value in facts.items() if value is not None}
        if self.fields:
            record["fields"] = finite(dict(self.fields))
        if keep_text and self.text is not None:
            record["text"] = self.text
        record["quotes"] = [quote.model_dump() for quote in self.quotes]
        return record


FIRST = 3
"""Maximum inputs named for each notice."""


@dataclass
class Noticed:
    """How many articles have a notice, and in which inputs they are.

    Attributes:
        articles, inputs: how many.
        first: the first of the inputs, at most `FIRST`.
        last: the last of them.
    """

    articles: int = 0
    inputs: int = 0
    first: list[str] = field(default_factory=list)
    last: str | None = None

    def add(self, source: str) -> None:
        """Count an article of an input; articles of one input must be consecutive."""
        self.articles += 1
        if source != self.last:
            self.inputs, self.last = self.inputs + 1, source
            if len(self.first) < FIRST:
                self.first.append(source)


@dataclass
class Counts:
    """How much a run has read and found; ``left_out`` counts finds below ``min_confidence``."""

    articles: int = 0
    failures: int = 0
    repeats: int = 0
    left_out: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    noticed: dict[str, Noticed] = field(default_factory=dict)

    @property
    def items(self) -> int:
        """Articles, repeated ones too, and failures together."""
        return self.articles + self.failures + self.repeats

    def notice(self, source: str, notes: Iterable[str]) -> None:
        """Count the notices of an article."""
        for note in notes:
            self.noticed.setdefault(note, Noticed()).add(source)

    def add_kinds(self, kinds: Iterable[str], left_out: int = 0) -> None:
        """Count an article with quotes of these kinds, and the finds that were left out."""
        self.articles += 1
        self.kinds.update(kinds)
        self.left_out += left_out


def finite(value: Any) -> Any:
    """Return ``value`` with ``None`` in place of NaN and infinity, which JSON lacks.

    >>> finite([1.5, float("nan"), {"x": float("-inf")}])
    [1.5, None, {'x': None}]
    """
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list):
        return [finite(one) for one in value]
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    return value
