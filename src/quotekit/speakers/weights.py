"""The numbers by which candidates are ranked, from ``data/en/salience.json``."""

from __future__ import annotations

from quotekit.lexicon import load


def weight(name: str) -> float:
    """Return what one feature of a candidate adds to its score."""
    found: float = load("salience")["weights"][name]
    return found


def threshold(name: str) -> float:
    """Return a score that decides."""
    found: float = load("salience")["thresholds"][name]
    return found


def reach(name: str) -> int:
    """Return how far back candidates are looked for."""
    found: int = load("salience")["reach"][name]
    return found


def office_weight(name: str) -> float:
    """Return what one feature of an office holder adds to its score for a description."""
    found: float = load("salience")["offices"][name]
    return found
