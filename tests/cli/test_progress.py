"""The progress of a run, on standard error."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from command_line import ids, write
from rich.console import Console
from typer.testing import Result

from quotekit.cli import standard_input
from quotekit.terminal import progress


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    file = StringIO()
    monkeypatch.setattr(progress, "Console", lambda **more: Console(file=file, force_terminal=True, width=80))
    return file


def test_progress_of_several_articles(invoke: Callable[..., Result], screen: StringIO) -> None:
    write("a.txt")
    write("b.txt")
    result = invoke("extract", "a.txt", "b.txt")
    assert ids(result) == ["a.txt", "b.txt"]
    assert "2/2" in screen.getvalue()


@pytest.mark.parametrize("args", [["a.txt"], ["a.txt", "b.txt", "-q"]])
def test_no_progress_for_one_article_or_with_quiet(
    invoke: Callable[..., Result], screen: StringIO, args: list[str]
) -> None:
    write("a.txt")
    write("b.txt")
    assert invoke("extract", *args).exit_code == 0
    assert screen.getvalue() == ""


def test_standard_input_on_a_terminal_has_a_hint(
    invoke: Callable[..., Result], screen: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keyboard:
        stdin = type("Terminal", (), {"isatty": lambda self: True})()

    monkeypatch.setattr(standard_input, "sys", Keyboard)
    assert invoke("extract", "-", input="It rained.").exit_code == 0
    assert "Ctrl-D" in screen.getvalue()
