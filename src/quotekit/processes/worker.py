"""One process that reads texts for another: how it is started, what it answers, and how it ends."""

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
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from quotekit.errors import WorkerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WARM_UP = "It rained."
"""What a worker reads before its first text, so that loading the model counts as no text's time."""


_HERE = b"here"
"""What a worker asks for its reader with; no pickle begins so."""

_NO_PROCESS = "a worker process cannot be started ({why}). Use fewer workers, or end other programs."


class Reader(Protocol):
    """What a worker works with: an `Extractor`, or whatever else can be pickled and makes something of a text."""

    def extract(self, text: str) -> Any: ...


@dataclass(frozen=True)
class Answer:
    """What became of a text: the reader's ``value``, or the ``error`` in its place."""

    value: Any = None
    error: Exception | None = None


@dataclass
class Task:
    """A text on its way, what belongs to it, and its answer once there is one.

    Attributes:
        size: characters of the text.
        more: about how many more there are in what belongs to it.
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
        """Keep the answer and no longer the text."""
        self.answer, self.text = answer, ""


class Worker:
    """The parent's side of one process.

    Attributes:
        ready: whether it has said that it can begin.
        batch: what it has been given and has not answered yet; the first is in hand.
        since: when the one in hand was begun, in seconds of `monotonic`.
    """

    def __init__(self, reader: Reader) -> None:
        # Through the pipe, once it is asked for: `start` would wait for ever for one that dies before it has read it.
        self._reader = pickle.dumps(reader, pickle.HIGHEST_PROTOCOL)
        # A fresh process each, as a fork would copy the locks of the caller's threads in whatever state they are.
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
        """Hand ``batch`` to a worker that waits for one: so neither side is ever stuck in a full pipe."""
        self.batch.extend(batch)
        self.since = monotonic()
        # One that has just died is found dead when its answers are asked for.
        with suppress(OSError):
            self.pipe.send([task.text for task in batch])

    def answers(self) -> Iterator[Answer | None]:
        """What it has sent since it was last asked, without waiting; ``None`` is that it can begin."""
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
        value, error, told = pickle.loads(message)
        if error is not None:
            error.__cause__ = _Elsewhere(told)
            return Answer(error=error)
        return None if told == "ready" else Answer(value)

    def end(self) -> int | None:
        """Kill it if it still lives; its exit code, negative for a signal."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


class _Elsewhere(Exception):
    """The traceback of an error in a worker, as text: frames do not travel."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Processes started here never see Ctrl-C, which goes to all of a terminal's processes: their parent ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started along with the first process, it would let the signals through again.
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection) -> None:
    """The life of a worker: answer each text by itself, until the pipe ends."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send_bytes(_HERE)
        serve(pickle.loads(pipe.recv_bytes()), pipe)


def serve(reader: Reader, pipe: Connection) -> None:
    """Answer what comes through ``pipe``: first that one is ready, then each text of each batch."""
    begun = _message(reader, WARM_UP, ready=True)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send_bytes(begun)
        while True:
            for text in pipe.recv():
                pipe.send_bytes(_message(reader, text))


def _message(reader: Reader, text: str, *, ready: bool = False) -> bytes:
    """The pickle of an answer: its value, its error, and the traceback that belongs to that."""
    # Whatever a text does to the reader is told of that text, and the worker goes on with the next.
    try:
        value = reader.extract(text)
        return pickle.dumps((None, None, "ready") if ready else (value, None, None), pickle.HIGHEST_PROTOCOL)
    # Whatever a text does to the reader is that text's answer, and not the worker's end.
    except Exception as error:
        told = traceback.format_exc()
        try:
            pickle.loads(message := pickle.dumps((None, error, told), pickle.HIGHEST_PROTOCOL))
        except Exception:  # An error of any library, pickled in its own way.
            plain = WorkerError(f"{type(error).__name__}: {error}")
            return pickle.dumps((None, plain, told), pickle.HIGHEST_PROTOCOL)
        return message


def end_with_parent() -> None:
    """A parent that is killed cannot stop its workers, and they would wait for work for ever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
