"""Trains a network on PolNeAR's training articles.

    python -m training.encoder.train ../shared/polnear/train.jsonl --base model.safetensors --tokenizer tokenizer.json

With ``--hold-out K/N`` every Nth article, counted from K, is left out, so that its finds can be judged. What is kept
is a moving average of the weights over the whole training. A training that was stopped goes on from its last
checkpoint, ``OUT.checkpoint``, when the same command is run again; the checkpoint is deleted at the end. On a GPU if
there is one.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn

from training.encoder import checkpoint
from training.encoder.base import from_base
from training.encoder.batches import batches, tensors
from training.encoder.loss import Batch, backward
from training.encoder.network import Network, load_network
from training.encoder.windows import Lesson, lesson

NEW = ("tags", "from_", "to_", "feature")
"""The parts that the base does not have."""

WARM_UP = 0.06
"""Share of the training in which the learning rate rises."""

WEIGHT_DECAY = 0.01
STEPS_A_LINE = 10
"""Steps between two lines of the log."""


@dataclass(frozen=True)
class Settings:
    """What the result depends on; a checkpoint goes on only with the same."""

    base: str
    articles: str
    epochs: int
    seed: int
    rate: float
    heads: float
    pointers: float
    pieces: int
    average: float
    adversary: float


class Training:
    """A network in training, with all that a checkpoint holds: weights, average, optimiser, position, random state."""

    def __init__(self, network: Network, settings: Settings) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.settings = settings
        self.network = network.to(self.device).train()
        self.average = copy.deepcopy(network).eval()
        named = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
        parts = [[w for name, w in named if name.startswith(NEW) == is_new] for is_new in (False, True)]
        self.optimiser = torch.optim.AdamW([{"params": part} for part in parts], weight_decay=WEIGHT_DECAY, fused=True)
        self.epoch, self.batch, self.steps = 0, 0, 0

    def state(self) -> dict[str, Any]:
        """The content of a checkpoint."""
        return {
            "settings": asdict(self.settings),
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "position": [self.epoch, self.batch, self.steps],
            "random": torch.get_rng_state(),
        }

    def go_on_from(self, state: dict[str, Any]) -> None:
        """Take over the ``state`` of a checkpoint."""
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(copy.deepcopy(state["optimiser"]))
        self.epoch, self.batch, self.steps = state["position"]
        torch.set_rng_state(state["random"].clone())

    def step(self, batch: Batch, progress: float) -> float:
        """Learn from one batch at ``progress`` of the training, 0 to 1; returns the loss."""
        settings = self.settings
        rate = settings.rate * share_of_rate(progress)
        for group, times in zip(self.optimiser.param_groups, (1.0, settings.heads), strict=True):
            group["lr"] = rate * times
        loss = backward(self.network, batch, settings.pointers, settings.adversary)
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.steps += 1
        keep = min(settings.average, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for mean, weight in zip(self.average.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(weight, 1 - keep)
        return loss


def share_of_rate(progress: float) -> float:
    """The share of the highest learning rate at ``progress``: it rises over `WARM_UP`, then falls to 0.

    >>> share_of_rate(0.03), share_of_rate(0.06), share_of_rate(1.0)
    (0.5, 1.0, 0.0)
    """
    return min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))


def train(training: Training, lessons: list[Lesson], path: Path, minutes: float) -> Network:
    """The average of ``training`` after all its epochs; every ``minutes`` a checkpoint is written to ``path``.

    The same seed on the same machine gives the same weights on a CPU, stopped or not.
    """
    settings = training.settings
    state = checkpoint.load(path, asdict(settings))
    if state is not None:
        training.go_on_from(state)
        print(f"goes on from {path}: epoch {training.epoch + 1}, batch {training.batch + 1}", flush=True)
    saved = time.monotonic()
    while training.epoch < settings.epochs:
        ready = batches(lessons, settings.pieces, settings.seed * 1000 + training.epoch)
        log = Log(training, len(ready))
        while training.batch < len(ready):
            progress = (training.epoch + (training.batch + 0.5) / len(ready)) / settings.epochs
            loss = training.step(tensors(ready[training.batch], training.device), progress)
            training.batch += 1
            log.add(loss)
            if time.monotonic() - saved > 60 * minutes:
                checkpoint.save(training.state(), path)
                saved = time.monotonic()
        training.epoch, training.batch = training.epoch + 1, 0
    return training.average.cpu()


class Log:
    """A line for every few steps: the mean loss and the mean time since the last line."""

    def __init__(self, training: Training, batches: int) -> None:
        self._training, self._batches = training, batches
        self._losses: list[float] = []
        self._began = time.monotonic()

    def add(self, loss: float) -> None:
        """Count one step."""
        self._losses.append(loss)
        at = self._training.batch
        if len(self._losses) < STEPS_A_LINE and at < self._batches:
            return
        mean, took = (total / len(self._losses) for total in (sum(self._losses), time.monotonic() - self._began))
        epoch = self._training.epoch + 1
        print(f"epoch {epoch}, batch {at} of {self._batches}: loss {mean:.4f}, {took:.2f} s a step", flush=True)
        self._losses, self._began = [], time.monotonic()


def read_lessons(path: Path, tokenizer: Path, hold_out: str | None) -> list[Lesson]:
    """The lessons of the articles in ``path``, without those of ``hold_out``."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if hold_out:
        part, parts = map(int, hold_out.split("/"))
        records = [record for i, record in enumerate(records) if i % parts != part]
    reader = Tokenizer.from_file(str(tokenizer))
    reader.no_truncation()
    reader.no_padding()
    lessons = [lesson(record, reader) for record in records]
    print(f"{len(lessons)} articles, {sum(len(one.tags) for one in lessons)} pieces", flush=True)
    return lessons


def hash_of(path: Path) -> str:
    """The beginning of the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("train", type=Path, help="PolNeAR's training articles, a record a line")
    add("--base", type=Path, required=True, help="the base's weights, or a .pt file of this command")
    add("--tokenizer", type=Path, required=True, help="the base's tokenizer.json (BERT's numbers)")
    add("--out", type=Path, default=Path("encoder.pt"), help="file for the weights")
    add("--hold-out", help="K/N: leave out every Nth article, counted from K")
    add("--epochs", type=int, default=12, help="how often every article is read")
    add("--seed", type=int, default=1, help="of the windows, the order and the new weights")
    add("--rate", type=float, default=2e-4, help="the highest learning rate of the base's weights")
    add("--heads", type=float, default=5, help="the rate of the heads, which begin at random, as a multiple of --rate")
    add("--pointers", type=float, default=0.3, help="weight of each pointer's loss; that of the tags is 1")
    add("--pieces", type=int, default=8192, help="word pieces in a batch, at most")
    add(
        "--average",
        type=float,
        default=0.995,
        help="share of itself that the weights' average keeps in a step, at most",
    )
    add("--adversary", type=float, default=0.5, help="length of the adversarial step, 0 for none")
    add("--minutes", type=float, default=5, help="minutes between two checkpoints")
    given = parser.parse_args()
    articles = f"{hash_of(given.train)} without {given.hold_out}" if given.hold_out else hash_of(given.train)
    names = ("epochs", "seed", "rate", "heads", "pointers", "pieces", "average", "adversary")
    settings = Settings(hash_of(given.base), articles, **{name: getattr(given, name) for name in names})
    torch.manual_seed(given.seed)
    network = load_network(given.base) if given.base.suffix == ".pt" else from_base(given.base)
    path = given.out.with_name(f"{given.out.name}.checkpoint")
    lessons = read_lessons(given.train, given.tokenizer, given.hold_out)
    try:
        network = train(Training(network, settings), lessons, path, given.minutes)
    except checkpoint.OtherSettings as error:
        parser.error(str(error))
    checkpoint.save(network.state_dict(), given.out)
    path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
