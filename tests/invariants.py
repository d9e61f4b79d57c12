"""What must be so of the quotes of any text: one list of it, for properties, hostile texts and fuzzing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from quotekit import Quote
from quotekit.article.legible import Legible, legible
from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import find_quoted
from quotekit.models import Span, TextSpan, inside


def spans(quote: Quote) -> list[TextSpan]:
    """All stretches of the article that ``quote`` shows."""
    named = [span for span in (quote.source, quote.cue) if span]
    return [*quote.content, *named, *(quote.speaker.mentions if quote.speaker else ())]


def parts(quote: Quote) -> list[Span]:
    """The parts of its content (characters, half-open)."""
    return [(part.start, part.end) for part in quote.content]


def sound(text: str, quotes: list[Quote]) -> None:
    """Assert what must be so of any quotes of any ``text``; a failure names the quote."""
    assert [quote.id for quote in quotes] == [f"q{i}" for i in range(1, len(quotes) + 1)]
    assert [quote.position.start for quote in quotes] == sorted(quote.position.start for quote in quotes)
    for quote in quotes:
        assert all(text[span.start : span.end] == span.text for span in spans(quote)), quote
    seen = legible(text)
    if seen is not None:
        # The rest is so of the text as it is read.
        text, quotes = seen.text, [_as_read(quote, seen) for quote in quotes]
    for quote in quotes:
        _content_is_sound(text, quote)
    _places_are_sound(text, quotes)
    _kinds_are_sound(text, quotes)
    _parents_are_sound(quotes)
    _speakers_are_sound(quotes)


def _as_read(quote: Quote, seen: Legible) -> Quote:
    """The quote with the places that it has in the text as it is read."""

    def place(part: TextSpan) -> TextSpan:
        start, end = seen.to_prepared((part.start, part.end))
        return part.model_copy(update={"start": start, "end": end, "text": seen.text[start:end]})

    start, end = seen.to_prepared((quote.position.start, quote.position.end))
    position = quote.position.model_copy(update={"start": start, "end": end})
    more: dict[str, Any] = {"source": quote.source and place(quote.source), "cue": quote.cue and place(quote.cue)}
    if quote.speaker is not None:
        mentions = tuple(map(place, quote.speaker.mentions))
        more["speaker"] = quote.speaker.model_copy(update={"mentions": mentions})
    return quote.model_copy(update={"content": tuple(map(place, quote.content)), "position": position, **more})


def _content_is_sound(text: str, quote: Quote) -> None:
    assert all(part.text and part.text == part.text.strip() for part in quote.content), quote
    assert all(left[1] <= right[0] for left, right in pairwise(parts(quote))), quote
    assert (quote.position.start, quote.position.end) == (quote.content[0].start, quote.content[-1].end), quote
    assert quote.text.split() == " ".join(part.text for part in quote.content).split(), quote
    assert not {"\n", "\r"} & set(quote.text), quote
    assert 0 <= quote.confidence <= 1, quote
    assert (quote.speaker is None) or quote.source is not None, quote


def _places_are_sound(text: str, quotes: list[Quote]) -> None:
    paragraphs = read_article(text).paragraphs
    for quote in quotes:
        paragraph = paragraphs[quote.position.paragraph]
        assert paragraph.start <= quote.position.start < paragraph.end, quote
    sentences = [quote.position.sentence for quote in quotes]
    assert sentences == sorted(sentences)


def _kinds_are_sound(text: str, quotes: list[Quote]) -> None:
    outermost = [stretch.outer for stretch in find_quoted(read_article(text)) if stretch.depth == 0]
    for quote in quotes:
        marked = [any(inside(part, outer) for outer in outermost) for part in parts(quote)]
        assert quote.kind != "indirect" or not any(marked), quote
        # What follows a transcript's label is its speaker's own words without marks.
        assert quote.kind != "direct" or all(marked) or quote.rule.startswith("layout."), quote


def _parents_are_sound(quotes: list[Quote]) -> None:
    by_id = {quote.id: quote for quote in quotes}
    for quote in quotes:
        if quote.parent is not None:
            assert quote.parent != quote.id, quote
            around = parts(by_id[quote.parent])
            assert all(any(inside(part, outer) for outer in around) for part in parts(quote)), quote
    top = sorted(part for quote in quotes if quote.parent is None for part in parts(quote))
    assert all(left[1] <= right[0] for left, right in pairwise(top))


def _speakers_are_sound(quotes: list[Quote]) -> None:
    speakers = [quote.speaker for quote in quotes if quote.speaker]
    first = list(dict.fromkeys(speaker.id for speaker in speakers))
    assert first == [f"s{i}" for i in range(1, len(first) + 1)]
    assert len(set(speakers)) == len(first), "speakers of one id differ"
    for quote in quotes:
        if quote.speaker is not None and quote.source is not None and quote.speaker.mentions:
            mention = quote.speaker.mentions[0]
            assert (mention.start, mention.end) == (quote.source.start, quote.source.end), quote
