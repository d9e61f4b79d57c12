"""Runs into a file: whatever stops one, it is continued with nothing lost and nothing twice."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from stand_ins import Echo, articles

from quotekit.batch import job
from quotekit.batch.beside import errors_of, kept_of, part_of, partial_of
from quotekit.batch.job import Job, Start, UnfinishedError
from quotekit.batch.journal import Beginning, Journal
from quotekit.batch.reading import Inputs, ReadOptions
from quotekit.batch.records import Counts, Record
from quotekit.batch.running import StrictError
from quotekit.batch.state import JournalError
from quotekit.batch.stopping import Interrupted, Stopping
from quotekit.batch.writing import write_run
from quotekit.errors import QuotekitError
from quotekit.models import Quote, Speaker
from quotekit.output.target import OutputError
from quotekit.processes.pool import Alone
from quotekit.terminal import progress
from quotekit.terminal.progress import Watch

SUPPORT = Path(__file__).parent / "support"
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits as on Unix")


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """SIGINT does what it does in a terminal, also where the tests run in the background and it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def start(folder: Path, output: Path, seconds: float = 0.002, **more: Any) -> subprocess.Popen[str]:
    """Start a run in a process of its own, which continues what is there."""
    command = [sys.executable, str(SUPPORT / "echo_job.py"), folder.name, str(output), str(seconds)]
    return subprocess.Popen(command, cwd=folder.parent, stderr=subprocess.PIPE, text=True, **more)


def run(folder: Path, output: Path, **more: Any) -> tuple[int, str]:
    """Return exit code and standard error of a run."""
    with start(folder, output, 0, **more) as process:
        errors = process.communicate(timeout=60)[1]
        return process.returncode, errors


def texts(number: int) -> list[str]:
    """Texts of very different lengths, and one that fails."""
    found = [f"It rained for {i} days. " * (i * 7 % 60) for i in range(number)]
    found[number // 3] = "!fail"
    return found


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with 150 articles, two of which end as errors."""
    folder = articles(tmp_path / "news", texts(149))
    (folder / "0070.5.txt").write_bytes(b"\0\xff\xfe\x01" * 8)
    return folder


def written(output: Path) -> tuple[bytes, bytes]:
    return output.read_bytes(), errors_of(output).read_bytes()


@pytest.fixture
def undisturbed(news: Path, tmp_path: Path) -> tuple[bytes, bytes]:
    """Output and errors of an uninterrupted run over ``news``."""
    output = tmp_path / "undisturbed" / "q.jsonl"
    output.parent.mkdir()
    assert run(news, output) == (1, "quotekit: " + _ERRORS)
    assert sorted(os.listdir(output.parent)) == ["q.errors.jsonl", "q.jsonl", "q.jsonl.journal.gz"]
    return written(output)


_ERRORS = (
    "news/0049.txt: quotekit failed on it (ZeroDivisionError: by nothing). Report this along with the article.\n"
    "quotekit: news/0070.5.txt: not a text file. Name text files only.\n"
)


def wait_for(condition: Callable[[], bool], what: str, process: subprocess.Popen[str] | None = None) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what
        assert process is None or process.poll() is None, what
        time.sleep(0.005)


def items(output: Path) -> int:
    """Return how many articles and failures the journal of an unfinished run holds."""
    part = part_of(output)
    return part.read_bytes().count(b' {"index": ') if part.exists() else 0


@needs_posix
@pytest.mark.slow
@pytest.mark.processes
def test_run_killed_at_random_moments_loses_nothing_and_repeats_nothing(
    news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]
) -> None:
    moments = random.Random(6)
    killed = 0
    while killed < 20:
        output = tmp_path / f"q{killed}.jsonl"
        for _ in range(5):
            # One that is killed with all of its work behind it leaves nothing to continue.
            whole = output.exists() and not part_of(output).exists()
            with start(news, output) as process:
                # Some while it starts, most in mid-work, some while the output is written.
                if moments.random() < 0.8:
                    goal = items(output) + 1
                    wait_for(lambda: items(output) >= goal or process.poll() is not None, "it does not begin")  # noqa: B023
                time.sleep(moments.uniform(0, 0.25))
                process.kill()
                process.wait(10)
            killed += process.returncode == -signal.SIGKILL
            if process.returncode != -signal.SIGKILL:
                assert process.returncode == (0 if whole else 1)
                break
        if part_of(output).exists() or not output.exists():
            assert run(news, output)[0] == 1
        assert written(output) == undisturbed
        assert not part_of(output).exists()


@needs_posix
@pytest.mark.processes
def test_killed_run_leaves_no_lock(news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]) -> None:
    output = tmp_path / "q.jsonl"
    with start(news, output, 0.05) as process:
        wait_for(lambda: items(output) > 1, "it does not begin", process)
        process.kill()
    assert run(news, output)[0] == 1
    assert written(output) == undisturbed
    assert set(os.listdir(tmp_path)) == {"news", "q.errors.jsonl", "q.jsonl", "q.jsonl.journal.gz", "undisturbed"}


@needs_posix
@pytest.mark.processes
class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_articles_in_hand_are_finished(
        self, news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes], number: int
    ) -> None:
        output = tmp_path / "q.jsonl"
        with start(news, output, 0.05, start_new_session=True) as process:
            wait_for(lambda: items(output) > 10, "it does not begin", process)
            # As a terminal, or what ends a service, does it: to workers too.
            os.killpg(process.pid, number)
            message = process.communicate(timeout=60)[1].splitlines()[-1]
        assert process.returncode == 128 + number
        kept = items(output)
        assert message == f"stopped: {kept} done, kept in {output}.part. The same command with --resume continues."
        assert not output.exists()
        assert run(news, output)[0] == 1
        assert written(output) == undisturbed

    def test_second_signal_does_not_wait(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!slow 50"]), tmp_path / "q.jsonl"
        with start(folder, output, 0) as process:
            wait_for(lambda: items(output) > 0, "it does not begin", process)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            errors = process.communicate(timeout=20)[1]
        assert "Interrupted" in errors
        assert items(output) == 1

    def test_run_that_waits_for_input_stops_at_once(self, tmp_path: Path) -> None:
        output = tmp_path / "q.jsonl"
        command = [sys.executable, str(SUPPORT / "echo_job.py"), "-", str(output), "0"]
        pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
            wait_for(lambda: part_of(output).exists(), "it does not begin", process)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
            assert process.stderr.read() == "stopped: nothing had been done yet.\n"
        assert os.listdir(tmp_path) == []


@needs_posix
def test_handlers_are_restored_and_ignored_signals_stay_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    inner = signal.getsignal(signal.SIGINT)
    try:
        with Stopping() as stopping:
            os.kill(os.getpid(), signal.SIGTERM)
            with pytest.raises(Interrupted):
                signal.raise_signal(signal.SIGINT)
        assert stopping.number == signal.SIGINT
        assert signal.getsignal(signal.SIGINT) is inner
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


@needs_posix
def test_read_ends_at_the_first_signal() -> None:
    def numbers() -> Iterator[int]:
        yield 1
        signal.raise_signal(signal.SIGINT)
        yield 2

    with Stopping() as stopping:
        finished = []
        stopping.finish = lambda: finished.append(True)
        assert list(stopping.until_stopped(numbers())) == [1]
        assert finished == [True]


@needs_posix
@pytest.mark.processes
def test_run_on_a_full_disk_continues_when_there_is_room(
    news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]
) -> None:
    import resource

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    output = tmp_path / "q.jsonl"
    code, errors = run(news, output, preexec_fn=little_room)
    assert code == 3
    message = f"cannot write {output}.part: file too large. Make room there; then the same command with --resume"
    assert errors.startswith(message)
    part = Path(f"{output}.part").read_bytes()
    assert len(part) <= 20_000
    assert part.endswith(b"\n")
    assert run(news, output)[0] == 1
    assert written(output) == undisturbed


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder in which not even root can write")
def test_folder_that_takes_no_files(tmp_path: Path) -> None:
    work = a_job(articles(tmp_path / "news", "ab"), Path("/proc/q.jsonl"))
    with pytest.raises(OutputError, match=r"^cannot write /proc/q.jsonl: .* Choose another place with -o\.$"):
        run_job(work)


@needs_posix
@pytest.mark.processes
def test_second_run_into_the_same_file_is_refused(news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]) -> None:
    output = tmp_path / "q.jsonl"
    with start(news, output, 1) as process:
        wait_for(lambda: items(output) > 1, "it does not begin", process)
        assert run(news, output) == (
            3,
            f"another run is writing {output}. Wait until it has ended, or choose another file with -o.\n",
        )
        assert process.poll() is None
        process.kill()
    assert run(news, output)[0] == 1
    assert written(output) == undisturbed


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers in this process."""
    monkeypatch.setattr(job, "Pool", lambda reader, workers, time_limit: Alone(reader))


def a_job(folder: Path, output: Path, paths: list[str] | None = None, **more: Any) -> Job:
    inputs = Inputs(paths or [str(folder)])
    given = {"extractor": Echo(), "errors": errors_of(output), "settings": {"--attitudes": False}, **more}
    return Job(inputs, output=output, **given)


def run_job(work: Job, start: Start = Start.refuse, **more: Any) -> Counts | None:
    return work.run(start, Watch(quiet=True), workers=1, **more)


@contextmanager
def broken_off(monkeypatch: pytest.MonkeyPatch, when: str = "journal") -> Iterator[None]:
    """Runs end with an error when the third article, or the output, is to be written."""

    def fail(*args: Any, **more: Any) -> None:
        raise OutputError("cannot write: no room.")

    add = Journal.add

    def add_some(journal: Journal, record: Record, *args: Any, **more: Any) -> None:
        if journal.state.counts.articles == 2:
            fail()
        add(journal, record, *args, **more)

    with monkeypatch.context() as patch:
        if when == "journal":
            patch.setattr(Journal, "add", add_some)
        else:
            patch.setattr(job, "write_run", fail)
        with pytest.raises(OutputError):
            yield


@pytest.mark.usefixtures("at_once")
class TestUnfinishedRuns:
    @pytest.mark.parametrize("when", ["journal", "output"])
    def test_they_are_continued_only_on_demand(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
    ) -> None:
        folder, output = articles(tmp_path / "news", "abcdef"), tmp_path / "q.jsonl"
        with broken_off(monkeypatch, when):
            run_job(a_job(folder, output))
        part = tmp_path / "q.jsonl.part"
        before = part.read_bytes()
        with pytest.raises(UnfinishedError, match="--resume continues it, --restart discards it"):
            run_job(a_job(folder, output))
        with pytest.raises(JournalError, match="--attitudes was not given, is given"):
            run_job(a_job(folder, output, settings={"--attitudes": True}), Start.resume)
        assert part.read_bytes() == before
        read = [*Inputs([str(folder)]).sources]
        if when == "output":
            # All of it is in the journal: the inputs may be gone.
            (folder / "0003.txt").unlink()
        counts = run_job(a_job(folder, output), Start.resume)
        assert counts is not None
        assert (counts.articles, counts.failures, counts.kinds["indirect"]) == (6, 0, 6)
        assert ids(output) == read
        assert not part.exists()

    def test_they_can_be_discarded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, output = articles(tmp_path / "news", "abcdef"), tmp_path / "q.jsonl"
        with broken_off(monkeypatch):
            run_job(a_job(folder, output))
        assert run_job(a_job(folder, output, settings={"--attitudes": True}), Start.restart) is not None
        assert output.read_bytes().count(b"\n") == 6

    def test_journal_without_articles_is_nothing_to_continue(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        with (tmp_path / "q.jsonl.part").open("w+b", buffering=0) as file:
            Journal.begin(file, tmp_path / "q.jsonl.part", {"other": True})
        assert run_job(a_job(folder, output)) is not None

    def test_new_inputs_are_read_wherever_they_come(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, output = articles(tmp_path / "news", "abcdef"), tmp_path / "q.jsonl"
        with broken_off(monkeypatch):
            run_job(a_job(folder, output))
        for name in ("0000.5.txt", "0009.txt"):
            (folder / name).write_text(name)
        assert run_job(a_job(folder, output), Start.resume) is not None
        assert sorted(ids(output)) == Inputs([str(folder)]).sources

    def test_what_was_read_is_kept_when_its_file_is_gone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, output = articles(tmp_path / "news", "abcdef"), tmp_path / "q.jsonl"
        with broken_off(monkeypatch):
            run_job(a_job(folder, output))
        (folder / "0000.txt").unlink()
        assert run_job(a_job(folder, output), Start.resume) is not None
        assert len(ids(output)) == 6


def ids(output: Path) -> list[str]:
    return [json.loads(line)["id"] for line in output.read_bytes().splitlines()]


def rows(path: Path, texts: Iterable[str]) -> Path:
    path.write_text("text\n" + "".join(f"{text}\n" for text in texts), "utf-8")
    return path


@pytest.mark.usefixtures("at_once")
class TestHalfReadFiles:
    """A file of five rows, of which two were read."""

    @pytest.fixture
    def work(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
        news = rows(tmp_path / "news.csv", "abcde")
        with broken_off(monkeypatch):
            run_job(a_job(news, tmp_path / "q.jsonl"))
        return a_job(news, tmp_path / "q.jsonl")

    def test_appended_rows_are_read(self, work: Job, tmp_path: Path) -> None:
        rows(tmp_path / "news.csv", "abcdefg")
        assert run_job(work, Start.resume) is not None
        assert texts_of(work.output) == [*"abcdefg"]

    @pytest.mark.parametrize("changed", ["xabcde", "bacde", "axcde", "a", ""])
    def test_changes_in_what_was_read_are_refused(self, work: Job, tmp_path: Path, changed: str) -> None:
        rows(tmp_path / "news.csv", changed)
        before = part_of(work.output).read_bytes()
        with pytest.raises(JournalError, match=r"has changed in what was read of it\. Put it back .* --restart"):
            run_job(work, Start.resume)
        assert part_of(work.output).read_bytes() == before
        assert not work.output.exists()
        rows(tmp_path / "news.csv", "abcde")
        assert run_job(work, Start.resume) is not None
        assert texts_of(work.output) == [*"abcde"]

    def test_it_may_not_be_gone(self, work: Job, tmp_path: Path) -> None:
        rows(tmp_path / "other.csv", "a")
        other = a_job(tmp_path / "other.csv", work.output)
        with pytest.raises(JournalError, match=r"news.csv is not among the inputs any more, and was only half read"):
            run_job(other, Start.resume)

    def test_new_files_do_not_come_before_the_rest_of_it(
        self, work: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows(tmp_path / "first.csv", "xyz")
        paths = [str(tmp_path / "first.csv"), str(tmp_path / "news.csv")]
        assert run_job(a_job(tmp_path, work.output, paths), Start.resume) is not None
        assert texts_of(work.output) == [*"abcdexyz"]


def texts_of(output: Path) -> list[str]:
    return [json.loads(line)["quotes"][0]["text"] for line in output.read_bytes().splitlines()]


@pytest.mark.usefixtures("at_once")
class TestFinishedRuns:
    def test_nothing_is_written_if_nothing_is_new(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        assert run_job(a_job(folder, output), Start.resume) is not None
        before = [(path.name, path.stat().st_mtime_ns) for path in sorted(tmp_path.iterdir())]
        assert run_job(a_job(folder, output), Start.resume) is None
        assert [(path.name, path.stat().st_mtime_ns) for path in sorted(tmp_path.iterdir())] == before
        assert run_job(a_job(folder, output)) is not None

    @pytest.mark.parametrize("ending", [".jsonl", ".csv", ".jsonl.gz"])
    def test_new_articles_are_read(self, tmp_path: Path, ending: str) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / f"q{ending}"
        fresh = tmp_path / f"fresh{ending}"
        assert run_job(a_job(folder, output), Start.resume) is not None
        articles(folder, "abcd")
        rows(folder / "more.csv", "ef")
        counts = run_job(a_job(folder, output), Start.resume)
        assert counts is not None
        assert counts.articles == 6
        assert run_job(a_job(folder, fresh)) is not None
        assert output.read_bytes() == fresh.read_bytes()
        rows(folder / "more.csv", "efg")
        assert run_job(a_job(folder, output), Start.resume) is not None
        assert run_job(a_job(folder, fresh)) is not None
        assert output.read_bytes() == fresh.read_bytes()
        assert run_job(a_job(folder, output), Start.resume) is None

    def test_results_are_kept_when_their_inputs_are_gone(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        (folder / "0000.txt").unlink()
        (folder / "0002.txt").write_text("c")
        assert run_job(a_job(folder, output), Start.resume) is not None
        assert [Path(id).name for id in ids(output)] == ["0000.txt", "0001.txt", "0002.txt"]

    def test_touched_inputs_are_not_read_twice(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        os.utime(folder / "0000.txt", (1, 1))
        assert run_job(a_job(folder, output), Start.resume) is None

    def test_changed_inputs_are_refused(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        before = output.read_bytes()
        (folder / "0000.txt").write_text("other")
        with pytest.raises(JournalError, match=r"0000.txt has changed in what was read of it"):
            run_job(a_job(folder, output), Start.resume)
        assert output.read_bytes() == before
        assert not part_of(output).exists()

    def test_inputs_that_could_not_be_read_are_tried_again_once_they_change(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        (folder / "0001.txt").write_bytes(b"\0\xff\xfe\x01" * 8)
        assert run_job(a_job(folder, output)).failures == 1  # type: ignore[union-attr]
        assert run_job(a_job(folder, output), Start.resume) is None
        (folder / "0001.txt").write_text("b")
        counts = run_job(a_job(folder, output), Start.resume)
        assert counts is not None
        assert (counts.articles, counts.failures) == (2, 0)
        assert not errors_of(output).exists()
        assert texts_of(output) == ["a", "b"]

    def test_other_settings_are_refused_and_named(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        before = output.read_bytes()
        with pytest.raises(JournalError, match="--attitudes was not given, is given"):
            run_job(a_job(folder, output, settings={"--attitudes": True}), Start.resume)
        assert output.read_bytes() == before

    @pytest.mark.parametrize("content", ["", "notes\n", '{"id": "a", "quotes": []}\n'])
    def test_file_that_no_run_wrote_is_refused(self, tmp_path: Path, content: str) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        output.write_text(content)
        with pytest.raises(JournalError, match=r"q.jsonl exists, and there is no journal of a run that wrote it"):
            run_job(a_job(folder, output), Start.resume)
        assert output.read_text() == content
        assert sorted(os.listdir(tmp_path)) == ["news", "q.jsonl"]

    def test_output_that_was_changed_is_refused(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        output.write_text("notes\n")
        articles(folder, "abc")
        with pytest.raises(JournalError, match=r"q.jsonl is not what the last run wrote"):
            run_job(a_job(folder, output), Start.resume)
        assert output.read_text() == "notes\n"

    def test_output_that_is_gone_is_written_again(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        before = output.read_bytes()
        output.unlink()
        assert run_job(a_job(folder, output), Start.resume) is not None
        assert output.read_bytes() == before

    def test_damaged_journal_is_refused(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        kept = kept_of(output)
        whole = kept.read_bytes()
        for damaged in (whole[:-9], whole[: len(whole) // 2], b"", b"notes", gzip.compress(b"notes\n")):
            kept.write_bytes(damaged)
            with pytest.raises(JournalError):
                run_job(a_job(folder, output), Start.resume)
            assert kept.read_bytes() == damaged

    def test_run_stopped_while_it_reads_new_articles(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        before = output.read_bytes()
        articles(folder, "abcd")
        with broken_off(monkeypatch):
            run_job(a_job(folder, output), Start.resume)
        assert output.read_bytes() == before
        assert run_job(a_job(folder, output), Start.resume) is not None
        assert texts_of(output) == [*"abcd"]


OWN = ("q.errors.jsonl", "q.jsonl.part", "q.jsonl.journal.gz")


@pytest.mark.usefixtures("at_once")
class TestFilesOfTheUser:
    @pytest.mark.parametrize("start", list(Start))
    @pytest.mark.parametrize("content", [b"notes\n", b"notes", b'{"path": "a", "reason": "b", "mine": 1}\n'])
    @pytest.mark.parametrize("name", OWN)
    def test_file_with_the_name_of_a_run_s_file_is_never_touched(
        self, tmp_path: Path, name: str, content: bytes, start: Start
    ) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail"]), tmp_path / "q.jsonl"
        mine = tmp_path / name
        mine.write_bytes(content)
        with pytest.raises(QuotekitError) as error:
            run_job(a_job(folder, output), start)
        assert name in str(error.value)
        assert "Move it away" in str(error.value)
        assert mine.read_bytes() == content
        assert not output.exists()

    @needs_posix
    @pytest.mark.parametrize("start", list(Start))
    @pytest.mark.parametrize("exists", [True, False])
    @pytest.mark.parametrize("name", OWN)
    def test_no_link_is_followed(self, tmp_path: Path, name: str, exists: bool, start: Start) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail"]), tmp_path / "q.jsonl"
        mine = tmp_path / "mine"
        if exists:
            mine.write_bytes(b"")
        (tmp_path / name).symlink_to(mine)
        with pytest.raises(QuotekitError, match="Move it away"):
            run_job(a_job(folder, output), start)
        assert (tmp_path / name).is_symlink()
        assert mine.exists() == exists
        assert not exists or mine.read_bytes() == b""

    @pytest.mark.parametrize("name", ["q.jsonl.lock", ".q.jsonl.123.part", ".q.errors.jsonl.123.part"])
    def test_other_names_are_not_used(self, tmp_path: Path, name: str) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail"]), tmp_path / "q.jsonl"
        (tmp_path / name).write_bytes(b"notes\n")
        assert run_job(a_job(folder, output)) is not None
        assert (tmp_path / name).read_bytes() == b"notes\n"

    def test_list_of_errors_that_comes_into_being_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail"]), tmp_path / "q.jsonl"
        finish = Job._finish

        def late(work: Job, journal: Journal) -> None:
            errors_of(output).write_text("notes\n")
            finish(work, journal)

        monkeypatch.setattr(Job, "_finish", late)
        with pytest.raises(OutputError, match=r"exists and is not a list of errors.* 2 done, kept in"):
            run_job(a_job(folder, output))
        assert errors_of(output).read_text() == "notes\n"

    @needs_posix
    def test_own_temporary_files_of_a_killed_run_are_deleted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder, output = articles(tmp_path / "news", "abcdef"), tmp_path / "q.jsonl"
        with broken_off(monkeypatch, "output"):
            run_job(a_job(folder, output))
        with part_of(output).open("rb") as file:
            name = Beginning.of(file).run
        for path in (output, errors_of(output), kept_of(output)):
            (tmp_path / partial_of(path, name)).touch()
        assert run_job(a_job(folder, output), Start.resume) is not None
        assert sorted(os.listdir(tmp_path)) == ["news", "q.jsonl", "q.jsonl.journal.gz"]


@needs_posix
@pytest.mark.usefixtures("at_once")
class TestModes:
    @pytest.fixture(autouse=True)
    def umask(self) -> Iterator[None]:
        before = os.umask(0o022)
        yield
        os.umask(before)

    def modes(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> dict[str, str]:
        """Return the modes of all files of a run: while it lasts, and afterwards."""
        output, found = folder / "q.jsonl", {}
        sources = articles(folder / "news", ["a"])

        def look(*args: Any, **more: Any) -> None:
            found.update({path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir() if path.is_file()})
            write_run(*args, **more)

        monkeypatch.setattr(job, "write_run", look)
        run_job(a_job(sources, output, **more))
        found.update({path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir() if path.is_file()})
        return found

    def test_all_files_have_the_usual_mode(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        names = ("q.jsonl", "q.jsonl.part", "q.jsonl.journal.gz")
        assert self.modes(tmp_path, monkeypatch) == dict.fromkeys(names, "0o644")

    def test_all_files_have_the_mode_of_the_output(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "q.jsonl").touch(0o660)
        (tmp_path / "q.jsonl").chmod(0o660)
        modes = self.modes(tmp_path, monkeypatch)
        assert modes["q.jsonl"] == modes["q.jsonl.part"] == "0o660"

    def test_no_other_user_can_read_texts(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "q.jsonl").touch(0o644)
        modes = self.modes(tmp_path, monkeypatch, keep_text=True)
        del modes["q.jsonl"]
        modes["q.jsonl"] = oct((tmp_path / "q.jsonl").stat().st_mode & 0o777)
        assert set(modes.values()) == {"0o600"}


@pytest.mark.usefixtures("at_once")
class TestPlaces:
    def test_output_in_a_folder_that_is_missing(self, tmp_path: Path) -> None:
        folder = articles(tmp_path / "news", "ab")
        for output in (tmp_path / "no" / "q.jsonl", folder / "0000.txt" / "q.jsonl"):
            with pytest.raises(OutputError, match=r"there is no folder .*\. Make it first"):
                run_job(a_job(folder, output))

    @needs_posix
    def test_lock_on_a_journal_that_was_replaced_is_taken_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import fcntl

        flock, taken = fcntl.flock, []

        def late(descriptor: int, how: int) -> None:
            flock(descriptor, how)
            if not taken:
                # The run that had it has just ended, and another has begun.
                part_of(tmp_path / "q.jsonl").unlink()
                (tmp_path / "other").touch()
                part_of(tmp_path / "q.jsonl").touch()
            taken.append(descriptor)

        monkeypatch.setattr(fcntl, "flock", late)
        assert run_job(a_job(articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl")) is not None
        assert len(taken) == 2

    def test_folder_that_is_read_only(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def read_only(*args: Any) -> int:
            raise OSError(30, "Read-only file system")

        folder = articles(tmp_path / "news", "ab")
        monkeypatch.setattr(os, "open", read_only)
        with pytest.raises(OutputError, match=r"cannot write .*q.jsonl: read-only file system"):
            run_job(a_job(folder, tmp_path / "q.jsonl"))


@pytest.mark.usefixtures("at_once")
class TestErrors:
    def test_each_failure_is_one_line_of_a_file(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail"]), tmp_path / "q.jsonl"
        (folder / "rows.jsonl").write_text('{"text": "b"}\n{"no": 1}\n{"text": "!fail"}\n')
        paths = [str(folder), str(folder / "gone.txt")]
        counts = run_job(a_job(folder, output, paths))
        assert counts is not None
        assert (counts.articles, counts.failures) == (2, 4)
        told = [json.loads(line) for line in errors_of(output).read_text().splitlines()]
        assert [error["path"] for error in told] == [
            paths[1],
            *(str(folder / name) for name in ("0001.txt", "rows.jsonl", "rows.jsonl")),
        ]
        assert [error.get("record") for error in told] == [None, None, 1, 2]
        (folder / "0001.txt").write_text("a")
        (folder / "rows.jsonl").unlink()
        counts = run_job(a_job(folder, output))
        assert counts is not None
        assert counts.failures == 0
        assert sorted(os.listdir(tmp_path)) == ["news", "q.jsonl", "q.jsonl.journal.gz"]

    @needs_posix
    def test_run_without_failures_deletes_a_list_and_nothing_else(self, tmp_path: Path) -> None:
        pipe = tmp_path / "errors.pipe"
        os.mkfifo(pipe)
        work = a_job(articles(tmp_path / "news", ["a"]), tmp_path / "q.jsonl", errors=pipe)
        assert run_job(work) is not None
        assert pipe.is_fifo()

    def test_strict_run_ends_at_the_first_failure_and_can_be_resumed(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail", "c"]), tmp_path / "q.jsonl"
        with pytest.raises(StrictError, match=r"0001.txt: quotekit failed .* --strict says: 1 done, kept in"):
            run_job(a_job(folder, output), strict=True)
        (folder / "0001.txt").write_text("b")
        counts = run_job(a_job(folder, output), Start.resume, strict=True)
        assert counts is not None
        assert (counts.articles, counts.failures) == (3, 0)

    def test_lack_of_memory_is_a_failure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def short(reader: Echo, text: str) -> list[Quote]:
            raise MemoryError

        monkeypatch.setattr(Echo, "extract", short)
        folder, output = articles(tmp_path / "news", ["a"]), tmp_path / "q.jsonl"
        run_job(a_job(folder, output))
        assert "not enough memory to read it. Use fewer workers" in errors_of(output).read_text()
        assert output.read_bytes() == b""

    def test_default_names(self) -> None:
        assert [errors_of(Path(name)).name for name in ("q.csv", "q.ndjson.zst", "my.q.parquet")] == [
            "q.errors.jsonl",
            "q.errors.jsonl",
            "my.q.errors.jsonl",
        ]


@pytest.mark.usefixtures("at_once")
class TestKnownSpeakers:
    def test_known_speakers_are_matched_on_the_day_of_the_article_or_of_the_run(self, tmp_path: Path) -> None:
        class Knowing(Echo):
            known_speakers = object()

            def without_known_speakers(self) -> Echo:
                return Echo()

            def identified(self, quotes: list[Quote], day: date | None) -> list[Quote]:
                speaker = Speaker(id="s1", name="Ann Lee", kind="person", known_id=str(day))
                return [quote.model_copy(update={"speaker": speaker}) for quote in quotes]

        (tmp_path / "rows.csv").write_text("text,day\na,2026-01-31\nb,\n")
        inputs = Inputs([str(tmp_path / "rows.csv")], ReadOptions(date_field="day"))
        output = tmp_path / "q.jsonl"
        working = Job(inputs, Knowing(), output, errors_of(output), {}, True, date(2020, 2, 2))  # type: ignore[arg-type]
        run_job(working)
        told = [json.loads(line) for line in output.read_text().splitlines()]
        assert [one["quotes"][0]["speaker"]["known_id"] for one in told] == ["2026-01-31", "2020-02-02"]
        assert [one["text"] for one in told] == ["a", "b"]


class TestWatch:
    @pytest.fixture
    def screen(self, monkeypatch: pytest.MonkeyPatch) -> StringIO:
        file = StringIO()
        monkeypatch.setattr(
            progress, "Console", lambda **more: Console(file=file, force_terminal=True, width=120, highlight=False)
        )
        return file

    def test_bar_shows_count_and_speed(self, screen: StringIO) -> None:
        watch = Watch(quiet=False)
        with watch.bar(200, 50):
            watch.advance(51, 30, of_stream=False)
            watch._begun -= 20
            assert watch._since is not None
            watch._since -= 10
            watch.advance(101, 1000, of_stream=False)
        assert "101/200 · 5.0/s · 100 words/s" in screen.getvalue()
        assert watch.pace() == "0:20, 100 words per second"

    def test_speed_leaves_out_the_first_article(self) -> None:
        watch = Watch(quiet=True)
        with watch.bar(1):
            watch.advance(1, 30, of_stream=False)
        assert watch.pace() == "0:00"

    def test_bar_of_a_file_of_many_articles_has_no_end(self, screen: StringIO) -> None:
        watch = Watch(quiet=False)
        with watch.bar(1):
            watch.advance(1, 3, of_stream=False)
            assert screen.getvalue() == ""
            watch.advance(2, 3, of_stream=True)
            watch.advance(3_000, 3, of_stream=True)
        assert "3,000 · " in screen.getvalue()
        assert "3,000/" not in screen.getvalue()

    @pytest.mark.parametrize("quiet", [True, False])
    def test_bar_is_shown_on_a_terminal_unless_quiet(self, monkeypatch: pytest.MonkeyPatch, quiet: bool) -> None:
        file = StringIO()
        monkeypatch.setattr(progress, "Console", lambda **more: Console(file=file, force_terminal=quiet))
        watch = Watch(quiet=quiet)
        with watch.bar(2):
            watch.advance(1, 3, of_stream=True)
        assert file.getvalue() == ""

    def test_only_the_first_errors_are_printed_if_a_file_has_all(self, screen: StringIO) -> None:
        watch = Watch(quiet=True, errors=Path("q.errors.jsonl"))
        for i in range(progress.MOST + 5):
            watch.error(f"{i}.txt", "no.")
        told = screen.getvalue().splitlines()
        assert told[0] == "quotekit: 0.txt: no."
        assert told[progress.MOST :] == ["quotekit: further errors are only written to q.errors.jsonl"]
