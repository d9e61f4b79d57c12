"""What is learned in each epoch: annotated articles in variants, and articles that only teachers have labelled."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from training.encoder import shards
from training.encoder.windows import Lesson, lesson, mixed


class Course:
    """The lessons of each epoch.

    ``articles`` are files with the same annotated articles, as they are and in variants: epoch i reads one, in turn.
    Where ``labels`` has a folder of the file, ``share`` of the answers are the teachers'. ``news`` are shards that
    teachers have labelled, ``many`` of which are read in an epoch, in turn. ``hold_out`` leaves out every Nth
    annotated article, counted from K.
    """

    def __init__(
        self,
        articles: list[Path],
        tokenizer: Any,
        hold_out: str | None = None,
        labels: Path | None = None,
        share: float = 0.5,
        news: tuple[Path, ...] = (),
        many: int = 0,
    ) -> None:
        self._articles, self._tokenizer, self._hold_out = articles, tokenizer, hold_out
        self._labels, self._share, self._many = labels, share, many
        self._news = [shard for folder in news for shard in sorted(folder.glob("*.npz"))]

    def lessons(self, epoch: int) -> list[Lesson]:
        """The lessons of an epoch, counted from 0."""
        path = self._articles[epoch % len(self._articles)]
        soft = self._soft(path)
        found = []
        for record in self._records(path):
            gold = lesson(record, self._tokenizer)
            found.append(mixed(gold, soft[record["id"]], self._share) if soft else gold)
        for i in range(self._many if self._news else 0):
            shard = self._news[(epoch * self._many + i) % len(self._news)]
            found += shards.read(shard).values()
        return found

    def _records(self, path: Path) -> list[dict[str, Any]]:
        found = list(shards.records(path))
        if not self._hold_out:
            return found
        part, parts = map(int, self._hold_out.split("/"))
        return [record for i, record in enumerate(found) if i % parts != part]

    def _soft(self, path: Path) -> dict[str, Lesson]:
        """The teachers' answers about the articles of ``path``."""
        found: dict[str, Lesson] = {}
        for shard in self._shards(path):
            found |= shards.read(shard)
        return found

    def _shards(self, path: Path) -> list[Path]:
        return sorted(shards.folder_of(self._labels, path).glob("*.npz")) if self._labels else []

    def description(self) -> str:
        """A hash of everything that the lessons depend on; of the shards, their names and sizes."""
        seen = hashlib.sha256(repr((self._hold_out, self._share, self._many)).encode())
        for path in self._articles:
            seen.update(path.read_bytes())
        labelled = [shard for path in self._articles for shard in self._shards(path)]
        for shard in (*labelled, *self._news):
            seen.update(f"{shard.parent.name}/{shard.name} {shard.stat().st_size}".encode())
        return seen.hexdigest()[:12]
