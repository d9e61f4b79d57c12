"""Pronouns: number and gender exclude candidates, then salience decides."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable
from dataclasses import replace

from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.joint import and_others, together
from quotekit.speakers.mention import Found, Phrase
from quotekit.speakers.rules.nouns import subject
from quotekit.speakers.salience import Salience

_GUESTS = 64
"""Names of people before an interview that are counted."""
_LONGEST = 8
"""Tokens after "he and" in which a name is looked for."""
_NOT_PEOPLE = frozenset({"document", "organization", "government"})


def turn(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """Whoever has the floor. "A." in an interview: the person most often named before it begins. "Q." has no name."""
    cast, label = discourse.cast, discourse.parse.text[slice(*discourse.sources[k].span)]
    voice = cast.voices.get(discourse.sources[k].span)
    if voice is not None and label not in load("labels")["turns"]:
        return Found(voice)
    before = bisect_left(cast.people, discourse.sources[discourse.first_turn].tokens.start)
    guests = Counter(cast.at[i] for i in cast.people[: min(before, _GUESTS)]).most_common(2)
    clear = len(guests) == 1 or (len(guests) > 1 and guests[0][1] > guests[1][1])
    if label in load("labels")["answers"] and clear:
        guest = guests[0][0]
        return Found(guest, cast.link(next(i for i in cast.people if cast.at[i] == guest)))
    return Found(_nobody(discourse, phrase, "unknown", ("turn", discourse.parse.lowers[phrase.head])))


def own_words(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """A pronoun without an antecedent in the article: a speaker of its own, under its own words."""
    kind: SpeakerKind = "person" if _group(discourse, phrase) in ("male", "female") else "unknown"
    return Found(_nobody(discourse, phrase, kind), evidence="pronoun")


def joined(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "He and Bo Stone": the antecedent of the pronoun and the person named."""
    parse, cast, at = discourse.parse, discourse.cast, phrase.head + 1
    if at + 1 >= phrase.tokens.stop or parse.lowers[at] != "and":
        return None
    run = next((cast.runs[i] for i in range(at + 1, min(at + _LONGEST, phrase.tokens.stop)) if i in cast.runs), None)
    first = _person(discourse, k, phrase)
    if first is not None and parse.tags[phrase.tokens.stop - 1] == "NNS":
        return Found(and_others(discourse, phrase, first.entity, phrase.head), first.through)
    if run is None or first is None:
        return None
    second = discourse.bearer(run.first)
    if second.kind != "person" or first.entity == second:
        return None
    return Found(together([first.entity, second]), first.through)


def oneself(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "I" and "we" inside what somebody says: the speaker. "We" of a joint statement: those who said "we, the …"."""
    outer = discourse.sources[k].outer
    if outer is None and discourse.parse.lowers[phrase.head] == "we":
        return _ourselves(discourse, k)
    speaker = discourse.speaker(outer) if outer is not None else None
    if _group(discourse, phrase) != "speaker" or outer is None or speaker is None:
        return None
    alone = discourse.parse.words[phrase.head].lower() in kinds.first_singular()
    return None if alone and speaker.kind in _NOT_PEOPLE else Found(speaker, discourse.link(outer))


def _ourselves(discourse: Discourse, k: int) -> Found | None:
    """Return who said before that they are we: "We, the ministers of Norway and Sweden,"; else who the heading says."""
    first = discourse.first_we
    speaker = discourse.speaker(first) if first < k else None
    if speaker is not None:
        return Found(speaker, discourse.link(first))
    parties = discourse.cast.parties
    return None if parties is None else Found(parties)


def person(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "He" and "she": a person of that gender who spoke or was named shortly before."""
    found = _person(discourse, k, phrase)
    # A person called "she" once is not called "he" later.
    return None if found is None else replace(found, gender=_group(discourse, phrase))


def _person(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    gender = _group(discourse, phrase) or ""
    if gender not in ("male", "female"):
        return None
    outer = discourse.sources[k].outer
    answering = _answering(discourse, k, phrase, gender) if outer is None else None
    if answering is not None:
        return answering
    speaker = discourse.speaker(outer) if outer is not None else None
    # A third person inside a direct quote is not its speaker; inside an indirect one it usually is.
    aside = outer is not None and discourse.sources[k].quoted
    salience = Salience(discourse, k, phrase.head)
    salience.spoken(lambda e: _one_person(e) and e.takes(gender) and not (aside and e == speaker), gender)
    salience.people(lambda e: e.takes(gender) and not (aside and e == speaker), gender)
    salience.ahead(lambda e: e.takes(gender))
    if outer is not None and not aside and speaker is not None and speaker.kind == "person" and speaker.takes(gender):
        salience.encloser(outer)
    found = salience.winner()
    if found is None:
        salience.people(lambda e: e.takes(gender) and len(e.words) > 1, gender, doubtful=True)
        found = salience.winner()
    return found or subject(
        discourse, phrase.head, lambda noun: kinds.is_person(noun) and kinds.office_gender().get(noun, gender) == gender
    )


def _answering(discourse: Discourse, k: int, phrase: Phrase, gender: str) -> Found | None:
    """Return who answers in a dialogue: the addressee of the question, or anybody but the one who asked."""
    addressee = discourse.addressee(k - 1) if k and discourse.answers_to(k) else None
    if addressee is not None and addressee[1].takes(gender) and addressee[1] != discourse.speaker(k - 1):
        return Found(addressee[1], discourse.cast.link(addressee[0]), evidence="clear")
    asker = discourse.speaker(k - 1) if discourse.turn_changes(k) else None
    if asker is None:
        return None
    salience = Salience(discourse, k, phrase.head)
    salience.spoken(lambda e: _one_person(e) and e.takes(gender) and e != asker, gender)
    salience.people(lambda e: e.takes(gender) and e != asker, gender, doubtful=True)
    return salience.winner()


def thing(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "It": the body, government or document that spoke last or was named last."""
    if _group(discourse, phrase) != "thing":
        return None
    salience = Salience(discourse, k, phrase.head)
    salience.spoken(_can_be_it)
    salience.bodies(_can_be_it)
    salience.may_be_bodies()
    found = salience.winner()
    return found or subject(discourse, phrase.head, lambda noun: kinds.noun_kind(noun, False, False) in _NOT_PEOPLE)


def plural(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "They": the people or the body who spoke last, or two people named together."""
    if _group(discourse, phrase) != "plural":
        return None
    salience = Salience(discourse, k, phrase.head)
    salience.spoken(_can_be_they)
    salience.pair()
    found = salience.winner()
    if found is None:
        many = ("group", "anonymous")
        found = subject(
            discourse,
            phrase.head,
            lambda noun: noun in kinds.words("they") or kinds.noun_kind(noun, True, False) in many,
            plural=True,
        )
    if found is None:
        salience.bodies(lambda e: e.kind in _NOT_PEOPLE)
        salience.may_be_bodies()
        salience.spoken(lambda e: e.kind == "anonymous")
        found = salience.winner()
    return found


def _group(discourse: Discourse, phrase: Phrase) -> str | None:
    return kinds.pronoun_group(discourse.parse.words[phrase.head])


def _nobody(discourse: Discourse, phrase: Phrase, kind: SpeakerKind, key: Hashable = None) -> Entity:
    """Return a speaker under the words of ``phrase``, under ``key`` or else one for this span alone."""
    span = discourse.parse.span(phrase.tokens.start, phrase.tokens.stop - 1)
    return Entity(key or span, kind, discourse.parse.text[slice(*span)])


def _one_person(entity: Entity) -> bool:
    return entity.kind == "person" or (entity.kind == "anonymous" and not entity.plural)


def _can_be_they(entity: Entity) -> bool:
    return entity.kind in ("group", "organization") or (entity.plural and entity.kind in ("government", "anonymous"))


def _can_be_it(entity: Entity) -> bool:
    return entity.kind in _NOT_PEOPLE and not entity.plural
