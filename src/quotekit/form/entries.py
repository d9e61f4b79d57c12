"""The entries of a live blog, by their time stamps."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.form.lines import Line, ends_sentence, extent
from quotekit.form.stamps import begins_timed, opens_entry

_FEWEST = 3
_SHARE = 0.1
_SHORT = 0.4
"""Minimum share of paragraphs with a time if there are only two: each entry has one besides, and there is a heading."""


def entries_of(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> list[int]:
    """Return the numbers of the paragraphs that open the entries of a live blog; none if the document is no live blog.

    >>> from quotekit.form.lines import paragraphs, read_lines
    >>> text = "Ferry: live\\n\\n10.02am\\n\\nIt has left.\\n\\n10.15am\\n\\nIt is back."
    >>> lines = read_lines(text)
    >>> entries_of(text, lines, list(paragraphs(text, lines)))
    [1, 3]
    """
    openings = [(lines[piece[0]].start, lines[piece[0]].end) for piece in pieces]
    timed = [number for number, span in enumerate(openings) if begins_timed(text, *span)]
    if len(timed) >= max(_FEWEST, _SHARE * len(pieces)):
        return timed
    found = [number for number in timed if opens_entry(text, *openings[number])]
    sentences = sum(ends_sentence(text, *extent(lines, piece)) for piece in pieces)
    return found if max(2, _SHORT * len(pieces)) <= len(found) <= sentences else []
