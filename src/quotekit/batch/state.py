"""What a journal holds, and how inputs are compared with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

from quotekit.batch.records import Counts, Record, Value, finite
from quotekit.batch.sealed import DamagedError, unsealed
from quotekit.batch.settings import differences
from quotekit.errors import QuotekitError
from quotekit.output.target import line

FORMAT = 3

Stamp: TypeAlias = "tuple[int, ...] | None"
"""Size and times of a file; ``None`` for standard input and pipes."""


class JournalError(QuotekitError):
    """A journal cannot be continued."""


@dataclass(slots=True)
class Seen:
    """What a journal knows of one input.

    Attributes:
        stamp: how it looked when it was opened.
        items: articles and failures read from it.
        digest: of all its articles, in any order (`digest_of`).
        failed: the indices of its failures.
    """

    stamp: Stamp
    items: int = 0
    digest: int = 0
    failed: set[int] = field(default_factory=set)


@dataclass
class State:
    """What a journal holds.

    Attributes:
        path: the journal, for messages.
        run: a unique name for the run's temporary files.
        settings: what its results depend on.
        seen: what has been read of each input.
        last: the input that the last line belongs to.
        ended: whether all inputs have been read.
        output: the digest of the output written from it, if it has been written.
        articles: that of the table of articles beside it, if there is one.
        size: its length in bytes, without its closing lines.
        lines: the number of lines up to there.
        cleared: input and index of articles that could not be read at first, and were read later.
        counts: how much it holds.
        texts: digests of the texts that it holds, if each is counted once.
    """

    path: Path
    run: str = ""
    settings: dict[str, Value] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    last: str = ""
    ended: bool = False
    output: str | None = None
    articles: str | None = None
    size: int = 0
    lines: int = 0
    cleared: set[tuple[str, int]] = field(default_factory=set)
    counts: Counts = field(default_factory=Counts)
    texts: set[str] = field(default_factory=set)

    @property
    def half_read(self) -> str | None:
        """The input that may have more than was read of it."""
        return None if self.ended else self.last or None

    def take(self, entry: Mapping[str, Any], length: int) -> None:
        """Take in the next line."""
        if "output" in entry:
            self.output, self.articles = entry["output"], entry["articles"]
            return
        if "end" in entry:
            self.ended = True
            return
        self.size += length
        self.lines += 1
        if "settings" in entry:
            self.run, self.settings = entry["run"], entry["settings"]
        elif "source" in entry:
            self.last = entry["source"]
            stamp = None if entry["stamp"] is None else tuple(entry["stamp"])
            self.seen.setdefault(self.last, Seen(stamp)).stamp = stamp
        else:
            self._take_item(self.seen[self.last], entry)

    def _take_item(self, seen: Seen, entry: Mapping[str, Any]) -> None:
        index = entry["index"]
        seen.items = max(seen.items, index + 1)
        if entry.get("unique"):
            self.texts.add(entry["unique"])
        if "reason" in entry:
            seen.failed.add(index)
            self.counts.failures += 1
            return
        self.clear_failure(self.last, index)
        seen.digest ^= int(entry["digest"], 16)
        if "repeat" in entry:
            self.counts.repeats += 1
            return
        self.counts.add_kinds((quote["kind"] for quote in entry["quotes"]), entry.get("left_out", 0))
        self.counts.notice(self.last, entry.get("notes", ()))

    def clear_failure(self, source: str, index: int) -> None:
        """Forget the earlier failure, if any, of an article that has now been read."""
        if source in self.seen and index in self.seen[source].failed:
            self.seen[source].failed.remove(index)
            self.cleared.add((source, index))
            self.counts.failures -= 1


def scan(lines: Iterable[bytes], path: Path) -> State:
    """Read a whole journal.

    Raises:
        JournalError: it is not a journal of this version of quotekit, or it is damaged.
    """
    state = State(path)
    try:
        for entry, length in unsealed(lines):
            if not state.lines and entry.get("quotekit") != FORMAT:
                break
            state.take(entry, length)
    except DamagedError as error:
        raise JournalError(_damaged(path, error.number)) from error
    if not state.lines:
        raise foreign(path)
    return state


def foreign(path: Path) -> JournalError:
    """Return the error for a file that is not a journal."""
    return JournalError(f"{path} is not a journal of this version of quotekit. Move it away, or choose another output.")


def _damaged(path: Path, number: int) -> str:
    kept = f"keep the first {number - 1:,} lines of it (head -n {number - 1})" if number > 1 else "restore it"
    return f"{path}: line {number:,} is damaged or missing. To continue, {kept}; or start again with --restart."


def check_settings(state: State, settings: Mapping[str, Value]) -> None:
    """Raise `JournalError` if a run with ``settings`` would give other results."""
    changes = differences(state.settings, settings)
    if changes:
        raise JournalError(
            f"{state.path}: the run was begun with other settings ({'; '.join(changes)}). "
            "Give the same, or start again with --restart."
        )


def digest_of(record: Record) -> int:
    """Return a digest of an article: of its place, id, text, date, metadata and fields."""
    day = None if record.date is None else record.date.isoformat()
    about = [dict(record.about)] if record.about else []
    content = line({"": [record.index, record.id, record.text, day, *about], "fields": finite(dict(record.fields))})
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big")


def stamp_of(source: str) -> Stamp:
    """Return size and times of a file, or ``None`` if it is not a plain file."""
    try:
        found = os.stat(source)
    except (OSError, ValueError):
        return None
    plain = os.path.isfile(source)
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns) if plain else None
