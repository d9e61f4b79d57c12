"""A process that reads texts for another: how it starts, what it answers, and how it ends."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from threading import Thread, current_thread, main_thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from quotekit.errors import WorkerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WARM_UP = "It rained."
"""A worker reads this before its first text, so that loading the model does not count as time for that text."""


_HERE = b"here"
"""Sent by a worker to ask for its reader. No pickle begins like this."""

_READY = "ready"

_NO_PROCESS = "a worker process cannot be started ({why}). Use fewer workers, or end other programs."


class Reader(Protocol):
    """Reads texts in a worker: an `Extractor`, or anything else that can be pickled and has this method."""

    def extract(self, text: str) -> Any: ...


@dataclass(frozen=True)
class Answer:
    """The result for a text: the reader's ``value``, or the ``error`` in its place."""

    value: Any = None
    error: Exception | None = None


@dataclass
class Task:
    """A text to be read, its context, and its answer once there is one.

    Attributes:
        size: characters of the text.
        more: estimated characters of the context.
    """

    text: str
    context: Any
    more: int = 0
    tries: int = 0
    answer: Answer | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.text)

    def settle(self, answer: Answer) -> None:
        """Keep the answer and drop the text."""
        self.answer, self.text = answer, ""


class Worker:
    """A worker process, seen from its parent.

    Attributes:
        ready: whether the worker has loaded and can begin.
        batch: the tasks that it has not answered yet; it is reading the first.
        since: when it began to load or to read the first task, in seconds of `monotonic`.
    """

    def __init__(self, reader: Reader) -> None:
        # Sent through the pipe on request. `start` would wait for ever for a process that dies before reading it.
        self._reader = pickle.dumps(reader, pickle.HIGHEST_PROTOCOL)
        # Spawned, since a fork would copy the locks of the caller's threads in the state they are in.
        spawn = get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(target=_serve, args=(theirs,), name="quotekit worker")
        self.ready = False
        self.batch: deque[Task] = deque()
        self.since = monotonic()
        try:
            with uninterrupted():
                self.process.start()
        except OSError as error:
            self.pipe.close()
            raise WorkerError(_NO_PROCESS.format(why=error.strerror or error)) from error
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()

    def give(self, batch: list[Task]) -> None:
        """Hand ``batch`` to a worker that waits for one. Neither side can then block on a full pipe."""
        self.batch.extend(batch)
        self.since = monotonic()
        # A worker that has just died is noticed when its answers are taken.
        with suppress(OSError):
            self.pipe.send([task.text for task in batch])

    def answers(self) -> Iterator[Answer | None]:
        """Yield what has been sent since the last call, without waiting; ``None`` means that the worker is ready."""
        with suppress(EOFError, OSError):
            while self.pipe.poll():
                message = self.pipe.recv_bytes()
                if message == _HERE:
                    self.pipe.send_bytes(self._reader)
                    self._reader = b""
                else:
                    yield self._answer(message)

    @staticmethod
    def _answer(message: bytes) -> Answer | None:
        value, error, note = pickle.loads(message)
        if error is not None:
            error.__cause__ = _Elsewhere(note)
            return Answer(error=error)
        return None if note == _READY else Answer(value)

    def end(self) -> int | None:
        """Kill the process if it still runs and return its exit code, which is negative for a signal."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


class _Elsewhere(Exception):
    """The traceback of an error in a worker, as text, since frames cannot be pickled."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Shield processes started here from Ctrl-C, which goes to all processes of a terminal. Their parent ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # If it started along with the first process, it would unblock the signals again.
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        with _signals_later():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _signals_later() -> Iterator[None]:
    """Handle signals when the block ends. The mask of one thread is not enough, as another may take the signal."""
    came: list[int] = []
    handlers = {}
    if current_thread() is main_thread():
        for one in (signal.SIGINT, signal.SIGTERM):
            if callable(handler := signal.getsignal(one)):
                handlers[one] = handler
                signal.signal(one, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        for number in came:
            signal.raise_signal(number)


def _serve(pipe: Connection) -> None:
    """Run a worker: ask for the reader and answer texts until the pipe is closed."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send_bytes(_HERE)
        serve(pickle.loads(pipe.recv_bytes()), pipe)


def serve(reader: Reader, pipe: Connection) -> None:
    """Load, report that the worker is ready, and answer each text of each batch that comes through ``pipe``."""
    begun = _message(reader, WARM_UP, ready=True)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send_bytes(begun)
        while True:
            for text in pipe.recv():
                pipe.send_bytes(_message(reader, text))


def _message(reader: Reader, text: str, *, ready: bool = False) -> bytes:
    """Return the pickle of an answer: its value, its error, and the traceback of the error."""
    try:
        value = reader.extract(text)
        return pickle.dumps((None, None, _READY) if ready else (value, None, None), pickle.HIGHEST_PROTOCOL)
    # An error is the answer to its text; the worker continues with the next.
    except Exception as error:
        trace = traceback.format_exc()
        try:
            pickle.loads(message := pickle.dumps((None, error, trace), pickle.HIGHEST_PROTOCOL))
        except Exception:  # Errors of libraries may fail to be pickled in any way.
            plain = WorkerError(f"{type(error).__name__}: {error}")
            return pickle.dumps((None, plain, trace), pickle.HIGHEST_PROTOCOL)
        return message


def end_with_parent() -> None:
    """End this process with its parent, which cannot stop its workers if it is killed."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
