"""Articles as rows of CSV and TSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from quotekit.batch.reading.faults import Fault, brief, reason
from quotekit.batch.reading.lines import Lines, undecodable
from quotekit.batch.reading.opening import LARGEST
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import check_columns, numbered, record
from quotekit.batch.records import Failure, Record

_QUOTE = "Put cells that hold commas, quotation marks or line breaks in quotation marks, and double those inside"


def read_csv(stream: BinaryIO, source: str, options: ReadOptions, delimiter: str = ",") -> Iterator[Record | Failure]:
    """Yield each row below the header. A row that does not fit is a failure; the next is read all the same."""
    # Python's own bound is 128 KiB a cell, for the whole process. It is only ever raised here.
    if csv.field_size_limit() < LARGEST:
        csv.field_size_limit(LARGEST)
    lines = Lines(stream, options.encoding, newline="", guess=True)
    rows = csv.reader(_whole(lines), delimiter=delimiter, strict=True)
    header = _header(rows, lines.encoding, delimiter, options)
    index = 0
    while True:
        before = rows.line_num
        try:
            row = next(rows, None)
            why = None
        except csv.Error as error:
            row, why = [], reason(f"not a row of CSV ({brief(error)})", _QUOTE)
        if row is None:
            return
        if not row and why is None:
            continue
        where = f"row {index + 1:,}, line {before + 1:,}"
        why = why or undecodable("".join(row), lines.encoding) or _misfit(row, header)
        if why is not None:
            yield Failure(source, f"{where}: {why}", index, numbered(source, index))
        else:
            # A column without a name cannot be carried.
            cells = {name: cell for name, cell in zip(header, row, strict=False) if name}
            yield record(cells, source, index, where, options)
        index += 1


def read_tsv(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield each row below the header, with tabs between the cells."""
    return read_csv(stream, source, options, "\t")


def _whole(lines: Lines) -> Iterator[str]:
    for line in lines:
        if line is None:
            raise Fault(f"a line of more than {LARGEST:,} characters", "Check that it is CSV, and split the article")
        yield line


def _header(rows: Iterator[list[str]], encoding: str, delimiter: str, options: ReadOptions) -> list[str]:
    try:
        header = [name.strip() for name in next((row for row in rows if row), [])]
    except csv.Error as error:
        raise Fault(f"the header is not a row of CSV ({brief(error)})", _QUOTE) from error
    if not header:
        raise Fault("no header with the columns' names", "Write them in the first row")
    why = undecodable("".join(header), encoding)
    if why is not None:
        raise Fault(f"the header is {why.partition('. ')[0]}", "Say which encoding it has with --encoding")
    other = next((mark for mark in (";", "\t", ",", "|") if mark != delimiter and mark in header[0]), None)
    if len(header) == 1 and other is not None and options.text_field not in header:
        shown = "tabs" if delimiter == "\t" else "commas"
        raise Fault(
            f"expected columns separated by {shown}, found one called {brief(repr(header[0]), 60)}",
            f"Save it with {shown}, or name it .tsv if they are tabs",
        )
    check_columns(header, options)
    return header


def _misfit(row: list[str], header: list[str]) -> str | None:
    """Return what is wrong with the number of cells; empty ones at the end do not count."""
    if len(row) >= len(header) and not any(row[len(header) :]):
        return None
    return reason(f"must have {len(header):,} cells as the header has, not {len(row):,}", _QUOTE)
