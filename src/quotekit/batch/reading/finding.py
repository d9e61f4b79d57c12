"""The inputs that paths name: files, the content of folders, and what patterns match."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from quotekit.batch.compression import COMPRESSED
from quotekit.batch.reading.faults import of_error, reason
from quotekit.batch.reading.options import ENDINGS, format_of
from quotekit.batch.reading.patterns import MAGIC, matches
from quotekit.batch.records import Failure

STDIN = "-"
"""The name of standard input, as a path and as an article's id."""


def find(
    paths: Iterable[str],
    format: str | None = None,
    exclude: Iterable[str | os.PathLike[str]] = (),
    own: Iterable[str | os.PathLike[str]] = (),
) -> tuple[list[str], list[Failure]]:
    """Return the inputs that ``paths`` name, in order and each once, and a failure for each path that names none.

    A folder names the files in it at any depth that have an ending of ``ENDINGS`` (of ``format``, if given), sorted by
    name, a folder's own files before those of its subfolders. Hidden names, links and special files are skipped. A
    path that does not exist and has ``*``, ``?`` or ``[`` is a pattern (`matches`), and folders that it matches are
    read as if they were named. A file or link that is named is read whatever its ending.

    Files of ``exclude`` are skipped in folders and patterns, and those of ``own`` also where they are named, as a
    shell's patterns name them.
    """
    found: dict[str, str] = {}
    problems: list[Failure] = []
    never = {os.path.realpath(path) for path in own}
    skipped = never | {os.path.realpath(path) for path in exclude}
    for path in paths:
        if path == STDIN:
            found.setdefault(STDIN, STDIN)
        elif "\0" in path:
            problems.append(Failure(path, reason("a name with a NUL character in it", "Check the spelling")))
        elif os.path.lexists(path) and not os.path.isdir(path):
            if (real := os.path.realpath(path)) not in never:
                found.setdefault(real, path)
        elif os.path.isdir(path) or MAGIC.search(path):
            before = len(problems)
            inner = _in_folder(path, format, problems) if os.path.isdir(path) else _matched(path, format, problems)
            if not inner and len(problems) == before:
                problems.append(Failure(path, _nothing(format) if os.path.isdir(path) else _NO_MATCH))
            # Links within are not followed, so that the folder's real path gives that of each file.
            folders = {folder: os.path.realpath(folder) for folder in {os.path.dirname(file) for file in inner}}
            for file in inner:
                real = os.path.join(folders[os.path.dirname(file)], os.path.basename(file))
                if real not in skipped:
                    found.setdefault(real, file)
        else:
            problems.append(Failure(path, of_error(FileNotFoundError())))
    return list(found.values()), problems


_NO_MATCH = reason("no file matches this pattern", "Check the spelling and the folder you are in")


def _in_folder(folder: str, format: str | None, problems: list[Failure]) -> list[str]:
    return [path for path in _files(folder, problems) if _fits(path, format)]


def _matched(pattern: str, format: str | None, problems: list[Failure]) -> list[str]:
    found: set[str] = set()
    for path in matches(pattern):
        # A first "**" matches the current folder, whose name here is empty.
        if os.path.isdir(path or os.curdir):
            found.update(_in_folder(path, format, problems))
        elif os.path.isfile(path):
            found.add(path)
    return sorted(found, key=_place)


def _place(path: str) -> list[tuple[bool, str]]:
    """Return a key that sorts a folder's own files before those of its subfolders."""
    *folders, name = path.replace(os.sep, "/").split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def _fits(name: str, format: str | None) -> bool:
    """Return whether a file in a folder is read, judging by its ending."""
    by_ending = format_of(name)
    return by_ending is not None and format in (None, by_ending)


def _nothing(format: str | None) -> str:
    endings = [ending for name, some in ENDINGS.items() if format in (None, name) for ending in some]
    kinds = " or ".join([", ".join(endings[:-1]), endings[-1]] if len(endings) > 1 else endings)
    return reason(
        f"no {kinds} file in this folder (nor any with {' or '.join(COMPRESSED)} behind that)",
        "Name files of other endings one by one",
    )


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
