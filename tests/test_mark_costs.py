"""The table of costs of quotation marks: each row is the one that its example is read with."""

from __future__ import annotations

import re
from typing import Any

import pytest

from quotekit import lexicon
from quotekit.article.mark_costs import NEVER, cost_table
from quotekit.article.quotation_marks import find_marks

TABLE = lexicon.load("quotation_marks")
ROWS = [pytest.param(row, id=f"{row['side']} {row['example']}") for row in TABLE["cost"]]


@pytest.mark.parametrize("row", ROWS)
def test_the_example_of_a_row_is_read_with_its_costs(row: dict[str, Any]) -> None:
    before, written, after = re.split("[⟨⟩]", row["example"])
    text = before + written + after
    assert written in row["marks"].split()
    [mark] = [mark for mark in find_marks(text, 0, len(text)) if mark.start == len(before)]
    expected = row.get("opens", NEVER), row.get("closes", NEVER), row.get("ignored", TABLE["penalties"]["stray"])
    assert (mark.costs.opens, mark.costs.closes, mark.costs.ignored) == expected


def test_every_mark_has_costs_on_each_side() -> None:
    table = cost_table()
    for written in table.families:
        for text in (f"a {written}b", f"a{written}b", f"a,{written} b", f" {written} "):
            at = text.index(written)
            end = at + len(written)
            assert table.costs(text, at, end, written, text[at - 1], text[end])


def test_ignoring_a_mark_between_a_letter_and_a_stop_costs_more() -> None:
    [_, apart], [_, stopped] = (find_marks(text, 0, len(text)) for text in ("A ‘plan’ on.", "A ‘plan’."))
    assert stopped.costs.ignored > apart.costs.ignored
