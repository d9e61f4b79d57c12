"""What the author in the heading says without a label: the statement that opens a briefing, answers to questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from quotekit.form.authors import Author, all_in_heading, alone
from quotekit.form.evidence import narrated
from quotekit.form.exchanges import asks
from quotekit.form.labels import Label
from quotekit.form.lines import Line, ends_sentence, extent
from quotekit.form.turns import Floor, kind_of, says_i
from quotekit.form.words import documents, words
from quotekit.models import Span

_MOST_HEADING = 6
"""Maximum paragraphs at the beginning that are searched for the author."""

_OWN = 0.2
"""Minimum share of the paragraphs before the first label that say I or we."""

_FEWEST = 2
_ANSWERED = 0.6
"""Minimum number and share of the questions with more paragraphs, which are their answers."""

_SPOKES = re.compile("spokes(?:man|woman)")
_SHORTEST = 40
"""Minimum characters of a paragraph in the first person."""


def host(text: str, lines: Sequence[Line], pieces: Sequence[list[int]], found: Mapping[int, Label]) -> Label | None:
    """Return an empty label of the author in the heading, if other labels name him, or all are those of questions."""
    earliest = min(found)
    before = [piece for piece in pieces if piece[-1] < earliest]
    heading = [extent(lines, piece) for piece in before[:_MOST_HEADING]]
    for author in (*all_in_heading(text, heading), alone(text, heading)):
        if author and (known := _known_as(author, found.values())):
            name, brackets, title = known
            core, at = tuple(name.split()), author.span[1]
            return Label(at, at, author.span, name, core, brackets, title, "colon", "title", False, False)
    return None


def opening(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], found: Mapping[int, Label], author: Label
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
    spans = [extent(lines, piece) for piece in before]
    own = [n for n, (start, end) in enumerate(spans) if start > author.end and _is_own(text, start, end)]
    if not own or len(own) < _OWN * (len(before) - own[0]) or narrated(text, lines, before[own[0] :])[-1]:
        return {}
    behind = (n for n, (start, end) in enumerate(spans) if start > author.end and _greets(text, start, end))
    first = min(_below_heading(text, spans, own[0], author.end), next(behind, own[0]))
    return {before[first][0]: replace(author, start=spans[first][0], end=spans[first][0])}


def _below_heading(text: str, spans: Sequence[Span], number: int, author: int) -> int:
    """Return the first paragraph below the heading of the section in which the author says I or we."""
    first = number
    while first and spans[first - 1][0] > author and ends_sentence(text, *spans[first - 1]):
        first -= 1
    above = spans[first - 1] if first else (0, 0)
    return first if above[0] > author and kind_of(text, *above, True, True) == "heading" else number


def answered(text: str, floors: Sequence[Floor], author: Label) -> list[Floor]:
    """Return the turns with what follows a question as its answer, if labels mark the questions only.

    >>> from quotekit.form import read_form
    >>> form = read_form("Statement by Minister Oda Falk\\n\\nQ. Why?\\n\\nWe must.\\n\\nQ. Now?\\n\\nI think so.")
    >>> [(turn.voice, turn.exchange) for turn in form.turns]
    [(0, 'question'), (1, 'answer'), (0, 'question'), (1, 'answer')]
    """
    asked = [floor for floor in floors if asks(floor.label)]
    both = sum(len(floor.paragraphs) > 1 for floor in asked)
    others = any(floor.label.start < floor.label.end for floor in floors if not asks(floor.label))
    if others or both < max(_FEWEST, _ANSWERED * len(asked)):
        return list(floors)
    out: list[Floor] = []
    for floor in floors:
        said = floor.paragraphs
        cut = 1 + next((n for n, parts in enumerate(said[:2]) if any("?" in text[s:e] for s, e in parts)), 0)
        if not asks(floor.label) or not said[cut:]:
            out.append(floor)
            continue
        at = said[cut][0][0]
        out += [Floor(floor.label, said[:cut]), Floor(replace(author, start=at, end=at), said[cut:])]
    return out


def _known_as(author: Author, found: Iterable[Label]) -> tuple[str, tuple[str, ...], str] | None:
    """Return name, brackets and office of the author's own label, if later labels have the surname or the office."""
    labels = [label for label in found if label.core]
    if any(label.core[-1].casefold() == author.known_as.casefold() for label in labels):
        return author.name, (), author.title or ""
    if all(map(asks, labels)):
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
    return ends_sentence(text, start, end) and low.startswith(documents().salutations)


def _is_own(text: str, start: int, end: int) -> bool:
    return end - start >= _SHORTEST and ends_sentence(text, start, end) and says_i(text[start:end])
