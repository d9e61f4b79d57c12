"""What every rule is worth: how often it fired on annotated articles, how often it was right, and where it fires.

The figures are those of ``data/en/rules/measured.json``, which ``training/measured.py`` makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from quotekit import lexicon

FEWEST = 8
"""So often a rule must have fired for its precision to say something."""


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
        """The share that was right, 0 to 1; ``None`` where it fired too seldom to tell."""
        return self.right / self.fired if self.fired >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a sample story with what the rule found marked in it; a speaker rule's with the speaker's name."""

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
        """How often the rule fired on the training articles, as quotekit reads by default."""
        if self.decided is not None:
            return self.decided
        count = self.default or self.alone
        return None if count is None else count.fired

    @property
    def precision(self) -> float | None:
        """The share of finds that were right, as quotekit reads by default."""
        count = self.speakers or self.default or self.alone
        return None if count is None else count.precision


def measured(id: str) -> Measured:
    """The figures of the built-in rule ``id``; of any other rule there are none.

    >>> measured("en.clause").precision > 0.9, measured("mine.sigh").fired
    (True, None)
    """
    return _all().get(id, Measured())


def articles() -> int:
    """On how many articles the rules were measured."""
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
