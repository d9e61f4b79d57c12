"""The table of costs of quotation marks: what it costs that a mark opens, closes or means nothing, where it is.

The costs are in ``data/en/quotation_marks.toml``, with an example for each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any, Literal, NamedTuple

from quotekit import lexicon

NEVER = inf
"""The cost of a reading that a mark never has."""

Side = Literal["opening", "either", "closing"]
SIDES: tuple[Side, ...] = ("opening", "either", "closing")

_FALLBACKS = {
    "elision": ("elision", "word", ""),
    "word": ("word", ""),
    "cut": ("cut", "letter", ""),
    "letter": ("letter", ""),
    "digit": ("digit", ""),
    "": ("",),
}
"""What is beside a mark, and the rows to look for, the most special first."""

_NO_OPENER_BEFORE = frozenset(",;:!?)]}.")
_NO_CLOSER_AFTER = frozenset("([{")
_SPACE_BEFORE = frozenset("([{<—–-/…*_=:|>")
_SPACE_AFTER = frozenset(".,;:!?)]}>—–-/…*_|<")
_STOPS = frozenset(",;:.!?")
_LETTERS = re.compile(r"[^\W\d_]*")
# A year cut short: ’70s, ’16.
_YEAR = re.compile(r"\d\ds?\b(?!,\d)")


class Costs(NamedTuple):
    """What each reading of a mark costs; ``closes_low`` is for closing what a low-9 mark opened."""

    opens: float
    closes: float
    ignored: float
    closes_low: float


class Penalties(NamedTuple):
    """The costs that depend on other marks; the data file says what each is for."""

    stray: float
    left_open: float
    left_open_single: float
    left_open_at_a_close: float
    again: float
    again_single: float
    inside_single: float
    closes_at_the_end: float


@dataclass(frozen=True, slots=True)
class Row:
    """The costs of a mark beside one kind of neighbour; ``before_stop`` is for ignoring it between letter and stop."""

    costs: Costs
    before_stop: float | None

    def costs_before(self, right: str) -> Costs:
        """Return the costs where ``right`` is the character behind the mark, "" at the end."""
        if self.before_stop is None or (right and right not in _STOPS):
            return self.costs
        return self.costs._replace(ignored=self.before_stop)


class CostTable:
    """The data file, ready to be looked up."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.families = {mark: family for family, marks in data["families"].items() for mark in marks.split()}
        self.low = frozenset(data["marks"]["low"].split())
        self.penalties = Penalties(**data["penalties"])
        self._elisions = frozenset(data["marks"]["elisions"])
        self._cut_endings = tuple(data["marks"]["cut_endings"])
        closes_low = frozenset(data["marks"]["closes_low"].split())
        self._rows: dict[tuple[str, str, str], Row] = {}
        for row in data["cost"]:
            sides = SIDES if row["side"] == "any" else (row["side"],)
            for mark in row["marks"].split():
                for side in sides:
                    self._rows[mark, side, row.get("beside", "")] = self._row(row, mark in closes_low)

    def _row(self, row: dict[str, Any], closes_low: bool) -> Row:
        opens, closes = row.get("opens", NEVER), row.get("closes", NEVER)
        costs = Costs(opens, closes, row.get("ignored", self.penalties.stray), 0.0 if closes_low else closes)
        return Row(costs, row.get("before_stop"))

    def costs(self, text: str, start: int, end: int, glyph: str, left: str, right: str) -> Costs:
        """Return the costs of the mark ``glyph`` at ``text[start:end]``.

        ``left`` and ``right`` are the characters around the run of marks that it belongs to, "" at the text's edges.
        """
        side = side_of(text, end, left, right)
        beside = self._beside(text, start, end, side, right)
        rows = (self._rows.get((glyph, side, one)) for one in _FALLBACKS[beside])
        return next(row for row in rows if row is not None).costs_before(right)

    def _beside(self, text: str, start: int, end: int, side: Side, right: str) -> str:
        if side == "opening":
            match = _LETTERS.match(text, end, end + 12)
            if (match and match.group().lower() in self._elisions) or _YEAR.match(text, end):
                return "elision"
            return "word" if right.isalnum() else ""
        before = text[start - 1] if start else ""
        if before.isalpha():
            return "cut" if text.endswith(self._cut_endings, 0, start) else "letter"
        return "digit" if before.isdigit() else ""


def side_of(text: str, end: int, left: str, right: str) -> Side:
    """Return what the characters around a mark, which ends at ``end``, make of it."""
    after_space = not left or left.isspace() or left in _SPACE_BEFORE
    before_space = not right or right.isspace() or right in _SPACE_AFTER
    opening = after_space and bool(right) and not right.isspace() and right not in _NO_OPENER_BEFORE
    if after_space and text.startswith("..", end):
        opening = True
    closing = before_space and bool(left) and not left.isspace() and left not in _NO_CLOSER_AFTER
    if opening == closing:
        return "either"
    return "opening" if opening else "closing"


@cache
def cost_table() -> CostTable:
    """Return the table of the data file, read once."""
    return CostTable(lexicon.load("quotation_marks"))


@cache
def _lookalikes() -> dict[str, str]:
    marks: dict[str, str] = lexicon.load("quotation_marks")["lookalikes"]
    return marks


def plain_marks(text: str) -> str:
    """Return ``text`` with quotation marks for the characters that look like one, or were one in another encoding.

    >>> plain_marks("\x93It works,\x94 she said.")
    '“It works,” she said.'
    """
    for written, mark in _lookalikes().items():
        text = text.replace(written, mark)
    return text
