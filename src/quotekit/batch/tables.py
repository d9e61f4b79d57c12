"""The two tables of a run: their rows, and the names of the columns that carry fields of the input.

The table of quotes has a row for each quote, the table of articles one for each article, with or without quotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quotekit.batch.records import ABOUT, Result, finite
from quotekit.batch.schema import ABOUT_ARTICLE, ARTICLE_TEXT, COLUMNS, ERROR, Column, fit, row_of

_TITLE, _OUTLET, _AUTHOR, _URL, _LANGUAGE = (
    replace(column, name=column.name.removeprefix("article_")) for column in ABOUT_ARTICLE
)
ARTICLES = (
    Column("id", "text", False, "the article; `article_id` of its quotes"),
    _TITLE,
    _OUTLET,
    _AUTHOR,
    _URL,
    Column("date", "day", True, "its day, where that is known"),
    _LANGUAGE,
    Column("form", "text", True, "what kind of document it is: `story`, `transcript`, `speech`, …"),
    Column("words", "whole", True, "its number of words, counted between white space"),
    Column("quotes", "whole", False, "how many quotes were found in it"),
    Column("speakers", "whole", False, "how many different speakers these have"),
    Column("notices", "text", True, "what was noticed in it; `;` between several"),
)
TEXT = Column("text", "text", True, "its text; only if it is kept")

_PREFIX = "input_"


def _names(columns: Iterable[Column]) -> re.Pattern[str]:
    """Return a pattern of names that a carried column cannot have."""
    names = "|".join(column.name for column in columns)
    return re.compile(f"(?:{_PREFIX})*(?:{names})", re.IGNORECASE)


_OURS = _names((*COLUMNS, *ABOUT_ARTICLE, ARTICLE_TEXT, ERROR))


def _quote_rows(result: Result, carried: Iterable[str], keep_text: bool) -> Iterator[list[Any]]:
    fields = [finite(result.fields.get(name)) for name in carried]
    about = [result.about.get(name) for name in ABOUT]
    text = [result.text] if keep_text else []
    for quote in result.quotes:
        yield [*row_of(result, quote), *about, *text, *fields]
        # Only once per article, so that the output does not grow with the number of quotes.
        text = [None] if keep_text else []


def article_row_of(result: Result) -> list[Any]:
    """Return the cells of an article in the order of `ARTICLES`.

    >>> article_row_of(Result("a.txt", [], form="story", words=3))
    ['a.txt', None, None, None, None, None, None, 'story', 3, 0, 0, None]
    """
    about = result.about
    return [
        result.id,
        *(about.get(name) for name in ("title", "outlet", "author", "url")),
        result.date,
        about.get("language"),
        result.form,
        result.words,
        len(result.quotes),
        len({quote.speaker.id for quote in result.quotes if quote.speaker}),
        "; ".join(result.notices) or None,
    ]


def _article_rows(result: Result, carried: Iterable[str], keep_text: bool) -> Iterator[list[Any]]:
    fields = [finite(result.fields.get(name)) for name in carried]
    yield [*article_row_of(result), *([result.text] if keep_text else []), *fields]


@dataclass(frozen=True)
class Table:
    """One of the two tables of a run.

    Attributes:
        columns: all columns before the carried ones, but for the text.
        text: the column of the text, if it is kept.
        rows: returns the rows of an article: its cells of ``columns``, with the second argument those of the fields of
            these names, with the third its text between both.
        ours: names that a carried column cannot have.
    """

    columns: tuple[Column, ...]
    text: Column
    rows: Callable[[Result, Sequence[str], bool], Iterator[list[Any]]]
    ours: re.Pattern[str]

    def named(self, *, keep_text: bool) -> tuple[Column, ...]:
        """Return the columns before the carried ones."""
        return (*self.columns, *([self.text] if keep_text else []))


QUOTES_TABLE = Table((*COLUMNS, *ABOUT_ARTICLE), ARTICLE_TEXT, _quote_rows, _OURS)
ARTICLES_TABLE = Table(ARTICLES, TEXT, _article_rows, _names((*ARTICLES, TEXT)))


def carried_as(name: str, ours: re.Pattern[str] = _OURS) -> str:
    """Return the column that carries the field ``name``, by default of quotes; `carried_name` is the inverse.

    A name that a column of the table has, whatever its case, gets the prefix ``input_``.

    >>> carried_as("section"), carried_as("Text"), carried_as("input_text")
    ('section', 'input_Text', 'input_input_text')
    """
    name = fit(name)
    return _PREFIX + name if ours.fullmatch(name) else name


def carried_as_each(
    names: Iterable[str], clean: Callable[[str], str] | None = None, ours: re.Pattern[str] = _OURS
) -> dict[str, str]:
    r"""Return the column that carries each of ``names`` (`carried_as`), a different one for each.

    ``clean`` replaces what a file cannot hold, by default with `fit`. Names that differ only in what it replaces are
    numbered; a name that it does not change is never numbered.

    >>> list(carried_as_each(["a\ud800", "a\ud801", "text"]).values())
    ['a\ufffd', 'a\ufffd_2', 'input_text']
    """
    clean = clean or fit
    names = list(dict.fromkeys(names))
    columns = {name: carried_as(name, ours) for name in names if clean(name) == name}
    taken, last = set(columns.values()), Counter[str]()
    for name in names:
        if name not in columns:
            column = base = carried_as(clean(name), ours)
            while column in taken:
                last[base] += 1
                column = f"{base}_{last[base] + 1}"
            taken.add(column)
            columns[name] = column
    return {name: columns[name] for name in names}


def carried_name(column: str, ours: re.Pattern[str] = _OURS) -> str | None:
    """Return the field that ``column`` carries; ``None`` for a column of the table, by default of quotes.

    >>> carried_name("section"), carried_name("input_Text"), carried_name("text")
    ('section', 'Text', None)
    """
    if not ours.fullmatch(column):
        return column
    if column[: len(_PREFIX)] == _PREFIX:
        return column[len(_PREFIX) :]
    return None


def carried_names(columns: Iterable[str], ours: re.Pattern[str]) -> dict[str, str]:
    """Return the columns that carry fields, with the fields (`carried_name`)."""
    names = {column: carried_name(column, ours) for column in columns}
    return {column: name for column, name in names.items() if name is not None}
