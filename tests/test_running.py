"""Runs into a file: whatever stops one, it goes on with nothing lost and nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from quotekit.batch import job
from quotekit.batch.job import Job, Start, StrictError, UnfinishedError, errors_of
from quotekit.batch.journal import Journal, JournalError, part_of
from quotekit.batch.reading import Inputs, ReadOptions
from quotekit.batch.stopping import Interrupted, Stopping
from quotekit.models import Quote, Speaker
from quotekit.output.target import OutputError
from quotekit.processes.pool import Alone
from quotekit.terminal import progress
from quotekit.terminal.progress import Watch

TESTS = Path(__file__).parent
# Workers take over the path, and find there what they are to work with.
sys.path.insert(0, str(TESTS))

from stand_ins import Echo, articles  # noqa: E402

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits as on Unix")


def start(folder: Path, output: Path, seconds: float = 0.002, **more: Any) -> subprocess.Popen[str]:
    """A run in a process of its own, which goes on with what is there."""
    command = [sys.executable, str(TESTS / "echo_job.py"), folder.name, str(output), str(seconds)]
    return subprocess.Popen(command, cwd=folder.parent, stderr=subprocess.PIPE, text=True, **more)


def run(folder: Path, output: Path, **more: Any) -> tuple[int, str]:
    """Exit code and standard error of a run."""
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
    """Output and errors of a run over ``news`` that nobody stops."""
    output = tmp_path / "undisturbed" / "q.jsonl"
    output.parent.mkdir()
    assert run(news, output) == (1, "quotekit: " + _ERRORS)
    assert sorted(os.listdir(output.parent)) == ["q.errors.jsonl", "q.jsonl"]
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


def lines(output: Path) -> int:
    part = part_of(output)
    return part.read_bytes().count(b"\n") if part.exists() else 0


@needs_posix
class TestKilled:
    @pytest.mark.slow
    def test_at_random_moments_it_loses_nothing_and_repeats_nothing(
        self, news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]
    ) -> None:
        moments = random.Random(6)
        killed = 0
        while killed < 20:
            output = tmp_path / f"q{killed}.jsonl"
            for _ in range(5):
                # One that is killed with all of its work behind it leaves nothing to go on with.
                whole = output.exists() and not part_of(output).exists()
                with start(news, output) as process:
                    # Some while it starts, most in mid-work, some while the output is written.
                    begun = moments.random() < 0.8
                    if begun:
                        goal = lines(output) + 1
                        wait_for(lambda: lines(output) >= goal or process.poll() is not None, "it does not begin")  # noqa: B023
                    time.sleep(moments.uniform(0, 0.25))
                    process.kill()
                    process.wait(10)
                killed += process.returncode == -signal.SIGKILL
                if process.returncode != -signal.SIGKILL:
                    assert process.returncode == (0 if whole else 1)
                    break
            if lines(output) or not output.exists():
                assert run(news, output)[0] == 1
            assert written(output) == undisturbed
            assert lines(output) == 0

    def test_a_killed_run_leaves_no_lock_and_what_it_had_half_written_goes(
        self, news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]
    ) -> None:
        output = tmp_path / "q.jsonl"
        (tmp_path / ".q.jsonl.123.part").touch()
        (tmp_path / ".q.errors.jsonl.123.part").touch()
        (tmp_path / ".other.jsonl.123.part").touch()
        with start(news, output, 0.05) as process:
            wait_for(lambda: lines(output) > 2, "it does not begin", process)
            process.kill()
        assert run(news, output)[0] == 1
        assert written(output) == undisturbed
        left = {".other.jsonl.123.part", "news", "q.errors.jsonl", "q.jsonl", "undisturbed"}
        assert set(os.listdir(tmp_path)) == left


@needs_posix
class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_what_is_in_hand_is_finished(
        self, news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes], number: int
    ) -> None:
        output = tmp_path / "q.jsonl"
        with start(news, output, 0.05, start_new_session=True) as process:
            wait_for(lambda: lines(output) > 10, "it does not begin", process)
            # As a terminal, or what ends a service, does it: to workers too.
            os.killpg(process.pid, number)
            told = process.communicate(timeout=60)[1].splitlines()[-1]
        assert process.returncode == 128 + number
        kept = lines(output) - 1
        assert told == f"stopped: {kept} done, kept in {output}.part. The same command with --resume goes on."
        assert not output.exists()
        assert run(news, output)[0] == 1
        assert written(output) == undisturbed

    def test_the_second_one_does_not_wait(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!slow 50"]), tmp_path / "q.jsonl"
        with start(folder, output, 0) as process:
            wait_for(lambda: lines(output) > 1, "it does not begin", process)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            errors = process.communicate(timeout=20)[1]
        assert "Interrupted" in errors
        assert lines(output) == 2

    def test_one_that_waits_for_input_stops_at_once(self, tmp_path: Path) -> None:
        output = tmp_path / "q.jsonl"
        command = [sys.executable, str(TESTS / "echo_job.py"), "-", str(output), "0"]
        pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
            wait_for(lambda: lines(output) > 0, "it does not begin", process)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
            assert process.stderr.read() == "stopped: nothing had been done yet.\n"
        assert os.listdir(tmp_path) == []

    def test_handlers_are_put_back_and_one_that_is_ignored_stays_so(self) -> None:
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

    def test_a_read_ends_at_the_first_signal(self) -> None:
        def items() -> Iterator[int]:
            yield 1
            signal.raise_signal(signal.SIGINT)
            yield 2

        with Stopping() as stopping:
            finished = []
            stopping.finish = lambda: finished.append(True)
            assert list(stopping.until_stopped(items())) == [1]
            assert finished == [True]


@needs_posix
class TestTheDisk:
    def test_full_it_stops_and_goes_on_when_there_is_room(
        self, news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]
    ) -> None:
        import resource

        def little_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

        output = tmp_path / "q.jsonl"
        code, errors = run(news, output, preexec_fn=little_room)
        assert code == 3
        told = f"cannot write {output}.part: file too large. Make room there; then the same command with --resume"
        assert errors.startswith(told)
        part = Path(f"{output}.part").read_bytes()
        assert len(part) <= 20_000
        assert part.endswith(b"\n")
        assert run(news, output)[0] == 1
        assert written(output) == undisturbed

    @pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder in which not even root can write")
    def test_a_folder_that_takes_no_files(self, news: Path) -> None:
        code, errors = run(news, Path("/proc/q.jsonl"))
        assert code == 3
        assert errors.startswith("cannot write /proc/q.jsonl: ")
        assert len(errors.splitlines()) == 1

    @pytest.mark.slow
    def test_two_runs_into_one_file(self, news: Path, tmp_path: Path, undisturbed: tuple[bytes, bytes]) -> None:
        output = tmp_path / "q.jsonl"
        with start(news, output, 1) as process:
            wait_for(lambda: lines(output) > 2, "it does not begin", process)
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


@pytest.mark.usefixtures("at_once")
class TestJournals:
    @contextmanager
    def broken_off(self, monkeypatch: pytest.MonkeyPatch, when: str) -> Iterator[None]:
        """Runs end with an error when the journal, or the output, is to be written."""

        def fail(*args: Any, **more: Any) -> None:
            raise OutputError("cannot write: no room.")

        add = Journal.add

        def add_some(journal: Journal, place: tuple[int, int], *args: Any, **more: Any) -> None:
            if place[0] == 2:
                fail()
            add(journal, place, *args, **more)

        with monkeypatch.context() as patch:
            if when == "journal":
                patch.setattr(Journal, "add", add_some)
            else:
                patch.setattr(job, "write", fail)
            with pytest.raises(OutputError):
                yield

    @pytest.mark.parametrize("when", ["journal", "output"])
    def test_one_that_is_there_is_gone_on_with_only_if_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
    ) -> None:
        folder, output = articles(tmp_path / "news", "abcdef"), tmp_path / "q.jsonl"
        with self.broken_off(monkeypatch, when):
            a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1)
        part = tmp_path / "q.jsonl.part"
        before = part.read_bytes()
        with pytest.raises(UnfinishedError, match="--resume goes on with it, --restart begins anew"):
            a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1)
        with pytest.raises(JournalError, match="--attitudes was not given, is given"):
            a_job(folder, output, settings={"--attitudes": True}).run(Start.resume, Watch(quiet=True), workers=1)
        assert part.read_bytes() == before
        read = [*Inputs([str(folder)]).sources]
        if when == "output":
            # All of it is in the journal: the inputs may be gone.
            (folder / "0003.txt").unlink()
        counts = a_job(folder, output).run(Start.resume, Watch(quiet=True), workers=1)
        assert counts is not None
        assert (counts.articles, counts.failures, counts.kinds["indirect"]) == (6, 0, 6)
        assert [json.loads(line)["id"] for line in output.read_bytes().splitlines()] == read
        assert not part.exists()

    def test_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder, output = articles(tmp_path / "news", "abcdef"), tmp_path / "q.jsonl"
        with self.broken_off(monkeypatch, "journal"):
            a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1)
        other = a_job(folder, output, settings={"--attitudes": True})
        assert other.run(Start.restart, Watch(quiet=True), workers=1) is not None
        assert output.read_bytes().count(b"\n") == 6

    def test_nothing_is_left_to_do(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        assert a_job(folder, output).run(Start.resume, Watch(quiet=True), workers=1) is not None
        before = output.stat().st_mtime_ns
        assert a_job(folder, output).run(Start.resume, Watch(quiet=True), workers=1) is None
        assert output.stat().st_mtime_ns == before
        assert a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1) is not None

    def test_a_folder_that_cannot_be_listed_can_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(path: Path) -> Iterator[Path]:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "iterdir", refused)
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        assert a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1) is not None

    def test_one_in_which_nothing_stands_is_none(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl"
        Journal.begin(tmp_path / "q.jsonl.part", {"other": True}).close()
        assert a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1) is not None

    def test_folders_that_are_none(self, tmp_path: Path) -> None:
        folder = articles(tmp_path / "news", "ab")
        for output in (tmp_path / "no" / "q.jsonl", folder / "0000.txt" / "q.jsonl"):
            with pytest.raises(OutputError, match=r"there is no folder .*\. Make it first"):
                a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1)

    @needs_posix
    def test_a_lock_on_a_file_that_another_has_replaced_is_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import filelock

        acquire = filelock.FileLock.acquire

        def late(lock: Any) -> Any:
            taken = acquire(lock)
            file = Path(lock.lock_file)
            file.unlink()
            # Not the number that has just become free.
            (tmp_path / "other").touch()
            file.touch()
            return taken

        monkeypatch.setattr(filelock.FileLock, "acquire", late)
        with pytest.raises(OutputError, match="another run is writing"):
            a_job(articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl").run(
                Start.refuse, Watch(quiet=True), workers=1
            )

    def test_a_folder_that_is_read_only(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import filelock

        def read_only(lock: Any) -> None:
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr(filelock.FileLock, "acquire", read_only)
        with pytest.raises(OutputError, match=r"cannot write .*q.jsonl: read-only file system"):
            a_job(articles(tmp_path / "news", "ab"), tmp_path / "q.jsonl").run(
                Start.refuse, Watch(quiet=True), workers=1
            )


@pytest.mark.usefixtures("at_once")
class TestErrors:
    def test_each_is_one_line_and_without_any_there_is_no_file(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail"]), tmp_path / "q.jsonl"
        (folder / "rows.jsonl").write_text('{"text": "b"}\n{"no": 1}\n{"text": "!fail"}\n')
        paths = [str(folder), str(folder / "gone.txt")]
        counts = a_job(folder, output, paths).run(Start.refuse, Watch(quiet=True), workers=1)
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
        counts = a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1)
        assert counts is not None
        assert counts.failures == 0
        assert sorted(os.listdir(tmp_path)) == ["news", "q.jsonl"]

    @needs_posix
    def test_a_clean_run_deletes_a_list_and_nothing_else(self, tmp_path: Path) -> None:
        pipe = tmp_path / "errors.pipe"
        os.mkfifo(pipe)
        work = a_job(articles(tmp_path / "news", ["a"]), tmp_path / "q.jsonl", errors=pipe)
        assert work.run(Start.refuse, Watch(quiet=True), workers=1) is not None
        assert pipe.is_fifo()

    def test_strict_ends_at_the_first_and_goes_on_once_it_is_mended(self, tmp_path: Path) -> None:
        folder, output = articles(tmp_path / "news", ["a", "!fail", "c"]), tmp_path / "q.jsonl"
        with pytest.raises(StrictError, match=r"0001.txt: quotekit failed .* --strict says: 1 done, kept in"):
            a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1, strict=True)
        (folder / "0001.txt").write_text("b")
        counts = a_job(folder, output).run(Start.resume, Watch(quiet=True), workers=1, strict=True)
        assert counts is not None
        assert (counts.articles, counts.failures) == (3, 0)

    def test_memory_that_does_not_suffice_is_an_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def short(reader: Echo, text: str) -> list[Quote]:
            raise MemoryError

        monkeypatch.setattr(Echo, "extract", short)
        folder, output = articles(tmp_path / "news", ["a"]), tmp_path / "q.jsonl"
        a_job(folder, output).run(Start.refuse, Watch(quiet=True), workers=1)
        assert "not enough memory to read it. Use fewer workers" in errors_of(output).read_text()
        assert output.read_bytes() == b""

    def test_where_they_go(self) -> None:
        assert [errors_of(Path(name)).name for name in ("q.csv", "q.ndjson.zst", "my.q.parquet")] == [
            "q.errors.jsonl",
            "q.errors.jsonl",
            "my.q.errors.jsonl",
        ]


@pytest.mark.usefixtures("at_once")
class TestKnownSpeakers:
    def test_they_are_known_by_the_article_s_own_day_or_that_of_the_run(self, tmp_path: Path) -> None:
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
        working.run(Start.refuse, Watch(quiet=True), workers=1)
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

    def test_a_bar_has_how_many_how_fast_and_how_long(self, screen: StringIO) -> None:
        watch = Watch(quiet=False)
        with watch.bar(200, 50):
            watch.advance(51, 30, of_stream=False)
            watch._begun -= 10
            watch.advance(100, 970, of_stream=False)
        assert "100/200" in screen.getvalue()
        assert " · 5.0/s · 100 words/s" in screen.getvalue()
        assert watch.pace().startswith("0:10, ")

    def test_a_file_of_many_articles_has_no_known_end(self, screen: StringIO) -> None:
        watch = Watch(quiet=False)
        with watch.bar(1):
            watch.advance(1, 3, of_stream=False)
            assert screen.getvalue() == ""
            watch.advance(2, 3, of_stream=True)
            watch.advance(3_000, 3, of_stream=True)
        assert "3,000 · " in screen.getvalue()
        assert "3,000/" not in screen.getvalue()

    @pytest.mark.parametrize("quiet", [True, False])
    def test_only_on_a_terminal_and_not_if_quiet(self, monkeypatch: pytest.MonkeyPatch, quiet: bool) -> None:
        file = StringIO()
        monkeypatch.setattr(progress, "Console", lambda **more: Console(file=file, force_terminal=quiet))
        watch = Watch(quiet=quiet)
        with watch.bar(2):
            watch.advance(1, 3, of_stream=True)
        assert file.getvalue() == ""

    def test_of_many_errors_a_file_has_all_and_the_screen_some(self, screen: StringIO) -> None:
        watch = Watch(quiet=True, errors=Path("q.errors.jsonl"))
        for i in range(progress.MOST + 5):
            watch.error(f"{i}.txt", "no.")
        told = screen.getvalue().splitlines()
        assert told[0] == "quotekit: 0.txt: no."
        assert told[progress.MOST :] == ["quotekit: more could not be read; q.errors.jsonl will have them all"]
