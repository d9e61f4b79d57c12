"""The columns of a quote as a row, for CSV, Parquet and Arrow.

The table of quotes has one row for each quote, its article's columns repeated; an article without quotes has none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from quotekit.batch.records import Result
from quotekit.models import Frozen, Quote, without_surrogates

VERSION = 1
"""Version of these columns. It grows if one changes its name, type or meaning, but not if one is added at the end."""

Kind = Literal["text", "day", "whole", "number", "truth", "spans", "mentions"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its cells hold, whether they can be empty, and what they mean."""

    name: str
    kind: Kind
    empty: bool
    meaning: str


ARTICLE = (
    Column("article_id", "text", False, "the article: its path as given, or its own id"),
    Column("article_date", "day", True, "the day it is of, where that is known"),
)
QUOTE = (
    Column("quote_id", "text", False, "`q1`, `q2`, … in text order"),
    Column("kind", "text", False, "`direct`, `indirect` or `mixed`"),
    Column("act", "text", False, "`statement` or `attitude`"),
    Column("text", "text", False, "what is said, for reading"),
    Column("speaker", "text", True, "the speaker's name; empty where nobody is named"),
    Column("speaker_kind", "text", True, "`person`, `organization`, `government`, `group`, `anonymous`, …"),
    Column("speaker_role", "text", True, "as the article writes it"),
    Column("speaker_country", "text", True, "ISO 3166-1 alpha-2 code"),
    Column("speaker_id", "text", True, "`s1`, … in order of first mention in the article"),
    Column("speaker_known_id", "text", True, "the id in your own list of speakers"),
    Column("person_id", "text", True, "the person across articles, which `quotekit link` fills in"),
    Column("speaker_named", "truth", True, "whether the article names the speaker"),
    Column("speaker_gender", "text", True, "`female` or `male`, of one person"),
    Column("speaker_office", "text", True, "what the speaker speaks as: `head`, `minister`, `court`, `media`, …"),
    Column("source", "text", True, 'the words that name the speaker here, such as "she"'),
    Column("source_start", "whole", True, "first character of the source"),
    Column("source_end", "whole", True, "one past its last character"),
    Column("cue", "text", True, 'the words that say that it is said, such as "was quick to say"'),
    Column("cue_start", "whole", True, "first character of the cue"),
    Column("cue_end", "whole", True, "one past its last character"),
    Column("verb", "text", True, "lemma of the cue's verb"),
    Column("start", "whole", False, "first character of the content"),
    Column("end", "whole", False, "one past its last character"),
    Column("paragraph", "whole", False, "index of the paragraph it begins in, from 0"),
    Column("sentence", "whole", False, "index of the sentence it begins in, from 0"),
    Column("parent", "text", True, "`quote_id` of the quote that contains this one"),
    Column("turn", "whole", True, "index of the turn that it is, from 0, in a document of turns"),
    Column("exchange", "text", True, "`question` or `answer`, where the layout says so"),
    Column("confidence", "number", False, "0 to 1"),
    Column("speaker_confidence", "number", True, "0 to 1: how sure the speaker is, if the quote is right"),
    Column("rule", "text", False, "what found it: a rule's id, or `encoder`"),
    Column("content", "spans", False, "its parts: start, end, text"),
    Column("mentions", "mentions", True, "the way from the source to the name: start, end, text, rule"),
)
COLUMNS = (*ARTICLE, *QUOTE)
ABOUT_ARTICLE = (
    Column("article_title", "text", True, "its title, where its file says so"),
    Column("article_outlet", "text", True, "who published it"),
    Column("article_author", "text", True, "who wrote it; `;` between several"),
    Column("article_url", "text", True, "its address"),
    Column("article_language", "text", True, "its language, as its file gives it"),
)
ARTICLE_TEXT = Column("article_text", "text", True, "the article, in the first of its rows; only if it is kept")
ERROR = Column("error", "text", True, "why the article could not be read; then no column of a quote has a value")
"""Only results of the engines have this column."""

_SAME = (
    "kind",
    "act",
    "text",
    "content",
    "verb",
    "parent",
    "turn",
    "exchange",
    "confidence",
    "speaker_confidence",
    "rule",
)
"""Columns that have the name and the value of a field of the quote."""


_SPEAKER = ("name", "kind", "role", "country", "id", "known_id", "person_id", "named", "gender", "office")
_SPAN = ("text", "start", "end")
_POSITION = ("start", "end", "paragraph", "sentence")


def row_of(result: Result, quote: Quote) -> list[Any]:
    """Return the cells of ``quote`` in the order of `COLUMNS`.

    >>> from quotekit.models import Position, TextSpan
    >>> span = TextSpan(start=0, end=2, text="No")
    >>> position = Position(start=0, end=2, paragraph=0, sentence=0)
    >>> quote = Quote(id="q1", kind="indirect", act="statement", text="No", content=(span,), position=position,
    ...               confidence=0.5, rule="encoder")
    >>> row_of(Result("a.txt", [quote]), quote)[:6]
    ['a.txt', None, 'q1', 'indirect', 'statement', 'No']
    """
    speaker = quote.speaker
    return [
        result.id,
        result.date,
        quote.id,
        quote.kind,
        quote.act,
        quote.text,
        *_cells(speaker, _SPEAKER),
        *_cells(quote.source, _SPAN),
        *_cells(quote.cue, _SPAN),
        quote.verb,
        *_cells(quote.position, _POSITION),
        quote.parent,
        quote.turn,
        quote.exchange,
        quote.confidence,
        quote.speaker_confidence,
        quote.rule,
        [part.model_dump() for part in quote.content],
        [mention.model_dump() for mention in speaker.mentions] if speaker else None,
    ]


def _cells(part: Frozen | None, names: tuple[str, ...]) -> list[Any]:
    """Return the fields ``names`` of a part of a quote, all ``None`` if the quote does not have it."""
    return [None if part is None else getattr(part, name) for name in names]


def quote_of(row: Mapping[str, Any]) -> Quote:
    """Return the quote that `row_of` made ``row`` of, a mapping from the names of columns to their cells.

    Raises:
        pydantic.ValidationError: the cells are not those of a quote.
        KeyError: a column is missing.
    """
    return Quote.model_validate(
        {
            "id": row["quote_id"],
            **{name: row[name] for name in _SAME},
            "speaker": _speaker(row),
            "source": _span(row, "source"),
            "cue": _span(row, "cue"),
            "position": {name: row[name] for name in _POSITION},
        }
    )


def _speaker(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["speaker_id"] is None:
        return None
    columns = {"name": "speaker", "person_id": "person_id"}
    speaker = {name: row[columns.get(name, f"speaker_{name}")] for name in _SPEAKER}
    return {**speaker, "mentions": row["mentions"]}


def _span(row: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    if row[name] is None:
        return None
    return {"start": row[f"{name}_start"], "end": row[f"{name}_end"], "text": row[name]}


def fit(value: Any) -> Any:
    r"""Return ``value`` with each lone surrogate, which UTF-8 cannot hold, as U+FFFD; offsets do not change.

    >>> fit([{"text": "a\ud800b"}])
    [{'text': 'a\ufffdb'}]
    """
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [fit(one) for one in value]
    if isinstance(value, dict):
        return {fit(name): fit(one) for name, one in value.items()}
    return value


def as_json(value: Any) -> str:
    """Return a nested value as one cell.

    >>> as_json([1, None, "é"])
    '[1, null, "é"]'
    """
    return json.dumps(value, ensure_ascii=False)
