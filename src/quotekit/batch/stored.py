"""Outputs read back, article by article: JSON Lines and Parquet."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from quotekit.batch.articles_table import columns_of
from quotekit.batch.compression import endings
from quotekit.batch.reading.options import format_of
from quotekit.batch.reading.rows import QUOTES_BY
from quotekit.batch.records import Result
from quotekit.batch.stored_place import (
    OR_REMEDY,
    REMEDY,
    Place,
    about_of,
    facts_of,
    first_of,
    opened_stored,
    stored_day,
)
from quotekit.batch.stored_place import (
    StoredError as StoredError,
)
from quotekit.batch.stored_tables import read_tables
from quotekit.models import Quote


def read_stored(path: str | os.PathLike[str]) -> Iterator[Result]:
    """Yield the articles of an output: .jsonl or .ndjson (also with .gz or .zst), or .parquet.

    Their quotes equal those that were written. Of Parquet the table of articles beside it is read too, if it is there:
    without it there are no articles without quotes. Parquet has only carried fields with a value. CSV is for
    spreadsheets and is not read back.

    Raises:
        StoredError: the file cannot be read, is damaged, or is not an output of quotekit or one of a newer version;
            the message says where and what to do.
        QuotekitError: the library that reads this format is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "quotes.jsonl")
    ...     _ = path.write_text('{"id": "a.txt", "quotes": []}')
    ...     list(read_stored(path))
    [Result(id='a.txt', quotes=[], date=None, fields={}, text=None, about={}, form=None, words=None, notices=())]
    """
    path = Path(path)
    ending, compression = endings(path)
    if ending == ".parquet" and compression is None:
        return read_tables(path)
    if ending in (".jsonl", ".ndjson"):
        return _json_lines(path)
    if ending in (".csv", ".tsv"):
        raise StoredError(
            f"{path}: {ending[1:].upper()} is written for spreadsheets and is not read back. "
            "Write a .jsonl or .parquet file with quotekit extract -o, and name that."
        )
    raise StoredError(
        f"{path}: an output of quotekit is a .jsonl or .ndjson file (each also with .gz or .zst behind it) or a "
        ".parquet file. Name one of these, or make one with quotekit extract … -o quotes.parquet."
    )


def is_stored(path: str) -> bool:
    """Return whether ``path`` is an output of ``quotekit extract``, or was one before something changed it.

    The columns of a table decide, and the first line of JSON Lines. What is wrong with it, `read_stored` says.
    """
    if not os.path.isfile(path):
        return False
    format = format_of(path)
    if format in ("csv", "tsv", "parquet"):
        return set(columns_of(Path(path))) >= QUOTES_BY
    if format != "jsonl":
        return False
    try:
        next(iter(read_stored(path)), None)
    except StoredError:
        return False
    return True


# JSON Lines


def _json_lines(path: Path) -> Iterator[Result]:
    place = Place(path)
    with opened_stored(path) as file:
        try:
            with TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
                for place.number, text in enumerate(lines, 1):
                    if text.strip():
                        yield _result(_object(text, place), place)
        except UnicodeDecodeError as error:
            raise place.wrong("must be UTF-8 text", f"Save it as UTF-8, {OR_REMEDY}") from error


def _object(text: str, place: Place) -> Mapping[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        remedy = REMEDY if text.endswith("\n") else f"It may have been cut off. {REMEDY}"
        raise place.wrong("must be one JSON object, as quotekit extract writes them", remedy) from error
    if not isinstance(record, dict) or not isinstance(record.get("quotes"), list) or "id" not in record:
        raise place.wrong('must be an object with an article\'s "id" and its "quotes"')
    return record


def _result(record: Mapping[str, Any], place: Place) -> Result:
    fields, text, day = record.get("fields", {}), record.get("text"), record.get("date")
    if not isinstance(record["id"], str) or not isinstance(fields, dict) or not isinstance(text, str | None):
        raise place.wrong('"id" and "text" must be texts, "fields" an object')
    try:
        quotes = [Quote.model_validate(quote) for quote in record["quotes"]]
    except ValidationError as error:
        raise place.wrong(f"a quote is not as quotekit writes it ({first_of(error)})") from error
    about, (form, words, notices) = about_of(record, "", place), facts_of(record, place)
    return Result(record["id"], quotes, stored_day(day, place), fields, text, about, form, words, notices)
