"""Which marks of a stretch of text open, which close, which mean nothing, and so which pair.

The reading of all marks together that costs least is taken. The search keeps the cheapest stacks of open marks, whose
depth is bounded, so the time is linear in the number of marks.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from quotekit.article.mark_costs import NEVER, Penalties, cost_table
from quotekit.article.quotation_marks import Mark, Open

DEPTH = 4
"""Levels of nesting that are read; a deeper mark means nothing."""

Act = Literal["open", "close", "ignore"]
Stack = tuple[Open, ...]
"""The marks that are open, outermost first."""

Steps = dict[Stack, tuple[Stack, Act]]
"""For each stack behind a mark: the stack before it, and what the mark did."""

_STATES = 12
"""Stacks that are kept from one mark to the next."""

_SETTLE = 256
"""Marks after which the cheapest reading so far is settled."""

_SURELY_OPENS = 2.0
"""A mark that opens for less may open a quote."""

_SINGLE = Open("single", low=False)


class Reading(NamedTuple):
    """Pairs as indices of marks (opening, closing or ``None``, depth), by opening mark; and the marks left alone."""

    cost: float
    pairs: list[tuple[int, int | None, int]]
    ignored: list[int]


def read(marks: list[Mark], goes_on: tuple[str, ...] = (), ends: int = -1) -> Reading:
    """Return the cheapest reading of ``marks``.

    ``goes_on`` holds the families of the marks that open the next paragraph: what is left open may go on there.
    ``ends`` is where the paragraph ends (a character): a paragraph whose last character closes a quote does not go on.
    """
    may_open = any(mark.family == "single" and mark.costs.opens < _SURELY_OPENS for mark in marks)
    kept = [i for i, mark in enumerate(marks) if may_open or mark.family != "single"]
    chosen = [marks[i] for i in kept]
    cost, acts = 0.0, _free(chosen)
    if acts is None:
        cost, acts = _cheapest(chosen, goes_on, ends)
    pairs: list[tuple[int, int | None, int]] = []
    stack: list[int] = []
    ignored = set(range(len(marks))) - set(kept)
    for i, act in zip(kept, acts, strict=True):
        if act == "open":
            stack.append(len(pairs))
            pairs.append((i, None, len(stack) - 1))
        elif act == "close":
            opened = stack.pop()
            pairs[opened] = (pairs[opened][0], i, pairs[opened][2])
        else:
            ignored.add(i)
    return Reading(cost, pairs, sorted(ignored))


def _free(marks: list[Mark]) -> list[Act] | None:
    """Return the reading that costs nothing, if there is one; most paragraphs have one."""
    stack: list[Open] = []
    acts: list[Act] = []
    for mark in marks:
        if stack and stack[-1].family == mark.family and not mark.costs.closes:
            stack.pop()
            acts.append("close")
        elif not mark.costs.opens and len(stack) < DEPTH and mark.opened not in stack:
            stack.append(mark.opened)
            acts.append("open")
        else:
            return None
    return None if stack else acts


def _cheapest(marks: list[Mark], goes_on: tuple[str, ...], ends: int) -> tuple[float, list[Act]]:
    penalties = cost_table().penalties
    states: dict[Stack, float] = {(): 0.0}
    back: list[Steps] = []
    settled: list[Act] = []
    for mark in marks:
        states, steps = _step(states, mark, penalties)
        back.append(steps)
        if len(back) >= _SETTLE:
            best = _least(states)
            settled += _acts(back, best)
            states, back = {best: states[best]}, []
    closed_at_end = bool(marks) and marks[-1].end == ends
    finals = {stack: cost + _left_open(stack, goes_on, closed_at_end, penalties) for stack, cost in states.items()}
    best = _least(finals)
    acts = settled + _acts(back, best)
    return finals[best], acts if _may_go_on(best, goes_on) else _without_unclosed(acts)


def _step(states: dict[Stack, float], mark: Mark, penalties: Penalties) -> tuple[dict[Stack, float], Steps]:
    """Return the stacks behind ``mark`` with their costs, and how each was reached."""
    after: dict[Stack, float] = {}
    steps: Steps = {}

    def reach(stack: Stack, cost: float, before: Stack, act: Act) -> None:
        if stack not in after or cost < after[stack]:
            after[stack] = cost
            steps[stack] = (before, act)

    if len(states) > _STATES:
        states = dict(sorted(states.items(), key=lambda state: (state[1], state[0]))[:_STATES])
    family, costs = mark.opened.family, mark.costs
    again = penalties.again_single if family == "single" else penalties.again
    for stack, cost in states.items():
        if stack and stack[-1].family == family and costs.closes < NEVER:
            reach(stack[:-1], cost + (costs.closes_low if stack[-1].low else costs.closes), stack, "close")
        reach(stack, cost + costs.ignored + penalties.inside_single * (_SINGLE in stack), stack, "ignore")
        if len(stack) < DEPTH and costs.opens < NEVER:
            inside_its_own = any(opened.family == family for opened in stack)
            reach((*stack, mark.opened), cost + costs.opens + again * inside_its_own, stack, "open")
    return after, steps


def _least(costs: dict[Stack, float]) -> Stack:
    return min(costs, key=lambda stack: (costs[stack], stack))


def _may_go_on(stack: Stack, goes_on: tuple[str, ...]) -> bool:
    """Return whether the next paragraph opens with the marks of ``stack``, and so may go on with what is open."""
    return tuple(opened.family for opened in stack) == goes_on[: len(stack)]


def _left_open(stack: Stack, goes_on: tuple[str, ...], closed_at_end: bool, penalties: Penalties) -> float:
    """Return what it costs that ``stack`` is open at the paragraph's end."""
    if not stack or not _may_go_on(stack, goes_on):
        return penalties.stray * len(stack)
    cost = penalties.left_open_single if stack[0] == _SINGLE else penalties.left_open
    return cost + penalties.left_open_at_a_close * closed_at_end


def _acts(back: list[Steps], stack: Stack) -> list[Act]:
    """Return what each mark did on the way to ``stack``."""
    acts: list[Act] = []
    for steps in reversed(back):
        stack, act = steps[stack]
        acts.append(act)
    return acts[::-1]


def _without_unclosed(acts: list[Act]) -> list[Act]:
    """Return ``acts`` without the marks that open and are never closed."""
    kept = list(acts)
    stack: list[int] = []
    for i, act in enumerate(acts):
        if act == "open":
            stack.append(i)
        elif act == "close":
            stack.pop()
    for i in stack:
        kept[i] = "ignore"
    return kept
