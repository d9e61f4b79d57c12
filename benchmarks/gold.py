"""Whether a find is what the annotators have, by the scorer's own measure: half the words, and the source."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from quotekit.models import Span

WORD = re.compile(r"\w+(?:[’'\-.]\w+)*")

ALIKE = 0.5
"""So much alike are two fragments that match."""


class Gold:
    """The annotated fragments of one record."""

    def __init__(self, record: dict[str, Any]) -> None:
        found = [match.span() for match in WORD.finditer(record["text"])]
        self._starts, self._ends = [start for start, _ in found], [end for _, end in found]
        self._fragments: list[tuple[set[int], set[int]]] = []
        self._at: dict[int, set[int]] = defaultdict(set)
        for attribution in record["attributions"]:
            source = self.words(attribution["source"])
            for run in _runs(sorted(self.words(attribution["content"]))):
                for word in run:
                    self._at[word].add(len(self._fragments))
                self._fragments.append((set(run), source))

    def words(self, spans: Iterable[Span]) -> set[int]:
        """Indices of the words that share a character with ``spans``."""
        return {
            word
            for start, end in spans
            for word in range(bisect_right(self._ends, start), bisect_left(self._starts, end))
        }

    def attributed(self, content: Iterable[Span], source: Span | None) -> bool:
        """Whether a part of ``content`` matches a fragment whose source ``source`` overlaps."""
        return self.likeness(content, source) >= ALIKE

    def likeness(self, content: Iterable[Span], source: Span | None) -> float:
        """How much of a fragment with that source a part of ``content`` has: shared words over all words of the two."""
        named = self.words([source]) if source else set()
        most = 0.0
        for span in content:
            words = self.words([span])
            for i in {i for word in words for i in self._at.get(word, ())}:
                fragment, wanted = self._fragments[i]
                if bool(named & wanted) if wanted else not named:
                    most = max(most, len(fragment & words) / len(fragment | words))
        return most


def _runs(words: list[int]) -> Iterable[list[int]]:
    run: list[int] = []
    for word in words:
        if run and word != run[-1] + 1:
            yield run
            run = []
        run.append(word)
    if run:
        yield run
