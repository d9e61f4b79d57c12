"""The network: it tags source, cue and content and points from content to its source and its cue.

Its body is BERT's or MPNet's. The pointers are scaled dot products; position 0 (``[CLS]``) means "none".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FEATURES = 24
TAGS = 7
PIECES, LONGEST = 30522, 512
FARTHEST = 128
"""Distance in pieces from which on all share one bucket of the relative position bias."""

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Size:
    """The size of a network; ``buckets`` is the number of relative distances that are distinguished (MPNet), or 0."""

    width: int
    inner: int
    layers: int
    buckets: int = 0
    heads: int = 12

    @property
    def epsilon(self) -> float:
        """What the base's normalisation adds to the variance."""
        return 1e-5 if self.buckets else 1e-12


SMALL = Size(width=384, inner=1536, layers=6)
"""MiniLM (Wang et al. 2020), the student's base."""

BASE = Size(width=768, inner=3072, layers=12, buckets=32)
"""MPNet (Song et al. 2020), the teacher's base."""


class Layer(nn.Module):
    """One layer of BERT: attention, then a feed-forward network, each added to its input and normalised."""

    def __init__(self, size: Size, dropout: float) -> None:
        super().__init__()
        width, inner = size.width, size.inner
        self.heads = size.heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.mixed = nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.after_attention, self.after_network = (nn.LayerNorm(width, eps=size.epsilon) for _ in range(2))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """``bias`` is added to the attention's logits: [batch or 1, heads or 1, n or 1, n]."""
        batch, n, width = x.shape
        query, key, value = (
            part(x).view(batch, n, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        attended = attended.transpose(1, 2).reshape(batch, n, width)
        x = self.after_attention(x + self.dropout(self.mixed(attended)))
        return self.after_network(x + self.dropout(self.narrow(F.gelu(self.wide(x)))))


class Network(nn.Module):
    """Inputs as `encoder.network` gives them; outputs are logits: tags, pointers to sources, pointers to cues."""

    def __init__(self, size: Size = SMALL, dropout: float = 0.1) -> None:
        super().__init__()
        width = size.width
        self.size = size
        self.word = nn.Embedding(PIECES, width)
        self.position = nn.Embedding(LONGEST, width)
        self.feature = nn.Embedding(FEATURES, width)
        nn.init.zeros_(self.feature.weight)
        self.norm = nn.LayerNorm(width, eps=size.epsilon)
        if size.buckets:
            # Not trained: the fast attention has no gradient for its bias.
            self.distance = nn.Embedding(size.buckets, size.heads).requires_grad_(False)
        self.layers = nn.ModuleList(Layer(size, dropout) for _ in range(size.layers))
        self.tags = nn.Linear(width, TAGS)
        self.from_content, self.to_target = (
            nn.ModuleList(nn.Linear(width, width) for _ in ("source", "cue")) for _ in range(2)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, mask: Tensor, feat: Tensor, noise: Tensor | None = None) -> tuple[Tensor, ...]:
        words = self.word(ids)
        if noise is not None:
            words = words + noise
        x = words + self.position.weight[: ids.shape[1]] + self.feature(feat)
        x = self.dropout(self.norm(x))
        # Not minus infinity: it must stay finite in half precision.
        hidden = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        bias = hidden + self.distances(ids.shape[1]) if self.size.buckets else hidden
        for layer in self.layers:
            x = layer(x, bias)
        pointers = (
            ask(x) @ answer(x).transpose(1, 2) / self.size.width**0.5 + hidden[:, 0]
            for ask, answer in zip(self.from_content, self.to_target, strict=True)
        )
        return (self.tags(x), *pointers)

    def distances(self, count: int) -> Tensor:
        """The relative position bias of ``count`` pieces: [1, heads, count, count]."""
        at = torch.arange(count, device=self.distance.weight.device)
        bias: Tensor = self.distance(buckets(at[None, :] - at[:, None], self.size.buckets))
        return bias.permute(2, 0, 1)[None]


def buckets(distance: Tensor, count: int) -> Tensor:
    """The bucket of each distance: half of them for each direction, near distances alone, far ones by logarithm."""
    half = count // 2
    alone = half // 2
    length = distance.abs()
    far = torch.log(length.clamp(min=1) / alone) / math.log(FARTHEST / alone) * (half - alone)
    bucket = torch.where(length < alone, length, (alone + far.long()).clamp(max=half - 1))
    return bucket + half * (distance > 0)


def load_network(path: Path, dropout: float = 0.1) -> Network:
    """The network whose weights `training.encoder.train` wrote to ``path``."""
    weights: dict[str, Any] = torch.load(path, weights_only=True)
    network = Network(size_of(weights), dropout)
    network.load_state_dict(weights)
    return network


def size_of(weights: Weights) -> Size:
    """The size of the network that has ``weights``."""
    inner, width = weights["layers.0.wide.weight"].shape
    layers = sum(name.endswith(".wide.weight") for name in weights)
    buckets = len(weights["distance.weight"]) if "distance.weight" in weights else 0
    return Size(width, inner, layers, buckets)
