"""Regular expressions of rules, matched in linear time: RE2 never backtracks.

Its syntax (https://github.com/google/re2/wiki/Syntax) has no lookaround and no backreferences, and ``\\w``, ``\\d`` and
``\\b`` know only ASCII.
"""

from __future__ import annotations

MOST_MEMORY = 1 << 20
"""Bytes that one expression may take; a larger one is refused."""


class Regex:
    """A regular expression.

    Raises:
        ValueError: ``pattern`` is not one, or is too large.

    >>> Regex("^re").found_in("retell"), Regex("^re").found_in("tell")
    (True, False)
    """

    def __init__(self, pattern: str) -> None:
        import re2

        options = re2.Options()
        options.log_errors = False
        options.max_mem = MOST_MEMORY
        try:
            self._compiled = re2.compile(pattern, options)
        except re2.error as error:
            raise ValueError(error.args[0].decode("utf-8", "replace")) from None

    def found_in(self, word: str) -> bool:
        """Return whether a part of ``word`` matches."""
        return self._compiled.search(word.encode("utf-8", "replace")) is not None
