"""One row of many, in any format: its text, id and date, and the carried columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from quotekit.batch.reading.days import day_of
from quotekit.batch.reading.faults import Fault, listed, reason
from quotekit.batch.reading.markup import lines, parse_html
from quotekit.batch.reading.metadata import about_row, day_of_row
from quotekit.batch.reading.opening import LARGEST
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.records import Failure, Record, Value
from quotekit.lexicon import load

DEEPEST = 100
"""Maximum levels of lists and objects in a carried value: deeper ones could be read, but perhaps not written."""

QUOTES_BY = frozenset({"article_id", "quote_id"})
"""Columns that identify a table of quotes written by quotekit, even after a spreadsheet changed it."""

ARTICLES_BY = frozenset({"id", "words", "speakers", "notices"})
"""Columns that identify a table of articles written by quotekit."""

MISSING = object()
"""The value of a missing column."""

USUAL_TEXTS = frozenset(load("metadata", "reading")["text"])
"""Names of columns that often hold the text, in lower case."""

_SENTENCE = 40
"""Minimum characters of a text that may be an article."""

_CALLED = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def numbered(source: str, index: int) -> str:
    """Return the id of an article without one of its own.

    >>> numbered("news.csv", 0)
    'news.csv#1'
    """
    return f"{source}#{index + 1}"


def check_columns(columns: list[str], options: ReadOptions) -> None:
    """Check that a table has the columns that are asked for.

    Raises:
        Fault: one is missing, there are two of one name, or quotekit wrote the table.
    """
    if options.text_field == "text" and set(columns) >= QUOTES_BY:
        raise Fault(
            "a table of quotes that quotekit wrote, not of articles",
            "Name the articles; quotekit report and group read the .jsonl or .parquet file that quotekit extract wrote",
        )
    if options.text_field == "text" and "text" not in columns and set(columns) >= ARTICLES_BY:
        raise Fault(
            "a table of articles that quotekit wrote, without their texts",
            "Name the table of quotes beside it, or the articles",
        )
    for option, name in (
        ("--text-field", options.text_field),
        ("--id-field", options.id_field),
        ("--date-field", options.date_field),
    ):
        if name is not None and name not in columns:
            raise _no_field(name, columns, option, _usual(columns) if option == "--text-field" else "")
    twice = next((name for name, count in Counter(columns).items() if name and count > 1), None)
    if twice is not None:
        raise Fault(f"there are two columns {twice!r}", "Give one of them another name")


def record(
    row: Mapping[str, Any], source: str, index: int, where: str, options: ReadOptions, number: int | None = None
) -> Record | Failure:
    """Return the article of one row.

    A null text is an empty article. A row whose id is null, empty or NaN gets its number as id.

    Args:
        where: the place of the row in its file, for messages ("line 7").
        number: the index of the row in its file, where that is not ``index``.
    """
    name = numbered(source, index if number is None else number)
    try:
        name = _id(row, options) or name
        text = _text(row, options)
        rest = without(without(row, options.text_field), options.id_field)
        fields = {key: carried(value) for key, value in rest.items()}
    except _RowError as error:
        return Failure(source, f"{where}: {error}", index, name)
    except RecursionError:
        why = reason(f"a value of more than {DEEPEST} levels", "Leave it out")
        return Failure(source, f"{where}: {why}", index, name)
    day, notes = _day(row, options)
    return Record(name, text, source, index, day, fields, about_row(row), notes)


def _day(row: Mapping[str, Any], options: ReadOptions) -> tuple[date | None, tuple[str, ...]]:
    """Return the day of a row, and what is noticed in the column that should have it."""
    if options.date_field is None:
        return day_of_row(row), ()
    written = value_of(row, options.date_field)
    day = day_of(written, options.date_format)
    if day is not None:
        return day, ()
    return None, ("undated" if written in (None, "", MISSING) else "date",)


class _RowError(Exception):
    """A row is not an article; its text is the reason."""


def _id(row: Mapping[str, Any], options: ReadOptions) -> str | None:
    """Return the id of a row; ``None`` if it has none."""
    if options.id_field is None:
        return None
    id = value_of(row, options.id_field)
    if id is MISSING:
        raise _RowError(_no_field(options.id_field, list(row), "--id-field"))
    if isinstance(id, (bool, list, dict)):
        what = f"{options.id_field!r} must be a text or a number, not {called(id)}"
        raise _RowError(reason(what, "Name another --id-field"))
    return None if id is None or (isinstance(id, float) and not math.isfinite(id)) else str(id)


def _text(row: Mapping[str, Any], options: ReadOptions) -> str:
    """Return the text of a row; null is an empty one, and a list of texts is paragraphs."""
    text = value_of(row, options.text_field)
    if text is MISSING:
        raise _RowError(_no_field(options.text_field, list(row), "--text-field", likely(row) or _usual(row)))
    if isinstance(text, list) and all(isinstance(one, str) for one in text):
        text = paragraphs(text)
    if text is not None and not isinstance(text, str):
        what = f"{options.text_field!r} must be a text, not {called(text)}"
        raise _RowError(reason(what, "Name another --text-field"))
    text = plain(text or "", options)
    if len(text) > LARGEST:
        raise _RowError(reason(f"a text of {len(text):,} characters, too much for one article", "Split it"))
    return text


def plain(text: str, options: ReadOptions) -> str:
    """Return the text of a row: without its markup, if ``options`` say that it has some."""
    root = parse_html(text, "HTML in a row") if options.text_format == "html" and text.strip() else None
    return text if root is None else paragraphs(lines(root))


def value_of(row: Mapping[str, Any], name: str) -> Any:
    """Return the value of a column, or of a key in an object if the name has dots, or `MISSING`.

    >>> value_of({"fields": {"body": "It rained."}}, "fields.body"), value_of({"a.b": 1}, "a.b")
    ('It rained.', 1)
    """
    if name in row:
        return row[name]
    first, _, rest = name.partition(".")
    inner = row.get(first)
    return value_of(inner, rest) if rest and isinstance(inner, Mapping) else MISSING


def without(row: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    """Return a row without a column, or without a key in an object."""
    if name is None or name in row:
        return {key: value for key, value in row.items() if key != name}
    first, _, rest = name.partition(".")
    inner = row.get(first)
    return {**row, first: without(inner, rest)} if rest and isinstance(inner, Mapping) else row


def paragraphs(lines: Iterable[str]) -> str:
    r"""Return the text of paragraphs, with a blank line between two.

    >>> paragraphs([" It rained.", "", "It snowed. "])
    'It rained.\n\nIt snowed.'
    """
    return "\n\n".join(filter(None, (line.strip() for line in lines)))


def carried(value: Any, levels: int = DEEPEST) -> Value:
    """Return what JSON can hold of a value: NaN and infinity become null.

    >>> carried({"a": [1, float("nan")]})
    {'a': [1, None]}

    Raises:
        RecursionError: lists and objects in it are nested deeper than ``levels``.
    """
    if levels == 0:
        raise RecursionError
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [carried(item, levels - 1) for item in value]
    if isinstance(value, dict):
        return {str(key): carried(item, levels - 1) for key, item in value.items()}
    # From json, which has no types.
    return value  # type: ignore[no-any-return]


def called(value: object) -> str:
    """Return what a JSON value is, in words.

    >>> called(3), called(None)
    ('a number', 'null')
    """
    return _CALLED.get(type(value), type(value).__name__)


def likely(row: Mapping[str, Any], levels: int = 2) -> str:
    """Return the column or key with the longest text; "" if no text is as long as a sentence.

    >>> likely({"title": "Rain", "fields": {"body": "It rained all day, and the harbour was shut."}})
    'fields.body'
    """
    sizes = {name: _size(value) for name, value in row.items()}
    for name, value in row.items():
        if isinstance(value, Mapping) and levels and (inner := likely(value, levels - 1)):
            sizes[f"{name}.{inner}"] = _size(value_of(value, inner))
    best = max(sizes, key=lambda name: sizes[name], default="")
    return best if sizes.get(best, 0) >= _SENTENCE else ""


def _usual(columns: Iterable[str]) -> str:
    """Return the first column with a usual name for the text, or ""."""
    return next((column for column in columns if column.lower() in USUAL_TEXTS), "")


def _size(value: Any) -> int:
    """Return how many characters a text has, or texts in a list."""
    if isinstance(value, list):
        return sum(len(one) for one in value) if all(isinstance(one, str) for one in value) else 0
    return len(value) if isinstance(value, str) else 0


def _no_field(name: str, there: list[str], option: str, likely: str = "") -> Fault:
    such = f", perhaps {option} {likely}" if likely else ""
    return Fault(f"no column {name!r}; there are {listed(there)}", f"Name it with {option}{such}")
