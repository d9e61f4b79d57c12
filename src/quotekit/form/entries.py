"""The entries of a live blog, by their time stamps."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.form.lines import Line, ends_sentence, extent
from quotekit.form.stamps import begins_timed, opens_entry

_FEWEST, _SHARE = 3, 0.1
"""Minimum number and share of the paragraphs that begin with a time."""

_FEWEST_SHORT, _SHARE_SHORT = 2, 0.4
"""The same of a short blog: a heading, and two times with a paragraph below each."""


def entries_of(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> list[int]:
    """Return the numbers of the paragraphs that open the entries of a live blog; empty for other documents.

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
    return found if max(_FEWEST_SHORT, _SHARE_SHORT * len(pieces)) <= len(found) <= sentences else []
