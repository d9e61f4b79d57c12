"""The numbers by which candidates are ranked, from ``data/en/salience.json``."""

from __future__ import annotations

from quotekit.lexicon import load


def weight(name: str) -> float:
    """Return what one feature of a candidate adds to its score, or a score that decides."""
    found: float = load("salience")["weights"][name]
    return found


def reach(name: str) -> int:
    """Return how far back candidates are looked for."""
    found: int = load("salience")["reach"][name]
    return found
