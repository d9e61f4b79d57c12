"""Outputs read back, article by article: JSON Lines and Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from quotekit.batch.articles_table import columns_of
from quotekit.batch.compression import endings
from quotekit.batch.reading.options import format_of
from quotekit.batch.reading.rows import QUOTES_BY
from quotekit.batch.records import Result
from quotekit.batch.stored_lines import read_lines
from quotekit.batch.stored_place import StoredError as StoredError
from quotekit.batch.stored_tables import read_tables


def read_stored(path: str | os.PathLike[str]) -> Iterator[Result]:
    """Yield the articles of an output: .jsonl or .ndjson (also with .gz or .zst), or .parquet.

    The quotes equal those that were written. For Parquet, the table of articles beside it is read too; without that
    table, articles without quotes are missing. Parquet has only carried fields with a value. CSV is for spreadsheets
    and is not read back.

    Raises:
        StoredError: the file cannot be read, is damaged, or is not an output of quotekit or one of a newer version;
            the message says where and what to do.
        QuotekitError: the library that reads this format is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "quotes.jsonl")
    ...     _ = path.write_text('{"id": "a.txt", "quotes": []}')
    ...     list(read_stored(path))
    [Result(id='a.txt', quotes=[], date=None, fields={}, text=None, about={}, form=None, words=None, notices=())]
    """
    path = Path(path)
    ending, compression = endings(path)
    if ending == ".parquet" and compression is None:
        return read_tables(path)
    if ending in (".jsonl", ".ndjson"):
        return read_lines(path)
    if ending in (".csv", ".tsv"):
        raise StoredError(
            f"{path}: {ending[1:].upper()} is written for spreadsheets and is not read back. "
            "Write a .jsonl or .parquet file with quotekit extract -o, and name that."
        )
    raise StoredError(
        f"{path}: an output of quotekit is a .jsonl or .ndjson file (each also with .gz or .zst behind it) or a "
        ".parquet file. Name one of these, or make one with quotekit extract … -o quotes.parquet."
    )


def is_stored(path: str) -> bool:
    """Return whether ``path`` is an output of ``quotekit extract``, even if another program has changed it.

    The columns of a table decide, or the first line of JSON Lines. `read_stored` reports what is wrong with it.
    """
    if not os.path.isfile(path):
        return False
    format = format_of(path)
    if format in ("csv", "tsv", "parquet"):
        return set(columns_of(Path(path))) >= QUOTES_BY
    if format != "jsonl":
        return False
    try:
        next(iter(read_stored(path)), None)
    except StoredError:
        return False
    return True
