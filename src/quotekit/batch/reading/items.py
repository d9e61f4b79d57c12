"""What one input holds: its articles, and what in it cannot be read."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import BinaryIO

from quotekit.batch.reading.archives.members import Member, tar_members, wacz_members, zip_members
from quotekit.batch.reading.archives.warc import read_warc
from quotekit.batch.reading.condition import prepared
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
from quotekit.batch.reading.news.agencies import read_newsml, read_nitf
from quotekit.batch.reading.news.feeds import read_feed
from quotekit.batch.reading.news.sgml import read_sgml
from quotekit.batch.reading.opening import on_disk, opened, peeked, unpacked
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.parquet_rows import read_parquet
from quotekit.batch.reading.sheet_rows import read_xlsx
from quotekit.batch.reading.sqlite_rows import read_sqlite
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
    "feed": read_feed,
    "nitf": read_nitf,
    "newsml": read_newsml,
    "sgml": read_sgml,
    "warc": read_warc,
    "xlsx": read_xlsx,
    "sqlite": read_sqlite,
}

_ARCHIVES: dict[str, Callable[[BinaryIO], Iterator[Member]]] = {
    "zip": zip_members,
    "tar": tar_members,
    "wacz": wacz_members,
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
    yield from _safely(opened(source, path), source, options or ReadOptions())


def _safely(
    content: AbstractContextManager[BinaryIO], name: str, options: ReadOptions, *, inside: bool = False
) -> Iterator[Record | Failure]:
    """Yield the articles of a file; whatever is wrong with it is a failure, and the last item."""
    index = 0
    try:
        with content as stream:
            for item in _items(stream, name, options, inside):
                index += 1
                yield item
    except Fault as fault:
        why = str(fault)
    except (OSError, EOFError, zlib.error, MemoryError) as error:
        why = of_error(error)
    else:
        return
    yield Failure(name, why, index)


def _items(stream: BinaryIO, source: str, options: ReadOptions, inside: bool) -> Iterator[Record | Failure]:
    head, stream = peeked(stream)
    with _as_file(head, stream) as file:
        format = format_of_file(head, file, source, options)
        if format not in _ARCHIVES:
            for item in _READERS[format](file, source, options):
                yield prepared(item, options) if isinstance(item, Record) else item
        elif inside:
            raise Fault("an archive in an archive", "Unpack it, and name the folder")
        else:
            yield from _of_archive(_ARCHIVES[format](file), source, options)


def _of_archive(members: Iterator[Member], source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield what the files in an archive hold, each under the archive's name and its own."""
    # What was said of the archive is not said of the files in it.
    if options.format in _ARCHIVES:
        options = replace(options, format=None)
    index = 0
    for name, member in members:
        called = f"{source}#{name}"
        for item in _safely(unpacked(member, called), called, options, inside=True):
            if isinstance(item, Failure):
                item = replace(item, id=item.id or called)
            yield replace(item, source=source, index=index)
            index += 1
    if not index:
        raise Fault("an archive with no file that is read", "Unpack it, and name the files one by one")


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
