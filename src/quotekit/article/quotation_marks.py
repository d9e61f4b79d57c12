"""Which quotation mark opens, which closes, which means nothing: the reading of one stretch of text.

Each of the three costs something, by the mark's own shape and by what stands on either side of it, and the cheapest
reading of all marks together wins. The search runs over stacks of open marks whose depth is bounded, so the time is
linear in the number of marks. The costs are penalties by judgement: only their order matters.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

DEPTH = 4
"""Levels of nesting that are read; a deeper mark means nothing."""

STRAY = 4.0
"""What a double mark without a partner costs: more than any other slip, so that marks pair where they can."""

_NEVER = 99.0
_SETTLE = 256
_STATES = 12
_RUN = 4
_MARK = re.compile(r"''+|``|‘‘|’’|(?<![^\W_])['’‘]|['’‘](?![^\W_])|[\"“”„‟«»‹›‚「」『』＂]")
_NO_OPENER_BEFORE = frozenset(",;:!?)]}.")
_SPACE_BEFORE = frozenset("([{<—–-/…*_=:|>")
_SPACE_AFTER = frozenset(".,;:!?)]}>—–-/…*_|<")
_YEAR = re.compile(r"\d\ds?\b(?!,\d)")
"""A year cut short: ’70s, ’16."""

_LETTERS = re.compile(r"[^\W\d_]*")
_FAMILY = {
    **dict.fromkeys(["“", "”", '"', "„", "‟", "＂", "''", "``", "‘‘", "’’"], "d"),
    **dict.fromkeys(["‘", "’", "'", "‚"], "s"),
    **dict.fromkeys("«»", "g"),
    **dict.fromkeys("‹›", "h"),
    **dict.fromkeys("「」", "c"),
    **dict.fromkeys("『』", "e"),
}
_LOW = {"„": "D", "‚": "S"}
_CLOSES = {"d": "dD", "s": "sS", "g": "g", "h": "h", "c": "c", "e": "e"}


class Mark(NamedTuple):
    """A mark (characters, half-open; a backslash before it is part of it) and what each reading of it costs.

    ``family`` is what it may pair with, ``pushed`` what it leaves on the stack where it opens.
    """

    start: int
    end: int
    family: str
    pushed: str
    opens: float
    closes: float
    ignored: float
    closes_low: float


class Reading(NamedTuple):
    """Pairs as indices of marks (opening, closing or ``None``, depth), by opening mark; and the marks left alone."""

    cost: float
    pairs: list[tuple[int, int | None, int]]
    ignored: list[int]


@cache
def _apostrophes() -> tuple[frozenset[str], tuple[str, ...]]:
    words = json.loads(files("quotekit").joinpath("data/en/apostrophes.json").read_text(encoding="utf-8"))
    return frozenset(words["elisions"]), tuple(words["cut_endings"])


def find_marks(text: str, start: int, end: int) -> list[Mark]:
    """The marks of ``text[start:end]`` in order; apostrophes inside words are none.

    >>> [mark.family for mark in find_marks('“It is on.”', 0, 11)]
    ['d', 'd']
    """
    glyphs = _glyphs(text, start, end)
    marks: list[Mark] = []
    i = 0
    while i < len(glyphs):
        j = i + 1
        while j < len(glyphs) and glyphs[j][0] == glyphs[j - 1][1]:
            j += 1
        if j - i <= _RUN:
            first, last = glyphs[i][0], glyphs[j - 1][1]
            left = text[first - 1] if first > start else ""
            right = text[last] if last < end else ""
            for k in range(i, j):
                mark = _mark(text, *glyphs[k], left, right)
                # nothing can be closed by the first character, nor opened by the last
                if k == i and not left:
                    mark = mark._replace(closes=_NEVER, closes_low=_NEVER)
                if k == j - 1 and not right:
                    mark = mark._replace(opens=_NEVER, closes=min(mark.closes, 1.0))
                marks.append(mark)
        i = j
    return marks


def _glyphs(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    glyphs = []
    singles = text.find("‘‘", start, end) < 0 and text.find("‘", start, end) >= 0
    for match in _MARK.finditer(text, start, end):
        glyph, (a, b) = match.group(), match.span()
        if a > start and text[a - 1] == "\\":
            a -= 1
        if glyph == "’’" and singles:
            glyphs += [(a, b - 1, "’"), (b - 1, b, "’")]
        elif glyph == "'''":
            # three are a pair and a single one: the pair stands outside
            cut = a + 2 if a == start or text[a - 1].isspace() else b - 2
            glyphs += [(a, cut, "''" if cut == a + 2 else "'"), (cut, b, "'" if cut == a + 2 else "''")]
        elif len(glyph) < 3:
            glyphs.append((a, b, glyph))
    return glyphs


def _mark(text: str, start: int, end: int, glyph: str, left: str, right: str) -> Mark:
    after_space = not left or left.isspace() or left in _SPACE_BEFORE
    before_space = not right or right.isspace() or right in _SPACE_AFTER
    opening = after_space and bool(right) and not right.isspace() and right not in _NO_OPENER_BEFORE
    if after_space and right == "." and text.startswith("..", end):
        opening = True
    closing = before_space and bool(left) and not left.isspace() and left not in "([{"
    side = (opening and not closing) - (closing and not opening)
    family = _FAMILY[glyph]
    if family == "s":
        opens, closes, ignored = _single(text, start, end, glyph, left, right, side)
    else:
        opens, closes, ignored = _double(glyph, left, right, side)
    low = 0.0 if glyph in "“‘" else closes
    return Mark(start, end, family, _LOW.get(glyph, family), opens, closes, ignored, low)


def _double(glyph: str, left: str, right: str, side: int) -> tuple[float, float, float]:
    """Costs (opens, closes, ignored); ``side`` is 1 where the neighbours say that it opens, -1 that it closes."""
    opens, closes, ignored = {1: (0.0, 3.0), 0: (0.5, 0.5), -1: (3.0, 0.0)}[side] + (STRAY,)
    if glyph in "“‟":
        opens, closes = {1: (0.0, 4.0), 0: (0.0, 2.0), -1: (2.0, 0.8)}[side]
    elif glyph in "”" or glyph == "’’":
        opens, closes = {1: (0.8, 2.0), 0: (2.0, 0.0), -1: (4.0, 0.0)}[side]
    elif glyph in "„「『" or glyph in ("``", "‘‘"):
        opens, closes = 0.0, _NEVER
    elif glyph in "」』":
        opens, closes = _NEVER, 0.0
    elif glyph in "«‹":
        opens, closes = {1: (0.0, 4.0), 0: (0.0, 1.5), -1: (4.0, 0.2)}[side]
    elif glyph in "»›":
        opens, closes = {1: (0.2, 4.0), 0: (1.5, 0.0), -1: (4.0, 0.0)}[side]
    if left.isdigit() and side <= 0 and glyph in "\"”''":
        ignored = 1.0
    return opens, closes, ignored


def _single(
    text: str, start: int, end: int, glyph: str, left: str, right: str, side: int
) -> tuple[float, float, float]:
    """Costs (opens, closes, ignored) of a single mark, which is an apostrophe more often than not."""
    elisions, cut_endings = _apostrophes()
    if glyph == "‚":
        return (0.0, _NEVER, 2.0) if side > 0 and right.isalnum() else (_NEVER, _NEVER, 0.0)
    if side > 0:
        match = _LETTERS.match(text, end, end + 12)
        word = match.group().lower() if match else ""
        elided = word in elisions or _YEAR.match(text, end) is not None
        if glyph == "’":
            return 3.0, _NEVER, 0.1
        if glyph == "‘":
            return (0.6, 5.0, 0.3) if elided else (0.0, 5.0, 2.0)
        return (1.2, _NEVER, 0.2) if elided else (0.6, _NEVER, 1.5)
    if side == 0:
        return (0.5, 2.0, 1.0) if glyph == "‘" else (2.0, 1.0, 0.3)
    opens = 3.0 if glyph == "‘" else _NEVER
    extra = 1.5 if glyph == "‘" else 0.0
    direct = text[start - 1] if start else ""
    if direct.isalpha():
        cut = text.endswith(cut_endings, 0, start)
        firm = 0.5 * (right in ",;:.!?")
        return (opens, extra + 0.5, 0.2 + firm) if cut else (opens, extra + 0.1, 1.2 + firm)
    if direct.isdigit():
        return opens, extra + 0.3, 0.5
    return opens, extra, 2.0


def read(marks: list[Mark], goes_on: str = "", ends: int = -1) -> Reading:
    """The cheapest reading of ``marks``.

    ``goes_on`` holds the families of the marks that open the next paragraph: what is left open may go on there.
    ``ends`` is where the paragraph ends (a character): a paragraph whose last character closes a quote does not go on.
    """
    may_open = any(mark.family == "s" and mark.opens < 2 for mark in marks)
    kept = [i for i, mark in enumerate(marks) if may_open or mark.family != "s"]
    ignored = [] if may_open else [i for i, mark in enumerate(marks) if mark.family == "s"]
    chosen = [marks[i] for i in kept]
    actions = _plain(chosen)
    cost = 0.0
    if actions is None:
        cost, actions = _search(chosen, goes_on, ends)
    pairs: list[tuple[int, int | None, int]] = []
    stack: list[int] = []
    for i, action in zip(kept, actions, strict=True):
        if action == "o":
            stack.append(len(pairs))
            pairs.append((i, None, len(stack) - 1))
        elif action == "c":
            opened = stack.pop()
            pairs[opened] = (pairs[opened][0], i, pairs[opened][2])
        else:
            ignored.append(i)
    return Reading(cost, pairs, sorted(ignored))


def _plain(marks: list[Mark]) -> list[str] | None:
    """The reading that costs nothing, if there is one: most paragraphs have it."""
    stack = ""
    actions = []
    for mark in marks:
        if stack and stack[-1] in _CLOSES[mark.family] and not mark.closes:
            stack = stack[:-1]
            actions.append("c")
        elif not mark.opens and len(stack) < DEPTH and mark.pushed not in stack:
            stack += mark.pushed
            actions.append("o")
        else:
            return None
    return None if stack else actions


def _search(marks: list[Mark], goes_on: str, ends: int) -> tuple[float, list[str]]:
    states = {"": 0.0}
    back: list[dict[str, tuple[str, str]]] = []
    settled: list[str] = []
    for mark in marks:
        states, steps = _step(states, mark)
        back.append(steps)
        if len(back) >= _SETTLE:
            best = min(states, key=lambda stack: (states[stack], stack))
            settled += _trace(back, best)
            states, back = {best: states[best]}, []
    closes_at_end = bool(marks) and marks[-1].end == ends
    finals = {}
    for stack, cost in states.items():
        if stack and goes_on.startswith(stack.lower()):
            finals[stack] = cost + (1.5 if stack[0] == "s" else 0.5) + 3.0 * closes_at_end
        else:
            finals[stack] = cost + STRAY * len(stack)
    best = min(finals, key=lambda stack: (finals[stack], stack))
    actions = settled + _trace(back, best)
    return finals[best], actions if goes_on.startswith(best.lower()) else _closed_only(actions)


def _step(states: dict[str, float], mark: Mark) -> tuple[dict[str, float], dict[str, tuple[str, str]]]:
    """The stacks after ``mark`` with their costs, and for each the stack before and what the mark did."""
    after: dict[str, float] = {}
    steps: dict[str, tuple[str, str]] = {}

    def reach(stack: str, cost: float, before: str, action: str) -> None:
        if stack not in after or cost < after[stack]:
            after[stack] = cost
            steps[stack] = (before, action)

    if len(states) > _STATES:
        states = dict(sorted(states.items(), key=lambda state: (state[1], state[0]))[:_STATES])
    for stack, cost in states.items():
        if stack and stack[-1] in _CLOSES[mark.family] and mark.closes < _NEVER:
            reach(stack[:-1], cost + (mark.closes_low if stack[-1].isupper() else mark.closes), stack, "c")
        # an apostrophe costs a little more inside single marks, so that the first fit closes them
        reach(stack, cost + mark.ignored + 0.02 * ("s" in stack), stack, "i")
        if len(stack) < DEPTH and mark.opens < _NEVER:
            again = (3.0 if mark.family == "s" else 1.0) if mark.family in stack.lower() else 0.0
            reach(stack + mark.pushed, cost + mark.opens + again, stack, "o")
    return after, steps


def _trace(back: list[dict[str, tuple[str, str]]], stack: str) -> list[str]:
    actions = []
    for steps in reversed(back):
        stack, action = steps[stack]
        actions.append(action)
    return actions[::-1]


def _closed_only(actions: list[str]) -> list[str]:
    """``actions`` with what opens and never closes left alone."""
    kept = list(actions)
    stack: list[int] = []
    for i, action in enumerate(actions):
        if action == "o":
            stack.append(i)
        elif action == "c":
            stack.pop()
    for i in stack:
        kept[i] = "i"
    return kept
