"""Nouns that come back to a speaker: "the ministry", "the study", "the state", and "a man … he"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.description import Description, words
from quotekit.speakers.phrases import full_phrase
from quotekit.speakers.rules.own_words import own_entity
from quotekit.speakers.salience import LEAST, Salience
from quotekit.speakers.scene import Found, Phrase, Scene

_NAMES = 24
_PLURAL = ("NNS", "NNPS")
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_SAME_TERRITORY = 2
_BODIES_BACK = 4
_INTRODUCED = 12
_BACK = 8
_WORDS_BACK = 60
"""Distances: in sentences for a territory and what is introduced, in candidates and in tokens."""


def same_noun(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The study": the latest speaker of the same noun or of one like it ("a survey of voters")."""
    description = Description.of(scene, phrase)
    if not description.bare:
        return None
    for noun in (description.lemma, *sorted(kinds.alike(description.lemma, of="sources"))):
        # Mentions inside what others say are resolved last: what stands behind them is no antecedent.
        entity, at = scene.latest.get(noun, (None, k))
        if entity is not None and at < k and not entity.plural:
            return Found(entity, scene.link(at))
    return None


def territory(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The state", "the country": the only one named in this sentence so far and in the two before."""
    description, parse, cast = Description.of(scene, phrase), scene.parse, scene.cast
    if not description.bare or description.lemma not in kinds.words("territory"):
        return None
    kind = "state" if description.lemma == "state" else "country"
    found: dict[int, int] = {}
    at = bisect_left(cast.named, phrase.head)
    for i in cast.named[max(0, at - _NAMES) : at]:
        near = parse.sentences[phrase.head] - parse.sentences[i] <= _SAME_TERRITORY
        if near and cast.at[i].place == kind:
            found[id(cast.at[i])] = i
    if len(found) != 1:
        return None
    i = next(iter(found.values()))
    return Found(cast.at[i], cast.link(i))


def any_body(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The agency", "the rights group": the body that spoke or was named last, where that is near."""
    description = Description.of(scene, phrase)
    if description.lemma not in kinds.words("generic") or description.plural:
        return None
    if not (description.definite and description.plain):
        return None
    fitting = ("organization",) if description.lemma in kinds.words("private") else ("organization", "government")
    salience = Salience(scene, k, phrase.head)
    salience.spoken(lambda e: e.kind in fitting and bool(e.words or e.sure))
    salience.bodies(lambda e: e.kind in fitting, back=_BODIES_BACK)
    found = salience.winner(LEAST)
    if found is None:
        salience.may_be_bodies()
        found = salience.winner(LEAST)
    return found


def named_body(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The ministry": the body whose name has the noun at its head, the last one named."""
    description = Description.of(scene, phrase)
    if not description.bare:
        return None
    nouns = kinds.alike(description.lemma, of="sources") | {description.lemma}
    entity = scene.cast.bodies.of_noun(nouns, phrase.head)
    return None if entity is None else Found(entity)


def introduced(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The report", "the man": what "a report on the bridge fund", "a man" introduced before."""
    description, parse = Description.of(scene, phrase), scene.parse
    if description.opening != "the" or phrase.tokens.stop - phrase.tokens.start != 2:
        return None
    if description.lemma in kinds.qualities() or description.lemma in scene.cast.roles.holders:
        return None
    if description.plural and kinds.noun_kind(description.lemma, True, True) not in ("group", "anonymous"):
        return None
    for head in _earlier(scene, description.lemma, phrase.head):
        if parse.sentences[phrase.head] - parse.sentences[head] > _INTRODUCED:
            break
        if head in scene.cast.at or (parse.tags[head] in _PLURAL) != description.plural:
            continue
        found = full_phrase(parse, head)
        opening = parse.lowers[found.tokens.start]
        if opening in words("new") or parse.tags[found.tokens.start] == "CD" or found.tokens.start == head:
            return _as_speaker(scene, k, found)
    return None


def subject(scene: Scene, k: int, token: int, fits: Callable[[str], bool], *, plural: bool = False) -> Found | None:
    """For a pronoun that nothing else has: the subject of its sentence or the one before whose noun fits."""
    parse = scene.parse
    tags = _PLURAL if plural else ("NN",)
    for head in range(token - 1, max(-1, token - _WORDS_BACK), -1):
        if parse.sentences[token] - parse.sentences[head] > 1:
            break
        acts = parse.deps[head] in _SUBJECTS and parse.tags[head] in tags and head not in scene.cast.at
        if acts and fits(parse.lemmas[head]):
            return _as_speaker(scene, k, full_phrase(parse, head))
    return None


def _as_speaker(scene: Scene, k: int, found: Phrase) -> Found:
    span = scene.parse.span(found.tokens.start, found.tokens.stop - 1)
    return Found(own_entity(scene, k, found), (span, "speaker.own-words"))


def _earlier(scene: Scene, lemma: str, token: int) -> list[int]:
    """The last tokens before ``token`` with this lemma, the nearest first."""
    places = scene.nouns.get(lemma, [])
    at = bisect_left(places, token)
    return places[max(0, at - _BACK) : at][::-1]
