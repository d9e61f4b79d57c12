"""CSV, and the same with tabs: one row for each quote, or for each article."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from quotekit.batch.records import Result
from quotekit.batch.schema import as_json, fit
from quotekit.batch.tables import Table, carried_as_each
from quotekit.output.cells import guarded, row_encoder

DELIMITERS = {".csv": ",", ".tsv": "\t"}
"""The delimiter of each ending."""


def pieces(
    results: Callable[[], Iterable[Result]], table: Table, *, keep_text: bool, delimiter: str
) -> Iterator[bytes]:
    """Yield the file, row by row. It begins with a byte order mark, by which spreadsheets know UTF-8."""
    carried = list(dict.fromkeys(name for result in results() for name in result.fields))
    encoded = row_encoder(delimiter)
    ours = [column.name for column in table.named(keep_text=keep_text)]
    names = [*ours, *carried_as_each(carried, _without_nul, table.ours).values()]
    yield BOM_UTF8 + encoded(map(guarded, names))
    for result in results():
        for row in table.rows(result, carried, keep_text):
            yield encoded(map(cell, row))


def cell(value: Any) -> str:
    """Return a value as a cell: a text as it is, a day as YYYY-MM-DD, anything else as JSON."""
    value = _without_nul(value)
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, date):
        return value.isoformat()
    return as_json(value)


def _without_nul(value: Any) -> Any:
    """Return ``value`` with NULs and lone surrogates, which not every CSV reader takes, as U+FFFD."""
    if isinstance(value, str):
        return fit(value).replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    return value
