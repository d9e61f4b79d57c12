"""Makes a network smaller: it keeps some of its layers, and the neurons of their inner networks that matter most.

    python -m training.encoder.thin encoder.onnx --layers 0,1,2,3 --inner 1024 --out thin.pt \\
        --articles ../shared/polnear/train.jsonl --tokenizer tokenizer.json

A neuron matters by how strongly it answers on the articles, times the length of its outgoing weights (He et al. 2014).
What is left must be trained on: ``training.encoder.train --base thin.pt``.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoder import checkpoint, shards
from training.encoder.network import Network
from training.encoder.reader import Reader, load_tokenizer
from training.encoder.start import start
from training.encoder.windows import pieces_of


def with_layers(network: Network, layers: tuple[int, ...]) -> Network:
    """``network`` with some of its layers alone."""
    network.layers = nn.ModuleList(network.layers[i] for i in layers)
    network.size = replace(network.size, layers=len(layers))
    return network


def with_neurons(network: Network, kept: list[Tensor]) -> Network:
    """``network`` with the neurons ``kept`` in each layer's inner network, as many in each."""
    weights = network.state_dict()
    for i, neurons in enumerate(kept):
        for name in ("weight", "bias"):
            weights[f"layers.{i}.wide.{name}"] = weights[f"layers.{i}.wide.{name}"][neurons]
        weights[f"layers.{i}.narrow.weight"] = weights[f"layers.{i}.narrow.weight"][:, neurons]
    smaller = Network(replace(network.size, inner=len(kept[0])))
    smaller.load_state_dict(weights)
    return smaller


def importance(network: Network, texts: list[str], tokenizer: Any) -> list[Tensor]:
    """How much each neuron of each layer's inner network matters on ``texts``."""
    sums = [torch.zeros(network.size.inner) for _ in network.layers]

    def add(total: Tensor, _module: nn.Module, _inputs: Any, output: Tensor) -> None:
        total += F.gelu(output.float()).square().sum((0, 1)).cpu()

    hooks = [
        layer.wide.register_forward_hook(partial(add, total)) for layer, total in zip(network.layers, sums, strict=True)
    ]
    reader = Reader([network], tokenizer)
    for text in texts:
        for _ in reader.read(pieces_of(text, tokenizer)):
            pass
    for hook in hooks:
        hook.remove()
    lengths = [layer.narrow.weight.detach().cpu().norm(dim=0) for layer in network.layers]
    return [total.sqrt() * length for total, length in zip(sums, lengths, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("network", type=Path, help="a .pt file of training.encoder.train, or an encoder in ONNX")
    add("--layers", type=lambda text: tuple(map(int, text.split(","))), required=True, help="those to keep: 0,1,2,3")
    add("--inner", type=int, required=True, help="neurons to keep in each layer's inner network")
    add("--articles", type=Path, required=True, help="JSONL file with text")
    add("--first", type=int, default=60, help="only the first articles")
    add("--tokenizer", type=Path, required=True)
    add("--out", type=Path, required=True, help="file for the weights")
    given = parser.parse_args()
    network = with_layers(start(given.network), given.layers)
    texts = [record["text"] for record in islice(shards.records(given.articles), given.first)]
    weighed = importance(network, texts, load_tokenizer(given.tokenizer))
    kept = [row.topk(given.inner).indices.sort().values for row in weighed]
    checkpoint.save(with_neurons(network.cpu(), kept).state_dict(), given.out)


if __name__ == "__main__":
    main()
