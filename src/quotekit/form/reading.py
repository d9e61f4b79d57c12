"""Read the form of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotekit.form.deciding import decide
from quotekit.form.documents import read_document
from quotekit.form.evidence import narrated
from quotekit.form.exchanges import asker_of, exchanges_of
from quotekit.form.lines import Line, paragraphs, read_lines, without_pages
from quotekit.form.openings import opening
from quotekit.form.people import voices
from quotekit.form.turns import Floor, hold
from quotekit.form.types import Block, Form, FormKind, Section, Turn, Voice
from quotekit.form.words import words
from quotekit.models import Exchange

_RECORD = 0.3
_ADDRESSED = 0.25
_OPENING = 300
_WORD = re.compile(r"[a-z]+")
_MOST_WITHOUT = 0.1


def read_form(text: str) -> Form:
    """Return what kind of document ``text`` is, and its turns. Any string is accepted.

    >>> form = read_form("MS. FALK: We will pay.\\n\\nQ Who is we?\\n\\nMS. FALK: The port. (Laughter.)")
    >>> form.kind, [form.voices[turn.voice].name for turn in form.turns]
    ('interview', ['FALK', 'Q', 'FALK'])
    """
    lines = without_pages(text, read_lines(text))
    pieces = list(paragraphs(text, lines))
    found, evidence = decide(text, lines, pieces) if lines else ({}, 0.0)
    if not found:
        return read_document(text, lines, pieces)
    pieces = list(paragraphs(text, lines, frozenset(found)))
    found |= opening(text, lines, pieces, found)
    floors, blocks = hold(text, lines, pieces, found)
    owners, who = voices(text, [floor.label for floor in floors])
    asker = asker_of(text, floors, owners)
    turns = _turns(floors, owners, exchanges_of(text, floors, owners, asker))
    kind = _kind(text, turns, who, asker)
    sections = _sections(text, lines, pieces, turns, kind)
    mixed = len(sections) > 1
    confidence = round(evidence / (evidence + 2), 2)
    notices = _notices(kind, floors, blocks)
    return Form("mixed" if mixed else kind, confidence, turns, who, tuple(blocks), sections if mixed else (), notices)


def _turns(floors: Sequence[Floor], owners: Sequence[int], exchanges: Sequence[Exchange | None]) -> tuple[Turn, ...]:
    return tuple(
        Turn(i, (floor.label.start, floor.label.end), floor.label.head, owner, exchange, tuple(floor.paragraphs))
        for i, (floor, owner, exchange) in enumerate(zip(floors, owners, exchanges, strict=True))
    )


def _kind(text: str, turns: Sequence[Turn], who: Sequence[Voice], asker: int | None) -> FormKind:
    """Return the kind of a document of turns: a record names offices; an interview has two voices, and one asks."""
    officials = sum(bool(v.country or v.party or v.constituency) or _presides(v.name) for v in who)
    if officials >= max(1, _RECORD * len(who)) or _addressed(text, turns) >= _ADDRESSED * len(turns):
        return "record"
    return "interview" if asker is not None else "transcript"


def _addressed(text: str, turns: Sequence[Turn]) -> int:
    """Return how many turns open with words of an assembly: Mr Speaker, my hon. Friend, the gentleman from."""
    assembly = words().assembly
    openings = (turn.paragraphs[0][0] for turn in turns if turn.paragraphs)
    return sum(
        not assembly.isdisjoint(_WORD.findall(text[start : min(end, start + _OPENING)].casefold()))
        for start, end in openings
    )


def _presides(name: str) -> bool:
    """Return whether a voice is that of an office in an assembly: Mr Speaker, The President."""
    low = name.casefold().split()
    return len(low) > 1 and low[0].rstrip(".") in words().presiding and low[-1] in words().offices


def _sections(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], turns: Sequence[Turn], kind: FormKind
) -> tuple[Section, ...]:
    """Return the sections of the document: a story may come before its turns."""
    start = turns[0].label[0]
    narration = narrated(text, lines, pieces)
    first = next(i for i, line in enumerate(lines) if line.start >= start)
    turned = Section(start, lines[-1].end, kind)
    if narration[first]:
        return Section(lines[0].start, lines[first - 1].end, "story"), turned
    return (turned,)


def _notices(kind: FormKind, floors: Sequence[Floor], blocks: Sequence[Block]) -> tuple[str, ...]:
    unspoken = sum(block.kind == "speech" for block in blocks)
    total = unspoken + sum(len(floor.paragraphs) for floor in floors)
    if unspoken <= _MOST_WITHOUT * total:
        return ()
    return (f"a {kind} in which {unspoken} of {total} paragraphs have no speaker",)
