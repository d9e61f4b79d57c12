"""Entries of a list of known speakers, and the messages for invalid ones."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from quotekit.dates import day_of
from quotekit.errors import KnownSpeakersError
from quotekit.known.comparing import name_key
from quotekit.lexicon import load
from quotekit.lexicon.places import place

COLUMNS = ("id", "names", "roles", "country", "from", "until")
"""The fields of an entry by their names in files, in the order in which they are written."""

IGNORED = ("kind", "offices", "gender", "quotes", "articles", "first", "last", "check")
"""Fields added by `quotekit speakers` and `quotekit people`; ignored in a list of known speakers."""

_SEPARATOR = re.compile(r"\\[\\;]|;")

_LIST_FORMS = 'In JSON Lines write ["Ann Lee", "A. Lee"], in CSV Ann Lee;A. Lee'
_EXPECTED = {
    "id": ("a text", 'Write the id from your own list, such as a Wikidata id, in quotation marks: "Q42"'),
    "names": ("one name or more, each with a letter or digit", _LIST_FORMS),
    "roles": ("a list of texts, none of them empty", _LIST_FORMS),
    "country": ("an ISO 3166-1 alpha-2 code", "Write the two letters, such as FR for France, or leave it empty"),
    "from": ("a day as YYYY-MM-DD", "Write it like 2014-03-31, or leave it empty"),
    "until": ("a day as YYYY-MM-DD", "Write it like 2014-03-31, or leave it empty"),
}


def split_cell(cell: str) -> list[str]:
    r"""Return the texts of a list in one cell, separated by semicolons; ``\;`` and ``\\`` are escapes.

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
    r"""Return a list as one cell, which `split_cell` reads.

    >>> join_cell(["Ann Lee", "Lee; Stone"])
    'Ann Lee;Lee\\; Stone'
    """
    return ";".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)


class _NulError(ValueError):
    """A text contains NUL, which usually means a file in the wrong encoding."""


def _text(value: Any) -> str:
    """Return ``value`` without white space at the ends. Empty text is an error."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text that is not empty")
    if "\0" in value:
        raise _NulError("must have no NUL character")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ValueError("must be a list of texts, not one text: put it in brackets")
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of texts")
    return tuple(map(_text, value))


class KnownSpeaker(BaseModel):
    """One line of a list of known speakers. Several lines may share an id, for offices held at different times.

    ``from_`` is ``from`` in files and dicts; Python reserves that word.

    >>> known = KnownSpeaker.model_validate({"id": "Q1", "names": ["Ann Lee"], "country": "EE", "from": "2014-03-26"})
    >>> known.country, known.from_, known.until
    ('EE', datetime.date(2014, 3, 26), None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str = Field(description="id in the caller's own list, such as a Wikidata id")
    names: tuple[str, ...] = Field(
        min_length=1, description="the speaker's names in articles: full names, acronyms, other spellings"
    )
    roles: tuple[str, ...] = Field(default=(), description='offices held at the same time: "Foreign Minister"')
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2")
    from_: date | None = Field(
        default=None,
        validation_alias="from",
        serialization_alias="from",
        description="the first day on which this line is valid",
    )
    until: date | None = Field(default=None, description="the last day on which it is valid")

    @field_validator("id", mode="before")
    @classmethod
    def _an_id(cls, value: Any) -> str:
        return _text(value)

    @field_validator("names", mode="before")
    @classmethod
    def _some_names(cls, value: Any) -> tuple[str, ...]:
        found = _texts(value)
        if not all(map(name_key, found)):
            raise ValueError("must have a letter or a digit each")
        return found

    @field_validator("roles", mode="before")
    @classmethod
    def _some_roles(cls, value: Any) -> tuple[str, ...]:
        return _texts(value)

    @field_validator("country", mode="before")
    @classmethod
    def _a_country(cls, value: Any) -> str | None:
        code = value.strip().upper() if isinstance(value, str) else value
        if code is not None and (not isinstance(code, str) or code not in load("places")["countries"]):
            raise ValueError("must be an ISO 3166-1 alpha-2 code")
        return code

    @field_validator("from_", "until", mode="before")
    @classmethod
    def _a_day(cls, value: Any) -> date | None:
        try:
            return day_of(value)
        except TypeError as error:
            # Only a ValueError counts as invalid for pydantic.
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _in_order(self) -> KnownSpeaker:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError("'from' must not be after 'until'")
        return self

    def holds(self, day: date | None) -> bool:
        """Return whether the line is valid on ``day``, both ends included; ``None`` is any day."""
        return day is None or ((self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until))


def known_of(
    source: Iterable[KnownSpeaker | Mapping[str, Any]], accepted: str = "an iterable of KnownSpeaker or dicts"
) -> list[KnownSpeaker]:
    """Return the entries of an iterable of `KnownSpeaker` objects, or of dicts with the fields of a file.

    >>> [known.id for known in known_of([{"id": "Q1", "names": ["Ann Lee"]}, {"id": "", "names": ["Tom Lee"]}])]
    ['Q1']

    Args:
        source: the iterable.
        accepted: the accepted types, for the error message.

    Raises:
        TypeError: ``source`` is not an iterable, or an item is neither.
        KnownSpeakersError: an item is invalid.
    """
    if isinstance(source, (str, bytes, Mapping)) or not isinstance(source, Iterable):
        remedy = ""
        if isinstance(source, (str, os.PathLike)):
            remedy = "; KnownSpeakers.read takes a path"
        elif isinstance(source, Mapping):
            remedy = "; put a single speaker in a list"
        raise TypeError(f"known_speakers must be {accepted}, not {type(source).__name__}{remedy}")
    entries: list[KnownSpeaker] = []
    for number, item in enumerate(source):
        if isinstance(item, KnownSpeaker):
            entries.append(item)
        elif isinstance(item, Mapping):
            entries += entries_of([(f"known_speakers: item {number} (from 0)", item)])
        else:
            raise TypeError(
                f"known_speakers: item {number} (from 0) must be a dict or a KnownSpeaker, not {type(item).__name__}"
            )
    return entries


def entries_of(records: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[KnownSpeaker]:
    """Yield the entries of records, each given with its place for messages. Records without an id are skipped."""
    for where, record in records:
        unknown = [field for field in record if field not in COLUMNS and field not in IGNORED]
        if unknown:
            raise unknown_field(f"{where}, field", unknown[0])
        if "id" in record and (record["id"] is None or not str(record["id"]).strip()):
            continue
        given = {field: record[field] for field in COLUMNS if field in record}
        # For example an empty column of a data frame.
        if given.get("roles", ()) is None:
            del given["roles"]
        try:
            yield KnownSpeaker.model_validate(given)
        except ValidationError as error:
            raise _invalid(where, given, error) from error


def _invalid(where: str, record: Mapping[str, Any], error: ValidationError) -> KnownSpeakersError:
    first = error.errors()[0]
    if not first["loc"]:
        return KnownSpeakersError(
            f"{where}, field 'from': must not be after 'until', {record['from']} is after {record['until']}. "
            f"Correct one of them."
        )
    field = str(first["loc"][0])
    expected, remedy = _EXPECTED[field]
    if isinstance(first.get("ctx", {}).get("error"), _NulError):
        expected, remedy = "text without NUL characters", "Take them out"
    got = f"not {record[field]!r}" if field in record else "and is missing"
    found = place(record[field]) if field == "country" and isinstance(record[field], str) else None
    if found is not None:
        remedy = f"Write {found.code}"
    return KnownSpeakersError(f"{where}, field {field!r}: must be {expected}, {got}. {remedy}.")


def unknown_field(where: str, field: object) -> KnownSpeakersError:
    """Return the error for an unknown field or column."""
    close = get_close_matches(str(field).strip().lower(), COLUMNS, n=1)
    remedy = f"Did you mean {close[0]!r}?" if close else "Leave it out."
    return KnownSpeakersError(f"{where} {field!r}: must be one of {', '.join(COLUMNS)}. {remedy}")
