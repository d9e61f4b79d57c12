"""What the default ``min_confidence`` leaves out, and that nothing is left out silently."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pytest
import spacy
from command_line import a_quote

import quotekit
from quotekit import Extractor, Rule, RuleSet
from quotekit.article.paragraphs import read_article
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.filters import MIN_CONFIDENCE, Filters
from quotekit.attribution.raising import SHARE, SPEECH, raised
from quotekit.candidates.candidate import Candidate
from quotekit.cli.options import ExtractionOptions

UNSURE = "The council demanded a faster ferry."
UNSOURCED = "The ferry was reported to have sunk."
SHOUTED = "The hall was full by nine. “Shame!”"
SURE = "Ann Lee said that the pier was safe."


def contents(text: str, **settings: Any) -> list[str]:
    return [quote.text for quote in Extractor(**settings).extract(text)]


def filtered(filters: Filters, **fields: Any) -> str | None:
    quote = a_quote("It rained.", **fields)
    return filters.leaves_out(quote, direct=quote.kind == "direct")


def test_default_is_the_same_everywhere() -> None:
    default = inspect.signature(Extractor).parameters["min_confidence"].default
    component = spacy.blank("en").get_factory_meta("quotekit").default_config["min_confidence"]
    assert default == component == ExtractionOptions().min_confidence == Filters().min_confidence == MIN_CONFIDENCE


@pytest.mark.parametrize(
    ("fields", "least", "reason"),
    [
        ({"confidence": 0.6}, 0.6, None),
        ({"confidence": 0.599996}, 0.6, None),
        ({"confidence": 0.5999}, 0.6, "min-confidence"),
        ({"confidence": 0.0}, 0.0, None),
        ({"source": None}, 0.6, "no-source"),
        ({"source": None}, 0.1, "no-source"),
        ({"source": None}, 0.0, None),
        ({"source": None, "kind": "mixed"}, 0.6, "no-source"),
        ({"source": None, "kind": "direct"}, 0.6, None),
        ({"source": None, "kind": "direct", "confidence": 0.5}, 0.6, "min-confidence"),
        ({"act": "attitude"}, 0.0, "attitude"),
    ],
)
def test_filters(fields: dict[str, Any], least: float, reason: str | None) -> None:
    assert filtered(Filters(min_confidence=least), **fields) == reason


def test_attitudes_are_one_setting_away() -> None:
    assert filtered(Filters(attitudes=True), act="attitude") is None


@pytest.mark.model
class TestReading:
    def test_unsure_finds_are_left_out(self) -> None:
        assert contents(UNSURE) == []
        assert contents(UNSURE, min_confidence=0) == ["a faster ferry"]

    def test_finds_without_a_source_are_left_out(self) -> None:
        assert contents(UNSOURCED) == contents(UNSOURCED, min_confidence=0.01) == []
        assert contents(UNSOURCED, min_confidence=0) != []

    def test_quoted_sentences_without_a_source_stay(self) -> None:
        [quote] = quotekit.extract(SHOUTED)
        assert (quote.text, quote.speaker, quote.who) == ("Shame!", None, "unknown")

    def test_number_of_finds_left_out(self) -> None:
        assert [quotekit.read(text).left_out for text in (UNSURE, UNSOURCED, SURE, SHOUTED, "")] == [1, 1, 0, 0, 0]
        assert Extractor(min_confidence=0).read(UNSURE).left_out == 0

    def test_attitudes_that_are_off_are_not_counted(self) -> None:
        assert quotekit.read("Ann Lee hopes that the pier is safe.").left_out == 0

    def test_explanation_says_how_to_see_them(self) -> None:
        [reason] = [one for one in Extractor().explain(UNSURE).reasons if one.kind == "min-confidence"]
        assert str(reason).endswith("; min_confidence is 0.6, and with 0 it is a quote")
        [reason] = [one for one in Extractor(min_confidence=0.01).explain(UNSOURCED).reasons if one.kind == "no-source"]
        assert str(reason).endswith("; it has no source, and only min_confidence=0 returns such quotes")

    def test_whole_explanation_lists_them(self) -> None:
        assert "left out   encoder found “a faster ferry”" in str(Extractor().explain(UNSURE))
        assert "left out" not in str(Extractor(min_confidence=0).explain(UNSURE))

    def test_own_rule_with_the_default_confidence_stays(self) -> None:
        mine = Rule(
            id="mine.hum",
            kind="direct",
            why="Hummed words.",
            pattern=[
                {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": "hum"}},
                {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "source", "RIGHT_ATTRS": {"DEP": "nsubj"}},
                {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "content", "RIGHT_ATTRS": {"DEP": "dobj"}},
            ],
            matches=["<source>Ann Lee</source> <cue>hummed</cue> <content>an old song</content>."],
        )
        assert contents("Ann Lee hummed an old song.", rules=RuleSet.default().adding(mine)) == ["an old song"]


@pytest.mark.model
def test_quoted_sentences_are_raised_and_keep_their_order() -> None:
    text = "Nadia Reuss sees it differently. “The wall will not hold.”"
    extractor = Extractor(min_confidence=0)
    [one] = extractor.explain(text).quotes
    assert MIN_CONFIDENCE < one.quote.confidence < SPEECH
    [weighing] = one.weighings
    assert weighing.raised
    assert weighing.confidence == one.quote.confidence == one.proposal.confidence
    assert "raised, as the words are quoted" in str(one)


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("The wall will not hold.", True),
        ("The wall will not hold,", True),
        ("the wall will not hold.", False),
        ("The wall will not hold", False),
        ("Shame!", False),
        ("The Long Road Home,", False),
    ],
)
@pytest.mark.model
def test_only_sentences_are_raised(sentence: str, changed: bool) -> None:
    article = read_article(f"Ann Lee shrugged. “{sentence}”")
    page = ParsedArticle(article, find_quoted(article), parse_article(article))
    content = ((19, 19 + len(sentence)),)
    candidate = Candidate(content, (0, 7), None, None, "statement", "encoder", 0.5)
    expected = 0.5 + SHARE * (SPEECH - 0.5) if changed else 0.5
    assert raised(page, candidate).confidence == pytest.approx(expected)
    for kept in (replace(candidate, source=None), replace(candidate, depth=1), replace(candidate, confidence=0.95)):
        assert raised(page, kept) is kept
