"""Quoted stretches: golden cases by kind of construction, and what holds for any text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import Quoted, find_quoted

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "marks.jsonl").read_text(encoding="utf-8").splitlines()
]
BRACKETS = re.compile(r"\{\+|\+\}|[{}]")
MARKS = "\"'“”‘’„‚«»‹›`「」"


def quoted_in(text: str) -> list[Quoted]:
    return find_quoted(read_article(text))


def expected(bracketed: str) -> tuple[str, list[tuple[str, int, bool, bool]]]:
    """Return the text without brackets, and of each bracket the text, the depth, if it is closed and if it continues.

    ``{…}`` is a stretch, ``+}`` ends one that has no closing mark, ``{+`` begins one that continues an earlier one.
    """
    text, stretches, opened, position = "", [], [], 0
    for bracket in BRACKETS.finditer(bracketed):
        text += bracketed[position : bracket.start()]
        position = bracket.end()
        if bracket.group().startswith("{"):
            opened.append(len(stretches))
            stretches.append([len(text), 0, len(opened) - 1, True, bracket.group() == "{+"])
        else:
            stretch = stretches[opened.pop()]
            stretch[1], stretch[3] = len(text), bracket.group() == "}"
    text += bracketed[position:]
    return text, [(text[a:b], depth, closed, goes_on) for a, b, depth, closed, goes_on in stretches]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}: {case['text'][:40]}")
def test_golden(case: dict[str, Any]) -> None:
    text, stretches = expected(case["text"])
    found = quoted_in(text)
    assert [(text[q.inner[0] : q.inner[1]], q.depth, q.closed, q.continues is not None) for q in found] == stretches


def test_a_continuation_names_the_stretch_that_it_continues() -> None:
    found = quoted_in("“It works,” she said. “We know.\n\n“It always did.\n\n“It will.”")
    assert [q.continues for q in found] == [None, None, 1, 2]
    assert [q.paragraph for q in found] == [0, 0, 1, 2]
    assert [q.closed for q in found] == [True, False, False, True]


def test_nested_continuations_link_level_by_level() -> None:
    found = quoted_in("“He said: ‘It works.\n\n“‘It always did,’ and left.”")
    assert [(q.depth, q.continues) for q in found] == [(0, None), (1, None), (0, 0), (1, 1)]


def test_outer_includes_the_marks_and_inner_has_no_white_space_around_it() -> None:
    text = 'She said: " it works ".'
    [quoted] = quoted_in(text)
    assert (text[slice(*quoted.outer)], text[slice(*quoted.inner)]) == ('" it works "', "it works")


def test_a_broken_quote_is_one_stretch_across_the_break() -> None:
    text = 'He spoke.\n\n"We cannot accept the\n\n[old] guards," she said.'
    [quoted] = quoted_in(text)
    assert text[slice(*quoted.outer)] == '"We cannot accept the\n\n[old] guards,"'
    assert quoted.paragraph == 1


texts = st.one_of(
    st.text(max_size=120),
    st.text(alphabet=MARKS + "ab.,s6 \n\\", max_size=80),
    st.lists(st.sampled_from([*MARKS, "''", "“It", "works,”", " ", "\n\n", "said", "don’t", "12'", '6"', "."])).map(
        "".join
    ),
)


@given(texts)
@settings(max_examples=400, deadline=None)
def test_any_text_is_accepted_and_stretches_are_well_formed(text: str) -> None:
    article = read_article(text)
    found = find_quoted(article)
    stack: list[Quoted] = []
    for i, q in enumerate(found):
        assert 0 <= q.outer[0] < q.inner[0] < q.inner[1] <= q.outer[1] <= len(text)
        assert q.inner[1] < q.outer[1] or not q.closed
        inner = text[slice(*q.inner)]
        assert inner == inner.strip()
        paragraph = article.paragraphs[q.paragraph]
        assert paragraph.kind in ("text", "headline")
        assert paragraph.body <= q.outer[0] < paragraph.end
        while stack and stack[-1].outer[1] <= q.outer[0]:
            stack.pop()
        assert q.depth == len(stack)
        if stack:
            assert stack[-1].inner[0] <= q.outer[0]
            assert q.outer[1] <= stack[-1].outer[1]
        stack.append(q)
        if q.continues is not None:
            before = found[q.continues]
            assert q.continues < i
            assert (before.closed, before.depth) == (False, q.depth)
            assert before.paragraph < q.paragraph


phrases = st.lists(
    st.sampled_from(["the plan", "we know", "it’s late", "talks", "no", "all is well"]), min_size=1, max_size=3
)
spoken = phrases.map(" ".join)
nested = st.one_of(spoken, st.tuples(spoken, spoken).map(lambda p: f"{p[0]} ‘{p[1]}’ too"))
sentences = st.one_of(
    spoken.map(lambda s: f"They met, and {s} again."),
    nested.map(lambda s: f"“Yes, {s},” she said."),
    st.tuples(nested, nested).map(lambda p: f"He said: “Well, {p[0]}.” Later: “{p[1]}!”"),
)
paragraphs = st.lists(sentences, min_size=1, max_size=3).map(" ".join)
stories = st.lists(paragraphs, min_size=1, max_size=4)


def spans(text: str) -> list[tuple[object, ...]]:
    return [(q.outer, q.inner, q.paragraph, q.depth, q.closed, q.continues) for q in quoted_in(text)]


@given(stories)
@settings(max_examples=150, deadline=None)
def test_curly_and_straight_marks_agree(story: list[str]) -> None:
    text = "\n\n".join(story)
    straight = text.translate(str.maketrans("“”‘’", "\"\"''"))
    assert spans(text) == spans(straight)
    assert len(spans(text)) == text.count("“") + text.count("‘")


@given(stories, st.data())
@settings(max_examples=150, deadline=None)
def test_an_unmatched_mark_affects_only_its_own_paragraph(story: list[str], data: st.DataObject) -> None:
    k = data.draw(st.integers(0, len(story) - 1))
    places = [i for i, c in enumerate(story[k]) if c == " "]
    at = data.draw(st.sampled_from(places)) + 1
    mark = data.draw(st.sampled_from("\"“”«»„‘’'"))
    broken = [*story]
    broken[k] = story[k][:at] + mark + story[k][at:]

    def elsewhere(paragraphs: list[str]) -> list[tuple[int, int, str]]:
        text = "\n\n".join(paragraphs)
        return [(q.paragraph, q.depth, text[slice(*q.outer)]) for q in quoted_in(text) if q.paragraph != k]

    assert elsewhere(broken) == elsewhere(story)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["“", '"', '" ', "“a ", "‘a ", "«", "'", "“a\n\n", '"a‘b«c ', "’"])
def test_many_repeated_marks_do_not_hang(unit: str) -> None:
    assert len(quoted_in(unit * 20_000)) <= 20_000
