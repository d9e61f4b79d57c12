"""Speakers: golden cases on stored parses, and properties of any text."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from counting import calls
from hypothesis import given
from hypothesis import strategies as st

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.models import Speaker
from quotekit.speakers import IDS, Mention, resolve
from quotekit.speakers.cast.cast import Cast
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.sieve import resolve_source
from quotekit.speakers.sources import outermost_first

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
    mentions = mentions_of(case)
    found = resolve(parse_of(case), read_article(case["text"]), mentions)
    got = [
        {key: getattr(speaker, key) for key in expected}
        for speaker, expected in zip(found, case["speakers"], strict=True)
    ]
    wrong = [k for k, (answer, expected) in enumerate(zip(got, case["speakers"], strict=True)) if answer != expected]
    assert wrong == case.get("open", []), [(got[k], case["speakers"][k]) for k in wrong]
    for mention, speaker in zip(mentions, found, strict=True):
        assert speaker is not None
        _check_chain(mention, speaker)


def _check_chain(mention: Mention, speaker: Speaker) -> None:
    """The chain begins with the mention, has each span once, and names rules."""
    spans = [(step.start, step.end) for step in speaker.mentions]
    assert spans[0] == mention.span
    assert len(set(spans)) == len(spans) <= 4
    assert {step.rule for step in speaker.mentions} <= set(IDS)


def test_golden_cases_are_unique_and_few_are_open() -> None:
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids) >= 300
    mentions = sum(len(case["mentions"]) for case in CASES)
    assert sum(len(case.get("open", ())) for case in CASES) <= mentions / 20


def test_speaker_has_one_id_and_each_mention_its_own_chain() -> None:
    case = next(case for case in CASES if case["id"] == "pronoun-he")
    first, second = resolve(parse_of(case), read_article(case["text"]), mentions_of(case))
    assert first is not None
    assert second is not None
    assert first.id == second.id == "s1"
    assert first == second
    assert len({first, second}) == 1
    assert first != first.model_copy(update={"name": "Bo Stone"})
    assert first != "s1"
    assert [(mention.text, mention.rule) for mention in first.mentions] == [("John Barker", "speaker.name.full")]
    assert [(mention.text, mention.rule) for mention in second.mentions] == [
        ("he", "speaker.pronoun.person"),
        ("John Barker", "speaker.name.full"),
    ]


def test_rule_that_is_off_decides_nothing() -> None:
    case = next(case for case in CASES if case["id"] == "pronoun-he")
    rules = [id for id in IDS if id != "speaker.pronoun.person"]
    _, second = resolve(parse_of(case), read_article(case["text"]), mentions_of(case), rules)
    assert second is not None
    assert (second.name, second.mentions[0].rule) == ("he", "speaker.own-words")
    assert resolve(parse_of(case), read_article(case["text"]), mentions_of(case), ()) == [None, None]


def test_no_mentions_cost_nothing() -> None:
    # The parse is not read.
    assert resolve(None, read_article("x"), []) == []  # type: ignore[arg-type]


def test_mention_without_a_word_has_no_speaker() -> None:
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
def test_speakers_of_any_parse_point_into_the_text(drawn: tuple[Parse, list[Mention]]) -> None:
    parse, mentions = drawn
    found = resolve(parse, read_article(parse.text), mentions)
    assert len(found) == len(mentions)
    seen: dict[str, Speaker] = {}
    for mention, speaker in zip(mentions, found, strict=True):
        if speaker is None:
            continue
        assert seen.setdefault(speaker.id, speaker) == speaker
        assert speaker.name
        assert (speaker.mentions[0].start, speaker.mentions[0].end) == mention.span
        assert all(parse.text[span.start : span.end] == span.text for span in speaker.mentions)
    assert list(seen) == [f"s{i}" for i in range(1, len(seen) + 1)]
    assert found == resolve(parse, read_article(parse.text), mentions)


def _who(speakers: list[Speaker | None]) -> list[Any]:
    """Speakers without their ids, which count first mentions, and which mentions share one."""
    first: dict[str, int] = {}
    return [
        speaker and (speaker.model_dump(exclude={"id"}), first.setdefault(speaker.id, k))
        for k, speaker in enumerate(speakers)
    ]


def _check_order(parse: Parse, mentions: list[Mention], order: list[int]) -> None:
    article = read_article(parse.text)
    shuffled = resolve(parse, article, [mentions[k] for k in order])
    back = sorted(range(len(order)), key=order.__getitem__)
    assert _who([shuffled[k] for k in back]) == _who(resolve(parse, article, mentions))


@given(parses(), st.randoms(use_true_random=False))
def test_order_of_mentions_is_irrelevant(drawn: tuple[Parse, list[Mention]], random: Random) -> None:
    parse, mentions = drawn
    order = list(range(len(mentions)))
    random.shuffle(order)
    _check_order(parse, mentions, order)


def test_golden_cases_resolve_the_same_backwards() -> None:
    for case in CASES:
        mentions = mentions_of(case)
        _check_order(parse_of(case), mentions, list(range(len(mentions)))[::-1])


@given(parses(), st.randoms(use_true_random=False))
def test_questions_leave_no_trace(drawn: tuple[Parse, list[Mention]], random: Random) -> None:
    parse, mentions = drawn
    cast = Cast(parse, read_article(parse.text))
    asked, plain = (Discourse(parse, cast, mentions, frozenset(IDS)) for _ in range(2))
    for k in outermost_first(plain.sources):
        for other in random.choices(range(len(plain.sources)), k=3):
            resolve_source(asked, other)
        for discourse in (asked, plain):
            resolved = resolve_source(discourse, k)
            if resolved is not None:
                discourse.record(k, *resolved)
    assert asked.answers == plain.answers


@given(parses())
def test_mentions_with_one_span_have_one_speaker(drawn: tuple[Parse, list[Mention]]) -> None:
    parse, mentions = drawn
    halves = [Mention(m.span, (part,), m.direct) for m in mentions for part in (m.content[0], (0, 0))]
    found = resolve(parse, read_article(parse.text), halves)
    spans: dict[Any, Speaker | None] = {}
    for mention, speaker in zip(halves, found, strict=True):
        assert spans.setdefault(mention.span, speaker) == speaker


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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["role-before-name", "pronoun-last-speaker", "two-of-a-surname", "document"])
def test_work_is_linear_in_the_text(name: str) -> None:
    case = next(case for case in CASES if case["id"] == name)

    def work(times: int) -> int:
        parse, mentions = _repeated(case, times)
        article = read_article(parse.text)
        return calls(lambda: resolve(parse, article, mentions))

    # Eight times the text; a quadratic step would show as a factor of 64.
    assert work(400) < 12 * work(50)
