"""Pronouns to speakers: number and gender rule out, then salience decides."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.joint import and_others, together
from quotekit.speakers.rules.nouns import subject
from quotekit.speakers.salience import Salience
from quotekit.speakers.scene import Found, Phrase, Scene

_GUESTS = 64
_BODIES = frozenset({"document", "organization", "government"})


def turn(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "A." in an interview: the person whom its opening names most often; "Q." is nobody by name."""
    cast, labels = scene.cast, load("labels")["answers"]
    before = bisect_left(cast.people, scene.tokens[scene.first_turn].start)
    guests = Counter(id(cast.at[i]) for i in cast.people[: min(before, _GUESTS)]).most_common(2)
    clear = len(guests) == 1 or (len(guests) > 1 and guests[0][1] > guests[1][1])
    if scene.parse.text[slice(*scene.mentions[k].span)] in labels and clear:
        i = next(i for i in cast.people if id(cast.at[i]) == guests[0][0])
        return Found(cast.at[i], cast.link(i))
    label = f"turn {scene.parse.lowers[phrase.head]}"
    entity = scene.described.get(label)
    if entity is None:
        entity = scene.described[label] = _nobody(scene, phrase, "unknown")
    return Found(entity)


def own_words(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """A pronoun that stands for nobody in the article: a speaker of its own, under its own words."""
    return Found(_nobody(scene, phrase, "person" if _group(scene, phrase) in ("male", "female") else "unknown"))


def joined(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "He and Bo Stone": the one whom the pronoun means, and the one who is named."""
    parse, cast, at = scene.parse, scene.cast, phrase.head + 1
    if at + 1 >= phrase.tokens.stop or parse.lowers[at] != "and":
        return None
    run = next((cast.runs[i] for i in range(at + 1, min(at + 8, phrase.tokens.stop)) if i in cast.runs), None)
    first = _person(scene, k, phrase)
    if first is not None and parse.tags[phrase.tokens.stop - 1] == "NNS":
        return Found(and_others(scene, phrase, first.entity, phrase.head), first.through)
    if run is None or first is None or cast.at[run.first].kind != "person" or first.entity is cast.at[run.first]:
        return None
    return Found(together(scene, [first.entity, cast.at[run.first]]), first.through)


def oneself(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "I" and "we" inside what somebody says: the one who says it."""
    outer = scene.outer[k]
    speaker = scene.speaker(outer) if outer is not None else None
    if _group(scene, phrase) != "speaker" or outer is None or speaker is None:
        return None
    alone = scene.parse.words[phrase.head].lower() in kinds.first_singular()
    return None if alone and speaker.kind in _BODIES else Found(speaker, scene.link(outer))


def person(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "He" and "she": a person of that gender who spoke or was named not long before."""
    found = _person(scene, k, phrase)
    if found is not None and found.entity.kind == "person" and found.entity.gender is None:
        # What the text calls "she" once it will not call "he".
        found.entity.gender = _group(scene, phrase)
    return found


def _person(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    gender = _group(scene, phrase) or ""
    if gender not in ("male", "female"):
        return None
    outer = scene.outer[k]
    speaker = scene.speaker(outer) if outer is not None else None
    # A third person inside a direct quote is not the one who speaks it; inside an indirect one it mostly is.
    aside = outer is not None and scene.mentions[outer].direct
    salience = Salience(scene, k, phrase.head)
    salience.spoken(lambda e: _one_person(e) and e.takes(gender) and not (aside and e is speaker), gender)
    salience.people(lambda e: e.takes(gender) and not (aside and e is speaker), gender)
    salience.ahead(lambda e: e.takes(gender))
    if outer is not None and not aside and speaker is not None and speaker.kind == "person" and speaker.takes(gender):
        salience.add(speaker, 3.0, scene.link(outer), scene.heads[outer] or 0)
    found = salience.winner()
    if found is None:
        salience.people(lambda e: e.takes(gender) and len(e.words) > 1, gender, doubtful=True)
        found = salience.winner()
    return found or subject(scene, k, phrase.head, lambda noun: kinds.office_gender().get(noun) == gender)


def thing(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "It": the body, government or document that spoke last or was named last."""
    if _group(scene, phrase) != "thing":
        return None
    salience = Salience(scene, k, phrase.head)
    salience.spoken(_can_be_it)
    salience.bodies(_can_be_it)
    salience.may_be_bodies()
    found = salience.winner()
    return found or subject(scene, k, phrase.head, lambda noun: kinds.noun_kind(noun, False, False) in _BODIES)


def plural(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "They": the people or the body who spoke last, or two who were named together."""
    if _group(scene, phrase) != "plural":
        return None
    salience = Salience(scene, k, phrase.head)
    salience.spoken(_can_be_they)
    salience.pair()
    found = salience.winner()
    if found is None:
        many = ("group", "anonymous")
        found = subject(scene, k, phrase.head, lambda noun: kinds.noun_kind(noun, True, False) in many, plural=True)
    if found is None:
        salience.bodies(lambda e: e.kind in _BODIES)
        salience.may_be_bodies()
        salience.spoken(lambda e: e.kind == "anonymous")
        found = salience.winner()
    return found


def _group(scene: Scene, phrase: Phrase) -> str | None:
    return kinds.pronouns().get(scene.parse.words[phrase.head].lower())


def _nobody(scene: Scene, phrase: Phrase, kind: SpeakerKind) -> Entity:
    span = scene.parse.span(phrase.tokens.start, phrase.tokens.stop - 1)
    return Entity(kind, scene.parse.text[span[0] : span[1]], None)


def _one_person(entity: Entity) -> bool:
    return entity.kind == "person" or (entity.kind == "anonymous" and not entity.plural)


def _can_be_they(entity: Entity) -> bool:
    return entity.kind in ("group", "organization") or (entity.plural and entity.kind in ("government", "anonymous"))


def _can_be_it(entity: Entity) -> bool:
    return entity.kind in _BODIES and not entity.plural
