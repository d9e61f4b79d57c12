"""Turns trained weights into what quotekit reads: an ONNX file with int8 weights, and the card with its hashes.

python -m training.encoder.export encoder.pt --tokenizer tokenizer.json --out src/quotekit/data/encoder
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import torch

from quotekit.encoder import runtime
from training.encoder.fusing import fuse
from training.encoder.network import Network, load_network

WEIGHTS, TOKENIZER, CARD = "quote-encoder.int8.onnx", "tokenizer.json", "encoder.json"
OPSET = 17


class Plain(torch.nn.Module):
    """The network without what only training needs."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, feat: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.network(ids, mask, feat)


def export(network: Network, out: Path) -> None:
    """Write ``network``, in int8, to ``out``."""
    example = {name: torch.ones(1, 16, dtype=torch.long) for name in ("ids", "mask", "feat")}
    axes = {name: {0: "batch", 1: "n"} for name in (*example, "tags")}
    axes |= {name: {0: "batch", 1: "n", 2: "n"} for name in ("src", "cue")}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "float.onnx"
        torch.onnx.export(
            Plain(network.eval()),
            tuple(example.values()),
            str(plain),
            input_names=list(example),
            output_names=["tags", "src", "cue"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        # Imported late, since the telemetry of onnxruntime has to be off before.
        runtime.onnxruntime()
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(str(plain), str(out), weight_type=QuantType.QInt8, per_channel=True)
    fuse(out, network.size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    arguments = parser.parse_args()
    network = load_network(arguments.weights)
    arguments.out.mkdir(parents=True, exist_ok=True)
    export(network, arguments.out / WEIGHTS)
    (arguments.out / TOKENIZER).write_bytes(arguments.tokenizer.read_bytes())
    hashes = {name: hashlib.sha256((arguments.out / name).read_bytes()).hexdigest() for name in (WEIGHTS, TOKENIZER)}
    card = {"weights": WEIGHTS, "tokenizer": TOKENIZER, "sha256": hashes}
    (arguments.out / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=2))


if __name__ == "__main__":
    main()
