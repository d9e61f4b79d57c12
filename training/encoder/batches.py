"""Windows of like length put together, as the tensors that a network reads."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor

from training.encoder.windows import IGNORED, Lesson, Window, windows

SIZES = (510, 510, 254)
"""Pieces in a window, drawn for each article."""

SPREAD = 64
"""Pieces by which the lengths of the windows of one batch may differ through chance."""


def batches(lessons: list[Lesson], pieces: int, seed: int) -> list[list[Window]]:
    """The windows of ``lessons`` in batches of at most ``pieces``, in random order."""
    chance = random.Random(seed)
    ready = sorted(windows(lessons, SIZES, seed), key=lambda w: len(w.ids) + chance.randrange(SPREAD))
    together: list[list[Window]] = [[]]
    longest = 0
    for one in ready:
        longest = max(longest, len(one.ids))
        if together[-1] and (len(together[-1]) + 1) * longest > pieces:
            together.append([])
            longest = len(one.ids)
        together[-1].append(one)
    chance.shuffle(together)
    return together


def tensors(batch: list[Window], device: str) -> dict[str, Tensor]:
    """A batch as padded tensors."""
    longest = max(len(one.ids) for one in batch)

    def padded(name: str, padding: int) -> Tensor:
        rows = [np.pad(getattr(one, name), (0, longest - len(one.ids)), constant_values=padding) for one in batch]
        return torch.from_numpy(np.stack(rows)).to(device)

    full = {name: padded(name, IGNORED) for name in ("tags", "sources", "cues")}
    lengths = torch.tensor([len(one.ids) for one in batch])
    mask = (torch.arange(longest)[None] < lengths[:, None]).long().to(device)
    return {"ids": padded("ids", 0), "feat": padded("features", 0), "mask": mask, **full}
