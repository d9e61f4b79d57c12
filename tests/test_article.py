"""Paragraphs and their kinds: golden cases, and what holds for any text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotekit.article.paragraphs import read_article

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "article.jsonl").read_text(encoding="utf-8").splitlines()
]
BODY = [
    "The envoys met in the harbour on Monday, and Foreign Minister Ann Lee spoke to them for an hour about the fish.",
    "No one expected a result before the end of the week, because the islands had sent nobody who could decide it.",
]
PREAMBLE = ["Envoys Meet In The Harbour", "March 3, 2021"]


def kinds_and_bodies(text: str) -> list[list[str]]:
    article = read_article(text)
    return [[paragraph.kind, text[paragraph.body : paragraph.end]] for paragraph in article.paragraphs]


@pytest.mark.parametrize("case", [case for case in CASES if "text" in case], ids=lambda case: case["about"])
def test_golden_text(case: dict[str, Any]) -> None:
    assert kinds_and_bodies(case["text"]) == case["paragraphs"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "line" in case], ids=lambda case: f"{case['about']}: {case['line'][:40]}"
)
def test_golden_line(case: dict[str, Any]) -> None:
    """One line before the body (after headline and date), within it, or after it."""
    line, headline = case["line"], case["kind"] == "headline"
    lines = {
        "before": [*([] if headline else PREAMBLE), line, *BODY],
        "within": [BODY[0], line, BODY[1]],
        "after": [*BODY, line],
    }[case["place"]]
    found = read_article("\n\n".join(lines)).paragraphs
    assert found[lines.index(line)].kind == case["kind"]
    assert [p.kind for p, text in zip(found, lines, strict=True) if text in BODY] == ["text", "text"]


def test_the_seed_article(shared: Path) -> None:
    text = (shared / "seed" / "kerry-2015-09-18.txt").read_text(encoding="utf-8")
    article = read_article(text)
    kinds = [paragraph.kind for paragraph in article.paragraphs]
    assert kinds[:5] == ["headline", "byline", "date", "other", "caption"]
    assert set(kinds[5:-2]) == {"text"}
    assert kinds[-2:] == ["link", "link"]
    first = article.paragraphs[5]
    assert text[first.start : first.body] == "LONDON – "


pieces = st.sampled_from(
    [
        "By Ann Lee",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\u2028",
        " ",
        "\u00a0",
        "March 3, 2021",
        "LONDON – ",
        "(AP) — ",
        "“",
        '"',
        "It rained.",
        "[a](b)",
        "https://a.b",
        "Photo: ",
        "/",
        "*",
        "©",
        "Read more: ",
        "a",
        "\x00",
        "\ud800",
        "é",
        "…",
        "the talks go on",
    ]
)
texts = st.one_of(st.text(max_size=200), st.lists(pieces, max_size=30).map("".join))


@given(texts)
@settings(max_examples=400, deadline=None)
def test_any_text_is_accepted_and_no_letter_is_lost(text: str) -> None:
    article = read_article(text)
    assert article.text == text
    position, between = 0, ""
    for paragraph in article.paragraphs:
        assert position <= paragraph.start <= paragraph.body < paragraph.end
        inner = text[paragraph.start : paragraph.end]
        assert inner == inner.strip()
        assert paragraph.kind == "text" or paragraph.body == paragraph.start
        between += text[position : paragraph.start]
        position = paragraph.end
    assert not any(character.isalnum() for character in between + text[position:])


@given(texts)
@settings(max_examples=100, deadline=None)
def test_blank_lines_always_separate_paragraphs(text: str) -> None:
    article = read_article(text)
    assert not any("\n\n" in text[p.start : p.end] for p in article.paragraphs)


@given(st.lists(st.sampled_from(BODY), min_size=1, max_size=4))
def test_the_kind_of_line_end_makes_no_difference(lines: list[str]) -> None:
    found = [kinds_and_bodies(end.join(lines)) for end in ("\n\n", "\r\n\r\n", "\r\r", "\n \u00a0\n", "\n")]
    assert all(one == found[0] for one in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["a", "a ", "A\n", "\n", "LONDON – ", "http://", "[](", "9", "By Ann ", "January ", "(", "a\n\n", "/", "Photo "],
)
def test_a_repeated_unit_is_read_to_its_end(unit: str) -> None:
    text = unit * 50_000
    assert all(p.end <= len(text) for p in read_article(text).paragraphs)


@pytest.mark.parametrize("line", ["1.1." * 30 + " x", "1/" * 70 + "x", "10:10-" * 20 + "x", "Monday, " * 20 + "x"])
def test_a_line_that_is_almost_a_date_does_not_hang(line: str) -> None:
    """A pattern that tried each way to split the numbers would try 2**60 and more."""
    assert [paragraph.kind for paragraph in read_article(line).paragraphs] == ["text"]
