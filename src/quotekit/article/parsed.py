"""An article with its quoted stretches and its parse, which is what the rules look at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from quotekit.article.markup import plain_markup
from quotekit.article.paragraphs import SENTENCE_ENDS, Article, Paragraph
from quotekit.article.parse import Parse
from quotekit.article.quoted import Quoted
from quotekit.models import Span, inside

BEFORE_SPEECH = frozenset(".!?“”\"'’»,;:—–#>*_")


@dataclass
class ParsedArticle:
    """An article, its quoted stretches (all depths, in text order) and its parse."""

    article: Article
    quoted: list[Quoted]
    parse: Parse

    @property
    def text(self) -> str:
        """The caller's text."""
        return self.article.text

    @cached_property
    def plain_text(self) -> str:
        """The text with HTML quotation marks as characters and tags as blanks; offsets do not change."""
        return plain_markup(self.text)

    @cached_property
    def outermost(self) -> list[Quoted]:
        """The quoted stretches that are not inside another, in text order."""
        return [stretch for stretch in self.quoted if stretch.depth == 0]

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.article.paragraphs]

    @cached_property
    def spoken(self) -> frozenset[int]:
        """The indices of the paragraphs that belong to turns, not to a story."""
        found: set[int] = set()
        for start, end in self.article.form.spoken:
            found.update(range(bisect_left(self._starts, start), bisect_left(self._starts, end)))
        return frozenset(found)

    def paragraph_index(self, position: int) -> int:
        """Return the index of the paragraph at the character ``position``, or of the last before it (at least 0)."""
        return max(0, bisect_right(self._starts, position) - 1)

    def paragraph(self, position: int) -> Paragraph:
        """Return the paragraph at the character ``position``, or the last before it."""
        return self.article.paragraphs[self.paragraph_index(position)]

    def is_running(self, position: int) -> bool:
        """Return whether the character at ``position`` is running text or headline, not boilerplate or dateline."""
        if not self.article.paragraphs:
            return False
        paragraph = self.paragraph(position)
        return paragraph.kind in ("text", "headline") and paragraph.body <= position < paragraph.end

    def in_marks(self, span: Span) -> bool:
        """Return whether all of ``span`` is inside one quoted stretch."""
        return any(inside(span, stretch.outer) for stretch in self.quoted_in(span))

    def begins(self, stretch: Quoted) -> bool:
        """Return whether ``stretch`` begins a paragraph or a sentence, or follows a comma, colon, dash or mark."""
        start = max(self.paragraph(stretch.outer[0]).body, stretch.outer[0] - 8)
        before = self.plain_text[start : stretch.outer[0]].rstrip()
        return not before or before[-1] in BEFORE_SPEECH

    def quoted_in(self, span: Span) -> list[Quoted]:
        """Return the outermost quoted stretches that share a character with ``span``."""
        starts, ends = self._edges
        return self.outermost[bisect_right(ends, span[0]) : bisect_left(starts, span[1])]

    @cached_property
    def _edges(self) -> tuple[list[int], list[int]]:
        return [q.outer[0] for q in self.outermost], [q.outer[1] for q in self.outermost]


def is_title(words: str) -> bool:
    """Return whether every longer word begins with a capital or digit and no sentence ends.

    >>> is_title("War on the Plains,"), is_title("War, on the plains")
    (True, False)
    """
    longer = [word for word in words.split() if len(word) > 3]
    return words[-1:] not in SENTENCE_ENDS and all(word[0].isupper() or word[0].isdigit() for word in longer)
