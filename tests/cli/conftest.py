"""Fixtures for tests of the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import StubExtractor, StubPool
from typer.testing import CliRunner, Result

from quotekit import cli
from quotekit.batch import job, running
from quotekit.cli import extract, formats


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Return a function that runs the command in an empty folder, without model and processes."""
    monkeypatch.setattr("quotekit.extractor.Extractor", StubExtractor)
    monkeypatch.setattr(running, "Pool", StubPool)
    monkeypatch.setattr(job, "Pool", StubPool)
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *args, **more: runner.invoke(cli.app, args, prog_name="quotekit", **more)


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the command take standard output and error for a terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")

    class Screen:
        def __getattr__(self, name: str) -> Any:
            return getattr(sys, name)

        @property
        def stdout(self) -> Any:
            sys.stdout.isatty = lambda: True  # type: ignore[method-assign]
            return sys.stdout

    for command in (extract, formats):
        monkeypatch.setattr(command, "sys", Screen())
