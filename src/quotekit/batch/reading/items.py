"""What one input holds: its articles, and what in it cannot be read."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from quotekit.batch.reading.csv_rows import read_csv, read_tsv
from quotekit.batch.reading.faults import Fault, of_error
from quotekit.batch.reading.json_rows import read_json, read_jsonl
from quotekit.batch.reading.opening import opened
from quotekit.batch.reading.options import ReadOptions, format_of
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
    reader = _READERS[options.format or format_of(source) or "text"]
    index = 0
    try:
        with opened(source, path) as stream:
            for item in reader(stream, source, options):
                index += 1
                yield item
    except Fault as fault:
        why = str(fault)
    except (OSError, EOFError, zlib.error, MemoryError) as error:
        why = of_error(error)
    else:
        return
    yield Failure(source, why, index)
