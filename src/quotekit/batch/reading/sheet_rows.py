"""Articles as rows of an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from quotekit.batch.reading.documents.zipped import opened_zip
from quotekit.batch.reading.faults import Fault, brief, library, listed
from quotekit.batch.reading.opening import on_disk
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import check_columns, record
from quotekit.batch.records import Failure, Record, Value

LARGEST_WORKBOOK = 2**30
"""Bytes of a workbook, unpacked: a sheet is read at once."""

_REMEDY = "Save the sheet as CSV"


def read_xlsx(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield each row below the header of the sheet that ``options`` name, or of the first with the text's column."""
    calamine = library("python_calamine", "documents", "Excel workbooks")
    with on_disk(stream) as file:
        _check_size(file)
        try:
            workbook = calamine.CalamineWorkbook.from_filelike(file)
            name, rows = _sheet(workbook, options)
        except Fault:
            raise
        # A broad catch: the library raises whatever a broken workbook leads to, a panic of Rust too.
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
                raise
            raise Fault(f"an Excel workbook that cannot be read ({brief(error)})", _REMEDY) from error
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    check_columns(header, options)
    index = 0
    for number, row in enumerate(rows[1:], 2):
        if any(cell != "" for cell in row):
            cells = {column: _plain(cell) for column, cell in zip(header, row, strict=False) if column}
            yield record(cells, source, index, f"sheet {name!r}, row {number:,}", options)
            index += 1


def _check_size(file: BinaryIO) -> None:
    with opened_zip(file, "an Excel workbook") as archive:
        size = sum(info.file_size for info in archive.infolist())
    file.seek(0)
    if size > LARGEST_WORKBOOK:
        raise Fault(f"an Excel workbook of more than {LARGEST_WORKBOOK // 2**30} GiB, unpacked", _REMEDY)


def _sheet(workbook: Any, options: ReadOptions) -> tuple[str, list[list[Any]]]:
    names: list[str] = workbook.sheet_names
    if options.table is not None and options.table not in names:
        raise Fault(f"no sheet {options.table!r}; there are {listed(names)}", "Name one with --table")
    wanted = names if options.table is None else [options.table]
    sheets = ((name, workbook.get_sheet_by_name(name).to_python()) for name in wanted)
    first: tuple[str, list[list[Any]]] | None = None
    for name, rows in sheets:
        first = first or (name, rows)
        if rows and options.text_field in rows[0]:
            return name, rows
    return first or ("", [])


def _plain(cell: Any) -> Value:
    if isinstance(cell, (date, datetime, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    # What is left is text, numbers and true or false; the library has no types.
    return cell  # type: ignore[no-any-return]
