"""Notes which rules a test exercised, for the report of ``pytest --quotekit-coverage``.

Notes outside `listening` are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_heard: ContextVar[set[str] | None] = ContextVar("quotekit rules exercised", default=None)


@contextmanager
def listening() -> Iterator[set[str]]:
    """Collect the ids of the rules that pass a check inside the block.

    >>> with listening() as heard:
    ...     note(["en.clause"])
    >>> heard
    {'en.clause'}
    """
    heard: set[str] = set()
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def note(ids: Iterable[str]) -> None:
    """Note that the rules with these ids passed a check."""
    heard = _heard.get()
    if heard is not None:
        heard.update(ids)
