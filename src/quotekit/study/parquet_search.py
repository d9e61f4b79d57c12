"""Searching a Parquet file: the columns that decide first, the others only where a quote matches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from quotekit.batch.arrow import pyarrow
from quotekit.batch.stored_tables import damage_named, opened_table
from quotekit.extras import optional
from quotekit.study.search import Hit, Search
from quotekit.study.terms import pattern

_MOST_THREADS = 4
_REPEATED = ["speaker", "source", "person_id", "speaker_known_id", "article_outlet"]
"""Columns with few distinct values, each of which is compared once."""

_WHAT = "searching a Parquet file"

Found = tuple[date, int, int]
"""A day, a row group and a row in it."""


def hits(path: Path, search: Search, limit: int | None) -> Iterator[Hit]:
    """Yield the matching quotes of a Parquet file, at most ``limit`` of the newest. Raises as `finding.find` does."""
    needed = {*Hit._fields, *(name for columns, _ in search.tests for name in columns)}
    with opened_table(path, sorted(needed)) as (parquet, place), damage_named(place):
        threads = max(1, min(_MOST_THREADS, os.cpu_count() or 1, parquet.num_row_groups))
        with ThreadPoolExecutor(threads) as pool:
            parts = pool.map(
                lambda first: _found(path, range(first, parquet.num_row_groups, threads), search), range(threads)
            )
            found = sorted((one for part in parts for one in part), key=lambda one: (-one[0].toordinal(), *one[1:]))
        wanted: dict[int, list[int]] = {}
        for _, group, row in found[:limit]:
            wanted.setdefault(group, []).append(row)
        for group, rows in sorted(wanted.items()):
            table = parquet.read_row_group(group, columns=list(Hit._fields)).select(Hit._fields).take(sorted(rows))
            yield from map(Hit._make, zip(*(column.to_pylist() for column in table.columns), strict=True))


def _found(path: Path, groups: Sequence[int], search: Search) -> list[Found]:
    """Return the matching rows of some row groups."""
    # One file per thread, as a reader is not thread-safe.
    parquet = pyarrow().parquet.ParquetFile(path, read_dictionary=_REPEATED)
    found: list[Found] = []
    for group in groups:
        rows = _fitting(parquet, group, search)
        if len(rows):
            days = parquet.read_row_group(group, columns=["article_date"], use_threads=False)["article_date"]
            pairs = zip(days.take(rows).to_pylist(), rows.to_pylist(), strict=True)
            found += [(day or date.min, group, row) for day, row in pairs]
    return found


def _fitting(parquet: Any, group: int, search: Search) -> Any:
    """Return the matching rows of a row group; each test reads its own columns while rows are left."""
    pc = optional("pyarrow.compute", "parquet", _WHAT)
    mask = None
    for columns, test in _tests(search):
        table = parquet.read_row_group(group, columns=columns, use_threads=False)
        found = test(pc, table)
        mask = found if mask is None else pc.and_(mask, found)
        if not pc.any(mask, min_count=0).as_py():
            break
    return pc.indices_nonzero(mask)


Test = Callable[[Any, Any], Any]
"""Returns which rows of a table match; the first argument is ``pyarrow.compute``."""


def _tests(search: Search) -> Iterator[tuple[list[str], Test]]:
    """Yield columns and a test of them, the cheap ones first."""
    if not search.tests:
        # An engine's row for an article that could not be read has no quote.
        yield ["quote_id"], lambda pc, table: pc.is_valid(table["quote_id"])
    if search.since is not None or search.until is not None:
        yield ["article_date"], lambda pc, table: _days(pc, table["article_date"], search)
    if search.min_confidence:
        least = search.min_confidence
        yield ["confidence"], lambda pc, table: pc.greater_equal(table["confidence"], least)
    # Names and outlets recur; the words of quotes do not.
    for names, wanted in sorted(search.tests, key=lambda test: test[0] == ("text",)):
        yield list(names), _has(names, wanted)


def _days(pc: Any, column: Any, search: Search) -> Any:
    mask = pc.is_valid(column)
    for day, compare in ((search.since, pc.greater_equal), (search.until, pc.less_equal)):
        if day is not None:
            mask = pc.and_kleene(mask, compare(column, pyarrow().scalar(day)))
    return pc.fill_null(mask, False)


def _has(names: Sequence[str], wanted: Sequence[str]) -> Test:
    """Return a test for rows one of whose columns has all terms."""

    def test(pc: Any, table: Any) -> Any:
        found = None
        for name in names:
            one = _contains(pc, table[name], wanted)
            found = one if found is None else pc.or_(found, one)
        return found

    return test


def _contains(pc: Any, column: Any, wanted: Sequence[str]) -> Any:
    """Return which cells have all terms."""
    masks = []
    for chunk in column.chunks:
        if hasattr(chunk, "dictionary"):
            masks.append(pc.take(_match(pc, chunk.dictionary, wanted), chunk.indices))
        else:
            masks.append(_match(pc, chunk, wanted))
    return pc.fill_null(pyarrow().chunked_array(masks, pyarrow().bool_()), False)


def _match(pc: Any, cells: Any, wanted: Sequence[str]) -> Any:
    """Return which of ``cells`` have all terms. Only cells beyond ASCII need the slower pattern with accents."""
    mask = None
    for term in wanted:
        if term.isascii():
            one = pc.match_substring(cells, term, ignore_case=True)
            others = pc.and_(pc.invert(pc.string_is_ascii(cells)), pc.invert(one))
            if pc.any(others).as_py():
                one = pc.or_(one, pc.match_substring_regex(pc.if_else(others, cells, ""), pattern(term)))
        else:
            one = pc.match_substring_regex(cells, pattern(term))
        mask = one if mask is None else pc.and_(mask, one)
    return mask
