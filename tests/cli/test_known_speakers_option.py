"""The options --known-speakers and --date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command_line import StubExtractor, write
from typer.testing import Result

KNOWN = '{"id": "Q1", "names": ["Ann Lee"]}\n'


def test_the_list_and_the_day_reach_the_extractor(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    write("known.jsonl", KNOWN)
    result = invoke("extract", "a.txt", "--known-speakers", "known.jsonl", "--date", "2015-09-18")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [known.id for known in StubExtractor.settings["known_speakers"]] == ["Q1"]
    assert StubExtractor.day == date(2015, 9, 18)


@pytest.mark.parametrize("command", ["extract", "speakers"])
def test_invalid_list_is_reported_in_one_line(invoke: Callable[..., Result], command: str) -> None:
    write("a.txt")
    write("known.csv", "id,names\nQ1,\n")
    result = invoke(command, "a.txt", "--known-speakers", "known.csv", "-o", "out.jsonl")
    assert result.exit_code == 3
    assert result.stderr.startswith("quotekit: known.csv, line 2, field 'names': must be one name or more")
    assert len(result.stderr.splitlines()) == 1
    assert not Path("out.jsonl").exists()


def test_list_without_ids_is_reported(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    write("known.csv", "id,names\n,Ann Lee\n")
    result = invoke("extract", "a.txt", "--known-speakers", "known.csv")
    assert result.exit_code == 0
    assert result.stderr.startswith("quotekit: known.csv: no line has an id, so nobody is known.")
    assert invoke("extract", "a.txt", "--known-speakers", "known.csv", "-q").stderr == ""


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--date", "2015-09-18"], "only valid with --known-speakers"),
        (["--known-speakers", "known.jsonl", "--date", "18.9.2015"], "YYYY-MM-DD"),
        (["--known-speakers", "known.jsonl", "--no-resolve"], "not valid with --no-resolve"),
        (["--known-speakers", "known.jsonl", "-o", "known.jsonl"], "'known.jsonl' is one of the inputs"),
    ],
)
def test_usage_errors(invoke: Callable[..., Result], args: list[str], message: str) -> None:
    write("a.txt")
    known = write("known.jsonl", KNOWN)
    result = invoke("extract", "a.txt", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert known.read_text("utf-8") == KNOWN
