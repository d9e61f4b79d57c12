"""Descriptions to speakers: "the UAE foreign minister" is who holds that office; what is nobody's stays as it stands."""

from __future__ import annotations

import re
from bisect import bisect_left

from quotekit.models import Span
from quotekit.speakers import kinds
from quotekit.speakers.cast import Entity
from quotekit.speakers.places import country_in, place
from quotekit.speakers.scene import Scene

_DEFINITE = frozenset({"the", "this", "that", "these", "those", "his", "her", "its", "their", "both"})
_ARTICLES = frozenset({"the", "a", "an"}) | _DEFINITE
_PLURAL = frozenset({"NNS", "NNPS"})
_RANKS = frozenset({"vice", "deputy", "assistant", "acting", "associate", "press"})
_HOLDERS = 24
_SPACE = re.compile(r"\s+")
_TAIL = re.compile(r",? (?:who|which|whose|whom) |, ")


def resolve_description(scene: Scene, k: int, tokens: range, head: int) -> Entity | None:
    """The speaker that the noun at ``head`` with its words ``tokens`` describes."""
    parse = scene.parse
    lemma, plural = _singular(scene, head), parse.tags[head] in _PLURAL
    opening = parse.words[tokens.start].lower()
    definite = opening in _DEFINITE
    if lemma in kinds.offices() and not plural and opening not in ("a", "an", "one", "another", "some", "his", "her", "their"):
        holder = _holder(scene, tokens, head, lemma)
        if holder is None and definite:
            holder = _last_person(scene, k, head, lemma)
        if holder is not None:
            return holder
    kind = kinds.noun_kind(lemma, plural, definite)
    if kind == "unknown" and _people(parse.words[head]):
        kind, plural = "group", True
    if definite and head - tokens.start <= 2:
        same = _same_noun(scene, k, head, lemma, plural, tokens)
        if same is not None:
            return same
    return _as_it_stands(scene, tokens, head, kind, definite or plural, plural)


def _singular(scene: Scene, head: int) -> str:
    """The lemma; the tagger leaves proper nouns in the plural ("Democrats") as they are."""
    parse, lemma = scene.parse, scene.parse.lemmas[head]
    if parse.tags[head] in ("NNPS", "NNP") and lemma.endswith("s") and lemma[:-1] in kinds.words("group") | kinds.offices():
        return lemma[:-1]
    return lemma


def _holder(scene: Scene, tokens: range, head: int, lemma: str) -> Entity | None:
    """Who holds the office: the country may not differ, modifiers count, then the nearest before."""
    parse = scene.parse
    phrase = [parse.words[i] for i in range(tokens.start, head) if parse.words[i].lower() not in _ARTICLES]
    modifiers = {word.lower() for word in phrase}
    country = country_in(phrase)
    best: tuple[float, int] | None = None
    found: Entity | None = None
    for office, holders in _offices(scene, lemma):
        at = bisect_left(holders, head, key=lambda holder: holder[0])
        for token, entity, bag in holders[max(0, at - _HOLDERS) : at + 2]:
            if country is not None and entity.country not in (None, country):
                continue
            portfolio = modifiers & kinds.portfolios()
            if portfolio - bag or ("former" in bag) < ("former" in modifiers):
                continue
            if (bag ^ modifiers) & _RANKS:
                continue
            score = (1.0 if office == lemma else 0.0) + len(modifiers & bag) + (country == entity.country)
            score -= 0.5 * len(modifiers - bag - portfolio) * (country is None) + (2.0 if token > head else 0.0)
            rank = (score, token)
            if best is None or rank > best:
                best, found = rank, entity
    return found


def _offices(scene: Scene, lemma: str) -> list[tuple[str, list[tuple[int, Entity, frozenset[str]]]]]:
    holders = scene.cast.holders
    return [(office, holders[office]) for office in sorted(kinds.alike(lemma)) if office in holders]


def _same_noun(scene: Scene, k: int, head: int, lemma: str, plural: bool, tokens: range) -> Entity | None:
    """The latest speaker or body of the same noun: "the study" after "a survey of voters", "the ministry"."""
    if head != tokens.start + 1 or plural:
        return None
    found = [scene.latest[noun] for noun in sorted(kinds.alike(lemma, of="sources")) if noun in scene.latest]
    if lemma in scene.latest or found:
        return scene.latest.get(lemma) or found[0]
    if lemma in kinds.words("territory"):
        return _territory(scene, head, "state" if lemma == "state" else "country")
    if lemma in kinds.words("generic"):
        spoken = _last_body(scene, k, head)
        if spoken is not None:
            return spoken
    return scene.cast.body_of(lemma, head)


def _territory(scene: Scene, head: int, kind: str) -> Entity | None:
    """The state or country named last before token ``head``, where only one has been."""
    named = scene.cast.territories.get(kind, [])
    found = [entity for token, entity in named[:8] if token < head]
    return found[0] if len(found) == 1 else None


def _last_body(scene: Scene, k: int, head: int) -> Entity | None:
    """The body that spoke last, where that is near."""
    for step in range(1, 5):
        if k - step < 0:
            return None
        entity, at = scene.answers[k - step], scene.heads[k - step]
        if entity is not None and at is not None and entity.kind in ("organization", "government") and entity.words:
            return entity if 0 <= scene.parse.sentences[head] - scene.parse.sentences[at] <= 4 else None
    return None


def _last_person(scene: Scene, k: int, head: int, lemma: str) -> Entity | None:
    """The person who spoke last, where that is near and no office of theirs is known."""
    if k == 0:
        return None
    entity, at = scene.answers[k - 1], scene.heads[k - 1]
    if entity is None or at is None or entity.kind != "person" or entity.offices or not entity.sure:
        return None
    near = 0 <= scene.parse.sentences[head] - scene.parse.sentences[at] <= 3
    return entity if near and entity.takes(kinds.office_gender().get(lemma)) else None


def _people(word: str) -> bool:
    where = place(word)
    return where is not None and where.kind == "demonym" and word.endswith("s")


def _as_it_stands(scene: Scene, tokens: range, head: int, kind: kinds.SpeakerKind, shared: bool, plural: bool) -> Entity:
    parse = scene.parse
    span: Span = parse.span(tokens.start, tokens.stop - 1)
    text = _SPACE.sub(" ", parse.text[span[0] : span[1]]).strip()
    cut = _TAIL.search(text, max(0, parse.ends[head] - span[0]))
    name = text[: cut.start()] if cut else text
    key = name.casefold().removeprefix("the ")
    entity = scene.described.get(key) if shared else None
    if entity is None:
        entity = Entity(kind, name, None)
        words = [parse.words[i] for i in range(tokens.start, head + 1)]
        entity.country = country_in(words) if kind in ("government", "anonymous") else None
        entity.plural = plural
        scene.described[key] = entity
    scene.latest[parse.lemmas[head]] = entity
    return entity
