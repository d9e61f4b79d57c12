"""The sources of an article: all mentions that share one span, in text order, with what encloses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotekit.article.parse import Parse
from quotekit.models import Span, inside
from quotekit.speakers.heads import head_of, trimmed
from quotekit.speakers.mention import Mention

_DEEPEST = 8
"""Levels of nesting that are told apart."""
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
        outer: number of the source inside whose content it is, the innermost one.
        quoted: whether that content is in quotation marks.
    """

    span: Span
    content: tuple[Span, ...]
    tokens: range
    head: int | None
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
        sources.append(Source(span, content, tokens, head_of(parse, tokens), outer, quoted))
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


def _enclosing(spans: dict[Span, list[Mention]]) -> list[tuple[int | None, bool]]:
    """Return for each span the number of the innermost one inside whose content it is, in one sweep over starts."""
    events = sorted(
        (part[0], -part[1], k, mention.direct)
        for k, same in enumerate(spans.values())
        for mention in same
        for part in mention.content
    )
    order = list(spans)
    found: list[tuple[int | None, bool]] = []
    stack: list[tuple[int, int, int, bool]] = []
    at = 0
    for k, span in enumerate(order):
        while at < len(events) and events[at][0] <= span[0]:
            start, end, owner, direct = events[at][0], -events[at][1], events[at][2], events[at][3]
            while stack and stack[-1][1] <= start:
                stack.pop()
            stack.append((start, end, owner, direct))
            at += 1
        while stack and stack[-1][1] <= span[0]:
            stack.pop()
        found.append(
            next(
                (
                    (owner, direct)
                    for start, end, owner, direct in stack[: -_ENCLOSING - 1 : -1]
                    if owner != k and inside(span, (start, end)) and not inside(order[owner], span)
                ),
                (None, False),
            )
        )
    return found
