"""Turns without labels: captions, dialogues with dashes, and interviews whose questions differ in layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from quotekit.form.evidence import narrated
from quotekit.form.lines import Line, ends_sentence, extent
from quotekit.form.names import Heading, taken_from
from quotekit.form.sections import sections_of, story_behind
from quotekit.form.turns import CHANGE, gather, kind_of, says_i
from quotekit.form.types import Block, Form, FormKind, Turn, Voice
from quotekit.form.words import documents, words
from quotekit.lexicon import load
from quotekit.lexicon.places import place
from quotekit.models import Exchange, Span, strip

_DASH = re.compile(r"[-–—−]\s+(?=\S)")
_QUOTED_LABEL = re.compile(r"""["“'‘][A-Z][A-Z.'’ -]{2,40}:\s""")
"""A label inside the quotation marks, in a story that quotes an interview."""

_MARK = re.compile(r"(?:\*{1,3}|_{1,3}|#{1,6}\s)(?=\S)")
_TAG = re.compile(r"<(b|strong|em|i|h[1-6])\b[^<>]{0,80}>(?:\s|<[^<>]{0,80}>)*\Z", re.IGNORECASE)
_LONGEST_NAME = 4
_WITH = re.compile(r"\b(?:for|with|to)\s\Z")
_BEHIND = re.compile(r"(?:,| \()[^.;:!?\n]*")
_NEAR = 60
_NEXT = 2
"""Paragraphs before the first question whose names have a bonus."""

_WORD = re.compile(r"[a-z-]+")
_NAMED = 2
"""Minimum evidence for the name of the interviewee."""

_MARKUP = "*_# \t\xa0"
_LONGEST_QUESTION = 700
_LONGEST_TAG = 200
_FEWEST = {"captions": 3, "dashes": 4, "marked": 2, "bare": 3}
_SHARE = {"captions": 0.3, "dashes": 0.6}
"""Minimum share of the paragraphs that open a turn."""

_OWN = {"captions": 0.2, "dashes": 0.3, "marked": 0.5, "bare": 0.6}
"""Minimum share of the turns, or answers, in the first person."""

_YOU = {("marked", False): 0.25, ("marked", True): 0.0, ("bare", False): 0.4, ("bare", True): 0.2}
"""Minimum share of the questions that say you; the second item is whether an interview was announced."""

_YOUR = re.compile(r"\byour?\b", re.IGNORECASE)
_ASKED = 0.6
"""Minimum share of the marked paragraphs that ask."""

_SENTENCES = 0.8
"""Minimum share of marked paragraphs that are whole sentences, where few of them ask."""

_MOST_NARRATED = 0.1
_MOST_INTRODUCTION = 12


@dataclass(frozen=True, slots=True)
class _Part:
    """The paragraphs of one turn: their indices, the start of the first, and the exchange."""

    pieces: range
    start: int
    exchange: Exchange | None


def read_unlabelled(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> Form | None:
    """Return the form of a document whose turns have no labels, or ``None``.

    >>> from quotekit.form import read_form
    >>> form = read_form("Oda Falk, minister\\n\\n**Will you pay?**\\n\\nWe will.\\n\\n**All of it?**\\n\\nI hope so.")
    >>> [(turn.exchange, turn.voice) for turn in form.turns]
    [('question', None), ('answer', 0), ('question', None), ('answer', 0)]
    """
    spans = [extent(lines, piece) for piece in pieces]
    if sum(_QUOTED_LABEL.match(text, *span) is not None for span in spans) > 1:
        return None
    parts = _changes(text, spans) or _questions(text, spans)
    if not parts:
        return None
    first, last = parts[0].pieces.start, parts[-1].pieces
    end = story_behind(text, lines, pieces, range(last.start + 1, len(pieces)), within=False)
    asked = any(part.exchange for part in parts)
    who = _interviewee(text, spans[:first]) if asked else None
    below = _below_answer(text, spans, range(last.start, min(last.stop, end)), who[0].name if who else None)
    end = end if below is None else below
    if narrated(text, lines, pieces[first:end])[-1] > _MOST_NARRATED * (end - first) + 1:
        return None
    parts[-1] = replace(parts[-1], pieces=range(last.start, min(last.stop, end)))
    if asked and not who and not _mark(text, spans[first]) and not _is_announced(text, spans[:first]):
        return None
    return _form(text, lines, pieces, parts, end, who)


def _below_answer(text: str, spans: Sequence[Span], last: range, name: str | None) -> int | None:
    """Return the heading below the last answer, or a note on the interviewee, if nobody says I or we from there."""
    until = None
    for number in reversed(last[1:]):
        piece = text[slice(*spans[number])]
        # Write to us: tips@harbour.example
        if says_i(piece) and "@" not in piece:
            break
        if kind_of(text, *spans[number], True, False) == "heading" or (name and name in piece):
            until = number
    return until


def _changes(text: str, spans: Sequence[Span]) -> list[_Part]:
    """Return the turns of captions, or of a dialogue whose turns open with a dash."""
    for kind, opening in (("captions", re.compile(rf"{CHANGE}\s*")), ("dashes", _DASH)):
        found = [(n, match.end()) for n, span in enumerate(spans) if (match := opening.match(text, *span))]
        if len(found) < max(_FEWEST[kind], _SHARE[kind] * len(spans)):
            continue
        ends = [n for n, _ in found[1:]] + [len(spans)]
        parts = [_Part(range(n, end), start, None) for (n, start), end in zip(found, ends, strict=True)]
        asking = sum("?" in text[part.start : spans[part.pieces[-1]][1]] for part in parts)
        own = sum(_is_own(text, spans, part) for part in parts)
        if own >= _OWN[kind] * len(parts) and (kind == "captions" or 1 < asking < len(parts)):
            return parts
    return []


def _questions(text: str, spans: Sequence[Span]) -> list[_Part]:
    """Return the turns of an interview whose questions are marked or are paragraphs of their own."""
    marks = {n: mark for n, span in enumerate(spans) if (mark := _mark(text, span))}
    asking = [n for n, span in enumerate(spans) if is_question(text, span)]
    asked = Counter(marks[n] for n in asking if n in marks)
    groups = [[n for n in marks if marks[n] == mark] for mark, _ in asked.most_common()]
    marked = [group if _mostly(group, asking) else _alternate(text, spans, group, asking) for group in groups]
    for kind, found in [*(("marked", group) for group in marked if group), ("bare", asking)]:
        parts = list(_exchanges(spans, found, marks))
        answers = [part for part in parts if part.exchange == "answer"]
        if len(answers) < _FEWEST[kind]:
            continue
        own = sum(_is_own(text, spans, part) for part in answers)
        addressed = sum(_addresses(text, spans, part) for part in parts)
        announced = _is_announced(text, spans[: parts[0].pieces.start])
        if own >= _OWN[kind] * len(answers) and addressed >= _YOU[kind, announced] * len(answers):
            return parts
    return []


def _mostly(group: Sequence[int], asking: Sequence[int]) -> bool:
    return len(set(asking).intersection(group)) >= _ASKED * len(group)


def _alternate(text: str, spans: Sequence[Span], group: Sequence[int], asking: Sequence[int]) -> Sequence[int]:
    """Return the marked paragraphs if they are sentences with an answer behind each, though few of them ask."""
    said = [n for n in group if _is_sentence(text[slice(*spans[n])].strip("*_# "))]
    answered = sum(following - n > 1 for n, following in pairwise([*said, len(spans)]))
    enough = len(said) >= max(_FEWEST["bare"], _SENTENCES * len(group)) and answered >= _SENTENCES * len(said)
    return said if enough and len(set(asking).intersection(said)) > 1 else ()


def _is_sentence(piece: str) -> bool:
    """Return whether a marked paragraph is a sentence, and no title in quotation marks."""
    return bool(piece) and ends_sentence(piece, 0, len(piece)) and piece[0] not in '“"'


def _is_announced(text: str, spans: Sequence[Span]) -> bool:
    """Return whether the paragraphs before the questions mention an interview."""
    said = {word for start, end in spans[-_MOST_INTRODUCTION:] for word in _WORD.findall(text[start:end].casefold())}
    return not said.isdisjoint(documents().interviews)


def _exchanges(spans: Sequence[Span], asking: Sequence[int], marks: Mapping[int, str]) -> Iterator[_Part]:
    """Yield questions and their answers; marked paragraphs after the last answer are notes."""
    for n, end in pairwise([*asking, len(spans)]):
        answer = range(n + 1, next((m for m in range(n + 1, end) if m in marks), end))
        if answer:
            yield _Part(range(n, n + 1), spans[n][0], "question")
            yield _Part(answer, spans[answer.start][0], "answer")


def _mark(text: str, span: Span) -> str:
    """Return the mark of a paragraph that is wholly bold, in italics or a heading; empty for others."""
    match = _MARK.match(text, *span)
    if match:
        mark = match.group().strip()
        whole = mark[0] == "#" or (text.endswith(mark, *span) and mark not in text[match.end() : span[1] - len(mark)])
        return mark if whole else ""
    tag = _TAG.search(text, max(0, span[0] - _LONGEST_TAG), span[0])
    return tag[1].casefold() if tag else ""


def is_question(text: str, span: Span) -> bool:
    """Return whether a paragraph is one short question."""
    return span[1] - span[0] <= _LONGEST_QUESTION and text[slice(*span)].rstrip('*_ ”"').endswith("?")


def _is_own(text: str, spans: Sequence[Span], part: _Part) -> bool:
    return says_i(text[part.start : spans[part.pieces[-1]][1]])


def _addresses(text: str, spans: Sequence[Span], part: _Part) -> bool:
    """Return whether a part is a question that says you."""
    return part.exchange == "question" and bool(_YOUR.search(text, *spans[part.pieces.start]))


@cache
def _names() -> re.Pattern[str]:
    """Return a pattern of capitalized words that may be a title and a name.

    The length of a word is bounded, so that a long one does not make the search quadratic.
    """
    particles = "|".join(load("names")["particles"].split())
    word = r"[A-Z](?:\w{0,3}\.|(?:[\w’'-]{0,40}[^\W_])?(?!-?[^\W_]))"
    return re.compile(rf"\b{word}(?: (?:(?:{particles}) )?{word}){{1,6}}(?<!['’]s)(?<!\.)")


def _interviewee(text: str, spans: Sequence[Span]) -> tuple[Voice, Span] | None:
    """Return the interviewee: the name with the most evidence in the paragraphs before the questions, if any."""
    found: Counter[str] = Counter()
    named: dict[str, tuple[Heading, Span]] = {}
    for near, (start, end) in enumerate(reversed(spans[-_MOST_INTRODUCTION:])):
        if documents().credits.intersection(text[start : start + 40].casefold().strip("*_ ").split(None, 2)[:2]):
            continue
        for match in _names().finditer(text, start, end):
            heading = taken_from(match.group())
            if heading.named and 1 < len(heading.tokens) <= _LONGEST_NAME and _is_name(text, heading, match.start()):
                named.setdefault(heading.printed, (heading, match.span()))
                evidence = _of_name(text, heading, match.span()) + _NAMED * (near < _NEXT)
                found[heading.printed] = max(found[heading.printed], evidence)
    best = found.most_common(2)
    if not best or best[0][1] < _NAMED or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    heading, span = named[best[0][0]]
    return Voice(heading.printed, True, heading.title, gender=heading.gender), span


def _is_name(text: str, heading: Heading, start: int) -> bool:
    """Return whether capitalized words can be a person's name: not a place, outlet or day, and no article before."""
    lists = words()
    other = not (lists.media | lists.dates | lists.openers).isdisjoint(heading.tokens) or place(heading.printed)
    return not other and (bool(heading.titles) or not text[max(0, start - 4) : start].casefold().endswith("the "))


def _of_name(text: str, heading: Heading, span: Span) -> int:
    """Return the evidence that a name is the interviewee's: a given name, an office beside it."""
    lists = words()
    behind = _BEHIND.match(text, span[1], span[1] + _NEAR)
    before = text[max(0, span[0] - _NEAR) : span[0]].casefold().split()[-1:]
    beside = {*before, *(_WORD.findall(behind.group().casefold()) if behind else ())}
    office = heading.titles or not lists.offices.isdisjoint(beside)
    with_whom = _WITH.search(text, max(0, span[0] - 6), span[0])
    return _NAMED * ((heading.tokens[0] in lists.given) + bool(office) + bool(with_whom))


def _form(
    text: str,
    lines: Sequence[Line],
    pieces: Sequence[list[int]],
    parts: Sequence[_Part],
    end: int,
    who: tuple[Voice, Span] | None,
) -> Form:
    turns: list[Turn] = []
    blocks: list[Block] = []
    for part in parts:
        said, beside = gather(text, lines, [pieces[n] for n in part.pieces], part.start)
        blocks += beside
        if not said:
            continue
        label = strip(text, (lines[pieces[part.pieces.start][0]].start, part.start))
        if part.exchange == "question":
            said = [tuple(strip(text, span, _MARKUP) for span in paragraph) for paragraph in said]
        name, voice = (who[1], 0) if who and part.exchange == "answer" else (None, None)
        turns.append(Turn(len(turns), label, name, voice, part.exchange, tuple(said)))
    rest = range(parts[-1].pieces.stop, end)
    blocks += [Block(*extent(lines, pieces[n]), "note") for n in rest]
    kind: FormKind = "interview" if parts[0].exchange else "transcript"
    first = parts[0].pieces.start
    kinds: list[FormKind | None] = [None if n < first else kind if n < end else "story" for n in range(len(pieces))]
    sections = sections_of(text, lines, pieces, kinds)
    return Form("mixed" if sections else kind, 0.8, tuple(turns), (who[0],) if who else (), tuple(blocks), sections)
