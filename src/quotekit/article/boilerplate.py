"""What the words of a single paragraph show it to be: link, byline, date, caption, label.

The words, the shapes and their examples are in ``data/en/boilerplate.toml``. Only short paragraphs are looked at, so
that the cost does not grow with a paragraph's length.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any, Literal, NamedTuple

from quotekit import lexicon
from quotekit.article.links import without_links
from quotekit.article.shapes import Shapes
from quotekit.lexicon.speech import speech_words

ParagraphKind = Literal["text", "headline", "byline", "date", "caption", "link", "other"]

LONGEST = 400
"""A longer paragraph is running text whatever it looks like (characters)."""

_URL = r"(?:https?://|www\.)\S+"
_LINK_WORD = re.compile(rf"<?(?:{_URL}|[\w.+-]+@[\w-]+\.[\w.-]+)>?[.,]?|[-•*·|>]")
_BETWEEN_LINKS = " \t\r\n-•*·|>+.,"
_WORDS = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*")
_HEADING = re.compile(r"#{1,6}\s+\S.*|(?:\*\*|__)[^*_\n]+(?:\*\*|__)")


class Shape(NamedTuple):
    """One row of the data file: a kind, and the lines that it is given to."""

    kind: ParagraphKind
    pattern: re.Pattern[str]
    longest: int
    place: Literal["anywhere", "before", "beside"]
    speech: Literal["none", "before", "any"]
    names: int | None

    def fits(self, line: str, places: Collection[str], spoken: bool) -> bool:
        """Return whether ``line`` has this shape, if it is in all ``places`` that a shape may ask for.

        ``spoken`` is whether it holds speech in quotation marks.
        """
        if len(line) > self.longest or self.place not in places or (spoken and self.speech == "none"):
            return False
        match = self.pattern.match(line)
        if not match or (self.speech == "before" and has_speech_verb(line[match.end() :])):
            return False
        return self.names is None or _are_names(_WORDS.findall(line, match.end()), self.names)


class Lines(NamedTuple):
    """What the data file says of lines."""

    shapes: tuple[Shape, ...]
    quotation_mark: re.Pattern[str]
    byline_words: frozenset[str]
    sentence_words: frozenset[str]


@cache
def lines() -> Lines:
    """Return what the data file says of lines, read once."""
    data = lexicon.load("boilerplate")
    shapes = Shapes(data)
    return Lines(
        tuple(_shape(row, shapes) for row in data["shape"]),
        shapes.pattern("{quotation_mark}"),
        frozenset(data["words"]["byline_words"]),
        frozenset(data["words"]["sentence_words"]),
    )


def _shape(row: dict[str, Any], shapes: Shapes) -> Shape:
    return Shape(
        row["kind"],
        shapes.pattern(row["pattern"]),
        row.get("longest", LONGEST),
        row.get("place", "anywhere"),
        row.get("speech", "none"),
        row.get("names"),
    )


def kind_of(piece: str, before_body: bool, beside: bool = False) -> ParagraphKind | None:
    """Return the kind that a paragraph's own words give it, ``None`` if they give none.

    ``before_body`` is whether it is above the running text, ``beside`` whether it is next to a link or the like.

    >>> kind_of("By Ann Lee", True), kind_of("18 Sept 2015 10:12 GMT", True), kind_of("It rained.", False)
    ('byline', 'date', None)
    """
    if len(piece) > LONGEST:
        return None
    line = without_links(piece)
    if _only_links(piece) or (line != piece and not without_links(piece, "").strip(_BETWEEN_LINKS)):
        return "link"
    spoken = has_speech(line)
    places = {"anywhere", *["before"] * before_body, *["beside"] * beside}
    return next((shape.kind for shape in lines().shapes if shape.fits(line, places, spoken)), None)


def words_of(piece: str) -> list[str]:
    """Return the words of ``piece``, without numbers."""
    return _WORDS.findall(piece)


def has_speech(piece: str) -> bool:
    """Return whether ``piece`` holds a quotation mark and a verb of saying."""
    return bool(lines().quotation_mark.search(piece)) and has_speech_verb(piece)


def has_speech_verb(piece: str) -> bool:
    """Return whether ``piece`` holds a verb of saying."""
    return not speech_words().isdisjoint(_WORDS.findall(piece.lower()))


def is_heading_markup(piece: str) -> bool:
    """Return whether ``piece`` is a Markdown heading: ``## Background`` or ``**Background**``."""
    return bool(_HEADING.fullmatch(piece))


def looks_like_headline(piece: str) -> bool:
    """Return whether a line that ends like a sentence is a headline: in title case, or without small words."""
    words = _WORDS.findall(piece)
    if not 3 <= len(words) <= 20:
        return False
    long_words = [word for word in words if len(word) > 3]
    capital = sum(word[0].isupper() for word in long_words)
    if len(long_words) >= 3 and capital >= 0.8 * len(long_words):
        return True
    lower = {word.lower() for word in words}
    return lower.isdisjoint(lines().sentence_words) and not any(word.endswith("ed") for word in lower)


def _only_links(piece: str) -> bool:
    words = piece.split()
    return any("." in word for word in words) and all(_LINK_WORD.fullmatch(word) for word in words)


def _are_names(words: list[str], most: int) -> bool:
    """Return whether ``words`` are up to ``most`` names, and what may be between names in a byline."""
    between = lines().byline_words
    return (
        0 < len(words) <= most
        and words[0][0].isupper()
        and all(word[0].isupper() or word.lower() in between for word in words)
    )
