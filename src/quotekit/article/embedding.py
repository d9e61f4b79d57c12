"""Embeds each distinct word of a batch once, where spaCy embeds every token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from thinc.api import Model, chain
from thinc.types import Ragged

if TYPE_CHECKING:
    from spacy.language import Language

_LAYERS = ["extract_features", "list2ragged", "with_array", "with_array", "ragged2list"]
"""How the names of an embedding's layers begin; those between the conversions treat each token by itself."""


def embed_once(nlp: Language) -> None:
    """Let the embedding of ``nlp`` compute each distinct row of features once. An embedding of other layers is kept."""
    for _, part in nlp.pipeline:
        model = getattr(part, "model", None)
        for node in list(model.walk()) if model is not None else ():
            if [layer.name.partition("(")[0] for layer in node.layers] == _LAYERS:
                node.layers[2:4] = [Model("once", _forward, layers=[chain(*node.layers[2:4])])]


def _forward(model: Model[Ragged, Ragged], tokens: Ragged, is_train: bool) -> tuple[Ragged, Any]:
    """Return the embeddings of ``tokens``. There is no way back, since the model is not trained."""
    features: Any = tokens.dataXd
    first: dict[bytes, int] = {}
    rows = features.view(f"V{features[0].nbytes}").ravel().tolist()
    places = [first.setdefault(row, len(first)) for row in rows]
    distinct: Any = np.frombuffer(b"".join(first), dtype=features.dtype).reshape(-1, features.shape[1])
    lengths: Any = np.array([len(distinct)], dtype=np.int32)
    embedded = model.layers[0].predict(Ragged(distinct, lengths)).dataXd
    return Ragged(embedded[places], tokens.lengths), None
