"""Descriptions to speakers: "the UAE foreign minister" is who holds that office; what is nobody's stays as it is."""

from __future__ import annotations

import re
from bisect import bisect_left

from quotekit.models import Span, SpeakerKind
from quotekit.speakers import kinds
from quotekit.speakers.entity import Entity
from quotekit.speakers.places import country_in, place
from quotekit.speakers.roles import Holder
from quotekit.speakers.scene import Scene

_OTHERS = frozenset({"a", "an", "one", "another", "some", "his", "her", "their", "its", "every", "each", "any", "no"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "his", "her", "its", "their", "both"})
_ARTICLES = frozenset({"the", "a", "an"}) | _DEFINITE
_PLURAL = frozenset({"NNS", "NNPS"})
_RANKS = frozenset({"vice", "deputy", "assistant", "acting", "associate", "press"})
_BODIES = frozenset({"organization", "government"})
_HOLDERS = 24
_SPACE = re.compile(r"\s+")
_TAIL = re.compile(r",? (?:who|which|whose|whom) |, ")


def resolve_description(scene: Scene, k: int, tokens: range, head: int) -> Entity | None:
    """The speaker that the noun at ``head`` with its words ``tokens`` describes."""
    parse = scene.parse
    lemma = _singular(scene, head)
    plural = parse.tags[head] in _PLURAL or lemma != parse.lemmas[head]
    opening = parse.words[tokens.start].lower()
    definite = opening in _DEFINITE or "POS" in parse.tags[tokens.start : head]
    if lemma in kinds.offices() and not plural and opening not in _OTHERS:
        holder = _holder(scene, k, tokens, head, lemma)
        if holder is None and definite:
            holder = _last_person(scene, k, head, lemma)
        if holder is not None:
            return holder
    kind = kinds.noun_kind(lemma, plural, definite)
    if lemma in kinds.words("collective"):
        kind = _kind_of_what(scene, tokens, head)
    if kind in ("unknown", "group") and kinds.inner_capitals(parse.words[head]):
        kind, plural = "organization", False
    if kind == "unknown" and (_people(parse.words[head]) or parse.tags[head] == "CD"):
        kind, plural = "group", True
    if definite and head - tokens.start <= 2:
        same = _same_noun(scene, k, head, lemma, plural, tokens)
        if same is not None:
            return same
    return _as_it_stands(scene, tokens, head, kind, definite or plural, plural)


def _kind_of_what(scene: Scene, tokens: range, head: int) -> SpeakerKind:
    """ "A batch of emails" is of the kind of "emails"."""
    parse = scene.parse
    if head + 1 < tokens.stop and parse.words[head + 1].lower() == "of":
        for i in range(head + 2, tokens.stop):
            if parse.heads[i] == head + 1:
                kind = kinds.noun_kind(_singular(scene, i), True, False)
                return "group" if kind == "unknown" else kind
    return "group"


def _singular(scene: Scene, head: int) -> str:
    """The lemma; the tagger leaves proper nouns in the plural ("Democrats") as they are."""
    parse, lemma = scene.parse, scene.parse.lemmas[head]
    if parse.tags[head] in ("NNPS", "NNP") and lemma.endswith("s"):
        return lemma[:-1] if lemma[:-1] in kinds.words("group") or lemma[:-1] in kinds.offices() else lemma
    return lemma


def _holder(scene: Scene, k: int, tokens: range, head: int, lemma: str) -> Entity | None:
    """Who holds the office: the country may not differ, modifiers count, then the nearest before."""
    parse = scene.parse
    phrase = [parse.words[i] for i in range(tokens.start, head) if parse.words[i].lower() not in _ARTICLES]
    modifiers = {word.lower() for word in phrase}
    country = country_in(phrase)
    fits: dict[int, tuple[float, int, Entity]] = {}
    for office, holders in _offices(scene, lemma):
        at = bisect_left(holders, head, key=lambda holder: holder[0])
        for token, entity, bag in holders[max(0, at - _HOLDERS) : at + 2]:
            if country is not None and entity.country not in (None, country):
                continue
            portfolio = modifiers & kinds.portfolios()
            if portfolio - bag or (bag ^ modifiers) & _RANKS or ("former" in bag) < ("former" in modifiers):
                continue
            known = country is not None and entity.country == country
            score = (1.0 if office == lemma else 0.0) + len(modifiers & bag) + known - (2.0 if token > head else 0.0)
            old = fits.get(id(entity))
            near = token if token <= head else -token
            if old is None or (score, near) > old[:2]:
                fits[id(entity)] = (score, near, entity)
    if not fits:
        return None
    best = max(fits.values(), key=lambda fit: fit[:2])
    if len(fits) > 1 and any(word[:1].isupper() for word in phrase) and best[0] <= 1.0:
        # "The Florida senator", of several senators none of whom is known to be Florida's: only who has just spoken.
        last = scene.answers[k - 1] if k else None
        return next((entity for _, _, entity in fits.values() if entity is last), None)
    return best[2]


def _offices(scene: Scene, lemma: str) -> list[tuple[str, list[Holder]]]:
    holders = scene.cast.roles.holders
    return [(office, holders[office]) for office in sorted(kinds.alike(lemma)) if office in holders]


def _same_noun(scene: Scene, k: int, head: int, lemma: str, plural: bool, tokens: range) -> Entity | None:
    """The latest speaker or body of the same noun: "the study" after "a survey of voters", "the ministry"."""
    if head != tokens.start + 1 or plural:
        return None
    alike = [lemma, *sorted(kinds.alike(lemma, of="sources"))]
    for noun in alike:
        if noun in scene.latest and not scene.latest[noun].plural:
            return scene.latest[noun]
    if lemma in kinds.words("territory"):
        return _territory(scene, head, "state" if lemma == "state" else "country")
    if lemma in kinds.words("generic"):
        spoken = _last_body(scene, k, head)
        if spoken is not None:
            return spoken
    return scene.cast.body_of(lemma, head)


def _territory(scene: Scene, head: int, kind: str) -> Entity | None:
    """The only state or country named in the sentence of token ``head`` up to it and in the two before."""
    parse, cast = scene.parse, scene.cast
    found: dict[int, Entity] = {}
    at = bisect_left(cast.named, head)
    for i in cast.named[max(0, at - _HOLDERS) : at]:
        entity = cast.at[i]
        if parse.sentences[head] - parse.sentences[i] <= 2 and entity.place == kind:
            found[id(entity)] = entity
    return next(iter(found.values())) if len(found) == 1 else None


def _last_body(scene: Scene, k: int, head: int) -> Entity | None:
    """The body that spoke last, where that is near."""
    for step in range(1, 5):
        if k - step < 0:
            return None
        entity, at = scene.answers[k - step], scene.heads[k - step]
        if entity is not None and at is not None and entity.kind in _BODIES and (entity.words or entity.sure):
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
    return where is not None and where.kind == "demonym" and word.endswith(("s", "ese", "ish", "ch"))


def _as_it_stands(scene: Scene, tokens: range, head: int, kind: SpeakerKind, shared: bool, plural: bool) -> Entity:
    """A speaker under the mention's own words; one and the same for all mentions of the same words if ``shared``."""
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
