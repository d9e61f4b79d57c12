"""Texts spread over processes, results in the order of the texts."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING, Any

from quotekit.models import Quote

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from quotekit.extractor import Extractor

    Waiting = deque[tuple[Future[list[list[Quote]]], list[Any]]]

_extractor: Extractor | None = None
_stopped: Event | None = None


def in_order(
    extractor: Extractor, pairs: Iterable[tuple[str, Any]], n_process: int, batch_size: int
) -> Iterator[tuple[list[Quote], Any]]:
    """Quotes and context of each pair of text and context, in order, with ``n_process`` processes.

    An error of ``pairs`` comes after the results of all that came before it. Whoever closes the iterator, or is
    interrupted, waits for one text of each process at most.
    """
    if n_process == 1:
        for text, context in pairs:
            yield extractor.extract(text), context
        return
    # A fresh process each, as a fork would copy the locks of the caller's threads in whatever state they are.
    spawn = get_context("spawn")
    stopped = spawn.Event()
    pool = ProcessPoolExecutor(n_process, spawn, _start, (extractor, stopped))
    waiting: Waiting = deque()
    batches = _Batches(pairs, batch_size)
    try:
        for batch in batches:
            with _uninterrupted():
                future = pool.submit(_work, [text for text, _ in batch])
            waiting.append((future, [context for _, context in batch]))
            if len(waiting) > 2 * n_process:
                yield from _finished(waiting)
        while waiting:
            yield from _finished(waiting)
        if batches.error is not None:
            raise batches.error
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)


class _Batches:
    """``pairs`` in lists of ``size``; an error that ends them is kept until what came before it is handed on."""

    def __init__(self, pairs: Iterable[tuple[str, Any]], size: int) -> None:
        self._pairs = pairs
        self._size = size
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[list[tuple[str, Any]]]:
        batch: list[tuple[str, Any]] = []
        try:
            for pair in self._pairs:
                batch.append(pair)
                if len(batch) == self._size:
                    yield batch
                    batch = []
        except Exception as error:
            self.error = error
        if batch:
            yield batch


def _finished(waiting: Waiting) -> Iterator[tuple[list[Quote], Any]]:
    future, contexts = waiting.popleft()
    yield from zip(future.result(), contexts, strict=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started here never see Ctrl-C, which goes to all of a terminal's processes: their parent ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(extractor: Extractor, stopped: Event) -> None:
    global _extractor, _stopped
    _extractor, _stopped = extractor, stopped
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed cannot stop its workers, and they would wait for work for ever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _work(texts: list[str]) -> list[list[Quote]]:
    assert _extractor is not None
    assert _stopped is not None
    found: list[list[Quote]] = []
    for text in texts:
        if _stopped.is_set():
            break
        found.append(_extractor.extract(text))
    return found
