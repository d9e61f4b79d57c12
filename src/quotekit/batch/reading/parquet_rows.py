"""Articles as rows of Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any, BinaryIO

from quotekit.batch.reading.faults import Fault, brief, library, reason
from quotekit.batch.reading.opening import on_disk
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import check_columns, numbered, record
from quotekit.batch.records import Failure, Record, Value

_ROWS = 64
"""Rows in memory at a time."""

_MAGIC = b"PAR1"
_UNREADABLE = object()


def read_parquet(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield each row, with the columns that JSON can hold. Days and moments become ISO text, decimals text."""
    parquet = library("pyarrow.parquet", "parquet", "Parquet")
    pyarrow = library("pyarrow", "parquet", "Parquet")
    broken = (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, RuntimeError)
    with on_disk(stream) as seekable:
        _check_magic(seekable)
        try:
            file: Any = parquet.ParquetFile(seekable, buffer_size=1 << 16, pre_buffer=False)
            types = {field.name: field.type for field in file.schema_arrow}
            columns = list(file.schema_arrow.names)
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        except broken as error:
            raise _broken(error) from error
        check_columns(columns, options)
        _check_text(types[options.text_field], options, pyarrow.types)
        wanted = [name for name in columns if _fits(types[name], pyarrow.types)]
        index = end = 0
        for group, size in enumerate(sizes):
            row, end = end, end + size
            try:
                for values in _group(file, group, wanted, pyarrow):
                    yield _of_row(dict(zip(wanted, values, strict=True)), source, index, row, options)
                    index, row = index + 1, row + 1
            except broken as error:
                # The next group may be whole.
                yield Failure(source, f"rows {row + 1:,} to {end:,}: {_broken(error)}", index)
                index += 1


def _check_magic(stream: BinaryIO) -> None:
    head = stream.read(len(_MAGIC))
    stream.seek(0)
    if head != _MAGIC:
        raise _broken("it does not begin like Parquet" if head else "it is empty")


def _group(file: Any, group: int, wanted: list[str], pyarrow: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a group, as the cells of the columns ``wanted``."""
    for batch in file.iter_batches(_ROWS, row_groups=[group], columns=wanted, use_threads=False):
        cells = [_values(batch.column(batch.schema.names.index(name)), pyarrow) for name in wanted]
        yield from zip(*cells, strict=True)


def _of_row(row: dict[str, Any], source: str, index: int, number: int, options: ReadOptions) -> Record | Failure:
    where = f"row {number + 1:,}"
    if row[options.text_field] is _UNREADABLE:
        why = reason(f"{options.text_field!r} is not UTF-8 text", "Write the column again")
        return Failure(source, f"{where}: {why}", index, numbered(source, number))
    values = {name: None if value is _UNREADABLE else value for name, value in row.items()}
    return record(values, source, index, where, options, number)


def _values(column: Any, pyarrow: Any) -> list[Any]:
    """Return the cells of a column as JSON holds them; a damaged one, or one beyond Python, is `_UNREADABLE`."""
    if pyarrow.types.is_timestamp(column.type):
        # Python's timestamps have no nanoseconds.
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    return [_value(cell) for cell in column]


def _value(cell: Any) -> Any:
    try:
        return _plain(cell.as_py())
    except (ValueError, OverflowError, ArithmeticError, KeyError):
        return _UNREADABLE


def _plain(value: Any) -> Value:
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    # What is left is what JSON can hold; the library has no types.
    return value  # type: ignore[no-any-return]


def _check_text(kind: Any, options: ReadOptions, types: Any) -> None:
    if not (_is_text(kind.value_type if types.is_dictionary(kind) else kind, types) or types.is_null(kind)):
        raise Fault(
            f"the column {options.text_field!r} must hold text, not {brief(kind, 60)}",
            "Write it as a column of strings, or name another --text-field",
        )


def _is_text(kind: Any, types: Any) -> bool:
    # Only later versions of pyarrow have a test for string views.
    return types.is_string(kind) or types.is_large_string(kind) or str(kind) == "string_view"


def _fits(kind: Any, types: Any) -> bool:
    """Return whether JSON can hold the values of a type."""
    if types.is_dictionary(kind):
        return _fits(kind.value_type, types)
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _fits(kind.value_type, types)
    if types.is_struct(kind):
        return all(_fits(field.type, types) for field in kind)
    simple = (
        types.is_null,
        types.is_boolean,
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        types.is_date,
        types.is_time,
        types.is_timestamp,
    )
    return _is_text(kind, types) or any(test(kind) for test in simple)


def _broken(error: object) -> Fault:
    return Fault(f"not Parquet, or broken ({brief(error)})", "Get the file again, or write it again")
