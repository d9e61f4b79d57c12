"""The inputs that paths name: files, the content of folders, and what patterns match."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from quotekit.batch.reading.faults import of_error, reason
from quotekit.batch.reading.kinds import HEAD, ending_of, kind_of_content
from quotekit.batch.reading.options import format_of
from quotekit.batch.reading.patterns import MAGIC, matches
from quotekit.batch.records import Failure

STDIN = "-"
"""The name of standard input, as a path and as an article's id."""


@dataclass
class Found:
    """What paths name.

    Attributes:
        sources: the inputs in order, each once.
        problems: a failure for each path that names no input, and for each folder that cannot be listed.
        left_out: files in folders that are not read, by ending.
    """

    sources: list[str] = field(default_factory=list)
    problems: list[Failure] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def find(
    paths: Iterable[str],
    format: str | None = None,
    exclude: Iterable[str | os.PathLike[str]] = (),
    own: Iterable[str | os.PathLike[str]] = (),
) -> Found:
    """Return the inputs that ``paths`` name, in order and each once, and a failure for each path that names none.

    A folder names the files in it at any depth that have an ending of ``ENDINGS`` (of ``format``, if given), and those
    without an ending that begin like a kind that is read, sorted by name, a folder's own files before those of its
    subfolders. Hidden names, links and special files are skipped. A path that does not exist and has ``*``, ``?`` or
    ``[`` is a pattern (`matches`), and folders that it matches are read as if they were named. A file or link that is
    named is read whatever its ending.

    Files of ``exclude`` are skipped in folders and patterns, and those of ``own`` also where they are named, as a
    shell's patterns name them.
    """
    paths = list(paths)
    several = len(paths) > 1
    result = Found()
    found: dict[str, str] = {}
    never = {os.path.realpath(path) for path in own}
    skipped = never | {os.path.realpath(path) for path in exclude}
    for path in paths:
        if path == STDIN:
            found.setdefault(STDIN, STDIN)
        elif os.path.lexists(path) and not os.path.isdir(path):
            if (real := os.path.realpath(path)) not in never:
                found.setdefault(real, path)
        elif "\0" not in path and (os.path.isdir(path) or (MAGIC.search(path) and not URL.match(path))):
            inner = _inside(path, format, result)
            # Links within are not followed, so that the folder's real path gives that of each file.
            folders = {folder: os.path.realpath(folder) for folder in {os.path.dirname(file) for file in inner}}
            for file in inner:
                real = os.path.join(folders[os.path.dirname(file)], os.path.basename(file))
                if real not in skipped:
                    # A single path names no file twice, and real paths of many files would take much memory.
                    found.setdefault(real if several else file, file)
        else:
            result.problems.append(Failure(path, _nowhere(path)))
    result.sources = list(found.values())
    return result


URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://|www\.", re.IGNORECASE)
_ADDRESS = reason(
    "an address, and nothing is fetched", "Open it in a browser, save the page as a .html file, and name that file"
)
_NO_MATCH = reason("no file matches this pattern", "Check the spelling and the folder you are in")


def _nowhere(path: str) -> str:
    """Return why a path names no input."""
    if "\0" in path:
        return reason("a name with a NUL character in it", "Check the spelling")
    return _ADDRESS if URL.match(path) else of_error(FileNotFoundError())


def _inside(path: str, format: str | None, result: Found) -> list[str]:
    """Return the files that a folder or pattern names."""
    problems, left_out = len(result.problems), Counter(result.left_out)
    inner = _in_folder(path, format, result) if os.path.isdir(path) else _matched(path, format, result)
    if not inner and len(result.problems) == problems:
        why = _nothing(format, result.left_out - left_out) if os.path.isdir(path) else _NO_MATCH
        result.problems.append(Failure(path, why))
    return inner


def _in_folder(folder: str, format: str | None, result: Found) -> list[str]:
    found = []
    for path in _files(folder, result.problems):
        if _fits(path, format):
            found.append(path)
        else:
            result.left_out[ending_of(path) or "without an ending"] += 1
    return found


def _matched(pattern: str, format: str | None, result: Found) -> list[str]:
    found: set[str] = set()
    for path in matches(pattern):
        # A first "**" matches the current folder, whose name here is empty.
        if os.path.isdir(path or os.curdir):
            found.update(_in_folder(path, format, result))
        elif os.path.isfile(path):
            found.add(path)
    return sorted(found, key=_place)


def _place(path: str) -> list[tuple[bool, str]]:
    """Return a key that sorts a folder's own files before those of its subfolders."""
    *folders, name = path.replace(os.sep, "/").split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def _fits(path: str, format: str | None) -> bool:
    """Return whether a file in a folder is read: by its ending, or its first bytes if it has none."""
    found = format_of(path) if ending_of(path) else _format_of_content(path)
    return found is not None and format in (None, found)


def _format_of_content(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            kind = kind_of_content(file.read(HEAD))
    except OSError:
        return None
    return None if kind is None else kind.format


def _nothing(format: str | None, left_out: Counter[str]) -> str:
    if not left_out:
        return reason("there is no file in this folder", "Check the spelling and the folder you are in")
    called = "" if format is None else f" as {format}"
    return reason(
        f"no file in this folder is read{called}; it has {counted(left_out)}", "Name files of other endings one by one"
    )


def counted(left_out: Counter[str]) -> str:
    """Return how many files of each ending there are, for a message.

    >>> counted(Counter({".log": 2, ".py": 1}))
    '2 .log, 1 .py'
    """
    return ", ".join(f"{count:,} {ending}" for ending, count in sorted(left_out.items()))


def _files(root: str, problems: list[Failure]) -> Iterator[str]:
    """Yield the plain files below ``root`` in order; a folder that cannot be listed becomes one of ``problems``."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        files: list[str] = []
        folders: list[str] = []
        try:
            with os.scandir(folder or os.curdir) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(os.path.join(folder, entry.name))
                    elif entry.is_file(follow_symlinks=False):
                        files.append(os.path.join(folder, entry.name))
        except OSError as error:
            problems.append(Failure(folder, of_error(error)))
            continue
        yield from sorted(files)
        waiting += sorted(folders, reverse=True)
