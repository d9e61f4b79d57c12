"""Marks on a page: whatever the spans and the text, they nest, they stand where they should, and no word is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit import Position, Quote, Speaker, SpeakerMention, TextSpan
from quotekit.report import marking
from quotekit.report.characters import plain, runs
from quotekit.report.marking import Closing, Layer, Opening, Piece, Words, layers_of, marked

SIZE = 30


@st.composite
def layers(draw: st.DrawFn) -> list[Layer]:
    found = []
    for i in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, SIZE))
        end = draw(st.integers(start, SIZE))
        role = draw(st.sampled_from(["quote", "source", "cue", "mention"]))
        found.append(Layer(start, end, role, (i,)))
    return found


@st.composite
def blocks(draw: st.DrawFn) -> list[tuple[int, int]]:
    cuts = sorted(draw(st.sets(st.integers(0, SIZE), max_size=8)))
    return [(a, b) for place, (a, b) in enumerate(pairwise(cuts)) if place % 2 == 0]


def coverage(pieces: list[Piece]) -> dict[Layer, set[int]]:
    """The characters that stand inside each layer's marks; a mark closed out of order is an error."""
    stack: list[Layer] = []
    covered: dict[Layer, set[int]] = {}
    for piece in pieces:
        if isinstance(piece, Opening):
            stack.append(piece.layer)
        elif isinstance(piece, Closing):
            assert stack.pop() == piece.layer
        else:
            for layer in stack:
                covered.setdefault(layer, set()).update(range(piece.start, piece.end))
    assert stack == []
    return covered


@given(layers(), blocks())
def test_marks_nest_and_cover_their_spans(layers: list[Layer], blocks: list[tuple[int, int]]) -> None:
    found = marked(layers, blocks)
    assert len(found) == len(blocks)
    for block, pieces in zip(blocks, found, strict=True):
        words = [piece for piece in pieces if isinstance(piece, Words)]
        assert all(piece.start < piece.end for piece in words)
        assert [at for piece in words for at in range(piece.start, piece.end)] == list(range(*block))
        inside = {layer: set(range(*block)) & set(range(layer.start, layer.end)) for layer in layers}
        assert coverage(pieces) == {layer: places for layer, places in inside.items() if places}


@given(layers(), blocks())
def test_each_mark_begins_once_and_ends_once(layers: list[Layer], blocks: list[tuple[int, int]]) -> None:
    pieces = [piece for block in marked(layers, blocks) for piece in block]
    for layer in layers:
        seen = any(max(layer.start, start) < min(layer.end, end) for start, end in blocks)
        own = [piece for piece in pieces if not isinstance(piece, Words) and piece.layer == layer]
        assert sum(piece.first for piece in own if isinstance(piece, Opening)) == seen
        assert sum(piece.last for piece in own if isinstance(piece, Closing)) == seen
        if seen:
            assert isinstance(own[0], Opening)
            assert own[0].first
            assert isinstance(own[-1], Closing)
            assert own[-1].last


def test_mentions_shared_by_many_quotes_take_linear_work(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ann Lee"
    name = SpeakerMention(start=0, end=7, text=text, rule="speaker.name.full")
    who = Speaker(id="s1", name=text, kind="person", mentions=(name,))
    span = TextSpan.of(text, (0, 3))
    quote = Quote(id="q1", kind="direct", act="statement", text=span.text, content=(span,), speaker=who, rule="x",
                  position=Position(start=0, end=3, paragraph=0, sentence=0), confidence=1)  # fmt: skip

    class Index(int):
        compared = 0

        def __eq__(self, other: object) -> bool:
            Index.compared += 1
            return int(self) == other

        __hash__ = int.__hash__

    # The indices of the quotes count how often they are compared.
    counted = lambda items: ((Index(i), item) for i, item in enumerate(items))  # noqa: E731  # a stand-in for a builtin
    monkeypatch.setattr(marking, "enumerate", counted, raising=False)
    indices = layers_of([quote] * 2_000)[-1].quotes
    assert Index.compared <= 4 * 2_000
    assert list(map(int, indices)) == list(range(2_000))


@given(st.integers(0, 10), st.integers(0, 10))
def test_quote_encloses_a_source_with_the_same_span(start: int, length: int) -> None:
    both = [Layer(start, start + length + 1, role, (0,)) for role in ("source", "quote")]
    (pieces,) = marked(both, [(0, SIZE)])
    assert [piece.layer.role for piece in pieces if isinstance(piece, Opening)] == ["quote", "source"]


def read_back(text: str) -> str:
    return "".join(chr(int(run.code, 16)) if run.code else run.text for run in runs(text))


ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\r\n\x00\ud800\u202e\u200b\ufeff"))


@given(ANY_TEXT)
def test_joined_runs_are_the_text(text: str) -> None:
    assert read_back(text) == text


@given(ANY_TEXT)
def test_runs_contain_only_valid_html_characters(text: str) -> None:
    shown = "".join(run.text for run in runs(text)) + plain(text)
    shown.encode("utf-8")
    assert not any(
        (character < " " and character not in "\t\n")
        or "\x7f" <= character <= "\x9f"
        or ord(character) & 0xFFFE == 0xFFFE
        for character in shown
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb", [("a", ""), ("", "000D"), ("\nb", "")]),
        ("a\rb", [("a", ""), ("\n", "000D"), ("b", "")]),
        ("\x00", [("�", "0000")]),
        ("\u202eb", [("\u202e", "202E"), ("b", "")]),
        ("\ud83d", [("�", "D83D")]),
        ("\U0001f600\u200d", [("\U0001f600\u200d", "")]),
        ("", []),
    ],
)
def test_runs(text: str, shown: list[tuple[str, str]]) -> None:
    assert [(run.text, run.code) for run in runs(text)] == shown
