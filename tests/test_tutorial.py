"""The tutorial, followed step by step in an empty folder: its commands print what the page shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?(?P<replace> replace)?\n(?P<body>.*?)^```$', re.M | re.S
)
ELIDED = "…"

pytestmark = [pytest.mark.model, pytest.mark.slow]


def test_every_step_prints_what_the_page_shows(tmp_path: Path) -> None:
    shown = 0
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if block["title"] and block["replace"]:
            replace_line(tmp_path / block["title"], block["body"])
        elif block["title"]:
            (tmp_path / block["title"]).write_text(block["body"], encoding="utf-8")
        else:
            command, _, expected = block["body"].partition("\n")
            printed = run(command, tmp_path)
            assert fits(expected.splitlines(), printed.splitlines()), f"{command}\n{printed}"
            shown += 1
    assert shown >= 8


def replace_line(path: Path, line: str) -> None:
    """Replace the line of the file that differs from ``line`` only in its tags."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    same = [i for i, old in enumerate(lines) if bare(old) == bare(line)]
    assert len(same) == 1
    lines[same[0]] = line
    path.write_text("".join(lines), encoding="utf-8")


def bare(line: str) -> str:
    return re.sub(r"</?\w+>", "", line).strip()


def run(command: str, folder: Path) -> str:
    """Return what a command of the page prints in ``folder``, on both streams."""
    program, *rest = shlex.split(command.removeprefix("$ "))
    words = {"quotekit": [sys.executable, "-m", "quotekit"], "python": [sys.executable]}[program] + rest
    if rest[:2] == ["-m", "pytest"] and not any(point.value == "quotekit.pytest_plugin.hooks" for point in plugins()):
        # A checkout that is not installed has no entry points.
        words += ["-p", "quotekit.pytest_plugin.hooks"]
    source = str(Path(__file__).parents[1] / "src")
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), source]))
    environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "100"}
    if rest[:1] == ["use.py"]:
        (folder / "sitecustomize.py").write_text("import quotekit.component\n", encoding="utf-8")
        environment["PYTHONPATH"] = os.pathsep.join([str(folder), path])
    done = subprocess.run(
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout


def plugins() -> list[object]:
    return list(entry_points(group="pytest11"))


def fits(expected: list[str], printed: list[str]) -> bool:
    """Return whether ``printed`` has the expected lines in order; "…" matches any lines, or the rest of a line."""
    if not expected:
        return not printed
    first, *rest = expected
    if first == ELIDED:
        return any(fits(rest, printed[i:]) for i in range(len(printed) + 1))
    return bool(printed) and like(first, printed[0]) and fits(rest, printed[1:])


def like(expected: str, line: str) -> bool:
    pattern = r"\s+".join(map(re.escape, expected.removesuffix(ELIDED).split()))
    return re.match(pattern + (".*" if expected.endswith(ELIDED) else r"\s*$"), line.strip()) is not None
