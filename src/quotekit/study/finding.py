"""Searching outputs by speaker, words, day and outlet."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from quotekit.batch.compression import endings
from quotekit.study import parquet_search
from quotekit.study.rows import rows_of
from quotekit.study.search import Hit as Hit
from quotekit.study.search import Search as Search
from quotekit.study.terms import simple


def find(paths: Iterable[str | os.PathLike[str]], search: Search, limit: int | None = None) -> list[Hit]:
    """Return the quotes of outputs that match, newest first; those without a day come last.

    Args:
        paths: outputs of quotekit, of any format. Parquet is the fastest: only the columns that decide are read, and
            the others where a quote matches.
        search: the conditions.
        limit: maximum number of quotes; ``None`` returns all.

    Raises:
        StoredError: a file cannot be read, or is not an output of quotekit.
        QuotekitError: the library that reads this format is not installed.
    """
    hits = (hit for path in dict.fromkeys(map(Path, paths)) for hit in _hits(path, search, limit))
    return sorted(hits, key=_day, reverse=True) if limit is None else heapq.nlargest(limit, hits, key=_day)


def _day(hit: Hit) -> date:
    return hit.article_date or date.min


def _hits(path: Path, search: Search, limit: int | None) -> Iterator[Hit]:
    if endings(path) == (".parquet", None):
        return parquet_search.hits(path, search, limit)
    return _row_by_row(path, search)


def _row_by_row(path: Path, search: Search) -> Iterator[Hit]:
    tests = search.tests
    extra = list(dict.fromkeys(name for columns, _ in tests for name in columns if name not in Hit._fields))
    names = [*Hit._fields, *extra]
    at = {name: i for i, name in enumerate(names)}
    for row in rows_of(path, names):
        hit = Hit(*row[: len(Hit._fields)])
        if hit.quote_id is None or not _in_time(hit.article_date, search) or hit.confidence < search.min_confidence:
            continue
        if all(_has([row[at[name]] for name in columns], wanted) for columns, wanted in tests):
            yield hit


def _in_time(day: date | None, search: Search) -> bool:
    if day is None:
        return search.since is None and search.until is None
    return (search.since is None or day >= search.since) and (search.until is None or day <= search.until)


def _has(cells: Iterable[str | None], wanted: Iterable[str]) -> bool:
    texts = [simple(cell) for cell in cells if cell]
    return any(all(term in text for term in wanted) for text in texts)
