"""Stopping a run: after the first signal it finishes the articles in progress, at the second it ends at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from threading import current_thread, main_thread
from types import FrameType, TracebackType
from typing import Any, TypeVar

Item = TypeVar("Item")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """A run that a signal ended at once."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _NoMore(BaseException):
    """Ends a read that waits for input."""


class Stopping:
    """Handles SIGINT and SIGTERM while its block lasts, in the main thread.

    Attributes:
        number: the first signal that came, if any.
        finish: called at the first signal, to finish the articles in progress. While it is ``None``, the first signal
            ends the block at once, with `Interrupted`, as any further signal does.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self.finish: Callable[[], None] | None = None
        self._reading = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stopping:
        if current_thread() is main_thread():
            for number in SIGNALS:
                # Ignored signals, as in the background of a script, are still ignored.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        first, self.number = self.number is None, self.number or number
        if not first or self.finish is None:
            raise Interrupted(self.number)
        self.finish()
        if self._reading:
            raise _NoMore

    def until_stopped(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield ``items`` until a signal comes, even while waiting for the next one."""
        waiting = iter(items)
        try:
            while self.number is None:
                self._reading = True
                try:
                    item = next(waiting)
                except StopIteration:
                    return
                finally:
                    self._reading = False
                yield item
        except _NoMore:
            return
