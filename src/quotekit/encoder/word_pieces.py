"""What the encoder reads: the running text as word pieces, with features of their surroundings.

The encoder gets a copy of the text in which quotation marks are in one style, following `article.quoted`, so that it
makes no difference whether an article has straight, curly or single marks. The copy has the length of the caller's
text, so every offset is an offset into both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quotekit.article.paragraphs import Article
from quotekit.article.parser import readable
from quotekit.article.quoted import Quoted
from quotekit.models import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Integers = NDArray[np.int64]

OUTER_MARK, INNER_MARK = '"', "'"
READABLE = ("text", "headline")
STYLES = str.maketrans({**dict.fromkeys("“”„‟«»″", OUTER_MARK), **dict.fromkeys("‘’‚‛‹›′`´", INNER_MARK)})
"""What quotation marks without a partner become, by their look."""

DOUBLED = ("''", "``")
"""Marks that are two characters long."""

LINE, SHAPE, QUOTED = 1, 3, 12
"""The weights of the features line (0 to 2), shape (0 to 3) and quoted (0 or 1), which add up to one of 24 classes."""

DIGIT, CAPITAL, CAPITALS = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of an article's running text, one entry each, in text order.

    ``starts`` and ``ends`` are characters of the article, half-open. ``words`` is the index of each piece's word.
    """

    ids: Integers
    features: Integers
    starts: Integers
    ends: Integers
    words: Integers

    def __len__(self) -> int:
        return len(self.ids)


def read_pieces(article: Article, quoted: list[Quoted], tokenizer: Tokenizer) -> Pieces:
    """Return the pieces of the article's running text and headlines, without boilerplate."""
    encoding = tokenizer.encode(legible(article, quoted), add_special_tokens=False)
    offsets: Integers = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    ids = np.array(encoding.ids, dtype=np.int64)
    words = _words(encoding, len(ids))
    features = LINE * _lines(article, starts) + SHAPE * _shapes(article.text, starts, ends, words)
    return Pieces(ids, features + QUOTED * _quoted(article.text, quoted, starts), starts, ends, words)


def legible(article: Article, quoted: list[Quoted]) -> str:
    """Return the article's text, character for character, with marks in one style and blanks for boilerplate."""
    text, characters = article.text, list(readable(article.text).translate(STYLES))
    for stretch in quoted:
        mark = INNER_MARK if stretch.depth % 2 else OUTER_MARK
        for start, end in ((stretch.outer[0], stretch.inner[0]), (_closing(text, stretch), stretch.outer[1])):
            if start < end:
                _write(characters, text, (start, end), mark)
    for paragraph in article.paragraphs:
        if paragraph.kind not in READABLE:
            characters[paragraph.start : paragraph.end] = " " * (paragraph.end - paragraph.start)
    return "".join(characters)


def _write(characters: list[str], text: str, span: Span, mark: str) -> None:
    """Write ``mark`` over the mark at the beginning of ``span``, which may be doubled or have a backslash before it."""
    start, end = span
    if text[start] == "\\" and start + 1 < end:
        characters[start] = " "
        start += 1
    characters[start] = mark
    if start + 2 <= end and text[start : start + 2] in DOUBLED:
        characters[start + 1] = " "


def _closing(text: str, stretch: Quoted) -> int:
    """Return where the closing mark begins, which has one character or two; the end if there is no mark."""
    end = stretch.outer[1]
    if not stretch.closed:
        return end
    return end - 2 if end - 2 >= stretch.inner[1] and text[end - 2 : end] in DOUBLED else end - 1


def _words(encoding: Any, count: int) -> Integers:
    """Return the index of each piece's word. A piece outside words counts as a word of its own."""
    words = np.array([-1 if word is None else word for word in encoding.word_ids], dtype=np.int64)
    if not count:
        return words
    first = np.ones(count, dtype=bool)
    first[1:] = (words[1:] != words[:-1]) | (words[1:] < 0)
    counted: Integers = np.cumsum(first) - 1
    return counted


def _lines(article: Article, starts: Integers) -> Integers:
    """Return 0 inside a paragraph, 1 where one begins on the next line, 2 where one begins after a blank line."""
    lines = np.zeros(len(starts), dtype=np.int64)
    if not len(starts):
        return lines
    paragraphs = article.paragraphs
    at = np.searchsorted(np.array([paragraph.start for paragraph in paragraphs]), starts, side="right") - 1
    begins = np.flatnonzero(at[1:] != at[:-1]) + 1
    for i in begins.tolist():
        before, paragraph = at[i - 1], paragraphs[at[i]]
        gap = article.text[paragraphs[max(0, at[i] - 1)].end : paragraph.start] if before >= 0 else ""
        lines[i] = 2 if gap.count("\n") - gap.count("\r\n") + gap.count("\r") > 1 else 1
    return lines


def _shapes(text: str, starts: Integers, ends: Integers, words: Integers) -> Integers:
    """Return what each piece's word looks like: it begins with a digit or a capital, or is all capitals."""
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds, where = np.unique(points, return_inverse=True)
    upper = np.array([chr(point).isupper() for point in kinds.tolist()])[where]
    lower = np.array([chr(point).islower() for point in kinds.tolist()])[where]
    digit = np.array([chr(point).isdigit() for point in kinds.tolist()])[where]
    first = np.flatnonzero(np.r_[True, words[1:] != words[:-1]])
    begin, end = starts[first], ends[np.r_[first[1:] - 1, len(words) - 1]]
    uppers, lowers = (np.r_[0, np.cumsum(flags)] for flags in (upper, lower))
    shapes = np.where(upper[begin], CAPITAL, np.where(digit[begin], DIGIT, 0))
    shapes[(uppers[end] - uppers[begin] > 1) & (lowers[end] == lowers[begin])] = CAPITALS
    of_pieces: Integers = shapes[words]
    return of_pieces


def _quoted(text: str, quoted: list[Quoted], starts: Integers) -> Integers:
    """Return 1 for the pieces inside quotation marks, the opening mark included, and 0 for the others."""
    edges: list[int] = []
    for stretch in quoted:
        if stretch.depth == 0:
            edges += [stretch.outer[0], _closing(text, stretch)]
    inside: Integers = np.searchsorted(np.array(edges, dtype=np.int64), starts, side="right") % 2
    return inside
