"""Quotes as dicts or a data frame, with the columns of the table of quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date as Date
from datetime import datetime
from typing import Any

from quotekit.batch.records import Result
from quotekit.batch.tables import QUOTES_TABLE
from quotekit.dates import day_of
from quotekit.extras import optional
from quotekit.models import Quote

_DTYPES = {"truth": "boolean", "whole": "Int64", "number": "float64"}
"""The pandas dtypes of columns that may have empty cells."""


def to_dicts(
    quotes: Iterable[Quote | Result], *, article_id: str | None = None, date: Date | str | None = None
) -> list[dict[str, Any]]:
    """Return quotes as rows: dicts with the columns of the table that ``quotekit extract -o quotes.parquet`` writes.

    Dates are `datetime.datetime`, ids are strings, and a missing value is ``None``.

    Args:
        quotes: quotes of one article, or the articles that `quotekit.batch.read_stored` returns.
        article_id: the article of the quotes, to join them with a table of your own.
        date: the day of that article, as a date or as YYYY-MM-DD.

    Raises:
        TypeError: an item is neither a quote nor an article, or ``date`` is not a date.
        ValueError: ``date`` is not a day as YYYY-MM-DD.

    >>> import quotekit
    >>> row, = to_dicts(quotekit.extract("The pier is shut, Ann Lee said."), article_id="a1", date="2026-01-31")
    >>> row["article_id"], row["article_date"], row["speaker"], row["text"]
    ('a1', datetime.datetime(2026, 1, 31, 0, 0), 'Ann Lee', 'The pier is shut')
    """
    names = [column.name for column in QUOTES_TABLE.columns]
    day, rows = day_of(date), []
    for result in _results(quotes, article_id or "", day):
        for cells in QUOTES_TABLE.rows(result, (), False):
            row = dict(zip(names, cells, strict=True))
            row["article_id"] = row["article_id"] or None
            row["article_date"] = None if result.date is None else datetime(*result.date.timetuple()[:3])
            rows.append(row)
    return rows


def to_frame(quotes: Iterable[Quote | Result], *, article_id: str | None = None, date: Date | str | None = None) -> Any:
    """Return quotes as a pandas data frame (`pandas.DataFrame`) with the columns of `to_dicts`.

    ``article_date`` is a column of datetimes, and ids are strings: ``article_id`` joins with ``id`` of the table of
    articles. Takes and raises what `to_dicts` does.

    Raises:
        QuotekitError: pandas is not installed.

    >>> import quotekit
    >>> frame = to_frame(quotekit.extract("The pier is shut, Ann Lee said."), article_id="a1", date="2026-01-31")
    >>> frame["speaker"].tolist(), frame["article_date"].dt.year.tolist()
    (['Ann Lee'], [2026])
    """
    pd = optional("pandas", "pandas", "to_frame")
    names = [column.name for column in QUOTES_TABLE.columns]
    frame = pd.DataFrame(to_dicts(quotes, article_id=article_id, date=date), columns=names)
    for column in QUOTES_TABLE.columns:
        if column.kind == "day":
            frame[column.name] = pd.to_datetime(frame[column.name])
        elif column.kind in _DTYPES:
            frame[column.name] = frame[column.name].astype(_DTYPES[column.kind])
    return frame


def _results(quotes: Iterable[Quote | Result], name: str, day: Date | None) -> Iterator[Result]:
    """Yield articles; loose quotes make up one article."""
    loose: list[Quote] = []
    for item in quotes:
        if isinstance(item, Quote):
            loose.append(item)
        elif isinstance(item, Result):
            yield item
        else:
            raise TypeError(f"quotes must be quotes or articles, not {type(item).__name__}")
    if loose:
        yield Result(name, loose, day)
