"""What keeps an input from being read, as one line."""

from __future__ import annotations

import gzip
import zlib
from importlib import import_module
from typing import Any

from quotekit.extras import install
from quotekit.output.plain_text import shown


class Fault(Exception):
    """Ends the reading of one input; its text becomes the reason of a `Failure`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(reason(what, remedy))


def reason(what: str, remedy: str) -> str:
    """Return what was found and what to do, on one line of limited length.

    >>> reason("no such file", "Check the spelling")
    'no such file. Check the spelling.'
    """
    return f"{brief(what, 500)}. {remedy}."


def brief(text: object, length: int = 120) -> str:
    r"""Return a library's message on one line, without control characters, cut to ``length`` characters.

    >>> brief("a\n b"), brief("abcdef", 3), brief("a\0b")
    ('a b', 'ab…', 'a�b')
    """
    line = shown(str(text)).rstrip(".")
    return line if len(line) <= length else line[: length - 1] + "…"


def listed(names: list[str], most: int = 20) -> str:
    """Return names of columns for a message, the first ``most`` of them.

    >>> listed(["id", "body"]), listed([]), listed(["a", "b", "c"], 2)
    ("'id', 'body'", 'none', "'a', 'b' and 1 more")
    """
    if not names:
        return "none"
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(brief(repr(name), 40) for name in names[:most]) + more


def library(module: str, extra: str, what: str) -> Any:
    """Import and return a module of a library that reading ``what`` needs and ``extra`` installs.

    Raises:
        Fault: it is not installed, or lacks another library itself.

    >>> library("no_such.module", "html", "HTML")
    Traceback (most recent call last):
      ...
    quotekit.batch.reading.faults.Fault: reading HTML needs no_such, which is not installed. Run, in a checkout of ...
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        why = "is not installed" if error.name == name else f"cannot be imported ({brief(error)})"
        raise Fault(f"reading {what} needs {name}, which {why}", f"Run, {install(extra)}") from None


def of_error(error: Exception) -> str:
    """Return the reason for an error of opening, reading or decompressing."""
    if isinstance(error, FileNotFoundError):
        return reason("no such file or folder", "Check the spelling and the folder you are in")
    if isinstance(error, PermissionError):
        return reason("no permission to read it", "Check its permissions, for example with ls -l")
    if isinstance(error, IsADirectoryError):
        return reason("a folder where a file was expected", "Name a file in it")
    if isinstance(error, EOFError):
        return reason("compressed data that breaks off before its end", "Get the file again, or repack it")
    if isinstance(error, (gzip.BadGzipFile, zlib.error)):
        return reason(f"broken gzip data ({brief(error)})", "Get the file again, or repack it")
    if isinstance(error, MemoryError):
        return reason("not enough memory to read it", "Split it, or free memory")
    return reason(brief(getattr(error, "strerror", None) or error).lower(), "Check that it can be opened at all")
