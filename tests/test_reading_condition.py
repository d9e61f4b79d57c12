"""What a text has been through: noticed, counted, and repaired if that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit.batch.reading import ReadOptions, read_items
from quotekit.batch.reading.condition import noticed, repaired
from quotekit.batch.records import Counts, Failure, Record
from quotekit.terminal.progress import noticed as lines

pytest.importorskip("ftfy")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(*rows: dict[str, object], **options: object) -> list[Record]:
    Path("a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    items = list(read_items("a.jsonl", ReadOptions(**options)))  # type: ignore[arg-type]
    return [item for item in items if isinstance(item, Record)]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("“It rained,” Ann Lee said – twice.", []),
        ("Café Ângela costs 3 < 4 & 5 > 2.", []),
        ("", ["empty"]),
        (" \n", ["empty"]),
        ("It &quot;rained&quot;.", ["tags"]),
        ('It <a href="x">rained</a>.', ["tags"]),
        ("Itâ€™s raining.", ["encoding"]),
        ("It\ufffds raining.", ["encoding"]),
        ("It rai\u00adned.", []),
    ],
)
def test_faults_of_a_text_are_noticed(text: str, notes: list[str]) -> None:
    assert noticed(text) == notes
    (record,) = rows({"text": text})
    assert (record.text, list(record.notes)) == (text, notes)


def test_markup_of_html_rows_is_removed() -> None:
    (record,) = rows({"text": "<p>It &quot;rained&quot;,</p><p>she said.</p>"}, text_format="html")
    assert (record.text, record.notes) == ('It "rained",\n\nshe said.', ())


def test_encoding_is_repaired() -> None:
    (record,) = rows({"text": "“Itâ€™s rai\u00adning,” she said. CafÃ©."}, fix_text=True)
    assert (record.text, record.notes) == ("“It’s raining,” she said. Café.", ())


@given(st.text())
def test_any_text_can_be_repaired(text: str) -> None:
    assert isinstance(repaired(text), str)


def test_dates_that_are_missing_or_not_understood() -> None:
    found = rows({"text": "a", "day": "01/02/2026"}, {"text": "b", "day": None}, {"text": "c"}, date_field="day")
    assert [record.notes for record in found] == [("date",), ("undated",), ("undated",)]
    found = rows({"text": "a", "day": "01/02/2026"}, date_field="day", date_format="%d/%m/%Y")
    assert found[0].notes == ()


def test_lines_of_the_summary() -> None:
    counts = Counts()
    for source in ("a.csv", "a.csv", "b.csv", "c.csv", "d.csv", "e.csv"):
        counts.notice(source, ["date"])
    counts.notice("b.csv", ["empty"])
    assert lines(counts.noticed) == [
        "6 articles with a date that is not understood, in a.csv, b.csv, c.csv and 2 more: "
        "say how it is written with --date-format",
        "1 article without text, in b.csv",
    ]


@pytest.mark.parametrize(
    "options", [{"text_format": "word"}, {"date_format": "%d/%m"}, {"date_format": "%Q"}, {"date_format": "day"}]
)
def test_options_that_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="format must"):
        ReadOptions(**options)  # type: ignore[arg-type]


def test_ftfy_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ftfy", None)
    Path("a.txt").write_text("It rained.")
    (failure,) = read_items("a.txt", ReadOptions(fix_text=True))
    assert isinstance(failure, Failure)
    assert "documents" in failure.reason
