"""Grouping: from the quotes of many articles to the quotes that several of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args

from quotekit.batch.records import Result
from quotekit.grouping.clusters import MIN_UNNAMED, Cluster, Clustering, QuoteVariant
from quotekit.grouping.comparing import Comparison
from quotekit.grouping.speaker_identity import SpeakerIdentity
from quotekit.grouping.types import GroupMember, GroupSpeaker, Order, QuoteGroup
from quotekit.grouping.wording import Wording, is_stock
from quotekit.models import QuoteKind, Speaker

KINDS: tuple[QuoteKind, ...] = ("direct", "mixed")
"""Kinds of quotes with words of the speaker's own."""

SIMILARITY = 90.0
MIN_WORDS = 4
MIN_ARTICLES = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """What is needed of a quote and its article; all rows stay in memory."""

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
    """Return the quotes that several articles share, the earliest first.

    Args:
        results: the articles with their quotes, as `quotekit.batch.stored.read_stored` gives them.
        similarity: least similarity of a wording to the fullest one, in percent.
        min_articles: leave out quotes that fewer articles have.
        min_words: leave out quotes of fewer words.
        kinds: the kinds of quotes to group.

    Raises:
        QuotekitError: rapidfuzz is not installed.
        ValueError: ``similarity`` is not from 50 to 100, a minimum is below 1, or a kind does not exist.

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
    rows, variants = quote_variants(results, min_words=min_words, kinds=kinds)
    clusters = Clustering(similarity).of(variants)
    candidates = (_members(cluster, rows) for cluster in clusters)
    wide = (members for members in candidates if len({rows[row].article for row, _ in members}) >= min_articles)
    groups = sorted((_group(members, rows) for members in wide), key=lambda pair: pair[0])
    return [one.model_copy(update={"id": f"g{number}"}) for number, (_, one) in enumerate(groups, 1)]


def quote_variants(
    results: Iterable[Result], *, min_words: int = MIN_WORDS, kinds: Collection[QuoteKind] = KINDS
) -> tuple[list[_Row], list[QuoteVariant]]:
    """Return the rows of the quotes to group, and their variants by wording and speaker.

    Quotes that are too short and stock phrases are left out.
    """
    rows: list[_Row] = []
    found: dict[tuple[object, ...], QuoteVariant] = {}
    for result in results:
        for quote in result.quotes:
            if quote.kind not in kinds:
                continue
            wording, identity = Wording.of(part.text for part in quote.content), SpeakerIdentity.of(quote.speaker)
            # Without a name, a shorter quote cannot be matched with anything.
            least = min_words if identity.named else max(min_words, MIN_UNNAMED)
            if len(wording.words) < least or is_stock(wording):
                continue
            variant = found.setdefault((wording.words, identity.fingerprint), QuoteVariant(wording, identity))
            variant.wording = max(variant.wording, wording, key=lambda one: one.punctuation)
            variant.rows.append(len(rows))
            rows.append(_Row(result.id, result.date, quote.id, quote.text, quote.speaker))
    return rows, list(found.values())


def _members(cluster: Cluster, rows: list[_Row]) -> list[tuple[int, Comparison]]:
    """Return the rows of a cluster by date, those without a date last."""
    members = [(row, comparison) for variant, comparison in cluster.members for row in variant.rows]
    return sorted(members, key=lambda member: (rows[member[0]].day or date.max, member[0]))


def _group(members: list[tuple[int, Comparison]], rows: list[_Row]) -> tuple[tuple[date, int], QuoteGroup]:
    """Return one group, with the key that it is sorted by."""
    rows_in_order = [rows[row] for row, _ in members]
    days = [row.day for row in rows_in_order if row.day is not None]
    texts = Counter(rows[row].text for row, comparison in members if comparison.change == "same")
    order: Order = "input" if not days else "date" if len(days) == len(rows_in_order) else "date, then input"
    found = QuoteGroup(
        id="g0",
        text=min(texts, key=lambda text: (-texts[text], -len(text), text)),
        speaker=_speaker([row.speaker for row in rows_in_order if row.speaker]),
        articles=len({row.article for row in rows_in_order}),
        ordered_by=order,
        members=tuple(
            GroupMember(
                article=row.article,
                date=row.day,
                quote=row.quote,
                speaker=row.speaker.name if row.speaker else None,
                text=row.text,
                similarity=round(comparison.similarity, 1),
                wording=comparison.change,
                first=row.day == days[0] if days else row.article == rows_in_order[0].article,
            )
            for row, (_, comparison) in zip(rows_in_order, members, strict=True)
        ),
    )
    return (days[0] if days else date.max, members[0][0]), found


def _speaker(speakers: list[Speaker]) -> GroupSpeaker | None:
    """Return the speaker with the fullest name; persons come before organizations, and both before unnamed speakers."""
    if not speakers:
        return None
    named = [one for one in speakers if SpeakerIdentity.of(one).kind != "unnamed"] or speakers
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
    """Return the most frequent value; ties go to the longest, then to the first in the alphabet."""
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], -len(value), value)) if counts else None
