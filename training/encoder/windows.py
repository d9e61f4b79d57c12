"""PolNeAR's articles as what the network reads and should answer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import find_quoted
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE
from quotekit.encoder.network import CLS, SEP
from quotekit.encoder.word_pieces import Integers, Pieces, read_pieces

NOWHERE, IGNORED = -1, -100
"""A pointer to nothing, and one that teaches nothing."""


@dataclass(frozen=True)
class Lesson:
    """One article's pieces with the annotators' answers: a tag each, and where its source and its cue begin."""

    pieces: Pieces
    tags: Integers
    sources: Integers
    cues: Integers


@dataclass(frozen=True)
class Window:
    """A stretch of an article, ``[CLS]`` before it and ``[SEP]`` after it."""

    ids: Integers
    features: Integers
    tags: Integers
    sources: Integers
    cues: Integers


def lesson(record: dict[str, Any], tokenizer: Tokenizer) -> Lesson:
    """The lesson of one record."""
    article = read_article(record["text"])
    pieces = read_pieces(article, find_quoted(article), tokenizer)
    count = len(pieces)
    tags = np.zeros(count, dtype=np.int64)
    sources, cues = np.full(count, NOWHERE), np.full(count, NOWHERE)

    def covered(span: list[int]) -> Integers:
        first = np.searchsorted(pieces.ends, span[0], side="right")
        last = np.searchsorted(pieces.starts, span[1], side="left")
        return np.arange(first, last)

    def tag(span: list[int], kind: int) -> Integers:
        at = covered(span)
        if len(at):
            tags[at] = kind + 1
            tags[at[0]] = kind
        return at

    for attribution in record["attributions"]:
        contents = [tag(span, CONTENT) for span in attribution["content"]]
        first = {}
        for name, kind in (("source", SOURCE), ("cue", CUE)):
            runs = [tag(span, kind) for span in attribution[name]]
            first[name] = next((run[0] for run in runs if len(run)), NOWHERE)
        for at in contents:
            sources[at], cues[at] = first["source"], first["cue"]
    return Lesson(pieces, tags, sources, cues)


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
    """Pieces ``start`` to ``end`` of an article; what is pointed to outside of them teaches nothing."""
    here = slice(start, end)

    def framed(values: Integers, first: int, last: int) -> Integers:
        return np.r_[first, values[here], last]

    def pointers(values: Integers) -> Integers:
        moved = values[here] - start + 1
        moved[(values[here] < start) | (values[here] >= end)] = IGNORED
        moved[values[here] == NOWHERE] = 0
        moved[one.tags[here] < CONTENT] = IGNORED
        return np.r_[IGNORED, moved, IGNORED]

    return Window(
        framed(one.pieces.ids, CLS, SEP),
        framed(one.pieces.features, 0, 0),
        framed(one.tags, IGNORED, IGNORED),
        pointers(one.sources),
        pointers(one.cues),
    )
