"""Averages the weights of networks that began at the same one: as good as all of them, for the price of one.

    python -m training.encoder.average first.pt second.pt --out encoder.pt

Model soups: Wortsman et al. 2022.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor


def average(networks: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each weight."""
    return {name: torch.stack([weights[name] for weights in networks]).mean(0) for name in networks[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, nargs="+", help="files of training.encoder.train")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.save(average([torch.load(path, weights_only=True) for path in arguments.weights]), arguments.out)


if __name__ == "__main__":
    main()
