"""The two tables of an output read back from Parquet: the articles with their quotes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from quotekit.batch.articles_table import is_articles_table
from quotekit.batch.beside import articles_of
from quotekit.batch.records import Result
from quotekit.batch.schema import ARTICLE_TEXT, COLUMNS, VERSION, Column, quote_of
from quotekit.batch.stored_place import Place, about_of, facts_of, first_of, opened_stored, stored_day
from quotekit.batch.tables import ARTICLES, ARTICLES_TABLE, QUOTES_TABLE, carried_names


def read_tables(path: Path) -> Iterator[Result]:
    """Yield the articles of a table of quotes; with its table of articles beside it, those without quotes too.

    Raises:
        StoredError: a table cannot be read, or the two do not fit together.
    """
    beside = articles_of(path)
    if beside is None or not is_articles_table(beside):
        with _rows_of(path, COLUMNS) as (rows, names, place):
            yield from _articles(rows, names, place)
        return
    with _rows_of(path, COLUMNS) as (rows, names, place), _rows_of(beside, ARTICLES) as (others, columns, other):
        yield from _joined(_articles(rows, names, place), _without_quotes(others, columns, other), other, path)


@contextmanager
def opened_table(path: Path, needed: Iterable[str]) -> Iterator[tuple[Any, Place]]:
    """Open a table (`pyarrow.parquet.ParquetFile`) that has the columns ``needed``; yield it with its place.

    Raises:
        StoredError: it cannot be read, or lacks a column.
    """
    from quotekit.batch.arrow import VERSION_KEY, pyarrow

    pa, place = pyarrow(), Place(path, "row")
    with opened_stored(path) as file:
        with damage_named(place):
            parquet = pa.parquet.ParquetFile(file, page_checksum_verification=True)
            schema = parquet.schema_arrow
            _check_version((schema.metadata or {}).get(VERSION_KEY), place)
            place.need(needed, schema.names)
        yield parquet, place


def batches_of(parquet: Any, size: int, columns: Sequence[str] | None = None) -> Iterator[Any]:
    """Yield the record batches of a table, of at most ``size`` rows."""
    for group in range(parquet.num_row_groups):
        # One group after another: a reader of all of them keeps what it has read.
        yield from parquet.iter_batches(size, row_groups=[group], columns=columns, use_threads=False)


@contextmanager
def _rows_of(path: Path, columns: Sequence[Column]) -> Iterator[tuple[Iterator[dict[str, Any]], list[str], Place]]:
    """Open a table; yield its rows, the names of its columns, and the position of the current row."""
    from quotekit.batch.arrow import HOLDS_KEY

    with opened_table(path, [column.name for column in columns]) as (parquet, place):
        schema = parquet.schema_arrow
        as_json = {field.name for field in schema if (field.metadata or {}).get(HOLDS_KEY) == b"json"}
        yield _rows(batches_of(parquet, 1000), as_json, place), schema.names, place


@contextmanager
def damage_named(place: Place) -> Iterator[None]:
    """Until the block ends, damage of a Parquet file is a `StoredError`."""
    from quotekit.batch.arrow import pyarrow

    try:
        yield
    # pyarrow raises OSError for damage too; damage that its checksums do not cover shows as invalid UTF-8.
    except (pyarrow().ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise place.wrong(f"not a Parquet file, or a damaged one ({reason})") from error


def _check_version(stored: bytes | None, place: Place) -> None:
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


def _rows(batches: Iterable[Any], as_json: set[str], place: Place) -> Iterator[dict[str, Any]]:
    # Here, since two tables are open at once, and the message names the damaged one.
    with damage_named(place):
        for batch in batches:
            for row in batch.to_pylist():
                place.number += 1
                for name in as_json:
                    row[name] = _loaded(row[name], name, place)
                yield row


def _loaded(cell: str | None, column: str, place: Place) -> Any:
    if cell is None:
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise place.wrong(f"column {column!r} must be JSON, as its metadata says, not {cell[:40]!r}") from error


def _articles(rows: Iterable[Mapping[str, Any]], names: list[str], place: Place) -> Iterator[Result]:
    """Group rows of quotes into articles; a new article begins with a new id, or with a quote's id seen before."""
    carried = carried_names(names, QUOTES_TABLE.ours)
    article: Result | None = None
    seen: set[str] = set()
    for row in rows:
        # An engine's row for an article that could not be read.
        if row["quote_id"] is None:
            continue
        try:
            quote = quote_of(row)
        except ValidationError as error:
            raise place.wrong(f"not a quote as quotekit writes it ({first_of(error)})") from error
        name = _name(row["article_id"])
        if article is None or name != article.id or quote.id in seen:
            if article is not None:
                yield article
            seen.clear()
            day, about = stored_day(row["article_date"], place), about_of(row, "article_", place)
            article = Result(name, [], day, _fields(row, carried), row.get(ARTICLE_TEXT.name), about)
        article.quotes.append(quote)
        seen.add(quote.id)
    if article is not None:
        yield article


def _without_quotes(rows: Iterable[Mapping[str, Any]], names: list[str], place: Place) -> Iterator[tuple[Result, bool]]:
    """Yield each article of the table of articles, and whether it had quotes."""
    carried = carried_names(names, ARTICLES_TABLE.ours)
    for row in rows:
        notices = row["notices"].split("; ") if isinstance(row["notices"], str) else row["notices"]
        facts = facts_of({**row, "notices": notices}, place)
        day, about = stored_day(row["date"], place), about_of(row, "", place)
        article = Result(_name(row["id"]), [], day, _fields(row, carried), row.get("text"), about, *facts)
        yield article, bool(row["quotes"])


def _joined(
    quoted: Iterator[Result], articles: Iterator[tuple[Result, bool]], place: Place, path: Path
) -> Iterator[Result]:
    """Yield the articles of both tables, which have the same order; quotes may have been taken out of the first."""
    waiting = next(quoted, None)
    for article, had_quotes in articles:
        if had_quotes and waiting is not None and waiting.id == article.id:
            yield replace(
                waiting,
                text=article.text if waiting.text is None else waiting.text,
                form=article.form,
                words=article.words,
                notices=article.notices,
            )
            waiting = next(quoted, None)
        else:
            yield article
    if waiting is not None:
        place.number = 0
        raise place.wrong(
            f"it does not fit {path}: it has no article {waiting.id!r}, or its rows are in another order",
            "Put both files back as quotekit wrote them, or move this one away to use the quotes alone",
        )


def _fields(row: Mapping[str, Any], carried: Mapping[str, str]) -> dict[str, Any]:
    return {name: row[column] for column, name in carried.items() if row[column] is not None}


def _name(cell: Any) -> str:
    # A tool that has rewritten the table may have turned names into numbers.
    return "" if cell is None else str(cell)
