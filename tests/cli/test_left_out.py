"""The command line says how many finds ``min_confidence`` left out, and how to see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from command_line import StubExtractor, write
from typer.testing import Result

from quotekit.models import Reading

LEFT_OUT = "2 finds left out as too uncertain: --min-confidence 0 shows all"


class LeavingOut(StubExtractor):
    """Leaves one find out of each text."""

    def read(self, text: str, **_: Any) -> Reading:
        return super().read(text).model_copy(update={"left_out": int(bool(text))})


@pytest.fixture
def leaving(monkeypatch: pytest.MonkeyPatch, invoke: Callable[..., Result]) -> Callable[..., Result]:
    """Return a function that runs the command with `LeavingOut`, on two texts."""
    monkeypatch.setattr("quotekit.extractor.Extractor", LeavingOut)
    write("a.txt")
    write("b.txt")
    return invoke


@pytest.mark.parametrize(
    "command",
    [
        ["extract", "a.txt", "b.txt"],
        ["extract", "a.txt", "b.txt", "--format", "table"],
        ["extract", "a.txt", "b.txt", "-o", "out.jsonl"],
        ["extract", "a.txt", "b.txt", "-o", "out.txt", "--format", "table"],
        ["speakers", "a.txt", "b.txt", "-o", "speakers.csv"],
        ["report", "a.txt", "b.txt", "-o", "report"],
    ],
    ids=" ".join,
)
def test_commands_say_what_is_left_out(leaving: Callable[..., Result], command: list[str]) -> None:
    result = leaving(*command)
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines()[-1] == LEFT_OUT
    assert LEFT_OUT not in result.stdout
    quiet = leaving(*command, "-q", *(["--restart"] if "out.jsonl" in command else []))
    assert quiet.stderr == ""


def test_page_of_one_article(leaving: Callable[..., Result]) -> None:
    write("a.txt", "she said that it rained.")
    result = leaving("report", "a.txt", "-o", "a.html")
    assert result.stderr.splitlines()[-1] == "1 find left out as too uncertain: --min-confidence 0 shows all"


def test_resumed_run_counts_all(leaving: Callable[..., Result]) -> None:
    leaving("extract", "a.txt", "-o", "out.jsonl")
    result = leaving("extract", "a.txt", "b.txt", "-o", "out.jsonl", "--resume")
    assert result.stderr.splitlines()[-1] == LEFT_OUT


def test_nothing_left_out(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    assert invoke("extract", "a.txt").stderr == ""
