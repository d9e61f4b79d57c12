"""The turns of a document: what follows each label, without notes, headings and stage directions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from quotekit.form.evidence import QUOTED
from quotekit.form.labels import Label
from quotekit.form.lines import Line, ends_sentence, extent, spans
from quotekit.form.stamps import is_stamp
from quotekit.form.types import Block, BlockKind
from quotekit.form.words import words
from quotekit.models import Span, strip

_BRACKETS = re.compile(r"\(([^()\n]{1,120})\)|\[([^\[\]\n]{1,120})\]")
_CRY = re.compile(r"[A-Z][^\[\]:]{1,60}\[[^\[\]]{1,30}\]:\s")
"""How brackets begin with what somebody calls out in an assembly: (Oda Falk [Lab]: Shame!)."""

_DIRECTION = re.compile(r"[A-Z][a-z]+(?: [a-z]+){2,8}\.")
"""A sentence in brackets that no list knows: [Goes to fetch it.]"""

_ASIDE = re.compile(r"\s*(?:\([^\W\d_][^()\d]{2,40}\)|\[[^\W\d_][^\[\]\d]{2,40}\])(?=\s*\S)")
"""What is in brackets at the beginning of a turn: (opening the door)."""

_ADDRESS = re.compile(r"\w://|\S@\w+\.")
_FIELD = re.compile(r"([A-Z][A-Z’' -]{2,30}):\s")
_TIMES = re.compile(r"[\[(]?\d{1,2}:\d{2}(?::\s?\d{2})?[\])]?")
_CLOCK = re.compile(r"[\[(]?\d{1,2}:\d{2}")
_WORDS = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_LAST_NAME = re.compile(r"\b[A-Z][\w’'-]+ ((?:al-|el-)?[A-Z][\w’'-]+)\b")
_RULE = re.compile(r"^[ \t]*(?:[*_=~–—·•#-][ \t]?){3,}$", re.MULTILINE)
CHANGE = ">>"
"""What captions print where another speaks, with or without a name."""

_LONGEST_NOTE = 400
_LONGEST_DIRECTION = 300
_LONGEST_TOLD = 800
_LONGEST_BEFORE = 4000
_LONGEST_HEADING = 160
_FEW_WORDS = 6
_AHEAD = 2
"""Paragraphs behind a note or heading among which one in the first person shows that the speaker resumes."""


def kind_of(text: str, start: int, end: int, last_ended: bool, before_label: bool) -> BlockKind:
    """Return what the paragraph ``text[start:end]`` is: a note or heading ends the turn, an aside does not.

    ``last_ended``: the paragraph before ends a sentence; ``before_label``: the next one opens with a label.
    """
    size = end - start
    piece = text[start : min(end, start + _LONGEST_NOTE)]
    if is_stamp(piece) or piece.casefold() in words().links:
        return "aside"
    if size <= _LONGEST_DIRECTION and piece[0] + piece[-1] in ("()", "[]") and "\n\n" not in piece:
        return "aside" if _is_stage(piece[1:-1]) else "note"
    if (size < _LONGEST_NOTE and _is_note(piece)) or any(phrase in piece.casefold() for phrase in words().within):
        return "note"
    if _ADDRESS.search(piece) and not is_own(piece, you=False):
        return "note"
    bare = _BRACKETS.sub(lambda match: "" if _is_stage(match[1] or match[2]) else match[0], piece).strip()
    if size <= _LONGEST_HEADING and bare and _is_heading(bare, last_ended, before_label):
        return "heading"
    return "speech"


def _is_note(piece: str) -> bool:
    """Return whether a paragraph tells what an assembly did: Motion agreed to. Mr Teal rose. The House adjourned."""
    low, lists = piece.casefold(), words()
    opening = low.lstrip("([*_–—- ")
    ending = len(piece) <= _LONGEST_HEADING and low.rstrip(".—–- ").endswith(lists.note_endings)
    noted = ending or opening.startswith(lists.notes) or lists.acts.match(opening) or _is_field(piece)
    return bool(noted) and not is_own(piece)


def _is_field(piece: str) -> bool:
    """Return whether a paragraph opens with a field in capitals, which no person says: NOTE: The news conference …"""
    match = _FIELD.match(piece)
    if match is None:
        return False
    key, lists = match[1].casefold(), words()
    return key in lists.fields or lists.opens_field(key)


def _is_heading(piece: str, last_ended: bool, before_label: bool) -> bool:
    found = _WORDS.findall(piece)
    if not found or piece[-1] in ".?!…—–-;:”\"'’" or piece[0] in "“\"'‘—–-…" or not last_ended:
        return False
    letters = "".join(found)
    if letters.isupper() and len(letters) > 3:
        return True
    if piece[-1] == "," or is_own(piece):
        return False
    heavy = [word for word in found if len(word) > 3]
    titled = heavy and sum(word[0].isupper() for word in heavy) >= 0.6 * len(heavy)
    return found[0][0].isupper() and bool((before_label and len(found) <= _FEW_WORDS) or titled)


def is_own(piece: str, you: bool = True) -> bool:
    """Return whether somebody says I or we, or with ``you`` addresses others."""
    found = {word.casefold() for word in _WORDS.findall(piece) if word != "US"} & words().first_person
    return any(you or not word.startswith("you") for word in found)


def says_i(piece: str) -> bool:
    """Return whether somebody says I or we outside quotation marks."""
    return is_own(QUOTED.sub(" ", piece), you=False)


def _is_stage(inner: str) -> bool:
    low = inner.strip().casefold()
    return bool(_TIMES.fullmatch(low)) or words().is_stage(low)


def is_direction(text: str, start: int, end: int) -> bool:
    """Return whether the paragraph ``text[start:end]`` is a stage direction.

    >>> is_direction("(BEGIN VIDEO CLIP)", 0, 18), is_direction("(Lisk)", 0, 6)
    (True, False)
    """
    brackets = text[start] + text[end - 1] in ("()", "[]") and end - start <= _LONGEST_DIRECTION
    return brackets and _is_stage(text[start + 1 : end - 1])


def said(text: str, span: Span) -> tuple[Span, ...]:
    """Return the parts of a paragraph without stage directions and time stamps in brackets.

    >>> said("No. (Laughter.) Yes.", (0, 20))
    ((0, 3), (16, 20))
    """
    out: list[Span] = []
    at = span[0]
    for match in _BRACKETS.finditer(text, *span):
        inner = match[1] or match[2]
        timed = inner.strip() and _TIMES.search(inner) and len(inner) < 30
        if timed or _is_stage(inner) or _CRY.match(inner) or (_DIRECTION.fullmatch(inner) and not is_own(inner)):
            out.append((at, match.start()))
            at = match.end() + text.startswith(":", match.end())
    out.append((at, span[1]))
    stripped = (strip(text, part) for part in out)
    return tuple(part for part in stripped if any(c.isalnum() for c in text[part[0] : part[1]]))


@dataclass(frozen=True, slots=True)
class Floor:
    """A label and the paragraphs that belong to it."""

    label: Label
    paragraphs: list[tuple[Span, ...]]


def hold(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], found: Mapping[int, Label], story: Set[int]
) -> tuple[list[Floor], list[Block]]:
    """Return who has the floor for which paragraphs, and the paragraphs behind the first label that nobody has.

    ``story`` has the first lines of the paragraphs that belong to no turn.
    """
    floors: list[Floor] = []
    blocks: list[Block] = []
    taken, ended, unnamed = True, True, False
    names = _Names(text, found.values())
    last = footer(text, lines, pieces, found)
    for number, piece in enumerate(pieces):
        start, end = extent(lines, piece)
        label = found.get(piece[0])
        if label:
            floors.append(Floor(label, []))
            _append(text, floors[-1].paragraphs, _behind(spans(lines, piece), _without_aside(text, label.end, end)))
            taken, ended, unnamed = False, ends_sentence(text, label.end, end), False
        elif floors and end > floors[-1].label.end and piece[0] not in story:
            unnamed = unnamed or text.startswith(CHANGE, start)
            if not taken and _is_told(text, start, end, names.of(floors[-1].label)):
                taken = ended = True
            opens = floors[-1].label.start == floors[-1].label.end
            labelled = opens or (number + 1 < len(pieces) and pieces[number + 1][0] in found)
            kind = kind_of(text, start, end, ended and bool(floors[-1].paragraphs), labelled)
            if number >= last or _is_logged(text, start, floors[-1].label):
                kind = "note"
            if not floors[-1].paragraphs and _is_office(text, lines, piece, floors[-1].label):
                kind = "aside"
            ahead = pieces[number : number + _AHEAD]
            if kind == "speech" and not unnamed and (not taken or _goes_on(text, lines, ahead, found)):
                _append(text, floors[-1].paragraphs, spans(lines, piece))
                taken, ended = False, ends_sentence(text, start, end)
                continue
            blocks.append(Block(start, end, kind))
            if kind in ("note", "heading"):
                # The statement that opens a briefing has a heading for each of its subjects.
                taken, ended = taken or kind == "note" or not opens, True
    return floors, blocks


def footer(text: str, lines: Sequence[Line], pieces: Sequence[list[int]], found: Mapping[int, Label]) -> int:
    """Return the first paragraph below a rule behind the last label, if nobody says I or we there; else their number.

    >>> from quotekit.form.lines import paragraphs, read_lines, without_pages
    >>> text = "I thank you.\\n\\n***\\n\\nThe channel is open all day."
    >>> lines = without_pages(text, read_lines(text))
    >>> footer(text, lines, list(paragraphs(text, lines)), {})
    1
    """
    first = len(pieces)
    for number in range(len(pieces) - 1, 0, -1):
        start, end = extent(lines, pieces[number])
        if pieces[number][0] in found or is_own(text[start:end], you=False):
            break
        if _RULE.search(text, lines[pieces[number][0] - 1].end, start):
            first = number
    return first


class _Names:
    """What the speakers are called by others, and not by themselves: surnames and offices."""

    def __init__(self, text: str, found: Iterable[Label]) -> None:
        labels = list(found)
        first = min((label.start for label in labels), default=0)
        self._before = frozenset(_LAST_NAME.findall(text, 0, min(first, _LONGEST_BEFORE)))
        self._names: dict[str, set[str]] = defaultdict(set)
        for label in labels:
            low = [word.casefold() for word in label.core]
            self._names[low[-1]] |= {label.core[-1], label.core[-1].capitalize(), *words().offices.intersection(low)}

    def of(self, label: Label) -> Set[str]:
        """Return the names of the speaker with this label; for a role, the names before all labels."""
        return self._before if label.shape == "role" else self._names[label.core[-1].casefold()]


def _is_told(text: str, start: int, end: int, names: Set[str]) -> bool:
    """Return whether a paragraph is about the speaker, or a closing line, and not what he says himself."""
    bare = QUOTED.sub(" ", text[start : min(end, start + _LONGEST_TOLD)])
    if is_own(bare) or "?" in bare:
        return False
    if bare.casefold().lstrip("([*_ ").startswith(words().closings):
        return True
    found = _WORDS.findall(bare)
    return not names.isdisjoint(found) and not words().saying.isdisjoint(found)


def _without_aside(text: str, start: int, end: int) -> int:
    """Return where the speech of a turn begins, after brackets at its beginning."""
    aside = _ASIDE.match(text, start, end)
    return aside.end() if aside else start


def _is_office(text: str, lines: Sequence[Line], piece: Sequence[int], label: Label) -> bool:
    """Return whether a paragraph is the office or country right below a name that is alone on its line."""
    first, last = lines[piece[0]], lines[piece[-1]]
    return label.terminator == "alone" and not first.gap and _is_heading(text[first.start : last.end], True, False)


def _is_logged(text: str, start: int, label: Label) -> bool:
    """Return whether a line without a label tells what happens in a chat: [09:02] * hetty has joined."""
    clocked = label.timed and _CLOCK.match(text, label.start) and _CLOCK.match(text, start)
    return bool(clocked) or (label.terminator == "bracket" and text.startswith("* ", start))


def _goes_on(text: str, lines: Sequence[Line], pieces: Sequence[list[int]], found: Mapping[int, Label]) -> bool:
    """Return whether the speaker goes on after a note or heading: one of the next paragraphs is his own."""
    for number, piece in enumerate(pieces):
        start, end = extent(lines, piece)
        if piece[0] in found or (number and kind_of(text, start, end, True, False) in ("note", "heading")):
            return False
        if _resumes(text[start:end]):
            return True
    return False


def _resumes(piece: str) -> bool:
    """Return whether the speaker before a note or heading speaks again in what follows it."""
    return piece.startswith("That ") or is_own(QUOTED.sub(" ", piece[:_LONGEST_NOTE]))


def _behind(where: Sequence[Span], start: int) -> list[Span]:
    """Return the spans from ``start`` on."""
    return [(max(start, span[0]), span[1]) for span in where if span[1] > start]


def _append(text: str, floor: list[tuple[Span, ...]], where: Sequence[Span]) -> None:
    parts = tuple(part for span in where for part in said(text, span))
    if parts:
        floor.append(parts)


def gather(
    text: str, lines: Sequence[Line], pieces: Sequence[list[int]], start: int
) -> tuple[list[tuple[Span, ...]], list[Block]]:
    """Return the speech in ``pieces`` from ``start`` on, and their paragraphs that are notes or headings."""
    paragraphs: list[tuple[Span, ...]] = []
    blocks: list[Block] = []
    for piece in pieces:
        first, end = max(start, lines[piece[0]].start), lines[piece[-1]].end
        kind = kind_of(text, first, end, last_ended=bool(paragraphs), before_label=False) if first < end else "aside"
        size = len(paragraphs)
        if kind == "speech":
            _append(text, paragraphs, _behind(spans(lines, piece), first))
        if len(paragraphs) == size and first < end:
            blocks.append(Block(first, end, "aside" if kind == "speech" else kind))
    return paragraphs, blocks
