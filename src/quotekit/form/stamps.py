"""Time stamps: lines that hold a time and nothing else, and the entries of a live blog that they open."""

from __future__ import annotations

import re
from functools import cache

from quotekit.form.words import documents, words

_LONGEST = 60
_TIMED = re.compile(r"[\[(]?\d{1,2}:\d{2}")
_WORD = re.compile(r"\w+")
_ZONE = 4
"""Maximum letters of a time zone's name."""


@cache
def _clock() -> re.Pattern[str]:
    """Return a pattern of a time: 2h ago, 3.45pm, 12 noon, 10:02."""
    lists = documents()
    units, ago, hours = (
        "|".join(map(re.escape, sorted(one, reverse=True))) for one in (lists.units, lists.ago, lists.hours)
    )
    return re.compile(
        rf"\b\d{{1,2}}\s?(?:{units})\s+(?:{ago})\b|"
        rf"\(?\d{{1,2}}(?:[.:·]\d{{2}})?\s*(?:[ap]\.?\s?m\.?|{hours})\)?(?![^\W\d_])|"
        r"[\[(]?\d{1,2}[.:·]\d{2}(?::\d{2})?[\])]?",
        re.IGNORECASE,
    )


@cache
def _before_words() -> re.Pattern[str]:
    """Return a pattern of a time with a sentence behind it."""
    return re.compile(
        rf"(?:\*\*|__)?(?i:{_clock().pattern})(?:\s[A-Z]{{2,4}}\b)?:?(?:\*\*|__)?\s*(?:[–—:|-]+\s*)?(?=[A-Z“\"‘'])"
    )


def is_stamp(line: str) -> bool:
    """Return whether a line is a time, with the day, the time zone and words like "posted at" beside it.

    >>> [is_stamp(line) for line in ("10.02 GMT", "Posted at 10:32", "2h ago", "10.02 Lisk")]
    [True, True, True, False]
    """
    rest, times = _clock().subn(" ", line) if len(line) <= _LONGEST else (line, 0)
    known = documents().stamps | words().dates
    return times > 0 and all(
        word.isdigit() or (word.isupper() and len(word) <= _ZONE) or word.casefold() in known
        for word in _WORD.findall(rest)
    )


def opens_entry(text: str, start: int, end: int) -> bool:
    """Return whether the line ``text[start:end]`` is a stamp, or begins with one before a sentence.

    >>> opens_entry("10:02 — The ferry sails.", 0, 24), opens_entry("10:02 is late.", 0, 14)
    (True, False)
    """
    return bool(_before_words().match(text, start, end)) or is_stamp(text[start:end].strip("*_# "))


def begins_timed(text: str, start: int, end: int) -> bool:
    """Return whether the line ``text[start:end]`` opens an entry, or begins with a time in any other way."""
    return bool(_TIMED.match(text, start, end)) or opens_entry(text, start, end)
