"""Where a document changes its form: a story announces a transcript or a speech, or continues after a turn."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from quotekit.form.evidence import QUOTED, SAID, narrated
from quotekit.form.labels import Label
from quotekit.form.lines import Line, ends_sentence, extent
from quotekit.form.turns import is_own
from quotekit.form.types import FormKind, Section
from quotekit.form.words import documents, words
from quotekit.models import Span

_WORD = re.compile(r"[^\W\d_]+(?:['’&][^\W\d_]+)*")
_LONGEST = 200
"""Maximum characters of an announcement."""

_LONGEST_HEADING = 90
_FIRST = 800
"""Characters of a paragraph that are searched for narration."""

_MOST = 20
"""Maximum number of announcements in a document."""

_BEHIND, _BETWEEN, _FEW = 3, 4, 2
"""Minimum evidence for a story behind the last turn, between two turns, and in a story that holds few turns."""


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive paragraphs, and the paragraph of the story before them that announces a transcript or a speech."""

    pieces: Sequence[list[int]]
    announcement: Span | None = None


def divided(text: str, lines: Sequence[Line], pieces: Sequence[list[int]], within: bool = False) -> list[Part]:
    """Return the parts of a document: its beginning, and what a story announces.

    ``within``: the paragraphs are part of a story, and need not be narrated before an announcement.

    >>> from quotekit.form.lines import paragraphs, read_lines
    >>> text = "Oda Falk left, she said.\\n\\nHere is the full transcript:\\n\\nFALK: I am tired."
    >>> lines = read_lines(text)
    >>> [part.announcement for part in divided(text, lines, list(paragraphs(text, lines)))]
    [None, (26, 54)]
    """
    bounds: list[tuple[int, Span | None]] = [(0, None)]
    story, at = int(within), 0
    for number, piece in enumerate(pieces[:-1]):
        span = extent(lines, piece)
        if len(bounds) <= _MOST and is_announcement(text, span):
            story += sum(narration(text, extent(lines, before)) for before in pieces[at:number])
            at = number
            if story > 0:
                bounds.append((number + 1, span))
                story, at = 0, number + 1
    ends = [start for start, _ in bounds[1:]] + [len(pieces)]
    return [Part(pieces[start:end], span) for (start, span), end in zip(bounds, ends, strict=True)]


def regrouped(parts: Sequence[Part], pieces: Sequence[list[int]]) -> list[Part]:
    """Return the parts with the paragraphs ``pieces``, into which labels have divided the text anew."""
    firsts = [piece[0] for piece in pieces]
    bounds = [bisect_left(firsts, part.pieces[0][0]) for part in parts if part.pieces] + [len(pieces)]
    return [
        Part(pieces[start:end], part.announcement) for part, (start, end) in zip(parts, pairwise(bounds), strict=False)
    ]


def is_announcement(text: str, span: Span) -> bool:
    """Return whether a paragraph announces a transcript or speech: Read the full speech below. TRANSCRIPT."""
    if span[1] - span[0] > _LONGEST or QUOTED.search(text, *span):
        return False
    found = {word.casefold() for word in _WORD.findall(text, *span)}
    lists = documents()
    named = text[span[1] - 1] == ":" and not found.isdisjoint(lists.by)
    whole, pointing = not found.isdisjoint(lists.whole), not found.isdisjoint(lists.pointing)
    if found.isdisjoint(lists.announced) or not (whole or pointing or named):
        return False
    return (whole and pointing) or text[span[1] - 1] == ":" or found <= lists.announced | lists.whole | lists.articles


def narration(text: str, span: Span) -> int:
    """Return how surely a paragraph is narrated, less than 0 if it is spoken: I or we, you, a question.

    >>> [narration(text, (0, len(text))) for text in ("“No,” she said.", "She said no.", "It rained.", "I said no.")]
    [2, 1, 0, -2]
    """
    part = text[span[0] : min(span[1], span[0] + _FIRST)]
    bare = QUOTED.sub(" ", part)
    said = not words().saying.isdisjoint(_WORD.findall(bare))
    if said and part[0] in '“"':
        return 2
    if is_own(bare, you=False):
        return -2
    if "?" in bare or is_own(bare):
        return -1
    return said + (said and SAID.search(part) is not None)


def told(text: str, lines: Sequence[Line], parts: Sequence[Part], found: Mapping[int, Label]) -> frozenset[int]:
    """Return the first lines of the paragraphs that are a story: after turns, and before those of a later part."""
    out: set[int] = set()
    pieces = [piece for part in parts for piece in part.pieces]
    earliest = min(found, default=0)
    before = _opening(text, lines, [piece for piece in pieces if piece[-1] < earliest])
    for order, part in enumerate(parts):
        labelled = [number for number, piece in enumerate(part.pieces) if piece[0] in found]
        if order:
            out.update(piece[0] for piece in part.pieces[: labelled[0] if labelled else None])
        for number, end in pairwise([*labelled, len(part.pieces)]):
            bare = found[part.pieces[number][0]].end >= lines[part.pieces[number][-1]].end
            usual = _BEHIND if end == len(part.pieces) else _BETWEEN
            least = _FEW if len(found) <= before else usual
            first = story_behind(text, lines, part.pieces, range(number + 1 + bare, end), least, before > 0)
            out.update(piece[0] for piece in part.pieces[first:end])
    return frozenset(out)


def _opening(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> int:
    """Return the number of the paragraphs before all turns if they are a story, else 0."""
    narrated = sum(narration(text, extent(lines, piece)) > 1 for piece in pieces)
    return len(pieces) if narrated else 0


def story_behind(
    text: str,
    lines: Sequence[Line],
    pieces: Sequence[list[int]],
    numbers: range,
    least: int = _BEHIND,
    within: bool = True,
) -> int:
    """Return the first of the paragraphs ``numbers`` of the story at their end; ``numbers.stop`` without such a story.

    ``least`` is the evidence that the story needs. It begins with a heading or a new page, except ``within`` a story.
    """
    best, found, total = least, numbers.stop, 0
    for number in reversed(numbers):
        span = extent(lines, pieces[number])
        own = narration(text, span)
        total += own
        begins = lines[pieces[number][0]].cut or _is_heading(text, span)
        if (begins or (within and own > 0)) and total + begins >= best:
            best, found = total + begins, number
    return found


def sections_of(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], kinds: Sequence[FormKind | None]
) -> tuple[Section, ...]:
    """Return the sections of a document of mixed form; none if it has one form.

    Paragraphs without a kind, before all turns, are a story if they are narrated, and else belong to no section.
    """
    out: list[Section] = []
    for kind, group in groupby(zip(kinds, pieces, strict=True), key=itemgetter(0)):
        found = [piece for _, piece in group]
        if kind or narrated(text, lines, found)[-1]:
            out.append(Section(lines[found[0][0]].start, lines[found[-1][-1]].end, kind or "story"))
    return tuple(out) if len(out) > 1 else ()


def _is_heading(text: str, span: Span) -> bool:
    """Return whether a paragraph is short, begins with a capital and does not end as a sentence does."""
    heading = text[slice(*span)].strip("*_# ") if span[1] - span[0] <= _LONGEST_HEADING else ""
    return heading[:1].isupper() and not ends_sentence(heading, 0, len(heading)) and heading[-1] not in ",—–-"
