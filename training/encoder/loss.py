"""How far a network's answers are from the annotators'."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from training.encoder.network import Network
from training.encoder.windows import IGNORED

Batch = dict[str, Tensor]


def loss_of(network: Network, batch: Batch, pointers: float, noise: Tensor | None = None) -> Tensor:
    """Cross-entropy of the tags and, ``pointers`` times, of each pointer."""
    tags, *pointing = network(batch["ids"], batch["mask"], batch["feat"], noise)
    loss = F.cross_entropy(tags.float().flatten(0, 1), batch["tags"].flatten(), ignore_index=IGNORED)
    for name, logits in zip(("sources", "cues"), pointing, strict=True):
        taught = batch[name] != IGNORED
        if taught.any():
            loss = loss + pointers * F.cross_entropy(logits[taught].float(), batch[name][taught])
    return loss


def backward(network: Network, batch: Batch, pointers: float, adversary: float) -> float:
    """Adds the gradients of one batch and returns its loss.

    With ``adversary`` it also adds those of the same batch with its word embeddings moved that far to where they
    hurt most (Miyato et al. 2017).
    """
    device = batch["ids"].device
    with torch.autocast(device.type, dtype=torch.bfloat16):
        if not adversary:
            loss = loss_of(network, batch, pointers)
            loss.backward()
            return float(loss.detach())
        noise = torch.zeros(*batch["ids"].shape, network.size.width, device=device, requires_grad=True)
        loss = loss_of(network, batch, pointers, noise)
        loss.backward()
        gradient = noise.grad
        assert gradient is not None
        worst = adversary * gradient / (gradient.norm() + 1e-12)
        loss_of(network, batch, pointers, worst).backward()
    return float(loss.detach())
