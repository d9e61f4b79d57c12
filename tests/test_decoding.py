"""Decoding logits into runs, and pointers into links, from numbers made by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import find_quoted
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE, Decoded, Run, best_path, decode, softmax
from quotekit.encoder.network import Floats, WindowLogits
from quotekit.encoder.word_pieces import Integers, Pieces

TAGS = ".SsCcQq"
"""Outside, then each kind's first piece and the others: source, cue, content (quoted)."""

SURE = 10.0


def a_path(tags: str) -> Integers:
    return np.array([TAGS.index(tag) for tag in tags], dtype=np.int64)


def sure(tags: str) -> Floats:
    """Return logits that give each piece its tag with near certainty."""
    return (SURE * np.eye(7)[a_path(tags)]).astype(np.float32).reshape(-1, 7)


def some_pieces(count: int, lines: tuple[int, ...] = ()) -> Pieces:
    """Words of four letters, a blank after each; a paragraph begins at each of ``lines``."""
    starts = 5 * np.arange(count, dtype=np.int64)
    features = np.zeros(count, dtype=np.int64)
    features[list(lines)] = 1
    return Pieces(np.full(count, 7), features, starts, starts + 4, np.arange(count))


def sights(
    logits: Floats,
    sources: dict[int, dict[int | None, float]] | None = None,
    cues: dict[int, dict[int | None, float]] | None = None,
    windows: tuple[tuple[int, int, int, int], ...] | None = None,
) -> list[WindowLogits]:
    """Return the logits of a network whose pieces point with these shares; windows are start, end, first, last."""
    count = len(logits)
    found = []
    for start, end, first, last in windows or ((0, count, 0, count),):
        tables = []
        for shares in (sources or {}, cues or {}):
            table = np.full((last - first, end - start + 1), -30, dtype=np.float32)
            for piece in range(first, last):
                for target, share in shares.get(piece, {None: 1.0}).items():
                    table[piece - first, 0 if target is None else target - start + 1] = np.log(share)
            tables.append(table)
        found.append(WindowLogits(first, last, start, logits[start:end], *tables))
    return found


def decoded(tags: str, lines: tuple[int, ...] = (), **more: dict[int, dict[int | None, float]]) -> Decoded:
    return Decoded(some_pieces(len(tags), lines), sights(sure(tags), **more))


def is_sound(path: Integers, line_starts: Integers) -> bool:
    """Return whether every run begins with its first tag, in each line by itself."""
    for i, tag in enumerate(path.tolist()):
        if tag and tag % 2 == 0 and (i in line_starts or path[i - 1] not in (tag, tag - 1)):
            return False
    return True


def worth(path: Integers, logits: Floats) -> float:
    return float(logits[np.arange(len(path)), path].astype(np.float64).sum())


@st.composite
def problems(draw: st.DrawFn, longest: int) -> tuple[Floats, Integers]:
    """Return random logits and the pieces that begin a line."""
    count = draw(st.integers(1, longest))
    lines = draw(st.sets(st.integers(0, count - 1)))
    logits = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(0, 3, (count, 7)).astype(np.float32)
    return logits, np.array(sorted({0, *lines}), dtype=np.int64)


class TestBestPath:
    @given(problems(longest=4))
    def test_no_valid_path_is_better(self, problem: tuple[Floats, Integers]) -> None:
        logits, line_starts = problem
        paths = map(np.array, product(range(7), repeat=len(logits)))
        best = max(worth(path, logits) for path in paths if is_sound(path, line_starts))
        found = best_path(logits, line_starts)
        assert is_sound(found, line_starts)
        assert worth(found, logits) == pytest.approx(best)

    @given(problems(longest=60))
    def test_each_run_has_a_beginning_and_lines_are_independent(self, problem: tuple[Floats, Integers]) -> None:
        logits, line_starts = problem
        found = best_path(logits, line_starts)
        assert is_sound(found, line_starts)
        ends = [*line_starts[1:].tolist(), len(logits)]
        alone = [
            best_path(logits[start:end], np.array([0])) for start, end in zip(line_starts.tolist(), ends, strict=True)
        ]
        assert found.tolist() == np.concatenate(alone).tolist()

    @pytest.mark.parametrize(
        ("wanted", "line_starts", "found"),
        [
            (".Qqq.Ss", [0], ".Qqq.Ss"),
            ("qq.", [0], "Qq."),
            ("Qq", [0, 1], "QQ"),
            ("Sc", [0], "SC"),
            ("QqQq", [0], "QqQq"),
        ],
    )
    def test_a_run_without_its_first_tag_gets_one(self, wanted: str, line_starts: list[int], found: str) -> None:
        # As likely as not, a first tag is the second choice.
        logits = sure(wanted)
        for i, tag in enumerate(a_path(wanted).tolist()):
            if tag and tag % 2 == 0:
                logits[i, tag - 1] = SURE - 1
        assert best_path(logits, np.array(line_starts)).tolist() == a_path(found).tolist()

    def test_no_logits(self) -> None:
        assert best_path(np.zeros((0, 7), dtype=np.float32), np.array([0])).tolist() == []


class TestRuns:
    @pytest.mark.parametrize(
        ("tags", "source", "cue", "content"),
        [
            ("", [], [], []),
            ("....", [], [], []),
            ("Ss.C.Qqq", [(0, 2)], [(3, 4)], [(5, 8)]),
            ("SCQ", [(0, 1)], [(1, 2)], [(2, 3)]),
            ("QqQq.Q", [], [], [(0, 2), (2, 4), (5, 6)]),
        ],
    )
    def test_one_run_for_each_stretch(
        self, tags: str, source: list[tuple[int, int]], cue: list[tuple[int, int]], content: list[tuple[int, int]]
    ) -> None:
        (runs,) = decoded(tags).readings()
        expected = {SOURCE: source, CUE: cue, CONTENT: content}
        assert {kind: [(run.first, run.last) for run in found] for kind, found in runs.items()} == expected

    def test_a_paragraph_ends_a_run(self) -> None:
        (runs,) = decoded("QqQq", lines=(2,)).readings()
        assert runs[CONTENT] == [Run(0, 2), Run(2, 4)]
        logits = sure("Qqqq")
        logits[2, CONTENT] = SURE - 1
        (runs,) = Decoded(some_pieces(4, lines=(2,)), sights(logits)).readings()
        assert runs[CONTENT] == [Run(0, 2), Run(2, 4)]

    def test_a_bias_reveals_uncertain_runs(self) -> None:
        logits = sure("Qq....")
        logits[4, CONTENT] = logits[5, CONTENT + 1] = SURE - 2
        read = Decoded(some_pieces(6), sights(logits))
        as_it_is, unsure = read.readings((0.0, -3.0))
        assert as_it_is == read.readings()[0]
        assert as_it_is[CONTENT] == [Run(0, 2)]
        assert unsure[CONTENT] == [Run(0, 2), Run(4, 6)]

    def test_an_article_without_pieces(self) -> None:
        empty = Decoded(some_pieces(0), [])
        assert len(empty) == 0
        assert empty.readings((0.0, -3.0)) == [{SOURCE: [], CUE: [], CONTENT: []}] * 2
        assert empty.run((0, 9)) == Run(0, 0)


class TestStretches:
    @pytest.mark.parametrize(
        ("span", "run"),
        [
            ((0, 4), (0, 1)),
            ((0, 5), (0, 1)),
            ((3, 6), (0, 2)),
            ((4, 5), (1, 1)),
            ((5, 14), (1, 3)),
            ((11, 12), (2, 3)),
            ((14, 99), (3, 3)),
        ],
    )
    def test_pieces_of_a_span(self, span: tuple[int, int], run: tuple[int, int]) -> None:
        assert decoded("...").run(span) == Run(*run)

    def test_span_of_a_run(self) -> None:
        read = decoded("....")
        assert read.span(Run(1, 3)) == (5, 14)
        assert read.run(read.span(Run(1, 3))) == Run(1, 3)

    def test_content_probability_is_the_mean_over_pieces(self) -> None:
        read = decoded("Qq..Q")
        assert read.content_probability([Run(0, 2)]) == pytest.approx(1, abs=1e-3)
        assert read.content_probability([Run(2, 4)]) == pytest.approx(0, abs=1e-3)
        assert read.content_probability([Run(1, 3), Run(3, 5)]) == pytest.approx(2 / 4, abs=1e-3)
        assert read.content_probability([Run(2, 2)]) == read.content_probability([]) == 0


class TestPointing:
    def test_mass_is_the_share_of_the_run_s_pieces(self) -> None:
        read = decoded("Ss.Qq", sources={3: {0: 0.5, 1: 0.3, None: 0.2}, 4: {0: 1.0}})
        pointing = read.pointing(SOURCE, Run(3, 5))
        assert pointing.mass(Run(0, 2)) == pytest.approx(0.9)
        assert pointing.mass(Run(0, 1)) == pytest.approx(0.75)
        assert pointing.mass(Run(2, 3)) == 0
        assert (pointing.nowhere, pointing.rows) == (pytest.approx(0.1), 2)
        assert read.pointing(SOURCE, Run(3, 4)).mass(Run(0, 2)) == pytest.approx(0.8)

    def test_source_and_cue_are_pointed_to_separately(self) -> None:
        read = decoded("SCQ", sources={2: {0: 1.0}}, cues={2: {1: 1.0}})
        (runs,) = read.readings()
        assert read.target(SOURCE, Run(2, 3), runs[SOURCE]) == Run(0, 1)
        assert read.target(CUE, Run(2, 3), runs[CUE]) == Run(1, 2)
        assert read.pointing(CUE, Run(2, 3)).mass(Run(0, 1)) == 0

    def test_pieces_that_are_not_content_point_nowhere(self) -> None:
        read = decoded("S..", sources={2: {0: 1.0}})
        pointing = read.pointing(SOURCE, Run(2, 3))
        assert (pointing.mass(Run(0, 1)), pointing.nowhere, pointing.rows) == (0, 1, 0)

    def test_a_run_in_two_windows(self) -> None:
        logits = sure("SQqqS")
        points: dict[int, dict[int | None, float]] = {1: {0: 1.0}, 2: {0: 0.5, None: 0.5}, 3: {4: 0.9, None: 0.1}}
        read = Decoded(some_pieces(5), sights(logits, points, windows=((0, 4, 0, 3), (1, 5, 3, 5))))
        pointing = read.pointing(SOURCE, Run(1, 4))
        assert pointing.mass(Run(0, 1)) == pytest.approx(1.5 / 3)
        assert pointing.mass(Run(4, 5)) == pytest.approx(0.9 / 3)
        assert (pointing.nowhere, pointing.rows) == (pytest.approx(0.6 / 3), 3)
        assert np.array_equal(read.logits, logits)

    @pytest.mark.parametrize(
        ("shares", "target"),
        [
            ({0: 0.6, None: 0.4}, 0),
            ({0: 0.2, 2: 0.5, None: 0.3}, 2),
            ({0: 0.3, 2: 0.3, None: 0.4}, None),
            ({None: 1.0}, None),
            ({3: 0.9, None: 0.1}, None),
        ],
    )
    def test_the_target_is_where_most_of_it_points(self, shares: dict[int | None, float], target: int | None) -> None:
        read = decoded("S.S.Q", sources={4: shares})
        (runs,) = read.readings()
        found = read.target(SOURCE, Run(4, 5), runs[SOURCE])
        assert found == (None if target is None else Run(target, target + 1))

    def test_no_target_without_runs(self) -> None:
        assert decoded("..Q", sources={2: {0: 1.0}}).target(SOURCE, Run(2, 3), []) is None


class TestSoftmax:
    def test_rows_are_probabilities_in_the_order_of_the_logits(self) -> None:
        found = softmax(np.array([[0.0, np.log(3.0)], [500.0, -500.0], [-1e4, -1e4]], dtype=np.float32))
        assert found.tolist() == [pytest.approx([0.25, 0.75]), [1.0, 0.0], [0.5, 0.5]]

    def test_no_rows(self) -> None:
        assert softmax(np.zeros((0, 3), dtype=np.float32)).shape == (0, 3)


def test_a_plain_sentence_is_read_by_the_encoder_that_comes_with_quotekit() -> None:
    text = "“The pier is safe,” said Ann Lee. It rained all day."
    article = read_article(text)
    read = decode(ParsedArticle(article, find_quoted(article), Parse(text)))
    (runs,) = read.readings()
    (content,), (source,), (cue,) = runs[CONTENT], runs[SOURCE], runs[CUE]
    shown = [text[slice(*read.span(run))] for run in (content, source, cue)]
    assert "pier is safe" in shown[0]
    assert shown[1:] == ["Ann Lee", "said"]
    assert read.target(SOURCE, content, runs[SOURCE]) == source
    assert read.target(CUE, content, runs[CUE]) == cue
