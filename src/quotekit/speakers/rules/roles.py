"""Descriptions of one person: by the office held, by a relation, by an age, by what the text is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.places import country_in
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.facts import Politics, told
from quotekit.speakers.cast.office_holders import Holder
from quotekit.speakers.description import Description, words
from quotekit.speakers.salience import LEAST, Salience
from quotekit.speakers.scene import Found, Phrase, Scene

_HOLDERS = 24
_PEOPLE = 64
_CLAUSE = 30
_OPENING = 2
_SOON = 4
"""Sentences: of a story's opening, and until it must have named whom it opened with."""

_AGED = re.compile(r"(\d{1,3})-year-old")


def holder(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The Norwegian minister": who holds the office. No country may differ; the modifiers count, then nearness."""
    description = Description.of(scene, phrase)
    if not description.office or description.opening in words("another") or description.titled:
        return None
    if unnamed_by_wish(scene, phrase):
        return None
    head = phrase.head
    fits: dict[int, tuple[float, int, Holder]] = {}
    owners = _owners(scene, phrase)
    for score, office in _fitting(scene, phrase, description):
        if owners and not owners & office.words:
            continue
        near = office.token if office.token <= head else -office.token
        old = fits.get(id(office.entity))
        if old is None or (score, near) > old[:2]:
            fits[id(office.entity)] = (score, near, office)
    if not fits:
        return None
    ranked = sorted(fits.values(), key=lambda fit: fit[:2], reverse=True)
    best = ranked[0]
    capitals = any(scene.parse.words[i][:1].isupper() for i in phrase.tokens if phrase.tokens.start < i < head)
    unsaid = capitals and best[0] <= 1.0
    if len(ranked) > 1 and (unsaid or _named_at_once(scene, best, ranked[1])):
        # "The Florida senator", of two senators of whom neither is known to be Florida's: only who has just spoken.
        last = scene.speaker(k - 1) if k else None
        return next((Found(fit[2].entity) for fit in ranked if fit[2].entity is last), None)
    return Found(best[2].entity, scene.cast.link(best[2].token))


def unnamed_by_wish(scene: Scene, phrase: Phrase) -> bool:
    """Whether the sentence says that this source does not want to be named."""
    parse, last = scene.parse, phrase.tokens.stop - 1
    sentence = parse.sentences[last]
    end = next(
        (i for i in range(last, min(last + _CLAUSE, len(parse))) if parse.sentences[i] != sentence), last + _CLAUSE
    )
    low = parse.text[parse.starts[phrase.tokens.start] : parse.ends[min(end, len(parse)) - 1]].lower()
    return any(reason in low for reason in load("sources")["anonymity"])


def _owners(scene: Scene, phrase: Phrase) -> set[str]:
    """The names (lower case) of a person whose somebody is: "Lee's lawyer"."""
    parse, cast = scene.parse, scene.cast
    found: set[str] = set()
    for i in range(phrase.tokens.start + 1, phrase.head):
        owner = cast.at.get(i - 1) if parse.tags[i] == "POS" else None
        if owner is not None and owner.kind == "person":
            found.update(owner.words)
    return found


def _is_whose(office: Holder, whose: str) -> bool:
    """Whether an office is somebody's whom ``whose`` can mean; a "wife" is always somebody's."""
    if not office.owner:
        return any(head in kinds.kin() and words <= office.words | {head} for head, words in office.entity.offices)
    return not whose or office.owner == whose


def _bodies_own(scene: Scene, phrase: Phrase) -> bool:
    """Whether a body or a country is named as the possessor: "Brandt's inspector"."""
    parse, cast = scene.parse, scene.cast
    owners = (cast.at.get(i - 1) for i in range(phrase.tokens.start + 1, phrase.head) if parse.tags[i] == "POS")
    return any(owner is not None and owner.kind != "person" for owner in owners)


def relation(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "His running mate", "her husband": the one person whom the text names as somebody's."""
    description = Description.of(scene, phrase)
    if not description.office or not description.owned:
        return None
    whose = description.opening if scene.parse.tags[phrase.tokens.start] == "PRP$" else ""
    found = {
        id(office.entity): office
        for _, holders in _offices(scene, description.lemma)
        for office in holders[:_HOLDERS]
        if office.token < phrase.tokens.start and _is_whose(office, whose)
    }
    office = next(iter(found.values())) if len(found) == 1 else None
    return None if office is None else Found(office.entity, scene.cast.link(office.token))


def aged(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The 38-year-old": the one person whom the text says to be of that age, else who is the most salient."""
    parse, cast = scene.parse, scene.cast
    text = parse.text[parse.starts[phrase.tokens.start] : parse.ends[phrase.tokens.stop - 1]]
    age = _AGED.search(text)
    if age is None or parse.lowers[phrase.tokens.start] != "the":
        return None
    at = bisect_left(cast.people, phrase.head)
    found = {id(cast.at[i]): i for i in cast.people[max(0, at - _PEOPLE) : at] if _of_age(cast.at[i], age[1])}
    if len(found) == 1:
        i = next(iter(found.values()))
        return Found(cast.at[i], cast.link(i))
    salience = Salience(scene, k, phrase.head)
    salience.spoken(lambda e: e.kind == "person")
    salience.people(lambda e: True, None)
    return salience.winner(LEAST)


def last_person(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "The billionaire", "the lawyer": the person that the text is about there.

    A quality can be anybody's; a post only that of a speaker of whom no other post is known.
    """
    description = Description.of(scene, phrase)
    if not (description.office and description.definite) or description.opening in words("another"):
        return None
    gender = kinds.office_gender().get(description.lemma)
    salience = Salience(scene, k, phrase.head)
    politics = Politics.of(scene.parse.words[i] for i in phrase.tokens)

    def fits(entity: Entity) -> bool:
        if politics.party is not None and any(head in kinds.nonpartisan() for head in entity.posts()):
            return False
        return entity.takes(gender) and not politics.contradict(entity) and not entity.is_relative()

    # Who holds one post now may have held another before.
    past = any(scene.parse.lowers[i] in words("past") for i in phrase.tokens)
    known, quality = None, description.lemma in kinds.qualities()
    if quality and _tells_apart(scene, phrase):
        return None
    if quality and (description.plain or politics.party or politics.states):
        alike = kinds.alike(description.lemma)

        def confirms(entity: Entity) -> bool:
            """Whether the article says as much of the person: the party alone is that of many candidates."""
            held = description.lemma in told(entity) or any(head in alike for head, _ in entity.offices)
            return fits(entity) and politics.confirm(entity) and (held or bool(politics.states & entity.states))

        confirmed = Salience(scene, k, phrase.head)
        confirmed.spoken(lambda e: e.kind == "person" and confirms(e))
        confirmed.people(confirms, gender)
        salience.spoken(lambda e: e.kind == "person" and e.sure and fits(e))
        salience.people(fits, gender)
        known = confirmed.winner(LEAST)
    elif description.lemma in kinds.people():
        salience.spoken(lambda e: e.kind == "person" and e.sure and fits(e) and (past or not e.posts()), most=1)
    found = known or salience.winner(LEAST)
    if found is None or _bodies_own(scene, phrase):
        return None
    # "Lee's lawyer" is not Lee.
    return None if any(scene.cast.at.get(i) is found.entity for i in phrase.tokens) else found


def _tells_apart(scene: Scene, phrase: Phrase) -> bool:
    """Whether a clause says which one is meant: "the Republican who wrote the speech" is somebody new."""
    after = phrase.head + 1
    return after < phrase.tokens.stop and scene.parse.tags[after] in ("WP", "WDT", "WP$")


def _of_age(entity: Entity, age: str) -> bool:
    return entity.kind == "person" and age in entity.facts


def named_later(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "A Lisk judge" at the head of a story: the one judge whom the story names afterwards."""
    description, parse = Description.of(scene, phrase), scene.parse
    if not description.office or description.opening not in ("a", "an"):
        return None
    if unnamed_by_wish(scene, phrase):
        return None
    country = country_in([parse.words[i] for i in phrase.tokens])
    found = {
        id(office.entity): office
        for _, holders in _offices(scene, description.lemma)
        for office in holders[:_HOLDERS]
        if office.entity.sure
    }
    office = next(iter(found.values())) if len(found) == 1 else None
    if office is None or office.token < phrase.head or len({country, office.entity.country} - {None}) > 1:
        return None
    # "The spokesman, Ann Lee," says that it is the one just spoken of; so does, at the head of a story, what is
    # told of the judge beyond being one.
    again = parse.lowers[office.token - 1] == "the"
    shown = any(parse.words[i][:1].isupper() for i in phrase.tokens if i > phrase.tokens.start)
    opens = shown and parse.sentences[phrase.head] <= _OPENING
    near = (again or opens) and parse.sentences[office.token] - parse.sentences[phrase.head] <= _SOON
    return Found(office.entity, scene.cast.link(office.token)) if near else None


def _fitting(scene: Scene, phrase: Phrase, description: Description) -> Iterator[tuple[float, Holder]]:
    """The holders whom the description can mean, near its head, each with a score."""
    parse, head = scene.parse, phrase.head
    said = [parse.words[i] for i in phrase.tokens if i != head and parse.lowers[i] not in words("article")]
    country, modifiers = country_in(said), {word.lower() for word in said}
    politics = Politics.of(parse.words[i] for i in phrase.tokens)
    capitals = {word.lower() for word in said if word[:1].isupper()}
    behind = {parse.lowers[i] for i in phrase.tokens if i > head and parse.words[i][:1].isupper()}
    for noun, holders in _offices(scene, description.lemma):
        at = bisect_left(holders, head, key=lambda office: office.token)
        for office in holders[max(0, at - _HOLDERS) : at + 2]:
            entity, bag = office.entity, office.words | office.entity.facts
            if politics.contradict(entity):
                continue
            if politics.confirm(entity):
                bag |= told(entity)
            if (
                country is not None
                and entity.country != country
                and (entity.country is not None or noun != description.lemma)
            ):
                continue
            if not _same_office(modifiers | {description.lemma}, bag):
                continue
            # "The mayor of Lisk" is Lisk's; the Senate's leader and that of the opposition are not the president.
            if behind and country is None and not behind & bag:
                continue
            if noun != description.lemma:
                complement = "of" in office.words and not modifiers & office.words - words("article") - {"of"}
                if complement or (country is None and capitals and not capitals & bag):
                    continue
            known = country is not None and entity.country == country
            later = 2.0 if office.token > head else 0.0
            yield (1.0 if noun == description.lemma else 0.0) + len(modifiers & bag) + known - later, office


def _same_office(said: set[str], bag: frozenset[str] | set[str]) -> bool:
    """Whether portfolio, rank ("vice") and past ("former") of a description are those of an office."""
    if (said & kinds.portfolios()) - bag or (said ^ bag) & words("rank"):
        return False
    return bool(said & words("past")) == bool(bag & words("past"))


def _offices(scene: Scene, lemma: str) -> list[tuple[str, list[Holder]]]:
    holders = scene.cast.roles.holders
    return [(noun, holders[noun]) for noun in sorted(kinds.alike(lemma)) if noun in holders]


def _named_at_once(scene: Scene, a: tuple[float, int, Holder], b: tuple[float, int, Holder]) -> bool:
    """Whether two fit equally well and the same sentence names both."""
    sentences = scene.parse.sentences
    return a[0] == b[0] and sentences[a[2].token] == sentences[b[2].token]
