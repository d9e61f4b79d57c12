"""The position in an output that is being read back, and errors that name it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from quotekit.batch.reading.faults import Fault, of_error
from quotekit.batch.reading.opening import opened
from quotekit.batch.reading.rows import ARTICLES_BY
from quotekit.batch.records import ABOUT
from quotekit.dates import day_of
from quotekit.errors import QuotekitError

REMEDY = "Write it again with quotekit extract -o"
OR_REMEDY = f"or w{REMEDY[1:]}"


class StoredError(QuotekitError, ValueError):
    """A file is not an output of quotekit, or cannot be read back."""


class Place:
    """The line or row of a file that is being read, from 1, for messages."""

    def __init__(self, path: Path, unit: str = "line") -> None:
        self.path, self.unit = path, unit
        self.number = 0

    def wrong(self, what: str, remedy: str = REMEDY) -> StoredError:
        where = f"{self.path}, {self.unit} {self.number:,}" if self.number else str(self.path)
        return StoredError(f"{where}: {what}. {remedy}.")

    def need(self, names: Iterable[str], found: Sequence[str]) -> None:
        """Refuse a table that lacks one of the columns ``names``."""
        missing = next((name for name in names if name not in found), None)
        if missing is None:
            return
        if set(found) >= ARTICLES_BY:
            raise self.wrong(
                "this is the table of articles", 'Name the table of quotes, without ".articles" in its name'
            )
        raise self.wrong(
            f"not an output of this version of quotekit: it has no column {missing!r}",
            f"Name a file that quotekit has written, {OR_REMEDY}",
        )


@contextmanager
def opened_stored(path: Path) -> Iterator[BinaryIO]:
    """Open a file, decompressed; faults of the file raise `StoredError` until the block ends."""
    try:
        with opened(str(path)) as file:
            yield file
    except Fault as error:
        raise StoredError(f"{path!s}: {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise StoredError(f"{path!s}: {of_error(error)}") from error


def about_of(record: Mapping[str, Any], prefix: str, place: Place) -> dict[str, str]:
    """Return the metadata of an article from the keys or columns that begin with ``prefix``."""
    found = {name: record.get(prefix + name) for name in ABOUT}
    about = {name: value for name, value in found.items() if value is not None}
    wrong = next((name for name, value in about.items() if not isinstance(value, str)), None)
    if wrong is not None:
        raise place.wrong(f"the article's {wrong} must be a text")
    return about


def facts_of(record: Mapping[str, Any], place: Place) -> tuple[str | None, int | None, tuple[str, ...]]:
    """Return the form, the words and the notices of an article."""
    form, words, notices = record.get("form"), record.get("words"), record.get("notices") or []
    if not isinstance(form, str | None) or not isinstance(words, int | None):
        raise place.wrong('"form" must be a text, "words" a whole number')
    if not isinstance(notices, list) or not all(isinstance(notice, str) for notice in notices):
        raise place.wrong('"notices" must be a list of texts')
    return form, words, tuple(notices)


def stored_day(value: Any, place: Place) -> date | None:
    """Return the date of an article."""
    try:
        return day_of(value)
    except (TypeError, ValueError) as error:
        raise place.wrong(f"the article's date: {error}") from error


def first_of(error: ValidationError) -> str:
    """Return the first error that pydantic reports, on one line."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]
