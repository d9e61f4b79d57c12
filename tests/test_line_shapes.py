"""The rows of the data files on lines: each fits its own example, leaves alone what is unlike it, and is needed."""

from __future__ import annotations

from typing import Any

import pytest

from quotekit import lexicon
from quotekit.article.boilerplate import has_speech, kind_of, lines
from quotekit.article.datelines import dateline_end, datelines
from quotekit.lexicon.speech import speech_words

LINES = lexicon.load("boilerplate")
EVERYWHERE = ("anywhere", "before", "beside")
SHAPES = [pytest.param(i, row, id=f"{row['kind']}: {row['example'][:40]}") for i, row in enumerate(LINES["shape"])]
DATELINES = [
    pytest.param(i, row, id=row["example"][:40]) for i, row in enumerate(lexicon.load("datelines")["dateline"])
]


@pytest.mark.parametrize(("i", "row"), SHAPES)
def test_the_example_of_a_shape_is_first_matched_by_that_shape(i: int, row: dict[str, Any]) -> None:
    line = row["example"]
    fitting = [k for k, shape in enumerate(lines().shapes) if shape.fits(line, EVERYWHERE, has_speech(line))]
    assert fitting[:1] == [i]
    assert kind_of(line, True, beside=True) == row["kind"]


@pytest.mark.parametrize(("i", "row"), SHAPES)
def test_shape_does_not_match_its_counterexamples(i: int, row: dict[str, Any]) -> None:
    shape = lines().shapes[i]
    assert [line for line in row.get("unlike", []) if shape.fits(line, EVERYWHERE, has_speech(line))] == []


@pytest.mark.parametrize(("i", "row"), DATELINES)
def test_the_example_of_a_dateline_ends_where_it_is_marked(i: int, row: dict[str, Any]) -> None:
    dateline, text = row["example"].split("¦")
    assert dateline_end(dateline + text, 0, len(dateline + text), first=True, labels=True) == len(dateline)
    match = datelines()[i].pattern.match(dateline + text)
    assert match is not None
    assert match.end() == len(dateline)
    assert not any(datelines()[i].pattern.match(line) for line in row.get("unlike", []))


def test_every_list_of_words_is_used() -> None:
    for name in ("boilerplate", "datelines"):
        data = lexicon.load(name)
        patterns = [row["pattern"] for rows in data.values() for row in rows if "pattern" in row]
        written = repr([data["parts"], patterns])
        unused = [word for word in (*data["words"], *data["parts"]) if f"{{{word}}}" not in written]
        assert set(unused) <= {"byline_words", "sentence_words"}


def test_verbs_of_saying_come_from_the_lexicon_of_cues() -> None:
    wanted = ["said", "says", "saying", "told", "adds", "asked", "replied", "wrote", "according", "explained"]
    assert set(wanted) <= speech_words()
    assert speech_words().isdisjoint(["report", "state", "took", "went", "the", "of"])
