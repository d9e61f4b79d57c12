"""Networks in torch, read as `quotekit.encoder.network.Encoder` reads the one in ONNX."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from quotekit.encoder.network import CLS, SEP, WindowLogits, windows
from quotekit.encoder.word_pieces import Pieces
from training.encoder.network import Network, load_network

WIDEST, STEP = 510, 400
"""Pieces that are seen at once, and by which the next window begins later, at most."""

AT_ONCE = 8
"""Windows in a batch."""

LEAST = 1e-7
"""The smallest probability that is distinguished from 0."""


class Reader:
    """Networks that answer as one: the mean of their probabilities."""

    def __init__(self, networks: list[Network], tokenizer: Tokenizer) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.networks = [network.to(self.device).eval() for network in networks]
        self.tokenizer = tokenizer

    @classmethod
    def load(cls, paths: list[Path], tokenizer: Path) -> Reader:
        """The networks that `training.encoder.train` wrote."""
        return cls([load_network(path) for path in paths], load_tokenizer(tokenizer))

    def read(self, pieces: Pieces) -> Iterator[WindowLogits]:
        """What the networks say of ``pieces``, window by window."""
        places = list(windows(len(pieces), WIDEST, STEP))
        for i in range(0, len(places), AT_ONCE):
            some = places[i : i + AT_ONCE]
            answers = self._answers(pieces, [(start, end) for start, end, _, _ in some])
            for (start, _, first, last), tags, sources, cues in zip(some, *answers, strict=True):
                rows = slice(first - start + 1, last - start + 1)
                yield WindowLogits(first, last, start, tags[1:-1], sources[rows, :-1], cues[rows, :-1])

    def _answers(self, pieces: Pieces, places: list[tuple[int, int]]) -> list[NDArray[np.float32]]:
        """The logarithms of the probabilities of tags and pointers in windows of one length."""
        batch = {
            "ids": torch.tensor(np.stack([np.r_[CLS, pieces.ids[start:end], SEP] for start, end in places])),
            "feat": torch.tensor(np.stack([np.r_[0, pieces.features[start:end], 0] for start, end in places])),
        }
        batch["mask"] = torch.ones_like(batch["ids"])
        batch = {name: tensor.to(self.device) for name, tensor in batch.items()}
        with torch.inference_mode(), torch.autocast(self.device, dtype=torch.bfloat16):
            answers: list[tuple[Tensor, ...]] = [network(**batch) for network in self.networks]
        shares = ([logits.float().softmax(-1) for logits in same] for same in zip(*answers, strict=True))
        means = (torch.stack(same).mean(0).clamp(min=LEAST).log() for same in shares)
        return [mean.cpu().numpy() for mean in means]


def load_tokenizer(path: Path) -> Any:
    """The tokenizer in a ``tokenizer.json``, without truncation and padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
