"""How likely an answer is right: the measured share of answers by the same rule on the same evidence that were."""

from __future__ import annotations

from quotekit.lexicon import load


def confidence(rule: str, evidence: str) -> float:
    """Return the measured precision of ``rule`` on ``evidence`` (0 to 1); that of the rule if none was measured."""
    measured: dict[str, float] = load("speaker_confidence")["rules"][rule]
    return measured.get(evidence, measured["any"])
