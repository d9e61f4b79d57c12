"""Finds the quoted stretches of an article, without spaCy.

Each paragraph is paired by itself (`pairing`), so that a stray or missing mark costs at most its own paragraph.
Only two things link paragraphs: an open quote continues if the next paragraph opens with the same mark, and a quote
broken by a stray blank line is read as if the line were not there.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from quotekit.article.boilerplate import has_speech_verb
from quotekit.article.mark_costs import plain_marks
from quotekit.article.markup import plain_markup
from quotekit.article.pairing import Reading, read
from quotekit.article.paragraphs import Article, Paragraph, ends_sentence
from quotekit.article.quotation_marks import Mark, find_marks
from quotekit.models import Span, strip

_LEAD = frozenset(" \t\xa0*_>…")
_WORTH_JOINING = 2.0
"""How much less two paragraphs must cost together than apart to be read as one."""

_UNLIKELY = 2.0
"""A mark that opens, or closes, for less may well do so."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch in quotation marks.

    Attributes:
        outer: the stretch with its marks.
        inner: the stretch without its marks and the white space at its edges. Both are within one paragraph, unless
            a stray blank line breaks the quote.
        paragraph: index of the paragraph in which it begins.
        depth: 0 for the outermost.
        closed: false if the closing mark is missing, usually because the quote continues in the next paragraph.
        continues: index, in the list of all, of the stretch in an earlier paragraph that this one continues.
    """

    outer: Span
    inner: Span
    paragraph: int
    depth: int
    closed: bool
    continues: int | None


@dataclass(slots=True)
class _Unit:
    """A paragraph, or two that are read as one, its marks and how they pair."""

    first: int
    end: int
    running: bool
    marks: list[Mark]
    reading: Reading


def find_quoted(article: Article) -> list[Quoted]:
    """Return every quoted stretch of the article, by start, outer before inner.

    >>> from quotekit.article.paragraphs import read_article
    >>> [quoted] = find_quoted(read_article("Ann Lee said: “It’s on.”"))
    >>> quoted.inner, quoted.depth
    ((15, 23), 0)
    """
    quoted: list[Quoted] = []
    left_open: list[int] = []
    for unit in _units(article):
        opened = _collect(article, unit, quoted, left_open)
        if unit.running:
            left_open = opened
    return quoted


def _units(article: Article) -> list[_Unit]:
    text, paragraphs = plain_marks(plain_markup(article.text)), article.paragraphs
    readable = [i for i, paragraph in enumerate(paragraphs) if paragraph.kind in ("text", "headline")]
    marks = {i: find_marks(text, paragraphs[i].body, paragraphs[i].end) for i in readable}
    running = [i for i in readable if paragraphs[i].kind == "text"]
    goes_on = {i: _leading(text, paragraphs[k], marks[k]) for i, k in pairwise(running)}
    units: list[_Unit] = []
    joined = -1
    for i in readable:
        if i == joined:
            continue
        paragraph = paragraphs[i]
        reading = read(marks[i], goes_on.get(i, ()), paragraph.end)
        unit = _Unit(i, paragraph.end, paragraph.kind == "text", marks[i], reading)
        if unit.running and unit.reading.ignored and i + 1 in marks and paragraphs[i + 1].kind == "text":
            whole = _joined(text, unit, paragraphs[i + 1], marks[i + 1], goes_on.get(i + 1, ()))
            if whole:
                unit, joined = whole, i + 1
        units.append(unit)
    return units


def _leading(text: str, paragraph: Paragraph, marks: list[Mark]) -> tuple[str, ...]:
    """Return the families of the marks that open a paragraph, outermost first."""
    families: list[str] = []
    position = paragraph.body
    for mark in marks:
        if mark.costs.opens >= _UNLIKELY or not _LEAD.issuperset(text[position : mark.start]):
            break
        families.append(mark.family)
        position = mark.end
    return tuple(families)


def _joined(text: str, unit: _Unit, after: Paragraph, marks: list[Mark], goes_on: tuple[str, ...]) -> _Unit | None:
    """Read the unit and the next paragraph as one, if a mark left open in the first is closed in the second."""
    broken = not ends_sentence(text, unit.marks[0].start, unit.end)
    families = {
        unit.marks[i].family
        for i in unit.reading.ignored
        if unit.marks[i].costs.opens < _UNLIKELY and (broken or unit.marks[i].family != "single")
    }
    families.intersection_update(mark.family for mark in marks if mark.costs.closes < _UNLIKELY)
    if not families:
        return None
    alone = read(marks, goes_on, after.end)
    if not broken and not any(marks[i].costs.closes < _UNLIKELY for i in alone.ignored):
        return None
    both = unit.marks + marks
    reading = read(both, goes_on, after.end)
    count = len(unit.marks)
    spans_break = any(a < count and (b is None or b >= count) for a, b, _ in reading.pairs)
    saved = unit.reading.cost + alone.cost - reading.cost
    if not spans_break or saved < _WORTH_JOINING:
        return None
    return _Unit(unit.first, after.end, True, both, reading)


def _collect(article: Article, unit: _Unit, quoted: list[Quoted], left_open: list[int]) -> list[int]:
    """Append the unit's stretches to ``quoted`` and return the indices of those left open, by depth."""
    text, marks = article.text, unit.marks
    pairs = list(unit.reading.pairs)
    unclosed = _speech_to_the_end(text, unit)
    if unclosed is not None:
        pairs.append((unclosed, None, 0))
        pairs.sort()
    opened: list[int] = []
    leading = True
    for a, b, depth in pairs:
        start, inner_end = marks[a].start, unit.end if b is None else marks[b].start
        inner = strip(text, (marks[a].end, inner_end))
        leading = leading and a == depth
        if inner[0] == inner[1]:
            continue
        continues = left_open[depth] if leading and depth < len(left_open) else None
        paragraph = bisect_right(article.paragraphs, start, key=lambda p: p.start) - 1
        outer = (start, unit.end if b is None else marks[b].end)
        quoted.append(Quoted(outer, inner, paragraph, depth, b is not None, continues))
        if b is None and a != unclosed:
            opened.append(len(quoted) - 1)
    return opened


def _speech_to_the_end(text: str, unit: _Unit) -> int | None:
    """Return the mark that is never closed, if all that follows it in the paragraph reads like speech."""
    if not unit.reading.ignored or not unit.running:
        return None
    i = unit.reading.ignored[-1]
    mark = unit.marks[i]
    paired = max((max(a, b or a) for a, b, _ in unit.reading.pairs), default=-1)
    if mark.family == "single" or mark.costs.opens > 0 or i < paired or not ends_sentence(text, mark.end, unit.end):
        return None
    before = text[max(0, mark.start - 20) : mark.start].split()
    said_before = bool(before) and has_speech_verb(before[-1])
    if before and before[-1].endswith((",", ":")):
        return i
    stands_alone = not before or said_before or ends_sentence(before[-1], 0, len(before[-1]))
    return i if stands_alone and not has_speech_verb(text[mark.end : unit.end]) else None
