"""Datelines: where the running text of a paragraph begins ("LONDON (AP) — It rained.").

The patterns and their examples are in ``data/en/datelines.toml``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from quotekit import lexicon
from quotekit.article.shapes import Shapes

WINDOW = 120
"""A dateline is at most this long (characters)."""


class Dateline(NamedTuple):
    """One shape of a dateline. Where it is a ``label``, a transcript's label may look the same."""

    pattern: re.Pattern[str]
    only_first: bool
    label: bool


@cache
def datelines() -> tuple[Dateline, ...]:
    """Return the shapes of datelines, in the order in which they are tried."""
    data = lexicon.load("datelines")
    shapes = Shapes(data)
    return tuple(
        Dateline(shapes.pattern(row["pattern"]), row.get("place") == "first", row.get("label", False))
        for row in data["dateline"]
    )


def dateline_label(text: str, start: int, end: int) -> str | None:
    """Return the capitals before a dash that open a paragraph, if any: a place, or a transcript's label."""
    limit = min(end, start + WINDOW)
    found = (dateline.pattern.match(text, start, limit) for dateline in datelines() if dateline.label)
    return next((match.group(1) for match in found if match), None)


def dateline_end(text: str, start: int, end: int, *, first: bool, labels: bool) -> int:
    """Return where the running text of the paragraph ``text[start:end]`` begins, after its dateline (a character).

    Args:
        text: the article's text.
        start: where the paragraph begins (a character).
        end: where it ends.
        first: it is the first paragraph of the body, where a place need not be in capitals.
        labels: capitals and a dash are a dateline here. In a transcript they are a speaker's label.

    >>> dateline_end("LONDON – It rained.", 0, 19, first=True, labels=True)
    9
    """
    limit = min(end, start + WINDOW)
    for dateline in datelines():
        if (dateline.only_first and not first) or (dateline.label and not labels):
            continue
        match = dateline.pattern.match(text, start, limit)
        if match:
            return match.end()
    return start
