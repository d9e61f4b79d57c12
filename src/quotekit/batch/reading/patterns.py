"""Patterns such as ``articles/**/*.txt`` that the shell has left as they are."""

from __future__ import annotations

import fnmatch
import os
import re

MAGIC = re.compile(r"[*?\[]")


class Pattern:
    """A path in which ``*``, ``?`` and ``[...]`` stand for parts of a name, and ``**`` for folders at any depth.

    Attributes:
        root: the folder in which it begins; empty for the one that we are in.

    >>> pattern = Pattern("news/**/*.txt")
    >>> pattern.root, pattern.names("a.txt"), pattern.names("2026/a.txt"), pattern.names("a.csv")
    ('news/', True, True, False)
    """

    def __init__(self, path: str) -> None:
        parts = path.replace(os.sep, "/").split("/")
        first = next(i for i, part in enumerate(parts) if MAGIC.search(part))
        self.root = "".join(f"{part}/" for part in parts[:first])
        # None is "**".
        self._pieces = [None if part == "**" else re.compile(fnmatch.translate(part)) for part in parts[first:] if part]

    def names(self, path: str) -> bool:
        """Whether it names this file below the root."""
        return self._end in self._after(path) and self._pieces[-1] is not None

    def holds(self, path: str) -> bool:
        """Whether it names a folder that this file below the root is in."""
        folders = _split(path)[:-1]
        within = self._pieces[-1] is None and self._end in self._after(path)
        return within or any(self._end in self._after("/".join(folders[:i])) for i in range(1, len(folders) + 1))

    def leads_into(self, folder: str) -> bool:
        """Whether there can be something for it in this folder below the root.

        >>> Pattern("news/*.txt").leads_into("2026"), Pattern("news/2*/*.txt").leads_into("2026")
        (False, True)
        """
        return bool(self._after(folder) - {self._end}) or self.holds(f"{folder}/any")

    @property
    def _end(self) -> int:
        return len(self._pieces)

    def _after(self, path: str) -> set[int]:
        """The places in the pattern to which the names in ``path`` may have led."""
        places = self._closed({0})
        for name in _split(path):
            reached = set()
            for place in places - {self._end}:
                piece = self._pieces[place]
                if piece is None:
                    reached.add(place)
                elif piece.match(name):
                    reached.add(place + 1)
            places = self._closed(reached)
        return places

    def _closed(self, places: set[int]) -> set[int]:
        """``places``, and those behind each ``**`` that may stand for no folder at all."""
        for place in list(places):
            while place < self._end and self._pieces[place] is None:
                place += 1
                places.add(place)
        return places


def _split(path: str) -> list[str]:
    return [name for name in path.replace(os.sep, "/").split("/") if name]
