"""Edges of contents: every pattern of ``edges.toml`` with its examples, and what no content is left of."""

from __future__ import annotations

from typing import Any

import pytest

from quotekit import Extractor, lexicon
from quotekit.rules.markup import read_annotated

DEEDS: list[dict[str, Any]] = lexicon.load("edges")["deed"]
EDGES: list[dict[str, Any]] = [*lexicon.load("edges")["edge"], *lexicon.load("edges")["unsaid"]]
ALONE = Extractor(encoder=False, attitudes=True, min_confidence=0)
EXAMPLES = [(edge["id"], markup) for edge in EDGES for markup in (*edge["matches"], *edge["rejects"])]


def contents(text: str, extractor: Extractor = ALONE) -> list[tuple[tuple[int, int], ...]]:
    return [tuple((part.start, part.end) for part in quote.content) for quote in extractor.extract(text)]


@pytest.mark.model
@pytest.mark.parametrize(("edge", "markup"), EXAMPLES, ids=[f"{edge}: {markup}" for edge, markup in EXAMPLES])
def test_content_ends_where_it_should(edge: str, markup: str) -> None:
    wanted = read_annotated(markup)
    found = contents(wanted.text)
    shown = [[wanted.text[slice(*part)] for part in one] for one in found]
    assert wanted.content in found if wanted.content else not found, shown


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge["id"])
def test_every_edge_has_a_reason_and_examples(edge: dict[str, Any]) -> None:
    assert edge["why"].endswith(".")
    assert edge["matches"]
    assert edge["rejects"]


@pytest.mark.model
@pytest.mark.parametrize("markup", [markup for deed in DEEDS for markup in (*deed["matches"], *deed["rejects"])])
def test_a_deed_is_no_statement(markup: str) -> None:
    wanted = read_annotated(markup)
    acts = {tuple((part.start, part.end) for part in q.content): q.act for q in ALONE.extract(wanted.text)}
    if wanted.content:
        text = wanted.text
        content = tuple((a + (text[a] in "“"), b - (text[b - 1] in "”")) for a, b in wanted.content)
        assert acts.get(content) == "statement"
    else:
        assert "statement" not in acts.values()


@pytest.mark.model
@pytest.mark.parametrize("words", ["nothing", "little", "no more"])
def test_words_that_say_nothing(words: str) -> None:
    everything = Extractor(attitudes=True, min_confidence=0)
    assert contents(f"The minister left by the back door and said {words}.", everything) == []
