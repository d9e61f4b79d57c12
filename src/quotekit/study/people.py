"""The people of many articles: merging speakers over outputs, and looking them up in the merged list."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from quotekit.errors import KnownSpeakersError
from quotekit.known.comparing import folded, name_key
from quotekit.known.entries import KnownSpeaker, entries_of
from quotekit.known.files import records_of
from quotekit.known.matching import KnownSpeakers
from quotekit.known.roster import FAR_MORE, NAMED, Roster
from quotekit.known.roster_files import roster_csv, roster_lines
from quotekit.known.roster_rows import Row, walk_of, walks_apart
from quotekit.models import Speaker
from quotekit.output.target import Target
from quotekit.study.speaking import speaking_in


def people_of(paths: Iterable[str | os.PathLike[str]], *, min_quotes: int = 1) -> list[Row]:
    """Return the people and bodies of outputs, merged over all articles, the most quoted first.

    Each has an id: that of the list of known speakers, or one made from the name ("ann-lee"), numbered if several have
    that name. A surname that its own article does not resolve is left out.

    Raises:
        StoredError: a file cannot be read, or is not an output of quotekit.
        QuotekitError: the library that reads this format is not installed.
    """
    roster = Roster()
    for path in dict.fromkeys(map(Path, paths)):
        for article in speaking_in(path):
            roster.add_speakers(article.speakers, article.day)
    return with_ids(row for row in roster.rows(NAMED, min_quotes) if not row.unresolved)


def write_people(rows: Iterable[Row], path: str | os.PathLike[str]) -> None:
    """Write a list of people as CSV, or as JSON Lines if ``path`` ends in .jsonl or .ndjson.

    Raises:
        OutputError: the file cannot be written.
    """
    path = Path(path)
    written = roster_lines if path.suffix.lower() in (".jsonl", ".ndjson") else roster_csv
    with Target(path) as target:
        target.write(written(rows))


def with_ids(rows: Iterable[Row]) -> list[Row]:
    """Return ``rows`` with ids; existing ids are kept.

    >>> [row.id for row in with_ids([Row("", (name,), (), None, 1, 1, "person") for name in ("Ann Lee", "ANN LEE")])]
    ['ann-lee', 'ann-lee-2']
    """
    rows = list(rows)
    taken, count = {row.id for row in rows if row.id}, Counter[str]()
    named: list[Row] = []
    for row in rows:
        base = id = row.id or "-".join("".join(c if c.isalnum() else " " for c in folded(row.names[0])).split())
        while not row.id and id in taken:
            count[base] += 1
            id = f"{base}-{count[base] + 1}"
        taken.add(id)
        named.append(replace(row, id=id))
    return named


@dataclass(frozen=True, slots=True)
class _Line:
    """The fields of a line that a list of known speakers does not have."""

    offices: tuple[str, ...]
    quotes: int


class People(KnownSpeakers):
    """A list made by `people_of`, perhaps edited; several lines with one id are one person.

    If several lines fit a speaker, those with the same name, country and office are preferred, then those with the
    role, then one with far more quotes than the others.
    """

    def __init__(self, entries: Iterable[KnownSpeaker] = (), lines: Iterable[_Line] = ()) -> None:
        super().__init__(entries)
        self._lines = tuple(lines)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> People:
        """Read a CSV or JSON Lines file. Lines without an id are skipped.

        Raises:
            KnownSpeakersError: the file cannot be read, or a line is invalid.
        """
        entries: list[KnownSpeaker] = []
        lines: list[_Line] = []
        for where, record in records_of(path):
            for entry in entries_of([(where, record)]):
                entries.append(entry)
                lines.append(_line(where, record))
        return cls(entries, lines)

    def __reduce__(self) -> tuple[object, ...]:
        return People, (self.entries, self._lines)

    @property
    def dated(self) -> bool:
        """True if a line applies only for some time."""
        return any(entry.from_ or entry.until for entry in self.entries)

    def _decided(self, fits: list[int], speaker: Speaker, surname: bool = False) -> str | None:
        walk, key = walk_of(speaker), name_key(speaker.name)
        fits = [i for i in fits if not walks_apart(walk, self._lines[i].offices)]
        fits = self._nearest(fits, lambda i: any(name_key(name) == key for name in self.entries[i].names))
        if speaker.country is None and walk is None:
            # This line is for speakers of whom the articles tell only the name.
            fits = self._nearest(fits, lambda i: self.entries[i].country is None and not self.entries[i].roles)
        if speaker.country is not None:
            fits = self._nearest(fits, lambda i: self.entries[i].country == speaker.country)
        if walk is not None:
            fits = self._nearest(fits, lambda i: walk in self._lines[i].offices)
        found = super()._decided(fits, speaker, surname)
        return self._best_known(fits) if found is None and not surname and walk is None else found

    def _nearest(self, fits: list[int], agrees: Callable[[int], bool]) -> list[int]:
        if len({self.entries[i].id for i in fits}) < 2:
            return fits
        return [i for i in fits if agrees(i)] or fits

    def _best_known(self, fits: list[int]) -> str | None:
        quotes: Counter[str] = Counter()
        for i in fits:
            quotes[self.entries[i].id] += self._lines[i].quotes
        ranked = quotes.most_common(2)
        if not ranked or (len(ranked) == 2 and ranked[0][1] < FAR_MORE * max(1, ranked[1][1])):
            return None
        return ranked[0][0]


def _line(where: str, record: dict[str, object]) -> _Line:
    offices, quotes = record.get("offices") or (), record.get("quotes") or 0
    if isinstance(offices, str):
        offices = offices.split(";")
    try:
        if not isinstance(offices, list | tuple):
            raise TypeError
        return _Line(tuple(str(office).strip() for office in offices), int(str(quotes)))
    except (TypeError, ValueError) as error:
        raise KnownSpeakersError(
            f"{where}: 'quotes' must be a whole number and 'offices' a list. Leave both as quotekit people writes them."
        ) from error
