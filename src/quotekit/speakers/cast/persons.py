"""The persons of an article by name, in full and in part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain

from quotekit.article.parse import Parse
from quotekit.lexicon.personal_names import (
    compatible,
    core,
    family_first,
    gender_of,
    gender_of_name,
    generation,
    inside,
)
from quotekit.speakers.cast.entity import Draft
from quotekit.speakers.cast.name_runs import Run

_CANDIDATES = 32
"""Persons of one name that are compared with a run, the last ones."""
_LONGEST = 5
"""Words of the longest name."""


class Persons:
    """Persons, filed under every word of their names, and where each full name is."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self._by_word: dict[str, list[Draft]] = {}
        self._seen: dict[Draft, list[int]] = {}

    def introduce(self, run: Run) -> Draft:
        """Return the person whom ``run`` names in full, a new one if nobody of that name is known."""
        words = core(run.words)
        draft = self._same(words, run) or self._continued(words, run)
        if draft is None:
            draft = self.enter(run, words)
        elif len(words) > len(draft.words):
            draft.name, draft.name_span, draft.words = run.name, self.parse.span(run.first, run.last), words
            self._index(draft)
        draft.full += 1
        self._seen.setdefault(draft, []).append(run.first)
        inverted = family_first(run.words)
        given = None if inverted else gender_of(run.words[0])
        draft.sure = draft.sure or run.titled or given is not None or inverted
        draft.show_gender(run.gender, self.parse.span(run.start, run.last), draft.naming)
        draft.gender = draft.gender or gender_of_name(run.words)
        return draft

    def enter(self, run: Run, words: tuple[str, ...]) -> Draft:
        """Enter and return a new person under the name of ``run``."""
        draft = Draft("person", run.name, self.parse.span(run.first, run.last), words)
        draft.generation = generation(run.words)
        draft.show_gender(run.gender, self.parse.span(run.start, run.last), draft.naming)
        draft.sure = run.titled
        self._index(draft)
        return draft

    def count(self, run: Run) -> None:
        """Count a full name in a headline for its bearer."""
        draft = self._same(core(run.words), run) if len(run.words) > 1 else None
        if draft is not None:
            draft.full += 1

    def bearer(self, run: Run) -> Draft | None:
        """Return the person of whose name ``run`` is a part; ``None`` if nobody or more than one fits."""
        words = core(run.words)
        if len(words) > 1:
            found = self._same(words, run)
            if found is not None:
                return found
        fits = self._fitting(words, run)
        surname = [one for one in fits if one.words[-1] == words[-1]] or [
            one for one in fits if one.words[0] == words[0]
        ]
        return self._likeliest(self._of_office(surname, run) or surname or fits, run.first)

    def of_surname(self, word: str) -> Draft | None:
        """Return the bearer of this name who is most often named in full."""
        fits = self._by_word.get(word.casefold(), [])[-_CANDIDATES:]
        return max(fits, key=lambda one: one.full) if fits else None

    def named(self, word: str) -> list[Draft]:
        """Return the persons who have this word (lower case) in their names, the last ones."""
        return self._by_word.get(word, [])[-_CANDIDATES:]

    def drafts(self) -> Iterator[Draft]:
        """Yield every person, some more than once."""
        return chain.from_iterable(self._by_word.values())

    def _same(self, words: tuple[str, ...], run: Run) -> Draft | None:
        """Return the bearer of this full name: the last words agree, the given names do not contradict."""
        found = self._near(words[-1:])
        exact = [one for one in found if compatible(words, one.words) and self._agrees(one, run)]
        return max(exact, key=lambda one: (one.words == words, one.full)) if exact else None

    def _continued(self, words: tuple[str, ...], run: Run) -> Draft | None:
        """Return whose name two words continue: part of a name of three words, or a known name and its continuation."""
        if len(words) != 2:
            return None
        whole = [
            one
            for one in self._near(words[:1])
            if len(one.words) > 2 and inside(words, one.words) and self._agrees(one, run)
        ]
        if len(whole) == 1:
            return whole[0]
        if run.gender is None or gender_of(words[0]) is not None:
            return None
        near = [one for one in self._near(words[:1]) if one.words[-1] == words[0] and self._agrees(one, run)]
        front = [one for one in near if len(one.words) < _LONGEST]
        if len(front) != 1:
            return None
        # The longer name is nowhere in one piece, so the person keeps the span of the shorter.
        front[0].words = (*front[0].words, words[1])
        front[0].name = f"{front[0].name} {run.words[1]}"
        self._index(front[0])
        return front[0]

    def _fitting(self, words: tuple[str, ...], run: Run) -> list[Draft]:
        return [one for one in self._near(words[-1:]) if inside(words, one.words) and self._agrees(one, run)]

    def _of_office(self, fits: list[Draft], run: Run) -> list[Draft]:
        """Return the namesakes who hold the office before the name: "Judge Lee"."""
        if run.role is None or len(fits) < 2:
            return []
        office = self.parse.lowers[run.role[1]]
        return [one for one in fits if any(head == office for head, _ in one.offices)]

    def _likeliest(self, fits: list[Draft], token: int) -> Draft | None:
        """Return who is named most often in full, then by a part so far; ``None`` for a tie."""
        chosen = self._of_several(fits, token) if len(fits) > 1 else next(iter(fits), None)
        if chosen is not None:
            chosen.linked += 1
        return chosen

    def _of_several(self, fits: list[Draft], token: int) -> Draft | None:
        fits = sorted(fits, key=lambda one: -one.full)
        if fits[0].full > fits[1].full:
            return fits[0]
        named = [one for one in fits if one.full == fits[0].full and self._last_seen(one, token) is not None]
        if len(named) < 2:
            return (named or fits)[0]
        first, second = sorted(named, key=lambda one: -one.linked)[:2]
        if first.linked > second.linked:
            return first
        # The bare name itself remains one entity for all ambiguous mentions.
        return next((one for one in fits if len(one.words) == 1), None)

    def _last_seen(self, draft: Draft, token: int) -> int | None:
        seen = self._seen.get(draft, [])
        at = bisect_left(seen, token)
        return seen[at - 1] if at else None

    @staticmethod
    def _agrees(draft: Draft, run: Run) -> bool:
        later = generation(run.words)
        return draft.takes(run.gender) and (not later or not draft.generation or later == draft.generation)

    def _near(self, words: tuple[str, ...]) -> list[Draft]:
        # Bounded, so that an article of a thousand Smiths takes linear time.
        return self._by_word.get(words[0], [])[-_CANDIDATES:] if words else []

    def _index(self, draft: Draft) -> None:
        for word in draft.words:
            found = self._by_word.setdefault(word, [])
            if draft not in found[-_CANDIDATES:]:
                found.append(draft)
