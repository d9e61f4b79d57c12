"""Wrong options end with exit code 2 and change no file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import StubExtractor, a_quote, write
from typer.testing import Result

from quotekit.batch import job, writing
from quotekit.batch.records import Result as Article
from quotekit.batch.stored import read_stored
from quotekit.output import target as outputs


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere"], "'nowhere' does not exist. Check the spelling"),
        (["nowhere", "neither"], "none of these 2 paths exist"),
        (["a.txt", "-o", "folder"], "'folder' is a folder; name a file in it."),
        (["a.txt", "-o", "quotes.xlsx"], "the ending of its name must be .jsonl"),
        (["a.txt", "-o", "quotes.csv", "--format", "jsonl"], "as --format jsonl needs"),
        (["a.txt", "-o", "quotes.jsonl.csv", "--format", "jsonl"], "as --format jsonl needs"),
        (["a.txt", "-o", "a.txt", "--format", "table"], "'a.txt' is one of the inputs"),
        (["a.jsonl", "-o", "a.jsonl"], "'a.jsonl' is one of the inputs"),
        (["a.jsonl", "-o", "b.jsonl", "--errors", "a.jsonl"], "'a.jsonl' is one of the inputs"),
        (["a.txt", "-o", "b.jsonl", "--errors", "b.jsonl"], "'b.jsonl' is used by the run itself"),
        (["a.txt", "-o", "b.jsonl", "--errors", "b.jsonl.part"], "'b.jsonl.part' is used by the run itself"),
        (["a.txt", "-o", "b.jsonl", "--errors", "a.jsonl"], "exists and is not a list of errors"),
        (["a.txt", "-o", "b.jsonl", "--errors", "."], "'.' is a folder; name a file in it"),
        (["a.txt", "-o", "b.jsonl", "--errors", "no/e.jsonl"], "there is no folder"),
        (["a.txt", "-o", "a.jsonl", "--resume", "--restart"], "not valid with --resume"),
        (["a.txt", "--resume"], "only valid with -o FILE (not with --format table)"),
        (
            ["a.txt", "--restart", "-o", "a.txt", "--format", "table"],
            "only valid with -o FILE (not with --format table)",
        ),
        (["a.txt", "--errors", "errors.jsonl"], "only valid with -o FILE (not with --format table)"),
        (["a.txt", "--without", "en.clauze"], "did you mean 'en.clause'?"),
        (["a.txt", "--min-confidence", "5"], "'--min-confidence': it must be a number from 0 to 1, not 5."),
        (["a.txt", "--min-confidence", "nan"], "'--min-confidence': it must be a number from 0 to 1, not nan."),
        (["a.txt", "--time-limit", "soon"], "'--time-limit': it must be a number of 0 or more, not soon."),
        (["a.txt", "--workers", "0"], "'--workers': it must be a whole number of 1 or more, not 0."),
        (["a.txt", "--workers", "1.5"], "'--workers': it must be a whole number of 1 or more, not 1.5."),
        (["a.txt", "--format", "xml"], "--format"),
        ([], "PATH"),
    ],
)
def test_usage_error_changes_nothing(invoke: Callable[..., Result], args: list[str], message: str) -> None:
    article, other = write("a.txt"), write("a.jsonl")
    Path("folder").mkdir()
    result = invoke("extract", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert article.read_text("utf-8") == other.read_text("utf-8") == "It rained."
    assert sorted(os.listdir()) == ["a.jsonl", "a.txt", "folder"]


@pytest.mark.parametrize("command", ["extract", "speakers"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_outputs_are_not_read_as_articles(invoke: Callable[..., Result], command: str, ending: str) -> None:
    writing.write(lambda: [Article("a.txt", [a_quote("It rained.")])], Path(f"quotes.{ending}"))
    result = invoke(command, f"quotes.{ending}")
    assert result.exit_code == 2
    assert f"'quotes.{ending}' is an output of quotekit extract" in result.stderr


@pytest.mark.parametrize("output", ["Q.JSONL", "q.Jsonl.GZ"])
def test_endings_may_be_in_capitals(invoke: Callable[..., Result], output: str) -> None:
    write("a.txt")
    assert invoke("extract", "a.txt", "-o", output, "--format", "jsonl").exit_code == 0
    assert len(list(read_stored(output))) == 1


def test_files_of_the_run_itself_are_not_read_even_if_named(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt"), write("b.txt", "")
    run = ("extract", "a.txt", "b.txt", "gone.txt", "-o", "q.jsonl")

    def full(*args: Any, **more: Any) -> None:
        raise outputs.OutputError("cannot write: no room.")

    with monkeypatch.context() as patch:
        patch.setattr(job, "write_run", full)
        assert invoke(*run).exit_code == 3
    own = ("q.errors.jsonl", "q.jsonl.part")
    assert set(own) <= set(os.listdir())
    # As a shell has it with *.
    assert invoke(*run, *own, "--resume").exit_code == 1
    assert len(list(read_stored("q.jsonl"))) == 2
    assert invoke(*run, "q.errors.jsonl", "q.jsonl.journal.gz").exit_code == 1
    assert "'q.jsonl' is one of the inputs" in invoke(*run, "q.jsonl").stderr


def test_list_of_errors_replaces_an_earlier_one(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    run = ("extract", "a.txt", "b.txt", "-o", "out.jsonl", "--errors", "errors.jsonl")
    assert [invoke(*run).exit_code, invoke(*run).exit_code] == [1, 1]
    assert len(Path("errors.jsonl").read_text("utf-8").splitlines()) == 1
    write("b.txt")
    assert invoke(*run).exit_code == 0
    assert not Path("errors.jsonl").exists()


def test_setting_refused_by_the_extractor(invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**settings: Any) -> None:
        raise ValueError("min_confidence must be between 0 and 1, not that")

    monkeypatch.setattr("quotekit.extractor.Extractor", refuse)
    write("a.txt")
    result = invoke("extract", "a.txt", "--min-confidence", "0.5")
    assert result.exit_code == 2
    assert "between 0 and 1" in result.stderr


def test_options_reach_the_extractor(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    options = ["--attitudes", "--min-confidence", "0.5", "--no-encoder", "--no-resolve", "--model", "mine"]
    options += ["--workers", "3"]
    result = invoke("extract", "a.txt", *options, "--without", "en.clause", "--without", "en.according-to")
    assert result.exit_code == 0
    rules = StubExtractor.settings.pop("rules")
    assert not len(StubExtractor.settings.pop("corrections"))
    assert StubExtractor.settings == {
        "encoder": False,
        "resolve": False,
        "attitudes": True,
        "min_confidence": 0.5,
        "model": "mine",
        "known_speakers": None,
    }
    assert StubExtractor.processes == 3
    assert not {"en.clause", "en.according-to"} & {rule.id for rule in rules}


def test_defaults_are_those_of_the_extractor(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    invoke("extract", "a.txt")
    assert StubExtractor.settings.pop("rules") is not None
    assert not len(StubExtractor.settings.pop("corrections"))
    assert StubExtractor.settings == {
        "encoder": True,
        "resolve": True,
        "attitudes": False,
        "min_confidence": 0.6,
        "model": None,
        "known_speakers": None,
    }
    assert StubExtractor.day is None
