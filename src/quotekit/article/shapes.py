"""Patterns of lines, as the data files write them: regular expressions that name lists of words and parts in braces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_NAMED = re.compile(r"\{([a-z_]+)\}")


class Shapes:
    """The words and the parts of one data file, and the patterns that name them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._named = {name: _any_of(words) for name, words in data["words"].items()}
        # A part may name those above it.
        for name, part in data["parts"].items():
            self._named[name] = self._written_out(part)

    def pattern(self, pattern: str) -> re.Pattern[str]:
        """Compile ``pattern``; a dot in it also covers line breaks."""
        return re.compile(self._written_out(pattern), re.S)

    def _written_out(self, pattern: str) -> str:
        return _NAMED.sub(lambda name: self._named[name[1]], pattern)


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any one of ``words``, in any case, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    alternatives = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return f"(?i:{alternatives})"
