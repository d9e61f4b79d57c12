"""Articles as rows of CSV and TSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from quotekit.batch.reading.faults import Fault, brief, reason
from quotekit.batch.reading.lines import Lines, undecodable
from quotekit.batch.reading.opening import LARGEST
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import check_columns, numbered, record
from quotekit.batch.records import Failure, Record

_QUOTE = "Put cells that hold commas, quotation marks or line breaks in quotation marks, and double those inside"


_DELIMITERS = (";", "\t", ",", "|")
_SEP = "sep="
_NAMED = re.compile(r"sep=([;,\t|])\s*$")
"""A first line that names the separator: Excel reads and writes it."""


def read_csv(stream: BinaryIO, source: str, options: ReadOptions, delimiter: str = ",") -> Iterator[Record | Failure]:
    """Yield each row below the header. A row that does not fit is a failure; the next is read all the same."""
    # Python's own bound is 128 KiB a cell, for the whole process. It is only ever raised here.
    if csv.field_size_limit() < LARGEST:
        csv.field_size_limit(LARGEST)
    lines = Lines(stream, options.encoding, newline="", guess=True)
    whole = _whole(lines)
    first = _beginning(whole)
    delimiter = _delimiter(first[-1] if first else "", delimiter, options.text_field)
    rows = csv.reader(chain(first, whole), delimiter=delimiter, strict=True)
    header = _header(rows, lines.encoding, options)
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


def _beginning(lines: Iterator[str]) -> list[str]:
    """Return the first lines, up to one that is not blank."""
    found = []
    for line in lines:
        found.append(line)
        if line.strip():
            break
    return found


def _delimiter(header: str, usual: str, text_field: str) -> str:
    """Return what separates the cells: what the first line names, or what makes the text's column one of the header."""
    named = _NAMED.match(header)
    if named is not None:
        return named[1]
    for mark in (usual, *_DELIMITERS):
        if text_field in (cell.strip().strip('"') for cell in header.strip().split(mark)):
            return mark
    return usual if usual in header else next((mark for mark in _DELIMITERS if mark in header), usual)


def _header(rows: Iterator[list[str]], encoding: str, options: ReadOptions) -> list[str]:
    try:
        header = [name.strip() for name in next((row for row in rows if row and row[0] != _SEP), [])]
    except csv.Error as error:
        raise Fault(f"the header is not a row of CSV ({brief(error)})", _QUOTE) from error
    if not header:
        raise Fault("no header with the columns' names", "Write them in the first row")
    why = undecodable("".join(header), encoding)
    if why is not None:
        raise Fault(f"the header is {why.partition('. ')[0]}", "Say which encoding it has with --encoding")
    check_columns(header, options)
    return header


def _misfit(row: list[str], header: list[str]) -> str | None:
    """Return what is wrong with the number of cells; empty ones at the end do not count."""
    if len(row) >= len(header) and not any(row[len(header) :]):
        return None
    return reason(f"must have {len(header):,} cells as the header has, not {len(row):,}", _QUOTE)
