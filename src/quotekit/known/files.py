"""Lists of known speakers read from JSON Lines and CSV files."""

from __future__ import annotations

import codecs
import csv
import json
import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from quotekit.errors import KnownSpeakersError
from quotekit.known.entries import COLUMNS, IGNORED, split_cell, unknown_field
from quotekit.output.cells import unguarded

_LISTS = ("names", "roles")
_AS_UTF_8 = "Save it as UTF-8; spreadsheets call it CSV UTF-8."
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def records_of(path: str | os.PathLike[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the raw lines of a list, a JSON Lines (.jsonl, .ndjson) or CSV file in UTF-8, with positions for messages.

    Raises:
        KnownSpeakersError: the file cannot be read, or a line is invalid.
    """
    where = os.fspath(path)
    path = Path(where)
    readers = {".csv": _csv_records, ".jsonl": _json_records, ".ndjson": _json_records}
    ending = path.suffix.lower()
    if path.is_dir():
        raise KnownSpeakersError(f"{where}: must be a file, not a folder. Name a .jsonl or .csv file.")
    if ending not in readers:
        remedy = (
            "Write one object on each line of a .jsonl file"
            if ending == ".json"
            else "Save it as one of these and name it so"
        )
        raise KnownSpeakersError(f"{where}: a list of known speakers is a .jsonl or .csv file. {remedy}.")
    return readers[ending](_read(path, where), where)


def _read(path: Path, where: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise KnownSpeakersError(f"{where}: {reason}. Check the spelling and the folder you are in.") from error
    except ValueError as error:
        # A path with NUL in it.
        raise KnownSpeakersError(f"{where!r}: {error}. Check the spelling.") from error
    # UTF-16 may lack the byte order mark; then a NUL is beside the first letter.
    if data[:2] in _BOMS or b"\0" in data[:2]:
        raise KnownSpeakersError(
            f"{where}: must be UTF-8 text, not UTF-16, which spreadsheets call Unicode text. {_AS_UTF_8}"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnownSpeakersError(
            f"{where}: not UTF-8 text (byte 0x{error.object[error.start]:02x} at {error.start:,}). {_AS_UTF_8}"
        ) from error
    before, nul, _ = text.partition("\0")
    if nul:
        line = before.count("\n") + 1
        raise KnownSpeakersError(f"{where}, line {line}: must be text without NUL characters. Take them out.")
    return text


def _json_records(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    # Not splitlines: a JSON string may contain U+2028.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        at = f"{where}, line {number}"
        try:
            record = json.loads(line, object_pairs_hook=_once)
        except KnownSpeakersError as error:
            raise KnownSpeakersError(f"{at}, {error}") from None
        except (ValueError, RecursionError) as error:
            reason = f" ({error.msg}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
            raise KnownSpeakersError(
                f"{at}: must be one JSON object{reason}. "
                f'Write one speaker on each line, like {{"id": "Q1", "names": ["Ann Lee"]}}.'
            ) from error
        if not isinstance(record, dict):
            raise KnownSpeakersError(
                f"{at}: must be one JSON object, not {type(record).__name__}. Write one speaker in braces on each line."
            )
        yield at, record


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        twice = next(field for field in record if sum(field == other for other, _ in pairs) > 1)
        raise KnownSpeakersError(f"field {twice!r}: is given twice. Put all of it into one.")
    return record


def _csv_records(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    before = 0
    try:
        for row in rows:
            at, before = f"{where}, line {before + 1}", rows.line_num
            row = [unguarded(cell) for cell in row]
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = _header(row, at)
                continue
            if any(cell.strip() for cell in row[len(header) :]):
                raise KnownSpeakersError(
                    f"{at}: must have {len(header)} cells as the header has, not {len(row)}. "
                    f"Put a cell that has a comma in it in quotation marks."
                )
            yield at, _record(dict(zip(header, row, strict=False)))
    except csv.Error as error:
        raise KnownSpeakersError(
            f"{where}, line {before + 1}: must be CSV ({error}). "
            f"Write a quotation mark inside a cell twice, and close each cell that begins with one."
        ) from error


def _header(row: list[str], at: str) -> list[str]:
    header = [cell.strip().lower() for cell in row]
    while header and not header[-1]:
        header.pop()
    if len(header) == 1 and re.search("[;\t]", header[0]):
        raise KnownSpeakersError(
            f"{at}: columns must be separated by commas, not by {'tabs' if chr(9) in header[0] else 'semicolons'}. "
            f"Save it with commas: semicolons separate the names in one cell."
        )
    for column in header:
        if column not in COLUMNS and column not in IGNORED:
            raise unknown_field(f"{at}, column", column)
        if header.count(column) > 1:
            raise KnownSpeakersError(f"{at}, column {column!r}: is given twice. Leave one of them out.")
    for column in ("id", "names"):
        if column not in header:
            raise KnownSpeakersError(
                f"{at}: must be a header with the column {column!r}, which is missing. Begin with: {','.join(COLUMNS)}"
            )
    return header


def _record(cells: dict[str, str]) -> dict[str, Any]:
    """Return a CSV row as a record. Empty cells are left out, except for id and names."""
    record: dict[str, Any] = {"id": cells.get("id", "")}
    for column, cell in cells.items():
        if column in _LISTS:
            record[column] = split_cell(cell)
        elif cell.strip():
            record[column] = cell.strip()
    return record
