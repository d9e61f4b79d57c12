"""The page of one article: its text with the quotes marked, their speakers, confidences and rules."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from functools import cache
from typing import TYPE_CHECKING

from quotekit.article.paragraphs import Article, read_article
from quotekit.article.quoted import find_quoted
from quotekit.corrections.entries import digest_of
from quotekit.errors import QuotekitError
from quotekit.models import UNSURE, Quote, Span, TextSpan
from quotekit.report.colours import palette, speaker_styles
from quotekit.report.head import head_of
from quotekit.report.marking import Piece, badged, layers_of, marked
from quotekit.report.people import PageQuote, people_of
from quotekit.report.templates import asset, environment, policy

if TYPE_CHECKING:
    from quotekit.rules import RuleSet


class ReportError(QuotekitError, ValueError):
    """The quotes of a report do not belong to its text."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its marks, and the characters between it and the previous paragraph.

    ``turn`` is the turn of a conversation that it belongs to, or ``None``.
    """

    kind: str
    before: str
    pieces: list[Piece]
    turn: PageQuote | None


def article_page(
    text: str,
    quotes: Iterable[Quote],
    *,
    title: str | None = None,
    about: Mapping[str, str] | None = None,
    date: Date | None = None,
    rules: RuleSet | None = None,
    home: tuple[str, str] | None = None,
    id: str = "",
) -> str:
    """Return the HTML page of an article and its quotes, which loads nothing else.

    The text is unchanged; characters that HTML cannot hold are shown as U+FFFD with their code. Everything is escaped,
    and the Content-Security-Policy of the page allows only its own script and styles, so nothing in the text, the
    quotes or the title can run.

    Args:
        text: the string that the quotes were extracted from.
        quotes: its quotes, in the order of `extract`, or some of them.
        title: title of the page, such as a file name; by default the article's own title or headline.
        about: what is known of the article: ``title``, ``outlet``, ``author``, ``url``.
        date: the day of the article.
        rules: the rules that found the quotes, to show their reasons; by default the built-in ones.
        home: name and address of the page that this one belongs to, for a link at the top.
        id: id of the article, for the corrections that are saved from the page.

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
    style = f"{asset('shared.css')}\n{asset('report.css')}\n{speaker_styles()}\n"
    script = asset("report.js") + asset("corrections.js")
    return (
        environment()
        .get_template("article.html.jinja")
        .render(
            head=head_of(article, title, about or {}, date),
            home=home,
            policy=policy(style, script),
            style=style,
            script=script,
            id=id,
            digest=digest_of(text),
            sure=round(UNSURE * 100),
            **_contents(article, quotes, reasons_by_rule(rules)),
        )
    )


def _contents(article: Article, quotes: Sequence[Quote], whys: Mapping[str, str]) -> dict[str, object]:
    """Return the template's values for the text and its quotes."""
    text = article.text
    people = people_of(quotes, whys, len(palette()["speakers"]))
    shown = sorted((one for person in people for one in person.quotes), key=lambda one: one.number)
    return {
        "text": text,
        "words_count": len(text.split()),
        "blocks": _blocks(article, shown),
        "rest": text[article.paragraphs[-1].end if article.paragraphs else 0 :],
        "people": people,
        "people_by": {one.number: person for person in people for one in person.quotes},
        "quotes": shown,
        "turns": any(quote.turn is not None for quote in quotes),
        "kinds": _counted((quote.kind for quote in quotes), ("direct", "mixed", "indirect")),
        "acts": _counted((quote.act for quote in quotes), ("statement", "attitude")),
    }


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


def _blocks(article: Article, quotes: Sequence[PageQuote]) -> list[Block]:
    spans = [(paragraph.start, paragraph.end) for paragraph in article.paragraphs]
    ends = [0, *(end for _, end in spans)]
    badges, turns = _badges(article, spans, quotes), _turns(spans, quotes)
    return [
        Block(paragraph.kind, article.text[end : paragraph.start], list(badged(pieces, badges[i])), turns.get(i))
        for i, (paragraph, end, pieces) in enumerate(
            zip(article.paragraphs, ends, marked(layers_of([one.quote for one in quotes]), spans), strict=False)
        )
    ]


def _badges(article: Article, blocks: Sequence[Span], quotes: Sequence[PageQuote]) -> list[list[tuple[int, int]]]:
    """Return the position of each quote's badge, after its closing quotation marks, block by block."""
    closing = {stretch.inner[1]: stretch.outer[1] for stretch in find_quoted(article) if stretch.closed}
    found: list[list[tuple[int, int]]] = [[] for _ in blocks]
    for place, one in enumerate(quotes):
        end = one.quote.content[-1].end
        block = _block_at(blocks, end - 1)
        while closing.get(end, 0) > end:
            end = closing[end]
        if block is not None:
            found[block].append((min(end, blocks[block][1]), place))
    # Of nested quotes that end together, the inner one is first.
    return [sorted(badges, key=lambda badge: (badge[0], -badge[1])) for badges in found]


def _turns(blocks: Sequence[Span], quotes: Sequence[PageQuote]) -> dict[int, PageQuote]:
    """Return the turn that each block belongs to, by the index of the block."""
    turns = [one for one in quotes if one.quote.turn is not None]
    found = ((_block_at(blocks, part.start), one) for one in turns for part in one.quote.content)
    return {block: one for block, one in found if block is not None}


def _block_at(blocks: Sequence[Span], at: int) -> int | None:
    block = bisect_right(blocks, at, key=lambda span: span[0]) - 1
    return block if block >= 0 and at < blocks[block][1] else None


def _counted(values: Iterable[str], order: Sequence[str]) -> list[tuple[str, int]]:
    counts = Counter(values)
    return [(value, counts[value]) for value in order if counts[value]]
