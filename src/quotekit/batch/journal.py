"""The journal of a run: everything that it has read so far, in sealed lines (see `sealed`).

Line 1 holds the settings. An input has a line with its path and how it looked when it was opened (`stamp_of`); the
lines of its articles and failures follow, in order. The last line says that all inputs have been read. At any time, a
journal is the beginning of the one that an uninterrupted run would write.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from quotekit.batch.records import Failure, Record, Result, Value
from quotekit.batch.sealed import sealed, unsealed
from quotekit.batch.state import FORMAT, Stamp, State, check_settings, digest_of, scan
from quotekit.batch.stored_lines import result_of
from quotekit.batch.stored_place import Place
from quotekit.batch.unique import text_digest
from quotekit.output.target import OutputError


@dataclass(frozen=True)
class Beginning:
    """The beginning of a file that may be a journal, of any version.

    Attributes:
        is_foreign: it is something else.
        is_whole: it has a whole first line.
        holds_items: it has more than a first line.
        run: as in `State`.
    """

    is_foreign: bool = False
    is_whole: bool = False
    holds_items: bool = False
    run: str = ""

    @classmethod
    def of(cls, file: BinaryIO) -> Beginning:
        """Return the beginning of ``file``; an empty file or a cut first line may be a journal's."""
        first, *more = [*islice(_lines(file), 2)] or [b""]
        if not first:
            return cls()
        found = HEADER.match(first)
        return cls(found is None, first.endswith(b"\n"), bool(more), found[1].decode() if found and found[1] else "")


HEADER = re.compile(
    rb'(?:1 [0-9a-f]{8} )?\{"quotekit": \d+, (?:"run": "([0-9a-f]+)")?'  # a whole one, of any version
    rb"|1 [0-9a-f]{8} \{[^\n]*\Z"  # one that was not written to its end
)
"""The first line of a journal."""


class Journal:
    """A journal that is being written: `begin` or `resume` makes one.

    Attributes:
        state: what it holds.
        kept: whether it continues a finished run, whose own journal still exists.
    """

    def __init__(self, file: BinaryIO, state: State, *, kept: bool = False) -> None:
        self.state = state
        self.kept = kept
        self._redundant = state.lines if kept else 1
        self._file = file

    @property
    def is_redundant(self) -> bool:
        """True if nothing is lost when it is discarded."""
        return self.state.lines <= self._redundant

    def discard(self) -> None:
        """Empty the journal."""
        with suppress(OSError):
            self._file.truncate(0)

    @classmethod
    def begin(cls, file: BinaryIO, path: Path, settings: Mapping[str, Value]) -> Journal:
        """Start a journal in ``file``, which is open for reading and writing without a buffer.

        Raises:
            OutputError: it cannot be written.
        """
        journal = cls(file, State(path, secrets.token_hex(4), dict(settings)))
        journal._cut()
        journal._write({"quotekit": FORMAT, "run": journal.state.run, "settings": dict(settings)})
        return journal

    @classmethod
    def resume(cls, file: BinaryIO, path: Path, settings: Mapping[str, Value]) -> Journal:
        """Continue the journal in ``file``, without a last line that is incomplete.

        Raises:
            JournalError: it is damaged, not a journal, or of a run with other settings.
            OutputError: it cannot be written.
        """
        state = scan(_lines(file), path)
        check_settings(state, settings)
        journal = cls(file, state)
        if not state.ended:
            journal._cut()
        return journal

    def open_input(self, source: str, stamp: Stamp) -> None:
        """Write that the next items belong to an input."""
        if source != self.state.last:
            self._write({"source": source, "stamp": stamp})
            self.state.last = source

    def add(self, record: Record, result: Result, left_out: int = 0, *, keep_text: bool) -> None:
        """Write an article, what was found in it, and how many finds were left out.

        Raises:
            OutputError: there is no room; what was written before is kept.
        """
        notes: dict[str, Any] = {"notes": record.notes} if record.notes else {}
        notes |= {"left_out": left_out} if left_out else {}
        notes |= {"unique": text_digest(record.text)} if self.state.settings.get("--unique") else {}
        found = result.as_json(keep_text=keep_text)
        self._write({"index": record.index, "digest": f"{digest_of(record):016x}", **notes, **found})
        self.state.clear_failure(record.source, record.index)
        self.state.counts.add_kinds((quote.kind for quote in result.quotes), left_out)
        self.state.counts.notice(record.source, record.notes)

    def repeat(self, record: Record) -> None:
        """Write that an article repeats an earlier text. Raises as `add` does."""
        self._write({"index": record.index, "digest": f"{digest_of(record):016x}", "repeat": True})
        self.state.clear_failure(record.source, record.index)
        self.state.counts.repeats += 1

    def fail(self, failure: Failure) -> None:
        """Write a failure. Raises as `add` does."""
        digest = {"unique": failure.digest} if failure.digest else {}
        self._write({"index": failure.index, "id": failure.id, **digest, "reason": failure.reason})
        self.state.counts.failures += 1

    def end(self) -> None:
        """Write that all inputs have been read."""
        if not self.state.ended:
            self._append(sealed(self.state.lines + 1, {"end": True}))
            self.state.ended = True

    def _write(self, entry: Mapping[str, Any]) -> None:
        data = sealed(self.state.lines + 1, entry)
        self._append(data)
        self.state.size += len(data)
        self.state.lines += 1

    def _append(self, data: bytes) -> None:
        """Write one whole line, or nothing: there may be room again later."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self.state.size)
            remedy = "Make room there; then the same command with --resume continues"
            raise OutputError.of(self.state.path, error, remedy) from error

    def _cut(self) -> None:
        try:
            self._file.truncate(self.state.size)
            self._file.seek(self.state.size)
        except OSError as error:
            raise OutputError.of(self.state.path, error, "Choose another place with -o") from error

    def lines(self) -> Iterator[bytes]:
        """Yield all lines."""
        return _lines(self._file)

    def results(self) -> Iterator[Result]:
        """Yield the articles, in the order in which they were read."""
        place = Place(self.state.path)
        for _, entry in self._items():
            if "quotes" in entry:
                yield result_of(entry, place)

    def failures(self) -> Iterator[Failure]:
        """Yield the failures, except those whose article was read later."""
        for source, entry in self._items():
            if "reason" in entry and (source, entry["index"]) not in self.state.cleared:
                yield Failure(source, entry["reason"], entry["index"], entry["id"])

    def _items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        source = ""
        for entry, _ in unsealed(_lines(self._file)):
            source = entry.get("source", source)
            if "index" in entry:
                yield source, entry


def _lines(file: BinaryIO) -> Iterator[bytes]:
    # Through the open file, since its path may be gone, and with a buffer, which the file itself lacks.
    file.seek(0)
    with os.fdopen(os.dup(file.fileno()), "rb") as lines:
        yield from lines
