"""How far a network's answers are from those it should give."""

from __future__ import annotations

import torch
from torch import Tensor

from training.encoder.batches import Batch
from training.encoder.network import Network


def loss_of(network: Network, batch: Batch, pointers: float, noise: Tensor | None = None) -> Tensor:
    """Cross-entropy of the tags and, ``pointers`` times, of each pointer."""
    tags, *pointing = network(batch["ids"], batch["mask"], batch["feat"], noise)
    loss = _mean(batch["tags"], tags.float().log_softmax(-1))
    for name, logits in zip(("sources", "cues"), pointing, strict=True):
        at, shares = batch[f"{name}_at"], batch[f"{name}_shares"]
        taught = shares.sum(-1) > 0
        if taught.any():
            said = logits[taught].float().log_softmax(-1).gather(1, at[taught])
            loss = loss + pointers * _mean(shares[taught], said)
    return loss


def _mean(shares: Tensor, said: Tensor) -> Tensor:
    return -(shares * said).sum() / shares.sum()


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
