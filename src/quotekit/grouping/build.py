"""The way of grouping: quotes of many articles in, the quotes that several of them carry out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args

from quotekit.batch.records import Result
from quotekit.grouping.alike import Likeness
from quotekit.grouping.leaders import MIN_OPEN, Flock, Flocks, Saying
from quotekit.grouping.speaking import Speaking
from quotekit.grouping.types import GroupMember, GroupSpeaker, Order, QuoteGroup
from quotekit.grouping.wording import Wording, is_stock
from quotekit.models import QuoteKind, Speaker

KINDS: tuple[QuoteKind, ...] = ("direct", "mixed")
"""Quotes whose words are the speaker's own, all or some."""

SIMILARITY = 90.0
MIN_WORDS = 4
MIN_ARTICLES = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """A quote, and the article that carries it: what is needed of them, since all stay in memory."""

    article: str
    day: date | None
    quote: str
    text: str
    speaker: Speaker | None


def group(
    results: Iterable[Result],
    *,
    similarity: float = SIMILARITY,
    min_articles: int = MIN_ARTICLES,
    min_words: int = MIN_WORDS,
    kinds: Collection[QuoteKind] = KINDS,
) -> list[QuoteGroup]:
    """The quotes that several articles carry, those first that came first.

    Args:
        results: the articles with their quotes, as `quotekit.batch.stored.read_stored` gives them.
        similarity: how like a wording must be to the fullest one, in percent.
        min_articles: leave out what fewer articles carry.
        min_words: leave out quotes of fewer words.
        kinds: the kinds of quotes to look at.

    Raises:
        QuotekitError: rapidfuzz is not installed.
        ValueError: ``similarity`` is not within 50 and 100, a least number is below 1, or a kind is none.

    >>> from quotekit import extract
    >>> from quotekit.batch.records import Result
    >>> texts = {"a": "“We will not sign any treaty,” Ann Lee said.", "b": "Lee said: “We won’t sign.”"}
    >>> [found] = group(Result(id, extract(text)) for id, text in texts.items())
    >>> found.text, [(member.article, member.wording) for member in found.members]
    ('We will not sign any treaty,', [('a', 'same'), ('b', 'shortened')])
    """
    if not 50 <= similarity <= 100:
        raise ValueError(f"similarity must be a percentage from 50 to 100, not {similarity!r}")
    for name, least in (("min_articles", min_articles), ("min_words", min_words)):
        if least < 1:
            raise ValueError(f"{name} must be 1 or more, not {least!r}")
    known = get_args(QuoteKind)
    if isinstance(kinds, str) or not set(kinds) <= set(known):
        raise ValueError(f"kinds must be some of {', '.join(map(repr, known))}, in a list, not {kinds!r}")
    rows, sayings = gathered(results, min_words=min_words, kinds=kinds)
    flocks = Flocks(similarity).of(sayings)
    carried = (_members(flock, rows) for flock in flocks)
    wide = (members for members in carried if len({rows[row].article for row, _ in members}) >= min_articles)
    groups = sorted((_group(members, rows) for members in wide), key=lambda pair: pair[0])
    return [one.model_copy(update={"id": f"g{number}"}) for number, (_, one) in enumerate(groups, 1)]


def gathered(
    results: Iterable[Result], *, min_words: int = MIN_WORDS, kinds: Collection[QuoteKind] = KINDS
) -> tuple[list[_Row], list[Saying]]:
    """The quotes that are looked at, and the same by what they say and who says it.

    Left out is what is too short, and what anybody says at any time.
    """
    rows: list[_Row] = []
    found: dict[tuple[object, ...], Saying] = {}
    for result in results:
        for quote in result.quotes:
            if quote.kind not in kinds:
                continue
            wording, speaking = Wording.of(part.text for part in quote.content), Speaking.of(quote.speaker)
            # Too short to be joined with anything, if nobody is named.
            least = min_words if speaking.named else max(min_words, MIN_OPEN)
            if len(wording.words) < least or is_stock(wording):
                continue
            saying = found.setdefault((wording.words, speaking.identity), Saying(wording, speaking))
            saying.wording = max(saying.wording, wording, key=lambda one: one.parted)
            saying.rows.append(len(rows))
            rows.append(_Row(result.id, result.date, quote.id, quote.text, quote.speaker))
    return rows, list(found.values())


def _members(flock: Flock, rows: list[_Row]) -> list[tuple[int, Likeness]]:
    """The rows of a flock in time order, those without a date last."""
    members = [(row, likeness) for saying, likeness in flock.members for row in saying.rows]
    return sorted(members, key=lambda member: (rows[member[0]].day or date.max, member[0]))


def _group(members: list[tuple[int, Likeness]], rows: list[_Row]) -> tuple[tuple[date, int], QuoteGroup]:
    """What several articles carry, with its place among the others."""
    carried = [rows[row] for row, _ in members]
    days = [row.day for row in carried if row.day is not None]
    texts = Counter(rows[row].text for row, likeness in members if likeness.change == "same")
    order: Order = "input" if not days else "date" if len(days) == len(carried) else "date, then input"
    found = QuoteGroup(
        id="g0",
        text=min(texts, key=lambda text: (-texts[text], -len(text), text)),
        speaker=_speaker([row.speaker for row in carried if row.speaker]),
        articles=len({row.article for row in carried}),
        ordered_by=order,
        members=tuple(
            GroupMember(
                article=row.article,
                date=row.day,
                quote=row.quote,
                speaker=row.speaker.name if row.speaker else None,
                text=row.text,
                similarity=round(likeness.similarity, 1),
                wording=likeness.change,
                first=row.day == days[0] if days else row.article == carried[0].article,
            )
            for row, (_, likeness) in zip(carried, members, strict=True)
        ),
    )
    return (days[0] if days else date.max, members[0][0]), found


def _speaker(speakers: list[Speaker]) -> GroupSpeaker | None:
    """Who says it by the fullest name, that of a person or body before that of somebody unnamed."""
    if not speakers:
        return None
    named = [one for one in speakers if Speaking.of(one).sort != "open"] or speakers
    persons = [one for one in named if one.kind == "person"] or named
    best = min(persons, key=lambda one: (-len(one.name), one.name))
    same = [one for one in persons if one.kind == best.kind]
    return GroupSpeaker(
        name=best.name,
        kind=best.kind,
        role=_most([one.role for one in same]),
        country=_most([one.country for one in same]),
        known_id=_most([one.known_id for one in speakers]),
    )


def _most(values: list[str | None]) -> str | None:
    """The most frequent, of equals the longest, then the first by letters."""
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], -len(value), value)) if counts else None
