"""Exit codes of the real command: a crash is never 1, and every error is one line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform == "win32", reason="limits, devices and a shell as on Unix"),
]

ECHO = Path(__file__).parents[1] / "support" / "echo_command.py"


def run(folder: Path, script: str) -> tuple[int, list[str]]:
    """Return exit code and standard error of a shell script, in which ``quotekit`` needs no model."""
    script = f'quotekit() {{ "{sys.executable}" "{ECHO}" "$@"; }}\n{script}'
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("It rained.")
    return tmp_path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a finished run."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "a.txt").write_text("It rained.")
    assert run(folder, "quotekit extract a.txt -q -o q.jsonl") == (0, [])
    return folder


FULL = "no space left on device"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("quotekit extract a.txt > /dev/full", f"cannot write standard output: {FULL}."),
        ("quotekit extract a.txt --format table > /dev/full", f"cannot continue: {FULL}."),
        ("quotekit --version > /dev/full", f"cannot continue: {FULL}."),
        ("quotekit rules > /dev/full", f"cannot continue: {FULL}."),
        ("quotekit extract a.txt -o /dev/full", f"cannot write /dev/full: {FULL}."),
    ],
)
def test_full_device(folder: Path, script: str, message: str) -> None:
    code, lines = run(folder, script)
    assert code == 3
    assert len(lines) == 1
    assert lines[0].startswith(f"quotekit: {message}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("script", ["quotekit extract none.txt", "quotekit extract a.txt > /dev/full"])
def test_full_standard_error_is_no_crash(folder: Path, script: str) -> None:
    assert run(folder, f"{script} 2> /dev/full") == (3, [])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_run_into_a_file_needs_no_standard_error(folder: Path) -> None:
    (folder / "b.txt").write_text("!fail")
    assert run(folder, "quotekit extract a.txt b.txt -o q.jsonl 2> /dev/full") == (1, [])
    assert (folder / "q.jsonl").exists()
    assert (folder / "q.errors.jsonl").exists()


@pytest.mark.slow
def test_closed_standard_output(folder: Path) -> None:
    code, lines = run(folder, "quotekit extract a.txt >&-")
    assert code == 3
    assert len(lines) == 1
    assert lines[0].startswith("quotekit: cannot write standard output: ")
    assert run(folder, "quotekit extract a.txt -q -o q.jsonl >&- 2>&-") == (0, [])


@pytest.mark.parametrize("kilobytes", [30_000, 60_000, 100_000, 200_000])
def test_too_little_memory(folder: Path, kilobytes: int) -> None:
    code, lines = run(folder, f'ulimit -v {kilobytes}; "{sys.executable}" -m quotekit extract a.txt')
    # So little may not even be enough for Python itself.
    assert code == 3 or (kilobytes == 30_000 and code != 1)
    assert len(lines) == 1 or kilobytes == 30_000


def test_current_folder_that_is_gone(folder: Path) -> None:
    script = f'mkdir gone; cd gone; rmdir "{folder}/gone"; quotekit extract "{folder}/a.txt" -o q.jsonl'
    assert run(folder, script) == (3, ["quotekit: the current folder does not exist any more. Change to another."])


@pytest.mark.slow
def test_output_folder_that_vanishes_during_the_run(folder: Path) -> None:
    (folder / "b.txt").write_text("!slow 2")
    script = (
        "mkdir out; quotekit extract a.txt b.txt -q -o out/q.jsonl & "
        "until grep -q index out/q.jsonl.part 2>/dev/null; do sleep 0.05; done; rm -r out; wait $!"
    )
    code, lines = run(folder, script)
    assert code == 3
    assert len(lines) == 1
    assert lines[0].startswith("quotekit: cannot write out/q.jsonl: there is no folder")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("echo notes > q.jsonl.journal.gz", "q.jsonl.journal.gz cannot be read as the journal of a run"),
        ("truncate -s -9 q.jsonl.journal.gz", "q.jsonl.journal.gz cannot be read as the journal of a run"),
        ("echo notes > q.jsonl.part", "q.jsonl.part is not a journal of this version of quotekit"),
        ("rm q.jsonl.journal.gz", "q.jsonl exists, and there is no journal of a run that wrote it"),
    ],
)
def test_damaged_journal(finished: Path, folder: Path, damage: str, message: str) -> None:
    shutil.copytree(finished, folder, dirs_exist_ok=True)
    code, lines = run(folder, f"{damage}; quotekit extract . -o q.jsonl --resume")
    assert code == 3
    assert len(lines) == 1
    assert message in lines[0]
