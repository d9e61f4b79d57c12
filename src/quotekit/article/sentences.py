"""Where a sentence ends, as far as its characters show."""

from __future__ import annotations

SENTENCE_ENDS = frozenset(".?!…。")
CLOSERS = "\"'”’»›)]*_ \xa0Â"
"""Characters that may follow the end of a sentence; Â is what a wrong encoding makes of a space."""


def ends_sentence(text: str, start: int, end: int) -> bool:
    """Return whether ``text[start:end]`` ends like a sentence or in a colon, closing marks aside."""
    tail = text[max(start, end - 12) : end].rstrip(CLOSERS)
    return not tail or tail[-1] == ":" or tail[-1] in SENTENCE_ENDS
