"""Labelled articles on disk: shards of a fixed number of lessons, compact, written whole or not at all."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from training.encoder.windows import Lesson, Pointers

ARTICLES = 100
"""Articles in a shard."""

KINDS = ("sources", "cues")


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSONL file, compressed or not."""
    opening = gzip.open if path.suffix == ".gz" else open
    with opening(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def folder_of(labels: Path, articles: Path) -> Path:
    """The folder inside ``labels`` for the shards of the file ``articles``."""
    return labels / articles.name.partition(".")[0]


def write(path: Path, lessons: dict[str, Lesson]) -> None:
    """Write ``lessons``, by the id of their articles, to ``path``; probabilities are rounded to half precision."""
    ready = list(lessons.values())
    rows = {kind: [np.flatnonzero(getattr(one, kind).shares.any(1)) for one in ready] for kind in KINDS}
    content: dict[str, Any] = {
        "articles": np.array(list(lessons)),
        "counts": np.array([len(one.ids) for one in ready]),
        "ids": np.concatenate([one.ids for one in ready]).astype(np.int32),
        "features": np.concatenate([one.features for one in ready]).astype(np.int8),
        "tags": np.concatenate([one.tags for one in ready]).astype(np.float16),
    }
    for kind in KINDS:
        pointers = [getattr(one, kind) for one in ready]
        content[f"{kind}_counts"] = np.array([len(at) for at in rows[kind]])
        content[f"{kind}_rows"] = np.concatenate(rows[kind]).astype(np.int32)
        for name, kept in (("at", np.int32), ("shares", np.float16)):
            picked = [getattr(one, name)[at] for one, at in zip(pointers, rows[kind], strict=True)]
            content[f"{kind}_{name}"] = np.concatenate(picked).astype(kept)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, **content)
    partial.replace(path)


def read(path: Path) -> dict[str, Lesson]:
    """The lessons of a shard by the id of their articles."""
    with np.load(path) as file:
        content = {name: file[name] for name in file.files}
    ends = np.cumsum(content["counts"])
    row_ends = {kind: np.cumsum(content[f"{kind}_counts"]) for kind in KINDS}
    ids, features = (content[name].astype(np.int64) for name in ("ids", "features"))
    lessons = {}
    for i, article in enumerate(content["articles"].tolist()):
        here = slice(ends[i] - content["counts"][i], ends[i])
        pointers = []
        for kind in KINDS:
            rows = slice(row_ends[kind][i] - content[f"{kind}_counts"][i], row_ends[kind][i])
            pointers.append(_pointers(content, kind, rows, int(content["counts"][i])))
        tags = content["tags"][here].astype(np.float32)
        lessons[article] = Lesson(ids[here], features[here], tags, *pointers)
    return lessons


def _pointers(content: dict[str, Any], kind: str, rows: slice, count: int) -> Pointers:
    """The pointers of ``count`` pieces, of which those in ``rows`` were kept."""
    kept = content[f"{kind}_rows"][rows]
    at = np.zeros((count, content[f"{kind}_at"].shape[1]), dtype=np.int64)
    shares = np.zeros(at.shape, dtype=np.float32)
    at[kept], shares[kept] = content[f"{kind}_at"][rows], content[f"{kind}_shares"][rows]
    return Pointers(at, shares)
