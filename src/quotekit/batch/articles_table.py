"""Recognizing the table of articles beside an output."""

from __future__ import annotations

import csv
import zlib
from pathlib import Path
from typing import Any

from quotekit.batch.compression import endings
from quotekit.batch.reading.faults import Fault
from quotekit.batch.reading.opening import opened
from quotekit.batch.tables import ARTICLES
from quotekit.output.target import OutputError

_HEADER = 1 << 16


def is_articles_table(path: Path) -> bool:
    """Return whether a file is a table of articles written by quotekit, judging by its columns."""
    if not path.is_file() or path.is_symlink():
        return False
    return columns_of(path)[: len(ARTICLES)] == [column.name for column in ARTICLES]


def check_articles_table(path: Path | None) -> None:
    """Raise `OutputError` if ``path`` exists and is not a table of articles."""
    if path is not None and (path.exists() or path.is_symlink()) and not is_articles_table(path):
        raise OutputError(
            f"cannot write {path}: it exists and is not a table of articles that quotekit wrote. Move it away, or "
            "choose another output."
        )


def columns_of(path: Path) -> list[str]:
    """Return the column names of a table, whatever the delimiter; empty if it cannot be read."""
    if endings(path)[0] == ".parquet":
        return _columns_of_parquet(path)
    try:
        with opened(str(path)) as file:
            first, second = (file.readline(_HEADER).decode("utf-8-sig", "replace") for _ in range(2))
        header = second if first.startswith("sep=") else first
        return max((next(csv.reader([header], delimiter=mark), []) for mark in ",;\t"), key=len)
    except (OSError, EOFError, zlib.error, csv.Error, Fault):
        return []


def _columns_of_parquet(path: Path) -> list[str]:
    from quotekit.batch.arrow import pyarrow

    pa: Any = pyarrow()
    try:
        names: list[str] = pa.parquet.read_schema(path).names
    except (pa.ArrowException, OSError):
        return []
    return names
