"""The newest quotes of a report, which the page of quotes shows before its script runs."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quotekit.batch.records import Result
from quotekit.report.characters import plain
from quotekit.report.counting import Placed
from quotekit.report.head import web_address
from quotekit.report.overview import words
from quotekit.report.people import confidence_text, country_of


@dataclass(frozen=True, slots=True)
class _Entry:
    """A quote and the details of its article that its card shows."""

    placed: Placed
    article: dict[str, str]


class Newest:
    """Keeps the newest quotes of all articles that are added; undated ones come last.

    Args:
        most: how many quotes are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._n = 0
        self._kept: list[tuple[int, int, _Entry]] = []

    def add(self, result: Result, one: Placed, title: str, at: str) -> None:
        """Add a quote whose address is ``at``."""
        day = -result.date.toordinal() if result.date else 0
        self._n += 1
        if len(self._kept) == self._most and self._kept[-1][0] <= day:
            return
        article = {
            "article": title,
            "at": at,
            "outlet": plain(result.about.get("outlet", "")),
            "day": result.date.isoformat() if result.date else "",
            "url": web_address(result.about.get("url")) or "",
        }
        insort(self._kept, (day, self._n, _Entry(one, article)), key=lambda kept: kept[:2])
        del self._kept[self._most :]

    def cards(self, places: dict[int, int], labels: Sequence[str]) -> list[dict[str, Any]]:
        """Return the values of the quotes' cards; ``places`` are indices of speakers in ``labels``."""
        return [_card(entry, places, labels) for _, _, entry in self._kept]


def _card(entry: _Entry, places: dict[int, int], labels: Sequence[str]) -> dict[str, Any]:
    one, quote = entry.placed, entry.placed.quote
    speaker = quote.speaker
    place = -1 if one.number is None else places.get(one.number, -1)
    name = plain(speaker.name) if speaker else ""
    who = labels[place] if place >= 0 else name
    source = plain(quote.source.text) if quote.source else ""
    return {
        **entry.article,
        "text": quote.text,
        "kind": quote.kind,
        "act": quote.act,
        "exchange": exchange_of(one),
        "who": (who or words()["no_speaker"]) + ("?" if quote.guessed else ""),
        "as": "" if who.startswith(name) else f"as “{name}”",
        "href": f"#speaker={place}" if place >= 0 else "",
        "role": (speaker.role or "") if speaker else "",
        "country": plain(country_of(speaker) or "") if speaker else "",
        "verb": quote.verb or "",
        "sure": confidence_text(quote),
        "rule": quote.rule,
        "source": "" if source == name else source,
    }


def exchange_of(one: Placed) -> str:
    """Return "question", "answer" or "turn" for a turn; empty for other quotes."""
    return "" if one.quote.turn is None else one.quote.exchange or "turn"
