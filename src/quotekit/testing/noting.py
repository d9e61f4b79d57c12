"""Which rules a test exercised, for whoever asks: the report of ``pytest --quotekit-coverage`` does.

Nothing is kept unless somebody listens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_heard: ContextVar[set[str] | None] = ContextVar("quotekit rules exercised", default=None)


@contextmanager
def listening() -> Iterator[set[str]]:
    """Collects the ids of the rules that pass a check inside the block.

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
    """Say that the rules with these ids did what a test wanted of them."""
    heard = _heard.get()
    if heard is not None:
        heard.update(ids)
