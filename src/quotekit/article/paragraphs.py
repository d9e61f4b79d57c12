"""Splits a text into paragraphs and decides which are running text, without spaCy.

Two things are decided for the whole text: whether a single line break ends a paragraph or only a line (hard-wrapped
text), and where the body begins. What is doubtful is running text, since losing a statement is worse than keeping a
caption.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotekit.article.boilerplate import ParagraphKind
from quotekit.article.datelines import dateline_end, single_labels
from quotekit.article.paragraph_kinds import paragraph_kinds
from quotekit.article.sentences import SENTENCE_ENDS as SENTENCE_ENDS
from quotekit.article.sentences import ends_sentence as ends_sentence
from quotekit.form.reading import read_form
from quotekit.form.types import BlockKind, Form
from quotekit.models import Span, overlap

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANK = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_WIDEST_WRAP = 100
_NARROWEST_WRAP = 40
_STORY = Form("story", 1.0)
_BLOCKS: dict[BlockKind, ParagraphKind] = {"aside": "other", "note": "other", "heading": "headline", "speech": "text"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, without the white space around it (characters, half-open).

    ``body`` is where its running text begins: after a dateline ("LONDON – "), else at ``start``.
    """

    start: int
    end: int
    kind: ParagraphKind
    body: int


@dataclass(frozen=True, slots=True)
class Article:
    """The caller's text, its paragraphs in order, and what kind of document it is."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    form: Form = _STORY


def read_article(text: str) -> Article:
    """Split ``text`` into paragraphs and tell boilerplate from running text.

    Any string is accepted. One without a letter has no paragraphs, or only some of kind ``other``.

    >>> article = read_article("Talks Go On\\n\\nBy Ann Lee\\n\\nLONDON – The talks will go on, she said.")
    >>> [paragraph.kind for paragraph in article.paragraphs]
    ['headline', 'byline', 'text']
    >>> text = article.text; text[article.paragraphs[2].body :]
    'The talks will go on, she said.'
    """
    form = read_form(text)
    paragraphs = _in_story(text, _paragraphs(text))
    if form.turns:
        found = sorted((*_outside(paragraphs, form.spoken), *_turns(form)), key=lambda paragraph: paragraph.start)
        paragraphs = tuple(found)
    return Article(text, paragraphs, form)


def _outside(paragraphs: Iterable[Paragraph], spoken: Sequence[Span]) -> Iterator[Paragraph]:
    """Yield the paragraphs outside the stretches in which people have the floor."""
    starts = [start for start, _ in spoken]
    for paragraph in paragraphs:
        near = spoken[max(0, bisect_right(starts, paragraph.end) - 1)]
        if not overlap((paragraph.start, paragraph.end), near):
            yield paragraph


def _turns(form: Form) -> list[Paragraph]:
    """Return the paragraphs of the turns, and those between them; labels are not running text."""
    found = [Paragraph(block.start, block.end, _BLOCKS[block.kind], block.start) for block in form.blocks]
    starts = sorted(block.start for block in form.blocks)
    for turn in form.turns:
        start, end = turn.label
        if not turn.paragraphs or bisect_left(starts, end) < bisect_left(starts, turn.paragraphs[0][0][0]):
            found.append(Paragraph(start, end, "other", start))
            start = end
        for parts in turn.paragraphs:
            found.append(Paragraph(start if start < turn.label[1] else parts[0][0], parts[-1][1], "text", parts[0][0]))
            start = turn.label[1]
    return found


def _in_story(text: str, spans: list[Span]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text without turns."""
    kinds = paragraph_kinds(text, spans)
    labels = single_labels(text, (span for span, kind in zip(spans, kinds, strict=True) if kind == "text"))
    first = next((i for i, kind in enumerate(kinds) if kind == "text"), -1)
    paragraphs = []
    for i, ((start, end), kind) in enumerate(zip(spans, kinds, strict=True)):
        body = start
        if kind == "text":
            body = dateline_end(text, start, end, first=i == first, labels=(start, end) in labels)
        paragraphs.append(Paragraph(start, end, kind, body))
    return tuple(paragraphs)


def _paragraphs(text: str) -> list[Span]:
    blocks = _blocks(text)
    wrapped = _is_wrapped(text, blocks)
    spans: list[Span] = []
    for lines in blocks:
        width = max((end - start for start, end in lines), default=0)
        start, last = lines[0]
        for line in lines[1:]:
            if _goes_on(text, (start, last), line, width if wrapped else 0):
                last = line[1]
            else:
                spans.append((start, last))
                start, last = line
        spans.append((start, last))
    return spans


def _blocks(text: str) -> list[list[Span]]:
    """Return lines without the white space around them, in groups divided by blank lines."""
    blocks: list[list[Span]] = []
    block: list[Span] = []
    previous = 0
    for match in _LINE.finditer(text):
        line = match.group()
        kept = line.strip(_BLANK)
        start = match.start() + (len(line) - len(line.lstrip(_BLANK)) if kept else 0)
        gap = match.start() - previous
        if block and (not kept or gap > 2 or (gap == 2 and text[previous : previous + 2] != "\r\n")):
            blocks.append(block)
            block = []
        if kept:
            block.append((start, start + len(kept)))
        previous = match.end()
    if block:
        blocks.append(block)
    return blocks


def _is_wrapped(text: str, blocks: list[list[Span]]) -> bool:
    """Return whether lines are broken at a width: most stop in mid-sentence and none is long."""
    pairs = middle = 0
    for lines in blocks:
        for (start, end), following in pairwise(lines):
            if end - start > _WIDEST_WRAP:
                return False
            if end - start >= _NARROWEST_WRAP and following[1] - following[0] <= _WIDEST_WRAP:
                pairs += 1
                middle += not ends_sentence(text, start, end)
    return pairs > 0 and middle >= 0.6 * pairs


def _goes_on(text: str, before: Span, line: Span, width: int) -> bool:
    """Return whether ``line`` continues the paragraph; ``width`` is that of the block in wrapped text, else 0."""
    if text[line[0]].islower() and not ends_sentence(text, *before):
        return True
    if not width:
        return False
    begin = max(before[0], before[1] - _WIDEST_WRAP)
    last_break = max((match.end() for match in _BREAK.finditer(text, begin, before[1])), default=begin)
    word = text[line[0] : line[0] + 40].split(None, 1)[0]
    return before[1] - last_break + 1 + len(word) > width - 8
