"""Display in notebooks: one quote, or an article with its quotes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quotekit.models import Quote
from quotekit.report.people import confidence_text, country_of
from quotekit.report.templates import environment

if TYPE_CHECKING:
    from quotekit.rules import RuleSet

HEIGHT = 640
"""Height of the frame of an article, in CSS pixels."""


def quote_html(quote: Quote) -> str:
    """Return one quote as HTML with its own styles, for light and dark notebooks."""
    return (
        environment()
        .get_template("quote.html.jinja")
        .render(
            quote=quote,
            sure=confidence_text(quote),
            country=country_of(quote.speaker) if quote.speaker else None,
        )
    )


class Shown:
    """An article with its quotes, displayed by notebooks; ``page`` is the HTML of `article_page`."""

    def __init__(self, page: str, quotes: int, height: int) -> None:
        self.page = page
        self.height = height
        self._quotes = quotes

    def _repr_html_(self) -> str:
        """Return the page in a frame, so that its styles do not affect the notebook."""
        return environment().get_template("frame.html.jinja").render(page=self.page, height=self.height)

    def __repr__(self) -> str:
        noun = "quote" if self._quotes == 1 else "quotes"
        return f"<article with {self._quotes:,} {noun}, displayed in notebooks>"


def show(
    text: str,
    quotes: Iterable[Quote],
    *,
    title: str | None = None,
    rules: RuleSet | None = None,
    height: int = HEIGHT,
) -> Shown:
    """Display an article with its quotes, as the last expression of a notebook cell.

    Args:
        text: the article.
        quotes: its quotes, from `extract`.
        title: as for `article_page`.
        rules: as for `article_page`.
        height: height of the frame, in CSS pixels.

    Raises:
        ReportError: a quote is not in ``text`` at its offsets.

    >>> from quotekit import extract
    >>> from quotekit.report import show
    >>> text = "The talks, said Ann Lee, will go on."
    >>> show(text, extract(text))._repr_html_()[:7]
    '<iframe'
    """
    from quotekit.report.article import article_page

    quotes = list(quotes)
    return Shown(article_page(text, quotes, title=title, rules=rules), len(quotes), height)
