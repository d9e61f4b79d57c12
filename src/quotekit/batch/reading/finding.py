"""Which inputs a list of paths stands for: files, what folders hold, what patterns match."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from quotekit.batch.reading.faults import of_error, reason
from quotekit.batch.reading.options import ENDINGS, PACKED, format_of
from quotekit.batch.reading.patterns import MAGIC, Pattern
from quotekit.batch.records import Failure

STDIN = "-"
"""The name of standard input, as a path and as an article's id."""


def find(
    paths: Iterable[str],
    format: str | None = None,
    exclude: Iterable[str | os.PathLike[str]] = (),
    own: Iterable[str | os.PathLike[str]] = (),
) -> tuple[list[str], list[Failure]]:
    """The inputs that ``paths`` stand for, in order and each once, and what stands for none.

    A folder stands for the files in it at any depth that have an ending of ``ENDINGS`` (of ``format``, if given): by
    name, a folder's own files before those of its subfolders. Names with a leading dot, links, and what is no plain
    file are left out. A path that does not exist and has ``*``, ``?`` or ``[`` is a pattern: ``**`` is folders at any
    depth. A file that is named stands for itself whatever its ending, and so does a link. ``exclude`` holds for
    folders and patterns; ``own`` for files that are named, too, as a shell's patterns name them.
    """
    found: dict[str, str] = {}
    problems: list[Failure] = []
    never = {os.path.realpath(path) for path in own}
    left_out = never | {os.path.realpath(path) for path in exclude}

    def walk(folder: str, wanted: Callable[[str], bool], enter: Callable[[str], bool]) -> bool:
        # Links in a folder are not followed, so that its own real path makes that of every file in it.
        real, some = os.path.realpath(folder), False
        for inner in _files(folder, enter, problems):
            if wanted(inner):
                some = True
                key = os.path.join(real, inner)
                if key not in left_out:
                    found.setdefault(key, os.path.join(folder, inner))
        return some

    for path in paths:
        before = len(problems)
        if path == STDIN:
            found.setdefault(STDIN, STDIN)
        elif "\0" in path:
            problems.append(Failure(path, reason("a name with a NUL character in it", "Check the spelling")))
        elif os.path.isdir(path):
            if not walk(path, lambda inner: _fits(inner, format), lambda inner: True) and len(problems) == before:
                problems.append(Failure(path, _nothing(format)))
        elif os.path.lexists(path):
            if (real := os.path.realpath(path)) not in never:
                found.setdefault(real, path)
        elif MAGIC.search(path):
            if not _matched(Pattern(path), format, walk) and len(problems) == before:
                problems.append(Failure(path, reason("no file matches this pattern", _SPELLING)))
        else:
            problems.append(Failure(path, of_error(FileNotFoundError())))
    return list(found.values()), problems


def _matched(
    pattern: Pattern, format: str | None, walk: Callable[[str, Callable[[str], bool], Callable[[str], bool]], bool]
) -> bool:
    def wanted(inner: str) -> bool:
        return pattern.names(inner) or (pattern.holds(inner) and _fits(inner, format))

    return os.path.isdir(pattern.root or os.curdir) and walk(pattern.root, wanted, pattern.leads_into)


_SPELLING = "Check the spelling and the folder you are in"


def _fits(name: str, format: str | None) -> bool:
    """Whether a file in a folder is read: by its ending."""
    told = format_of(name)
    return told is not None and format in (None, told)


def _nothing(format: str | None) -> str:
    endings = [ending for name, some in ENDINGS.items() if format in (None, name) for ending in some]
    kinds = " or ".join([", ".join(endings[:-1]), endings[-1]] if len(endings) > 1 else endings)
    return reason(
        f"no {kinds} file in this folder (nor any with {' or '.join(PACKED)} behind that)",
        "Name files of other endings one by one",
    )


def _files(root: str, enter: Callable[[str], bool], problems: list[Failure]) -> Iterator[str]:
    """The plain files below ``root`` in order, named from there; folders that cannot be listed become ``problems``."""
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        folder = os.path.join(root, inner) if inner else root
        files: list[str] = []
        folders: list[str] = []
        try:
            with os.scandir(folder or os.curdir) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(os.path.join(inner, entry.name))
                    elif entry.is_file(follow_symlinks=False):
                        files.append(os.path.join(inner, entry.name))
        except OSError as error:
            problems.append(Failure(folder, of_error(error)))
            continue
        yield from sorted(files)
        waiting += filter(enter, sorted(folders, reverse=True))
