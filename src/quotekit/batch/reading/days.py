"""Days as files write them. One that can be read in two ways is not read."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache

from quotekit.lexicon import load

_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)? ?(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?:T?[0-9]{4,6}(?:Z|[+-][0-9]{4})?)?")
_YEAR_FIRST = re.compile(r"((?:1[5-9]|20)[0-9]{2})[/.]([0-9]{1,2})[/.]([0-9]{1,2})(?:[T ][0-9:.]+)?")
_NAMED = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>[^\W\d]{3,12})\.?,?\s+(?P<year>[0-9]{4})"
    r"|(?P<month2>[^\W\d]{3,12})\.?\s+(?P<day2>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>[0-9]{4}))"
)
_SECONDS = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?")
_MILLISECONDS = re.compile(r"[0-9]{12,13}")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def day_of(value: object, format: str | None = None) -> date | None:
    """Return the day that a value of metadata gives, as it is written there; ``None`` if it is not understood.

    ISO 8601, 20260131, 2026/1/31, "31 January 2026", "January 31, 2026", RFC 2822, and seconds or milliseconds since
    1970 are understood. 01/02/2026 can be read in two ways: only ``format``, as for `datetime.strptime`, reads it.

    >>> day_of("2026-01-31T23:30:00-05:00"), day_of("Saturday, January 31, 2026"), day_of("01/02/2026")
    (datetime.date(2026, 1, 31), datetime.date(2026, 1, 31), None)
    >>> day_of("01/02/2026", "%d/%m/%Y")
    datetime.date(2026, 2, 1)
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = (str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)).strip()
    try:
        if format is not None:
            return datetime.strptime(text, format).date()
        return _iso(text) or _numbers(text) or _named(text) or _mail(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def day_within(text: str) -> date | None:
    """Return the day in a line of metadata, with a weekday, a time or a place around it.

    >>> day_within("January 31, 2026 Saturday 10:15 AM GMT")
    datetime.date(2026, 1, 31)
    """
    try:
        return _named(text)
    except ValueError:
        return None


def not_later_than_today(day: date | None) -> date | None:
    """Return a day unless it lies in the future, which no article's date does."""
    return None if day is None or day > date.today() + timedelta(days=1) else day


def check_format(format: str) -> None:
    """Check a format of ``--date-format``.

    Raises:
        ValueError: it is not one.
    """
    try:
        whole = datetime.strptime(datetime(2026, 12, 31).strftime(format), format).date() == date(2026, 12, 31)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(f"date format must have day, month and year, like '%d/%m/%Y', not {format!r}")


def _iso(text: str) -> date | None:
    found = _ISO.fullmatch(text)
    return None if found is None else date.fromisoformat(found[1])


def _numbers(text: str) -> date | None:
    found = _COMPACT.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if found is not None:
        return date(int(found[1]), int(found[2]), int(found[3]))
    if _SECONDS.fullmatch(text):
        return (_EPOCH + timedelta(seconds=float(text))).date()
    if _MILLISECONDS.fullmatch(text):
        return (_EPOCH + timedelta(milliseconds=int(text))).date()
    return None


def _named(text: str) -> date | None:
    for found in _NAMED.finditer(text):
        month = _months().get((found["month"] or found["month2"]).lower())
        if month is not None:
            return date(int(found["year"] or found["year2"]), month, int(found["day"] or found["day2"]))
    return None


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in enumerate(load("months", "reading")["months"], 1) for name in names}


def _mail(text: str) -> date | None:
    return parsedate_to_datetime(text).date() if re.match(r"[A-Za-z]{3},\s", text) else None
