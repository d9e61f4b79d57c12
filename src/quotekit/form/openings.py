"""The statement that opens a briefing: words before the first label, said by the author that the heading names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quotekit.form.authors import in_heading
from quotekit.form.evidence import QUOTED, narrated
from quotekit.form.labels import Label
from quotekit.form.lines import Line, ends_sentence
from quotekit.form.turns import is_own

_MOST_HEADING = 6
"""Maximum paragraphs at the beginning that are searched for the author."""

_OWN = 0.2
"""Minimum share of the paragraphs before the first label that say I or we."""

_SHORTEST = 40
"""Minimum characters of a paragraph in the first person."""


def opening(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], found: Mapping[int, Label]
) -> dict[int, Label]:
    """Return an empty label, by its line, for what the author in the heading says before the first label.

    >>> from quotekit.form import read_form
    >>> said = "We have noted the reports on the new ferry.\\n\\nQuestion: Who paid?\\n\\nOda Falk: We did."
    >>> form = read_form(f"Briefing by Minister Oda Falk\\n\\n{said}")
    >>> [(turn.voice, turn.exchange) for turn in form.turns]
    [(0, None), (1, 'question'), (0, 'answer')]
    """
    first = min(found)
    before = [piece for piece in pieces if piece[-1] < first]
    author = in_heading(text, [(lines[p[0]].start, lines[p[-1]].end) for p in before[:_MOST_HEADING]])
    surnames = {label.core[-1].casefold() for label in found.values() if label.core}
    if author is None or author.known_as.casefold() not in surnames:
        return {}
    spans = [(lines[piece[0]].start, lines[piece[-1]].end) for piece in before]
    own = [n for n, (start, end) in enumerate(spans) if start > author.span[1] and _is_own(text, start, end)]
    if not own or len(own) < _OWN * (len(before) - own[0]) or narrated(text, lines, before[own[0] :])[-1]:
        return {}
    at = spans[own[0]][0]
    core = tuple(author.name.split())
    label = Label(at, at, author.span, author.name, core, (), author.title or "", "colon", "title", False, False)
    return {before[own[0]][0]: label}


def _is_own(text: str, start: int, end: int) -> bool:
    said = QUOTED.sub(" ", text[start:end])
    return end - start >= _SHORTEST and ends_sentence(text, start, end) and is_own(said, you=False)
