"""The command in a process of its own, with the model and with signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from command_line import needs_posix
from typer.testing import CliRunner

from quotekit import cli
from quotekit.batch.stored import read_stored
from quotekit.models import Quote

STORIES = Path(__file__).parents[2] / "data" / "stories"

pytestmark = [pytest.mark.model, pytest.mark.processes]


def command(*args: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "quotekit", *args], stderr=subprocess.PIPE, **more)


@pytest.mark.slow
def test_two_workers_give_the_same_output_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(STORIES.parent)
    runner = CliRunner()
    stories = sorted(str(path.relative_to(STORIES.parent)) for path in STORIES.glob("*.txt"))[:3]
    one, two = str(tmp_path / "1.jsonl"), str(tmp_path / "2.jsonl")
    assert runner.invoke(cli.app, ["extract", *stories, "-o", one]).exit_code == 0
    assert runner.invoke(cli.app, ["extract", *stories, "-o", two, "--workers", "2"]).exit_code == 0
    assert Path(one).read_bytes() == Path(two).read_bytes()
    for line in Path(one).read_text("utf-8").splitlines():
        record = json.loads(line)
        text = Path(record["id"]).read_bytes().decode("utf-8")
        quotes = [Quote.model_validate(quote) for quote in record["quotes"]]
        assert quotes
        assert all(text[s.start : s.end] == s.text for quote in quotes for s in quote.content)


def test_missing_model_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.", "utf-8")
    result = CliRunner().invoke(cli.app, ["extract", str(tmp_path), "--model", "no_such_model"])
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1
    assert "python -m pip install" in result.stderr


@pytest.mark.slow
@needs_posix
def test_closed_output_causes_no_traceback() -> None:
    process = command("extract", str(STORIES), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b'{"id": ')
    process.stdout.close()
    assert process.stderr is not None
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), errors) == (141, b"")


@needs_posix
def test_speakers_stopped_by_sigterm_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained, Ann Lee said. " * 20_000, "utf-8")
    out = tmp_path / "speakers.csv"
    process = command("speakers", str(tmp_path), "-o", str(out), "--no-encoder")
    deadline = time.monotonic() + 60
    while len(os.listdir(tmp_path)) < 2:
        assert time.monotonic() < deadline, "the run has not begun within a minute"
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.decode()) == (143, f"quotekit: stopped: {out} was not written\n")
    assert os.listdir(tmp_path) == ["a.txt"]


@needs_posix
@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_run_stopped_by_ctrl_c_can_be_resumed(tmp_path: Path) -> None:
    texts = {f"{i:03}.txt": f"It rained for {i} days, Ann Lee said. " * 10 for i in range(60)}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    out, part = tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    options = ["extract", str(tmp_path), "-o", str(out), "--no-encoder", "--workers", "2"]
    process = command(*options)
    deadline = time.monotonic() + 60
    while not part.exists() or part.read_bytes().count(b' {"index": ') < 2:
        assert time.monotonic() < deadline, "the run has not begun within a minute"
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    kept = part.read_bytes().count(b' {"index": ')
    assert errors.decode() == (
        "\nquotekit: finishing the articles in progress; press Ctrl-C again to stop at once\n"
        f"quotekit: stopped: {kept} done, kept in {part}. The same command with --resume continues.\n"
    )
    assert sorted(os.listdir(tmp_path)) == [*texts, "out.jsonl.part"]
    again = CliRunner().invoke(cli.app, options)
    assert (again.exit_code, "--restart discards it" in again.stderr) == (2, True)
    assert CliRunner().invoke(cli.app, [*options, "--resume"]).exit_code == 0
    assert sorted(os.listdir(tmp_path)) == [*texts, "out.jsonl", "out.jsonl.journal.gz"]
    assert [result.id for result in read_stored(out)] == [str(tmp_path / name) for name in texts]
