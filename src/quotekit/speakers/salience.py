"""Candidates for an antecedent: those who spoke and those who were named shortly before, each with a score.

Nearness, being a subject and having spoken last count, as in Lappin and Leass, "An algorithm for pronominal anaphora
resolution" (1994), with fewer weights. The weights are in ``data/en/salience.json``. Distances are in sentences.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, pairwise
from typing import NamedTuple

from quotekit.lexicon import load
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.joint import together
from quotekit.speakers.mention import Found, Link
from quotekit.speakers.weights import reach, weight

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_SUBORDINATE = frozenset({"advcl", "pcomp", "acl"})
_BESIDE = frozenset({"conj", "nmod", "appos"})
_OBJECTS = frozenset({"dobj", "pobj", "prep", "appos", "compound", "nmod"})
_CLIMB = 6
"""Steps from an object to the verb."""

_CLAUSES = 3
"""Clauses above a pronoun whose subjects are considered."""
_CHILDREN = 8
"""Children of a clause that are considered."""
_LONGEST_NAME = 6
"""Tokens of a name before its head."""


def lead(scores: list[float]) -> str:
    """Return how far the best of ``scores``, the highest first, is ahead.

    >>> lead([2.0]), lead([2.0, 0.4]), lead([2.0, 1.5]), lead([2.0, 1.9])
    ('alone', 'clear', 'near', 'close')
    """
    if len(scores) == 1:
        return "alone"
    ahead = scores[0] - scores[1]
    return "clear" if ahead >= weight("clear") else "near" if ahead >= weight("even") else "close"


Fits = Callable[[Entity], bool]


class _Candidate(NamedTuple):
    score: float
    found: Found
    token: int


class Salience:
    """The best score of each candidate for source ``k``, whose word is at ``token``."""

    def __init__(self, discourse: Discourse, k: int, token: int) -> None:
        self.discourse = discourse
        self.k = k
        self.token = token
        self._best: dict[Entity, _Candidate] = {}
        self._asks_body = False

    def add(self, entity: Entity, score: float, through: Link | None, token: int) -> None:
        """Enter a candidate at ``token``. The best score of an entity counts."""
        old = self._best.get(entity)
        if old is None or score > old.score:
            self._best[entity] = _Candidate(score, Found(entity, through), token)

    def winner(self, least: float | None = None) -> Found | None:
        """Return the best candidate; ``None`` if none reaches ``least``, or two joined by "and" are even."""
        ranked = sorted(self._best.values(), key=lambda candidate: -candidate.score)
        if not ranked or (least is not None and ranked[0].score < least):
            return None
        even = len(ranked) > 1 and ranked[0].score - ranked[1].score < weight("even")
        if even and self._coordinated(ranked[0].token, ranked[1].token):
            return None
        found = replace(ranked[0].found, evidence=lead([candidate.score for candidate in ranked]))
        return replace(found, is_body=True) if self._asks_body and found.entity.kind == "person" else found

    def spoken(self, fits: Fits, gender: str | None = None, most: int | None = None) -> None:
        """Score the last ``most`` speakers: the last one is the likeliest to continue."""
        discourse = self.discourse
        for step, k, head, entity in self._speakers(most):
            if head >= self.token or not fits(entity):
                continue
            # What the last speaker said does not put him further away.
            distance = max(0, self._distance(max(head, discourse.sources[k].last) if most == 1 else head))
            if distance > reach("speaker"):
                return
            outer = discourse.sources[k].outer
            score = weight("spoken") + weight("spoken_per_sentence") * distance + weight("spoken_per_step") * (step - 1)
            if outer is not None and outer != discourse.sources[self.k].outer:
                score += weight("spoken_nested")
            if entity.kind == "anonymous" and not entity.plural:
                # A story seldom returns to somebody unnamed.
                score += weight("unnamed")
            if gender is not None and entity.gender == gender:
                score += weight("same_gender")
            self.add(entity, score, discourse.link(k), head)

    def people(self, fits: Fits, gender: str | None, *, doubtful: bool = False) -> None:
        """Score the people named before: a subject is the likeliest antecedent, a possession the least likely.

        A person named in the words of a source is not that source. With ``doubtful``, names that may not be a
        person's count too.
        """
        for i, entity, distance in self._named(self.discourse.cast.people, reach("person")):
            person = entity.kind == "person" and (entity.sure or entity.acts or doubtful)
            if person and fits(entity) and not self.discourse.says(self.k, i):
                score = self._person_score(i, entity, distance, gender)
                self.add(entity, score, self.discourse.cast.link(i), i)

    def _person_score(self, i: int, entity: Entity, distance: int, gender: str | None) -> float:
        parse, run = self.discourse.parse, self.discourse.cast.runs[i]
        dep, subject = parse.deps[run.last], self._is_subject(run.last)
        score = weight("named_per_sentence") * distance
        if gender is not None and entity.gender == gender:
            score += weight("same_gender")
        if not entity.sure:
            score += weight("unsure")
        if subject:
            score += weight("subject")
        elif dep == "poss":
            score += self._possessor(run.last, distance)
        elif dep in ("compound", "nmod"):
            score += weight("inside_phrase")
        if entity.name_span is not None and entity.name_span[0] == parse.starts[i] and len(run.words) > 1:
            score += weight("newcomer")
        return score + min(entity.full + len(entity.offices), reach("counted_mentions")) * weight("per_mention")

    def ahead(self, fits: Fits) -> None:
        """Score the subject that follows a clause at the beginning: "Before she left, Ann Lee …"."""
        parse, cast = self.discourse.parse, self.discourse.cast
        clause = next(parse.ancestors(self.token), self.token)
        if parse.deps[clause] not in _SUBORDINATE:
            return
        for above in islice(parse.ancestors(clause), _CLAUSES):
            children = parse.children[above]
            for child in children[bisect_left(children, self.token + 1) :][:_CHILDREN]:
                entity = self.discourse.named(child)
                if parse.deps[child] in _SUBJECTS and entity is not None:
                    run = max((i for i in range(child, child - _LONGEST_NAME, -1) if i in cast.runs), default=None)
                    if entity.kind == "person" and fits(entity) and run is not None:
                        self.add(entity, weight("ahead"), cast.link(run), run)

    def encloser(self, k: int) -> None:
        """Score the speaker of source ``k``, inside whose content the mention is."""
        entity = self.discourse.speaker(k)
        if entity is not None:
            head = self.discourse.sources[k].head
            self.add(entity, weight("encloses"), self.discourse.link(k), head or 0)

    def pair(self, *, doubtful: bool = False) -> None:
        """Score two people who met or are named side by side.

        With ``doubtful``, names that may not be a person's count too.
        """
        discourse, cast = self.discourse, self.discourse.cast
        near = [i for i, _, _ in self._named(cast.people, reach("met"))][::-1]
        for a, b in pairwise(near):
            one, other = discourse.bearer(a), discourse.bearer(b)
            shown = (one.sure or doubtful) and one.kind == other.kind == "person"
            met = shown and one != other and self._together(cast.runs[a].last, cast.runs[b].last)
            beside = self._distance(b) <= reach("pair") and self._coordinated(a, b)
            if shown and one != other and (met or beside):
                subject = met or self._is_subject(cast.runs[b].last)
                score = weight("pair_subject" if subject else "pair") + weight("pair_per_sentence") * self._distance(b)
                span = discourse.parse.span(cast.runs[a].first, cast.runs[b].last)
                self.add(together([one, other]), score, (span, "speaker.name.joined"), b)

    def last_two(self) -> None:
        """Score the last two people who spoke, unless a third spoke nearby."""
        discourse = self.discourse
        parts: dict[Entity, int] = {}
        for _, k, head, entity in self._speakers():
            if entity.kind == "person" and self._distance(head) <= reach("person"):
                parts.setdefault(entity, k)
        if len(parts) == 2:
            later, earlier = parts
            self.add(together([earlier, later]), weight("last_two"), discourse.link(parts[later]), self.token)

    def last_two_of(self, fits: Fits) -> None:
        """Score the last two entities of a kind that were named nearby: two countries, two companies."""
        cast = self.discourse.cast
        found: dict[Entity, int] = {}
        for i, entity, _ in self._named(cast.named, reach("two_of_a_kind")):
            if fits(entity) and len(found) < 2:
                found.setdefault(entity, i)
        if len(found) == 2:
            later, earlier = found
            self.add(together([earlier, later]), weight("last_two"), cast.link(found[later]), found[later])

    def may_be_bodies(self) -> None:
        """Score names that may be a body's or a person's: whatever is called "it" is a body."""
        self._asks_body = True
        cast = self.discourse.cast
        for i, entity, distance in self._named(cast.people, reach("it")):
            if entity.may_be_body() and self._is_subject(cast.runs[i].last):
                self.add(entity, weight("perhaps_body") - distance, cast.link(i), i)

    def bodies(self, fits: Fits, back: int | None = None) -> None:
        """Score the organizations and governments named before, up to ``back`` sentences."""
        cast = self.discourse.cast
        for i, entity, distance in self._named(cast.named, reach("it") if back is None else back):
            if entity.kind in ("organization", "government") and entity.sure and fits(entity):
                role = "body_subject" if self._is_subject(cast.runs[i].last) else "body_no_subject"
                self.add(entity, weight("body") - distance + weight(role), cast.link(i), i)

    def _named(self, tokens: list[int], back: int) -> Iterator[tuple[int, Entity, int]]:
        """Yield the last of the names at ``tokens`` with entity and distance, the nearest first."""
        at = bisect_left(tokens, self.token)
        for i in reversed(tokens[max(0, at - reach("names")) : at]):
            distance = self._distance(i)
            if distance > back:
                return
            yield i, self.discourse.bearer(i), distance

    def _speakers(self, most: int | None = None) -> Iterator[tuple[int, int, int, Entity]]:
        """Yield the last ``most`` sources that are resolved: steps back, number, head and speaker."""
        for step in range(1, min(reach("speakers") if most is None else most, self.k) + 1):
            k = self.k - step
            entity, head = self.discourse.speaker(k), self.discourse.sources[k].head
            if entity is not None and head is not None:
                yield step, k, head, entity

    def _coordinated(self, a: int, b: int) -> bool:
        """Return whether "and" joins the names that begin at these tokens."""
        parse, runs = self.discourse.parse, self.discourse.cast.runs
        if a not in runs or b not in runs:
            return False
        first, second = runs[min(a, b)].last, runs[max(a, b)].last
        joined = parse.deps[second] == "conj" and parse.heads[second] == first
        return joined or (parse.deps[first] == "nmod" and parse.heads[first] == second)

    def _together(self, a: int, b: int) -> bool:
        """Return whether the one whose name ends at ``a`` meets the other: Lee met Stone, Lee held talks with Stone."""
        parse = self.discourse.parse
        verb = parse.heads[parse.heads[a] if parse.deps[a] in _BESIDE else a]
        if not self._is_subject(a):
            return False
        for _ in range(_CLIMB):
            if parse.deps[b] not in _OBJECTS:
                return False
            if parse.heads[b] == verb:
                return parse.lowers[b] == "with" or parse.lemmas[verb] in load("salience")["meeting"].split()
            b = parse.heads[b]
        return False

    def _is_subject(self, token: int) -> bool:
        """Return whether a name, by its last word, is a subject, in apposition to one or part of one."""
        deps, heads = self.discourse.parse.deps, self.discourse.parse.heads
        if deps[token] in _BESIDE:
            token = heads[token]
        return deps[token] in _SUBJECTS

    def _possessor(self, token: int, distance: int) -> float:
        """Return the weight of a possessor: "Lee's ruling came after she …", "Lee's suit demands … She also seeks"."""
        parse = self.discourse.parse
        if not distance:
            return weight("possessor_here")
        of_subject = parse.deps[parse.heads[token]] in _SUBJECTS
        return weight("possessor_of_subject" if of_subject else "inside_phrase")

    def _distance(self, token: int) -> int:
        return self.discourse.parse.sentences[self.token] - self.discourse.parse.sentences[token]
