"""Parquet: one row for each quote, or for each article, in typed columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quotekit.batch.arrow import Carried, Holding, batch_of, pyarrow, schema_of
from quotekit.batch.compression import Sink
from quotekit.batch.records import Result
from quotekit.batch.tables import Table, carried_as_each
from quotekit.output.target import Target

ROWS, CHARACTERS = 10_000, 1 << 24
"""Maximum number of rows of a row group, and of characters of their text."""

# Explicit, so that the bytes do not depend on the defaults of a pyarrow version.
SETTINGS: dict[str, Any] = {
    "compression": "zstd",
    "version": "2.6",
    "data_page_version": "1.0",
    "data_page_size": 1 << 20,
    "write_page_checksum": True,
}
"""How Parquet is written."""


def write(results: Callable[[], Iterable[Result]], target: Target, table: Table, *, keep_text: bool) -> None:
    """Write the file, a row group at a time."""
    pa = pyarrow()
    carried = _carried(results())
    names = list(carried)
    columns = carried_as_each(names, ours=table.ours)
    schema = schema_of(table.named(keep_text=keep_text), {columns[name]: carried[name] for name in names})
    with pa.parquet.ParquetWriter(Sink(target), schema, **SETTINGS) as writer:
        for rows in _groups(results(), table, names, keep_text):
            writer.write_batch(batch_of(rows, schema), row_group_size=ROWS)


def _carried(results: Iterable[Result]) -> dict[str, Carried]:
    """Return the carried columns, in the order of their first article, with what they hold."""
    seen: defaultdict[str, Holding] = defaultdict(Holding)
    for result in results:
        for name, value in result.fields.items():
            seen[name].see(value)
    return {name: holding.holds for name, holding in seen.items()}


def _groups(results: Iterable[Result], table: Table, names: list[str], keep_text: bool) -> Iterator[list[list[Any]]]:
    rows: list[list[Any]] = []
    characters = 0
    for result in results:
        for row in table.rows(result, names, keep_text):
            rows.append(row)
            characters += sum(len(cell) for cell in row if isinstance(cell, str))
            if len(rows) == ROWS or characters > CHARACTERS:
                yield rows
                rows, characters = [], 0
    if rows:
        yield rows
