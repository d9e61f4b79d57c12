"""Patterns such as ``articles/**/*.txt`` that the shell has left as they are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

MAGIC = re.compile(r"[*?\[]")


def matches(pattern: str) -> Iterator[str]:
    """Yield the files and folders that a pattern matches, without hidden names and links.

    ``*``, ``?`` and ``[...]`` match parts of a name, ``**`` folders at any depth.
    """
    parts = pattern.replace(os.sep, "/").split("/")
    first = next(i for i, part in enumerate(parts) if MAGIC.search(part))
    root = "".join(f"{part}/" for part in parts[:first])
    # pathlib refuses "a**", and matches files by a last "**" from Python 3.13 on, unless a slash follows.
    names = [part if part == "**" else re.sub(r"\*\*+", "*", part) for part in parts[first:] if part]
    base = Path(root)
    for path in base.glob("/".join(names) + "/" * (names[-1] == "**")):
        inner = path.relative_to(base)
        if not any(part.startswith(".") for part in inner.parts) and not _is_linked(base, inner):
            yield root + (str(inner) if inner.parts else "")


def _is_linked(base: Path, inner: Path) -> bool:
    return any((base / part).is_symlink() for part in (inner, *inner.parents) if part.parts)
