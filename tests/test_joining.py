"""The confidence of a candidate, given rules and encoder: its numbers, and what they add up to."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit import RuleSet, lexicon
from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution import additive_model, weighing
from quotekit.attribution.additive_model import (
    ALIKE,
    HIGHEST,
    LOWEST,
    NO_RULE,
    SITUATIONS,
    confidence,
    height,
    log_odds,
    situation,
)
from quotekit.attribution.deciding import Proposers
from quotekit.attribution.weighing import (
    CELL,
    DOUBTED_CLAUSE,
    LAYOUT_ALONE,
    SURE_OF_CLAUSE,
    Evidence,
    _Places,
    likeness,
)
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE, Decoded, decode
from quotekit.encoder.network import WindowLogits
from quotekit.encoder.word_pieces import Pieces
from quotekit.lexicon.cues import Cues
from quotekit.models import Span, overlap

if TYPE_CHECKING:
    from collections.abc import Iterable

STORIES = Path(__file__).parents[1] / "data" / "stories"
TEXT = "“It works now,” Ann Lee said, and Tom Brandt said that snow fell."
SPANS = st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair)))


def at(words: str) -> Span:
    start = TEXT.index(words)
    return start, start + len(words)


def a_page(text: str = TEXT) -> ParsedArticle:
    article = read_article(text)
    return ParsedArticle(article, find_quoted(article), Parse(text))


def seen(text: str, contents: Iterable[Span], source: Span | None = None, cue: Span | None = None) -> Decoded:
    """What a sure encoder says: the words of ``contents`` are content, and that of ``source`` with ``cue``."""
    words = [(start, start + len(word)) for start, word in _words(text)]
    tags = np.full((len(words), 7), -8.0, dtype=np.float32)
    tags[:, 0] = 0
    for i, (start, end) in enumerate(words):
        for kind, spans in ((CONTENT, contents), (SOURCE, [source]), (CUE, [cue])):
            for span in spans:
                if span and span[0] < end and start < span[1]:
                    tags[i, 0], tags[i, kind + (start > span[0])] = -8, 0
    tables = []
    for target in (source, cue):
        table = np.full((len(words), len(words) + 1), -30.0, dtype=np.float32)
        pointed = [1 + i for i, (start, end) in enumerate(words) if target and target[0] < end and start < target[1]]
        table[:, pointed or [0]] = 0
        tables.append(table)
    starts, ends = (np.array(column, dtype=np.int64) for column in zip(*words, strict=True))
    ids = np.zeros(len(words), dtype=np.int64)
    pieces = Pieces(ids, ids, starts, ends, np.arange(len(words)))
    return Decoded(pieces, [WindowLogits(0, len(words), 0, tags, *tables)])


def _words(text: str) -> list[tuple[int, str]]:
    """Words and single marks, with the character each begins at."""
    found: list[tuple[int, str]] = []
    for i, character in enumerate(text):
        if character.isalpha() and found and found[-1][1].isalpha() and text[i - 1].isalpha():
            found[-1] = (found[-1][0], found[-1][1] + character)
        elif not character.isspace():
            found.append((i, character))
    return found


def a_candidate(*content: str, source: str | None = "Ann Lee", **fields: Any) -> Candidate:
    """Return what a rule proposes; by default all that is in marks, said by Ann Lee."""
    given: dict[str, Any] = {
        "content": tuple(map(at, content or ["It works now,"])),
        "source": at(source) if source else None,
        "cue": at("said"),
        "verb": "say",
        "act": "statement",
        "rule": "en.direct.verb-after",
        "confidence": 0.9,
    }
    return Candidate(**(given | fields))


def a_clause(content: str = "snow fell", **fields: Any) -> Candidate:
    return a_candidate(content, **{"source": "Tom Brandt", "rule": "en.clause", **fields})


def weighed_without_encoder(candidate: Candidate, *others: Candidate) -> float:
    """Return the confidence of ``candidate`` if the rules find it, and ``others``, and the encoder nothing."""
    found = [candidate, *others]
    return Evidence(a_page(), seen(TEXT, []), found, found, []).weigh(candidate).confidence


SURE = seen(TEXT, [at("It works now,")], at("Ann Lee"), at("said"))


def numbers(
    candidate: Candidate,
    decoded: Decoded = SURE,
    by_rules: Iterable[Candidate] = (),
    settled: Iterable[Candidate] = (),
    by_encoder: Iterable[Candidate] = (),
) -> dict[str, float]:
    return Evidence(a_page(), decoded, list(by_rules), list(settled), list(by_encoder)).numbers(candidate)


class TestLikeness:
    @pytest.mark.parametrize(
        ("a", "b", "share"),
        [
            ((0, 4), (0, 4), 1),
            ((0, 4), (4, 8), 0),
            ((0, 4), (9, 12), 0),
            ((0, 10), (2, 4), 0.2),
            ((0, 6), (3, 9), 1 / 3),
        ],
    )
    def test_share_of_common_characters(self, a: Span, b: Span, share: float) -> None:
        assert likeness(a, b) == pytest.approx(share)

    @given(SPANS, SPANS)
    def test_likeness_is_that_of_character_sets(self, a: Span, b: Span) -> None:
        ours, theirs = set(range(*a)), set(range(*b))
        assert likeness(a, b) == likeness(b, a) == pytest.approx(len(ours & theirs) / len(ours | theirs))


class TestLogOdds:
    @given(st.floats(0, 1))
    def test_finite_and_its_own_inverse(self, probability: float) -> None:
        value = log_odds(probability)
        assert math.isfinite(value)
        assert 1 / (1 + math.exp(-value)) == pytest.approx(min(max(probability, LOWEST), HIGHEST))

    @given(st.floats(0, 1))
    def test_even_about_a_half(self, probability: float) -> None:
        assert log_odds(1 - probability) == pytest.approx(-log_odds(probability), abs=1e-6)


def a_sight(situation: str) -> dict[str, float]:
    """Numbers that make ``situation``."""
    return {
        "run": 0.0 if "encoder: nothing" in situation else 1.0,
        "run's source": float("encoder: all" in situation),
        "agrees": NO_RULE if "rules: nothing" in situation else 1.0,
    }


class TestConfidence:
    @pytest.mark.parametrize("name", SITUATIONS)
    def test_situation_names_what_encoder_and_rules_found(self, name: str) -> None:
        assert situation(a_sight(name)) == name

    def test_contents_that_share_less_than_half_differ(self) -> None:
        found = {situation({"run": run, "run's source": 1.0, "agrees": 1.0}) for run in (0.0, ALIKE - 0.01)}
        assert found == {"encoder: nothing, rules: all"}
        assert situation({"run": ALIKE, "run's source": 1.0, "agrees": 1.0}) == "encoder: all, rules: all"

    @pytest.mark.parametrize(
        ("value", "expected"),
        [(-9.0, -2.0), (0.0, -2.0), (0.25, -0.5), (0.5, 1.0), (0.75, 1.5), (1.0, 2.0), (9.0, 2.0), (math.inf, 2.0)],
    )
    def test_a_line_through_its_points(self, value: float, expected: float) -> None:
        assert height(value, [0.0, 0.5, 1.0], [-2.0, 1.0, 2.0]) == pytest.approx(expected)

    def test_a_line_through_one_point_is_level(self) -> None:
        assert {height(value, [0.0], [1.5]) for value in (-1.0, 0.0, 1.0)} == {1.5}

    @pytest.mark.parametrize("name", SITUATIONS)
    def test_each_situation_has_its_own_terms(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        terms = {
            one: (float(place), [("content", [0.0, 1.0], [0.0, place / 2]), ("seen", [0.0], [0.5])])
            for place, one in enumerate(SITUATIONS)
        }
        monkeypatch.setattr(additive_model, "_terms", lambda: terms)
        # What is known and has no term adds nothing.
        found = confidence({**a_sight(name), "content": 1.0, "seen": 1.0, "cue": 99.0})
        assert math.log(found / (1 - found)) == pytest.approx(1.5 * SITUATIONS.index(name) + 0.5)

    def test_there_are_terms_for_every_situation(self) -> None:
        assert set(lexicon.load("joining")["situations"]) == set(SITUATIONS)

    def test_every_term_has_a_number(self) -> None:
        data = lexicon.load("joining")
        assert set(data["at"]) <= set(numbers(a_candidate()))
        assert all(set(one["adds"]) <= set(data["at"]) for one in data["situations"].values())

    def test_the_points_of_a_term_are_in_order(self) -> None:
        data = lexicon.load("joining")
        for at in data["at"].values():
            assert all(before < after for before, after in pairwise(at))
        for one in data["situations"].values():
            for name, adds in one["adds"].items():
                assert len(adds) == len(data["at"][name]) >= 1
                assert all(map(math.isfinite, [one["bias"], *adds]))

    def test_agreement_raises_the_confidence(self) -> None:
        candidate = a_candidate()
        agreed = confidence(numbers(candidate, SURE, [candidate], [candidate], [candidate]))
        doubted = confidence(numbers(candidate, seen(TEXT, []), [candidate]))
        assert doubted < 0.5 < agreed


class TestNumbersOfTheEncoder:
    def test_candidate_of_the_encoder(self) -> None:
        found = numbers(a_candidate())
        assert found["content"] == pytest.approx(1, abs=0.01)
        assert found["source"] == found["cue"] == pytest.approx(1)
        assert found["nobody"] == pytest.approx(0, abs=1e-6)
        assert min(found["begins"], found["ends"]) > 3
        assert max(found["before"], found["after"]) < -3

    def test_candidate_with_another_source(self) -> None:
        found = numbers(a_candidate(source="Tom Brandt"))
        assert found["content"] == pytest.approx(1, abs=0.01)
        assert found["source"] == pytest.approx(0, abs=1e-6)
        assert numbers(a_candidate(source=None))["source"] == 0

    def test_candidate_with_other_edges(self) -> None:
        longer = numbers(a_candidate("It works now,” Ann Lee"))
        assert longer["content"] < 0.7
        assert longer["ends"] < -3
        shorter = numbers(a_candidate("works"))
        assert shorter["content"] == pytest.approx(1, abs=0.01)
        assert shorter["begins"] < -3
        assert min(shorter["before"], shorter["after"]) > 3

    def test_candidate_that_the_encoder_missed(self) -> None:
        found = numbers(a_candidate("snow fell"))
        assert found["content"] == pytest.approx(0, abs=0.01)
        assert max(found["begins"], found["ends"]) < -3

    def test_run_may_begin_with_the_mark(self) -> None:
        with_mark = seen(TEXT, [at("“It works now,”")], at("Ann Lee"), at("said"))
        assert numbers(a_candidate(), with_mark)["begins"] > 3

    def test_article_that_the_encoder_did_not_read(self) -> None:
        pieces = Pieces(*(np.zeros(0, dtype=np.int64) for _ in range(5)))
        found = numbers(a_candidate(), Decoded(pieces, []))
        assert found["content"] == found["source"] == found["cue"] == found["pieces"] == 0
        assert all(map(math.isfinite, found.values()))


class TestNumbersOfTheRules:
    def test_only_candidate(self) -> None:
        found = numbers(a_candidate(rule=ENCODER, confidence=0.0))
        none = ("rule", "agrees", "same content", "other source", "overlaps")
        assert {found[name] for name in none} == {NO_RULE}
        assert found["run"] == found["same edges"] == found["seen"] == found["proposed"] == found["settled"] == 0

    def test_candidate_of_rules_and_encoder(self) -> None:
        rival = a_candidate(confidence=0.8)
        found = numbers(a_candidate(rule=ENCODER, confidence=0.0), by_rules=[rival])
        assert found["rule"] == NO_RULE
        assert found["agrees"] == found["same content"] == found["overlaps"] == log_odds(0.8)
        assert found["other source"] == NO_RULE
        assert (found["same edges"], found["proposed"], found["settled"]) == (0.8, 1, 0)

    @pytest.mark.parametrize(
        ("words", "source", "expected"),
        [
            (
                "It works now,",
                "Tom Brandt",
                {"other source": 0.8, "same content": 0.8, "agrees": None},
            ),
            ("It works now,", None, {"other source": 0.8, "agrees": None}),
            ("It works now,", "Lee", {"agrees": 0.8, "other source": None}),
            ("It works", "Ann Lee", {"agrees": 0.8, "same content": 0.8}),
            ("now", "Ann Lee", {"overlaps": 0.8, "same content": None, "agrees": None}),
            ("snow fell", "Ann Lee", {"overlaps": None, "same content": None, "agrees": None}),
        ],
    )
    def test_rival(self, words: str, source: str | None, expected: dict[str, float | None]) -> None:
        rival = a_candidate(words, source=source, confidence=0.8)
        found = numbers(a_candidate(rule=ENCODER), by_rules=[rival])
        wanted = {name: NO_RULE if value is None else log_odds(value) for name, value in expected.items()}
        assert {name: found[name] for name in expected} == wanted

    @pytest.mark.parametrize(("content", "same"), [("It works now", 0.8), ("works now,", 0), ("It works", 0)])
    def test_edges_may_differ_by_a_mark(self, content: str, same: float) -> None:
        found = numbers(a_candidate(rule=ENCODER), by_rules=[a_candidate(content, confidence=0.8)])
        assert found["same edges"] == same

    def test_more_confident_rival_counts(self) -> None:
        rivals = [a_candidate(confidence=0.3), a_candidate(confidence=0.8), a_candidate(confidence=0.5)]
        assert numbers(a_candidate(rule=ENCODER), by_rules=rivals)["agrees"] == log_odds(0.8)

    def test_most_similar_run_counts(self) -> None:
        runs = [
            a_candidate("works", rule=ENCODER),
            a_candidate("It works", source="Tom Brandt", rule=ENCODER),
            a_candidate("snow fell", rule=ENCODER),
        ]
        found = numbers(a_candidate(), by_encoder=runs)
        assert found["run"] == pytest.approx(len("It works") / len("It works now,"))
        assert (found["run's source"], found["seen"]) == (0, 0)
        found = numbers(a_candidate(), by_encoder=[*runs, a_candidate(rule=ENCODER)])
        assert (found["run"], found["run's source"], found["seen"]) == (1, 1, 1)

    def test_run_and_candidate_without_source_have_the_same_source(self) -> None:
        runs = [a_candidate(source=None, rule=ENCODER)]
        assert numbers(a_candidate(source=None), by_encoder=runs)["run's source"] == 1
        assert numbers(a_candidate(), by_encoder=runs)["run's source"] == 0

    def test_candidate_that_the_rules_decided(self) -> None:
        candidate = a_candidate()
        assert numbers(candidate, settled=[candidate])["settled"] == 1
        assert numbers(candidate, settled=[a_candidate(source=None)])["settled"] == 0


class TestNumbersOfTheText:
    def test_quoted_words(self) -> None:
        found = numbers(a_candidate())
        assert (found["quoted"], found["all quoted"], found["left out"]) == (1, 1, 0)

    def test_words_without_marks(self) -> None:
        found = numbers(a_candidate("snow fell"))
        assert (found["quoted"], found["all quoted"], found["left out"]) == (0, 0, 0)

    def test_half_of_each(self) -> None:
        found = numbers(a_candidate("now,” Ann"))
        assert found["quoted"] == pytest.approx(4 / 9)
        assert found["all quoted"] == 0
        assert found["left out"] == pytest.approx(1 - 4 / 13)

    @pytest.mark.parametrize(
        ("source", "expected"), [(None, (1, 0)), ("Ann Lee", (0, math.log(8))), ("Lee", (0, math.log(4)))]
    )
    def test_source(self, source: str | None, expected: tuple[float, float]) -> None:
        found = numbers(a_candidate(source=source))
        assert (found["no source"], found["source's length"]) == (expected[0], pytest.approx(expected[1]))

    @pytest.mark.parametrize(("source", "is_one"), [("She", 1), ("Ann", 0)])
    def test_pronoun(self, source: str, is_one: int) -> None:
        text = f"{source} said that it works."
        candidate = Candidate(
            ((len(source) + 6, len(text) - 1),), (0, len(source)), None, None, "statement", ENCODER, 0.0
        )
        found = Evidence(a_page(text), seen(text, []), [], [], []).numbers(candidate)
        assert found["pronoun"] == is_one

    def test_parts(self) -> None:
        found = numbers(a_candidate("It works", "snow fell"))
        assert (found["parts"], found["pieces"]) == (2, pytest.approx(math.log(5)))
        assert found["content"] == pytest.approx(0.5, abs=0.01)


class TestPlaces:
    @given(st.lists(SPANS, max_size=8), SPANS, st.sampled_from([1, 7, CELL]))
    def test_overlapping_part_is_found_once(self, contents: list[Span], span: Span, cell: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(weighing, "CELL", cell)
            candidates = [Candidate((one,), None, None, None, "statement", ENCODER, 0.0) for one in contents]
            found = [part for part, _ in _Places(candidates).near(span)]
        assert sorted(found) == sorted(one for one in contents if overlap(one, span))


class TestWeighing:
    @pytest.fixture(autouse=True)
    def _one_term(self, monkeypatch: pytest.MonkeyPatch) -> None:
        terms = (0.0, [("content", [0.0, 1.0], [-3.0, 3.0])])
        monkeypatch.setattr(additive_model, "_terms", lambda: dict.fromkeys(SITUATIONS, terms))

    @pytest.mark.parametrize("rule", sorted(LAYOUT_ALONE))
    def test_labels_and_signatures_are_not_weighed(self, rule: str) -> None:
        candidate = a_candidate(rule=rule)
        assert Evidence(a_page(), SURE, [candidate], [], []).weigh(candidate) == candidate

    def test_unweighed_rule_keeps_its_confidence(self) -> None:
        candidate = a_candidate(rule="mine.sigh", confidence=0.123)
        assert Evidence(a_page(), SURE, [candidate], [], [], frozenset({"mine.sigh"})).weigh(candidate) == candidate

    @pytest.mark.parametrize("rule", ["en.clause", "layout.lone", ENCODER])
    def test_other_rules_are_weighed_by_their_numbers(self, rule: str) -> None:
        candidate = a_candidate(rule=rule, confidence=0.123)
        weighed = Evidence(a_page(), SURE, [candidate], [], []).weigh(candidate)
        assert weighed.confidence == pytest.approx(1 / (1 + math.exp(-3)), abs=0.01)
        assert (weighed.content, weighed.source, weighed.rule) == (candidate.content, candidate.source, rule)

    @pytest.mark.parametrize("rule", sorted(SURE_OF_CLAUSE))
    def test_doubted_clause_that_a_rule_is_sure_of_is_kept(self, rule: str) -> None:
        sure = SURE_OF_CLAUSE[rule]
        assert weighed_without_encoder(a_clause(rule=rule, confidence=sure)) == DOUBTED_CLAUSE
        assert weighed_without_encoder(a_clause(rule=rule, confidence=sure - 0.01)) < DOUBTED_CLAUSE

    @pytest.mark.parametrize(
        "candidate",
        [
            a_clause(act="attitude"),
            a_clause(rule="en.object"),
            a_clause("snow"),
        ],
    )
    def test_other_doubted_find_is_not_kept(self, candidate: Candidate) -> None:
        assert weighed_without_encoder(candidate) < DOUBTED_CLAUSE

    def test_doubted_clause_is_not_kept_if_its_cue_has_other_content(self) -> None:
        assert weighed_without_encoder(a_clause(), a_clause("It works now,")) < DOUBTED_CLAUSE

    def test_doubted_clause_is_not_kept_if_the_rules_decide_otherwise(self) -> None:
        clause = a_clause()
        weighed = Evidence(a_page(), seen(TEXT, []), [clause], [], []).weigh(clause)
        assert weighed.confidence < DOUBTED_CLAUSE


@pytest.mark.model
@pytest.mark.parametrize("story", ["harbour-lease", "morning-interview", "low-nine-visit"])
def test_every_candidate_of_a_story_has_finite_numbers(story: str) -> None:
    article = read_article((STORIES / f"{story}.txt").read_text("utf-8"))
    page = ParsedArticle(article, find_quoted(article), parse_article(article))
    decoded = decode(page)
    proposers = Proposers(RuleSet.default(), Cues.default())
    proposed = proposers.propose(page)
    pool, evidence, _ = proposers.pool(page, proposed, proposers.settle(page, proposed.outermost), decoded)
    assert {candidate.rule == ENCODER for candidate in pool} == {True, False}
    names = set(numbers(a_candidate()))
    for candidate in pool:
        found = evidence.numbers(candidate)
        assert set(found) == names
        assert all(map(math.isfinite, found.values()))
        for name in ("content", "source", "nobody", "cue", "run", "quoted", "left out", "same edges"):
            assert 0 <= found[name] <= 1 + 1e-6
