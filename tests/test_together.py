"""Rules and encoder together: which confidences are weighed, the same answer everywhere, linear work."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from counting import calls

from quotekit import Extractor, Quote, Rule, RuleSet
from quotekit.article.paragraphs import read_article
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.deciding import Proposers
from quotekit.attribution.weighing import LAYOUT_ALONE
from quotekit.candidates.from_encoder import ENCODER
from quotekit.encoder.decoding import Decoded, decode
from quotekit.encoder.network import load_encoder
from quotekit.encoder.word_pieces import read_pieces
from quotekit.lexicon.cues import Cues

pytestmark = pytest.mark.model

STORIES: dict[str, str] = {
    story["id"]: story["text"]
    for story in map(
        json.loads, (Path(__file__).parents[1] / "data" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    )
}
MINE = Rule(
    id="mine.toast",
    kind="indirect",
    why="In this paper a toast carries a clause.",
    confidence=0.62,
    pattern=(
        {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": "hum"}},
        {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "source", "RIGHT_ATTRS": {"DEP": "nsubj"}},
        {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "content", "RIGHT_ATTRS": {"DEP": {"IN": ["dobj", "ccomp"]}}},
    ),
)
HUMMED = "Ann Lee hummed a song about the pier."


def a_page(text: str) -> ParsedArticle:
    article = read_article(text)
    return ParsedArticle(article, find_quoted(article), parse_article(article))


def shape(quote: Quote) -> tuple[str, str, float]:
    return quote.text, quote.rule, quote.confidence


class TestUsersRules:
    @pytest.fixture
    def rules(self) -> RuleSet:
        return RuleSet.default().adding(MINE)

    def test_quote_has_the_confidence_of_the_rule(self, rules: RuleSet) -> None:
        expected = [("a song about the pier", MINE.id, 0.62)]
        assert [shape(quote) for quote in Extractor(rules=rules).extract(HUMMED)] == expected
        assert [shape(quote) for quote in Extractor(rules=rules, encoder=False).extract(HUMMED)] == expected
        assert Extractor(encoder=False).extract(HUMMED) == []

    def test_only_built_in_rules_are_weighed(self, rules: RuleSet) -> None:
        text = f"{HUMMED} “It is safe,” Ann Lee said. Tom Brandt said that it rained."
        page, proposers = a_page(text), Proposers(rules, Cues.default())
        proposed = proposers.propose(page)
        pool, evidence, _ = proposers.pool(page, proposed, proposers.settle(page, proposed.outermost), decode(page))
        kept = {one.rule for one in pool if evidence.weigh(one) == one}
        assert MINE.id in kept
        assert kept <= {MINE.id, *LAYOUT_ALONE}
        assert {one.rule for one in pool} >= {MINE.id, "en.clause", "en.direct.verb-after"}

    def test_selected_default_rule_is_weighed(self) -> None:
        text = "Tom Brandt said that it rained."
        alone, both = (Extractor(rules=RuleSet.default().only("en.clause"), encoder=on) for on in (False, True))
        (before,), (after,) = alone.extract(text), both.extract(text)
        assert before.text == after.text
        assert before.confidence != after.confidence


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee might say that the pier was safe.",
        "Ann Lee did not say that the pier was safe.",
        "Nobody said that the pier was safe, and the town closed it on Monday.",
        "Will Ann Lee say that the pier is safe?",
    ],
)
def test_blocked_cue_is_not_a_statement_of_the_encoder(text: str) -> None:
    page = a_page(text)
    proposers = Proposers(RuleSet.default(), Cues.default())
    proposed = proposers.propose(page)
    pool, *_ = proposers.pool(page, proposed, [], decode(page))
    assert proposed.blocked
    assert "statement" not in {one.act for one in pool if one.rule == ENCODER and one.cue}
    assert Extractor().extract(text) == []


@pytest.mark.parametrize("story", ["harbour-lease", "summit-on-the-ferry", "three-part-briefing"])
def test_encoder_does_not_change_nested_quotations(story: str) -> None:
    def inner(extractor: Extractor) -> list[tuple[str, str, float]]:
        return [shape(q) for q in extractor.extract(STORIES[story]) if q.parent and q.rule.startswith("en.direct")]

    assert inner(Extractor()) == inner(Extractor(encoder=False)) != []


@pytest.mark.slow
def test_text_of_several_windows_is_read_the_same_everywhere() -> None:
    extractor = Extractor(attitudes=True, min_confidence=0)
    texts = ["\n\n".join([*STORIES.values()][at : at + 3]) for at in (0, 3)]
    texts.append(" ".join(STORIES["aid-convoy"].split()))
    tokenizer = load_encoder().tokenizer
    for text in texts:
        article = read_article(text)
        pieces = read_pieces(article, find_quoted(article), tokenizer)
        assert len(list(load_encoder().read(pieces))) > 1
    alone = [extractor.extract(text) for text in texts]
    assert all(ENCODER in {quote.rule for quote in quotes} for quotes in alone[:2])
    assert list(extractor.pipe(texts)) == alone
    assert list(extractor.pipe(texts, n_process=2, batch_size=1)) == alone
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(extractor.extract, texts * 2)) == alone * 2


def open_marks(count: int) -> str:
    lines = "“Tom Brandt said it rained. Ann Lee said the pier was safe. \n\n" * count
    return f"Ann Lee said: {lines}“It ends.”"


def one_line(count: int) -> str:
    return open_marks(count).replace("\n\n", "")


def sentences(count: int) -> str:
    return "Tom Brandt said it rained, and Ann Lee said the pier was safe. " * count


def one_sentence(count: int) -> str:
    return sentences(count).replace(".", ",") + "and so it went."


@pytest.mark.slow
@pytest.mark.parametrize("text", [open_marks, one_line, sentences, one_sentence])
def test_work_of_deciding_is_linear(text: Callable[[int], str]) -> None:
    def work(count: int) -> int:
        page = a_page(text(count))
        encoder = load_encoder()
        pieces = read_pieces(page.article, page.quoted, encoder.tokenizer)
        sights = list(encoder.read(pieces))
        return calls(lambda: proposers.decide(page, decoded=Decoded(pieces, sights)))

    proposers = Proposers(RuleSet.default(), Cues.default())
    # Eight times the text; a quadratic step would show as a factor of 64.
    assert work(160) < 12 * work(20)
