"""The parse: columns that fit the text, in one piece or many."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotekit.article import parser as parsing
from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parser import parse_article, pieces

TEXT = "The talks, said Ann Lee, will go on.\n\n“It works,” she added.  Nobody spoke.\n"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Pieces of 40 characters."""
    monkeypatch.setattr(parsing, "PIECE", 40)
    return 40


def column_lengths(parse: Parse) -> set[int]:
    columns = (parse.words, parse.lemmas, parse.tags, parse.pos, parse.deps, parse.heads, parse.starts, parse.ends)
    return {len(column) for column in (*columns, parse.sentences)}


@given(st.text(alphabet="ab .\n\t“”", max_size=400))
@example("a" * 100)
@example("a\n\n" * 40)
@example(" " * 100)
def test_pieces_join_to_the_whole_text(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "PIECE", 40)
        cut = list(pieces(read_article(text)))
    assert "".join(text[start:end] for start, end in cut) == text
    assert all(0 < end - start <= 40 for start, end in cut)
    assert all(left[1] == right[0] for left, right in pairwise(cut))


def test_pieces_end_at_paragraphs_if_possible(small: int) -> None:
    text = "One two three.\n\nFour five six.\n\nSeven eight nine.\n\nTen."
    starts = {paragraph.start for paragraph in read_article(text).paragraphs}
    assert {start for start, _ in pieces(read_article(text))} <= starts


@pytest.mark.model
def test_columns_fit_the_text() -> None:
    parse = parse_article(read_article(TEXT))
    assert column_lengths(parse) == {len(parse)}
    assert [TEXT[start:end] for start, end in zip(parse.starts, parse.ends, strict=True)] == parse.words
    assert all(0 <= head < len(parse) for head in parse.heads)
    assert parse.sentences[0] == 0
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(parse.sentences))
    assert parse.lowers == [word.lower() for word in parse.words]


@pytest.mark.model
def test_a_paragraph_begins_a_sentence() -> None:
    article = read_article(TEXT)
    parse = parse_article(article)
    for paragraph in article.paragraphs[1:]:
        (first,) = parse.tokens((paragraph.start, paragraph.start + 1))
        assert parse.sentences[first] == parse.sentences[first - 1] + 1


@pytest.mark.model
def test_pieces_have_the_same_columns_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each paragraph is a piece of its own; what spaCy sees of the others does not change it, in text as plain as this.
    article = read_article(
        "Ann Lee said the bridge was safe.\n\nTom Brandt said the road was not safe.\n\nIt rained on us."
    )
    whole = parse_article(article)
    monkeypatch.setattr(parsing, "PIECE", 45)
    assert len(list(pieces(article))) > 1
    assert parse_article(article) == whole


@pytest.mark.model
def test_a_long_run_without_white_space_is_kept_whole() -> None:
    text = "Ann Lee said " + "“x,”" * 1000 + " was  not\na word."
    parse = parse_article(read_article(text))
    assert [text[start:end] for start, end in zip(parse.starts, parse.ends, strict=True)] == parse.words
    assert "".join(parse.words).replace("\n", "").replace(" ", "") == "".join(text.split())


@pytest.mark.model
@settings(max_examples=30)
@given(st.text(max_size=60))
@example("\ud800Ann\udfff Lee said\x00 so.")
@example("")
@example("\r\n\x0b\u2028")
def test_any_text_has_columns_that_fit(text: str) -> None:
    parse = parse_article(read_article(text))
    assert column_lengths(parse) == {len(parse)}
    assert all(0 <= start < end <= len(text) for start, end in zip(parse.starts, parse.ends, strict=True))
    assert all(left <= right for left, right in zip(parse.ends, parse.starts[1:], strict=False))


def tree() -> Parse:
    """A four-word sentence and one of a single word: 1 is the root, 0 and 3 hang on it, 2 on 3."""
    return Parse(
        "Ann saw the cat. No",
        words=["Ann", "saw", "the", "cat", "No"],
        heads=[1, 1, 3, 1, 4],
        starts=[0, 4, 8, 12, 17],
        ends=[3, 7, 11, 15, 19],
        sentences=[0, 0, 0, 0, 1],
    )


def test_trees() -> None:
    parse = tree()
    assert [list(children) for children in parse.children] == [[], [0, 3], [], [2], []]
    assert parse.subtree(1) == [0, 1, 2, 3]
    assert parse.subtree(1, {3}) == [0, 1]
    assert parse.subtree(1, {1}) == []
    assert list(parse.ancestors(2)) == [3, 1]
    assert list(parse.ancestors(4)) == []
    assert parse.span(2, 3) == (8, 15)


@given(st.integers(0, 20), st.integers(0, 20))
def test_tokens_of_a_span_are_those_that_share_a_character(a: int, b: int) -> None:
    parse, (start, end) = tree(), sorted((a, b))
    shared = [i for i in range(len(parse)) if max(start, parse.starts[i]) < min(end, parse.ends[i])]
    if start < end:
        assert list(parse.tokens((start, end))) == shared
    else:
        # An empty span shares nothing, even inside a word.
        assert bisect_right(parse.ends, start) >= 0
        assert len(parse.tokens((start, end))) <= 1
