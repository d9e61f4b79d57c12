"""Speakers: golden cases on stored parses, and what holds for any text."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit.article import read_article
from quotekit.lexicon import load
from quotekit.models import Speaker
from quotekit.parse import Parse
from quotekit.speakers import Mention, resolve
from quotekit.speakers.places import country_in, place

Case = dict[str, Any]

CASES: list[Case] = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "speakers.jsonl").read_text(encoding="utf-8").splitlines()
]
TAGS = ("NNP", "NNPS", "NN", "NNS", "PRP", "PRP$", "WP", "VBD", "DT", "IN", "CC", ",", ".", "HYPH", "JJ", "CD", "POS")
DEPS = ("nsubj", "ROOT", "dobj", "pobj", "prep", "appos", "conj", "relcl", "compound", "poss", "det", "punct")
WORDS = (
    "Ann", "Lee", "Mr.", "Mrs.", "Sen.", "President", "minister", "he", "she", "they", "it", "I", "who", "his", "the",
    "a", "of", "and", ",", "-", "bin", "al", "Jr.", "Moscow", "Russia", "Russians", "U.S.", "Kremlin", "officials",
    "source", "report", "voters", "company", "Ministry", "State", "former", "KING", "UN", "’s", ".", "(", ")", "\x00",
)  # fmt: skip


def parse_of(case: Case) -> Parse:
    """The stored columns of a case; the words are slices of its text."""
    columns = case["parse"]
    words = [case["text"][s:e] for s, e in zip(columns["starts"], columns["ends"], strict=True)]
    return Parse(text=case["text"], words=words, **columns)


def mentions_of(case: Case) -> list[Mention]:
    return [
        Mention(tuple(m["span"]), tuple((s, e) for s, e in m["content"]), m["direct"])  # type: ignore[arg-type]
        for m in case["mentions"]
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_golden(case: Case) -> None:
    found = resolve(parse_of(case), read_article(case["text"]), mentions_of(case))
    got = [
        {key: getattr(speaker, key) for key in expected}
        for speaker, expected in zip(found, case["speakers"], strict=True)
    ]
    assert got == case["speakers"]


def test_golden_ids_are_unique_and_many() -> None:
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids) >= 40


def test_one_speaker_is_one_object_with_the_chain_to_the_full_name() -> None:
    case = next(case for case in CASES if case["id"] == "pronoun-he")
    first, second = resolve(parse_of(case), read_article(case["text"]), mentions_of(case))
    assert first == second
    assert first is not None
    assert first.id == "s1"
    assert [mention.text for mention in first.mentions] == ["John Barker", "he"]


def test_no_mentions_cost_nothing() -> None:
    # The parse is not even looked at.
    assert resolve(None, read_article("x"), []) == []  # type: ignore[arg-type]


def test_a_mention_without_a_word_has_no_speaker() -> None:
    case = CASES[0]
    start = case["text"].index(" ")
    assert resolve(parse_of(case), read_article(case["text"]), [Mention((start, start), ((0, 3),), False)]) == [None]


@st.composite
def parses(draw: st.DrawFn) -> tuple[Parse, list[Mention]]:
    """A parse of any words with any tags and any heads, and mentions anywhere in it."""
    words = draw(st.lists(st.sampled_from(WORDS), max_size=40))
    n = len(words)
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    text = " ".join(words)
    breaks = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    sentences = [sum(breaks[: i + 1]) for i in range(n)]
    parse = Parse(
        text,
        words,
        [word.lower() for word in words],
        draw(st.lists(st.sampled_from(TAGS), min_size=n, max_size=n)),
        draw(st.lists(st.sampled_from(("NOUN", "PROPN", "PRON", "VERB", "ADJ")), min_size=n, max_size=n)),
        draw(st.lists(st.sampled_from(DEPS), min_size=n, max_size=n)),
        [draw(st.integers(0, n - 1)) for _ in range(n)],
        starts,
        [start + len(word) for start, word in zip(starts, words, strict=True)],
        sentences,
    )
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, 30)), max_size=8))
    contents = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, 80)), min_size=8, max_size=8))
    mentions = [
        Mention((s, min(s + length, len(text))), ((a, min(a + b, len(text))),), i % 2 == 0)
        for i, ((s, length), (a, b)) in enumerate(zip(sorted(spans), contents, strict=False))
    ]
    return parse, mentions


@given(parses())
def test_any_parse_gives_speakers_that_point_into_the_text(drawn: tuple[Parse, list[Mention]]) -> None:
    parse, mentions = drawn
    found = resolve(parse, read_article(parse.text), mentions)
    assert len(found) == len(mentions)
    seen: dict[str, Speaker] = {}
    for mention, speaker in zip(mentions, found, strict=True):
        if speaker is None:
            continue
        assert seen.setdefault(speaker.id, speaker) == speaker
        assert speaker.name
        assert any((span.start, span.end) == mention.span for span in speaker.mentions)
        assert all(parse.text[span.start : span.end] == span.text for span in speaker.mentions)
    assert list(seen) == [f"s{i}" for i in range(1, len(seen) + 1)]
    assert found == resolve(parse, read_article(parse.text), mentions)


def _repeated(case: Case, times: int) -> tuple[Parse, list[Mention]]:
    """A case's text many times over, as one article."""
    one, text, columns = parse_of(case), case["text"] + "\n\n", case["parse"]
    n, whole = len(one), Parse(text * times)
    for k in range(times):
        whole.words += one.words
        for name in ("lemmas", "tags", "pos", "deps"):
            getattr(whole, name).extend(columns[name])
        whole.heads += [head + k * n for head in one.heads]
        whole.starts += [start + k * len(text) for start in one.starts]
        whole.ends += [end + k * len(text) for end in one.ends]
        whole.sentences += [sentence + k * (one.sentences[-1] + 1) for sentence in one.sentences]
    mentions = [
        Mention(
            (m.span[0] + k * len(text), m.span[1] + k * len(text)),
            tuple((s + k * len(text), e + k * len(text)) for s, e in m.content),
            m.direct,
        )
        for k in range(times)
        for m in mentions_of(case)
    ]
    return whole, mentions


@pytest.mark.parametrize("name", ["role-before-name", "pronoun-last-speaker", "two-of-a-surname", "document"])
def test_time_grows_with_the_text_and_not_faster(name: str) -> None:
    case = next(case for case in CASES if case["id"] == name)

    def seconds(times: int) -> float:
        parse, mentions = _repeated(case, times)
        article = read_article(parse.text)
        started = time.process_time()
        resolve(parse, article, mentions)
        return time.process_time() - started

    small = min(seconds(150) for _ in range(3))
    large = min(seconds(1500) for _ in range(2))
    # Ten times the text; a quadratic step would show as a factor of a hundred.
    assert large < 30 * small


def test_places_are_iso_codes_with_names() -> None:
    countries = load("places")["countries"]
    assert all(len(code) == 2 and code.isupper() and country["names"] for code, country in countries.items())
    assert "comment" in load("places")


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("Russia", "RU", "country"),
        ("the Kremlin", "RU", "seat"),
        ("Downing Street", "GB", "seat"),
        ("Abu Dhabi", "AE", "capital"),
        ("Georgia", "GE", "country"),
        ("Texas", "US", "state"),
        ("Norwegians", "NO", "demonym"),
    ],
)
def test_place(name: str, code: str, kind: str) -> None:
    found = place(name)
    assert found is not None
    assert (found.code, found.kind) == (code, kind)


def test_a_role_of_two_countries_has_none() -> None:
    assert country_in(["Norwegian", "ambassador", "to", "Kenya"]) is None
    assert country_in(["Saudi", "Arabia", "envoy"]) == "SA"
    assert country_in([]) is None
