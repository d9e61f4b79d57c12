"""The condition of a text: the faults that are noticed, and their repair on request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from quotekit.batch.reading.faults import library
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.records import Record
from quotekit.lexicon import load

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e]")


def prepared(record: Record, options: ReadOptions) -> Record:
    """Return an article with its text repaired if ``options`` say so, and with notes of its faults.

    The offsets of quotes count in the text that this returns.

    Raises:
        Fault: ftfy is not installed.
    """
    text = repaired(record.text) if options.fix_text else record.text
    notes = (*record.notes, *noticed(text))
    return replace(record, text=text, notes=notes) if notes or text != record.text else record


def noticed(text: str) -> list[str]:
    """Return the faults of a text, by their names in ``data/reading/notes.toml``.

    >>> noticed("It rained."), noticed(" "), noticed("<p>It &quot;rained&quot;.</p>")
    ([], ['empty'], ['tags'])
    """
    return [name for name, pattern in _patterns().items() if pattern.search(text)]


def notices_of(notes: Iterable[str]) -> list[str]:
    """Return the notices about a text.

    >>> notices_of(["tags"])
    ['HTML in the text']
    """
    return [_notes()[name]["notice"] for name in notes]


def repaired(text: str) -> str:
    """Return a text with its encoding and its entities repaired, and without invisible characters.

    Quotation marks stay as they are: they are what quotes are found by.
    """
    ftfy = library("ftfy", "documents", "text with --fix-text")
    fixed: str = ftfy.fix_text(text, uncurl_quotes=False, normalization="NFC")
    return _INVISIBLE.sub("", fixed)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(note["pattern"]) for name, note in _notes().items() if "pattern" in note}


@cache
def _notes() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in load("notes", "reading")["note"]}
