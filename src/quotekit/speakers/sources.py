"""The sources of an article: all mentions that share one span, in text order, with what encloses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quotekit.article.parse import Parse
from quotekit.models import Span, inside
from quotekit.speakers.heads import head_of, trimmed
from quotekit.speakers.mention import Mention

_DEEPEST = 8
"""Levels of nesting that are distinguished."""
_ENCLOSING = 8
"""Enclosing contents that are tried, the innermost ones."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source span and all that is attributed to it. However many quotes share it, it is one speaker.

    Attributes:
        span: the words of the source (characters).
        content: what is attributed to it (characters).
        tokens: its tokens, without punctuation at the ends.
        head: the token that says who it is; ``None`` if it has no word.
        last: the last token of the source or of what it says.
        outer: number of the source inside whose content it is, the innermost one.
        quoted: whether that content is in quotation marks.
    """

    span: Span
    content: tuple[Span, ...]
    tokens: range
    head: int | None
    last: int
    outer: int | None
    quoted: bool


def sources_of(parse: Parse, mentions: Sequence[Mention]) -> list[Source]:
    """Return the sources of ``mentions`` in text order; the order of ``mentions`` is irrelevant."""
    spans: dict[Span, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda mention: (mention.span, mention.content, mention.direct)):
        spans.setdefault(mention.span, []).append(mention)
    enclosing = _enclosing(spans)
    sources = []
    for (span, same), (outer, quoted) in zip(spans.items(), enclosing, strict=True):
        tokens = trimmed(parse, parse.tokens(span))
        content = tuple(part for mention in same for part in mention.content)
        last = parse.tokens((span[0], max((span[1], *(part[1] for part in content))))).stop - 1
        sources.append(Source(span, content, tokens, head_of(parse, tokens), last, outer, quoted))
    return sources


def outermost_first(sources: Sequence[Source]) -> list[int]:
    """Return the numbers of ``sources`` by depth of nesting, then in text order."""
    depths = []
    for source in sources:
        depth, at = 0, source.outer
        while at is not None and depth < _DEEPEST:
            depth, at = depth + 1, sources[at].outer
        depths.append(depth)
    return sorted(range(len(sources)), key=lambda k: (depths[k], k))


class _Content(NamedTuple):
    """One part of what is attributed to the source with the number ``owner``; the widest of equal starts is first."""

    start: int
    minus_end: int
    owner: int
    direct: bool

    def encloses(self, span: Span) -> bool:
        return inside(span, (self.start, -self.minus_end))


def _enclosing(spans: dict[Span, list[Mention]]) -> list[tuple[int | None, bool]]:
    """Return for each span the number of the innermost one inside whose content it is, in one sweep over starts."""
    contents = sorted(
        _Content(part[0], -part[1], k, mention.direct)
        for k, same in enumerate(spans.values())
        for mention in same
        for part in mention.content
    )
    order = list(spans)
    found: list[tuple[int | None, bool]] = []
    stack: list[_Content] = []
    at = 0
    for k, span in enumerate(order):
        while at < len(contents) and contents[at].start <= span[0]:
            _close(stack, contents[at].start)
            stack.append(contents[at])
            at += 1
        _close(stack, span[0])
        around = (content for content in stack[: -_ENCLOSING - 1 : -1] if content.encloses(span))
        outer = next((each for each in around if each.owner != k and not inside(order[each.owner], span)), None)
        found.append((None, False) if outer is None else (outer.owner, outer.direct))
    return found


def _close(stack: list[_Content], start: int) -> None:
    """Remove the innermost contents that end before ``start``."""
    while stack and -stack[-1].minus_end <= start:
        stack.pop()
