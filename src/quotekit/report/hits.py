"""A page of search results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotekit.output.plain_text import counted
from quotekit.report.characters import plain
from quotekit.report.head import web_address
from quotekit.report.templates import asset, environment, policy
from quotekit.study.search import Hit, Search
from quotekit.study.terms import pattern, terms


@dataclass(frozen=True, slots=True)
class _Shown:
    """A quote as the page shows it: its text in pieces, marked or not, and a link if the address is on the web."""

    pieces: tuple[tuple[str, bool], ...]
    speaker: str
    role: str
    day: str
    outlet: str
    title: str
    href: str


def hits_page(hits: Sequence[Hit], search: Search) -> bytes:
    """Return quotes as one page in UTF-8 that loads nothing else.

    >>> b"no quotes" in hits_page([], Search(words="pier"))
    True
    """
    style = asset("hits.css")
    page = (
        environment()
        .get_template("hits.html.jinja")
        .render(
            policy=policy(style),
            style=style,
            title=_title(search),
            counted=counted(len(hits), "quote"),
            hits=[_shown(hit, terms(search.words or "")) for hit in hits],
        )
    )
    return page.encode()


def _title(search: Search) -> str:
    given = {
        "by": search.speaker,
        "with": search.words,
        "since": search.since,
        "until": search.until,
        "in": search.outlet,
    }
    return plain(" ".join(["Quotes", *(f"{word} {value}" for word, value in given.items() if value)]))


def _shown(hit: Hit, wanted: Sequence[str]) -> _Shown:
    return _Shown(
        pieces=tuple(_pieces(plain(hit.text), wanted)),
        speaker=plain(hit.speaker or "unknown"),
        role=plain(hit.speaker_role or ""),
        day="" if hit.article_date is None else hit.article_date.isoformat(),
        outlet=plain(hit.article_outlet or ""),
        title=plain(hit.article_title or hit.article_id),
        href=web_address(hit.article_url) or "",
    )


def _pieces(text: str, wanted: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield ``text`` in pieces, each with whether it matches a word of the search."""
    if not wanted:
        yield text, False
        return
    either = "|".join(pattern(term).removeprefix("(?i)") for term in wanted)
    for i, piece in enumerate(re.split(f"({either})", text, flags=re.IGNORECASE)):
        if piece:
            yield piece, i % 2 == 1
