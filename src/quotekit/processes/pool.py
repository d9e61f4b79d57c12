"""Spreads texts over processes and returns the answers in the order of the texts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from math import inf
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from time import monotonic
from typing import Any

from quotekit.errors import WorkerError
from quotekit.processes.worker import Answer, Reader, Task, Worker

BATCH = 4_000
"""Characters in a batch: about one article, or many short ones. A longer text is a batch of its own."""

AHEAD = 2_000_000
"""Characters read ahead of a text that takes long, so that the other workers need not wait."""

AHEAD_TEXTS = 2_000
"""Texts read ahead of a text that takes long."""

TRIES = 2
"""How often to try a text whose worker died; the first time another text may be to blame."""

LONGEST_WAIT = 3600.0
"""Seconds to wait at once. Systems refuse to wait for as long as a time limit may be."""

STARTS = 3
"""How many workers in a row may fail to start before the run ends."""

LOADING = 120.0
"""Seconds that a worker may take to load its model."""

_LOST = (
    "the worker process that read it ended {how}, each of the {tries} times. "
    "Read it alone to see why; if memory was short, use fewer workers."
)
_LATE = "not read within the time limit of {limit:g} seconds. Give it more time, or leave it out."
_NO_START = (
    "worker processes end before they begin ({how}). In a program of your own, call this under "
    "if __name__ == '__main__':, like any code that starts processes."
)
_KILLED = "worker processes are killed before they begin ({how}), {starts} in a row. Use fewer workers, or free memory."
_STALLED = (
    "worker processes do not load within {limit:g} seconds, {starts} in a row. "
    "Use fewer workers, or see whether the disk that holds the model responds."
)


class Alone:
    """A `Pool` without processes: each text is read when its answer is asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._stopping = False

    def answers(
        self, items: Iterable[tuple[str | None, Any]], weigh: Callable[[Any], int] | None = None
    ) -> Generator[tuple[Answer, Any]]:
        for text, context in items:
            if self._stopping:
                break
            yield Answer() if text is None else self._read(text), context

    def _read(self, text: str) -> Answer:
        # As in a worker, an error of the reader is the answer to the text.
        try:
            return Answer(self._reader.extract(text))
        except Exception as error:
            return Answer(error=error)

    def stop(self) -> None:
        """Finish the current text and begin no more."""
        self._stopping = True


class Pool:
    """Worker processes and the texts that they have been given.

    A worker that dies is replaced. The text that it was reading is tried once more, alone, and then fails with a
    `WorkerError`.

    Args:
        reader: reads the texts in each worker; it is pickled once for each.
        processes: the number of workers.
        batch_size: the most texts that a worker is given at once.
        time_limit: seconds that a worker may take for a text before it is killed and the text fails; no limit if
            ``None``.
    """

    def __init__(
        self, reader: Reader, processes: int, *, batch_size: int = 16, time_limit: float | None = None
    ) -> None:
        self._reader = reader
        self._processes = processes
        self._batch_size = batch_size
        self._limit = time_limit
        self._workers: list[Worker] = []
        self._order: deque[Task] = deque()
        self._held = 0
        self._queue: deque[list[Task]] = deque()
        self._ever_ready = False
        self._failed_starts = 0
        self._stopping = False

    def answers(
        self, items: Iterable[tuple[str | None, Any]], weigh: Callable[[Any], int] | None = None
    ) -> Generator[tuple[Answer, Any]]:
        """Yield the answer to each text, with its context, in order. An item without a text has an empty answer.

        ``weigh`` estimates the characters in a context, which is held as long as its text.

        An error of ``items`` is raised after the answers to all items before it. Closing the iterator ends the workers
        at once.

        Raises:
            WorkerError: workers cannot be started, or do not load.
        """
        source = _Source(items)
        # When Python exits, it waits for processes that are still running.
        end = Finalize(self, _end, args=(self._workers,), exitpriority=20)
        try:
            while True:
                self._fill(source, weigh)
                self._hand_out()
                if self._order and self._order[0].answer is not None:
                    task = self._order.popleft()
                    self._held -= task.size + task.more
                    assert task.answer is not None
                    yield task.answer, task.context
                    if self._workers:
                        self._hear(0)
                elif any(worker.batch for worker in self._workers) or (self._queue and not self._stopping):
                    self._hear(None)
                else:
                    break
            if source.error is not None and not self._stopping:
                raise source.error
        finally:
            end()

    def stop(self) -> None:
        """Finish the texts being read and begin no more; `answers` then ends. Signal handlers may call this."""
        self._stopping = True

    def _fill(self, source: _Source, weigh: Callable[[Any], int] | None) -> None:
        """Read items until there is a batch for each idle worker, but not too far ahead."""
        idle = self._processes - sum(1 for worker in self._workers if worker.batch)
        batch: list[Task] = []
        while not self._stopping and len(self._queue) < idle and self._held < AHEAD and len(self._order) < AHEAD_TEXTS:
            item = source.next()
            if item is None:
                break
            text, context = item
            task = Task(text or "", context, 0 if weigh is None else weigh(context))
            self._order.append(task)
            self._held += task.size + task.more
            if text is None:
                task.settle(Answer())
                continue
            if batch and sum(one.size for one in batch) + task.size > BATCH:
                self._queue.append(batch)
                batch = []
            batch.append(task)
            if len(batch) == self._batch_size or task.size >= BATCH:
                self._queue.append(batch)
                batch = []
        if batch:
            self._queue.append(batch)

    def _hand_out(self) -> None:
        if self._stopping:
            return
        for worker in self._workers:
            if self._queue and worker.ready and not worker.batch:
                worker.give(self._queue.popleft())
        starting = sum(1 for worker in self._workers if not worker.ready)
        while len(self._workers) < self._processes and len(self._queue) > starting:
            self._workers.append(Worker(self._reader))
            starting += 1

    def _hear(self, timeout: float | None) -> None:
        """Wait ``timeout`` seconds for answers and take them; replace workers that have died or take too long."""
        sources: dict[Any, Worker] = {}
        for worker in self._workers:
            sources[worker.pipe] = sources[worker.process.sentinel] = worker
        heard = {id(sources[one]) for one in wait(list(sources), self._patience() if timeout is None else timeout)}
        for worker in list(self._workers):
            if id(worker) in heard:
                # Checked before its answers are taken, since those that it sent before it died count.
                dead = not worker.process.is_alive()
                self._take(worker)
                if dead:
                    self._lost(worker)
            elif monotonic() - worker.since > self._allowed(worker):
                if worker.ready:
                    self._late(worker)
                else:
                    self._stalled(worker)

    def _allowed(self, worker: Worker) -> float:
        """Return how many seconds ``worker`` may take over what it is doing."""
        if not worker.ready:
            return LOADING
        return self._limit if self._limit is not None and worker.batch else inf

    def _patience(self) -> float:
        """Return the seconds until the first of the workers is late."""
        now = monotonic()
        late = (max(0.0, one.since + self._allowed(one) - now) + 0.01 for one in self._workers)
        return min((LONGEST_WAIT, *late))

    def _take(self, worker: Worker) -> None:
        for answer in worker.answers():
            if worker.ready:
                assert answer is not None
                worker.batch.popleft().settle(answer)
                worker.since = monotonic()
            elif answer is None:
                worker.ready = self._ever_ready = True
                self._failed_starts = 0
            else:
                assert answer.error is not None
                raise answer.error

    def _lost(self, worker: Worker) -> None:
        code = self._dismiss(worker)
        if not worker.ready:
            self._not_started(code)
        if not worker.batch:
            return
        task = worker.batch.popleft()
        self._give_again(worker)
        task.tries += 1
        if task.tries < TRIES:
            self._queue.appendleft([task])
        else:
            task.settle(Answer(error=WorkerError(_LOST.format(how=_how(code), tries=TRIES))))

    def _not_started(self, code: int | None) -> None:
        """Give up if starting another worker is of no use."""
        self._failed_starts += 1
        # Another one may not be killed. If the first ends by itself, so will the next.
        killed = code is not None and code < 0
        if self._failed_starts >= STARTS or not (killed or self._ever_ready):
            raise WorkerError((_KILLED if killed else _NO_START).format(how=_how(code), starts=STARTS))

    def _stalled(self, worker: Worker) -> None:
        self._dismiss(worker)
        self._failed_starts += 1
        if self._failed_starts >= STARTS:
            raise WorkerError(_STALLED.format(limit=LOADING, starts=STARTS))

    def _late(self, worker: Worker) -> None:
        self._dismiss(worker)
        task = worker.batch.popleft()
        self._give_again(worker)
        # Not tried again, since it would take as long.
        task.settle(Answer(error=WorkerError(_LATE.format(limit=self._limit))))

    def _dismiss(self, worker: Worker) -> int | None:
        self._workers.remove(worker)
        return worker.end()

    def _give_again(self, worker: Worker) -> None:
        if worker.batch:
            self._queue.appendleft(list(worker.batch))
            worker.batch.clear()


class _Source:
    """Items one by one. An error that ends them is kept until the items before it have been answered."""

    def __init__(self, items: Iterable[tuple[str | None, Any]]) -> None:
        self._items: Iterator[tuple[str | None, Any]] | None = iter(items)
        self.error: Exception | None = None

    def next(self) -> tuple[str | None, Any] | None:
        if self._items is None:
            return None
        try:
            return next(self._items)
        except StopIteration:
            pass
        except Exception as error:  # The caller's code can raise anything; it is raised in its turn.
            self.error = error
        self._items = None
        return None


def in_order(
    reader: Reader, pairs: Iterable[tuple[str, Any]], n_process: int, batch_size: int
) -> Iterator[tuple[Any, Any]]:
    """Yield what ``reader`` makes of each text, with its context, in order, with ``n_process`` processes.

    An error of ``pairs`` or of a text is raised after the results of all texts before it.

    Raises:
        WorkerError: a text's worker died twice over it, or workers cannot be started.
    """
    if n_process == 1:
        for text, context in pairs:
            yield reader.extract(text), context
        return
    pool = Pool(reader, n_process, batch_size=batch_size)
    for i, (answer, context) in enumerate(pool.answers(pairs)):
        if isinstance(answer.error, WorkerError):
            raise WorkerError(f"text {i} (from 0): {answer.error}") from answer.error
        if answer.error is not None:
            raise answer.error
        yield answer.value, context


def _end(workers: list[Worker]) -> None:
    for worker in workers:
        worker.process.kill()
    while workers:
        workers.pop().end()


def _how(code: int | None) -> str:
    """Describe how a process ended, by its exit code.

    >>> _how(1), _how(-9)
    ('with exit code 1', 'by signal 9, perhaps for lack of memory')
    """
    if code is None or code >= 0:
        return f"with exit code {code}"
    return f"by signal {-code}" + (", perhaps for lack of memory" if code == -9 else "")
