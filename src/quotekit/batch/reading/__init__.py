"""Inputs: files, folders, patterns and standard input, read as `Record`s and `Failure`s."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice

from quotekit.batch.reading.finding import STDIN as STDIN
from quotekit.batch.reading.finding import find
from quotekit.batch.reading.items import read_items as read_items
from quotekit.batch.reading.options import ENDINGS as ENDINGS
from quotekit.batch.reading.options import ReadOptions as ReadOptions
from quotekit.batch.reading.process import ReadingProcess as ReadingProcess
from quotekit.batch.reading.process import read_one as read_one
from quotekit.batch.records import Failure, Record


class Inputs:
    """The inputs that ``paths`` name: files, folders, patterns, and "-" for standard input.

    Attributes:
        options: how they are read.
        sources: the inputs in order, each once, readable or not.
        problems: failures for paths that name no input, and for folders that cannot be listed.
        left_out: the number of files in folders that are not read, by ending.

    >>> inputs = Inputs(["no such file"])
    >>> inputs.sources, inputs.problems[0].reason
    ([], 'no such file or folder. Check the spelling and the folder you are in.')
    """

    def __init__(
        self,
        paths: Iterable[str],
        options: ReadOptions | None = None,
        *,
        exclude: Iterable[str | os.PathLike[str]] = (),
        own: Iterable[str | os.PathLike[str]] = (),
    ) -> None:
        """Files of ``exclude`` are skipped in folders and patterns, those of ``own`` even if they are named."""
        self.options = options or ReadOptions()
        found = find(paths, self.options.format, exclude, own)
        self.sources, self.problems, self.left_out = found.sources, found.problems, found.left_out

    def read(self, source: str, start: int = 0) -> Iterator[Record | Failure]:
        """Yield what one of the sources holds, from item ``start`` on; see `read_items`."""
        return islice(read_items(source, self.options), start, None)
