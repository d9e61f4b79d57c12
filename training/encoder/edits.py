"""Changes of an article's text, with which the annotators' spans move."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

FIELDS = ("content", "cue", "source")


@dataclass(frozen=True, order=True)
class Edit:
    """The characters from ``start`` to ``end`` are written as ``text``."""

    start: int
    end: int
    text: str


def edited(record: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    """``record`` after ``edits``, none of which may share a character with another.

    An edge inside a replaced stretch moves to its edge; what is inserted at an edge stays outside.

    >>> edited({"text": "Ann left.", "attributions": []}, [Edit(0, 3, "Beatrix")])["text"]
    'Beatrix left.'
    """
    edits = sorted(edits)
    starts, ends = [edit.start for edit in edits], [edit.end for edit in edits]
    shifts = [0, *accumulate(len(edit.text) - (edit.end - edit.start) for edit in edits)]

    def begin(at: int) -> int:
        before = bisect_right(ends, at)
        return min(at, starts[before]) + shifts[before] if before < len(edits) else at + shifts[before]

    def stop(at: int) -> int:
        before = bisect_left(starts, at)
        return max(at, ends[before - 1]) + shifts[before] if before else at

    def moved(span: list[int]) -> list[int]:
        return [begin(span[0]), stop(span[1])]

    attributions = [
        one | {name: [moved(span) for span in one[name]] for name in FIELDS} for one in record["attributions"]
    ]
    return record | {"text": _written(record["text"], edits), "attributions": attributions}


def _written(text: str, edits: list[Edit]) -> str:
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])
