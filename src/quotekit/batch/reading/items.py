"""What one input holds: its articles, and what in it cannot be read."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from quotekit.batch.reading.csv_rows import read_csv, read_tsv
from quotekit.batch.reading.faults import Fault, of_error
from quotekit.batch.reading.json_rows import read_json, read_jsonl
from quotekit.batch.reading.kinds import ending_of, kind_of_content, kind_of_name, kind_of_text
from quotekit.batch.reading.opening import opened, peeked
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.parquet_rows import read_parquet
from quotekit.batch.reading.texts import read_html, read_text
from quotekit.batch.records import Failure, Record

_READERS: dict[str, Callable[[BinaryIO, str, ReadOptions], Iterator[Record | Failure]]] = {
    "text": read_text,
    "html": read_html,
    "json": read_json,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
}

_PROSE = (".md", ".markdown")
"""Endings of text that may begin like a list."""


def read_items(
    source: str, options: ReadOptions | None = None, *, path: str | None = None
) -> Iterator[Record | Failure]:
    """Yield the articles of one input, and a failure for each that cannot be read, in order.

    It never raises for what the input holds or whether it exists: a `Failure` is then the last item. The same input
    always gives the same items; standard input and pipes can be read once.

    Args:
        source: the input, as the items name it.
        options: how it is read.
        path: the file that holds it, if that is not ``source``.
    """
    options = options or ReadOptions()
    index = 0
    try:
        with opened(source, path) as stream:
            for item in _items(stream, source, options):
                index += 1
                yield item
    except Fault as fault:
        why = str(fault)
    except (OSError, EOFError, zlib.error, MemoryError) as error:
        why = of_error(error)
    else:
        return
    yield Failure(source, why, index)


def _items(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    head, stream = peeked(stream)
    yield from _READERS[format_of_content(head, source, options)](stream, source, options)


def format_of_content(head: bytes, name: str, options: ReadOptions) -> str:
    """Return how a file is read, from its first bytes and its name.

    Raises:
        Fault: it is of a kind that is not read.
    """
    if options.format is not None:
        return options.format
    kind = kind_of_content(head, name) or kind_of_name(name)
    if kind is None or kind.format == "text":
        return "text" if ending_of(name) in _PROSE else kind_of_text(head, options.text_field)
    if kind.format is None:
        raise kind.refusal()
    return kind.format
