"""Windows of like length put together, as the tensors that a network reads."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.encoder.windows import Lesson, Window, windows

SIZES = (510, 510, 254)
"""Pieces in a window, drawn for each article."""

SPREAD = 64
"""Pieces by which the lengths of the windows of one batch may differ through chance."""

Batch = dict[str, Tensor]


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


def tensors(batch: list[Window], device: str) -> Batch:
    """A batch as tensors, padded with zeros."""
    lengths = torch.tensor([len(one.ids) for one in batch])
    full = {
        "ids": _padded([one.ids for one in batch]),
        "feat": _padded([one.features for one in batch]),
        "mask": (torch.arange(int(lengths.max()))[None] < lengths[:, None]).long(),
        "tags": _padded([one.tags for one in batch]).float(),
    }
    for name in ("sources", "cues"):
        pointers = [getattr(one, name) for one in batch]
        full[f"{name}_at"] = _padded([one.at for one in pointers])
        full[f"{name}_shares"] = _padded([one.shares for one in pointers]).float()
    return {name: tensor.to(device) for name, tensor in full.items()}


def _padded(arrays: list[NDArray[Any]]) -> Tensor:
    """Arrays of any lengths as one tensor."""
    shape = np.max([array.shape for array in arrays], axis=0)
    full = np.zeros((len(arrays), *shape), dtype=arrays[0].dtype)
    for row, array in zip(full, arrays, strict=True):
        row[tuple(slice(length) for length in array.shape)] = array
    return torch.from_numpy(full)
