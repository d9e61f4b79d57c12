"""Who speaks in each article of an output, quote by quote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from quotekit.models import Speaker
from quotekit.study.rows import rows_of

_SPEAKER = ("id", "name", "kind", "role", "country", "known_id", "named", "gender", "office")
_COLUMNS = (
    "article_id",
    "article_date",
    "quote_id",
    "confidence",
    "speaker_id",
    "speaker",
    *(f"speaker_{name}" for name in _SPEAKER[2:]),
)


@dataclass(slots=True)
class Speaking:
    """The quotes of one article: their ids, confidences and speakers, without mentions."""

    article: str
    day: date | None
    ids: list[str] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    speakers: list[Speaker | None] = field(default_factory=list)


@lru_cache(maxsize=1 << 12)
def _speaker(*values: Any) -> Speaker:
    fields = dict(zip(_SPEAKER, values, strict=True))
    fields["named"] = bool(fields["named"])
    # Not validated: the file has valid speakers, and validating a million takes minutes.
    return Speaker.model_construct(**fields)


def speaking_in(path: Path) -> Iterator[Speaking]:
    """Yield who speaks in each article with quotes; a new one begins with a new id, or a quote's id seen before.

    Raises as `rows_of` does.
    """
    article: Speaking | None = None
    seen: set[str] = set()
    for name, day, quote, confidence, *who in rows_of(path, _COLUMNS):
        # An engine's row for an article that could not be read.
        if quote is None:
            continue
        if article is None or name != article.article or quote in seen:
            if article is not None:
                yield article
            seen.clear()
            article = Speaking(name, day)
        seen.add(quote)
        article.ids.append(quote)
        article.confidences.append(confidence)
        article.speakers.append(None if who[0] is None else _speaker(*who))
    if article is not None:
        yield article
