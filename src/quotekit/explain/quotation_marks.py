"""How each quotation mark of an article was read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from quotekit.article.parsed import ParsedArticle
from quotekit.article.quotation_marks import find_marks
from quotekit.explain.quote_explanation import Marks
from quotekit.models import TextSpan

LONGEST = 2_000
"""Characters of quoted words above which they are not shown with each quote inside: that would be quadratic."""


class MarksOfArticle:
    """The quotation marks of an article, all of them and those around a quote."""

    def __init__(self, page: ParsedArticle) -> None:
        self.all = tuple(sorted(_marks(page), key=lambda one: (one.opening.start, one.depth)))
        self._pairs = [(one, one.words) for one in self.all if one.words is not None and one.depth == 0]
        self._starts = [words.start for _, words in self._pairs]
        self._ends = [words.end for _, words in self._pairs]

    def around(self, content: Sequence[TextSpan]) -> tuple[Marks, ...]:
        """Return the marks around quoted words that share a character with ``content``."""
        found: list[Marks] = []
        for part in content:
            first = bisect_right(self._ends, part.start)
            for marks, words in self._pairs[first : bisect_left(self._starts, part.end, lo=first)]:
                whole = part.start <= words.start and words.end <= part.end
                long = len(words.text) > LONGEST and not whole
                found.append(marks.model_copy(update={"words": None}) if long else marks)
        return tuple(found)


def _marks(page: ParsedArticle) -> Iterator[Marks]:
    text = page.text

    def span(start: int, end: int) -> TextSpan:
        return TextSpan.of(text, (start, end))

    paired: set[int] = set()
    continued = {stretch.continues for stretch in page.quoted}
    for i, stretch in enumerate(page.quoted):
        (first, last), inner = stretch.outer, stretch.inner
        # White space inside the marks belongs to neither the marks nor the words.
        opening = span(first, first + len(text[first : inner[0]].rstrip()))
        closing = span(last - len(text[inner[1] : last].lstrip()), last) if stretch.closed else None
        paired.update(mark.start for mark in (opening, closing) if mark is not None)
        read = "pair" if stretch.closed else "continues" if i in continued else "open"
        yield Marks.model_validate(
            {"read": read, "opening": opening, "closing": closing, "words": span(*inner), "depth": stretch.depth}
        )
    for paragraph in page.article.paragraphs:
        if paragraph.kind in ("text", "headline"):
            for mark in find_marks(text, paragraph.body, paragraph.end):
                if paired.isdisjoint(range(mark.start, mark.end)):
                    read = "apostrophe" if mark.family == "single" else "stray"
                    yield Marks.model_validate({"read": read, "opening": span(mark.start, mark.end)})
