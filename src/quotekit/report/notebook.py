"""Quotes in a notebook: one quote by itself, or an article with all of its quotes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quotekit.models import Quote
from quotekit.report.people import country_of, percent
from quotekit.report.templates import environment

if TYPE_CHECKING:
    from quotekit.rules import RuleSet

HEIGHT = 640
"""Height of an article in a notebook, in CSS pixels."""


def quote_html(quote: Quote) -> str:
    """One quote as a piece of HTML that brings its own styles, for a light or a dark notebook."""
    return (
        environment()
        .get_template("quote.html.jinja")
        .render(
            quote=quote,
            percent=percent(quote.confidence),
            country=country_of(quote.speaker) if quote.speaker else None,
        )
    )


class Shown:
    """An article with its quotes, for a notebook to show: what `show` gives. ``page`` is the HTML of `article_page`."""

    def __init__(self, page: str, quotes: int, height: int) -> None:
        self.page = page
        self.height = height
        self._quotes = quotes

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its styles and the notebook's leave each other alone."""
        return environment().get_template("frame.html.jinja").render(page=self.page, height=self.height)

    def __repr__(self) -> str:
        noun = "quote" if self._quotes == 1 else "quotes"
        return f"<an article with {self._quotes:,} {noun}, for a notebook to show>"


def show(
    text: str,
    quotes: Iterable[Quote],
    *,
    title: str | None = None,
    rules: RuleSet | None = None,
    height: int = HEIGHT,
) -> Shown:
    """An article with its quotes, to be the last line of a notebook's cell.

    Args:
        text: the article.
        quotes: what `extract` found in it.
        title: the heading; as for `article_page`, like the other two.
        rules: those that the quotes were found with, to say why.
        height: of what is shown, in CSS pixels.

    Raises:
        ReportError: a quote does not stand in ``text`` where it says.

    >>> from quotekit import extract
    >>> from quotekit.report import show
    >>> text = "The talks, said Ann Lee, will go on."
    >>> show(text, extract(text))._repr_html_()[:7]
    '<iframe'
    """
    from quotekit.report.article import article_page

    quotes = list(quotes)
    return Shown(article_page(text, quotes, title=title, rules=rules), len(quotes), height)
