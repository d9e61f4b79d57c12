"""Comparison of two wordings: what is left out, what is changed, and what must not differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from quotekit.extras import optional
from quotekit.grouping.types import Change
from quotekit.grouping.wording import Wording, interchangeable, is_value, negations, opposite_by_prefix, opposites

LONGEST = 2_000
"""Maximum number of words of a wording that is compared word by word; time and memory are quadratic."""

SPELLING_SIMILARITY = 60
"""Similarity in percent from which two words count as spellings of one word."""

SUBSTITUTION_WEIGHT = 3
"""Factor for the cost of replacing a word with an unrelated one, as in "the pump" and "the lift"."""

MIN_FRAGMENT = 3
"""Minimum number of words, on average, of the pieces of a shortened wording."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How similar a wording is to a fuller one.

    Attributes:
        similarity: similarity of what both contain, in percent.
        change: whether the words are the same, fewer, or different.
    """

    similarity: float
    change: Change


class _Edit(NamedTuple):
    """The words ``i`` to ``i_end`` of the full wording are ``j`` to ``j_end`` in the short one (half-open)."""

    i: int
    i_end: int
    j: int
    j_end: int


@cache
def _distances() -> Any:
    return optional("rapidfuzz.distance", "group", "comparing the wordings of quotes")


def compare(short: Wording, full: Wording) -> Comparison | None:
    """Compare ``short`` with ``full``, the longer of the two; return ``None`` if they are different statements.

    Omissions cost nothing: words at either end, words at a marked gap, whole sentences. The statements are different if
    only one has a certain negation, number or date, if a word is replaced by its opposite, or if less than half of the
    words are the same.

    Raises:
        QuotekitError: rapidfuzz is not installed.

    >>> full = Wording.of(["We will not sign any treaty this year."])
    >>> compare(Wording.of(["We won’t sign"]), full)
    Comparison(similarity=100.0, change='shortened')
    >>> print(compare(Wording.of(["We will sign any treaty this year."]), full))
    None
    """
    if short.words == full.words:
        return Comparison(100.0, "same")
    if max(len(short.words), len(full.words)) > LONGEST:
        return None
    if 2 * _distances().LCSseq.similarity(short.words, full.words) < len(short.words):
        return None
    cost, left_out, pieces, changed = 0.0, 0, 1, False
    for found in _edits(short, full):
        edit, omitted = _without_omission(found, short, full)
        if omitted is not None:
            if _drops_negation(omitted, full):
                return None
            left_out += _length(full.words, *omitted)
            pieces += _at_marked_gap(found, short) and not _between_sentences(*omitted, full)
        if edit.i == edit.i_end and edit.j == edit.j_end:
            continue
        old, new = full.words[edit.i : edit.i_end], short.words[edit.j : edit.j_end]
        if _contradict(old, new):
            return None
        changed = True
        cost += _cost(old, new)
    if pieces > 1 and len(short.words) < MIN_FRAGMENT * pieces:
        return None
    compared = len(short.text) + len(full.text) - left_out
    return Comparison(
        similarity=max(0.0, 100 * (1 - cost / compared)) if compared > 0 else 0.0,
        change="changed" if changed else "shortened",
    )


def _edits(short: Wording, full: Wording) -> Iterator[_Edit]:
    """Yield the differences, in order."""
    i = j = 0
    for i_start, i_end, j_start, j_end in [*_kept(short, full), [len(full.words)] * 2 + [len(short.words)] * 2]:
        if i < i_start or j < j_start:
            yield _Edit(i, i_start, j, j_start)
        i, j = i_end, j_end


def _kept(short: Wording, full: Wording) -> list[list[int]]:
    """Return the blocks of equal words, as positions in ``full`` and in ``short`` (half-open)."""
    at = f" {full.text} ".find(f" {short.text} ")
    if at >= 0:
        start, length = full.text[:at].count(" "), len(short.words)
        return [[start, start + length, 0, length]]
    codes = _distances().LCSseq.opcodes(full.words, short.words)
    blocks = [[code.src_start, code.src_end, code.dest_start, code.dest_end] for code in codes if code.tag == "equal"]
    return _shifted(blocks, full.words)


def _shifted(blocks: Sequence[list[int]], words: Sequence[str]) -> list[list[int]]:
    """Return the blocks with isolated words at an omission moved to the longer block on its other side.

    "We [will not sign and we] want peace" becomes "[We will not sign and] we want peace".
    """
    kept: list[list[int]] = []
    for before in reversed(blocks):
        while kept:
            _shift(before, kept[-1], words)
            if kept[-1][0] < kept[-1][1]:
                break
            kept.pop()
        if before[0] < before[1]:
            kept.append(before)
    return kept[::-1]


def _shift(before: list[int], after: list[int], words: Sequence[str]) -> None:
    """Move words from the shorter to the longer of two blocks that are adjacent in the short wording."""
    if before[3] != after[2]:
        return
    if before[1] - before[0] <= after[1] - after[0]:
        while before[0] < before[1] < after[0] and words[before[1] - 1] == words[after[0] - 1]:
            _move(before, after, -1)
    else:
        while before[1] < after[0] < after[1] and words[before[1]] == words[after[0]]:
            _move(before, after, 1)


def _move(before: list[int], after: list[int], by: int) -> None:
    """Move the boundary between two blocks by ``by`` words."""
    before[1] += by
    before[3] += by
    after[0] += by
    after[2] += by


def _without_omission(edit: _Edit, short: Wording, full: Wording) -> tuple[_Edit, tuple[int, int] | None]:
    """Return the edit without the words of ``full`` that may be omitted, and the omitted words."""
    i, i_end, j, j_end = edit
    spare = (i_end - i) - (j_end - j)
    if spare <= 0:
        return edit, None
    if j == 0:
        return _Edit(i + spare, i_end, j, j_end), (i, i + spare)
    if j_end == len(short.words):
        return _Edit(i, i_end - spare, j, j_end), (i_end - spare, i_end)
    if j == j_end and (_at_marked_gap(edit, short) or _between_sentences(i, i_end, full)):
        return _Edit(i_end, i_end, j, j_end), (i, i_end)
    return edit, None


def _at_marked_gap(edit: _Edit, short: Wording) -> bool:
    """Return whether the edit is an omission at a gap that the short wording marks."""
    return 0 < edit.j == edit.j_end < len(short.words) and edit.j in short.gaps


def _between_sentences(start: int, end: int, full: Wording) -> bool:
    """Return whether the range is one or more whole sentences."""
    return start > 0 and end < len(full.words) and all(full.sentences[i - 1] != full.sentences[i] for i in (start, end))


def _drops_negation(left_out: tuple[int, int], full: Wording) -> bool:
    """Return whether the omission takes a negation from a clause that is partly kept."""
    start, end = left_out
    kept = {full.clauses[i] for i in (start - 1, end) if 0 <= i < len(full.words)}
    return any(full.words[i] in negations() and full.clauses[i] in kept for i in range(start, end))


def _contradict(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether the replacement makes a different statement."""
    before, after = Counter(old), Counter(new)
    gone, come = before - after, after - before
    if any(word in negations() or is_value(word) for word in (*gone, *come)):
        return True
    if opposite_by_prefix(gone, come) or opposite_by_prefix(come, gone):
        return True
    places = {place for word in come for place in opposites().get(word, ())}
    held = {place for word in gone for place in opposites().get(word, ())}
    return any(line == other and at != place for line, at in held for other, place in places)


def _cost(old: Sequence[str], new: Sequence[str]) -> float:
    """Return the weighted number of characters to delete and insert."""
    distances = _distances()
    a, b = " ".join(old), " ".join(new)
    if _initials(old, b) or _initials(new, a):
        return 0.0
    cost = float(distances.Indel.distance(a, b))
    heavy = [[word for word in words if word not in interchangeable()] for words in (old, new)]
    if all(heavy) and 100 * distances.Indel.normalized_similarity(*map(" ".join, heavy)) < SPELLING_SIMILARITY:
        return SUBSTITUTION_WEIGHT * cost
    return cost


def _initials(words: Sequence[str], letters: str) -> bool:
    """Return whether ``letters`` are the initials of the words.

    >>> _initials(["northern", "fishing", "union"], "nfu")
    True
    """
    return len(words) > 1 and "".join(word[0] for word in words) == letters


def _length(words: Sequence[str], start: int, end: int) -> int:
    """Return the number of characters of some words, with a space for each."""
    return sum(len(word) + 1 for word in words[start:end])
