"""The embedding: each distinct word of a batch once, with the same numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from quotekit.article.embedding import embed_once
from quotekit.article.spacy_model import load_model

pytestmark = pytest.mark.model

TEXTS = ("The pier is shut, and the quay is shut.", "", "The quay is open.")


def test_words_that_recur_are_embedded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = load_model()
    embedding: Any = nlp.get_pipe("tok2vec").model.layers[0]  # type: ignore[attr-defined]  # spaCy types it as a function
    features, as_ragged, once, _ = embedding.layers
    rows: list[int] = []
    each: Any = once.layers[0].predict

    def recorded(words: Any) -> Any:
        rows.append(len(words.dataXd))
        return each(words)

    docs = [nlp.make_doc(text) for text in TEXTS]
    tokens = as_ragged.predict(features.predict(docs))
    expected = each(tokens).dataXd
    monkeypatch.setattr(once, "_layers", [SimpleNamespace(predict=recorded)])
    found = embedding.predict(docs)
    assert [len(one) for one in found] == [len(doc) for doc in docs]
    assert np.concatenate(found) == pytest.approx(expected, rel=1e-6)
    # A word without white space behind it is embedded as another.
    words = {(token.text, token.whitespace_) for doc in docs for token in doc}
    assert rows == [len(words)]
    assert len(words) < len(tokens.dataXd)


def test_an_embedding_of_other_layers_is_kept() -> None:
    import spacy

    nlp = spacy.blank("en")
    model: Any = nlp.add_pipe("tok2vec").model  # type: ignore[attr-defined]  # spaCy types it as a function
    model.layers[0].layers.pop()
    before = [node.name for node in model.walk()]
    embed_once(nlp)
    assert [node.name for node in model.walk()] == before
