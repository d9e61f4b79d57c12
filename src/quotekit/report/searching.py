"""The search data of a report: one row per quote, written to disk while the articles are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quotekit.batch.records import Result
from quotekit.report.characters import plain
from quotekit.report.counting import Figures, Placed
from quotekit.report.head import web_address
from quotekit.report.newest import exchange_of
from quotekit.report.people import anchors_of, percent
from quotekit.report.shares import Naming

_IN_PAGE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}
_CHUNK = 1 << 16


def page_json(value: Any) -> str:
    r"""Return ``value`` as JSON for a script element: ASCII, and nothing that could be a tag.

    >>> print(page_json("</script>\u2028"))
    "\u003c/script\u003e\u2028"
    """
    # JSON has "<", ">" and "&" only in strings.
    return json.dumps(value, separators=(",", ":")).translate(_IN_PAGE)


class SearchData:
    """Rows of quotes and articles, kept on disk; each speaker is stored once.

    Args:
        folder: the folder that holds the rows until the page is written.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = folder / "quotes.rows", folder / "articles.rows"
        self._quotes, self._articles = (path.open("w", encoding="ascii", newline="\n") for path in self._paths)
        self._who: dict[tuple[str, str, str, str, Naming, str, str, int], int] = {}
        self._n = self._n_articles = 0

    def __enter__(self) -> SearchData:
        return self

    def __exit__(self, *_: object) -> None:
        self._quotes.close()
        self._articles.close()
        for path in self._paths:
            path.unlink()

    def add(self, result: Result, placed: list[Placed], title: str, href: str) -> None:
        """Add the quotes of one article, whose page is at ``href``."""
        day = result.date.isoformat() if result.date else ""
        outlet, url = plain(result.about.get("outlet", "")), web_address(result.about.get("url")) or ""
        self._articles.write("," * (self._n_articles > 0) + page_json([title, href, day, outlet, url]) + "\n")
        for one, anchor in zip(placed, anchors_of(result.quotes), strict=True):
            quote = one.quote
            row = [
                self._n_articles,
                anchor,
                plain(quote.text),
                quote.kind,
                quote.act,
                self._speaker(one),
                plain(quote.verb or ""),
                percent(quote.confidence),
                plain(quote.rule),
                plain(quote.source.text) if quote.source else "",
                exchange_of(one),
                None if quote.speaker_confidence is None else percent(quote.speaker_confidence),
                int(quote.guessed),
            ]
            self._quotes.write("," * (self._n > 0) + page_json(row) + "\n")
            self._n += 1
        self._n_articles += 1

    def _speaker(self, one: Placed) -> int:
        speaker = one.quote.speaker
        number = -1 if one.number is None else one.number
        if speaker is None:
            return self._who.setdefault(("", "", "", "", one.naming, "", "", number), len(self._who))
        name, role, country = map(plain, (speaker.name, speaker.role or "", speaker.country or ""))
        office, gender = speaker.office or "", speaker.gender or ""
        key = (name, speaker.kind, role, country, one.naming, office, gender, number)
        return self._who.setdefault(key, len(self._who))

    def written(self, figures: Figures, places: dict[int, int], labels: list[str]) -> Iterator[str]:
        """Yield all data as JSON, in pieces. Labels belong to `Figures.speakers`; ``places`` has indices in it."""
        self._quotes.flush()
        self._articles.flush()
        yield '{"quotes":['
        yield from _pieces(self._paths[0])
        yield '],"articles":['
        yield from _pieces(self._paths[1])
        who = [[*known, places.get(number, -1)] for (*known, number) in self._who]
        yield f'],"who":{page_json(who)},"speakers":{page_json(labels)}}}'


def _pieces(path: Path) -> Iterator[str]:
    with path.open(encoding="ascii") as file:
        while piece := file.read(_CHUNK):
            yield piece
