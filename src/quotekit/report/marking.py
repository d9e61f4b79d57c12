"""Overlapping spans of a text as nested marks.

Elements of a page must nest; quotes, their sources and cues need not. Where two spans cross, the inner one is closed
and reopened, and no mark crosses the end of a block. The words, joined, are the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from quotekit.models import Quote, Span

Role = Literal["quote", "source", "cue", "mention"]

_ROLES: tuple[Role, ...] = ("quote", "source", "cue", "mention")


@dataclass(frozen=True, slots=True)
class Layer:
    """A span to mark.

    Attributes:
        start, end: the span (characters, half-open).
        role: its role in its quotes.
        quotes: indices of these quotes, from 0; a single one if the role is "quote".
        part: index of the part of the quote's content, from 0.
    """

    start: int
    end: int
    role: Role
    quotes: tuple[int, ...]
    part: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A mark begins; ``first`` is false if it is reopened."""

    layer: Layer
    first: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The characters ``start`` to ``end`` (half-open), at least one."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Closing:
    """The innermost mark ends; ``last`` is false if it will be reopened."""

    layer: Layer
    last: bool


@dataclass(frozen=True, slots=True)
class Badge:
    """The badge of a quote's speaker; ``quote`` is the quote's index, from 0."""

    quote: int


Piece: TypeAlias = "Opening | Words | Closing | Badge"


@dataclass(frozen=True, slots=True)
class _Fragment:
    """The part of a layer in one block."""

    start: int
    end: int
    layer: Layer
    first: bool
    last: bool


def layers_of(quotes: Sequence[Quote]) -> list[Layer]:
    """Return the layers of ``quotes``; a span with the same role in several quotes is one layer.

    >>> from quotekit import Position, TextSpan
    >>> text = "It works, she said."
    >>> quote = Quote(id="q1", kind="indirect", act="statement", text="It works", content=[TextSpan.of(text, (0, 8))],
    ...     cue=TextSpan.of(text, (14, 18)), position=Position(start=0, end=8, paragraph=0, sentence=0),
    ...     confidence=0.9, rule="en.clause")
    >>> [(layer.role, layer.start, layer.end) for layer in layers_of([quote])]
    [('quote', 0, 8), ('cue', 14, 18)]
    """
    layers: list[Layer] = []
    shared: dict[tuple[Span, Role], list[int]] = {}
    for i, quote in enumerate(quotes):
        for part, span in enumerate(quote.content):
            layers.append(Layer(span.start, span.end, "quote", (i,), part))
        mentions = quote.speaker.mentions if quote.speaker else ()
        others: list[tuple[Role, Span]] = [("mention", (one.start, one.end)) for one in mentions]
        others += [("source", (quote.source.start, quote.source.end))] if quote.source else []
        others += [("cue", (quote.cue.start, quote.cue.end))] if quote.cue else []
        for role, at in others:
            users = shared.setdefault((at, role), [])
            # Indices come in order, so a repeated one is the last.
            if users[-1:] != [i]:
                users.append(i)
    layers += [Layer(*at, role, tuple(users)) for (at, role), users in shared.items()]
    return layers


def marked(layers: Iterable[Layer], blocks: Sequence[Span]) -> list[list[Piece]]:
    """Return the words and nested marks of each of ``blocks`` (spans in order, not overlapping).

    Parts of a layer outside of all blocks are not marked.

    >>> first, second = Layer(0, 4, "quote", (0,)), Layer(2, 6, "quote", (1,))
    >>> [type(piece).__name__ for piece in marked([first, second], [(0, 7)])[0]][:6]
    ['Opening', 'Words', 'Opening', 'Words', 'Closing', 'Closing']
    """
    inside: defaultdict[int, list[_Fragment]] = defaultdict(list)
    starts = [start for start, _ in blocks]
    for layer in layers:
        at = max(0, bisect_right(starts, layer.start) - 1)
        cut = []
        while at < len(blocks) and starts[at] < layer.end:
            start, end = max(layer.start, starts[at]), min(layer.end, blocks[at][1])
            if start < end:
                cut.append((at, start, end))
            at += 1
        for place, (block, start, end) in enumerate(cut):
            inside[block].append(_Fragment(start, end, layer, place == 0, place == len(cut) - 1))
    return [list(_nested(inside[i], *block)) for i, block in enumerate(blocks)]


def badged(pieces: Iterable[Piece], badges: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    """Yield the pieces of a block with its badges: pairs of a position and the index of a quote, by position.

    A badge comes behind the marks that end at its position, and before those that begin there.

    >>> list(badged([Words(0, 4)], [(2, 0)]))
    [Words(start=0, end=2), Badge(quote=0), Words(start=2, end=4)]
    """
    waiting = deque(badges)
    end = 0
    for piece in pieces:
        if isinstance(piece, Words):
            start, end = piece.start, piece.end
            while waiting and waiting[0][0] < end:
                at, quote = waiting.popleft()
                if at > start:
                    yield Words(start, at)
                    start = at
                yield Badge(quote)
            yield Words(start, end)
            continue
        while isinstance(piece, Opening) and waiting and waiting[0][0] <= end:
            yield Badge(waiting.popleft()[1])
        yield piece
    for _, quote in waiting:
        yield Badge(quote)


def _nested(fragments: list[_Fragment], start: int, end: int) -> Iterator[Piece]:
    # Longest first, so that fewer marks cross; a quote encloses a source with the same span.
    fragments.sort(key=lambda one: (one.start, -one.end, _ROLES.index(one.layer.role)))
    edges = sorted({start, end, *(one.start for one in fragments), *(one.end for one in fragments)})
    waiting = iter(fragments)
    following = next(waiting, None)
    stack: list[_Fragment] = []
    for i, edge in enumerate(edges):
        yield from _closed(stack, edge)
        while following is not None and following.start == edge:
            stack.append(following)
            yield Opening(following.layer, following.first)
            following = next(waiting, None)
        if i + 1 < len(edges):
            yield Words(edge, edges[i + 1])


def _closed(stack: list[_Fragment], edge: int) -> Iterator[Piece]:
    """Close the marks that end at ``edge``; marks inside them that continue are closed and reopened."""
    lowest = next((i for i, one in enumerate(stack) if one.end == edge), None)
    if lowest is None:
        return
    above = stack[lowest:]
    for one in reversed(above):
        yield Closing(one.layer, one.last and one.end == edge)
    stack[lowest:] = [one for one in above if one.end != edge]
    for one in stack[lowest:]:
        yield Opening(one.layer, False)
