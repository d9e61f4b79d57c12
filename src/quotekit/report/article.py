"""The page of one article: its text with the quotes marked, their speakers, confidences and rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from quotekit.article.paragraphs import Article, read_article
from quotekit.errors import QuotekitError
from quotekit.models import Quote, TextSpan
from quotekit.report.characters import plain
from quotekit.report.colours import palette, speaker_styles
from quotekit.report.marking import Piece, layers_of, marked
from quotekit.report.people import people_of
from quotekit.report.templates import asset, environment, policy

if TYPE_CHECKING:
    from quotekit.rules import RuleSet

_LONGEST_TITLE = 120


class ReportError(QuotekitError, ValueError):
    """The quotes of a report do not belong to its text."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its marks, and the characters between it and the previous one."""

    kind: str
    before: str
    pieces: list[Piece]


def article_page(
    text: str,
    quotes: Iterable[Quote],
    *,
    title: str | None = None,
    rules: RuleSet | None = None,
    home: tuple[str, str] | None = None,
) -> str:
    """Return the HTML page of an article and its quotes, which loads nothing else.

    The text is unchanged; characters that HTML cannot hold are shown as U+FFFD with their code. Everything is escaped,
    and the Content-Security-Policy of the page allows only its own script and styles, so nothing in the text, the
    quotes or the title can run.

    Args:
        text: the string that the quotes were extracted from.
        quotes: its quotes, in the order of `extract`, or some of them.
        title: title of the page, such as a file name; by default the article's headline.
        rules: the rules that found the quotes, to show their reasons; by default the built-in ones.
        home: name and address of the page that this one belongs to, for a link at the top.

    Raises:
        ReportError: a quote is not in ``text`` at its offsets.

    >>> from quotekit import extract
    >>> from quotekit.report import article_page
    >>> text = "The talks, said Ann Lee, will go on."
    >>> page = article_page(text, extract(text), title="Talks")
    >>> page[:15], "<title>Talks" in page
    ('<!doctype html>', True)
    """
    quotes = list(quotes)
    _check(text, quotes)
    article = read_article(text)
    headline = _headline(article)
    title = plain(title if title is not None else headline or text[: _LONGEST_TITLE * 2])
    colours = len(palette()["speakers"])
    people = people_of(quotes, reasons_by_rule(rules), colours)
    style = f"{asset('shared.css')}\n{asset('report.css')}\n{speaker_styles()}\n"
    script = asset("report.js")
    return (
        environment()
        .get_template("article.html.jinja")
        .render(
            title=_short(title) or "Article",
            home=home,
            headline=bool(headline),
            same=bool(headline) and plain(headline) == title,
            policy=policy(style, script),
            style=style,
            script=script,
            text=text,
            blocks=_blocks(article, quotes),
            rest=text[article.paragraphs[-1].end if article.paragraphs else 0 :],
            people=people,
            shared=sum(person.speaker is not None for person in people) > colours,
            quotes=sorted((one for person in people for one in person.quotes), key=lambda one: one.number),
            kinds=_counted((quote.kind for quote in quotes), ("direct", "mixed", "indirect")),
            acts=_counted((quote.act for quote in quotes), ("statement", "attitude")),
            people_by={one.number: person for person in people for one in person.quotes},
            words_count=len(text.split()),
        )
    )


def reasons_by_rule(rules: RuleSet | None) -> dict[str, str]:
    """Return the reason for each rule, by its id: of ``rules`` and of the built-in ones."""
    return _built_in() | {rule.id: rule.why for rule in rules or ()}


@cache
def _built_in() -> dict[str, str]:
    from quotekit.rules import RuleSet

    return {rule.id: rule.why for rule in RuleSet.default()}


def _check(text: str, quotes: Sequence[Quote]) -> None:
    for quote in quotes:
        spans: list[TextSpan | None] = [*quote.content, quote.source, quote.cue]
        spans += quote.speaker.mentions if quote.speaker else ()
        for span in spans:
            if span is not None and text[span.start : span.end] != span.text:
                there = text[span.start : min(span.end, span.start + 40)]
                raise ReportError(
                    f"quote {quote.id!r} is not in this text: its characters {span.start} to {span.end} should "
                    f"be {span.text[:40]!r} and are {there!r}. Give the text that the quotes were extracted from."
                )


def _headline(article: Article) -> str:
    """Return the headline at the top; empty if the article has no headline."""
    first = next(iter(article.paragraphs), None)
    return article.text[first.start : first.end] if first is not None and first.kind == "headline" else ""


def _blocks(article: Article, quotes: Sequence[Quote]) -> list[Block]:
    spans = [(paragraph.start, paragraph.end) for paragraph in article.paragraphs]
    ends = [0, *(end for _, end in spans)]
    return [
        Block(paragraph.kind, article.text[end : paragraph.start], pieces)
        for paragraph, end, pieces in zip(article.paragraphs, ends, marked(layers_of(quotes), spans), strict=False)
    ]


def _counted(values: Iterable[str], order: Sequence[str]) -> list[tuple[str, int]]:
    counts = Counter(values)
    return [(value, counts[value]) for value in order if counts[value]]


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
