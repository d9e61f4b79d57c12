"""The network: a small BERT that tags source, cue and content and points from content to its source and its cue.

The base is MiniLM, six layers of 384 (Wang et al. 2020), in the names of its published weights. The pointers are scaled
dot products; position 0 (``[CLS]``) stands for "none".
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

FEATURES = 24
TAGS = 7
WIDTH, HEADS, INNER, LAYERS, PIECES, LONGEST = 384, 12, 1536, 6, 30522, 512


class Layer(nn.Module):
    """One layer of BERT: attention, then a feed-forward network, each added to its input and normalised."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.after_attention, self.after_network = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, n, _ = x.shape
        query, key, value = (
            part(x).view(batch, n, HEADS, -1).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(batch, n, WIDTH)
        x = self.after_attention(x + self.dropout(self.mixed(attended)))
        return self.after_network(x + self.dropout(self.narrow(F.gelu(self.wide(x)))))


class Network(nn.Module):
    """Inputs as `encoder.network` gives them; outputs are logits: tags, pointers to sources, pointers to cues."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(PIECES, WIDTH)
        self.position = nn.Embedding(LONGEST, WIDTH)
        self.feature = nn.Embedding(FEATURES, WIDTH)
        nn.init.zeros_(self.feature.weight)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.tags = nn.Linear(WIDTH, TAGS)
        self.from_content, self.to_target = (
            nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in ("source", "cue")) for _ in range(2)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, mask: Tensor, feat: Tensor, noise: Tensor | None = None) -> tuple[Tensor, ...]:
        words = self.word(ids)
        if noise is not None:
            words = words + noise
        x = words + self.position.weight[: ids.shape[1]] + self.feature(feat)
        x = self.dropout(self.norm(x))
        # Not minus infinity: it must stay finite in half precision.
        hidden = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, hidden)
        pointers = (
            ask(x) @ answer(x).transpose(1, 2) / WIDTH**0.5 + hidden[:, 0]
            for ask, answer in zip(self.from_content, self.to_target, strict=True)
        )
        return (self.tags(x), *pointers)


BASE_NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mixed",
    "attention.output.LayerNorm": "after_attention",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "after_network",
}


def from_base(path: Path, dropout: float = 0.1) -> Network:
    """A network with the base's weights, its heads still random; ``path`` is the base's ``model.safetensors``."""
    base, network = load_file(path), Network(dropout)
    state = network.state_dict()
    for kind in ("weight", "bias"):
        state[f"norm.{kind}"] = base[f"embeddings.LayerNorm.{kind}"]
        for i in range(LAYERS):
            for theirs, ours in BASE_NAMES.items():
                state[f"layers.{i}.{ours}.{kind}"] = base[f"encoder.layer.{i}.{theirs}.{kind}"]
    state["word.weight"] = base["embeddings.word_embeddings.weight"]
    # The base adds the same "first sentence" embedding everywhere; it goes into the positions.
    state["position.weight"] = (
        base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][0]
    )
    network.load_state_dict(state)
    return network
