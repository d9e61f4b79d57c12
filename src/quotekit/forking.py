"""A process forks only while none of its threads is in the middle of a text.

A fork copies the locks of all threads in the state they are in, but not the threads. If one of them held the model's
lock, a child would wait for it for ever.
"""

from __future__ import annotations

import os
from contextlib import ContextDecorator
from threading import Condition, local


class _Gate(ContextDecorator):
    """Counts the threads inside; a fork waits until all have left, and admits no other meanwhile."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside = 0
        self._forks = 0
        self._own = local()

    def __enter__(self) -> None:
        with self._changed:
            while self._forks and not self._depth():
                self._changed.wait()
            self._inside += 1
            self._own.depth = self._depth() + 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._inside -= 1
            self._own.depth -= 1
            self._changed.notify_all()

    def _depth(self) -> int:
        """Return how often the current thread has entered."""
        return getattr(self._own, "depth", 0)

    def close(self) -> None:
        """Wait until no thread is inside and let none in. A thread that is inside itself does not wait."""
        self._changed.acquire()
        self._forks += 1
        while self._inside and not self._depth():
            self._changed.wait()

    def reopen(self) -> None:
        """Let threads in again."""
        self._forks -= 1
        self._changed.notify_all()
        self._changed.release()


reading = _Gate()
"""Decorates what reads a text or loads a model, and so holds locks."""

# Windows has no fork.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=reading.close, after_in_parent=reading.reopen, after_in_child=reading.reopen)
