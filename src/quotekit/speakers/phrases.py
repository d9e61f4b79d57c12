"""The noun phrase around a head."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.speakers.mention import Phrase

_LEFT = frozenset({"DT", "JJ", "NN", "NNS", "NNP", "NNPS", "HYPH", "CD", "JJR", "JJS", "PRP$", "POS", "VBN", "VBG"})
_COMPLEMENTS = frozenset({"prep", "acl", "amod"})
_LONGEST = 16
"""Tokens of a phrase on each side of its head."""


def noun_phrase(parse: Parse, head: int, limit: int) -> Phrase:
    """Return the phrase of the noun at ``head`` with its modifiers, and with its "of" phrase up to ``limit``."""
    first, last = _opening(parse, head), head
    if last + 1 < limit and parse.lowers[last + 1] == "of":
        while last + 1 < limit and last - head < _LONGEST and parse.words[last + 1] != ",":
            last += 1
    return Phrase(range(first, last + 1), head)


def full_phrase(parse: Parse, head: int) -> Phrase:
    """Return the phrase with all complements: "a 90-page report on the bridge fund", "a memo seen by the paper"."""
    last = head
    for child in parse.children[head]:
        if child > head and parse.deps[child] in _COMPLEMENTS and child == last + 1:
            end = max(parse.subtree(child))
            commas = (i for i in range(child, end + 1) if parse.words[i] in (",", ";", "--", "—", "–", "."))
            stop = next(commas, end + 1)
            last = min(stop - 1, head + _LONGEST)
            if stop <= end:
                break
    return Phrase(range(_opening(parse, head), last + 1), head)


def _opening(parse: Parse, head: int) -> int:
    first = head
    while (
        first > 0
        and head - first < _LONGEST
        and parse.tags[first - 1] in _LEFT
        and parse.sentences[first - 1] == parse.sentences[head]
    ):
        first -= 1
    return first
