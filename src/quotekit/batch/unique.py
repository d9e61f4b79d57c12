"""Texts that occur more than once in a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b

from quotekit.batch.records import Failure, Record, Repeat


def text_digest(text: str) -> str:
    """Return a digest of a text that ignores white space; "" for a text without words.

    >>> text_digest("It rained.\\n") == text_digest(" It  rained."), text_digest(" ")
    (True, '')
    """
    words = " ".join(text.split())
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest() if words else ""


def once(items: Iterable[Record | Failure], seen: set[str]) -> Iterator[Record | Failure | Repeat]:
    """Yield each item; an article whose text is in ``seen``, or came before, as a `Repeat`.

    Args:
        seen: digests of texts (`text_digest`), to which those of ``items`` are added.
    """
    for item in items:
        digest = text_digest(item.text) if isinstance(item, Record) else ""
        if isinstance(item, Record) and digest in seen:
            yield Repeat(item)
            continue
        if digest:
            seen.add(digest)
        yield item
