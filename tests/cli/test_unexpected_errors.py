"""An error that quotekit did not foresee is one line; --debug shows its traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import write
from typer.testing import Result

from quotekit import cli


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*args: Any, **more: Any) -> Any:
        raise RuntimeError("the\nunforeseen")

    monkeypatch.setattr("quotekit.cli.extract.check_articles", fail)
    monkeypatch.chdir(tmp_path)
    write("a.txt")


@pytest.mark.usefixtures("fails")
@pytest.mark.parametrize("debug", [False, True])
def test_only_debug_shows_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], debug: bool
) -> None:
    monkeypatch.setattr(sys, "argv", ["quotekit", "extract", "a.txt", *["--debug"] * debug])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 3
    *before, line = capsys.readouterr().err.splitlines()
    assert line.startswith("quotekit: internal error: RuntimeError: the unforeseen.")
    assert ("--debug" in line) != debug
    assert bool(before) == debug


def test_debug_also_shows_the_traceback_of_expected_errors(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt", "!model")
    result = invoke("extract", "a.txt", "--debug")
    assert result.exit_code == 3
    assert "Traceback" in result.stderr
    assert result.stderr.endswith("quotekit: no model; run this\n")
