"""Corrections: the entries of a file, and lookup by text."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from quotekit.errors import CorrectionsError
from quotekit.models import Frozen, Span

Fault = Literal["no quote", "wrong speaker", "missed"]

_REMEDY = "Save it again from the article's page"


class Correction(Frozen):
    """A fault that a reader found in the quotes of an article.

    >>> text = "It rained, Ann Lee said."
    >>> Correction(article="a.txt", digest=digest_of(text), fault="no quote", start=0, end=9, text="It rained").span
    (0, 9)
    """

    article: str = Field(description="id of the article, as in the output")
    digest: str = Field(description="digest of the article's text; a changed text is not corrected")
    fault: Fault = Field(description="no quote: not a quote; wrong speaker: said by another; missed: a quote not found")
    start: int = Field(ge=0, description="first character of the quote's content")
    end: int = Field(ge=0, description="one past its last character")
    text: str = Field(description="the characters from start to end")
    speaker: str | None = Field(default=None, description="name of the speaker; None if unknown")

    @model_validator(mode="after")
    def _length_fits(self) -> Correction:
        if not self.start < self.end or self.end - self.start != len(self.text):
            raise ValueError(
                f"start and end do not fit the text: {self.start} to {self.end}, with {len(self.text)} characters"
            )
        return self

    @property
    def span(self) -> Span:
        """The content, from its first character to its last."""
        return self.start, self.end


class Corrections:
    """Corrections of any number of articles, looked up by the digest of a text.

    >>> text = "It rained, Ann Lee said."
    >>> wrong = Correction(article="a.txt", digest=digest_of(text), fault="no quote", start=0, end=9, text="It rained")
    >>> corrections = Corrections([wrong])
    >>> len(corrections.of_text(text)), corrections.refused("a.txt", "It snowed, Ann Lee said.")
    (1, 1)
    """

    def __init__(self, entries: Iterable[Correction]) -> None:
        self.entries = tuple(entries)
        self._by_digest: defaultdict[str, list[Correction]] = defaultdict(list)
        self._by_article: defaultdict[str, list[Correction]] = defaultdict(list)
        for entry in self.entries:
            self._by_digest[entry.digest].append(entry)
            self._by_article[entry.article].append(entry)

    @classmethod
    def of(
        cls,
        source: Corrections
        | str
        | os.PathLike[str]
        | Iterable[str | os.PathLike[str] | Correction | Mapping[str, Any]],
    ) -> Corrections:
        """Return the corrections of one file or several, or of an iterable of `Correction` or dicts.

        Raises:
            CorrectionsError: a file cannot be read, or a line is invalid.
            TypeError: an item has another type.
        """
        if isinstance(source, Corrections):
            return source
        items = [source] if isinstance(source, (str, os.PathLike)) else source
        return cls(entry for place, item in enumerate(items) for entry in _entries(item, place))

    def of_text(self, text: str) -> tuple[Correction, ...]:
        """Return the corrections of ``text``, in the order in which they were made."""
        return tuple(self._by_digest.get(digest_of(text), ())) if self.entries else ()

    def refused(self, article: str, text: str) -> int:
        """Return how many corrections of an article do not apply because its text has changed."""
        entries = self._by_article.get(article, ())
        return sum(entry.digest != digest_of(text) for entry in entries) if entries else 0

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Correction]:
        return iter(self.entries)

    def __reduce__(self) -> tuple[Any, ...]:
        return Corrections, (self.entries,)


def digest_of(text: str) -> str:
    """Return the digest that identifies a text.

    >>> digest_of("It rained.")
    'sha256:8b38b558e4df5eb3'
    """
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _entries(item: Any, place: int) -> Iterator[Correction]:
    if isinstance(item, Correction):
        yield item
    elif isinstance(item, (str, os.PathLike)):
        yield from _lines(os.fspath(item))
    elif isinstance(item, Mapping):
        yield _entry(item, f"correction {place} (from 0)")
    else:
        raise TypeError(f"corrections must be paths, Correction or dicts, not {type(item).__name__}")


def _lines(path: str) -> Iterator[Correction]:
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CorrectionsError(f"{path}: {reason}. Check the spelling and the current folder.") from error
    except UnicodeDecodeError as error:
        raise CorrectionsError(f"{path}: must be UTF-8 text. {_REMEDY}.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _entry(_object(line, f"{path}, line {number:,}"), f"{path}, line {number:,}")


def _object(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorrectionsError(f"{where}: must be one JSON object. {_REMEDY}.") from error


def _entry(fields: Any, where: str) -> Correction:
    try:
        return Correction.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CorrectionsError(f"{where}: {place + ': ' if place else ''}{first['msg']}. {_REMEDY}.") from error
