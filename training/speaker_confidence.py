"""Measures how often each speaker rule is right, on what evidence: the table behind ``Quote.speaker_confidence``.

    python -m training.speaker_confidence

Reads the first half of the resolved articles of PolNeAR dev and ``data/gold.jsonl``, for gold content and source, and
writes ``speaker_confidence.json``. A share of few cases is drawn towards that of the rule, weighted by that of all
rules on such evidence; the rule's towards that of its family, and the family's towards that of all. What is written is
one standard error less than the share, which is too high: the rules were chosen on these articles.
``python -m benchmarks.speaker_confidence`` checks it on the other half.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from itertools import chain
from pathlib import Path

from benchmarks.speaker_confidence import judged, resolved_articles
from benchmarks.speakers import read
from quotekit.speakers import IDS

ROOT = Path(__file__).parents[1]
OUT = ROOT / "src" / "quotekit" / "data" / "en" / "speaker_confidence.json"
COMMENT = (
    "Share of the answers of each speaker rule that are right, given that the quote is, less one standard error; made "
    "by training/speaker_confidence.py. 'any' is that of all answers of the rule. The others are by evidence: how far "
    "the best candidate is ahead of the next ('alone', 'clear', 'near', 'close'); for the words of a mention itself "
    "whether they are a 'pronoun', 'bare' (the noun and its article), 'definite' or 'new'."
)
PRIOR = 8
"""Cases that the share of the wider class counts for."""

ERRORS = 1.0
"""Standard errors that are taken off a share."""

Cases = dict[tuple[str, str], list[bool]]
"""For each rule and evidence, whether each answer was right."""


def counted() -> Cases:
    """The answers on all articles."""
    cases: Cases = defaultdict(list)
    for record in chain(resolved_articles(1), read(ROOT / "data" / "gold.jsonl")):
        for resolution, right in judged(record):
            cases[resolution.rule, resolution.evidence].append(right)
    return cases


def share(found: list[list[bool]], wider: float) -> float:
    """The share that is right, drawn towards that of a wider class."""
    right = list(chain.from_iterable(found))
    return (sum(right) + PRIOR * wider) / (len(right) + PRIOR)


def lower(share: float, count: int) -> float:
    """The lower end of the Wilson interval of a share that was measured on ``count`` cases.

    >>> round(lower(0.9, 10), 2), round(lower(0.9, 1000), 2)
    (0.77, 0.89)
    """
    spread = ERRORS * math.sqrt(share * (1 - share) / count + ERRORS**2 / (4 * count**2))
    return (share + ERRORS**2 / (2 * count) - spread) / (1 + ERRORS**2 / count)


def family(rule: str) -> str:
    """The part of an id that rules of one kind share: "speaker.name"."""
    return ".".join(rule.split(".")[:2])


def shares(cases: Cases, rule: str) -> dict[str, float]:
    """The shares of one rule."""
    every = share(list(cases.values()), 0.5)
    kin = share([found for (id, _), found in cases.items() if family(id) == family(rule)], every)
    any_ = share([found for (id, _), found in cases.items() if id == rule], kin)
    table = {"any": lower(any_, PRIOR + sum(len(found) for (id, _), found in cases.items() if id == rule))}
    for evidence in sorted({evidence for id, evidence in cases if id == rule and evidence}):
        # A close lead makes a rule less sure, even if it was right both times.
        alike = share([found for (_, other), found in cases.items() if other == evidence], every)
        there = cases[rule, evidence]
        table[evidence] = lower(share([there], min(1.0, any_ * alike / every)), PRIOR + len(there))
    return {name: round(value, 3) for name, value in table.items()}


def main() -> None:
    """Write the table."""
    cases = counted()
    table = {"comment": COMMENT, "rules": {rule: shares(cases, rule) for rule in IDS}}
    OUT.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    for (rule, evidence), found in sorted(cases.items()):
        print(f"{rule:28} {evidence:10} {sum(found):4} of {len(found):4}")


if __name__ == "__main__":
    main()
