"""Copying an output with the ids of people and known speakers, and without uncertain quotes."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from quotekit.batch.beside import articles_of
from quotekit.batch.compression import endings
from quotekit.known.matching import KnownSpeakers
from quotekit.models import Speaker
from quotekit.output.target import OutputError
from quotekit.study.people import People
from quotekit.study.rewriting import Change, rewrite, rewrite_articles
from quotekit.study.speaking import Speaking, speaking_in

_REMEMBERED = 1 << 15
"""Maximum cached speakers; most speak in many articles."""


class _Who(NamedTuple):
    person: str | None
    known: str | None


@dataclass
class Linked:
    """How many quotes were written, left out, and linked to a person."""

    quotes: int = 0
    left_out: int = 0
    linked: int = 0


class Linker:
    """Decides the person and the known speaker of each quote, and whether it stays.

    Args:
        people: the list of people; without one, ``person_id`` stays empty.
        known: the caller's own list; without one, ``known_id`` stays as it is.
        min_confidence: quotes with a lower confidence are left out.
    """

    def __init__(
        self, people: People | None = None, known: KnownSpeakers | None = None, min_confidence: float = 0.0
    ) -> None:
        self._people = people
        self._known = known
        self._least = min_confidence
        self._dated = any(entry.from_ or entry.until for entry in [*(people or ()), *(known or ())])
        self._answers: dict[tuple[object, ...], _Who] = {}
        self.counts = Linked()
        self.kept: array[int] = array("q")
        """For each article with quotes, in order: the numbers of remaining quotes and of their speakers."""

    def changes(self, path: Path) -> Iterator[Change]:
        """Yield the change of each quote of an output, in order."""
        for article in speaking_in(path):
            yield from self._article(article)

    def _article(self, article: Speaking) -> Iterator[Change]:
        who = self._ids({one.id: one for one in article.speakers if one}, article.day)
        keep = [confidence >= self._least for confidence in article.confidences]
        dropped = frozenset(id for id, kept in zip(article.ids, keep, strict=True) if not kept)
        left = {one.id for one, kept in zip(article.speakers, keep, strict=True) if one and kept}
        self.kept.extend((sum(keep), len(left)))
        for speaker, kept in zip(article.speakers, keep, strict=True):
            found = _Who(None, None) if speaker is None else who[speaker.id]
            self.counts.quotes += kept
            self.counts.left_out += not kept
            self.counts.linked += kept and found.person is not None
            yield Change(found.person, found.known, kept, dropped)

    def _ids(self, speakers: dict[str, Speaker], day: date | None) -> dict[str, _Who]:
        """Return the ids of one article's speakers in the lists."""
        surnames = tuple(sorted(one.name for one in speakers.values() if one.kind == "person"))
        found: dict[str, _Who] = {}
        for id, speaker in speakers.items():
            bare = " " not in speaker.name
            # The article's other speakers matter only for a bare surname.
            key = (_traits(speaker), day if self._dated else None, surnames if bare else ())
            who = self._answers.get(key)
            if who is None:
                if len(self._answers) >= _REMEMBERED:
                    self._answers.clear()
                who = self._answers[key] = self._who(speaker, [*speakers.values()], day)
            found[id] = who
        return found

    def _who(self, speaker: Speaker, all: list[Speaker], day: date | None) -> _Who:
        at = all.index(speaker)
        person = None if self._people is None else self._people.ids_of(all, day)[at]
        known = speaker.known_id if self._known is None else self._known.ids_of(all, day)[at]
        return _Who(person, known)


def _traits(speaker: Speaker) -> tuple[object, ...]:
    """Return the fields that identify a speaker in any article."""
    return speaker.name, speaker.kind, speaker.role, speaker.country, speaker.known_id, speaker.gender, speaker.office


def link(
    path: str | os.PathLike[str],
    output: str | os.PathLike[str],
    people: People | None = None,
    known: KnownSpeakers | None = None,
    min_confidence: float = 0.0,
) -> Linked:
    """Write a copy of an output with the ids of people and known speakers; no article is read again.

    The table of articles beside it is copied too, with new numbers of quotes and speakers. Memory does not grow with
    the number of quotes.

    Args:
        path: an output of quotekit: .parquet, .csv, .tsv or .jsonl, the latter also compressed.
        output: a file of the same format.
        people: a list of people, which fills in ``person_id``.
        known: your own list, which fills in ``known_id`` anew.
        min_confidence: quotes with a lower confidence are left out, and a quote inside one has no parent.

    Raises:
        StoredError: the file cannot be read, or is not an output of quotekit.
        OutputError: ``output`` is of another format, or cannot be written.
    """
    path, output = Path(path), Path(output)
    if endings(path)[0] != endings(output)[0]:
        raise OutputError(f"cannot write {output}: the ending of its name must be {endings(path)[0]}, as of {path}.")
    linker = Linker(people, known, min_confidence)
    rewrite(path, output, linker.changes(path))
    articles, copy = articles_of(path), articles_of(output)
    if articles is not None and copy is not None and articles.is_file():
        rewrite_articles(articles, copy, linker.kept)
    return linker.counts
