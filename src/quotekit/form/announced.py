"""A speech within a story: paragraphs in the first person below the line that announces them."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache

from quotekit.form.authors import in_heading
from quotekit.form.lines import Line, extent
from quotekit.form.sections import Part, narration, story_behind
from quotekit.form.turns import gather, says_i
from quotekit.form.types import Block, Turn
from quotekit.form.unlabelled import is_question
from quotekit.form.words import documents
from quotekit.models import Span

_OWN = 0.3
"""Minimum share of the paragraphs that say I or we."""

_MOST_QUESTIONS = 1
"""Maximum number of paragraphs that are a question, as those of an interview are."""

_NAME = r"[A-Z][\w-]*(?:(?:[.’']\s?|\s)[A-Z][\w-]*)*"


@dataclass(frozen=True, slots=True)
class Speech:
    """The turn of a speech, its notes, and the first lines of its paragraphs."""

    turn: Turn
    blocks: Sequence[Block]
    lines: Sequence[int]


def speech(text: str, lines: Sequence[Line], part: Part, labelled: Container[int]) -> Speech | None:
    """Return the speech that a story announces; ``None`` if the part has labels or is not spoken.

    The speaker is the one whom the announcement names, and is resolved like the source of any quote.
    """
    if part.announcement is None or any(piece[0] in labelled for piece in part.pieces):
        return None
    body = part.pieces[: story_behind(text, lines, part.pieces, range(len(part.pieces)))]
    if not body:
        return None
    spans = [extent(lines, piece) for piece in body]
    own = sum(says_i(text[start:end]) for start, end in spans)
    asked = sum(is_question(text, span) for span in spans)
    narrated = sum(narration(text, span) > 1 for span in spans)
    if own < max(1, _OWN * len(body)) or narrated or asked > _MOST_QUESTIONS or text[spans[0][0]] in '“"':
        return None
    start = spans[0][0]
    paragraphs, blocks = gather(text, lines, body, start)
    if not paragraphs:
        return None
    turn = Turn(0, (start, start), _owner(text, part.announcement), None, None, tuple(paragraphs))
    return Speech(turn, blocks, [piece[0] for piece in body])


@cache
def _owners() -> re.Pattern[str]:
    """Return a pattern of a possessive pronoun, of a name before "'s", and of a name after a preposition."""
    word = rf"(?!(?:{'|'.join(sorted(documents().stops))})\b)[a-z]+"
    the = rf"[Tt]he {word}(?: {word}){{0,2}}"
    return re.compile(
        rf"\b(?P<pronoun>his|her|their|Her|His|Their)\s|\b(?P<owner>{_NAME}|{the})[’'](?:s\b|(?=\s))|"
        rf"\b(?:by|from|of|with)\s(?P<behind>{_NAME}|{the})(?=[\s,.:;)]|$)"
    )


def _owner(text: str, announcement: Span) -> Span | None:
    """Return whose speech it is: Read Falk's full speech, the text of a speech by Oda Falk, her full statement."""
    author = in_heading(text, [announcement])
    if author:
        return author.span
    lists = documents()
    others = lists.announced | lists.whole | lists.pointing
    for match in _owners().finditer(text, *announcement):
        start, end = match.span(match.lastgroup or 0)
        name = text[start:end].split()
        if name[0].casefold() in others:
            start, name = start + len(name[0]) + 1, name[1:]
        if name and name[-1].casefold() not in others:
            return start, end
    return None
