"""Articles as rows of an SQLite database."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from quotekit.batch.reading.faults import Fault, brief, listed
from quotekit.batch.reading.opening import is_plain_file
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import check_columns, record
from quotekit.batch.records import Failure, Record, Value

_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"


def read_sqlite(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield each row of the table that ``options`` name, or of the only one with the text's column."""
    with (
        _path_of(stream) as path,
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database,
    ):
        try:
            database.execute("PRAGMA trusted_schema = OFF")
            table = _table(database, options)
            rows = database.execute(f"SELECT * FROM {_quoted(table)}")
            columns = [column[0] for column in rows.description]
            check_columns(columns, options)
            for index, row in enumerate(rows):
                cells = {name: _plain(cell) for name, cell in zip(columns, row, strict=True)}
                yield record(cells, source, index, f"table {table!r}, row {index + 1:,}", options)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise Fault(
                f"an SQLite database that cannot be read ({brief(error)})", "Export the table as CSV"
            ) from error


def _table(database: sqlite3.Connection, options: ReadOptions) -> str:
    names = [str(row[0]) for row in database.execute(_TABLES)]
    if options.table is not None:
        if options.table not in names:
            raise Fault(f"no table {options.table!r}; there are {listed(names)}", "Name one with --table")
        return options.table
    fitting = [name for name in names if options.text_field in _columns(database, name)]
    if len(fitting) != 1:
        which = "no table" if not fitting else f"{len(fitting):,} tables"
        raise Fault(f"{which} with a column {options.text_field!r}; there are {listed(names)}", "Name one with --table")
    return fitting[0]


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(cell: object) -> Value:
    """Return a cell as JSON holds it; bytes are left out."""
    return cell if isinstance(cell, (str, int, float)) else None


@contextmanager
def _path_of(stream: BinaryIO) -> Iterator[Path]:
    """Yield the path of a plain file, or of a temporary copy of anything else."""
    if is_plain_file(stream):
        yield Path(stream.name).resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "copy.sqlite")
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
        yield path
