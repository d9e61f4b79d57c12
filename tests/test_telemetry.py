"""Reading leaves no file in the user's home, and opens no connection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from quotekit.encoder import runtime

READ = """
import json, os, sys, time
from quotekit import Extractor

FILES = "/proc/self/fd"

def sockets():
    names = os.listdir(FILES) if os.path.isdir(FILES) else []
    links = [os.path.join(FILES, name) for name in names]
    return {os.readlink(link) for link in links if os.path.islink(link) and os.readlink(link).startswith("socket:")}

end = time.monotonic() + float(sys.argv[1])
[quote] = Extractor().extract("It works, Ann Lee said.")
seen = sockets()
# A socket that asks for an address is open for a short time only.
while time.monotonic() < end:
    seen |= sockets()
    time.sleep(0.02)
home = [name for _, _, names in os.walk(os.environ["HOME"]) for name in names]
print(json.dumps({"files": home, "sockets": sorted(seen), "telemetry": os.environ["ORT_DISABLE_TELEMETRY"]}))
"""

HEAR = """
import os, sys

def hear(event, arguments):
    # A path is the address of a socket of the machine's own.
    if event == "socket.connect" and isinstance(arguments[1], tuple) or event == "socket.getaddrinfo":
        with open(os.environ["HEARD"], "a") as file:
            print(event, arguments, file=file)

sys.addaudithook(hear)
"""
"""The `sitecustomize` of a process and of the processes it starts: it writes down every connection."""


def read(home: Path, seconds: float = 0, **environment: str) -> Any:
    """What a fresh process with this home has left there after it read a text, and whether it has sockets."""
    clean = {name: value for name, value in os.environ.items() if name not in (runtime.TELEMETRY, "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(seconds)],
        env={**clean, "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.model
def test_reading_leaves_no_file_in_the_home(tmp_path: Path) -> None:
    assert read(tmp_path) == {"files": [], "sockets": [], "telemetry": "1"}


@pytest.mark.slow
@pytest.mark.model
def test_no_connection_is_opened_within_half_a_minute(tmp_path: Path) -> None:
    """The telemetry of onnxruntime first calls after ten seconds."""
    assert read(tmp_path, 40) == {"files": [], "sockets": [], "telemetry": "1"}


PAGE = "<html><body><article><p>“It works,” said Ann Lee, who runs the port of Ostmark.</p></article></body></html>"


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.processes
def test_no_command_leaves_a_file_in_the_home_or_connects(tmp_path: Path) -> None:
    home, pages, heard = tmp_path / "home", tmp_path / "pages", tmp_path / "heard.txt"
    for folder in (home, pages):
        folder.mkdir()
    for i in range(4):
        (pages / f"{i}.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(HEAR, encoding="utf-8")
    paths = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    commands = [
        ["extract", str(pages), "-o", "quotes.parquet", "--workers", "2"],
        ["group", "quotes.parquet", "-o", "groups.parquet"],
        ["report", "quotes.parquet", "-o", "report"],
        ["report", str(pages / "1.html"), "-o", "article.html"],
    ]
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", "quotekit", *command],
            env={**os.environ, "HOME": str(home), "PYTHONPATH": paths, "HEARD": str(heard)},
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert not heard.exists(), heard.read_text("utf-8")


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("0", "0"), ("1", "1")])
def test_settings_of_the_user_are_kept(before: str | None, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(runtime.TELEMETRY, raising=False)
    if before is not None:
        monkeypatch.setenv(runtime.TELEMETRY, before)
    # Not the real one, which would send from this process.
    monkeypatch.setitem(sys.modules, "onnxruntime", ModuleType("onnxruntime"))
    runtime.onnxruntime()
    assert os.environ[runtime.TELEMETRY] == after


@pytest.mark.parametrize(("before", "after"), [(None, "0"), ("1", "1")])
def test_ray_reports_no_usage_unless_the_user_says_so(
    before: str | None, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    monkeypatch.delenv("RAY_USAGE_STATS_ENABLED", raising=False)
    if before is not None:
        monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", before)
    monkeypatch.delitem(sys.modules, "quotekit.engines.ray", raising=False)
    import_module("quotekit.engines.ray")
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == after


def test_nothing_else_imports_onnxruntime() -> None:
    root = Path(__file__).parents[1]
    sources = [path for folder in ("src", "training", "benchmarks") for path in (root / folder).rglob("*.py")]
    importing = {path.name for path in sources if "import onnxruntime" in path.read_text("utf-8")}
    assert importing == {"runtime.py"}
