"""What is read: files, folders, patterns and standard input, as `Record`s and `Failure`s."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from quotekit.batch.reading.csv_rows import read_csv, read_tsv
from quotekit.batch.reading.faults import Fault, of_error
from quotekit.batch.reading.finding import STDIN as STDIN
from quotekit.batch.reading.finding import find
from quotekit.batch.reading.json_rows import read_json, read_jsonl
from quotekit.batch.reading.opening import opened
from quotekit.batch.reading.options import ReadOptions as ReadOptions
from quotekit.batch.reading.options import format_of
from quotekit.batch.reading.parquet_rows import read_parquet
from quotekit.batch.reading.rows import Found
from quotekit.batch.reading.texts import read_html, read_text
from quotekit.batch.records import Failure, Record
from quotekit.errors import InputError

_READERS: dict[str, Callable[[BinaryIO, str, ReadOptions, int], Iterator[Found]]] = {
    "text": read_text,
    "html": read_html,
    "json": read_json,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
}


class Inputs:
    """The inputs that ``paths`` stand for: files, folders, patterns, and "-" for standard input.

    Attributes:
        options: how they are read.
        sources: the inputs in order, each once, readable or not.
        problems: paths that stand for no input, and folders that cannot be listed.

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
        """Files left out: ``exclude``, such as the output, in folders and under patterns, ``own`` if named, too."""
        self.options = options or ReadOptions()
        self.sources, self.problems = find(paths, self.options.format, exclude, own)

    def read(self, source: str, start: int = 0) -> Iterator[Record | Failure]:
        """Yield what one of the sources holds, from item ``start`` on; see `read_items`."""
        return read_items(source, self.options, start)

    def items(self) -> Iterator[Record | Failure]:
        """Yield the problems, then what all sources hold."""
        yield from self.problems
        for source in self.sources:
            yield from self.read(source)


def read_items(source: str, options: ReadOptions | None = None, start: int = 0) -> Iterator[Record | Failure]:
    """The articles of one input, and what in it cannot be read, in order.

    It never raises for what the input holds or whether it is there: what ends the reading is the last item, a
    `Failure`. Read again with ``start``, the same input gives the same items from that one on; standard input and
    pipes can be read once.
    """
    options = options or ReadOptions()
    reader = _READERS[options.format or format_of(source) or "text"]
    index = 0
    try:
        with opened(source) as stream:
            for item in reader(stream, source, options, start):
                index += 1
                if item is not None:
                    yield item
    except Fault as fault:
        why = str(fault)
    except (OSError, EOFError, zlib.error) as error:
        why = of_error(error)
    else:
        return
    if index >= start:
        yield Failure(source, why, index)


def read_one(source: str, options: ReadOptions | None = None) -> Record:
    """The article of an input that holds one.

    Raises:
        InputError: it cannot be read, or holds none or several.
    """
    found = list(islice(read_items(source, options), 2))
    if len(found) != 1:
        how_many = "more than one article" if found else "no article"
        raise InputError(f"{source}: {how_many} in it. Give a file of one article.")
    if isinstance(found[0], Failure):
        raise InputError(f"{source}: {found[0].reason}")
    return found[0]
