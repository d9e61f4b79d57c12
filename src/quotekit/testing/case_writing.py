"""Golden cases written from quotes, in the form that `quotekit.testing.cases` reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from quotekit.models import Quote, Span, inside, overlap

_TAG = re.compile(r"</?[a-z]+(?: [^<>\n]*)?>")
_SPECIAL = re.compile(r"^(?=={3}|-{3}|#|\\)", re.MULTILINE)
_NOT_IN_NAMES = re.compile(r"[\[\]\r\n]|::")


@dataclass(frozen=True, slots=True)
class _Element:
    start: int
    end: int
    name: str
    ids: tuple[str, ...]


def case_of(
    name: str,
    text: str,
    quotes: Sequence[Quote],
    corrected: Collection[Span],
    more: Mapping[Span, tuple[Span, Span | None]],
) -> str:
    """Return the golden case of a text, with all quotes marked and the speakers of corrected quotes.

    It is empty if the text has tags, which would be confused with the markup.

    Args:
        name: name of the case.
        text: the article.
        quotes: its quotes, after corrections.
        corrected: contents of the corrected quotes.
        more: cue and source of quotes that have none, by their content.

    >>> print(case_of("rain", "It rained.", [], [], {}))
    === rain
    It rained.
    <BLANKLINE>
    """
    if _TAG.search(text):
        return ""
    body = _SPECIAL.sub(r"\\", _marked(text, _elements(quotes, more)).strip("\n"))
    lines = [
        f"{i} speaker: {' '.join(quote.speaker.name.split()) if quote.speaker else 'none'}"
        for i, quote in enumerate(quotes, 1)
        if any(2 * overlap(_hull(quote), span) > span[1] - span[0] for span in corrected)
    ]
    fields = "".join(f"{line}\n" for line in ("---", *lines)) if lines else ""
    return f"=== {_NOT_IN_NAMES.sub(' ', name).strip()}\n{body}\n{fields}"


def _hull(quote: Quote) -> Span:
    return quote.position.start, quote.position.end


def _elements(quotes: Sequence[Quote], more: Mapping[Span, tuple[Span, Span | None]]) -> list[_Element]:
    """Return the elements to mark; quotes that share a span and a name share the element."""
    ids: dict[tuple[Span, str], list[str]] = {}
    for i, quote in enumerate(quotes, 1):
        cue, source = more.get(_hull(quote), (None, None))
        cue = (quote.cue.start, quote.cue.end) if quote.cue else cue
        source = (quote.source.start, quote.source.end) if quote.source else source
        spans = [((part.start, part.end), "content") for part in quote.content]
        spans += [(span, name) for span, name in ((source, "source"), (cue, "cue")) if span]
        for key in spans:
            ids.setdefault(key, []).append(str(i))
    found = [_Element(*span, name, tuple(own)) for (span, name), own in ids.items()]
    # Contents first: a source or a cue that crosses one is left out.
    found.sort(key=lambda one: (one.name != "content", one.start, -one.end))
    kept: list[_Element] = []
    for one in found:
        if not any(_crosses((one.start, one.end), (other.start, other.end)) for other in kept):
            kept.append(one)
    return kept


def _crosses(a: Span, b: Span) -> bool:
    return overlap(a, b) > 0 and not inside(a, b) and not inside(b, a)


def _marked(text: str, elements: Sequence[_Element]) -> str:
    """Return ``text`` with its elements as tags, the outer ones first."""
    ordered = sorted(elements, key=lambda one: (one.start, -one.end))
    pieces, at = [], 0
    stack: list[_Element] = []
    for one in [*ordered, None]:
        while stack and (one is None or stack[-1].end <= one.start):
            done = stack.pop()
            pieces += [text[at : done.end], f"</{done.name}>"]
            at = done.end
        if one is not None:
            pieces += [text[at : one.start], f"<{one.name} {','.join(one.ids)}>"]
            at = one.start
            stack.append(one)
    return "".join([*pieces, text[at:]])
