"""Columns of an output row by row, without building quotes: Parquet, CSV and JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from quotekit.batch.compression import endings
from quotekit.batch.records import ABOUT
from quotekit.batch.schema import ABOUT_ARTICLE, COLUMNS
from quotekit.batch.stored_lines import json_records
from quotekit.batch.stored_place import Place, StoredError, opened_stored
from quotekit.batch.stored_tables import batches_of, damage_named, opened_table
from quotekit.batch.writing.csv_rows import DELIMITERS
from quotekit.dates import day_of
from quotekit.output.cells import unguarded

LARGEST_CELL = 1 << 27
"""Maximum characters of a CSV cell."""

_KINDS = {column.name: column.kind for column in (*COLUMNS, *ABOUT_ARTICLE)}
_BATCH = 10_000


def rows_of(path: Path, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of the columns ``names`` for each quote of an output of any format.

    Raises:
        StoredError: the file cannot be read, is damaged, or lacks one of the columns.
        QuotekitError: the library that reads this format is not installed.
    """
    ending, compression = endings(path)
    if ending == ".parquet" and compression is None:
        return _parquet(path, names)
    if ending in DELIMITERS:
        return _csv(path, names, DELIMITERS[ending])
    if ending in (".jsonl", ".ndjson"):
        return _json_lines(path, names)
    raise StoredError(
        f"{path}: an output of quotekit is a .parquet, .csv, .tsv, .jsonl or .ndjson file (all but the first also with "
        ".gz or .zst behind it). Name one of these, or make one with quotekit extract … -o quotes.parquet."
    )


def _parquet(path: Path, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    with opened_table(path, names) as (parquet, place), damage_named(place):
        for batch in batches_of(parquet, _BATCH, list(names)):
            yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)


def csv_rows(path: Path, delimiter: str, names: Sequence[str]) -> Iterator[list[str]]:
    """Yield the header and the rows of a table that has the columns ``names``."""
    place = Place(path)
    csv.field_size_limit(LARGEST_CELL)
    with opened_stored(path) as file:
        try:
            with TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
                rows = csv.reader(lines, delimiter=delimiter, strict=True)
                header = next(rows, [])
                place.need(names, header)
                yield header
                for row in rows:
                    place.number = rows.line_num
                    if len(row) != len(header):
                        raise place.wrong(f"must have {len(header)} cells as the header has, not {len(row)}")
                    yield row
        except (csv.Error, UnicodeDecodeError) as error:
            place.number = 0
            raise place.wrong(f"not a table as quotekit writes it ({error})") from error


def _csv(path: Path, names: Sequence[str], delimiter: str) -> Iterator[tuple[Any, ...]]:
    rows = csv_rows(path, delimiter, names)
    header = next(rows)
    columns = [(header.index(name), _KINDS[name]) for name in names]
    place = Place(path, "row")
    for place.number, row in enumerate(rows, 1):
        try:
            yield tuple(_value(row[at], kind) for at, kind in columns)
        except ValueError as error:
            raise place.wrong(f"not a quote as quotekit writes it ({error})") from error


def _value(cell: str, kind: str) -> Any:
    if not cell:
        return None
    if kind == "day":
        return day_of(cell)
    # In CSV, numbers, booleans and lists are JSON.
    return unguarded(cell) if kind == "text" else json.loads(cell)


def _json_lines(path: Path, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    getters = [_getter(name) for name in names]
    place = Place(path)
    for record in json_records(place):
        for quote in record["quotes"]:
            try:
                yield tuple(getter(record, quote) for getter in getters)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                raise place.wrong(f"a quote is not as quotekit writes it ({error})") from error


def _getter(name: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Any]:
    """Return a function that gets a column's cell from an article and one of its quotes."""
    if name == "article_id":
        return lambda record, quote: record["id"]
    if name == "article_date":
        return lambda record, quote: day_of(record.get("date"))
    if name.removeprefix("article_") in ABOUT:
        return lambda record, quote: record.get(name.removeprefix("article_"))
    if name == "quote_id":
        return lambda record, quote: quote["id"]
    if name == "speaker" or name == "person_id" or (name.startswith("speaker_") and name != "speaker_confidence"):
        key = "name" if name == "speaker" else name.removeprefix("speaker_")
        return lambda record, quote: (quote["speaker"] or {}).get(key)
    if name in ("source", "cue"):
        return lambda record, quote: (quote[name] or {}).get("text")
    if name in ("start", "end"):
        return lambda record, quote: quote["position"][name]
    return lambda record, quote: quote[name]
