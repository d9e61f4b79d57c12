"""Turns record batches of articles into record batches of quotes, one quote a row.

`quotekit.engines.ray` and `quotekit.engines.spark` are built on it. Needs pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from quotekit.batch.arrow import batch_of, pyarrow, schema_of
from quotekit.batch.records import Result
from quotekit.batch.schema import COLUMNS, ERROR, row_of
from quotekit.batch.tables import carried_as
from quotekit.dates import day_of
from quotekit.errors import QuotekitError, near
from quotekit.extractor import Extractor, default

__all__ = ["SCHEMA", "ColumnError", "extract_batches", "schema_for"]

pa = pyarrow()

SCHEMA = schema_of((*COLUMNS, ERROR), {})
"""The schema of the results (`pyarrow.Schema`): the columns of a quote, as in Parquet files, and ``error``. Carried
columns follow, with their own types."""

ROWS, CHARACTERS = 1000, 1 << 22
"""Maximum number of rows of a record batch, and of characters of their text."""


class ColumnError(QuotekitError, ValueError):
    """A column is missing, or does not hold what it should."""


def schema_for(schema: Any, carry: Sequence[str] = ()) -> Any:
    """Return the schema (`pyarrow.Schema`) of the quotes of articles whose batches have the schema ``schema``.

    Raises:
        ColumnError: a column of ``carry`` is missing, or would occur twice.

    >>> schema_for(pa.schema([("text", pa.string()), ("desk", pa.int8())]), ["text", "desk"]).names[-3:]
    ['error', 'input_text', 'desk']
    """
    fields = [schema.field(_index(schema, name)).with_name(column) for name, column in carried_columns(carry).items()]
    return pa.schema([*SCHEMA, *fields], metadata=SCHEMA.metadata)


def carried_columns(carry: Sequence[str]) -> dict[str, str]:
    """Return the columns of ``carry``, with the name of each in the results.

    Raises:
        ColumnError: two would have the same name, whatever its case.

    >>> carried_columns(["desk", "Text"])
    {'desk': 'desk', 'Text': 'input_Text'}
    """
    if isinstance(carry, str):
        raise TypeError(f"carry must be a list of names of columns, not one string: write [{carry!r}]")
    columns = [carried_as(name) for name in carry]
    # Spark, DuckDB and others take no notice of case.
    folded = [column.lower() for column in columns]
    for column in columns:
        if folded.count(column.lower()) > 1:
            raise ColumnError(f"carry: column {column!r} would occur twice. Name it once, whatever its case.")
    return dict(zip(carry, columns, strict=True))


def extract_batches(
    batches: Iterable[Any],
    *,
    text_column: str = "text",
    id_column: str | None = None,
    date_column: str | None = None,
    carry: Sequence[str] = (),
    extractor: Extractor | None = None,
) -> Iterator[Any]:
    """Yield the quotes of the articles in record batches, as record batches of the schema `SCHEMA`, in the same order.

    The rows do not depend on how the articles are cut into batches. A batch of quotes ends after 1,000 rows, after four
    million characters, or where a batch of articles ends. An article without quotes, or whose text is null, gives no
    row. One that cannot be read, for example because its date is not a day, gives one row without a quote and with the
    reason as ``error``.

    Args:
        batches: of type `pyarrow.RecordBatch`, each with a row for an article.
        text_column: the column of the texts, of any type of strings.
        id_column: the column that becomes ``article_id``: strings or whole numbers. Without it that is null.
        date_column: the column with the day that an article is of: dates, timestamps, or strings as YYYY-MM-DD.
        carry: columns to carry through to each quote. A name that a column of quotes has, whatever its case, gets the
            prefix ``input_``.
        extractor: what to read with; by default with the default settings.

    Raises:
        TypeError: an item is not a record batch.
        ColumnError: a column is missing or does not hold what it should, or ``carry`` names one twice.
        ModelError, EncoderError: see `Extractor.extract`.

    >>> articles = pa.RecordBatch.from_pydict({"text": ["The talks will go on, Ann Lee said.", None]})
    >>> [batch.to_pylist()[0]["speaker"] for batch in extract_batches([articles])]
    ['Ann Lee']
    """
    extractor = default() if extractor is None else extractor
    for batch in batches:
        if not isinstance(batch, pa.RecordBatch):
            raise TypeError(
                f"batches must give record batches, not {type(batch).__name__}; of a table they are table.to_batches()"
            )
        schema = schema_for(batch.schema, carry)
        columns = _Columns(batch, text_column, id_column, date_column)
        rows: list[list[Any]] = []
        origins: list[int] = []
        characters = 0
        for i in range(batch.num_rows):
            for row in _rows(columns, i, extractor):
                rows.append(row)
                origins.append(i)
                characters += sum(len(cell) for cell in row if isinstance(cell, str))
                if len(rows) == ROWS or characters > CHARACTERS:
                    yield _joined(rows, origins, batch, carry, schema)
                    rows, origins, characters = [], [], 0
        if rows:
            yield _joined(rows, origins, batch, carry, schema)


def _rows(columns: _Columns, i: int, extractor: Extractor) -> Iterator[list[Any]]:
    """Yield the rows of the article in row ``i``."""
    name = None
    try:
        name = columns.id(i)
        text = columns.text(i)
        if text is None:
            return
        day = columns.day(i)
        result = Result(name or "", extractor.extract(text, date=day), day)
    except QuotekitError:
        # The model, say: no article can be read.
        raise
    # One article must not end a job of a million, whatever the error is.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        yield [name, *[None] * (len(COLUMNS) - 1), reason]
        return
    for quote in result.quotes:
        _, *cells = row_of(result, quote)
        yield [name, *cells, None]


class _Columns:
    """The columns of a batch that hold text, id and date."""

    def __init__(self, batch: Any, text: str, id: str | None, date: str | None) -> None:
        types = pa.types
        strings = [types.is_string, types.is_large_string, types.is_null]
        # Older versions of pyarrow do not have it.
        strings += [test for test in [getattr(types, "is_string_view", None)] if test]
        self._text = _column(batch, text, "text_column", "strings", strings)
        self._id = None if id is None else _column(batch, id, "id_column", _IDS, [*strings, types.is_integer])
        days = [*strings, types.is_date, types.is_timestamp]
        self._date = None if date is None else _column(batch, date, "date_column", _DAYS, days)
        if self._date is not None and types.is_timestamp(self._date.type):
            # Python's own timestamps know no nanoseconds, and no day needs them.
            self._date = self._date.cast(pa.timestamp("us", self._date.type.tz), safe=False)

    def text(self, i: int) -> Any:
        return self._text[i].as_py()

    def id(self, i: int) -> str | None:
        value = None if self._id is None else self._id[i].as_py()
        return None if value is None else str(value)

    def day(self, i: int) -> date | None:
        return None if self._date is None else day_of(self._date[i].as_py())


_IDS = "strings or whole numbers"
_DAYS = "dates, timestamps, or strings as YYYY-MM-DD"


def _column(batch: Any, name: str, argument: str, expected: str, tests: Sequence[Any]) -> Any:
    column = batch.column(_index(batch.schema, name, argument))
    held = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not any(test(held) for test in tests):
        remedy = "Decode it" if pa.types.is_binary(held) or pa.types.is_large_binary(held) else "Cast it"
        raise ColumnError(
            f"{argument}: column {name!r} must hold {expected}, not {column.type}. {remedy} first, or name another."
        )
    return column


def _index(schema: Any, name: str, argument: str = "carry") -> int:
    found = schema.get_all_field_indices(name)
    if len(found) > 1:
        raise ColumnError(f"{argument}: there are {len(found)} columns {name!r}. Rename all but one.")
    if not found:
        remedy = f"Instead, {near(name, schema.names)}" if len(schema) else "There are no columns at all"
        raise ColumnError(f"{argument}: there is no column {name!r}. {remedy}")
    index: int = found[0]
    return index


def _joined(rows: list[list[Any]], origins: list[int], batch: Any, carry: Sequence[str], schema: Any) -> Any:
    """Return ``rows`` as a record batch, with the carried columns of the rows of ``batch`` that they come from."""
    quotes = batch_of(rows, SCHEMA)
    where = pa.array(origins, pa.int64())
    carried = [batch.column(_index(batch.schema, name)).take(where) for name in carry]
    return pa.RecordBatch.from_arrays([*quotes.columns, *carried], schema=schema)
