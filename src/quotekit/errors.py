"""Errors. Each message says what was expected, what came, where, and how to fix it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class QuotekitError(Exception):
    """Base of the errors that quotekit raises."""


class ModelError(QuotekitError):
    """The spaCy model is missing or does not fit."""


class RuleError(QuotekitError, ValueError):
    """A rule or a rule set is not valid."""


class EncoderError(QuotekitError):
    """The encoder's weights, or the libraries that run it, are missing or do not fit."""


class InputError(QuotekitError):
    """An article cannot be read."""


class KnownSpeakersError(QuotekitError, ValueError):
    """A list of known speakers, or an entry of one, is not valid."""


class CorrectionsError(QuotekitError, ValueError):
    """A file of corrections, or a line of one, is not valid."""


class WorkerError(QuotekitError):
    """A worker process died while reading a text, exceeded its time limit, or could not be started."""


def near(word: str, known: Iterable[str]) -> str:
    """Return the hint of a message about a word that is not in ``known``.

    >>> near("mach", ["matches", "why"]), near("zzz", ["matches", "why"])
    ("did you mean 'matches'?", 'write one of matches, why')
    """
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1) or [
        one for one in known if one.lower().strip("s") == word.lower().strip("s")
    ]
    return f"did you mean {close[0]!r}?" if close else f"write one of {', '.join(known)}"
