"""Labels articles with what teachers say of them: probabilities of tags and pointers, in shards.

    python -m training.encoder.label ../shared/unlabelled/*.jsonl.gz --first 200
    python -m training.encoder.label ../shared/unlabelled/*.jsonl.gz --teachers a.pt b.pt --tokenizer tokenizer.json
    python -m training.encoder.label ../shared/polnear/train.jsonl --teachers a.pt b.pt --unseen ...

Without ``--teachers`` the teacher is quotekit itself, rules and encoder, and only stories are labelled. The labels of
several teachers are their mean. With ``--unseen`` each of N teachers was trained with ``--hold-out
K/N``, K from 0, and an article is labelled by the one that has not seen it. A shard that exists is not made anew, so
that the same command continues after a stop; delete the folder for other teachers.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from quotekit import Extractor
from quotekit.encoder.decoding import CONTENT, softmax
from quotekit.encoder.network import WindowLogits, load_encoder
from quotekit.encoder.word_pieces import Pieces
from training.encoder import shards
from training.encoder.own import own_answers
from training.encoder.reader import Reader
from training.encoder.windows import NOWHERE, Floats, Lesson, Pointers, mixed, pieces_of

TARGETS = 4
"""Targets that are kept of a pointer."""

OWN_SHARE = 0.7
"""The share of rules and encoder together in what quotekit says; the rest is the encoder's alone."""

LEAST = 0.05
"""Probability of content from which on a piece's pointers are kept."""


Labeller = Callable[[str], Lesson | None]
"""Says what should be learned of an article, or None."""


def by_networks(paths: list[Path], tokenizer: Path) -> Labeller:
    """Labels an article with the answers of the networks in ``paths``."""
    reader = Reader.load(paths, tokenizer)

    def label(text: str) -> Lesson:
        pieces = pieces_of(text, reader.tokenizer)
        return answers(pieces, reader.read(pieces))

    return label


def by_quotekit() -> Labeller:
    """Labels a story with what quotekit finds and what its encoder says, mixed; other articles are left out."""
    encoder, extractor = load_encoder(), Extractor(attitudes=True, min_confidence=0)

    def label(text: str) -> Lesson | None:
        pieces = pieces_of(text, encoder.tokenizer)
        found = own_answers(text, pieces, extractor)
        return found and mixed(answers(pieces, encoder.read(pieces)), found, OWN_SHARE)

    return label


def answers(pieces: Pieces, sights: Iterable[WindowLogits]) -> Lesson:
    """``pieces`` with what the networks say of them."""
    count = len(pieces)
    tags = np.zeros((count, 7), dtype=np.float32)
    at = [np.full((count, TARGETS), NOWHERE) for _ in range(2)]
    shares = [np.zeros((count, TARGETS), dtype=np.float32) for _ in range(2)]
    for sight in sights:
        here = softmax(sight.tags)
        tags[sight.first : sight.last] = here
        content = here[:, CONTENT:].sum(1)
        rows = np.flatnonzero(content > LEAST)
        for i, logits in enumerate((sight.sources, sight.cues)):
            at[i][sight.first + rows], most = _most(logits[rows], sight.start)
            shares[i][sight.first + rows] = most * content[rows, None]
    pointers = (Pointers(*both) for both in zip(at, shares, strict=True))
    return Lesson(pieces.ids, pieces.features, tags, *pointers)


def _most(logits: Floats, start: int) -> tuple[Any, Floats]:
    """The likeliest targets of each row of ``logits``, counted in the article, and their probabilities."""
    if logits.shape[1] < TARGETS:
        logits = np.pad(logits, ((0, 0), (0, TARGETS - logits.shape[1])), constant_values=-100.0)
    columns = np.argsort(-logits, axis=1)[:, :TARGETS]
    return np.where(columns == 0, NOWHERE, columns - 1 + start), np.take_along_axis(softmax(logits), columns, axis=1)


def label_file(path: Path, labellers: list[Labeller], out: Path, first: int | None) -> None:
    """Write the shards of the ``first`` articles of ``path`` to ``out``; article i is read by ``labellers[i % N]``."""
    out.mkdir(parents=True, exist_ok=True)
    numbered = enumerate(islice(shards.records(path), first))
    for number, some in enumerate(iter(lambda: list(islice(numbered, shards.ARTICLES)), [])):
        shard = out / f"{number:03}.npz"
        if shard.exists():
            continue
        began = time.monotonic()
        labelled = ((record["id"], labellers[i % len(labellers)](record["text"])) for i, record in some)
        lessons = {article: lesson for article, lesson in labelled if lesson}
        shards.write(shard, lessons)
        print(f"{shard}: {len(lessons)} articles, {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("articles", type=Path, nargs="+", help="JSONL files, compressed or not, with id and text")
    add("--teachers", type=Path, nargs="+", help="files of training.encoder.train; quotekit itself unless given")
    add("--tokenizer", type=Path, help="for --teachers: the base's tokenizer.json")
    add("--unseen", action="store_true", help="article i is labelled by teacher i modulo their number alone")
    add("--first", type=int, help="only the first articles of each file")
    add("--out", type=Path, default=Path("labels"), help="folder; each file of articles has one inside it")
    given = parser.parse_args()
    if given.teachers and not given.tokenizer:
        parser.error("--teachers needs --tokenizer")
    alone = [[teacher] for teacher in given.teachers or ()]
    together = alone if given.unseen else [given.teachers]
    labellers = [by_networks(teachers, given.tokenizer) for teachers in together] if given.teachers else [by_quotekit()]
    for path in given.articles:
        label_file(path, labellers, shards.folder_of(given.out, path), given.first)


if __name__ == "__main__":
    main()
