"""Candidates that do not overlap."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from quotekit.candidates.candidate import Candidate
from quotekit.models import Span


class Layer:
    """Candidates whose contents do not overlap."""

    def __init__(self) -> None:
        self._parts: list[Span] = []
        self._owners: dict[Span, Candidate] = {}

    def overlapping(self, content: Iterable[Span]) -> list[Candidate]:
        """Return the candidates that share a character with ``content``."""
        # By identity: comparing candidates field by field would be quadratic.
        found: dict[int, Candidate] = {}
        for start, end in content:
            at = bisect_left(self._parts, (start, start))
            if at and self._parts[at - 1][1] > start:
                at -= 1
            while at < len(self._parts) and self._parts[at][0] < end:
                owner = self._owners[self._parts[at]]
                found[id(owner)] = owner
                at += 1
        return list(found.values())

    def take(self, candidate: Candidate) -> None:
        """Add ``candidate``, whose content must not overlap that of any other."""
        for part in candidate.content:
            insort(self._parts, part)
            self._owners[part] = candidate

    def drop(self, candidate: Candidate) -> None:
        """Remove ``candidate``."""
        for part in candidate.content:
            del self._parts[bisect_left(self._parts, part)]
            del self._owners[part]

    def all(self) -> list[Candidate]:
        """Return each candidate once."""
        return list({id(owner): owner for owner in self._owners.values()}.values())
