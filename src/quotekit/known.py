"""Speakers that the caller knows: what an entry holds, and how entries are read from files and iterables."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from quotekit.errors import KnownSpeakersError
from quotekit.lexicon import load
from quotekit.naming import name_key
from quotekit.speakers.places import place

COLUMNS = ("id", "names", "roles", "country", "from", "until")
"""The fields of an entry, as files name them and in the order in which they are written."""

IGNORED = ("quotes", "articles", "kind")
"""What `quotekit speakers` adds for the reader's eyes."""

_LISTS = ("names", "roles")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SEPARATOR = re.compile(r"\\[\\;]|;")

_LIST_FORMS = 'In JSON Lines write ["Ann Lee", "A. Lee"], in CSV Ann Lee;A. Lee'
_EXPECTED = {
    "id": ("a text", 'Write the id from your own list, such as a Wikidata id, in quotation marks: "Q42"'),
    "names": ("one name or more, each with a letter or digit", _LIST_FORMS),
    "roles": ("a list of texts, none of them empty", _LIST_FORMS),
    "country": ("an ISO 3166-1 alpha-2 code", "Write the two letters, such as FR for France, or leave it empty"),
    "from": ("a day as YYYY-MM-DD, not after the one under 'until'", "Write it like 2014-03-31, or leave it empty"),
    "until": ("a day as YYYY-MM-DD", "Write it like 2014-03-31, or leave it empty"),
}


def day_of(value: date | str | None) -> date | None:
    """A date, or one written as YYYY-MM-DD, as a date; of a moment, its day.

    >>> day_of("2015-09-18")
    datetime.date(2015, 9, 18)

    Raises:
        TypeError: ``value`` is none of these.
        ValueError: the text is no such date.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a date must be a datetime.date or a text like '2015-09-18', not {type(value).__name__}")
    if _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"a date must be a day of the calendar as YYYY-MM-DD, like '2015-09-18', not {value!r}")


def _day(value: Any) -> date | None:
    try:
        return day_of(value)
    except TypeError as error:
        # Only a ValueError counts as invalid for pydantic.
        raise ValueError(str(error)) from None


def _text(value: Any) -> Any:
    """``value``, bare of white space; empty is an error."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text that is not empty")
    return value.strip()


def _name(value: Any) -> Any:
    if not name_key(_text(value)):
        raise ValueError("must have a letter or a digit")
    return value.strip()


def _country(value: Any) -> Any:
    code = value.strip().upper() if isinstance(value, str) else value
    if code is not None and (not isinstance(code, str) or code not in load("places")["countries"]):
        raise ValueError("must be an ISO 3166-1 alpha-2 code")
    return code


def _listed(value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list")
    return value


Text = Annotated[str, BeforeValidator(_text)]
Day = Annotated[date | None, BeforeValidator(_day)]


class KnownSpeaker(BaseModel):
    """One line of a list of known speakers. Several may have one id: the offices that somebody held at several times.

    ``from_`` is called ``from`` in files and dicts, a word that Python keeps for itself.

    >>> known = KnownSpeaker.model_validate({"id": "Q1", "names": ["Ann Lee"], "country": "EE", "from": "2014-03-26"})
    >>> known.country, known.from_, known.until
    ('EE', datetime.date(2014, 3, 26), None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: Text = Field(description="id in the caller's own list, such as a Wikidata id")
    names: Annotated[tuple[Annotated[str, BeforeValidator(_name)], ...], BeforeValidator(_listed)] = Field(
        min_length=1, description="what articles call the speaker: full names, acronyms, other spellings"
    )
    roles: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = Field(
        default=(), description='offices that one holds at a time: "Foreign Minister"'
    )
    country: Annotated[str | None, BeforeValidator(_country)] = Field(default=None, description="ISO 3166-1 alpha-2")
    from_: Day = Field(
        default=None,
        validation_alias="from",
        serialization_alias="from",
        description="the first day on which this line holds",
    )
    until: Day = Field(default=None, description="the last day on which it holds")

    @model_validator(mode="after")
    def _in_order(self) -> KnownSpeaker:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError("'from' must not be after 'until'")
        return self

    def holds(self, day: date | None) -> bool:
        """Whether nothing speaks against this line on ``day``; both ends count, and no day excludes nothing."""
        return day is None or ((self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until))


def read_known(path: str | os.PathLike[str]) -> list[KnownSpeaker]:
    """The entries of a JSON Lines (.jsonl, .ndjson) or CSV file in UTF-8; lines whose id is empty are left out.

    Raises:
        KnownSpeakersError: it cannot be read, or a line is not valid; the message says where, why and what to do.
    """
    where = os.fspath(path)
    readers = {".csv": _csv_records, ".jsonl": _json_records, ".ndjson": _json_records}
    reader = readers.get(Path(where).suffix.lower())
    if reader is None:
        raise KnownSpeakersError(
            f"{where}: a list of known speakers is a .jsonl or .csv file. Save it as one of these and name it so."
        )
    try:
        text = Path(where).read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise KnownSpeakersError(f"{where}: {reason}. Check the spelling and the folder you are in.") from error
    except UnicodeDecodeError as error:
        raise KnownSpeakersError(
            f"{where}: not UTF-8 text (byte 0x{error.object[error.start]:02x} at {error.start:,}). Save it as UTF-8; "
            f"spreadsheets call it CSV UTF-8."
        ) from error
    return list(_entries(reader(text, where)))


def known_of(source: Iterable[KnownSpeaker | Mapping[str, Any]]) -> list[KnownSpeaker]:
    """The entries of an iterable of dicts with the fields of a file's lines, or of `KnownSpeaker`.

    >>> [known.id for known in known_of([{"id": "Q1", "names": ["Ann Lee"]}, {"id": "", "names": ["Tom Lee"]}])]
    ['Q1']

    Raises:
        TypeError: ``source`` is no iterable, or an item neither.
        KnownSpeakersError: an item is not valid.
    """
    if isinstance(source, (str, bytes, Mapping)) or not isinstance(source, Iterable):
        remedy = "; KnownSpeakers.read takes a path" if isinstance(source, str) else ""
        raise TypeError(
            f"known speakers must be an iterable of dicts or of KnownSpeaker, not {type(source).__name__}{remedy}"
        )
    entries: list[KnownSpeaker] = []
    for number, item in enumerate(source):
        if isinstance(item, KnownSpeaker):
            entries.append(item)
        elif isinstance(item, Mapping):
            entries += _entries([(f"known_speakers: item {number} (from 0)", item)])
        else:
            raise TypeError(
                f"known_speakers: item {number} (from 0) must be a dict or a KnownSpeaker, not {type(item).__name__}"
            )
    return entries


def _entries(records: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[KnownSpeaker]:
    for where, record in records:
        unknown = [field for field in record if field not in COLUMNS and field not in IGNORED]
        if unknown:
            raise _unknown(f"{where}, field", unknown[0])
        if "id" in record and (record["id"] is None or not str(record["id"]).strip()):
            continue
        given = {field: record[field] for field in COLUMNS if field in record}
        # An empty roles column of a data frame, say.
        if given.get("roles", ()) is None:
            del given["roles"]
        try:
            yield KnownSpeaker.model_validate(given)
        except ValidationError as error:
            raise _invalid(where, given, error) from error


def _invalid(where: str, record: Mapping[str, Any], error: ValidationError) -> KnownSpeakersError:
    location = error.errors()[0]["loc"]
    # An error of the whole entry is that of its period.
    field = str(location[0]) if location else "from"
    expected, remedy = _EXPECTED[field]
    got = f"not {record[field]!r}" if field in record else "and there is none"
    found = place(record[field]) if field == "country" and isinstance(record[field], str) else None
    if found is not None:
        remedy = f"Write {found.code}"
    return KnownSpeakersError(f"{where}, field {field!r}: must be {expected}, {got}. {remedy}.")


def _unknown(where: str, field: object) -> KnownSpeakersError:
    close = get_close_matches(str(field).strip().lower(), COLUMNS, n=1)
    remedy = f"did you mean {close[0]!r}?" if close else "Leave it out."
    return KnownSpeakersError(f"{where} {field!r}: must be one of {', '.join(COLUMNS)}; {remedy}")


def _json_records(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    # Not splitlines: a JSON string may hold U+2028.
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
        raise KnownSpeakersError(f"field {twice!r}: must be there once. Put all of it into one.")
    return record


def _csv_records(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    before = 0
    try:
        for row in rows:
            at, before = f"{where}, line {before + 1}", rows.line_num
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
            f"{at}: columns must be parted by commas, not by {'tabs' if chr(9) in header[0] else 'semicolons'}. "
            f"Save it with commas: the semicolon parts the names in one cell."
        )
    for column in header:
        if column not in COLUMNS and column not in IGNORED:
            raise _unknown(f"{at}, column", column)
        if header.count(column) > 1:
            raise KnownSpeakersError(f"{at}, column {column!r}: must be there once. Leave one of them out.")
    for column in ("id", "names"):
        if column not in header:
            raise KnownSpeakersError(
                f"{at}: must be a header with the column {column!r}, which is missing. Begin with: {','.join(COLUMNS)}"
            )
    return header


def _record(cells: dict[str, str]) -> dict[str, Any]:
    """A CSV row as a JSON line has it: an empty cell is a field that is not there, except the id and the names."""
    record: dict[str, Any] = {"id": cells.get("id", "")}
    for column, cell in cells.items():
        if column in _LISTS:
            record[column] = split_cell(cell)
        elif cell.strip():
            record[column] = cell.strip()
    return record


def split_cell(cell: str) -> list[str]:
    r"""The texts of a list in one cell: a semicolon parts them, ``\;`` is one inside a text and ``\\`` a backslash.

    >>> split_cell("Ann Lee; A. Lee;"), split_cell(r"Lee\; Stone"), split_cell("")
    (['Ann Lee', 'A. Lee'], ['Lee; Stone'], [])
    """
    texts, last = [""], 0
    for found in _SEPARATOR.finditer(cell):
        texts[-1] += cell[last : found.start()] + found[0][1:]
        last = found.end()
        if found[0] == ";":
            texts.append("")
    texts[-1] += cell[last:]
    return [text.strip() for text in texts if text.strip()]


def join_cell(texts: Iterable[str]) -> str:
    r"""A list in one cell, as `split_cell` reads it.

    >>> join_cell(["Ann Lee", "Lee; Stone"])
    'Ann Lee;Lee\\; Stone'
    """
    return ";".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)
