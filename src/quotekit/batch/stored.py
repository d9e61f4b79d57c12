"""Outputs read back: JSON Lines, CSV and Parquet, article by article."""

from __future__ import annotations

import csv
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from quotekit.batch.packing import unpacked_ending
from quotekit.batch.reading.faults import Fault, of_error
from quotekit.batch.reading.opening import opened
from quotekit.batch.records import Result
from quotekit.batch.schema import (
    ARTICLE_TEXT,
    COLUMNS,
    VERSION,
    Column,
    carried_name,
    quote_of,
)
from quotekit.dates import day_of
from quotekit.errors import QuotekitError
from quotekit.models import Quote
from quotekit.output.cells import unguarded

_REMEDY = "Write it anew with quotekit extract -o"
_OR_REMEDY = f"or w{_REMEDY[1:]}"
_LISTS = ("spans", "mentions")
_LONGEST_CELL = 2**31 - 1


class StoredError(QuotekitError, ValueError):
    """A file is no output of quotekit that can be read back."""


def read_stored(path: str | os.PathLike[str]) -> Iterator[Result]:
    """The articles of an output, one by one: .jsonl or .ndjson, .csv (these also with .gz or .zst), or .parquet.

    Their quotes equal those that were written. A file of rows has no article without quotes; of carried fields it has
    those with a value, and CSV has them all as text.

    Raises:
        StoredError: it cannot be read, is damaged, or is no output of quotekit or one of a newer version; the message
            says where and what to do.
        QuotekitError: what reads this form is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "quotes.jsonl")
    ...     _ = path.write_text('{"id": "a.txt", "quotes": []}')
    ...     list(read_stored(path))
    [Result(id='a.txt', quotes=[], date=None, fields={}, text=None)]
    """
    path = Path(path)
    ending, packing = unpacked_ending(path)
    if ending == ".parquet" and packing is None:
        return _parquet(path)
    readers = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv}
    if ending not in readers:
        raise StoredError(
            f"{path}: an output of quotekit is a .jsonl, .ndjson, .csv (each also with .gz or .zst behind it) or "
            f".parquet file. Name one of these."
        )
    return _articles_of(path, readers[ending])


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked; whatever is wrong with them, until the block ends, as a `StoredError`."""
    try:
        with opened(str(path)) as file:
            yield file
    except Fault as error:
        raise StoredError(f"{path!s}: {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise StoredError(f"{path!s}: {of_error(error)}") from error


def _articles_of(path: Path, read: Callable[[TextIOWrapper, _Place], Iterator[Result]]) -> Iterator[Result]:
    """The articles of a text file."""
    place = _Place(path)
    with _opened(path) as file:
        try:
            with TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
                yield from read(text, place)
        except UnicodeDecodeError as error:
            raise place.wrong("must be UTF-8 text", f"Save it as UTF-8, {_OR_REMEDY}") from error


class _Place:
    """Where in a file we are: a line, or a row, from 1."""

    def __init__(self, path: Path, unit: str = "line") -> None:
        self.path, self.unit = path, unit
        self.number = 0

    def wrong(self, what: str, remedy: str = _REMEDY) -> StoredError:
        where = f"{self.path}, {self.unit} {self.number:,}" if self.number else str(self.path)
        return StoredError(f"{where}: {what}. {remedy}.")


# JSON Lines


def _json_lines(file: TextIOWrapper, place: _Place) -> Iterator[Result]:
    for place.number, text in enumerate(file, 1):
        if not text.strip():
            continue
        try:
            record = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise place.wrong("must be one JSON object, as quotekit extract writes them", _cut_off(text)) from error
        if not isinstance(record, dict) or not isinstance(record.get("quotes"), list) or "id" not in record:
            raise place.wrong('must be an object with an article\'s "id" and its "quotes"')
        yield _result(record, place)


def _cut_off(line: str) -> str:
    return _REMEDY if line.endswith("\n") else f"It may have been cut off. {_REMEDY}"


def _result(record: Mapping[str, Any], place: _Place) -> Result:
    fields, text, day = record.get("fields", {}), record.get("text"), record.get("date")
    if not isinstance(record["id"], str) or not isinstance(fields, dict) or not isinstance(text, str | None):
        raise place.wrong('"id" and "text" must be texts, "fields" an object')
    try:
        quotes = [Quote.model_validate(quote) for quote in record["quotes"]]
    except ValidationError as error:
        raise place.wrong(f"a quote is not as quotekit writes it ({_first(error)})") from error
    return Result(record["id"], quotes, _day(day, place), fields, text)


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]


def _day(value: Any, place: _Place) -> date | None:
    try:
        return day_of(value)
    except (TypeError, ValueError) as error:
        raise place.wrong(f"the article's date: {error}") from error


# rows


class _Columns:
    """Which column of a file holds what.

    Raises:
        StoredError: one of ours is missing.
    """

    def __init__(self, names: list[str], place: _Place) -> None:
        missing = [column.name for column in COLUMNS if column.name not in names]
        if len(missing) == len(COLUMNS) and any(";" in name or "\t" in name for name in names[:1]):
            raise place.wrong("columns must be parted by commas", f"Save it so, {_OR_REMEDY}")
        if missing:
            raise place.wrong(
                f"no output of quotekit: of its columns {', '.join(missing[:3])}{'…' * (len(missing) > 3)} "
                f"{'are' if len(missing) > 1 else 'is'} missing",
                f"Name a file that quotekit has written, {_OR_REMEDY}",
            )
        self.names = names
        self.carried = {
            column: name for column, name in zip(names, map(carried_name, names), strict=True) if name is not None
        }


def _grouped(rows: Iterable[Mapping[str, Any]], columns: _Columns, place: _Place) -> Iterator[Result]:
    """Rows of quotes as articles: a new one begins with a new id, or with a quote's id that was there already."""
    article: Result | None = None
    seen: set[str] = set()
    for row in rows:
        # What an engine says of an article that could not be read.
        if row["quote_id"] is None:
            continue
        try:
            quote = quote_of(row)
        except ValidationError as error:
            raise place.wrong(f"no quote as quotekit writes it ({_first(error)})") from error
        # A table that others have rewritten may have numbers for names.
        name = "" if row["article_id"] is None else str(row["article_id"])
        if article is None or name != article.id or quote.id in seen:
            if article is not None:
                yield article
            seen.clear()
            fields = {name: row[column] for column, name in columns.carried.items() if row[column] is not None}
            article = Result(name, [], _day(row["article_date"], place), fields, row.get(ARTICLE_TEXT.name))
        article.quotes.append(quote)
        seen.add(quote.id)
    if article is not None:
        yield article


# CSV


def _csv(file: TextIOWrapper, place: _Place) -> Iterator[Result]:
    lines = _Lines(file)
    table = csv.reader(lines, strict=True)
    header = [unguarded(cell) for cell in _next_row(table, place, lines) or []]
    columns = _Columns(header, place)
    ours = {column.name: column for column in (*COLUMNS, ARTICLE_TEXT)}

    def rows() -> Iterator[dict[str, Any]]:
        while (cells := _next_row(table, place, lines)) is not None:
            if not cells:
                continue
            if len(cells) != len(header):
                raise place.wrong(f"must have {len(header)} cells as the header has, not {len(cells)}")
            yield {name: _value(cell, ours.get(name), place) for name, cell in zip(header, cells, strict=True)}

    yield from _grouped(rows(), columns, place)


class _Lines:
    """Lines of a file, counted."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file
        self.read = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.read += 1
        return line


def _next_row(table: Iterator[list[str]], place: _Place, lines: _Lines) -> list[str] | None:
    place.number = lines.read + 1
    # The longest cell is a setting of the whole process: nobody else is to see it changed.
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return next(table, None)
    except csv.Error as error:
        raise place.wrong(f"must be CSV ({error})") from error
    finally:
        csv.field_size_limit(before)


def _value(cell: str, column: Column | None, place: _Place) -> Any:
    """What stands in a cell; ``column`` is ``None`` for a carried one."""
    if cell == "":
        return None
    if column is None or column.kind == "text":
        return unguarded(cell)
    if column.kind == "day":
        return cell
    try:
        if column.kind in _LISTS:
            return json.loads(cell)
        return _whole(cell) if column.kind == "whole" else float(cell)
    except (ValueError, RecursionError) as error:
        what = {"whole": "a whole number", "number": "a number"}.get(column.kind, "a list in JSON")
        raise place.wrong(f"column {column.name!r} must be {what}, not {cell[:40]!r}") from error


def _whole(cell: str) -> int:
    """A whole number, also as pandas writes one in a column with empty cells: 5.0."""
    number, point, zeros = cell.partition(".")
    if point and zeros.strip("0"):
        raise ValueError("a fraction")
    return int(number)


# Parquet


def _parquet(path: Path) -> Iterator[Result]:
    from quotekit.batch.arrow import HOLDS_KEY, VERSION_KEY, pyarrow

    pa = pyarrow()
    place = _Place(path, "row")
    with _opened(path) as file:
        try:
            parquet = pa.parquet.ParquetFile(file, page_checksum_verification=True)
            schema = parquet.schema_arrow
            _check_version((schema.metadata or {}).get(VERSION_KEY), place)
            columns = _Columns(schema.names, place)
            as_json = {field.name for field in schema if (field.metadata or {}).get(HOLDS_KEY) == b"json"}
            batches = parquet.iter_batches(batch_size=1000, use_threads=False)
            yield from _grouped(_rows(batches, as_json, place), columns, place)
        # pyarrow says by OSError, too, that a file is damaged; and what its checksums do not cover shows as no UTF-8.
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise place.wrong(f"no Parquet file, or a damaged one ({reason})") from error


def _rows(batches: Iterable[Any], as_json: set[str], place: _Place) -> Iterator[dict[str, Any]]:
    for batch in batches:
        for row in batch.to_pylist():
            place.number += 1
            for name in as_json:
                row[name] = _loaded(row[name], name, place)
            yield row


def _loaded(cell: str | None, column: str, place: _Place) -> Any:
    if cell is None:
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise place.wrong(f"column {column!r} must be JSON, as its metadata says, not {cell[:40]!r}") from error


def _check_version(stored: bytes | None, place: _Place) -> None:
    """Others who have rewritten the file may have dropped it: then the columns decide."""
    if stored is None:
        return
    if not stored.isdigit():
        raise place.wrong(f"the version of its columns must be a number, not {stored.decode(errors='replace')!r}")
    if int(stored) > VERSION:
        raise place.wrong(
            f"its columns have version {int(stored)}, and this quotekit knows them up to {VERSION}",
            "Run: python -m pip install --upgrade quotekit-nlp",
        )
