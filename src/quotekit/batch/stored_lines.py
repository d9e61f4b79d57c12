"""The articles of an output in JSON Lines, read back as they are or as results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from pydantic import ValidationError

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
from quotekit.models import Quote


def read_lines(path: Path) -> Iterator[Result]:
    """Yield the articles of a file.

    Raises:
        StoredError: it cannot be read, or a line is not an article.
    """
    place = Place(path)
    for record in json_records(place):
        yield result_of(record, place)


def json_records(place: Place) -> Iterator[dict[str, Any]]:
    """Yield the articles of the file at ``place`` as they are, and keep the number of the line there.

    Raises as `read_lines` does.
    """
    with opened_stored(place.path) as file:
        try:
            with TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
                for place.number, text in enumerate(lines, 1):
                    if text.strip():
                        yield _object(text, place)
        except UnicodeDecodeError as error:
            raise place.wrong("must be UTF-8 text", f"Save it as UTF-8, {OR_REMEDY}") from error


def _object(text: str, place: Place) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        remedy = REMEDY if text.endswith("\n") else f"It may have been cut off. {REMEDY}"
        raise place.wrong("must be one JSON object, as quotekit extract writes them", remedy) from error
    if not isinstance(record, dict) or not isinstance(record.get("quotes"), list) or "id" not in record:
        raise place.wrong('must be an object with an article\'s "id" and its "quotes"')
    return record


def result_of(record: Mapping[str, Any], place: Place) -> Result:
    """Return the article that `Result.as_json` made ``record`` of."""
    fields, text, day = record.get("fields", {}), record.get("text"), record.get("date")
    if not isinstance(record["id"], str) or not isinstance(fields, dict) or not isinstance(text, str | None):
        raise place.wrong('"id" and "text" must be texts, "fields" an object')
    try:
        quotes = [Quote.model_validate(quote) for quote in record["quotes"]]
    except ValidationError as error:
        raise place.wrong(f"a quote is not as quotekit writes it ({first_of(error)})") from error
    about, (form, words, notices) = about_of(record, "", place), facts_of(record, place)
    return Result(record["id"], quotes, stored_day(day, place), fields, text, about, form, words, notices)
