"""The items of the inputs that a journal does not have yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from quotekit.batch.reading import Inputs
from quotekit.batch.records import Failure, Record
from quotekit.batch.state import JournalError, Seen, Stamp, State, digest_of, stamp_of

Read: TypeAlias = Callable[[str], Iterator[Record | Failure]]
"""Reads one input."""


class Remaining:
    """The articles and failures that are new since a journal was written, in the order of the inputs.

    An unchanged input is skipped. A changed one is read again from its beginning: the items in the journal must be the
    same, and further items are new. Inputs that are gone keep their results.

    Attributes:
        stamps: the stamps of the inputs that are being read; the caller removes those that it has written down.
    """

    def __init__(self, inputs: Inputs, state: State, read: Read | None = None) -> None:
        self.stamps: dict[str, Stamp] = {}
        self._inputs = inputs
        self._read = read or inputs.read
        self._state = state
        self._seen = dict(state.seen)

    @property
    def anything(self) -> bool:
        """True if there may be something new: a changed input must be read to find out."""
        return any(self._may_have_more(source) for source in self._inputs.sources)

    def items(self) -> Iterator[Record | Failure]:
        """Yield them.

        Raises:
            JournalError: an input that was read has changed, or one that was half read is gone.
        """
        half_read = self._state.half_read
        if half_read is not None and half_read not in self._inputs.sources:
            raise self._changed(half_read, "is not among the inputs any more, and was only half read")
        # First of all, so that only one input is ever half read.
        sources = self._inputs.sources if half_read is None else dict.fromkeys([half_read, *self._inputs.sources])
        for source in filter(self._may_have_more, sources):
            self.stamps[source] = stamp_of(source)
            seen = self._seen.get(source)
            items = self._read(source)
            yield from items if seen is None else self._unseen(source, items, seen)

    def _may_have_more(self, source: str) -> bool:
        seen = self._seen.get(source)
        if seen is None or seen.stamp is None or source == self._state.half_read:
            return True
        return stamp_of(source) != seen.stamp

    def _unseen(self, source: str, items: Iterable[Record | Failure], seen: Seen) -> Iterator[Record | Failure]:
        again = self.stamps[source] != seen.stamp
        failed, known = frozenset(seen.failed), seen.items
        digest, last = 0, -1
        for item in items:
            last = item.index
            if last >= known:
                if digest != seen.digest:
                    break
                yield item
            elif last in failed:
                if again and isinstance(item, Record):
                    yield item
            elif isinstance(item, Record):
                digest ^= digest_of(item)
        if digest != seen.digest or last < known - 1:
            raise self._changed(source, "has changed in what was read of it")

    def _changed(self, source: str, how: str) -> JournalError:
        return JournalError(
            f"{self._state.path}: {source} {how}. Put it back as it was, or start again with --restart."
        )
