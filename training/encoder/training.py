"""A network in training: its steps, its epochs, and how it continues after a stop."""

from __future__ import annotations

import copy
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.encoder import checkpoint
from training.encoder.batches import Batch, batches, tensors
from training.encoder.course import Course
from training.encoder.loss import backward
from training.encoder.network import Network

STEPS_A_LINE = 10
"""Steps between two lines of the log."""

NEW = ("tags", "from_", "to_", "feature")
"""The parts that the base does not have."""

WARM_UP = 0.06
"""Share of the training in which the learning rate rises."""

WEIGHT_DECAY = 0.01


@dataclass(frozen=True)
class Settings:
    """What the result depends on; a checkpoint is continued only under the same settings."""

    base: str
    course: str
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


def train(training: Training, course: Course, path: Path, minutes: float) -> Network:
    """The average of ``training`` after all its epochs; every ``minutes`` a checkpoint is written to ``path``.

    The same seed on the same machine gives the same weights on a CPU, stopped or not.

    Raises:
        OtherSettings: the checkpoint at ``path`` is another training's.
    """
    settings = training.settings
    state = checkpoint.load(path, asdict(settings))
    if state is not None:
        training.go_on_from(state)
        print(f"continues from {path}: epoch {training.epoch + 1}, batch {training.batch + 1}", flush=True)
    saved = time.monotonic()
    while training.epoch < settings.epochs:
        lessons = course.lessons(training.epoch)
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
