"""The statement that opens a briefing: words before the first label, said by the author that the heading names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from quotekit.form.authors import Author, all_in_heading, alone
from quotekit.form.evidence import QUOTED, narrated
from quotekit.form.labels import Label
from quotekit.form.lines import Line, ends_sentence
from quotekit.form.turns import is_own
from quotekit.form.words import documents, words

_MOST_HEADING = 6
"""Maximum paragraphs at the beginning that are searched for the author."""

_OWN = 0.2
"""Minimum share of the paragraphs before the first label that say I or we."""

_SPOKES = re.compile("spokes(?:man|woman)")
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
    heading = [(lines[piece[0]].start, lines[piece[-1]].end) for piece in before[:_MOST_HEADING]]
    authors = (author for author in (*all_in_heading(text, heading), alone(text, heading)) if author)
    named = ((author, known) for author in authors if (known := _known_as(author, found.values())))
    author, known = next(named, (None, None))
    if author is None or known is None:
        return {}
    spans = [(lines[piece[0]].start, lines[piece[-1]].end) for piece in before]
    own = [n for n, (start, end) in enumerate(spans) if start > author.span[1] and _is_own(text, start, end)]
    if not own or len(own) < _OWN * (len(before) - own[0]) or narrated(text, lines, before[own[0] :])[-1]:
        return {}
    behind = (n for n, (start, end) in enumerate(spans) if start > author.span[1] and _greets(text, start, end))
    first = min(own[0], next(behind, own[0]))
    at = spans[first][0]
    name, brackets, title = known
    core = tuple(name.split())
    label = Label(at, at, author.span, name, core, brackets, title, "colon", "title", False, False)
    return {before[first][0]: label}


def _known_as(author: Author, found: Iterable[Label]) -> tuple[str, tuple[str, ...], str] | None:
    """Return name, brackets and office of the author's own label, if later labels have the surname or the office."""
    labels = [label for label in found if label.core]
    if any(label.core[-1].casefold() == author.known_as.casefold() for label in labels):
        return author.name, (), author.title or ""
    title = _office(author.title or "")
    for label in labels:
        office = _office(label.name)
        if office and office <= title and not office.isdisjoint(words().offices):
            return label.name, (author.name,), ""
    return None


def _office(title: str) -> set[str]:
    """Return the words of an office: a spokesperson and a spokesman are one."""
    return {_SPOKES.sub("spokesperson", word.strip(",.")) for word in title.casefold().split()}


def _greets(text: str, start: int, end: int) -> bool:
    """Return whether a paragraph opens with a greeting."""
    low = text[start : min(end, start + _SHORTEST)].casefold()
    return ends_sentence(text, start, end) and any(low.startswith(greeting) for greeting in documents().salutations)


def _is_own(text: str, start: int, end: int) -> bool:
    said = QUOTED.sub(" ", text[start:end])
    return end - start >= _SHORTEST and ends_sentence(text, start, end) and is_own(said, you=False)
