"""Reading leaves no file in the user's home, and opens no connection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from quotekit.encoder import runtime

READ = """
import json, os, sys, time
from quotekit import Extractor

[quote] = Extractor().extract("It works, Ann Lee said.")
time.sleep(float(sys.argv[1]))
links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")] if os.path.isdir("/proc/self/fd") else []
sockets = [link for link in links if os.path.islink(link) and os.readlink(link).startswith("socket:")]
home = [name for _, _, names in os.walk(os.environ["HOME"]) for name in names]
print(json.dumps({"files": home, "sockets": sockets, "telemetry": os.environ["ORT_DISABLE_TELEMETRY"]}))
"""


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
    assert read(tmp_path, 30)["sockets"] == []


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("0", "0"), ("1", "1")])
def test_what_the_user_has_set_stays(before: str | None, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(runtime.TELEMETRY, raising=False)
    if before is not None:
        monkeypatch.setenv(runtime.TELEMETRY, before)
    # Not the real one, which would send from this process.
    monkeypatch.setitem(sys.modules, "onnxruntime", ModuleType("onnxruntime"))
    runtime.onnxruntime()
    assert os.environ[runtime.TELEMETRY] == after


def test_nothing_else_imports_onnxruntime() -> None:
    root = Path(__file__).parents[1]
    sources = [path for folder in ("src", "training", "benchmarks") for path in (root / folder).rglob("*.py")]
    importing = {path.name for path in sources if "import onnxruntime" in path.read_text("utf-8")}
    assert importing == {"runtime.py"}
