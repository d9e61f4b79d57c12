"""Threads of forums: a post has its author and its time above it, on one line or on a few."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quotekit.form.labels import Label
from quotekit.form.lines import Line
from quotekit.models import Span

_NICK = r"[^\W_][\w.-]{1,30}"
_DATE = (
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|[A-Z][a-z]{2,8} \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8},? \d{4}|"
    r"\d{1,3}\s?(?:min|m|h|hr|hour|d|day|wk|week|mo|month|yr|y|year)s?\.? ago)\b"
)
_BESIDE = r"\s*(?:[·•|–—]|(?:wrote|said|posted)\b)"
_LINE = re.compile(
    rf"(?:posted by (?:u/)?(?P<by>{_NICK})\s|(?P<nick>{_NICK})(?: (?:OP|MOD))?{_BESIDE}).*?{_DATE}", re.IGNORECASE
)
_DATED = re.compile(rf".*?{_DATE}.*")
_ALONE = re.compile(_NICK)
_LONGEST, _MOST_LINES = 90, 6
_FEWEST = 3


def posted(text: str, lines: Sequence[Line]) -> dict[int, Label]:
    """Return the heads of posts as labels, by their first line; empty if there are few, or nobody posts twice.

    >>> text = "rune_k · 3 yr. ago\\n\\nIs it?\\n\\nOda OP · 3 yr. ago\\n\\nIt is.\\n\\nrune_k · 2 yr. ago\\n\\nThanks."
    >>> from quotekit.form.lines import read_lines
    >>> [label.name for label in posted(text, read_lines(text)).values()]
    ['rune_k', 'Oda', 'rune_k']
    """
    found = {first: _label(text, nick, lines[first].start, end) for first, nick, end in _heads(text, lines)}
    names = {label.name for label in found.values()}
    return found if len(found) >= _FEWEST and 1 < len(names) < len(found) else {}


def _heads(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, Span, int]]:
    """Yield the first line of each head, where its author is, and its end."""
    first = 0
    for i, line in enumerate(lines):
        first = i if line.gap or not i else first
        if line.end - line.start > _LONGEST:
            continue
        match = _LINE.match(text, line.start, line.end)
        if match:
            yield i, match.span(match.lastgroup or 0), line.end
            continue
        top = lines[first].start, lines[first].end
        if 0 < i - first < _MOST_LINES and _DATED.match(text, line.start, line.end) and _ALONE.fullmatch(text, *top):
            yield first, top, line.end


def _label(text: str, nick: Span, start: int, end: int) -> Label:
    name = text[slice(*nick)]
    return Label(start, end, nick, name, (name,), (), "", "alone", "nick", True, False)
