"""The word table: it says what the attribute ruler and the lemmatizer would have said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quotekit.article import word_table
from quotekit.article.parse import Names
from quotekit.article.spacy_model import load_model
from quotekit.article.word_table import WordTable

pytestmark = pytest.mark.model

STORIES = Path(__file__).parents[1] / "data" / "stories"
ODD = "There's nothin' gonna stop y'all, let's go. There is  doubt.\n\nI got better ones: IS_ALPHA, 😀, she'd got."


def docs_of(texts: list[str]) -> list[Any]:
    nlp = load_model()
    docs: list[Any] = [nlp.make_doc(text) for text in texts]
    for name in ("tok2vec", "tagger", "parser"):
        docs = [nlp.get_pipe(name)(doc) for doc in docs]
    return docs


@pytest.mark.parametrize("most", [word_table.MOST_ENTRIES, 20])
def test_the_table_says_what_the_parts_say(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(word_table, "MOST_ENTRIES", most)
    stories = [path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("*.txt"))[:3]]
    nlp, table = load_model(), WordTable(load_model())
    for texts in ([ODD, ""], stories, [*stories, ODD]):
        docs = docs_of(texts)
        looked_up = [table.names(doc) for doc in docs]
        for name in ("attribute_ruler", "lemmatizer"):
            docs = [nlp.get_pipe(name)(doc) for doc in docs]
        assert looked_up == [Names.of(doc) for doc in docs]


def test_a_model_with_other_rules_is_run_as_it_is() -> None:
    import spacy

    nlp = spacy.blank("en")
    ruler: Any = nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    assert WordTable.fits(nlp)
    ruler.add([[{"LIKE_NUM": True}]], {"POS": "NUM"})
    assert not WordTable.fits(nlp)
