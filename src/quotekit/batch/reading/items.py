"""What one input holds: its articles, and what in it cannot be read."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

from quotekit.batch.reading.csv_rows import read_csv, read_tsv
from quotekit.batch.reading.documents.epub import read_epub
from quotekit.batch.reading.documents.mail import read_mail
from quotekit.batch.reading.documents.office import read_docx, read_odt
from quotekit.batch.reading.documents.pdf import read_pdf
from quotekit.batch.reading.documents.rtf import read_rtf
from quotekit.batch.reading.documents.zipped import ZIP, names_in
from quotekit.batch.reading.faults import Fault, of_error
from quotekit.batch.reading.json_rows import read_json, read_jsonl
from quotekit.batch.reading.kinds import ending_of, kind_of_content, kind_of_members, kind_of_name, kind_of_text
from quotekit.batch.reading.opening import on_disk, opened, peeked
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
    "docx": read_docx,
    "odt": read_odt,
    "rtf": read_rtf,
    "pdf": read_pdf,
    "epub": read_epub,
    "mail": read_mail,
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
    with _as_file(head, stream) as file:
        yield from _READERS[format_of_file(head, file, source, options)](file, source, options)


def format_of_file(head: bytes, stream: BinaryIO, name: str, options: ReadOptions) -> str:
    """Return how a file is read, from its first bytes, its name, and the names in it if it is a ZIP file.

    Raises:
        Fault: it is of a kind that is not read.
    """
    kind = kind_of_members(names_in(stream)) if options.format is None and head.startswith(ZIP) else None
    if kind is None:
        return format_of_content(head, name, options)
    if kind.format is None:
        raise kind.refusal()
    return kind.format


def _as_file(head: bytes, stream: BinaryIO) -> AbstractContextManager[BinaryIO]:
    """Return the stream as a file that is read from its end, if it is a ZIP file."""
    return on_disk(stream) if head.startswith(ZIP) else nullcontext(stream)


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
