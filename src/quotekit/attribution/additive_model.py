"""The additive model that weighs what rules and encoder say of a candidate.

A generalised additive model (Hastie and Tibshirani 1986) with piecewise linear terms, one set of terms for each
situation: what the encoder found of the candidate, and what the rules found. It was fitted on articles of PolNeAR's
training part that the encoder had not seen; the terms are in ``data/en/joining.json``.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from quotekit import lexicon

LOWEST, HIGHEST = 1e-4, 1 - 1e-4
"""Bounds of a probability whose log odds are taken."""

NO_RULE = -6.0
"""Log odds for a missing rule."""

ALIKE = 0.5
"""Minimum share of common characters of two contents that count as the same."""


def log_odds(probability: float) -> float:
    """Return the log odds of ``probability``, kept finite.

    >>> log_odds(0.5)
    0.0
    """
    bounded = min(max(probability, LOWEST), HIGHEST)
    return math.log(bounded / (1 - bounded))


def situation(numbers: dict[str, float]) -> str:
    """Return what encoder and rules found, by name: what a number is worth depends on what the other found.

    >>> situation({"run": 1.0, "run's source": 1.0, "agrees": NO_RULE})
    'encoder: all, rules: nothing'
    """
    encoder = "nothing" if numbers["run"] < ALIKE else "all" if numbers["run's source"] else "content"
    return f"encoder: {encoder}, rules: {'nothing' if numbers['agrees'] == NO_RULE else 'all'}"


SITUATIONS = tuple(f"encoder: {e}, rules: {r}" for e in ("nothing", "content", "all") for r in ("nothing", "all"))


def confidence(numbers: dict[str, float]) -> float:
    """Return a precision between 0 and 1: each number's term is a line through the points where it was fitted."""
    bias, terms = _terms()[situation(numbers)]
    score = bias + sum(height(numbers[name], at, adds) for name, at, adds in terms)
    return 1 / (1 + math.exp(-score))


def account(numbers: dict[str, float]) -> tuple[str, float, list[tuple[str, float, float]]]:
    """Return what `confidence` adds up: the situation, its bias, and each number with its name, value and term."""
    named = situation(numbers)
    bias, terms = _terms()[named]
    return named, bias, [(name, numbers[name], height(numbers[name], at, adds)) for name, at, adds in terms]


def height(value: float, at: Sequence[float], adds: Sequence[float]) -> float:
    """Return the line through the points (``at``, ``adds``) at ``value``; it is level before and after them.

    >>> height(1.5, [0.0, 1.0, 2.0], [0.0, 10.0, 20.0])
    15.0
    """
    i = bisect_right(at, value)
    if i == 0:
        return adds[0]
    if i == len(at):
        return adds[-1]
    share = (value - at[i - 1]) / (at[i] - at[i - 1])
    return adds[i - 1] + share * (adds[i] - adds[i - 1])


Terms = tuple[float, list[tuple[str, list[float], list[float]]]]


@cache
def _terms() -> dict[str, Terms]:
    data = lexicon.load("joining")
    at = data["at"]
    return {
        name: (one["bias"], [(number, at[number], adds) for number, adds in one["adds"].items()])
        for name, one in data["situations"].items()
    }
