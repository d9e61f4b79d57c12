"""Articles as what the network reads and should answer.

An answer is a distribution, so that an annotator's and a teacher's have one form and can be mixed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import find_quoted
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE
from quotekit.encoder.network import CLS, SEP
from quotekit.encoder.word_pieces import Integers, Pieces, read_pieces

TAGS = 7
NOWHERE = -1
"""The target of a pointer to nothing."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Pointers:
    """Where each piece should point: a row of pieces and of their shares. A row without any share teaches nothing."""

    at: Integers
    shares: Floats


@dataclass(frozen=True)
class Lesson:
    """An article's pieces and features with the probabilities of each one's tags, and its pointers."""

    ids: Integers
    features: Integers
    tags: Floats
    sources: Pointers
    cues: Pointers


@dataclass(frozen=True)
class Window(Lesson):
    """A stretch of an article, ``[CLS]`` before it and ``[SEP]`` after it; pointers count from ``[CLS]``."""


def pieces_of(text: str, tokenizer: Tokenizer) -> Pieces:
    """What the network reads of an article."""
    article = read_article(text)
    return read_pieces(article, find_quoted(article), tokenizer)


def pieces_in(pieces: Pieces, start: int, end: int) -> Integers:
    """The pieces that share a character with the span from ``start`` to ``end``, half-open."""
    first = np.searchsorted(pieces.ends, start, side="right")
    last = np.searchsorted(pieces.starts, end, side="left")
    return np.arange(first, last)


def lesson(record: dict[str, Any], tokenizer: Tokenizer) -> Lesson:
    """An article with the annotators' answers: a tag for each piece, and where its source and its cue begin."""
    pieces = pieces_of(record["text"], tokenizer)
    tags = np.zeros(len(pieces), dtype=np.int64)
    at = {kind: np.full(len(pieces), NOWHERE) for kind in (SOURCE, CUE)}
    for attribution in record["attributions"]:
        contents = [_tag(tags, pieces, span, CONTENT) for span in attribution["content"]]
        for name, kind in (("source", SOURCE), ("cue", CUE)):
            runs = [_tag(tags, pieces, span, kind) for span in attribution[name]]
            first = next((run[0] for run in runs if len(run)), NOWHERE)
            for content in contents:
                at[kind][content] = first
    is_content = (tags >= CONTENT).astype(np.float32)[:, None]
    pointers = (Pointers(at[kind][:, None], is_content) for kind in (SOURCE, CUE))
    return Lesson(pieces.ids, pieces.features, np.eye(TAGS, dtype=np.float32)[tags], *pointers)


def _tag(tags: Integers, pieces: Pieces, span: list[int], kind: int) -> Integers:
    """Tag the pieces of ``span``; returns them."""
    at = pieces_in(pieces, span[0], span[1])
    if len(at):
        tags[at] = kind + 1
        tags[at[0]] = kind
    return at


def mixed(first: Lesson, second: Lesson, share: float) -> Lesson:
    """Two answers about one article as one, ``share`` of it the second's.

    Raises:
        ValueError: the two have other pieces.
    """
    if not np.array_equal(first.ids, second.ids):
        raise ValueError("the answers are about other pieces")

    def both(one: Pointers, other: Pointers) -> Pointers:
        shares = np.hstack([(1 - share) * one.shares, share * other.shares])
        return Pointers(np.hstack([one.at, other.at]), shares)

    tags = (1 - share) * first.tags + share * second.tags
    sources, cues = both(first.sources, second.sources), both(first.cues, second.cues)
    return Lesson(first.ids, first.features, tags, sources, cues)


def windows(lessons: list[Lesson], sizes: tuple[int, ...], seed: int) -> Iterator[Window]:
    """The articles cut into windows, anew for every seed: each article at one of ``sizes``, from a random beginning."""
    chance = random.Random(seed)
    for one in lessons:
        size = chance.choice(sizes)
        count = len(one.tags)
        first = chance.randrange(size // 4, size + 1) if count > size else size
        edges = [0, *range(first, count, size), count] if first < count else [0, count]
        for start, end in pairwise(edges):
            # A window at an article's edge is filled from the other side: it costs little and teaches whole sentences.
            yield window(one, max(0, min(start, count - size)) if end == count else start, end)


def window(one: Lesson, start: int, end: int) -> Window:
    """Pieces ``start`` to ``end`` of an article."""
    here = slice(start, end)
    return Window(
        np.r_[CLS, one.ids[here], SEP],
        np.r_[0, one.features[here], 0],
        _framed(one.tags[here]),
        _inside(one.sources, start, end),
        _inside(one.cues, start, end),
    )


def _inside(pointers: Pointers, start: int, end: int) -> Pointers:
    """The pointers of a window, counted from its ``[CLS]``, which is also the target of those to nothing.

    Pieces outside the window lose their shares to the row's others; a row that loses most of them teaches nothing.
    """
    at, shares = pointers.at[start:end], pointers.shares[start:end].astype(np.float32)
    is_seen = (at == NOWHERE) | ((at >= start) & (at < end))
    before, seen = shares.sum(1, keepdims=True), (shares * is_seen).sum(1, keepdims=True)
    scale = np.divide(before, seen, out=np.zeros_like(seen), where=2 * seen > before)
    moved = np.where(is_seen & (at != NOWHERE), at - start + 1, 0)
    return Pointers(_framed(moved), _framed(shares * is_seen * scale))


def _framed(rows: NDArray[Any]) -> NDArray[Any]:
    """``rows`` with an empty one at each end."""
    return np.pad(rows, ((1, 1), (0, 0)))
