"""How a command ends early: one line on standard error, and an exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from mmap import mmap
from pathlib import Path
from signal import SIGINT
from typing import NoReturn

import typer

from quotekit.errors import QuotekitError
from quotekit.output.plain_text import shown
from quotekit.output.target import silence

SOME_UNREAD = 1
USAGE = 2
FAILED = 3
STOPPED = 128
"""Exit code of a stopped run, less the number of the signal."""

READER_GONE = 141

MEMORY = 256 * 2**20
"""Bytes of address space without which nothing can be read."""

DEBUG: ContextVar[bool] = ContextVar("debug", default=False)
"""True if ``--debug`` was given."""


@contextmanager
def failures_reported(output: Path | None = None) -> Iterator[None]:
    """Turn what ends a run early into one line and an exit code."""
    from quotekit.batch.stopping import Stopping

    _check_memory()
    try:
        # SIGTERM ends a run as Ctrl-C does; nothing half written is left.
        with Stopping():
            yield
    except BrokenPipeError:
        silence(sys.stdout)
        raise typer.Exit(READER_GONE) from None
    except KeyboardInterrupt as error:
        _fail_stopped(error, output)
    except QuotekitError as error:
        # An error raised after a signal has its number.
        fail(str(error), STOPPED + error.number if hasattr(error, "number") else FAILED)


def _check_memory() -> None:
    """Fail if there is too little memory to read anything: libraries in C would end the process with any exit code."""
    try:
        mmap(-1, MEMORY).close()
    except (OSError, MemoryError):
        fail(f"not enough memory: {MEMORY // 2**20} MiB are needed. Raise the limit, as by ulimit -v.", FAILED)


def _fail_stopped(error: KeyboardInterrupt, output: Path | None) -> NoReturn:
    from quotekit.batch.beside import part_of

    what = "stopped"
    if output is not None:
        part = part_of(output)
        kept = f"; finished articles are kept in {part}; the same command with --resume continues"
        what += f": {output} was not written{kept if part.exists() else ''}"
    fail(what, STOPPED + getattr(error, "number", SIGINT))


def fail(message: str, code: int) -> NoReturn:
    """End the command with a message. With ``--debug``, the current exception's traceback comes first."""
    report_line(message)
    raise typer.Exit(code) from None


def report_line(message: str) -> None:
    """Write one line to standard error; with ``--debug``, after the current exception's traceback."""
    # Standard error may be closed, or on a full disk: the exit code still tells.
    with suppress(OSError):
        if DEBUG.get() and sys.exc_info()[0] is not None:
            traceback.print_exc()
        typer.echo(shown(f"quotekit: {message}"), err=True)


def unexpected(error: Exception) -> str:
    """Return what to say of an error that quotekit did not foresee, in one line."""
    if isinstance(error, MemoryError):
        return "not enough memory. Use fewer workers, or end other programs."
    if isinstance(error, FileNotFoundError) and error.filename is None:
        return "the current folder does not exist any more. Change to another."
    if isinstance(error, OSError) and error.strerror:
        where = "" if error.filename is None else f" ({error.filename})"
        return f"cannot continue: {error.strerror.lower()}{where}."
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    hint = "" if DEBUG.get() else " Run the command again with --debug for the traceback."
    return f"internal error: {what}.{hint} Please report it."
