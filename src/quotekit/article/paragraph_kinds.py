"""Decides what each paragraph is, by its own words, by its place and by its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from quotekit.article import boilerplate
from quotekit.article.boilerplate import ParagraphKind
from quotekit.article.datelines import dateline_end
from quotekit.article.sentences import CLOSERS, ends_sentence
from quotekit.lexicon.speech import speech_words
from quotekit.models import Span

_DASHES = "-–—―"
_MARKS = '"“”«»„'
_LONGEST_HEADLINE = 200
_LONGEST_HEADING = 60
_LONGEST_LINE = 160
_LONGEST_CAPTION = 120


def paragraph_kinds(text: str, spans: list[Span]) -> list[ParagraphKind]:
    """Return the kind of each of the paragraphs ``spans``."""
    body = _first_of_body(text, spans)
    kinds = [boilerplate.kind_of(_piece(text, span), i < body) or "text" for i, span in enumerate(spans)]
    _name_repeated(text, spans, kinds)
    _name_beside(text, spans, kinds)
    if body:
        _name_preamble(text, spans, kinds, body)
    _name_headings(text, spans, kinds, max(body, 1))
    return kinds


def _piece(text: str, span: Span) -> str:
    """Return as much of a paragraph as is looked at."""
    return text[span[0] : min(span[1], span[0] + boilerplate.LONGEST + 1)]


def _name_repeated(text: str, spans: list[Span], kinds: list[ParagraphKind]) -> None:
    """Name the short lines that come again and again, such as the label of an advert."""
    short = [
        i
        for i, (start, end) in enumerate(spans)
        if kinds[i] == "text" and end - start <= _LONGEST_HEADING and not ends_sentence(text, start, end)
    ]
    counted = Counter(text[slice(*spans[i])] for i in short)
    for i in short:
        if counted[text[slice(*spans[i])]] > 1:
            kinds[i] = "other"


def _name_beside(text: str, spans: list[Span], kinds: list[ParagraphKind]) -> None:
    """Name the lines that speak to the reader next to others that are no running text."""
    for i in [*range(1, len(spans)), *range(len(spans) - 2, -1, -1)]:
        neighbours = kinds[max(0, i - 1) : i + 2]
        if kinds[i] == "text" and ("other" in neighbours or "link" in neighbours):
            kinds[i] = boilerplate.kind_of(_piece(text, spans[i]), False, beside=True) or "text"


def _name_headings(text: str, spans: list[Span], kinds: list[ParagraphKind], first: int) -> None:
    """Name the lines between paragraphs that end like no sentence: headings, and headlines of other stories."""
    texts = [span for span, kind in zip(spans, kinds, strict=True) if kind == "text"]
    ended = [span for span in texts if ends_sentence(text, *span)]
    prose = 3 * len(ended) >= 2 * len(texts) or 3 * _length(ended) >= 2 * _length(texts)
    for i in range(first, len(spans) - 1):
        if kinds[i] == "text" and _is_heading(text, spans, i):
            kinds[i] = "headline"
        elif kinds[i] == "text" and prose and _is_other_story(text, spans, kinds, i):
            kinds[i] = "other"


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def _is_other_story(text: str, spans: list[Span], kinds: list[ParagraphKind], i: int) -> bool:
    """Return whether the line is the headline of another story, in the middle of this one."""
    start, end = spans[i]
    if end - start > _LONGEST_HEADLINE or ends_sentence(text, start, end) or not text[start].isupper():
        return False
    piece, before, after = text[start:end], spans[i - 1], spans[i + 1]
    words = boilerplate.words_of(piece)
    return (
        len(words) >= 4
        # A headline speaks in the present: it has "says" and not "said".
        and not any(word.endswith("d") for word in speech_words().intersection(words))
        and not any(mark in piece for mark in _MARKS)
        and piece[-1] not in _DASHES + ",;"
        and (kinds[i - 1] != "text" or ends_sentence(text, *before))
        and not text[after[0]].islower()
    )


def _first_of_body(text: str, spans: list[Span]) -> int:
    """Return the index of the first paragraph that reads like running text; 0 if none does, and all is body."""
    for i, (start, end) in enumerate(spans):
        if _is_running(text, spans, i) and boilerplate.kind_of(text[start : min(end, start + 401)], True) is None:
            return i
    return 0


def _is_running(text: str, spans: list[Span], i: int) -> bool:
    start, end = spans[i]
    if end - start > _LONGEST_HEADLINE or _leaves_a_mark_open(text[start:end]):
        return True
    if not ends_sentence(text, start, end):
        return False
    short = end - start <= _LONGEST_LINE and any(b - a > 1.3 * (end - start) for a, b in spans[i + 1 : i + 4])
    if i == 0 and short:
        after = spans[1]
        if dateline_end(text, *after, first=False, labels=True) > after[0]:
            return False
        return len(spans) < 3 or not boilerplate.looks_like_headline(text[start:end])
    if i == 1 and short and not ends_sentence(text, *spans[0]) and text[spans[0][1] : start].count("\n") == 1:
        return False
    return len(boilerplate.words_of(text[start:end])) >= 4


def _leaves_a_mark_open(piece: str) -> bool:
    """Return whether a quote begins in ``piece`` and continues after it."""
    return (
        piece.count('"') % 2 == 1
        or any(piece.count(a) > piece.count(b) for a, b in ("“”", "‘’", "«»"))
        or (piece.startswith("''") and piece.count("''") == 1)
    )


def _name_preamble(text: str, spans: list[Span], kinds: list[ParagraphKind], body: int) -> None:
    """Name the lines before the body: headlines down to the byline or date, then captions."""
    seen_byline = False
    for i in range(body):
        start, end = spans[i]
        if kinds[i] in ("byline", "date"):
            seen_byline = True
        if kinds[i] != "text":
            continue
        if not seen_byline or boilerplate.is_heading_markup(text[start:end]):
            kinds[i] = "headline"
        elif end - start <= _LONGEST_CAPTION and not boilerplate.has_speech(text[start:end]):
            kinds[i] = "caption"


def _is_heading(text: str, spans: list[Span], i: int) -> bool:
    """Return whether a short line between paragraphs is a section's heading, and not a piece of a sentence."""
    start, end = spans[i]
    piece = text[start : min(end, start + 200)]
    if end - start < 200 and boilerplate.is_heading_markup(piece):
        return True
    if end - start > _LONGEST_HEADING or ends_sentence(text, start, end) or not piece[0].isupper():
        return False
    before, after = spans[i - 1], spans[i + 1]
    return (
        len(boilerplate.words_of(piece)) <= 7
        and not boilerplate.has_speech_verb(piece)
        and not any(mark in piece for mark in '"“”«»„,;=')
        # Someone who is broken off in mid-sentence was speaking.
        and piece.rstrip(CLOSERS)[-1] not in _DASHES
        and ends_sentence(text, *before)
        and text[before[1] - 1] not in '"”:'
        and not text[after[0]].islower()
        and after[1] - after[0] > 1.5 * (end - start)
    )
