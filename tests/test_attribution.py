"""The contest of candidates, with hand-made ones, so that each rule of it is tested alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import find_quoted
from quotekit.attribution.competing import FLOOR, MIN_ENCLOSING, MIN_NESTED, decide, holds, join_split
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER
from quotekit.candidates.layer import Layer
from quotekit.models import Span, inside, overlap


def candidate(*content: Span, confidence: float = 0.9, **fields: Any) -> Candidate:
    return Candidate(
        content=content,
        source=fields.pop("source", None),
        cue=fields.pop("cue", None),
        verb=None,
        act="statement",
        rule=fields.pop("rule", "test"),
        confidence=confidence,
        **fields,
    )


def page(text: str) -> ParsedArticle:
    """A page whose parse knows words and nothing of syntax."""
    article = read_article(text)
    parse, at = Parse(text), 0
    for word in text.replace("\n", " ").replace(".", " . ").split():
        start = text.index(word, at)
        at = start + len(word)
        parse.words.append(word)
        parse.starts.append(start)
        parse.ends.append(at)
        parse.sentences.append(0)
        parse.pos.append("X")
    return ParsedArticle(article, find_quoted(article), parse)


def test_layer_finds_overlapping_candidates() -> None:
    layer, one, two = Layer(), candidate((0, 10), (20, 30)), candidate((12, 15))
    layer.take(one)
    layer.take(two)
    assert layer.overlapping([(5, 13)]) == [one, two]
    assert layer.overlapping([(10, 12), (15, 20)]) == []
    assert layer.overlapping([(0, 30)]) == [one, two]
    assert layer.overlapping([(29, 40)]) == [one]
    assert layer.all() == [one, two]
    layer.drop(one)
    assert layer.overlapping([(0, 30)]) == [two]


def test_most_confident_candidate_wins() -> None:
    sure, unsure = candidate((0, 10)), candidate((5, 15), confidence=0.6)
    assert decide([unsure, sure]) == [sure]


def test_winners_are_in_text_order() -> None:
    first, second = candidate((0, 10), confidence=0.5), candidate((10, 20))
    assert decide([second, first]) == [first, second]


def test_candidate_below_the_floor_does_not_compete() -> None:
    assert decide([candidate((0, 10), confidence=FLOOR - 0.01)]) == []
    assert len(decide([candidate((0, 10), confidence=FLOOR)])) == 1
    assert len(decide([candidate((0, 10), confidence=0.1)], floor=0.1)) == 1


@pytest.mark.parametrize("inner_confidence", [0.95, 0.6])
def test_candidate_inside_another_is_nested(inner_confidence: float) -> None:
    outer = candidate((0, 30), cue=(31, 35), confidence=0.8)
    inner = candidate((10, 30), cue=(5, 9), source=(0, 4), confidence=inner_confidence)
    assert decide([outer, inner]) == [outer, replace(inner, depth=1)]


def test_enclosing_candidate_needs_a_minimum_confidence() -> None:
    outer = candidate((0, 30), cue=(31, 35), confidence=MIN_ENCLOSING - 0.01)
    inner = candidate((10, 30), cue=(5, 9))
    assert decide([outer, inner]) == [inner]


def test_nested_candidate_needs_its_outer_one() -> None:
    inner = candidate((10, 30), cue=(5, 9), depth=1)
    assert decide([inner]) == []
    assert decide([inner, candidate((50, 60))]) == [candidate((50, 60))]


def test_holds_requires_content_cue_and_source_in_one_part() -> None:
    outer = candidate((0, 20), (30, 50))
    assert holds(outer, candidate((10, 20), cue=(5, 9), source=(0, 4)))
    assert not holds(outer, candidate((10, 20)))
    assert not holds(outer, candidate((10, 20), cue=(30, 34)))
    assert not holds(outer, candidate((10, 20), cue=(5, 9), source=(22, 25)))
    assert not holds(outer, candidate((10, 20), (30, 40), cue=(5, 9)))


SPAN = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))
CANDIDATES = st.lists(
    st.builds(
        lambda content, cue, confidence, depth, rule: candidate(
            content, cue=cue, confidence=confidence, depth=depth, rule=rule
        ),
        SPAN,
        st.none() | SPAN,
        st.floats(0, 1),
        st.integers(0, 1),
        st.sampled_from("abc"),
    ),
    max_size=12,
)


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_winners_do_not_depend_on_the_order_of_candidates(candidates: list[Candidate], random: Any) -> None:
    kept = decide(candidates)
    shuffled = candidates[:]
    random.shuffle(shuffled)
    key = [(one.content, one.rule, one.confidence, one.depth) for one in kept]
    assert [(one.content, one.rule, one.confidence, one.depth) for one in decide(shuffled)] == key
    assert [one.hull[0] for one in kept] == sorted(one.hull[0] for one in kept)
    top = [one for one in kept if one.depth == 0]
    nested = [one for one in kept if one.depth == 1]
    for layer in (top, nested):
        spans = [span for one in layer for span in one.content]
        assert not any(overlap(a, b) for i, a in enumerate(spans) for b in spans[:i])
    assert all(any(holds(outer, inner) for outer in top) for inner in nested)
    assert all(any(inside(one.hull, outer.hull) for outer in top) for one in nested)


QUOTED = "“It works,” said Ann Lee{}“It is slow.”"


def parts(text: str) -> tuple[Candidate, Candidate]:
    cue, source = text.index("said"), text.index("Ann Lee")
    shared = {"cue": (cue, cue + 4), "source": (source, source + 7)}
    first, second = (text.index(words) for words in ("It works,", "It is slow."))
    return candidate((first, first + 9), **shared), candidate((second, second + 11), **{**shared, "cue": None})


@pytest.mark.parametrize("between", [", ", ". ", " on Monday. "])
def test_parts_around_the_cue_are_joined(between: str) -> None:
    text = QUOTED.format(between)
    first, second = parts(text)
    assert join_split(page(text), [first, second]) == [replace(first, content=(*first.content, *second.content))]


@pytest.mark.parametrize("between", [". Nobody laughed. ", ".\n\n"])
def test_parts_with_other_words_between_them_are_two_quotes(between: str) -> None:
    text = QUOTED.format(between)
    first, second = parts(text)
    assert join_split(page(text), [first, second]) == [first, second]


def test_parts_of_two_sources_are_two_quotes() -> None:
    text = QUOTED.format(". ")
    first, second = parts(text)
    other = replace(second, source=None)
    assert join_split(page(text), [first, other]) == [first, other]


def test_words_outside_marks_are_not_joined_to_a_quotation() -> None:
    text = "It works, said Ann Lee. It is slow."
    first, second = parts(text)
    assert join_split(page(text), [first, second]) == [first, second]


@pytest.mark.parametrize(("between", "joined"), [("”\n\n“", False), (" ", True)])
def test_quoted_words_of_one_cue_are_one_attribution_unless_a_paragraph_ends_between_them(
    between: str, joined: bool
) -> None:
    text = f"“It works,{between}It is slow.” said Ann Lee"
    first, second = parts(text)
    second = replace(second, cue=first.cue)
    whole = [replace(first, content=(*first.content, *second.content))]
    assert join_split(page(text), [first, second]) == (whole if joined else [first, second])


def test_candidates_of_one_cue_are_one_attribution() -> None:
    text = "It works, said Ann Lee. It is slow."
    first, second = parts(text)
    second = replace(second, cue=first.cue)
    assert join_split(page(text), [first, second]) == [replace(first, content=(*first.content, *second.content))]


TEA = "“It was,” he said and poured the tea. “It is.”"


def of_one_cue(words: str, confidence: float, text: str = TEA, rule: str = ENCODER) -> Candidate:
    start, cue, source = (text.index(one) for one in (words, "said", "he"))
    return candidate(
        (start, start + len(words)), confidence=confidence, cue=(cue, cue + 4), source=(source, source + 2), rule=rule
    )


@pytest.mark.parametrize(
    ("words", "sure", "joined"),
    [
        (("It was,", "poured the tea"), (0.9, MIN_NESTED - 0.01), False),
        (("It was,", "poured the tea"), (MIN_NESTED - 0.01, 0.9), False),
        (("It was,", "poured the tea"), (MIN_NESTED, MIN_NESTED), True),
        (("It was,", "It is."), (0.9, FLOOR), True),
        (("It was,", "It is."), (FLOOR, 0.9), True),
        (("poured", "the tea"), (0.9, FLOOR), False),
        (("poured", "the tea"), (FLOOR, 0.9), False),
        (("poured", "the tea"), (FLOOR, FLOOR), True),
    ],
)
def test_unquoted_words_are_joined_only_to_words_as_confident(
    words: tuple[str, str], sure: tuple[float, float], joined: bool
) -> None:
    first, second = map(of_one_cue, words, sure)
    whole = [replace(first, content=(*first.content, *second.content), confidence=max(sure))]
    assert join_split(page(TEA), [first, second]) == (whole if joined else [first, second])


def test_unquoted_words_that_one_rule_found_are_joined() -> None:
    first, second = (of_one_cue(*words, rule="en.clause") for words in (("poured", 0.9), ("the tea", FLOOR)))
    [joined] = join_split(page(TEA), [first, second])
    assert (joined.content, joined.confidence) == ((*first.content, *second.content), 0.9)


@pytest.mark.parametrize(
    ("text", "joined"), [("It sank, he said, and is lost.", True), ("It sank, he said, as it is lost.", False)]
)
def test_doubtful_words_that_go_on_behind_the_cue_are_joined(text: str, joined: bool) -> None:
    parts = [of_one_cue("It sank", 0.9, text), of_one_cue("is lost", FLOOR, text)]
    assert len(join_split(page(text), parts)) == (1 if joined else 2)


def test_doubtful_pronoun_is_left_out() -> None:
    text = "It was said that he sank"
    read = page(text)
    read.parse.pos[:] = ["PRON", "AUX", "VERB", "SCONJ", "PRON", "VERB"]
    cue, source = (7, 11), (17, 19)
    empty, clause = (
        candidate(content, cue=cue, source=source, confidence=sure, rule=ENCODER)
        for content, sure in (((0, 2), FLOOR), ((12, 24), 0.9))
    )
    assert join_split(read, [empty, clause]) == [clause]
