"""Texts spread over processes, results in the order of the texts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from quotekit.models import Quote

if TYPE_CHECKING:
    from quotekit.extractor import Extractor

_extractor: Extractor | None = None


def in_order(
    extractor: Extractor, pairs: Iterable[tuple[str, Any]], n_process: int, batch_size: int
) -> Iterator[tuple[list[Quote], Any]]:
    """Quotes and context of each pair of text and context, in order, with ``n_process`` processes."""
    if n_process == 1:
        for text, context in pairs:
            yield extractor.extract(text), context
        return
    batches = _batches(pairs, batch_size)
    # A fresh process each, as a fork would copy the locks of the caller's threads in whatever state they are.
    with ProcessPoolExecutor(n_process, get_context("spawn"), _start, (extractor,)) as pool:
        waiting: deque[tuple[Future[list[list[Quote]]], list[Any]]] = deque()
        for batch in batches:
            waiting.append((pool.submit(_work, [text for text, _ in batch]), [context for _, context in batch]))
            if len(waiting) > 2 * n_process:
                yield from _finished(waiting)
        while waiting:
            yield from _finished(waiting)


def _batches(pairs: Iterable[tuple[str, Any]], size: int) -> Iterator[list[tuple[str, Any]]]:
    iterator = iter(pairs)
    while batch := list(islice(iterator, size)):
        yield batch


def _finished(waiting: deque[tuple[Future[list[list[Quote]]], list[Any]]]) -> Iterator[tuple[list[Quote], Any]]:
    future, contexts = waiting.popleft()
    yield from zip(future.result(), contexts, strict=True)


def _start(extractor: Extractor) -> None:
    global _extractor
    _extractor = extractor


def _work(texts: list[str]) -> list[list[Quote]]:
    assert _extractor is not None
    return [_extractor.extract(text) for text in texts]
