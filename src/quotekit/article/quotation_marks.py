"""The quotation marks of a stretch of text, each with what the readings of it cost."""

from __future__ import annotations

import re
from typing import NamedTuple

from quotekit.article.mark_costs import NEVER, Costs, CostTable, cost_table

_LONGEST_RUN = 4
"""More marks in a row are no quotation marks."""

_MARK = re.compile(r"''+|``|(?<![\w`])`(?=\w[^`]*')|‘‘|’’|(?<![^\W_])['’‘]|['’‘](?![^\W_])|[\"“”„‟«»‹›‚「」『』＂]")


class Open(NamedTuple):
    """A mark that is open: its family, and whether it is a low-9 mark."""

    family: str
    low: bool


class Glyph(NamedTuple):
    """A mark as it is written (characters, half-open); a backslash before it is part of it."""

    start: int
    end: int
    written: str


class Mark(NamedTuple):
    """A mark (characters, half-open), what it is while it is open, and what each reading of it costs."""

    start: int
    end: int
    opened: Open
    costs: Costs

    @property
    def family(self) -> str:
        """The marks that it may pair with."""
        return self.opened.family


def find_marks(text: str, start: int, end: int) -> list[Mark]:
    """Return the marks of ``text[start:end]`` in order, without apostrophes inside words.

    >>> [mark.family for mark in find_marks('“It is on.”', 0, 11)]
    ['double', 'double']
    """
    table = cost_table()
    marks: list[Mark] = []
    for run in _runs(_glyphs(text, start, end)):
        left = text[run[0].start - 1] if run[0].start > start else ""
        right = text[run[-1].end] if run[-1].end < end else ""
        marks += _marks(text, run, left, right, table)
    return marks


def _marks(text: str, run: list[Glyph], left: str, right: str, table: CostTable) -> list[Mark]:
    marks = []
    for i, glyph in enumerate(run):
        costs = table.costs(text, *glyph, left, right)
        # Nothing is open before the first character, and nothing comes after the last.
        if i == 0 and not left:
            costs = costs._replace(closes=NEVER, closes_low=NEVER)
        if i == len(run) - 1 and not right:
            costs = costs._replace(opens=NEVER, closes=min(costs.closes, table.penalties.closes_at_the_end))
        opened = Open(table.families[glyph.written], glyph.written in table.low)
        marks.append(Mark(glyph.start, glyph.end, opened, costs))
    return marks


def _runs(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Marks that touch each other, together; without runs that are too long to be quotation marks."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and runs[-1][-1].end == glyph.start:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return [run for run in runs if len(run) <= _LONGEST_RUN]


def _glyphs(text: str, start: int, end: int) -> list[Glyph]:
    glyphs: list[Glyph] = []
    singles = text.find("‘‘", start, end) < 0 and text.find("‘", start, end) >= 0
    for match in _MARK.finditer(text, start, end):
        written, (a, b) = match.group(), match.span()
        if written == "`":
            # Opens what an apostrophe closes, as on a typewriter.
            written = "‘"
        if a > start and text[a - 1] == "\\":
            a -= 1
        if written == "’’" and singles:
            glyphs += [Glyph(a, b - 1, "’"), Glyph(b - 1, b, "’")]
        elif written == "'''":
            # A pair and a single mark: the pair is outside.
            if a == start or text[a - 1].isspace():
                glyphs += [Glyph(a, b - 1, "''"), Glyph(b - 1, b, "'")]
            else:
                glyphs += [Glyph(a, b - 2, "'"), Glyph(b - 2, b, "''")]
        elif len(written) < 3:
            glyphs.append(Glyph(a, b, written))
    return glyphs
