"""Nouns with an antecedent: "the ministry", "the study", "the state", and "a man … he"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Found, Phrase
from quotekit.speakers.phrases import full_phrase
from quotekit.speakers.rules.names import outlet
from quotekit.speakers.rules.own_words import own_words_of
from quotekit.speakers.salience import Salience
from quotekit.speakers.weights import reach, weight

_PLURAL = ("NNS", "NNPS")
_TERRITORIES = ("country", "state")
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_BODIES = frozenset({"organization", "government"})
_NAMES = 24
"""Names in which a territory is looked for."""
_SAME_TERRITORY = 2
"""Sentences in which a territory is looked for."""
_INTRODUCED = 12
"""Sentences since a noun was introduced."""
_BACK = 8
"""Earlier occurrences of a noun that are considered."""
_WORDS_BACK = 60
"""Tokens in which the subject of an earlier clause is looked for."""


def same_noun(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The study": the latest speaker described by the same noun or by a synonym ("a survey of voters")."""
    description = discourse.description(phrase)
    if not description.bare:
        return _same_words(discourse, k, phrase) if description.opening == "the" else None
    for noun in (description.lemma, *sorted(kinds.alike(description.lemma, of="sources"))):
        at = discourse.latest(noun)
        # Sources inside the content of others are resolved last, so the latest one may follow.
        entity = discourse.speaker(at) if at is not None and at < k else None
        if at is not None and entity is not None and not entity.plural:
            return Found(entity, discourse.link(at))
    return None


def _same_words(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """Return the unnamed speaker introduced by the same words: "a guild member who …", then "the guild member"."""
    description, parse = discourse.description(phrase), discourse.parse
    at = discourse.latest(description.lemma)
    entity = discourse.speaker(at) if at is not None and at < k else None
    if at is None or entity is None or entity.plural or entity.kind != "anonymous" or description.plural:
        return None
    said = {parse.lowers[i] for i in phrase.tokens if parse.lowers[i] not in kinds.determiners("article")}
    return Found(entity, discourse.link(at)) if said <= set(entity.name.casefold().split()) else None


def territory(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The state", "the country": the only one named so far in this sentence and in the two before."""
    description, parse, cast = discourse.description(phrase), discourse.parse, discourse.cast
    if not description.bare or description.lemma not in kinds.words("territory"):
        return None
    kind = "state" if description.lemma == "state" else "country"
    found: dict[Entity, int] = {}
    at = bisect_left(cast.named, phrase.head)
    for i in cast.named[max(0, at - _NAMES) : at]:
        near = parse.sentences[phrase.head] - parse.sentences[i] <= _SAME_TERRITORY
        if near and cast.at[i].place == kind:
            found[cast.at[i]] = i
    if len(found) != 1:
        return None
    ((entity, i),) = found.items()
    return Found(entity, cast.link(i))


def any_body(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The agency", "the rights group": the body that spoke or was named last nearby."""
    description = discourse.description(phrase)
    if description.lemma not in kinds.words("generic") or description.plural:
        return None
    if not (description.definite and description.plain):
        return None
    private = description.lemma in kinds.words("private")
    fitting = ("organization",) if private else ("organization", "government")

    def fits(entity: Entity) -> bool:
        # "The paper" is not the E.U.
        initials = private and (entity.name.count(".") > 1 or entity.place is not None)
        between_states = description.lemma not in kinds.words("between_states") or _is_international(entity)
        named = entity.place not in _TERRITORIES and not initials and not _is_power(entity)
        return entity.kind in fitting and named and between_states

    salience = Salience(discourse, k, phrase.head)
    salience.spoken(lambda e: fits(e) and bool(e.words or e.sure))
    salience.bodies(fits, reach("body"))
    found = salience.winner(weight("least_for_description"))
    if found is None:
        salience.may_be_bodies()
        found = salience.winner(weight("least_for_description"))
    return found


def _is_power(entity: Entity) -> bool:
    """Return whether a body is a court, a parliament or the like, which nobody calls "the agency"."""
    return _noun_of(entity) in kinds.words("powers")


def _is_international(entity: Entity) -> bool:
    """Return whether a name may be that of an alliance of states: "European Union", "NATO"."""
    return entity.name.isupper() or entity.name.split()[0].lower() in kinds.words("international")


def _noun_of(entity: Entity) -> str:
    """Return the noun at the head of a body's name, in lower case: "ministry" of "Ministry of Fisheries"."""
    return "".join(entity.name.lower().split(" of ")[0].split()[-1:])


def named_body(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The ministry": the last body named that has the noun at the head of its name."""
    description = discourse.description(phrase)
    if not description.bare:
        return None
    nouns = kinds.alike(description.lemma, of="sources") | {description.lemma}
    salience = Salience(discourse, k, phrase.head)
    salience.spoken(lambda e: e.kind in _BODIES and _noun_of(e) in nouns)
    spoke = salience.winner(weight("least_for_description"))
    if spoke is not None:
        return spoke
    entity = discourse.cast.body_of_noun(nouns, phrase.head)
    return None if entity is None else Found(entity)


def introduced(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The report", "the man": what "a report on the bridge fund", "a man" introduced before."""
    description, parse = discourse.description(phrase), discourse.parse
    if description.opening != "the" or phrase.tokens.stop - phrase.tokens.start != 2:
        return None
    if description.lemma in kinds.qualities() or description.lemma in discourse.cast.holders:
        return None
    if description.plural and kinds.noun_kind(description.lemma, True, True) not in ("group", "anonymous"):
        return None
    for head in _earlier(discourse, description.lemma, phrase.head):
        if parse.sentences[phrase.head] - parse.sentences[head] > _INTRODUCED:
            break
        if head in discourse.cast.at or (parse.tags[head] in _PLURAL) != description.plural:
            continue
        body = _body_beside(discourse, head) or outlet(discourse, head)
        if body is not None:
            return Found(body, evidence="alone")
        found = full_phrase(parse, head)
        opening = parse.lowers[found.tokens.start]
        described = (
            opening == "the" and len(found.tokens) > 2 and kinds.noun_kind(description.lemma, False, True) in _BODIES
        )
        new = opening in kinds.determiners("new") or parse.tags[found.tokens.start] == "CD"
        if new or described or found.tokens.start == head:
            return _as_speaker(discourse, found)
    return None


def _body_beside(discourse: Discourse, head: int) -> Entity | None:
    """Return the body that the noun at ``head`` describes: "Kite Air, a carrier,", "the carrier Kite Air"."""
    parse = discourse.parse
    above = parse.heads[head]
    if head + 1 in discourse.cast.runs:
        above = head + 1
    elif parse.deps[head] == "attr":
        # "Kite Air is a carrier".
        above = next((i for i in parse.children[above] if parse.deps[i] in _SUBJECTS), above)
    elif parse.deps[head] != "appos":
        return None
    body = discourse.named(above)
    fits = body is not None and (body.kind in _BODIES or body.may_be_body()) and body.place not in _TERRITORIES
    noun = parse.lemmas[head]
    described = kinds.noun_kind(noun, False, True) in _BODIES or noun in kinds.words("generic")
    return body if fits and described else None


def subject(discourse: Discourse, token: int, fits: Callable[[str], bool], *, plural: bool = False) -> Found | None:
    """Return the subject, in the sentence of a pronoun or the one before, whose noun fits."""
    parse = discourse.parse
    tags = _PLURAL if plural else ("NN",)
    for head in range(token - 1, max(-1, token - _WORDS_BACK), -1):
        if parse.sentences[token] - parse.sentences[head] > 1:
            break
        acts = parse.deps[head] in _SUBJECTS and parse.tags[head] in tags and head not in discourse.cast.at
        if acts and fits(parse.lemmas[head]):
            return _as_speaker(discourse, full_phrase(parse, head))
    return None


def _as_speaker(discourse: Discourse, found: Phrase) -> Found:
    span = discourse.parse.span(found.tokens.start, found.tokens.stop - 1)
    return replace(own_words_of(discourse, found), through=(span, "speaker.own-words"))


def _earlier(discourse: Discourse, lemma: str, token: int) -> list[int]:
    """Return the last tokens before ``token`` with this lemma, the nearest first."""
    places = discourse.nouns.get(lemma, [])
    at = bisect_left(places, token)
    return places[max(0, at - _BACK) : at][::-1]
