"""The persons of an article by name: who is named in full, and whose name a part of one is."""

from __future__ import annotations

from bisect import bisect_left

from quotekit.article.parse import Parse
from quotekit.lexicon.personal_names import compatible, core, family_first, gender_of, generation, inside
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.name_runs import Run

_CANDIDATES = 32
_LONGEST = 5
"""No name has more words than so many."""


class Persons:
    """Persons by every word of their names, and where each full name stands."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self._by_word: dict[str, list[Entity]] = {}
        self._seen: dict[int, list[int]] = {}

    def introduce(self, run: Run) -> Entity:
        """The person whom ``run`` names in full, entered where nobody of the name is known."""
        words = core(run.words)
        entity = self._same(words, run) or self._continued(words, run)
        if entity is None:
            entity = self.enter(run, words)
        elif len(words) > len(entity.words):
            entity.name, entity.name_span, entity.words = run.name, self.parse.span(run.first, run.last), words
            self._index(entity)
        entity.full += 1
        self._seen.setdefault(id(entity), []).append(run.first)
        inverted = family_first(run.words)
        given = None if inverted else gender_of(run.words[0])
        entity.sure = entity.sure or run.titled or given is not None or inverted
        entity.gender = entity.gender or run.gender or (given if given in ("male", "female") else None)
        return entity

    def enter(self, run: Run, words: tuple[str, ...]) -> Entity:
        """A new person under the name of ``run``."""
        entity = Entity("person", run.name, self.parse.span(run.first, run.last), words)
        entity.generation = generation(run.words)
        entity.gender = run.gender
        entity.sure = run.titled
        self._index(entity)
        return entity

    def count(self, run: Run) -> None:
        """Let a full name in a headline count for whom it names."""
        entity = self._same(core(run.words), run) if len(run.words) > 1 else None
        if entity is not None:
            entity.full += 1

    def bearer(self, run: Run) -> Entity | None:
        """The person of whose name ``run`` is a part; ``None`` where there is none, or either of two can be meant."""
        words = core(run.words)
        if len(words) > 1:
            found = self._same(words, run)
            if found is not None:
                return found
        fits = self._fitting(words, run)
        surname = [e for e in fits if e.words[-1] == words[-1]] or [e for e in fits if e.words[0] == words[0]]
        return self._likeliest(surname or fits, run.first)

    def of_surname(self, word: str) -> Entity | None:
        """The person most often named in full who has this name."""
        fits = self._by_word.get(word.casefold(), [])[-_CANDIDATES:]
        return max(fits, key=lambda e: e.full) if fits else None

    def _same(self, words: tuple[str, ...], run: Run) -> Entity | None:
        """Who has this full name: the last words agree and the given names do not contradict."""
        found = self._near(words[-1:])
        exact = [e for e in found if compatible(words, e.words) and self._agrees(e, run)]
        return max(exact, key=lambda e: (e.words == words, e.full)) if exact else None

    def _continued(self, words: tuple[str, ...], run: Run) -> Entity | None:
        """ "Belmonte Aldaz", "Arkady Lvovich": two words of a name of three, or two that make one with a known name."""
        if len(words) != 2:
            return None
        whole = [
            e for e in self._near(words[:1]) if len(e.words) > 2 and inside(words, e.words) and self._agrees(e, run)
        ]
        if len(whole) == 1:
            return whole[0]
        if run.gender is None or gender_of(words[0]) is not None:
            return None
        near = [e for e in self._near(words[:1]) if e.words[-1] == words[0] and self._agrees(e, run)]
        front = [e for e in near if len(e.words) < _LONGEST]
        if len(front) != 1:
            return None
        # The longer name stands nowhere in one piece, so the person keeps the span of what does.
        front[0].words = (*front[0].words, words[1])
        front[0].name = f"{front[0].name} {run.words[1]}"
        self._index(front[0])
        return front[0]

    def _fitting(self, words: tuple[str, ...], run: Run) -> list[Entity]:
        return [e for e in self._near(words[-1:]) if inside(words, e.words) and self._agrees(e, run)]

    def _likeliest(self, fits: list[Entity], token: int) -> Entity | None:
        """Who is named most often in full, then so far by a part; of two named as often neither."""
        chosen = self._of_several(fits, token) if len(fits) > 1 else next(iter(fits), None)
        if chosen is not None:
            chosen.linked += 1
        return chosen

    def _of_several(self, fits: list[Entity], token: int) -> Entity | None:
        fits = sorted(fits, key=lambda e: -e.full)
        if fits[0].full > fits[1].full:
            return fits[0]
        named = [e for e in fits if e.full == fits[0].full and self._last_seen(e, token) is not None]
        if len(named) < 2:
            return (named or fits)[0]
        first, second = sorted(named, key=lambda e: -e.linked)[:2]
        if first.linked > second.linked:
            return first
        # Who is left open under the bare name stays one and the same.
        return next((e for e in fits if len(e.words) == 1), None)

    def _last_seen(self, entity: Entity, token: int) -> int | None:
        seen = self._seen.get(id(entity), [])
        at = bisect_left(seen, token)
        return seen[at - 1] if at else None

    @staticmethod
    def _agrees(entity: Entity, run: Run) -> bool:
        later = generation(run.words)
        return entity.takes(run.gender) and (not later or not entity.generation or later == entity.generation)

    def _near(self, words: tuple[str, ...]) -> list[Entity]:
        # Bounded, so that an article of a thousand Smiths takes no more than its share of time.
        return self._by_word.get(words[0], [])[-_CANDIDATES:] if words else []

    def _index(self, entity: Entity) -> None:
        for word in entity.words:
            found = self._by_word.setdefault(word, [])
            if entity not in found[-_CANDIDATES:]:
                found.append(entity)
