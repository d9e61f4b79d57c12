"""Runs that break off anywhere in their journal: once continued, they write the same bytes in every format."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stand_ins import Echo, articles

from quotekit.batch import job
from quotekit.batch.beside import errors_of, kept_of, part_of
from quotekit.batch.job import Job, Start
from quotekit.batch.reading import Inputs, ReadOptions
from quotekit.batch.stored import read_stored
from quotekit.models import Quote, Speaker
from quotekit.output.target import OutputError
from quotekit.processes.pool import Alone
from quotekit.terminal.progress import Watch

pytest.importorskip("pyarrow")
pytest.importorskip("zstandard")

SUPPORT = Path(__file__).parent / "support"
ENDINGS = (".jsonl", ".csv", ".parquet", ".jsonl.gz", ".tsv.zst")
FILES = 4
ROWS = 40


class Knowing(Echo):
    """An `Echo` whose quotes are by somebody who is known, by the day of the article."""

    known_speakers = object()

    def without_known_speakers(self) -> Echo:
        return Echo()

    def identified(self, quotes: list[Quote], day: date | None) -> list[Quote]:
        speaker = Speaker(id="s1", name="Ann Lee", kind="person", known_id=str(day))
        return [quote.model_copy(update={"speaker": speaker}) for quote in quotes]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Rows with dates and columns of all types, and some that cannot be read; articles that are files of their own."""
    folder = articles(tmp_path / "news", ["It rained.\r\n", "", "!fail", "“Café”, \ud7ff =1+1"])
    values: list[Any] = ["city", None, 3, 2.5, [1, {"x": "é"}], "=1+1", "\ud800"]
    for number in range(FILES):
        with (folder / f"rows{number}.jsonl").open("w") as file:
            for i in range(ROWS):
                row = {"text": f"It rained for {i} days. " * (i % 7), "id": f"{number}-{i}", "n": i}
                row |= {"day": f"2026-01-{i % 31 + 1:02}"} if i % 3 else {}
                row |= {"desk": values[i % len(values)]} if number else {"late": bool(i % 2)}
                file.write(json.dumps(row if i % 11 else {"id": "none"}) + "\n")
    return folder


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers in this process."""
    monkeypatch.setattr(job, "Pool", lambda reader, workers, time_limit: Alone(reader))


def a_job(news: Path, output: Path) -> Job:
    options = ReadOptions(id_field="id", date_field="day")
    given: Any = Knowing()
    return Job(Inputs([str(news)], options), given, output, errors_of(output), {}, True, date(2020, 2, 2))


def run(work: Job, start: Start = Start.resume) -> None:
    assert work.run(start, Watch(quiet=True), workers=1) is not None


def written(work: Job) -> list[bytes]:
    """The output, the table of articles, and the list of errors."""
    return [path.read_bytes() for path in (work.output, work.articles, work.errors) if path is not None]


def the_journal(work: Job, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The whole of it, of a run that cannot write its output."""

    def full(*args: Any, **more: Any) -> None:
        raise OutputError("cannot write: no room.")

    with monkeypatch.context() as patch:
        patch.setattr(job, "write_run", full)
        with pytest.raises(OutputError):
            run(work)
    return part_of(work.output).read_bytes()


def entries(journal: bytes) -> list[bytes]:
    """Return its lines, but for the first, which names the run."""
    return journal.splitlines()[1:]


def cuts(whole: bytes, number: int, seed: str) -> Iterator[int]:
    """Where a journal breaks off: at both its ends, behind some line, and anywhere."""
    yield from (0, 14, len(whole) - 1, len(whole))
    chance = random.Random(seed)
    ends = [i + 1 for i, byte in enumerate(whole) if byte == ord("\n")]
    yield from chance.sample(ends, 2)
    yield from (chance.randrange(len(whole)) for _ in range(number))


@pytest.mark.parametrize("ending", ENDINGS)
def test_output_is_the_same_wherever_the_run_breaks_off(
    ending: str, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = a_job(news, tmp_path / f"undisturbed{ending}")
    run(work, Start.refuse)
    wanted = written(work)
    assert work.errors.read_bytes().count(b"\n") == FILES * 4 + 1
    if "sv" not in ending:
        results = read_stored(work.output)
        days = {quote.speaker.known_id for result in results for quote in result.quotes if quote.speaker}
        assert days >= {"2020-02-02", "2026-01-02"}
    again = a_job(news, tmp_path / f"q{ending}")
    whole = the_journal(again, monkeypatch)
    for cut in cuts(whole, 6, ending):
        for path in filter(None, (again.output, again.articles, again.errors, kept_of(again.output))):
            path.unlink(missing_ok=True)
        part_of(again.output).write_bytes(whole[:cut])
        run(again)
        assert written(again) == wanted, cut
        assert not part_of(again.output).exists()


def test_run_may_break_off_more_than_once(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = a_job(news, tmp_path / "q.csv")
    whole = the_journal(work, monkeypatch)
    chance = random.Random(3)
    for _ in range(12):
        part_of(work.output).write_bytes(part_of(work.output).read_bytes()[: chance.randrange(14, len(whole))])
        assert entries(the_journal(work, monkeypatch)) == entries(whole)


@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="limits as on Unix")
def test_journal_is_whole_if_there_is_no_room_for_the_output(tmp_path: Path) -> None:
    import resource

    folder, output = articles(tmp_path / "news", ["It rained. " * 900] * 4), tmp_path / "q.csv"
    command = [sys.executable, str(SUPPORT / "echo_job.py"), "news", str(output), "0"]

    def finished(limit: int | None) -> subprocess.CompletedProcess[str]:
        def little_room() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.run(
            command,
            cwd=folder.parent,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=little_room,
            timeout=60,
            check=False,
        )

    assert finished(None).returncode == 0
    wanted = output.read_bytes()
    for path in (output, tmp_path / "q.articles.csv", kept_of(output)):
        path.unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.parent)
        given: Any = Echo()
        whole = the_journal(Job(Inputs(["news"]), given, output, errors_of(output), {"seconds": None}), patch)
    assert whole.endswith(b'{"end": true}\n')
    stopped = finished(len(wanted) // 2)
    assert stopped.returncode == 3
    assert stopped.stderr.startswith(f"cannot write {output}: file too large.")
    assert stopped.stderr.endswith(f"4 done, kept in {part_of(output)}. The same command with --resume continues.\n")
    assert part_of(output).read_bytes() == whole
    assert sorted(os.listdir(tmp_path)) == ["news", "q.csv.part"]
    assert finished(None).returncode == 0
    assert output.read_bytes() == wanted
