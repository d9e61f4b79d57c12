"""Trains the encoder on PolNeAR's training articles.

    python -m training.encoder.train ../shared/polnear/train.jsonl --base model.safetensors --tokenizer tokenizer.json

With ``--hold-out K/N`` every Nth article, counted from K, is left out, so that its finds can be judged.
On a GPU if there is one. Cross-entropy on the tags and, at 0.3, on each pointer; an adversarial step on the word
embeddings (Miyato et al. 2017); what is kept is a moving average of the weights.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoder.network import Network, from_base
from training.encoder.windows import IGNORED, Lesson, Window, lesson, windows

SIZES = (510, 510, 254)
POINTERS = 0.3
PIECES_A_BATCH = 8160
NEW = ("tags", "from_", "to_", "feature")
"""What the base has not."""

RATE, HEADS = 2e-4, 5
"""The learning rate, and how many times it the heads' is, which begin at random."""

WARM_UP = 0.06
AVERAGE = 0.995
"""How much of itself the average of the weights keeps in a step, at most; an epoch's first steps keep less."""

ADVERSARY = 0.5


def batches(lessons: list[Lesson], seed: int) -> Iterator[list[Window]]:
    """Windows of like length together, about 16 full ones' pieces to a batch, in random order."""
    chance = random.Random(seed)
    ready = sorted(windows(lessons, SIZES, seed), key=lambda w: len(w.ids) + chance.randrange(64))
    together: list[list[Window]] = [[]]
    for one in ready:
        if together[-1] and (len(together[-1]) + 1) * len(one.ids) > PIECES_A_BATCH:
            together.append([])
        together[-1].append(one)
    chance.shuffle(together)
    return iter(together)


def tensors(batch: list[Window], device: str) -> dict[str, Tensor]:
    """A batch as padded tensors."""
    longest = max(len(one.ids) for one in batch)

    def padded(name: str, padding: int) -> Tensor:
        rows = [np.pad(getattr(one, name), (0, longest - len(one.ids)), constant_values=padding) for one in batch]
        return torch.from_numpy(np.stack(rows)).to(device)

    full = {name: padded(name, IGNORED) for name in ("tags", "sources", "cues")}
    lengths = torch.tensor([len(one.ids) for one in batch])
    mask = (torch.arange(longest)[None] < lengths[:, None]).long().to(device)
    return {"ids": padded("ids", 0), "feat": padded("features", 0), "mask": mask, **full}


def loss_of(network: Network, batch: dict[str, Tensor], noise: Tensor | None = None) -> Tensor:
    """Cross-entropy of tags and pointers."""
    tags, sources, cues = network(batch["ids"], batch["mask"], batch["feat"], noise)
    loss = F.cross_entropy(tags.float().flatten(0, 1), batch["tags"].flatten(), ignore_index=IGNORED)
    for name, logits in (("sources", sources), ("cues", cues)):
        taught = batch[name] != IGNORED
        if taught.any():
            loss = loss + POINTERS * F.cross_entropy(logits[taught].float(), batch[name][taught])
    return loss


def step(network: Network, batch: dict[str, Tensor], device: str, adversary: float) -> float:
    """Gradients of one batch, and of the same with its words moved to where they hurt most."""
    with torch.autocast(device, dtype=torch.bfloat16):
        if not adversary:
            loss = loss_of(network, batch)
            loss.backward()
            return float(loss.detach())
        noise = torch.zeros(*batch["ids"].shape, network.word.weight.shape[1], device=device, requires_grad=True)
        loss = loss_of(network, batch, noise)
        loss.backward()
        gradient = noise.grad
        assert gradient is not None
        worst = adversary * gradient / (gradient.norm() + 1e-12)
        loss_of(network, batch, worst).backward()
    return float(loss.detach())


def train(network: Network, lessons: list[Lesson], epochs: int, seed: int, rate: float, adversary: float) -> Network:
    """``network`` trained on ``lessons``; the same seed on the same machine gives the same weights, on a CPU."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = network.to(device).train()
    average = copy.deepcopy(network).eval()
    heads = [p for n, p in network.named_parameters() if n.startswith(NEW)]
    rest = [p for n, p in network.named_parameters() if not n.startswith(NEW)]
    optimiser = torch.optim.AdamW(
        [{"params": rest, "lr": rate}, {"params": heads, "lr": HEADS * rate}], weight_decay=0.01
    )
    total = sum(1 for epoch in range(epochs) for _ in batches(lessons, seed * 1000 + epoch))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda i: min((i + 1) / (WARM_UP * total), max(0.0, (total - i) / ((1 - WARM_UP) * total)))
    )
    for epoch in range(epochs):
        began, losses = time.time(), []
        for batch in batches(lessons, seed * 1000 + epoch):
            losses.append(step(network, tensors(batch, device), device, adversary))
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            schedule.step()
            with torch.no_grad():
                done = epoch * len(losses) + len(losses)
                keep = min(AVERAGE, (1 + done) / (10 + done))
                for mean, weight in zip(average.parameters(), network.parameters(), strict=True):
                    mean.lerp_(weight, 1 - keep)
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.time() - began:.0f} s", flush=True)
    return average.cpu()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, help="PolNeAR's training articles, a record a line")
    parser.add_argument("--base", type=Path, required=True, help="the base's weights, or a .pt file of this command's")
    parser.add_argument("--tokenizer", type=Path, required=True, help="the base's tokenizer.json")
    parser.add_argument("--out", type=Path, default=Path("encoder.pt"), help="where the weights go")
    parser.add_argument("--hold-out", help="K/N: leave out every Nth article, counted from K")
    parser.add_argument("--epochs", type=int, default=12, help="how often every article is read")
    parser.add_argument("--seed", type=int, default=1, help="of the windows, the order and the new weights")
    parser.add_argument("--rate", type=float, default=RATE, help="the highest learning rate")
    parser.add_argument("--adversary", type=float, default=ADVERSARY, help="length of the adversarial step, 0 for none")
    arguments = parser.parse_args()
    records = [json.loads(line) for line in arguments.train.read_text(encoding="utf-8").splitlines()]
    if arguments.hold_out:
        part, parts = map(int, arguments.hold_out.split("/"))
        records = [record for i, record in enumerate(records) if i % parts != part]
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    lessons = [lesson(record, tokenizer) for record in records]
    print(f"{len(lessons)} articles, {sum(len(one.tags) for one in lessons)} pieces", flush=True)
    torch.manual_seed(arguments.seed)
    network = start(arguments.base)
    network = train(network, lessons, arguments.epochs, arguments.seed, arguments.rate, arguments.adversary)
    torch.save(network.state_dict(), arguments.out)


def start(base: Path) -> Network:
    """The base's weights with new heads, or a network of ours to be trained on."""
    if base.suffix != ".pt":
        return from_base(base)
    network = Network()
    network.load_state_dict(torch.load(base, weights_only=True))
    return network


if __name__ == "__main__":
    main()
