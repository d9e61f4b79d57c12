"""The conditions and results of a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from quotekit.study.terms import terms


class Hit(NamedTuple):
    """A matching quote with its article's metadata. The fields are columns of the output."""

    article_date: date | None
    article_outlet: str | None
    speaker: str | None
    speaker_role: str | None
    speaker_country: str | None
    text: str
    kind: str
    confidence: float
    article_title: str | None
    article_url: str | None
    article_id: str
    quote_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Search:
    """The conditions of a search; a quote must meet all that are given.

    Attributes:
        speaker: words of the speaker's name or source, or the id of a person or known speaker.
        words: words of the quote, in any order; words in quotation marks as a phrase.
        since, until: the first and the last day.
        outlet: words of the outlet's name.
        min_confidence: minimum confidence.
    """

    speaker: str | None = None
    words: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    min_confidence: float = 0.0

    @property
    def tests(self) -> list[tuple[tuple[str, ...], list[str]]]:
        """Columns, and the terms that must all be in one of them."""
        wanted = (
            (("speaker", "source", "person_id", "speaker_known_id"), self.speaker),
            (("text",), self.words),
            (("article_outlet",), self.outlet),
        )
        return [(columns, terms(text)) for columns, text in wanted if text]
