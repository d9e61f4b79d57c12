"""Outputs read back, article by article: JSON Lines and Parquet."""

from __future__ import annotations

import csv
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from quotekit.batch.compression import endings
from quotekit.batch.reading.faults import Fault, of_error
from quotekit.batch.reading.opening import opened
from quotekit.batch.reading.options import format_of
from quotekit.batch.records import ABOUT, Result
from quotekit.batch.schema import ARTICLE_TEXT, COLUMNS, VERSION, quote_of
from quotekit.batch.tables import carried_name
from quotekit.dates import day_of
from quotekit.errors import QuotekitError
from quotekit.models import Quote

STORED = ("jsonl", "csv", "parquet")
"""Formats that ``quotekit extract -o`` writes. Articles can come in them too."""

_REMEDY = "Write it again with quotekit extract -o"
_OR_REMEDY = f"or w{_REMEDY[1:]}"
_HEADER = 1 << 16


class StoredError(QuotekitError, ValueError):
    """A file is not an output of quotekit, or cannot be read back."""


def read_stored(path: str | os.PathLike[str]) -> Iterator[Result]:
    """Yield the articles of an output: .jsonl or .ndjson (also with .gz or .zst), or .parquet.

    Their quotes equal those that were written. Parquet has no article without quotes, and only carried fields with a
    value. CSV is for spreadsheets and is not read back.

    Raises:
        StoredError: the file cannot be read, is damaged, or is not an output of quotekit or one of a newer version;
            the message says where and what to do.
        QuotekitError: the library that reads this format is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "quotes.jsonl")
    ...     _ = path.write_text('{"id": "a.txt", "quotes": []}')
    ...     list(read_stored(path))
    [Result(id='a.txt', quotes=[], date=None, fields={}, text=None, about={})]
    """
    path = Path(path)
    ending, compression = endings(path)
    if ending == ".parquet" and compression is None:
        return _parquet(path)
    if ending in (".jsonl", ".ndjson"):
        return _json_lines(path)
    if ending == ".csv":
        raise StoredError(
            f"{path}: CSV is written for spreadsheets and is not read back. "
            "Write a .jsonl or .parquet file with quotekit extract -o, and name that."
        )
    raise StoredError(
        f"{path}: an output of quotekit is a .jsonl or .ndjson file (each also with .gz or .zst behind it) or a "
        ".parquet file. Name one of these."
    )


def is_stored(path: str) -> bool:
    """Return whether ``path`` is an output of ``quotekit extract``, judging by its ending and its content."""
    format = format_of(path)
    if format not in STORED or not os.path.isfile(path):
        return False
    try:
        if format == "csv":
            return _has_columns_of_quotes(Path(path))
        next(iter(read_stored(path)), None)
    except StoredError:
        return False
    return True


def _has_columns_of_quotes(path: Path) -> bool:
    with _opened(path) as file:
        header = file.readline(_HEADER).decode("utf-8-sig", "replace")
    try:
        names = next(csv.reader([header]), [])
    except csv.Error:
        return False
    return {column.name for column in COLUMNS} <= set(names)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, decompressed; until the block ends, whatever is wrong with it is a `StoredError`."""
    try:
        with opened(str(path)) as file:
            yield file
    except Fault as error:
        raise StoredError(f"{path!s}: {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise StoredError(f"{path!s}: {of_error(error)}") from error


class _Place:
    """The line or row of a file that is being read, from 1, for messages."""

    def __init__(self, path: Path, unit: str = "line") -> None:
        self.path, self.unit = path, unit
        self.number = 0

    def wrong(self, what: str, remedy: str = _REMEDY) -> StoredError:
        where = f"{self.path}, {self.unit} {self.number:,}" if self.number else str(self.path)
        return StoredError(f"{where}: {what}. {remedy}.")


# JSON Lines


def _json_lines(path: Path) -> Iterator[Result]:
    place = _Place(path)
    with _opened(path) as file:
        try:
            with TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
                for place.number, text in enumerate(lines, 1):
                    if text.strip():
                        yield _result(_object(text, place), place)
        except UnicodeDecodeError as error:
            raise place.wrong("must be UTF-8 text", f"Save it as UTF-8, {_OR_REMEDY}") from error


def _object(text: str, place: _Place) -> Mapping[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        remedy = _REMEDY if text.endswith("\n") else f"It may have been cut off. {_REMEDY}"
        raise place.wrong("must be one JSON object, as quotekit extract writes them", remedy) from error
    if not isinstance(record, dict) or not isinstance(record.get("quotes"), list) or "id" not in record:
        raise place.wrong('must be an object with an article\'s "id" and its "quotes"')
    return record


def _result(record: Mapping[str, Any], place: _Place) -> Result:
    fields, text, day = record.get("fields", {}), record.get("text"), record.get("date")
    if not isinstance(record["id"], str) or not isinstance(fields, dict) or not isinstance(text, str | None):
        raise place.wrong('"id" and "text" must be texts, "fields" an object')
    try:
        quotes = [Quote.model_validate(quote) for quote in record["quotes"]]
    except ValidationError as error:
        raise place.wrong(f"a quote is not as quotekit writes it ({_first(error)})") from error
    about, (form, words, notices) = _about(record, "", place), _facts(record, place)
    return Result(record["id"], quotes, _day(day, place), fields, text, about, form, words, notices)


def _facts(record: Mapping[str, Any], place: _Place) -> tuple[str | None, int | None, tuple[str, ...]]:
    form, words, notices = record.get("form"), record.get("words"), record.get("notices", [])
    if not isinstance(form, str | None) or not isinstance(words, int | None):
        raise place.wrong('"form" must be a text, "words" a whole number')
    if not isinstance(notices, list) or not all(isinstance(notice, str) for notice in notices):
        raise place.wrong('"notices" must be a list of texts')
    return form, words, tuple(notices)


def _about(record: Mapping[str, Any], prefix: str, place: _Place) -> dict[str, str]:
    found = {name: record.get(prefix + name) for name in ABOUT}
    about = {name: value for name, value in found.items() if value is not None}
    wrong = next((name for name, value in about.items() if not isinstance(value, str)), None)
    if wrong is not None:
        raise place.wrong(f"the article's {wrong} must be a text")
    return about


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]


def _day(value: Any, place: _Place) -> date | None:
    try:
        return day_of(value)
    except (TypeError, ValueError) as error:
        raise place.wrong(f"the article's date: {error}") from error


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
            _check_columns(schema.names, place)
            as_json = {field.name for field in schema if (field.metadata or {}).get(HOLDS_KEY) == b"json"}
            batches = parquet.iter_batches(batch_size=1000, use_threads=False)
            yield from _articles(_rows(batches, as_json, place), schema.names, place)
        # pyarrow raises OSError for damage too; damage that its checksums do not cover shows as invalid UTF-8.
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise place.wrong(f"not a Parquet file, or a damaged one ({reason})") from error


def _check_version(stored: bytes | None, place: _Place) -> None:
    # A tool that has rewritten the file may have dropped the version; then the columns decide.
    if stored is None:
        return
    if not stored.isdigit():
        raise place.wrong(f"the version of its columns must be a number, not {stored.decode(errors='replace')!r}")
    if int(stored) > VERSION:
        raise place.wrong(
            f"its columns have version {int(stored)}, and this quotekit knows them up to {VERSION}",
            "Read it with the quotekit that wrote it, or a newer one",
        )


def _check_columns(names: list[str], place: _Place) -> None:
    missing = [column.name for column in COLUMNS if column.name not in names]
    if missing:
        raise place.wrong(
            f"not an output of quotekit: of its columns {', '.join(missing[:3])}{'…' * (len(missing) > 3)} "
            f"{'are' if len(missing) > 1 else 'is'} missing",
            f"Name a file that quotekit has written, {_OR_REMEDY}",
        )


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


def _articles(rows: Iterable[Mapping[str, Any]], names: list[str], place: _Place) -> Iterator[Result]:
    """Group rows of quotes into articles; a new article begins with a new id, or with a quote's id seen before."""
    carried = {column: name for column, name in zip(names, map(carried_name, names), strict=True) if name is not None}
    article: Result | None = None
    seen: set[str] = set()
    for row in rows:
        # An engine's row for an article that could not be read.
        if row["quote_id"] is None:
            continue
        try:
            quote = quote_of(row)
        except ValidationError as error:
            raise place.wrong(f"not a quote as quotekit writes it ({_first(error)})") from error
        # A tool that has rewritten the table may have turned names into numbers.
        name = "" if row["article_id"] is None else str(row["article_id"])
        if article is None or name != article.id or quote.id in seen:
            if article is not None:
                yield article
            seen.clear()
            fields = {name: row[column] for column, name in carried.items() if row[column] is not None}
            day, about = _day(row["article_date"], place), _about(row, "article_", place)
            article = Result(name, [], day, fields, row.get(ARTICLE_TEXT.name), about)
        article.quotes.append(quote)
        seen.add(quote.id)
    if article is not None:
        yield article
