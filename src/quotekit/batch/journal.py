"""The journal of a run: all it has done, one line each, in a file beside the output until that is written.

Line 1 says what the run is: version and settings. Each further line is an article with its quotes, or a failure, in the
order of the inputs, so that a journal is always the beginning of the one an undisturbed run would have written. The
last line says that nothing is missing.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from quotekit.batch.records import Failure, Record, Result, Value
from quotekit.errors import QuotekitError
from quotekit.models import Quote
from quotekit.output.target import OutputError, line

Place: TypeAlias = tuple[int, int]
"""Where an item stands: the number of its input, and its own number in that. Paths that are no input have -1."""

SUFFIX = ".part"

FORMAT = 1

DIGEST = "sha256:"
"""What a setting begins with that stands for the contents of a file."""

_END = b'{"end": true}\n'


class JournalError(QuotekitError):
    """A journal that cannot be gone on with."""


@dataclass
class Counts:
    """What a run has found."""

    articles: int = 0
    failures: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def items(self) -> int:
        """Articles and failures together."""
        return self.articles + self.failures


def dumped(quotes: Sequence[Quote]) -> str:
    """Quotes as they stand in a journal. Made in a worker, so that the parent need not take them apart.

    >>> dumped([])
    '[]'
    """
    return line({"": [quote.model_dump() for quote in quotes]})[5:-2].decode()


class Journal:
    """A journal that is written on; `begin` or `resume` makes one.

    Attributes:
        path: where it stands.
        place: where the last item in it stands, or ``None``.
        ended: whether it has all items.
        counts: what it holds.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.place: Place | None = None
        self.ended = False
        self.counts = Counts()
        self._file = file
        self._size = 0

    @classmethod
    def begin(cls, path: Path, settings: Mapping[str, Value]) -> Journal:
        """A new one, in place of any that is there.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            journal = cls(path, path.open("wb", buffering=0))
        except OSError as error:
            raise _failed(path, error) from error
        journal._write(line({"quotekit": FORMAT, "settings": dict(settings)}))
        return journal

    @classmethod
    def resume(cls, path: Path, settings: Mapping[str, Value], sources: Sequence[str]) -> Journal:
        """The one that is there, without a last line that was not written to its end.

        Raises:
            JournalError: it is of a run with other settings or other inputs, or no journal.
            OutputError: it cannot be read or written.
        """
        try:
            file = path.open("r+b", buffering=0)
        except OSError as error:
            raise _failed(path, error) from error
        journal = cls(path, file)
        try:
            with path.open("rb") as lines:
                header = lines.readline()
                if not header.endswith(b"\n"):
                    # It broke off before anything was done.
                    file.close()
                    return cls.begin(path, settings)
                _check(path, header, settings)
                journal._size = len(header)
                journal._take(lines, sources)
            file.truncate(journal._size)
            file.seek(journal._size)
        except OSError as error:
            file.close()
            raise _failed(path, error) from error
        except BaseException:
            file.close()
            raise
        return journal

    def _take(self, lines: BinaryIO, sources: Sequence[str]) -> None:
        """Go through the whole lines, as far as they are in order."""
        moved: str | None = None
        for text in lines:
            if text == _END:
                self.ended = True
                self._size += len(text)
                break
            entry = _entry(text)
            if entry is None or (self.place is not None and tuple(entry["at"]) <= self.place):
                break
            number, index = entry["at"]
            if number >= 0 and moved is None and sources[number : number + 1] != [_source(entry)]:
                moved = _source(entry)
            self._count((number, index), [quote["kind"] for quote in entry.get("quotes", ())], "reason" in entry)
            self._size += len(text)
        if moved is not None and not self.ended:
            raise JournalError(
                f"{self.path}: the inputs have changed since: {moved} is no longer there, or no longer in its place. "
                "Give the same paths in the same order and put back what is gone, or begin anew with --restart."
            )

    def _count(self, place: Place, kinds: Sequence[str], failed: bool) -> None:
        self.place = place
        self.counts.articles += not failed
        self.counts.failures += failed
        self.counts.kinds.update(kinds)

    def add(self, place: Place, record: Record, quotes: str, kinds: Sequence[str], *, keep_text: bool) -> None:
        """Write an article down; ``quotes`` are `dumped`.

        Raises:
            OutputError: there is no room; what was written before stays.
        """
        entry: dict[str, Any] = {"at": place, "id": record.id}
        if record.source != record.id:
            entry["source"] = record.source
        if record.date is not None:
            entry["date"] = record.date.isoformat()
        if record.fields:
            entry["fields"] = dict(record.fields)
        if keep_text:
            entry["text"] = record.text
        try:
            head = line(entry)
        except ValueError:
            entry["fields"] = json.loads(json.dumps(entry["fields"]), parse_constant=lambda name: None)
            head = line(entry)
        self._write(b'%s, "quotes": %s}\n' % (head[:-2], quotes.encode()))
        self._count(place, kinds, failed=False)

    def fail(self, place: Place, failure: Failure) -> None:
        """Write a failure down. Raises as `add` does."""
        entry: dict[str, Any] = {"at": place, "id": failure.id, "source": failure.source, "index": failure.index}
        self._write(line({**entry, "reason": failure.reason}))
        self._count(place, (), failed=True)

    def end(self) -> None:
        """Write down that all is done."""
        if not self.ended:
            self._write(_END)
            self.ended = True

    def _write(self, data: bytes) -> None:
        """One whole line, or none: past a full disk there is room again some day."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            # Else the next run cuts it.
            with suppress(OSError):
                self._file.truncate(self._size)
            raise _failed(self.path, error, "Make room there; then the same command with --resume goes on") from error
        self._size += len(data)

    def close(self) -> None:
        self._file.close()

    def results(self) -> Iterator[Result]:
        """The articles, from the beginning."""
        for entry in self._entries():
            if "quotes" in entry:
                day = entry.get("date")
                yield Result(
                    entry["id"],
                    [Quote.model_validate(quote) for quote in entry["quotes"]],
                    None if day is None else date.fromisoformat(day),
                    entry.get("fields", {}),
                    entry.get("text"),
                )

    def failures(self) -> Iterator[Failure]:
        """The failures, from the beginning."""
        for entry in self._entries():
            if "reason" in entry:
                yield Failure(entry["source"], entry["reason"], entry["index"], entry["id"])

    def _entries(self) -> Iterator[dict[str, Any]]:
        with self.path.open("rb") as lines:
            next(lines)
            for text in lines:
                if text == _END:
                    return
                yield json.loads(text)


def part_of(output: Path) -> Path:
    """The journal of an output: beside the file itself, where the output is a link to it.

    >>> part_of(Path("/quotes.csv")).name
    'quotes.csv.part'
    """
    final = Path(os.path.realpath(output))
    return final.with_name(final.name + SUFFIX)


def holds_something(path: Path) -> bool:
    """Whether a journal has more than its first line."""
    with path.open("rb") as lines:
        return len([*islice(lines, 2)]) > 1


def _entry(text: bytes) -> dict[str, Any] | None:
    """A line, if it is a whole one."""
    if not text.endswith(b"\n"):
        return None
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("at"), list) else None


def _source(entry: Mapping[str, Any]) -> str:
    source: str = entry.get("source", entry["id"])
    return source


def _check(path: Path, header: bytes, settings: Mapping[str, Value]) -> None:
    try:
        head = json.loads(header)
        before = dict(head["settings"])
        known = head["quotekit"] == FORMAT
    except (ValueError, TypeError, KeyError):
        known, before = False, {}
    if not known:
        raise JournalError(
            f"{path}: not the journal of a run of this quotekit. Move it away, or begin anew with --restart."
        )
    other = [name for name in {**before, **settings} if before.get(name) != settings.get(name)]
    if other:
        changes = "; ".join(_change(name, before.get(name), settings.get(name)) for name in other)
        raise JournalError(
            f"{path}: the run was begun with other settings ({changes}). Give the same, or begin anew with --restart."
        )


def _change(name: str, before: Value, now: Value) -> str:
    if all(isinstance(value, str) and value.startswith(DIGEST) for value in (before, now)):
        return f"{name} has other contents"
    return f"{name} was {_told(before)}, is {_told(now)}"


def _told(value: Value) -> str:
    if value is None or value is False:
        return "not given"
    return "given" if value is True or str(value).startswith(DIGEST) else str(value)


def _failed(path: Path, error: OSError, remedy: str = "Choose another place with -o") -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"cannot write {path}: {reason}. {remedy}.")
