"""Read the form of a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from quotekit.form.announced import Speech, speech
from quotekit.form.deciding import decide
from quotekit.form.documents import read_document
from quotekit.form.entries import entries_of
from quotekit.form.examinations import examined
from quotekit.form.exchanges import asker_of, exchanges_of
from quotekit.form.labels import Label
from quotekit.form.lines import Line, paragraphs, read_lines, without_pages
from quotekit.form.openings import answered, host, opening
from quotekit.form.people import voices
from quotekit.form.posts import posted
from quotekit.form.sections import Part, divided, regrouped, sections_of, told
from quotekit.form.turns import Floor, hold
from quotekit.form.types import Block, Form, FormKind, Turn, Voice
from quotekit.form.words import words
from quotekit.models import Exchange

_RECORD = 0.3
_ADDRESSED = 0.25
_OPENING = 300
_WORD = re.compile(r"[a-z]+")
_MOST_WITHOUT = 0.1
_SPEECH = 0.8
"""Confidence of a speech that a story announces."""

_NONE = 1 << 62


def read_form(text: str) -> Form:
    """Return what kind of document ``text`` is, and its turns. Any string is accepted.

    >>> form = read_form("MS. FALK: We will pay.\\n\\nQ Who is we?\\n\\nMS. FALK: The port. (Laughter.)")
    >>> form.kind, [form.voices[turn.voice].name for turn in form.turns]
    ('interview', ['FALK', 'Q', 'FALK'])
    """
    lines = without_pages(text, read_lines(text))
    parts, found, evidence, entries = _decided(text, lines, list(paragraphs(text, lines)))
    found |= examined(text, lines, found)
    pieces = list(paragraphs(text, lines, frozenset(found)))
    parts = regrouped(parts, pieces)
    speeches = [one for part in parts if (one := speech(text, lines, part, found))]
    if not found and not speeches:
        return replace(read_document(text, lines, pieces, blog=bool(entries)), entries=entries)
    author = host(text, lines, pieces, found) if found else None
    found |= opening(text, lines, pieces, found, author) if author else {}
    story = told(text, lines, parts, found)
    floors, blocks = hold(text, lines, pieces, found, story)
    floors = answered(text, floors, author) if author else floors
    owners, who = voices(text, [floor.label for floor in floors])
    asker = asker_of(text, floors, owners)
    turns = _turns(floors, owners, exchanges_of(text, floors, owners, asker), speeches)
    kind = _kind(text, turns, who, asker) if found else "speech"
    sections = sections_of(text, lines, pieces, _kinds(pieces, found, story, speeches, kind))
    blocks = sorted((*blocks, *(block for one in speeches for block in one.blocks)), key=lambda block: block.start)
    notices = _notices(kind, floors, blocks)
    whole: FormKind = "live blog" if entries else "mixed" if sections else kind
    return Form(whole, _sure(evidence), turns, who, tuple(blocks), sections, notices, entries)


def _decided(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]]
) -> tuple[list[Part], dict[int, Label], float, tuple[int, ...]]:
    """Return the parts of the document, their labels, the evidence for these, and where the entries of a blog begin.

    Each entry of a live blog is a part of its own: what looks like a label in one is no evidence for those in another.
    """
    thread = posted(text, lines)
    if thread:
        return [Part(pieces)], thread, float(len(thread)), ()
    parts = divided(text, lines, pieces)
    found, evidence = _labels(text, lines, parts)
    entries = [] if found else entries_of(text, lines, pieces)
    if entries:
        bounds = [0, *entries, len(pieces)]
        blog = (pieces[start:end] for start, end in pairwise(bounds) if start < end)
        parts = [part for entry in blog for part in divided(text, lines, entry, within=True) if part.pieces]
        found, evidence = _labels(text, lines, parts)
    return parts, found, evidence, tuple(lines[pieces[number][0]].start for number in entries)


def _labels(text: str, lines: Sequence[Line], parts: Sequence[Part]) -> tuple[dict[int, Label], float]:
    """Return the labels of all parts by the index of their line, and the evidence for them."""
    found: dict[int, Label] = {}
    total = 0.0
    for number, part in enumerate(parts):
        labels, evidence = decide(text, lines, part.pieces, announced=number > 0)
        found |= labels
        total += evidence
    return found, total


def _sure(evidence: float) -> float:
    """Return the confidence that the evidence for labels gives; without labels that of a speech."""
    return round(evidence / (evidence + 2), 2) if evidence else _SPEECH


def _turns(
    floors: Sequence[Floor], owners: Sequence[int], exchanges: Sequence[Exchange | None], speeches: Sequence[Speech]
) -> tuple[Turn, ...]:
    turns = [one.turn for one in speeches]
    for floor, owner, exchange in zip(floors, owners, exchanges, strict=True):
        label = floor.label
        turns.append(Turn(0, (label.start, label.end), label.head, owner, exchange, tuple(floor.paragraphs)))
    turns.sort(key=lambda turn: turn.label)
    return tuple(replace(turn, index=i) for i, turn in enumerate(turns))


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


def _kinds(
    pieces: Sequence[list[int]], found: Collection[int], story: Set[int], speeches: Sequence[Speech], kind: FormKind
) -> list[FormKind | None]:
    """Return the kind of each paragraph: of a story, a speech or turns; ``None`` before the first of them."""
    spoken = frozenset(line for one in speeches for line in one.lines)
    first = min(min(found, default=_NONE), min(spoken, default=_NONE))
    return [
        "speech" if piece[0] in spoken else "story" if piece[0] in story else kind if piece[0] >= first else None
        for piece in pieces
    ]


def _notices(kind: FormKind, floors: Sequence[Floor], blocks: Sequence[Block]) -> tuple[str, ...]:
    unspoken = sum(block.kind == "speech" for block in blocks)
    total = unspoken + sum(len(floor.paragraphs) for floor in floors)
    if unspoken <= _MOST_WITHOUT * total:
        return ()
    article = "an" if kind.startswith("i") else "a"
    return (f"{article} {kind} in which {unspoken} of {total} paragraphs have no speaker",)
