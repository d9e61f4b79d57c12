"""Inputs read in a separate process, so that one which hangs or kills a parser costs only itself.

The libraries for HTML and Parquet are written in C. While they work, Python handles no signal, and a crash in them
ends the process. So the main process leaves the files to another, and waits for it no longer than the time limit.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.util import Finalize
from threading import Thread
from typing import TYPE_CHECKING, Any

from quotekit.batch.reading.faults import Fault
from quotekit.batch.reading.finding import STDIN
from quotekit.batch.reading.items import format_of_content, read_items
from quotekit.batch.reading.kinds import HEAD
from quotekit.batch.reading.opening import Stdin, opened, peeked
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.records import Failure, Record
from quotekit.errors import InputError, WorkerError
from quotekit.processes.worker import end_with_parent, uninterrupted

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PLAIN = ("text", "json", "jsonl", "csv", "tsv")
"""Formats that no library in C parses."""

LIMIT = 600.0
"""Seconds for one article, by default."""

TRIES = 2
"""How often an input is read that the process dies over."""

LOADING_LIMIT = 120.0
"""Seconds for the process to start."""

_LATE = "not read within the time limit of {limit:g} seconds. Give it more time, or leave it out."
_LOST = "the process that read it ended {how}, each of the {tries} times. Leave it out, or report it."
_NO_START = "the process that reads inputs does not start. Use fewer workers, or free memory."


class ReadingProcess:
    """Reads inputs in another process, which is started for the first of them and ended by `close`.

    Args:
        options: how they are read.
        limit: seconds for one article before its input is given up; none by default.
        everything: whether to read all files there; otherwise only those that libraries in C parse.
    """

    def __init__(self, options: ReadOptions, *, limit: float | None = None, everything: bool = True) -> None:
        self._options = options
        self._limit = limit
        self._everything = everything
        self._child: _Child | None = None

    def read(self, source: str) -> Iterator[Record | Failure]:
        """Yield what `read_items` yields; a `Failure` ends an input that takes too long or kills the process.

        Raises:
            WorkerError: the process does not start.
        """
        native = _format_of(source, self._options) not in PLAIN
        if os.path.isfile(source) and (native or self._everything):
            yield from self._read(source, source)
        elif native and (source == STDIN or os.path.exists(source)):
            with tempfile.NamedTemporaryFile() as copy:
                with Stdin() if source == STDIN else open(source, "rb") as stream:
                    shutil.copyfileobj(stream, copy)
                copy.flush()
                yield from self._read(source, copy.name)
        else:
            yield from read_items(source, self._options)

    def _read(self, source: str, path: str) -> Iterator[Record | Failure]:
        done = died_at = 0
        tries = 0
        while True:
            child = self._child = self._child or _Child(self._options)
            child.ask(source, path)
            index = 0
            try:
                while (item := child.next(self._limit)) is not None:
                    if index >= done:
                        yield item
                        done += 1
                    index += 1
                return
            except TimeoutError:
                self.close()
                yield Failure(source, _LATE.format(limit=self._limit), done)
                return
            except EOFError:
                how = self.close()
                tries = tries + 1 if died_at == done else 1
                died_at = done
                if tries == TRIES:
                    yield Failure(source, _LOST.format(how=how, tries=TRIES), done)
                    return

    def close(self) -> str:
        """End the process, and return how it has ended."""
        child, self._child = self._child, None
        return "" if child is None else child.end()


def _format_of(source: str, options: ReadOptions) -> str:
    """Return how an input will be read; "text" for one that is not read at all."""
    try:
        return format_of_content(_head_of(source), source, options)
    except (Fault, OSError, EOFError, zlib.error):
        return "text"


def _head_of(source: str) -> bytes:
    """Return the first bytes of an input, which can still be read from its beginning: none of a pipe with a name."""
    if source == STDIN:
        peek = getattr(getattr(sys.stdin, "buffer", None), "peek", None)
        return b"" if peek is None else bytes(peek(HEAD)[:HEAD])
    if not os.path.isfile(source):
        return b""
    with opened(source) as stream:
        return peeked(stream)[0]


def read_one(source: str, options: ReadOptions | None = None) -> Record:
    """Return the article of an input that holds one.

    Raises:
        InputError: it cannot be read, or does not hold exactly one article.
    """
    process = ReadingProcess(options or ReadOptions(), limit=LIMIT, everything=False)
    try:
        found = list(islice(process.read(source), 2))
    finally:
        process.close()
    if len(found) != 1:
        how_many = "more than one article" if found else "no article"
        raise InputError(f"{source}: {how_many} in it. Give a file of one article.")
    if isinstance(found[0], Failure):
        raise InputError(f"{source}: {found[0].reason}")
    return found[0]


class _Child:
    """The parent's side of the process."""

    def __init__(self, options: ReadOptions) -> None:
        spawn = get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, options), name="quotekit reading", daemon=True)
        with uninterrupted():
            self._process.start()
        theirs.close()
        self._end = Finalize(self, _end, args=(self._process, self._pipe))
        try:
            self.next(LOADING_LIMIT)
        except (TimeoutError, EOFError) as error:
            self.end()
            raise WorkerError(_NO_START) from error

    def ask(self, source: str, path: str) -> None:
        with suppress(OSError):
            self._pipe.send((source, path))

    def next(self, limit: float | None) -> Record | Failure | None:
        """Return the next item, or ``None`` after the last. `EOFError` if the process has died."""
        try:
            if not self._pipe.poll(limit):
                raise TimeoutError
            item: Record | Failure | None = self._pipe.recv()
        except (EOFError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise EOFError from error
        return item

    def end(self) -> str:
        """Kill the process and return how it ended."""
        self._process.join(0.1)
        code = self._process.exitcode
        self._end()
        return f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"


def _end(process: Any, pipe: Connection) -> None:
    process.kill()
    process.join()
    pipe.close()


def _serve(pipe: Connection, options: ReadOptions) -> None:
    """Read inputs until the pipe ends."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            source, path = pipe.recv()
            for item in read_items(source, options, path=path):
                pipe.send(item)
            pipe.send(None)
