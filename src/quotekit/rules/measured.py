"""Figures of every rule: how often it fired on annotated articles, how often it was right, and sentences it found.

``training/measured.py`` writes them to ``data/en/rules/measured.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from quotekit import lexicon

FEWEST = 8
"""Minimum number of finds for a precision to be given."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often a rule fired, and how often it was right.

    >>> Count(10, 9).precision, Count(3, 3).precision
    (0.9, None)
    """

    fired: int
    right: int

    @property
    def precision(self) -> float | None:
        """The share that was right, from 0 to 1; ``None`` for fewer finds than `FEWEST`."""
        return self.right / self.fired if self.fired >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a sample story with the rule's find marked, and for a speaker rule the speaker's name."""

    story: str
    markup: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one rule.

    ``default`` counts what the rule decided beside the encoder, ``alone`` what it decided among the rules alone. A
    blocking rule has only ``alone``, a speaker rule only ``default``, how often it decided, and ``speakers``, how often
    it was asked and right where the speaker is annotated.
    """

    default: Count | None = None
    alone: Count | None = None
    speakers: Count | None = None
    decided: int | None = None
    sentences: tuple[Sentence, ...] = ()

    @property
    def fired(self) -> int | None:
        """How often the rule fired on the training articles, with the default settings."""
        if self.decided is not None:
            return self.decided
        count = self.default or self.alone
        return None if count is None else count.fired

    @property
    def precision(self) -> float | None:
        """The share of finds that were right, with the default settings."""
        count = self.speakers or self.default or self.alone
        return None if count is None else count.precision


def measured(id: str) -> Measured:
    """Return the figures of the built-in rule ``id``; all are ``None`` for any other rule.

    >>> measured("en.clause").precision > 0.9, measured("mine.sigh").fired
    (True, None)
    """
    return _all().get(id, Measured())


def articles() -> int:
    """Return the number of articles on which the rules were measured."""
    return int(lexicon.load("rules/measured")["articles"])


@cache
def _all() -> dict[str, Measured]:
    return {id: _measured(record) for id, record in lexicon.load("rules/measured")["rules"].items()}


def _measured(record: dict[str, Any]) -> Measured:
    counts = {
        name: Count(*record[key])
        for name, key in (("default", "default"), ("alone", "alone"), ("speakers", "dev"))
        if key in record
    }
    shown = (Sentence(one["story"], one["sentence"], one.get("speaker")) for one in record["sentences"])
    return Measured(**counts, decided=record.get("decided"), sentences=tuple(shown))
