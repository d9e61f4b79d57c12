"""Word pieces: offsets into the caller's text, marks in one style, no boilerplate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import find_quoted
from quotekit.encoder.network import load_encoder
from quotekit.encoder.word_pieces import (
    CAPITAL,
    CAPITALS,
    DIGIT,
    LINE,
    QUOTED,
    READABLE,
    SHAPE,
    Pieces,
    legible,
    read_pieces,
)

MARKS = {
    "curly": ("“", "”", "‘", "’", "’"),
    "straight": ('"', '"', "'", "'", "'"),
    "straight, curly inside": ('"', '"', "‘", "’", "’"),
    "single": ("‘", "’", "“", "”", "’"),
    "single and straight": ("'", "'", '"', '"', "'"),
    "guillemets": ("«", "»", "“", "”", "’"),
    "low": ("„", "“", "‚", "‘", "’"),
    "of typewriters": ("``", "''", "`", "'", "'"),
}
"""Opening and closing marks, those of quotes within quotes, and the apostrophe."""

STORY = (
    "Harbor engineer defends pier\n\n"
    "{o}The pier is safe,{c} said Ann Lee, the harbor{a}s engineer. {o}It isn{a}t new, but it will stand.{c}\n\n"
    "Tom Brandt, of the drivers{a} union, disagreed. "
    "{o}She told us, {no}Nobody will fall,{nc} and Max fell,{c} he said.\n\n"
    "The city{a}s report calls the pier {o}sound{c} in 14 places.\n"
)

FRAGMENTS = (
    "Ann Lee", " said", "the pier", "MOSCOW", "12", "½", "ǅ", "İ", "ß", "é", "e\u0301", "\u0301", "中文", "ﬁ", "🙂",
    "👩‍🚒", "“", "”", "‘", "’", '"', "'", "``", "''", "«", "»", "„", "´", ".", ",", " ", " ", "\n", "\n\n", "\r\n",
    "\t", "\x00", "\ud800", "\udfff", "\ufffd", "\u2028", "\u200b", "\ufeff", "\xad",
    "By Dana Whitcomb\n\n", "Read more\n\n",
)  # fmt: skip
ANY = st.text(max_size=80) | st.text(st.characters(), max_size=40) | st.lists(st.sampled_from(FRAGMENTS)).map("".join)


def pieces_of(text: str) -> Pieces:
    article = read_article(text)
    return read_pieces(article, find_quoted(article), load_encoder().tokenizer)


def legible_of(text: str) -> str:
    article = read_article(text)
    return legible(article, find_quoted(article))


def told(style: str) -> str:
    opening, closing, nested_opening, nested_closing, apostrophe = MARKS[style]
    return STORY.format(o=opening, c=closing, no=nested_opening, nc=nested_closing, a=apostrophe)


def features(text: str, word: str) -> tuple[int, int, int]:
    """Return line, shape and quoted of the first piece of ``word``."""
    pieces = pieces_of(text)
    feature = int(pieces.features[pieces.starts.tolist().index(text.index(word))])
    return feature // LINE % 3, feature // SHAPE % 4, feature // QUOTED


def test_offsets_are_those_of_the_words() -> None:
    text = "Unflappable  harbormasters said\tthat 14 piers stand.\r\n\r\nAnn Lee agreed."
    pieces = pieces_of(text)
    tokenizer = load_encoder().tokenizer
    spelled = [tokenizer.id_to_token(i).removeprefix("##") for i in pieces.ids.tolist()]
    spans = list(zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True))
    assert [text[start:end].lower() for start, end in spans] == spelled
    assert "".join(spelled) == "".join(text.split()).lower()
    words: dict[int, str] = {}
    for word, (start, end) in zip(pieces.words.tolist(), spans, strict=True):
        words[word] = words.get(word, "") + text[start:end]
    assert list(words) == list(range(len(words)))
    assert list(words.values()) == text.replace(".", " .").split()
    assert len(words) < len(pieces)


@pytest.mark.parametrize("style", MARKS)
def test_the_style_of_the_marks_makes_no_difference(style: str) -> None:
    curly, other = pieces_of(told("curly")), pieces_of(told(style))
    assert other.ids.tolist() == curly.ids.tolist()
    assert other.features.tolist() == curly.features.tolist()
    assert other.words.tolist() == curly.words.tolist()


def test_legible_text_has_straight_marks_and_is_otherwise_unchanged() -> None:
    assert legible_of(told("curly")) == told("straight")
    assert legible_of(told("straight")) == told("straight")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("She said “no.", 'She said "no.'),
        ("The 6” pipe broke, Ann Lee said.", 'The 6" pipe broke, Ann Lee said.'),
        ("It was the drivers’ day.", "It was the drivers' day."),
        ("``No,'' said Ann Lee.", '" No,"  said Ann Lee.'),
        ("A\ud800B\udfff", "A\ufffdB\ufffd"),
    ],
)
def test_legible_text(text: str, shown: str) -> None:
    assert legible_of(text) == shown


def test_boilerplate_is_left_out() -> None:
    text = (
        "Ferry talks resume\n\nBy Dana Whitcomb\n\nThe talks will go on, Ann Lee said.\n\n"
        "Read more: https://example.org/ferry\n\nTom Brandt agreed."
    )
    article = read_article(text)
    left_out = [paragraph for paragraph in article.paragraphs if paragraph.kind not in READABLE]
    assert len(left_out) == 2
    pieces = pieces_of(text)
    for paragraph in article.paragraphs:
        inside = (pieces.starts < paragraph.end) & (pieces.ends > paragraph.start)
        assert inside.any() == (paragraph not in left_out)
    shown = legible(article, find_quoted(article))
    assert len(shown) == len(text)
    assert " ".join(shown.split()) == "Ferry talks resume The talks will go on, Ann Lee said. Tom Brandt agreed."


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("It rained all day.", "rained", (0, 0, 0)),
        ("It rained on Ann.", "Ann", (0, CAPITAL, 0)),
        ("It rained in the UAE.", "UAE", (0, CAPITALS, 0)),
        ("It rained in the U.S.", "U", (0, CAPITAL, 0)),
        ("It rained, and I slept.", "I", (0, CAPITAL, 0)),
        ("It rained 14 days.", "14", (0, DIGIT, 0)),
        ("It rained for the B52s.", "B52s", (0, CAPITAL, 0)),
        ("It was MiG weather.", "MiG", (0, CAPITAL, 0)),
        ("It said “no rain” today.", "no", (0, 0, 1)),
        ("It said “no rain” today.", "“", (0, 0, 1)),
        ("It said “no rain” today.", "”", (0, 0, 0)),
        ("It said “no rain” today.", "today", (0, 0, 0)),
        ("It said “a ‘b’ c” today.", "b", (0, 0, 1)),
        ("It said “a ‘b’ c” today.", "c", (0, 0, 1)),
        ("It rained all day long.\n\nSnow fell at night.", "Snow", (2, CAPITAL, 0)),
        ("It rained all day long.\r\n\r\nSnow fell at night.", "Snow", (2, CAPITAL, 0)),
        ("It rained all day long.\nSnow fell at night.", "Snow", (1, CAPITAL, 0)),
        ("It rained all day long.\r\nSnow fell at night.", "Snow", (1, CAPITAL, 0)),
        ("It rained all day long.\n\nSnow fell at night.", "fell", (0, 0, 0)),
    ],
)
def test_features_of_a_piece(text: str, word: str, expected: tuple[int, int, int]) -> None:
    assert features(text, word) == expected


def test_pieces_of_a_word_share_its_shape() -> None:
    pieces = pieces_of("They met UNFLAPPABLE harbormasters.")
    for word in range(int(pieces.words[-1]) + 1):
        assert len(set(pieces.features[pieces.words == word].tolist())) == 1
    third = pieces.words == 2
    assert third.sum() > 1
    assert set((pieces.features[third] // SHAPE % 4).tolist()) == {CAPITALS}


@given(ANY)
def test_any_string_gives_arrays_that_fit_together(text: str) -> None:
    article = read_article(text)
    quoted = find_quoted(article)
    shown = legible(article, quoted)
    assert len(shown) == len(text)
    assert not any("\ud800" <= character <= "\udfff" for character in shown)
    assert article.text == text
    pieces = read_pieces(article, quoted, load_encoder().tokenizer)
    count = len(pieces)
    for column in (pieces.ids, pieces.features, pieces.starts, pieces.ends, pieces.words):
        assert column.shape == (count,)
        assert column.dtype == np.int64
    assert ((pieces.starts >= 0) & (pieces.starts < pieces.ends) & (pieces.ends <= len(text))).all()
    # The place of a piece is found by bisection.
    assert (np.diff(pieces.starts) >= 0).all()
    assert (np.diff(pieces.ends) >= 0).all()
    assert ((pieces.features >= 0) & (pieces.features < 24)).all()
    assert np.isin(np.diff(pieces.words), (0, 1)).all()
    assert pieces.words[:1].tolist() in ([], [0])
