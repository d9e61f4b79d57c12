"""The command speakers: the speakers of many articles."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from command_line import BINARY, StubExtractor, write
from rich.console import Console
from typer.testing import Result

from quotekit.known.roster import Row
from quotekit.terminal import tables


def test_speakers_are_counted_across_articles(invoke: Callable[..., Result]) -> None:
    for name in ("a", "b", "c"):
        write(f"news/{name}.txt")
    write("news/d.txt", "")
    result = invoke("speakers", "news")
    assert (result.exit_code, result.stderr) == (0, "")
    (record,) = map(json.loads, result.stdout.splitlines())
    assert record == {
        "id": "",
        "names": ["Ann Lee"],
        "roles": [],
        "country": None,
        "from": None,
        "until": None,
        "kind": "person",
        "offices": [],
        "gender": None,
        "quotes": 3,
        "articles": 3,
        "first": None,
        "last": None,
        "check": [],
    }


@pytest.mark.parametrize("name", ["speakers.csv", "speakers.CSV", "speakers.jsonl", "speakers.ndjson"])
def test_output_with_ids_is_a_list_of_known_speakers(invoke: Callable[..., Result], name: str) -> None:
    write("a.txt")
    result = invoke("speakers", "a.txt", "-o", name)
    assert result.stderr == f"1 article · 1 quote (1 indirect) · 1 speaker → {name}\n"
    text = Path(name).read_text("utf-8")
    edited = text.replace('"id": ""', '"id": "Q1"') if "json" in name else text.replace("\n,", "\nQ1,")
    Path(name).write_text(edited, "utf-8")
    assert invoke("extract", "a.txt", "--known-speakers", name).exit_code == 0
    assert [(known.id, known.names) for known in StubExtractor.settings["known_speakers"]] == [("Q1", ("Ann Lee",))]


def test_table_on_a_terminal(invoke: Callable[..., Result], on_terminal: None) -> None:
    write("a.txt")
    result = invoke("speakers", "a.txt")
    assert "\x1b[1mAnn Lee" in result.stdout
    assert "1 article · 1 quote (1 indirect) · 1 speaker" in result.stderr


def test_table_in_a_file(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    invoke("speakers", "a.txt", "--format", "table", "-o", "out.txt", "-q")
    header, _, row = Path("out.txt").read_text("utf-8").splitlines()
    assert header.split() == ["speaker", "kind", "role", "country", "quotes", "articles"]
    assert row.split() == ["Ann", "Lee", "person", "1", "1"]


def test_table_without_speakers_is_empty(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    result = invoke("speakers", "a.txt", "--format", "table", "--kind", "group")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 article · 1 quote (1 indirect) · no speakers\n"


def test_table_with_ids_and_details() -> None:
    row = Row("Q1", ("Ann\nLee",), ("Mayor",), "EE", 1200, 3, "person")
    table = tables.speaker_table([row], Console(file=StringIO(), width=80)).decode()
    header, _, line = table.splitlines()
    assert header.split()[0] == "id"
    assert line.split() == ["Q1", "Ann", "Lee", "person", "Mayor", "EE", "1,200", "3"]


@pytest.mark.parametrize("width", [54, 60, tables.NARROW, 80])
def test_counts_are_not_cut_on_a_narrow_terminal(width: int) -> None:
    row = Row(None, ("Njeri Wambugu-Stone",), ("Minister of Harbors and Piers",), "KE", 1200, 3, "organization")
    header, _, line, *_ = tables.speaker_table([row], Console(file=StringIO(), width=width)).decode().splitlines()
    assert header.split()[-2:] == ["quotes", "articles"]
    assert line.split()[-2:] == ["1,200", "3"]


def test_kinds_and_counts_are_chosen(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    assert invoke("speakers", "a.txt", "--min-quotes", "2").stdout == ""
    assert invoke("speakers", "a.txt", "--kind", "group", "--kind", "document").stdout == ""
    assert invoke("speakers", "a.txt", "--kind", "group", "--kind", "person").stdout != ""


def test_other_inputs_are_still_read(invoke: Callable[..., Result]) -> None:
    write("bad.txt", BINARY)
    write("good.txt")
    result = invoke("speakers", "bad.txt", "good.txt")
    assert result.exit_code == 1
    assert result.stderr.startswith("quotekit: bad.txt: not a text file.")
    assert json.loads(result.stdout)["articles"] == 1


@pytest.mark.parametrize(("text", "code"), [("!model", 3), ("!stop", 130)])
def test_failed_run_keeps_the_old_file(invoke: Callable[..., Result], text: str, code: int) -> None:
    write("a.txt", text)
    out = write("out.csv", "old")
    assert invoke("speakers", "a.txt", "-o", "out.csv").exit_code == code
    assert out.read_text("utf-8") == "old"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-o", "speakers.xlsx"], "a .xlsx file cannot hold JSON Lines"),
        (["-o", "speakers.csv", "--format", "jsonl"], "a .csv file cannot hold JSON Lines"),
        (["-o", "speakers.jsonl", "--format", "csv"], "a .jsonl file cannot hold CSV"),
        (["-o", "speakers.csv", "--format", "table"], "a .csv file cannot hold a table"),
        (["--kind", "bird"], "--kind"),
        (["--min-quotes", "0"], "--min-quotes"),
        (["--without", "en.clauze"], "did you mean 'en.clause'?"),
        (["-o", "a.txt", "--format", "table"], "'a.txt' is one of the inputs"),
    ],
)
def test_usage_errors(invoke: Callable[..., Result], args: list[str], message: str) -> None:
    article = write("a.txt")
    result = invoke("speakers", "a.txt", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert article.read_text("utf-8") == "It rained."
    assert os.listdir() == ["a.txt"]


def test_options_reach_the_extractor(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    options = ["--attitudes", "--min-confidence", "0.5", "--no-encoder", "--model", "mine", "--workers", "3"]
    assert invoke("speakers", "a.txt", *options, "--without", "en.clause").exit_code == 0
    assert "en.clause" not in {rule.id for rule in StubExtractor.settings.pop("rules")}
    assert not len(StubExtractor.settings.pop("corrections"))
    assert StubExtractor.settings == {
        "encoder": False,
        "resolve": True,
        "attitudes": True,
        "min_confidence": 0.5,
        "model": "mine",
        "known_speakers": None,
    }
    assert StubExtractor.processes == 3
