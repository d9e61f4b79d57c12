"""Texts that occur more than once: read once, and the same wherever a run breaks off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stand_ins import Echo

from quotekit.batch import job
from quotekit.batch.beside import errors_of, kept_of, part_of
from quotekit.batch.job import Job, Start
from quotekit.batch.reading import Inputs, ReadOptions
from quotekit.batch.records import Counts, Failure, Record, Repeat
from quotekit.batch.state import JournalError
from quotekit.batch.unique import once, text_digest
from quotekit.output.target import OutputError
from quotekit.processes.pool import Alone
from quotekit.terminal.progress import Watch

TEXTS = ["It rained.", "", "It  rained.\n", "!fail", "It snowed.", "", "!fail", "It rained.", "It snowed."]
READ = ["n.jsonl#1", "n.jsonl#2", "n.jsonl#5", "n.jsonl#6"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Workers in this process, in a folder with a file of texts."""
    monkeypatch.setattr(job, "Pool", lambda reader, workers, time_limit: Alone(reader))
    monkeypatch.chdir(tmp_path)
    Path("n.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))


def a_job(output: Path, *, unique: bool = True, inputs: tuple[str, ...] = ("n.jsonl",)) -> Job:
    given: Any = Echo()
    return Job(Inputs(inputs, ReadOptions()), given, output, errors_of(output), {"--unique": unique})


def run(work: Job, start: Start = Start.resume) -> Counts | None:
    return work.run(start, Watch(quiet=True), workers=1)


def ids(output: Path) -> list[str]:
    return [json.loads(line)["id"] for line in output.read_text().splitlines()]


def test_text_is_read_once(tmp_path: Path) -> None:
    counts = run(a_job(tmp_path / "q.jsonl"))
    assert counts is not None
    assert ids(tmp_path / "q.jsonl") == READ
    assert (counts.articles, counts.repeats, counts.failures) == (4, 4, 1)
    run(a_job(tmp_path / "all.jsonl", unique=False))
    assert len(ids(tmp_path / "all.jsonl")) == 7


def test_output_is_the_same_wherever_the_run_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = a_job(tmp_path / "q.jsonl")

    def full(*args: Any, **more: Any) -> None:
        raise OutputError("cannot write: no room.")

    with monkeypatch.context() as patch:
        patch.setattr(job, "write_run", full)
        with pytest.raises(OutputError):
            run(work)
    whole = part_of(work.output).read_bytes()
    run(work)
    wanted = work.output.read_bytes(), work.errors.read_bytes()
    ends = [i + 1 for i, byte in enumerate(whole) if byte == ord("\n")]
    for cut in (*ends, *(end - 3 for end in ends[1:])):
        for path in (work.output, work.errors, kept_of(work.output)):
            path.unlink(missing_ok=True)
        part_of(work.output).write_bytes(whole[:cut])
        run(work)
        assert (work.output.read_bytes(), work.errors.read_bytes()) == wanted, cut


def test_new_inputs_are_compared_with_those_read_before(tmp_path: Path) -> None:
    output = tmp_path / "q.jsonl"
    run(a_job(output))
    Path("m.txt").write_text("It rained.")
    Path("o.txt").write_text("It hailed.")
    counts = run(a_job(output, inputs=("n.jsonl", "m.txt", "o.txt")))
    assert counts is not None
    assert (ids(output), counts.repeats) == ([*READ, "o.txt"], 5)
    assert run(a_job(output, inputs=("n.jsonl", "m.txt", "o.txt"))) is None


def test_run_is_continued_only_with_the_same_option(tmp_path: Path) -> None:
    run(a_job(tmp_path / "q.jsonl"))
    with pytest.raises(JournalError, match="--unique was given, is not given"):
        run(a_job(tmp_path / "q.jsonl", unique=False))


def test_items_as_they_pass() -> None:
    failure = Failure("a", "no")
    first, second = Record("a", "x", "a"), Record("b", "x\n", "b")
    assert list(once([first, failure, second], set())) == [first, failure, Repeat(second)]
    assert list(once([second], {text_digest("x")})) == [Repeat(second)]
    empty = Record("c", " ", "c")
    assert list(once([empty, empty], set())) == [empty, empty]
