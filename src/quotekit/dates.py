"""Days: dates as callers give them."""

from __future__ import annotations

import re
from datetime import date, datetime

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day_of(value: date | str | None) -> date | None:
    """Return ``value`` as a date: a date, a moment (its day), or a text as YYYY-MM-DD.

    >>> day_of("2015-09-18")
    datetime.date(2015, 9, 18)

    Raises:
        TypeError: ``value`` has another type.
        ValueError: the text is not a day of the calendar as YYYY-MM-DD.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a date must be a datetime.date or a text like '2015-09-18', not {type(value).__name__}")
    if _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"a date must be a day of the calendar as YYYY-MM-DD, like '2015-09-18', not {value!r}")
