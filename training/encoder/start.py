"""Where a training begins: the weights of a base, of a network trained before, or of an encoder in ONNX."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from training.encoder.base import from_base
from training.encoder.network import Network, Weights, load_network, size_of

INTEGER = "_quantized"
PARTS = (INTEGER, "_scale", "_zero_point")
"""The endings of what an int8 weight is made of."""

PREFIX = "network."


def start(path: Path) -> Network:
    """The network in ``path``: a .pt file, an encoder in ONNX, or a base's weights, which get new heads."""
    loaders = {".pt": load_network, ".onnx": from_onnx}
    return loaders.get(path.suffix, from_base)(path)


def from_onnx(path: Path, dropout: float = 0.1) -> Network:
    """The network that `training.encoder.export` wrote to ``path``, with floats for its int8 weights."""
    graph = onnx.load(path).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {
        name.removeprefix(PREFIX): value
        for name, value in values.items()
        if name.startswith(PREFIX) and not name.endswith(PARTS)
    }
    for node in graph.node:
        stored = next((name for name in node.input if name in values and name.endswith(INTEGER)), None)
        if stored is None:
            continue
        name = stored.removesuffix(INTEGER)
        value = (values[stored].astype(np.float32) - values[f"{name}_zero_point"]) * values[f"{name}_scale"]
        if name.startswith(PREFIX):
            weights[name.removeprefix(PREFIX)] = value
        else:
            # "/network/layers.0/query/MatMul_quant"; ONNX multiplies from the other side.
            weights[".".join(node.name.split("/")[2:-1]) + ".weight"] = value.T
    state: Weights = {name: torch.tensor(value) for name, value in weights.items()}
    network = Network(size_of(state), dropout)
    network.load_state_dict(state)
    return network
