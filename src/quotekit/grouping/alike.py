"""Whether two wordings are one quote: what is left out, what is changed, and what must not differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from quotekit.extras import optional
from quotekit.grouping.types import Change
from quotekit.grouping.wording import Wording, is_value, light, negations, opposites, turned

LONGEST = 2_000
"""Words of the longest wording that is compared word by word: time and memory grow with its square."""

OTHER_WORD = 60
"""Similarity in percent below which two words are two words and not two spellings."""

WEIGHT = 3
"""How much a word that stands for quite another one counts: "the pump" for "the lift"."""

FRAGMENT = 3
"""Words that a shortened wording must keep in one piece, on average."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a wording is to a fuller one.

    Attributes:
        similarity: of what both have, in percent.
        change: the same words, fewer, or others.
    """

    similarity: float
    change: Change


class _Edit(NamedTuple):
    """Words ``i`` to ``i_end`` of the full wording stand where the short one has ``j`` to ``j_end`` (half-open)."""

    i: int
    i_end: int
    j: int
    j_end: int


@cache
def _distances() -> Any:
    return optional("rapidfuzz.distance", "group", "comparing the wordings of quotes")


def compare(short: Wording, full: Wording) -> Likeness | None:
    """How like ``short`` is to ``full``, the longer of the two; ``None`` where they are two statements.

    What a shortened quote leaves out costs nothing: words at its ends, at a gap that it marks, whole sentences. They
    are two statements if one has a negation, a number or a date that the other has not, or the opposite of a word,
    or if not half of the words are the same.

    Raises:
        QuotekitError: rapidfuzz is not installed.

    >>> full = Wording.of(["We will not sign any treaty this year."])
    >>> compare(Wording.of(["We won’t sign"]), full)
    Likeness(similarity=100.0, change='shortened')
    >>> print(compare(Wording.of(["We will sign any treaty this year."]), full))
    None
    """
    if short.words == full.words:
        return Likeness(100.0, "same")
    if max(len(short.words), len(full.words)) > LONGEST:
        return None
    if 2 * _distances().LCSseq.similarity(short.words, full.words) < len(short.words):
        return None
    cost, left_out, pieces, changed = 0.0, 0, 1, False
    for found in _edits(short, full):
        edit, free = _cut_to_size(found, short, full)
        if free is not None:
            if _turns_round(free, full):
                return None
            left_out += _length(full.words, *free)
            pieces += _marked(found, short) and not _between_sentences(*free, full)
        if edit.i == edit.i_end and edit.j == edit.j_end:
            continue
        old, new = full.words[edit.i : edit.i_end], short.words[edit.j : edit.j_end]
        if _differ(old, new):
            return None
        changed = True
        cost += _cost(old, new)
    if pieces > 1 and len(short.words) < FRAGMENT * pieces:
        return None
    compared = len(short.text) + len(full.text) - left_out
    return Likeness(
        similarity=max(0.0, 100 * (1 - cost / compared)) if compared > 0 else 0.0,
        change="changed" if changed else "shortened",
    )


def _edits(short: Wording, full: Wording) -> Iterator[_Edit]:
    """Where the two differ, in order."""
    i = j = 0
    for i_start, i_end, j_start, j_end in [*_kept(short, full), [len(full.words)] * 2 + [len(short.words)] * 2]:
        if i < i_start or j < j_start:
            yield _Edit(i, i_start, j, j_start)
        i, j = i_end, j_end


def _kept(short: Wording, full: Wording) -> list[list[int]]:
    """Where words of both are the same, as four places: words of ``full`` and of ``short``, half-open."""
    at = f" {full.text} ".find(f" {short.text} ")
    if at >= 0:
        start, length = full.text[:at].count(" "), len(short.words)
        return [[start, start + length, 0, length]]
    codes = _distances().LCSseq.opcodes(full.words, short.words)
    blocks = [[code.src_start, code.src_end, code.dest_start, code.dest_end] for code in codes if code.tag == "equal"]
    return _slid(blocks, full.words)


def _slid(blocks: Sequence[list[int]], words: Sequence[str]) -> list[list[int]]:
    """The blocks, words that stand alone beside something left out moved to the more words on its other side.

    "We [will not sign and we] want peace" becomes "[We will not sign and] we want peace".
    """
    kept: list[list[int]] = []
    for before in reversed(blocks):
        while kept:
            _slide(before, kept[-1], words)
            if kept[-1][0] < kept[-1][1]:
                break
            kept.pop()
        if before[0] < before[1]:
            kept.append(before)
    return kept[::-1]


def _slide(before: list[int], after: list[int], words: Sequence[str]) -> None:
    """Let the shorter of two blocks give words to the longer, where nothing stands between them in the one wording."""
    if before[3] != after[2]:
        return
    if before[1] - before[0] <= after[1] - after[0]:
        while before[0] < before[1] < after[0] and words[before[1] - 1] == words[after[0] - 1]:
            _move(before, after, -1)
    else:
        while before[1] < after[0] < after[1] and words[before[1]] == words[after[0]]:
            _move(before, after, 1)


def _move(before: list[int], after: list[int], by: int) -> None:
    """Let the one block end, and the other begin, ``by`` words later."""
    before[1] += by
    before[3] += by
    after[0] += by
    after[2] += by


def _cut_to_size(edit: _Edit, short: Wording, full: Wording) -> tuple[_Edit, tuple[int, int] | None]:
    """The edit without the words of ``full`` that may be left out there, and these words."""
    i, i_end, j, j_end = edit
    spare = (i_end - i) - (j_end - j)
    if spare <= 0:
        return edit, None
    if j == 0:
        return _Edit(i + spare, i_end, j, j_end), (i, i + spare)
    if j_end == len(short.words):
        return _Edit(i, i_end - spare, j, j_end), (i_end - spare, i_end)
    if j == j_end and (_marked(edit, short) or _between_sentences(i, i_end, full)):
        return _Edit(i_end, i_end, j, j_end), (i, i_end)
    return edit, None


def _marked(edit: _Edit, short: Wording) -> bool:
    """Whether it lies within the short wording, where that marks a gap."""
    return 0 < edit.j == edit.j_end < len(short.words) and edit.j in short.gaps


def _between_sentences(start: int, end: int, full: Wording) -> bool:
    """Whether whole sentences stand there."""
    return start > 0 and end < len(full.words) and all(full.sentences[i - 1] != full.sentences[i] for i in (start, end))


def _turns_round(left_out: tuple[int, int], full: Wording) -> bool:
    """Whether a negation is left out of a clause of which the rest is kept."""
    start, end = left_out
    kept = {full.clauses[i] for i in (start - 1, end) if 0 <= i < len(full.words)}
    return any(full.words[i] in negations() and full.clauses[i] in kept for i in range(start, end))


def _differ(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the change of these words makes another statement."""
    before, after = Counter(old), Counter(new)
    gone, come = before - after, after - before
    if any(word in negations() or is_value(word) for word in (*gone, *come)):
        return True
    if turned(gone, come) or turned(come, gone):
        return True
    places = {place for word in come for place in opposites().get(word, ())}
    held = {place for word in gone for place in opposites().get(word, ())}
    return any(line == other and at != place for line, at in held for other, place in places)


def _cost(old: Sequence[str], new: Sequence[str]) -> float:
    """Characters that must go and come to make the one of the other, weighted."""
    distances = _distances()
    a, b = " ".join(old), " ".join(new)
    if _initials(old, b) or _initials(new, a):
        return 0.0
    cost = float(distances.Indel.distance(a, b))
    heavy = [[word for word in words if word not in light()] for words in (old, new)]
    if all(heavy) and 100 * distances.Indel.normalized_similarity(*map(" ".join, heavy)) < OTHER_WORD:
        return WEIGHT * cost
    return cost


def _initials(words: Sequence[str], letters: str) -> bool:
    """Whether ``letters`` abbreviate the words.

    >>> _initials(["northern", "fishing", "union"], "nfu")
    True
    """
    return len(words) > 1 and "".join(word[0] for word in words) == letters


def _length(words: Sequence[str], start: int, end: int) -> int:
    """Characters of some words with a space beside each."""
    return sum(len(word) + 1 for word in words[start:end])
