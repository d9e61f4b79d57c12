"""The journal of a finished run, kept compressed beside its output so that a later run can continue it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from quotekit.batch.beside import articles_of, kept_of, partial_of
from quotekit.batch.compression import compressed
from quotekit.batch.journal import HEADER, Journal
from quotekit.batch.records import Value
from quotekit.batch.sealed import sealed
from quotekit.batch.settings import file_digest
from quotekit.batch.state import JournalError, State, check_settings, foreign, scan
from quotekit.output.target import OutputError, Target


def keep(journal: Journal, output: Path, *, private: bool) -> None:
    """Keep the journal of the run that has written ``output``.

    Raises:
        OutputError: it cannot be written.
    """
    path, state = kept_of(output), journal.state
    articles = articles_of(output)
    digests = {"output": file_digest(output), "articles": None if articles is None else file_digest(articles)}
    last = sealed(state.lines + 2, digests)
    with (
        Target(path, lasting=True, private=private, partial=partial_of(path, state.run)) as target,
        compressed(target, ".gz") as write,
    ):
        for line in journal.lines():
            write(line)
        write(last)


def kept_state(output: Path) -> State | None:
    """Return the state that the kept journal of ``output`` holds; ``None`` without a journal.

    Raises:
        JournalError: it is damaged, or not a journal.
    """
    path = kept_of(output)
    if not _exists(path):
        return None
    state = scan(_lines(path), path)
    if state.output is None:
        raise _unreadable(path, "it breaks off before its end")
    return state


def check_replaceable(output: Path) -> None:
    """Raise `JournalError` if another file has the name of the kept journal of ``output``."""
    path = kept_of(output)
    if _exists(path) and not HEADER.match(next(_lines(path), b"")):
        raise foreign(path)


def check_kept(state: State, output: Path, settings: Mapping[str, Value]) -> None:
    """Raise `JournalError` if a table was not written by this run or with these settings."""
    check_settings(state, settings)
    for path, digest in ((output, state.output), (articles_of(output), state.articles)):
        if path is not None and path.exists() and file_digest(path) != digest:
            raise JournalError(
                f"{path} is not what the last run wrote: it was changed or replaced, so it cannot be continued. "
                "Put it back as it was, move it away, or start again with --restart."
            )


def reopen(output: Path, state: State, file: BinaryIO) -> Journal:
    """Copy the kept journal into ``file``, without its closing lines, and return it.

    Raises:
        OutputError: there is no room.
    """
    try:
        for number, line in enumerate(_lines(kept_of(output)), 1):
            if number > state.lines:
                break
            file.write(line)
    except OSError as error:
        raise OutputError.of(output, error, "Make room there") from error
    state.ended = False
    return Journal(file, state, kept=True)


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _lines(path: Path) -> Iterator[bytes]:
    if path.is_symlink():
        raise _unreadable(path, "it is a link")
    try:
        with gzip.open(path, "rb") as lines:
            yield from lines
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, why: str) -> JournalError:
    return JournalError(f"{path} cannot be read as the journal of a run ({why}). Move it away to start again.")
