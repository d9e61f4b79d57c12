"""What a run reports while it lasts."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """Receives the progress of a run, to show it."""

    def bar(self, inputs: int, done: int = 0) -> AbstractContextManager[None]:
        """Show progress while the block lasts: of ``inputs`` inputs, with ``done`` articles read by an earlier run."""

    def advance(self, items: int, words: int, *, of_stream: bool) -> None:
        """Take note that ``items`` articles are done, the last with ``words`` words.

        ``of_stream`` says that the article is one of many in its input, so that the total is unknown.
        """

    def error(self, where: str, reason: str) -> None:
        """Report an article or input that could not be read."""

    def stopping(self) -> None:
        """Report that a signal has come. Called from a signal handler."""
