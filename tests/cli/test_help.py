"""The help and the version of each command."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import quotekit


def test_no_command_shows_help_with_an_example(invoke: Callable[..., Result]) -> None:
    result = invoke()
    assert result.exit_code == 0
    assert "quotekit extract story.txt" in result.stdout


def test_the_package_runs_as_a_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["anything", "extract", "no such file"])
    with pytest.raises(SystemExit) as end:
        # Not by its name: what pytest imports plugins with cannot give a module's code.
        runpy.run_path(str(Path(quotekit.__file__).with_name("__main__.py")), run_name="__main__")
    assert end.value.code == 2
    assert "Usage: quotekit extract" in capsys.readouterr().err


def test_help_of_report_shows_how_to_install_its_extra(invoke: Callable[..., Result]) -> None:
    assert 'python -m pip install ".[report]"' in invoke("report", "-h").stdout


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_exit_code(invoke: Callable[..., Result], flag: str) -> None:
    result = invoke("extract", flag)
    assert result.exit_code == 0
    for code in ("0  All", "1  Some", "2  Usage", "3  The run", "130  Stopped", "143  Stopped"):
        assert code in result.stdout


def test_error_names_the_file_and_the_id(invoke: Callable[..., Result]) -> None:
    Path("news.jsonl").write_text('{"id": "pier", "body": "It rained."}\n', "utf-8")
    for output in ([], ["-o", "out.jsonl"]):
        assert (
            "news.jsonl: pier: line 1: no column" in invoke("extract", "news.jsonl", "--id-field", "id", *output).stderr
        )


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(invoke: Callable[..., Result], flag: str) -> None:
    assert invoke(flag).stdout == f"quotekit {quotekit.__version__}\n"


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["extract"],
        ["report"],
        ["group"],
        ["speakers"],
        ["people"],
        ["link"],
        ["find"],
        ["explain"],
        ["rules"],
        ["rules", "new"],
        ["rules", "freeze"],
    ],
    ids=" ".join,
)
def test_help_has_no_python_types(invoke: Callable[..., Result], command: list[str]) -> None:
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    assert re.findall(r"<\w+[^ /]*>", re.sub(r"</?(source|cue|content)>", "", result.stdout)) == []
