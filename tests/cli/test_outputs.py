"""What is written where: JSON Lines, files that are replaced whole, devices."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import a_quote, ids, needs_links, needs_posix, timeless, write
from typer.testing import Result

from quotekit.batch.records import Result as Article
from quotekit.batch.writing.jsonl import json_line
from quotekit.cli import extract
from quotekit.errors import ModelError
from quotekit.models import Quote
from quotekit.output import target as outputs


def test_json_lines_hold_complete_quotes(invoke: Callable[..., Result]) -> None:
    write("a.txt", "It rained.")
    write("b.txt", "")
    result = invoke("extract", "a.txt", "b.txt")
    first, second = map(json.loads, result.stdout.splitlines())
    assert Quote.model_validate(first["quotes"][0]) == a_quote("It rained.")
    assert second == {"id": "b.txt", "form": "story", "words": 0, "notices": ["no text"], "quotes": []}
    assert result.stderr == ""


def test_lone_surrogates_survive_json() -> None:
    line = json_line(Article("a\ud800b\udcff", [a_quote("x\udfffy")]))
    assert json.loads(line.decode("utf-8", "strict"))["id"] == "a\ud800b\udcff"
    assert json.loads(line)["quotes"][0]["text"] == "x\udfffy"


def test_file_is_replaced_when_complete_and_keeps_its_mode(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    out = write("out.jsonl", "old")
    out.chmod(0o640)
    result = invoke("extract", "a.txt", "-o", "out.jsonl")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert timeless(result.stderr) == "1 article · 1 quote (1 indirect) · TIME → out.jsonl\n"
    assert ids(out.read_text("utf-8")) == ["a.txt"]
    assert sorted(os.listdir()) == ["a.txt", "out.jsonl", "out.jsonl.journal.gz"]
    if sys.platform != "win32":
        assert stat.S_IMODE(out.stat().st_mode) == 0o640


@needs_links
def test_link_is_kept(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    write("there/out.jsonl", "old")
    os.symlink("there/out.jsonl", "out.jsonl")
    assert invoke("extract", "a.txt", "-o", "out.jsonl").exit_code == 0
    assert Path("out.jsonl").is_symlink()
    assert ids(Path("there/out.jsonl").read_text("utf-8")) == ["a.txt"]
    assert sorted(os.listdir("there")) == ["out.jsonl", "out.jsonl.journal.gz"]


@needs_posix
def test_device_is_written_to(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    assert invoke("extract", "a.txt", "-o", os.devnull).exit_code == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("!model", 3, "quotekit: no model; run this\n"),
        ("!encoder", 3, "quotekit: no weights; run that\n"),
        (
            "!stop",
            130,
            "quotekit: stopped: out.jsonl was not written; finished articles are kept in out.jsonl.part; ",
        ),
    ],
)
def test_failed_run_keeps_the_old_file(invoke: Callable[..., Result], text: str, code: int, told: str) -> None:
    write("a.txt")
    write("b.txt", text)
    out = write("out.jsonl", "old")
    result = invoke("extract", "a.txt", "b.txt", "-o", "out.jsonl")
    assert result.exit_code == code
    assert result.stderr.replace(f"{os.getcwd()}{os.sep}", "").startswith(told)
    assert out.read_text("utf-8") == "old"
    assert sorted(os.listdir()) == ["a.txt", "b.txt", "out.jsonl", "out.jsonl.part"]
    write("b.txt")
    assert invoke("extract", "a.txt", "b.txt", "-o", "out.jsonl", "--resume").exit_code == 0
    assert ids(out.read_text("utf-8")) == ["a.txt", "b.txt"]
    assert sorted(os.listdir()) == ["a.txt", "b.txt", "out.jsonl", "out.jsonl.journal.gz"]


@pytest.mark.parametrize("text", ["!model", "!stop"])
def test_failed_run_without_results_leaves_no_files(invoke: Callable[..., Result], text: str) -> None:
    write("a.txt", text)
    assert invoke("extract", "a.txt", "-o", "out.jsonl").exit_code != 0
    assert os.listdir() == ["a.txt"]


def test_article_that_kills_a_worker_is_an_error(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    write("b.txt", "!lost")
    result = invoke("extract", "a.txt", "b.txt")
    assert (result.exit_code, ids(result)) == (1, ["a.txt"])
    assert result.stderr == "quotekit: b.txt: no workers; do that\n"


def test_output_in_a_missing_folder(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    result = invoke("extract", "a.txt", "-o", "nowhere/out.jsonl")
    assert result.exit_code == 3
    assert result.stderr.startswith("quotekit: cannot write nowhere")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_disk(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    result = invoke("extract", "a.txt", "-o", "/dev/full")
    assert result.exit_code == 3
    assert result.stderr.startswith("quotekit: cannot write /dev/full: no space left on device.")


def test_output_that_cannot_be_moved_into_place(invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.txt")

    def fail(path: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    result = invoke("extract", "a.txt", "-o", "out.jsonl")
    assert result.exit_code == 3
    assert "cannot write out.jsonl: permission denied" in result.stderr
    assert "with --resume continues" in result.stderr
    assert sorted(os.listdir()) == ["a.txt", "out.jsonl.part"]


def test_first_error_is_reported(invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(outputs.Target):
        def write(self, data: bytes) -> None:
            self._stream.close()
            monkeypatch.setattr(self, "_stream", Unclosable())
            raise ModelError("first")

    class Unclosable:
        def close(self) -> None:
            raise OSError(28, "second")

    monkeypatch.setattr(extract, "Target", Full)
    write("a.txt")
    assert invoke("extract", "a.txt", "-o", "out.txt", "--format", "table").stderr == "quotekit: first\n"
    assert os.listdir() == ["a.txt"]


def test_closed_output_ends_the_run_silently(invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream:
        def write(self, data: bytes) -> None:
            raise BrokenPipeError

    class Broken(outputs.Target):
        def __init__(self, path: Path | None) -> None:
            super().__init__(path)
            self._stream = Stream()  # type: ignore[assignment]

    monkeypatch.setattr(extract, "Target", Broken)
    write("a.txt")
    result = invoke("extract", "a.txt")
    assert (result.exit_code, result.output) == (141, "")
