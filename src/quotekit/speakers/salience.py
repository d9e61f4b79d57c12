"""Who is in the reader's mind at a word: those who spoke and those who were named not long before, each with a score.

Nearness, being a subject and having spoken last count, as in Lappin and Leass, "An algorithm for pronominal anaphora
resolution" (1994), with fewer weights. A distance is counted in sentences.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import islice, pairwise

from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.joint import together
from quotekit.speakers.scene import Found, Link, Scene

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_NAMES_BACK = 16
_SPEAKERS_BACK = 6
_PEOPLE_BACK = 8
_BODIES_BACK = 2
_COUNTRIES_BACK = 6
_CLAUSES = 3
_SUBORDINATE = frozenset({"advcl", "pcomp", "acl"})
_CHILDREN = 8
_LONGEST_NAME = 6
_EVEN = 0.3
"""Scores nearer to each other than this decide nothing between two who are named side by side."""

LEAST = -1.0
"""The lowest score of an antecedent that a description may refer to."""

WEIGHTS = {
    "spoken": 2.0,
    "spoken_far": 0.6,
    "step": 0.3,
    "nested": 1.5,
    "anonymous": 1.0,
    "far": 1.0,
    "gender": 0.5,
    "unsure": 1.0,
    "subject": 1.5,
    "possessor": 1.0,
    "owner": 0.3,
    "inside": 0.7,
    "newcomer": 0.8,
    "known": 0.1,
}

Fits = Callable[[Entity], bool]


class Salience:
    """The best score of each candidate for mention ``k``, whose word is at ``token``, with what earned it."""

    def __init__(self, scene: Scene, k: int, token: int) -> None:
        self.scene = scene
        self.k = k
        self.token = token
        self._best: dict[int, tuple[float, Found, int]] = {}
        self._asks_body = False

    def add(self, entity: Entity, score: float, through: Link | None, token: int) -> None:
        """Enter a candidate on the word of ``token``; of two scores of one entity the better counts."""
        old = self._best.get(id(entity))
        if old is None or score > old[0]:
            self._best[id(entity)] = (score, Found(entity, through), token)

    def winner(self, least: float = -100.0) -> Found | None:
        """The candidate with the best score; ``None`` where none reaches ``least``, or "A and B" are even."""
        ranked = sorted(self._best.values(), key=lambda entry: -entry[0])
        if not ranked or ranked[0][0] < least:
            return None
        if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _EVEN and self._coordinated(ranked[0][2], ranked[1][2]):
            return None
        found = ranked[0][1]
        if found.entity.kind == "person" and self._asks_body:
            found.entity.turn_to_body()
        return found

    def spoken(self, fits: Fits, gender: str | None = None, most: int = _SPEAKERS_BACK) -> None:
        """Score those who spoke before, ``most`` of them: the last speaker is the likeliest to go on."""
        scene, k = self.scene, self.k
        for step in range(1, min(most, k) + 1):
            entity, head = scene.speaker(k - step), scene.heads[k - step]
            if entity is None or head is None or head >= self.token or not fits(entity):
                continue
            distance = self._distance(head)
            if distance > 2 * _PEOPLE_BACK:
                return
            nested = scene.outer[k - step] is not None and scene.outer[k - step] != scene.outer[k]
            score = (
                WEIGHTS["spoken"]
                - WEIGHTS["spoken_far"] * distance
                - WEIGHTS["step"] * (step - 1)
                - WEIGHTS["nested"] * nested
            )
            if entity.kind == "anonymous":
                # Of the unnamed a story says little more.
                score -= WEIGHTS["anonymous"]
            score += WEIGHTS["gender"] * (gender is not None and entity.gender == gender)
            self.add(entity, score, scene.link(k - step), head)

    def people(self, fits: Fits, gender: str | None, *, doubtful: bool = False) -> None:
        """Score the people named before: a subject is the likeliest to be meant, somebody's possession the least.

        Who is named in somebody's own words is not the one who says them. ``doubtful``: also names that nothing shows
        to be a person's.
        """
        parse, cast = self.scene.parse, self.scene.cast
        at = bisect_left(cast.people, self.token)
        for i in reversed(cast.people[max(0, at - _NAMES_BACK) : at]):
            entity, distance = cast.at[i], self._distance(i)
            if distance > _PEOPLE_BACK:
                break
            if (
                entity.kind != "person"
                or not fits(entity)
                or not (entity.sure or entity.acts or doubtful)
                or self.scene.says(self.k, i)
            ):
                continue
            score = -WEIGHTS["far"] * distance + WEIGHTS["gender"] * (gender is not None and entity.gender == gender)
            score -= WEIGHTS["unsure"] * (not entity.sure)
            dep, subject = parse.deps[cast.runs[i].last], self._is_subject(cast.runs[i].last)
            score += WEIGHTS["subject"] * subject
            if dep in ("poss", "compound", "nmod") and not subject:
                score += self._possessor(cast.runs[i].last, distance) if dep == "poss" else -WEIGHTS["inside"]
            if entity.name_span is not None and entity.name_span[0] == parse.starts[i] and len(cast.runs[i].words) > 1:
                score += WEIGHTS["newcomer"]
            score += min(entity.full + len(entity.offices), 3) * WEIGHTS["known"]
            self.add(entity, score, cast.link(i), i)

    def ahead(self, fits: Fits) -> None:
        """Score who comes behind a clause that stands first: "Before she left, Ann Lee …"."""
        parse, cast = self.scene.parse, self.scene.cast
        clause = next(parse.ancestors(self.token), self.token)
        if parse.deps[clause] not in _SUBORDINATE:
            return
        for above in islice(parse.ancestors(clause), _CLAUSES):
            children = parse.children[above]
            for child in children[bisect_left(children, self.token + 1) :][:_CHILDREN]:
                entity = cast.at.get(child)
                if parse.deps[child] in _SUBJECTS and entity is not None:
                    run = max((i for i in range(child, child - _LONGEST_NAME, -1) if i in cast.runs), default=None)
                    if entity.kind == "person" and fits(entity) and run is not None:
                        self.add(entity, 2.0, cast.link(run), run)

    def pair(self, *, doubtful: bool = False) -> None:
        """Score two people who were named side by side; ``doubtful``: or what looks like people's names."""
        scene, cast = self.scene, self.scene.cast
        at = bisect_left(cast.people, self.token)
        near = [i for i in cast.people[max(0, at - _NAMES_BACK) : at] if self._distance(i) <= _BODIES_BACK]
        for a, b in pairwise(near):
            shown = (cast.at[a].sure or doubtful) and cast.at[a].kind == cast.at[b].kind == "person"
            if shown and cast.at[a] is not cast.at[b] and self._coordinated(a, b):
                entity = together(scene, [cast.at[a], cast.at[b]])
                subject = self._is_subject(cast.runs[b].last)
                span = scene.parse.span(cast.runs[a].first, cast.runs[b].last)
                score = (1.5 if subject else 0.2) - 0.6 * self._distance(b)
                self.add(entity, score, (span, "speaker.name.joined"), b)

    def last_two(self) -> None:
        """Score the last two people who spoke, where no third did so near by."""
        scene, k = self.scene, self.k
        parts: dict[int, int] = {}
        for step in range(1, min(_SPEAKERS_BACK, k) + 1):
            entity, head = scene.speaker(k - step), scene.heads[k - step]
            if (
                entity is not None
                and head is not None
                and entity.kind == "person"
                and self._distance(head) <= _PEOPLE_BACK
            ):
                parts.setdefault(id(entity), k - step)
        if len(parts) == 2:
            last, before = parts.values()
            later, earlier = scene.speaker(last), scene.speaker(before)
            if earlier is not None and later is not None:
                self.add(together(scene, [earlier, later]), 0.0, scene.link(last), self.token)

    def last_two_of(self, fits: Fits) -> None:
        """Score the last two of a kind that were named, where they are near: two countries, two companies."""
        scene, cast = self.scene, self.scene.cast
        at = bisect_left(cast.named, self.token)
        found: dict[int, int] = {}
        for i in reversed(cast.named[max(0, at - _NAMES_BACK) : at]):
            if fits(cast.at[i]) and self._distance(i) <= _COUNTRIES_BACK and len(found) < 2:
                found.setdefault(id(cast.at[i]), i)
        if len(found) == 2:
            later, earlier = found.values()
            self.add(together(scene, [cast.at[earlier], cast.at[later]]), 0.0, cast.link(later), later)

    def may_be_bodies(self) -> None:
        """Score names of which nothing shows whether they are persons': what is called "it" is a body."""
        self._asks_body = True
        cast = self.scene.cast
        at = bisect_left(cast.people, self.token)
        for i in reversed(cast.people[max(0, at - _NAMES_BACK) : at]):
            entity, distance = cast.at[i], self._distance(i)
            if distance > _BODIES_BACK:
                break
            if entity.may_be_body() and self._is_subject(cast.runs[i].last):
                self.add(entity, 0.8 - distance, cast.link(i), i)

    def bodies(self, fits: Fits, back: int = _BODIES_BACK) -> None:
        """Score the organisations and governments named before, up to ``back`` sentences."""
        cast = self.scene.cast
        at = bisect_left(cast.named, self.token)
        for i in reversed(cast.named[max(0, at - _NAMES_BACK) : at]):
            entity, distance = cast.at[i], self._distance(i)
            if distance > back:
                break
            if entity.kind in ("organization", "government") and entity.sure and fits(entity):
                subject = self._is_subject(cast.runs[i].last)
                self.add(entity, 0.5 - distance + (1.5 if subject else -0.4), cast.link(i), i)

    def _coordinated(self, a: int, b: int) -> bool:
        """Whether the names that begin at these tokens are joined by "and"."""
        parse, runs = self.scene.parse, self.scene.cast.runs
        if a not in runs or b not in runs:
            return False
        first, second = runs[min(a, b)].last, runs[max(a, b)].last
        joined = parse.deps[second] == "conj" and parse.heads[second] == first
        return joined or (parse.deps[first] == "nmod" and parse.heads[first] == second)

    def _is_subject(self, token: int) -> bool:
        """Whether a name's last word is a subject, stands beside it in apposition, or is one of two that are it."""
        deps, heads = self.scene.parse.deps, self.scene.parse.heads
        if deps[token] in ("conj", "nmod", "appos"):
            token = heads[token]
        return deps[token] in _SUBJECTS

    def _possessor(self, token: int, distance: int) -> float:
        """What being a possessor is worth: "Lee's ruling came after she …", "Lee's suit demands … She also seeks"."""
        parse = self.scene.parse
        if not distance:
            return WEIGHTS["possessor"]
        return WEIGHTS["owner"] if parse.deps[parse.heads[token]] in _SUBJECTS else -WEIGHTS["inside"]

    def _distance(self, token: int) -> int:
        return self.scene.parse.sentences[self.token] - self.scene.parse.sentences[token]
