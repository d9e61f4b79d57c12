"""Pronouns to speakers: number and gender rule out, then nearness, subjecthood and who spoke last decide."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from quotekit.speakers import kinds
from quotekit.speakers.entity import Entity
from quotekit.speakers.scene import Scene

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_NAMES_BACK = 16
_SPEAKERS_BACK = 6
_SENTENCES_BACK = 8


_BODIES = frozenset({"document", "organization", "government"})


class _Scores:
    """The best score of each candidate, in the order in which they came."""

    def __init__(self) -> None:
        self.best: dict[int, tuple[float, Entity]] = {}

    def add(self, entity: Entity, score: float) -> None:
        old = self.best.get(id(entity))
        if old is None or score > old[0]:
            self.best[id(entity)] = (score, entity)

    def winner(self) -> Entity | None:
        return max(self.best.values(), key=lambda pair: pair[0])[1] if self.best else None


def resolve_pronoun(scene: Scene, k: int, token: int) -> Entity | None:
    """Who the pronoun at ``token``, source of mention ``k``, stands for; ``None`` where nothing fits."""
    group = kinds.pronouns().get(scene.parse.words[token].lower())
    outer = scene.outer[k]
    if group == "speaker":
        speaker = scene.answers[outer] if outer is not None else None
        alone = scene.parse.words[token].lower() in kinds.first_singular()
        return None if speaker is not None and alone and speaker.kind in _BODIES else speaker
    if group in ("male", "female"):
        return _person(scene, k, token, group)
    if group in ("plural", "thing"):
        return _body(scene, k, token, plural=group == "plural")
    return None


def _person(scene: Scene, k: int, token: int, gender: str) -> Entity | None:
    scores = _Scores()
    barred = _barred(scene, k)
    outer = scene.outer[k]
    _spoken(scene, k, token, scores, lambda e: e.kind == "person" and e.takes(gender) and e is not barred)
    parse, cast = scene.parse, scene.cast
    at = bisect_left(cast.people, token)
    for i in reversed(cast.people[max(0, at - _NAMES_BACK) : at]):
        entity, distance = cast.at[i], parse.sentences[token] - parse.sentences[i]
        if distance > _SENTENCES_BACK:
            break
        if entity is barred or not entity.takes(gender) or not _may_act(entity):
            continue
        score = -float(distance) + (0.5 if entity.gender == gender else 0.0) + (0.0 if entity.sure else -1.0)
        dep = parse.deps[cast.runs[i].last]
        score += 1.5 if dep in _SUBJECTS else -0.7 if dep in ("poss", "compound", "nmod") else 0.0
        score += min(entity.full + len(entity.offices), 3) * 0.1
        scores.add(entity, score)
    if outer is not None and not scene.mentions[outer].direct:
        speaker = scene.answers[outer]
        if speaker is not None and speaker.kind == "person" and speaker.takes(gender):
            scores.add(speaker, 3.0)
    return scores.winner()


def _barred(scene: Scene, k: int) -> Entity | None:
    """Who a third person inside a direct quote cannot be: the one who speaks it."""
    outer = scene.outer[k]
    return scene.answers[outer] if outer is not None and scene.mentions[outer].direct else None


def _spoken(scene: Scene, k: int, token: int, scores: _Scores, fits: Callable[[Entity], bool]) -> None:
    """Score those who spoke before: the last speaker is the likeliest to go on."""
    parse = scene.parse
    for step in range(1, _SPEAKERS_BACK + 1):
        if k - step < 0:
            return
        entity, head = scene.answers[k - step], scene.heads[k - step]
        if entity is None or head is None or head >= token or not fits(entity):
            continue
        distance = parse.sentences[token] - parse.sentences[head]
        if distance > 2 * _SENTENCES_BACK:
            return
        nested = scene.outer[k - step] is not None and scene.outer[k - step] != scene.outer[k]
        scores.add(entity, 2.0 - 0.6 * distance - 0.3 * (step - 1) - (1.5 if nested else 0.0))


def _can_be_they(entity: Entity) -> bool:
    return entity.kind in ("group", "organization") or (entity.plural and entity.kind in ("government", "anonymous"))


def _can_be_it(entity: Entity) -> bool:
    return entity.kind in _BODIES and not entity.plural


def _may_act(entity: Entity) -> bool:
    return entity.sure or entity.acts > 0


def _body(scene: Scene, k: int, token: int, plural: bool) -> Entity | None:
    """ "It" and "they": the body, government, document or group that spoke last or was named last."""
    scores = _Scores()
    _spoken(scene, k, token, scores, _can_be_they if plural else _can_be_it)
    parse, cast = scene.parse, scene.cast
    at = bisect_left(cast.named, token)
    for i in reversed(cast.named[max(0, at - _NAMES_BACK) : at]):
        entity, distance = cast.at[i], parse.sentences[token] - parse.sentences[i]
        if distance > 2:
            break
        if entity.kind not in ("organization", "government") or not entity.sure or plural:
            continue
        dep = parse.deps[cast.runs[i].last]
        scores.add(entity, 0.5 - distance + (1.5 if dep in _SUBJECTS else -0.7))
    return scores.winner()
