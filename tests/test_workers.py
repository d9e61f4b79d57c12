"""Texts spread over processes: answers come in order, even when processes die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe, active_children, resource_tracker, util
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import Broken, Echo, Killed, Oddly, Stillborn, Unloadable, articles

from quotekit.errors import ModelError, WorkerError
from quotekit.processes import pool as workers
from quotekit.processes.pool import AHEAD, AHEAD_TEXTS, Alone, Pool, in_order
from quotekit.processes.worker import WARM_UP, Answer, Worker, serve

SUPPORT = Path(__file__).parent / "support"
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as on Unix")


def answers(pool: Pool | Alone, texts: list[str]) -> list[str | Exception | None]:
    """Return the one quote of each text, or its error."""
    told: list[str | Exception | None] = []
    for number, (answer, context) in enumerate(pool.answers((text, i) for i, text in enumerate(texts))):
        assert context == number
        told.append(answer.error or (answer.value[0].text if answer.value else None))
    return told


class TestProcesses:
    def test_answers_come_in_order_and_no_process_is_left(self) -> None:
        texts = [f"text {i}" for i in range(100)]
        texts[3] = "!slow 0.4"
        assert answers(Pool(Echo(), 2, batch_size=3), texts) == texts
        assert active_children() == []

    @needs_posix
    def test_a_text_whose_worker_died_is_read_again(self, tmp_path: Path) -> None:
        texts = [f"text {i}" for i in range(20)]
        texts[5] = f"!once {tmp_path / 'there'}"
        assert answers(Pool(Echo(), 2, batch_size=8), texts) == texts

    @needs_posix
    def test_a_text_that_kills_its_worker_each_time_fails_alone(self) -> None:
        texts = [f"text {i}" for i in range(20)]
        texts[5] = texts[6] = "!die"
        told = answers(Pool(Echo(), 1, batch_size=8), texts)
        lost = [error for error in told if isinstance(error, Exception)]
        assert [type(error) for error in lost] == [WorkerError] * 2
        assert "ended by signal 9, perhaps for lack of memory, each of the 2 times" in str(lost[0])
        assert told[:5] + told[7:] == texts[:5] + texts[7:]

    @needs_posix
    def test_a_killed_worker_is_replaced_and_no_answer_is_lost(self, tmp_path: Path) -> None:
        pool = Pool(Echo(0.05, str(tmp_path)), 2, batch_size=4)
        texts = [f"text {i}" for i in range(30)]
        told = []
        for number, (answer, _) in enumerate(pool.answers((text, None) for text in texts)):
            told.append(answer.value[0].text)
            if number in (4, 12):
                os.kill(pool._workers[0].process.pid or 0, signal.SIGKILL)
        assert told == texts
        assert len(list(tmp_path.iterdir())) >= 4

    def test_a_text_that_takes_too_long_fails_alone_and_is_not_tried_again(self) -> None:
        texts = ["a", "b", "!slow 60", "c", "d"]
        told = answers(Pool(Echo(), 1, batch_size=8, time_limit=0.5), texts)
        assert isinstance(told[2], WorkerError)
        assert str(told[2]).startswith("not read within the time limit of 0.5 seconds")
        assert told[:2] + told[3:] == ["a", "b", "c", "d"]

    def test_a_time_limit_may_be_longer_than_systems_wait(self) -> None:
        assert answers(Pool(Echo(), 1, time_limit=1e300), ["a", "!slow 0.1"]) == ["a", "!slow 0.1"]

    def test_an_error_is_the_answer_to_its_text_with_its_traceback(self) -> None:
        told = answers(Pool(Oddly(), 1), ["a", "!fail", "odd", "b"])
        assert [told[0], told[3]] == ["a", "b"]
        assert isinstance(told[1], ZeroDivisionError)
        assert "stand_ins.py" in str(told[1].__cause__)
        assert (type(told[2]), str(told[2])) == (WorkerError, "Odd: strange")

    def test_workers_that_cannot_start_end_the_run(self, capfd: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(WorkerError, match=r"end before they begin \(with exit code 3\)"):
            answers(Pool(Broken(), 2), ["a", "b"])
        with pytest.raises(ModelError, match="no model; run this"):
            answers(Pool(Unloadable(), 2), ["a", "b"])
        assert active_children() == []

    @needs_posix
    def test_a_worker_that_is_killed_while_it_loads_is_replaced(self, tmp_path: Path) -> None:
        assert answers(Pool(Killed(str(tmp_path / "first")), 1), ["a", "b"]) == ["a", "b"]
        assert active_children() == []

    @needs_posix
    def test_the_run_ends_if_every_worker_is_killed_while_it_loads(self) -> None:
        with pytest.raises(WorkerError, match=r"are killed before they begin \(by signal 9, .*\), 3 in a row"):
            answers(Pool(Killed(), 2), ["a", "b"])
        assert active_children() == []

    @needs_posix
    def test_a_worker_that_dies_while_it_reads_its_reader_ends_the_run(self) -> None:
        """`Process.start` would wait for it for ever and ignore signals."""

        def late(number: int, frame: Any) -> None:
            raise TimeoutError("it waits for a process that is dead")

        before = signal.signal(signal.SIGALRM, late)
        signal.alarm(60)
        try:
            with pytest.raises(WorkerError, match=r"end before they begin \(with exit code 3\)"):
                answers(Pool(Stillborn(), 1), ["a"])
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
        assert active_children() == []

    @needs_posix
    def test_workers_block_the_signals_of_the_terminal_from_the_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also the first, along with which Python starts a process of its own that unblocks signals."""
        blocked = []
        spawn = util.spawnv_passfds

        def watched(path: Any, args: list[Any], fds: Any) -> int:
            blocked.append(signal.pthread_sigmask(signal.SIG_BLOCK, []))
            return spawn(path, args, fds)

        monkeypatch.setattr(util, "spawnv_passfds", watched)
        monkeypatch.setattr(resource_tracker, "ensure_running", lambda: unblocked.append(True))
        unblocked: list[bool] = []
        assert answers(Pool(Echo(), 1), ["a"]) == ["a"]
        assert unblocked
        assert all({signal.SIGINT, signal.SIGTERM} <= mask for mask in blocked)

    def test_the_run_ends_if_the_system_refuses_another_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(*_: Any) -> None:
            raise BlockingIOError(11, "Resource temporarily unavailable")

        monkeypatch.setattr(SpawnProcess, "start", refused)
        with pytest.raises(WorkerError, match=r"cannot be started \(Resource temporarily unavailable\)\. Use fewer"):
            answers(Pool(Echo(), 2), ["a"])

    def test_a_reader_that_cannot_be_pickled_ends_the_run(self) -> None:
        reader = Echo()
        reader.note = lambda: None  # type: ignore[assignment]
        with pytest.raises((AttributeError, TypeError), match="pickle"):
            answers(Pool(reader, 2), ["a"])
        assert active_children() == []

    def test_an_error_is_raised_in_the_place_of_its_text(self) -> None:
        results = in_order(Echo(), [("a", 0), ("!die", 1), ("b", 2)], 2, 1)
        assert next(results)[0][0].text == "a"
        with pytest.raises(WorkerError, match=r"^text 1 \(from 0\): the worker process that read it ended"):
            next(results)
        results = in_order(Echo(), [("a", 0), ("!fail", 1)], 2, 2)
        next(results)
        with pytest.raises(ZeroDivisionError):
            next(results)
        assert active_children() == []

    @needs_posix
    def test_workers_end_with_a_parent_that_is_killed(self, tmp_path: Path) -> None:
        """Signals to the whole group do not end them: their parent does."""
        folder, pids = articles(tmp_path / "news", ["It rained."] * 50), tmp_path / "pids"
        pids.mkdir()
        code = (
            f"import sys; sys.path.insert(0, {str(SUPPORT)!r})\n"
            "from stand_ins import Echo\nfrom quotekit.processes.pool import in_order\n"
            f"for _ in in_order(Echo(0.1, {str(pids)!r}), [('a', 0)] * 500, 2, 1): print('.', flush=True)"
        )
        script = tmp_path / "parent.py"
        script.write_text("if __name__ == '__main__':\n " + code.replace("\n", "\n "))
        with subprocess.Popen(
            [sys.executable, script], stdout=subprocess.PIPE, cwd=folder, start_new_session=True
        ) as parent:
            assert parent.stdout is not None
            parent.stdout.readline()
            while len(found := [int(path.name) for path in pids.iterdir()]) < 2:
                time.sleep(0.02)
            for pid in found:
                os.kill(pid, signal.SIGINT)
                os.kill(pid, signal.SIGTERM)
            for _ in range(4):
                assert parent.stdout.readline() == b".\n"
            parent.kill()
        deadline = time.monotonic() + 20
        while any(map(_lives, found)):
            assert time.monotonic() < deadline, "a worker outlives its parent"
            time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that nobody has waited for yet is dead all the same.
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


class Death(BaseException):
    """Ends a worker that is a thread."""


class _Threaded:
    """A thread that looks like a process."""

    pid = 0

    def __init__(self, work: Callable[[], None]) -> None:
        self.exitcode: int | None = None
        self.sentinel, self._alive = Pipe(duplex=False)
        self._work = work
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self.exitcode = 0
        try:
            self._work()
        except Death:
            self.exitcode = -9
        self._alive.close()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def kill(self) -> None:
        pass

    def join(self) -> None:
        self._thread.join()


class ThreadWorker(Worker):
    """A worker without a process, and so a quick one."""

    def __init__(self, reader: Any) -> None:
        self.pipe, theirs = Pipe()
        self.ready = False
        self.since = time.monotonic()
        self.batch = workers.deque()

        def work() -> None:
            with theirs:
                serve(reader, theirs)

        self.process = _Threaded(work)  # type: ignore[assignment]

    def end(self) -> int | None:
        self.pipe.close()
        self.process.join()
        return self.process.exitcode


class Mortal:
    """Returns each text; dies over some texts, as many times as ``deaths`` says."""

    def __init__(self, deaths: dict[str, int]) -> None:
        self.deaths = dict(deaths)
        self.read: list[str] = []

    def extract(self, text: str) -> Any:
        if self.deaths.get(text, 0) > 0:
            self.deaths[text] -= 1
            raise Death
        if text == "fail":
            raise ValueError(text)
        self.read += [text] * (text != WARM_UP)
        return text


class LateWorker(ThreadWorker):
    """A worker that seems to have been loading for an hour, as many times as its reader says."""

    def __init__(self, reader: Stalling) -> None:
        super().__init__(reader)
        if reader.stalls:
            reader.stalls -= 1
            self.since -= 3600

    def end(self) -> int | None:
        self.pipe.close()
        return -9


class Stalling(Mortal):
    """The first workers do not load until they are let go."""

    def __init__(self, stalls: int) -> None:
        super().__init__({})
        self.stalls = self.waiting = stalls
        self.let_go = Event()

    def extract(self, text: str) -> Any:
        if text == WARM_UP and self.waiting:
            self.waiting -= 1
            self.let_go.wait()
        return super().extract(text)


class TestLoading:
    @pytest.fixture(autouse=True)
    def late(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workers, "Worker", LateWorker)

    def test_a_worker_that_does_not_load_is_replaced(self) -> None:
        reader = Stalling(2)
        assert [answer.value for answer, _ in Pool(reader, 1).answers([("a", 0), ("b", 1)])] == ["a", "b"]
        reader.let_go.set()

    def test_the_run_ends_if_no_worker_loads(self) -> None:
        reader = Stalling(3)
        with pytest.raises(WorkerError, match=r"^worker processes do not load within 120 seconds, 3 in a row"):
            list(Pool(reader, 1).answers([("a", 0)]))
        reader.let_go.set()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "Worker", ThreadWorker)


@pytest.mark.usefixtures("threads")
class TestOrder:
    def test_any_batches_workers_and_deaths(self) -> None:
        @settings(max_examples=60)
        @given(
            sizes=st.lists(st.sampled_from([0, 1, 30, 900, workers.BATCH - 1, workers.BATCH, 30_000]), max_size=30),
            nothing=st.sets(st.integers(0, 29), max_size=5),
            deaths=st.dictionaries(st.integers(0, 29), st.integers(1, 3), max_size=4),
            processes=st.integers(1, 4),
            batch_size=st.integers(1, 9),
        )
        def check(sizes: list[int], nothing: set[int], deaths: dict[int, int], processes: int, batch_size: int) -> None:
            texts = [None if i in nothing else f"{i}:".ljust(size) for i, size in enumerate(sizes)]
            reader = Mortal({text: deaths.get(i, 0) for i, text in enumerate(texts) if text is not None})
            found = list(Pool(reader, processes, batch_size=batch_size).answers(zip(texts, texts, strict=True)))
            assert [context for _, context in found] == texts
            for i, (answer, text) in enumerate(found):
                if text is not None and deaths.get(i, 0) >= workers.TRIES:
                    assert isinstance(answer.error, WorkerError)
                else:
                    assert answer == Answer(text)
            assert sorted(reader.read) == sorted(answer.value for answer, _ in found if answer.value is not None)

        check()

    @pytest.mark.parametrize("pool", [Pool, lambda reader, n: Alone(reader)])
    def test_an_error_of_the_items_is_raised_in_its_turn(self, pool: Callable[[Any, int], Pool | Alone]) -> None:
        def items() -> Iterator[tuple[str, int]]:
            for i in range(7):
                yield "fail" if i == 2 else f"{i}", i
            raise LookupError("no more")

        found = pool(Mortal({}), 2).answers(items())
        told = [next(found) for _ in range(7)]
        assert [answer.value for answer, _ in told] == ["0", "1", None, "3", "4", "5", "6"]
        assert isinstance(told[2][0].error, ValueError)
        with pytest.raises(LookupError):
            next(found)

    @pytest.mark.parametrize("pool", [Pool, lambda reader, n: Alone(reader)])
    def test_a_stopped_pool_finishes_what_it_has_begun(self, pool: Callable[[Any, int], Pool | Alone]) -> None:
        reader, taken = Mortal({}), []

        def items() -> Iterator[tuple[str, int]]:
            for i in range(100_000):
                taken.append(i)
                yield f"{i}", i

        working = pool(reader, 2)
        found = working.answers(items())
        first = [next(found)[1] for _ in range(20)]
        working.stop()
        before = len(taken)
        rest = [context for _, context in found]
        assert first + rest == list(range(20 + len(rest)))
        assert len(rest) <= len(taken) - 20
        # What has no processes reads one more item to see that it is to stop.
        assert before <= len(taken) <= before + 1

    def test_a_slow_text_lets_the_others_run_ahead_within_bounds(self) -> None:
        released: list[str] = []

        class Slow(Mortal):
            def extract(self, text: str) -> Any:
                deadline = time.monotonic() + 20
                while text == "0" and time.monotonic() < deadline and len(self.read) < AHEAD_TEXTS - 20:
                    time.sleep(0.005)
                released.append(text)
                return super().extract(text)

        taken = []

        def items() -> Iterator[tuple[str, int]]:
            for i in range(3 * AHEAD_TEXTS):
                taken.append(i)
                yield f"{i}", i

        found = Pool(Slow({}), 2, batch_size=1).answers(items())
        assert next(found)[1] == 0
        assert len(released) >= AHEAD_TEXTS - 20
        assert len(taken) <= AHEAD_TEXTS + 1
        found.close()

    def test_contexts_count_towards_what_is_read_ahead(self) -> None:
        class Slow(Mortal):
            def extract(self, text: str) -> Any:
                deadline = time.monotonic() + 0.3
                while text == "0" and time.monotonic() < deadline:
                    time.sleep(0.005)
                return super().extract(text)

        taken = []

        def items() -> Iterator[tuple[str, str]]:
            for i in range(300):
                taken.append(i)
                yield f"{i}", "x" * (AHEAD // 10)

        found = Pool(Slow({}), 2, batch_size=1).answers(items(), weigh=len)
        assert next(found)[0] == Answer("0")
        assert len(taken) <= 12
        found.close()

    def test_reading_without_processes_gives_the_same(self) -> None:
        assert answers(Alone(Echo()), ["a", ""]) == ["a", None]
        assert [answer for answer, _ in Alone(Echo()).answers([(None, 0)])] == [Answer()]
