"""The head of an article's page: its title and metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date

from quotekit.article.paragraphs import Article
from quotekit.report.characters import plain

_LONGEST_TITLE = 120
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The part of the page above the article.

    Attributes:
        name: the title of the page.
        title: the title shown above the article; empty if the article itself begins with one.
        headline: true if the first paragraph is the title.
        outlet, author: from the metadata, or empty.
        day: the date as YYYY-MM-DD and in words, or ``None``.
        url: the web address of the article, or ``None``.
    """

    name: str
    title: str
    headline: bool
    outlet: str
    author: str
    day: tuple[str, str] | None
    url: str | None


def head_of(article: Article, title: str | None, about: Mapping[str, str], day: Date | None) -> Head:
    """Return the head of an article; ``title`` is the caller's."""
    first = next(iter(article.paragraphs), None)
    top = "" if first is None else plain(article.text[first.start : first.end])
    given = plain(title or about.get("title", ""))
    headline = first is not None and bool(top) and (first.kind == "headline" or top == given)
    name = plain(title or "") or (top if headline else given or plain(article.text[: _LONGEST_TITLE * 2]))
    return Head(
        name=short(name) or "Article",
        title="" if headline else short(given),
        headline=headline,
        outlet=plain(about.get("outlet", "")),
        author=plain(about.get("author", "")),
        day=None if day is None else (day.isoformat(), in_words(day)),
        url=web_address(about.get("url")),
    )


def in_words(day: Date) -> str:
    """Return a day in words.

    >>> in_words(Date(2026, 3, 4))
    '4 March 2026'
    """
    from babel.dates import format_date

    return str(format_date(day, "d MMMM y", locale="en"))


def web_address(url: str | None) -> str | None:
    """Return ``url`` if a link to it is safe, else ``None``.

    >>> web_address("https://echo.example/1"), web_address("javascript:alert(1)")
    ('https://echo.example/1', None)
    """
    return url if url is not None and _WEB.match(url) and url == plain(url) else None


def short(title: str, most: int = _LONGEST_TITLE) -> str:
    """Return a title, shortened if it is long."""
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"
