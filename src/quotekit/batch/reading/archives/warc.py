"""Web archives (WARC), record by record."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from quotekit.batch.reading.articles import Article
from quotekit.batch.reading.encodings import decoded
from quotekit.batch.reading.faults import Fault, brief, library
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import numbered
from quotekit.batch.reading.texts import LARGEST_PAGE, main_text
from quotekit.batch.records import Failure, Record

_PAGE = re.compile(r"(?i)text/html|application/xhtml\+xml")
_TEXT = re.compile(r"(?i)text/plain")
_CHARSET = re.compile(r"(?i)charset=\"?([\w.:-]{2,40})")


def read_warc(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield the main text of each page, and the text of each conversion. Other records are skipped."""
    content = _AsItComes(stream)
    archive = library("warcio.archiveiterator", "documents", "web archives").ArchiveIterator(content)
    # The library's warning would put a line of the page on the terminal.
    archive.INC_RECORD = ""
    for index, record in enumerate(filter(_is_read, _records(archive))):
        name = numbered(source, index)
        try:
            yield _article(record, options).record(source, index, name)
        except Fault as fault:
            yield Failure(source, f"{_address(record)}: {fault}", index, name)
    if content.error is not None:
        raise content.error


def _records(archive: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from archive
    except MemoryError:
        raise
    # A broad catch: the library raises whatever a broken record leads to.
    except Exception as error:
        raise Fault(f"a web archive that is broken ({brief(error)})", "Get the file again") from error


class _AsItComes:
    """A stream that returns everything before an error. The library takes an error for the end of the file.

    Attributes:
        error: what has ended the stream, if that was not its end.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            # `read` would lose what it has when it fails.
            return bytes(self._stream.read1(size))
        except (OSError, EOFError, zlib.error, Fault) as error:
            self.error = error
            return b""


def _is_read(record: Any) -> bool:
    kind = _type(record)
    if record.rec_type == "conversion":
        return bool(_TEXT.match(kind))
    if record.rec_type == "response":
        return record.http_headers is not None and record.http_headers.get_statuscode() == "200" and _is_page(kind)
    return record.rec_type == "resource" and _is_page(kind)


def _is_page(kind: str) -> bool:
    return _PAGE.match(kind) is not None


def _type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return headers.get_header("Content-Type") or ""


def _address(record: Any) -> str:
    return brief(record.rec_headers.get_header("WARC-Target-URI") or "a page", 300)


def _article(record: Any, options: ReadOptions) -> Article:
    url = record.rec_headers.get_header("WARC-Target-URI")
    try:
        data = record.content_stream().read(LARGEST_PAGE + 1)
    # A broad catch: what the page is compressed with may be broken, or need a library.
    except Exception as error:
        raise Fault(f"a page that cannot be unpacked ({brief(error)})", "Leave it out") from error
    if len(data) > LARGEST_PAGE:
        raise Fault(f"a page of more than {LARGEST_PAGE // 2**20} MiB", "Leave it out")
    if record.rec_type == "conversion":
        return Article(decoded(data, options.encoding), None, {}, about(url=url))
    return main_text(decoded(data, options.encoding or _charset(record), html=True), url)


def _charset(record: Any) -> str | None:
    """Return the encoding that the server has named, if Python knows it."""
    found = _CHARSET.search(_type(record))
    try:
        return found and found[1] if found is None or "a".encode(found[1]) else None
    except (LookupError, ValueError):
        return None
