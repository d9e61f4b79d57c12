"""Descriptions of one person: by an office, by a relation, by an age, or as whom the text is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.places import country_in
from quotekit.lexicon.speaker_kinds import determiners
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.office_holders import Held, country_served
from quotekit.speakers.description import Description
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Found, Phrase
from quotekit.speakers.rules.office import Wanted, obstacle, score
from quotekit.speakers.rules.person import Quality, quality_of
from quotekit.speakers.rules.succession import successor
from quotekit.speakers.salience import Salience, lead
from quotekit.speakers.weights import weight

_HOLDERS = 24
"""Holders of one office that are considered."""
_PEOPLE = 64
"""Names of people that are searched for an age."""
_CLAUSE = 30
"""Tokens behind a source that are searched for a reason for anonymity."""
_OPENING = 2
"""Sentences at the beginning of a story in which it may describe somebody before the name."""
_SOON = 4
"""Sentences in which the name must follow."""

_AGED = re.compile(r"(\d{1,3})[- ]year[- ]old")


class _Ranked(NamedTuple):
    score: float
    nearness: int
    office: Held[Entity]


def holder(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The Norwegian minister": the office holder. The modifiers decide, then nearness; no country may differ."""
    description = discourse.description(phrase)
    if not description.office or description.opening in determiners("another") or description.titled:
        return None
    if unnamed_by_wish(discourse, phrase):
        return None
    ranked = _ranked(discourse, phrase, description)
    new = successor(discourse, phrase)
    if new is not None and (not ranked or ranked[0].office.holder != new.entity):
        return new
    if not ranked or _is_unnamed_one(discourse, k, description, ranked[0].office.holder):
        return None
    best, head = ranked[0], phrase.head
    capitals = any(discourse.parse.words[i][:1].isupper() for i in phrase.tokens if phrase.tokens.start < i < head)
    undecided = capitals and best.score <= weight("office_undecided")
    if len(ranked) > 1 and (undecided or _even(discourse, best, ranked[1])):
        # "The Florida senator", if the text gives neither of two senators a state: only the last speaker.
        last = discourse.speaker(k - 1) if k else None
        return next(
            (Found(each.office.holder, evidence="close") for each in ranked if each.office.holder == last), None
        )
    evidence = lead([each.score for each in ranked])
    country = country_served([discourse.parse.words[i] for i in phrase.tokens])
    return Found(best.office.holder, discourse.cast.link(best.office.token), country=country, evidence=evidence)


def _is_unnamed_one(discourse: Discourse, k: int, description: Description, named: Entity) -> bool:
    """Return whether "the official" is an official who spoke without a name, and not one who is only named."""
    if not (description.bare and kinds.is_withheld(description.lemma)) or named in discourse.spoke:
        return False
    at = discourse.latest(description.lemma)
    return at is not None and at < k


def _ranked(discourse: Discourse, phrase: Phrase, description: Description) -> list[_Ranked]:
    """Return the best office of each holder whom the description may refer to, the best holder first."""
    wanted = Wanted.of(discourse, phrase, description)
    owners = _owners(discourse, phrase)
    best: dict[Entity, _Ranked] = {}
    for noun, holders in (*_offices(discourse, description.lemma), *_top_diplomats(discourse, phrase, description)):
        at = bisect_left(holders, phrase.head, key=lambda office: office.token)
        for office in holders[max(0, at - _HOLDERS) : at + 2]:
            if obstacle(wanted, noun, office) is not None or (owners and not owners & office.words):
                continue
            nearness = office.token if office.token <= phrase.head else -office.token
            ranked = _Ranked(score(wanted, noun, office), nearness, office)
            old = best.get(office.holder)
            if old is None or ranked[:2] > old[:2]:
                best[office.holder] = ranked
    return sorted(best.values(), key=lambda ranked: ranked[:2], reverse=True)


def unnamed_by_wish(discourse: Discourse, phrase: Phrase) -> bool:
    """Return whether the sentence says that this source does not want to be named."""
    parse, last = discourse.parse, phrase.tokens.stop - 1
    sentence = parse.sentences[last]
    end = next(
        (i for i in range(last, min(last + _CLAUSE, len(parse))) if parse.sentences[i] != sentence), last + _CLAUSE
    )
    low = parse.text[parse.starts[phrase.tokens.start] : parse.ends[min(end, len(parse)) - 1]].lower()
    return any(reason in low for reason in load("sources")["anonymity"])


def _owners(discourse: Discourse, phrase: Phrase) -> set[str]:
    """Return the names (lower case) of the person in the possessive: "Lee's lawyer"."""
    found: set[str] = set()
    for owner in _possessors(discourse, phrase):
        if owner.kind == "person":
            found.update(owner.words)
    return found


def _possessors(discourse: Discourse, phrase: Phrase) -> list[Entity]:
    """Return the entities in the possessive before the noun."""
    tags = discourse.parse.tags
    owners = (discourse.named(i - 1) for i in range(phrase.tokens.start + 1, phrase.head) if tags[i] == "POS")
    return [owner for owner in owners if owner is not None]


def _is_whose(office: Held[Entity], whose: str) -> bool:
    """Return whether an office may belong to ``whose``; a "wife" always belongs to somebody."""
    if not office.owner:
        return any(head in kinds.kin() and words <= office.words | {head} for head, words in office.holder.offices)
    return not whose or office.owner == whose


def relation(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "His running mate", "her husband": the one person described as somebody's before."""
    description = discourse.description(phrase)
    if not description.office or not description.owned:
        return None
    whose = description.opening if discourse.parse.tags[phrase.tokens.start] == "PRP$" else ""
    found = {
        office.holder: office
        for _, holders in _offices(discourse, description.lemma)
        for office in holders[:_HOLDERS]
        if office.token < phrase.tokens.start and _is_whose(office, whose)
    }
    office = next(iter(found.values())) if len(found) == 1 else None
    return None if office is None else Found(office.holder, discourse.cast.link(office.token))


def aged(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The 38-year-old": the one person given that age, else the most salient one."""
    parse, cast = discourse.parse, discourse.cast
    text = parse.text[parse.starts[phrase.tokens.start] : parse.ends[phrase.tokens.stop - 1]]
    age = _AGED.search(text)
    if age is None or parse.lowers[phrase.tokens.start] != "the":
        return None
    at = bisect_left(cast.people, phrase.head)
    near = ((discourse.bearer(i), i) for i in cast.people[max(0, at - _PEOPLE) : at])
    found = {entity: i for entity, i in near if entity.kind == "person" and age[1] in entity.facts}
    if len(found) == 1:
        ((entity, i),) = found.items()
        return Found(entity, cast.link(i))
    salience = Salience(discourse, k, phrase.head)
    salience.spoken(lambda e: e.kind == "person")
    salience.people(lambda e: True, None)
    return salience.winner(weight("least_for_description"))


def last_person(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "The billionaire", "the lawyer": the person whom the text is about there.

    A quality may be anybody's; a post that words narrow down only that of a speaker for whom no other post is given.
    """
    description = discourse.description(phrase)
    if not (description.office and description.definite):
        return None
    if description.opening in determiners("another") | determiners("mine"):
        return None
    quality, least = quality_of(discourse, phrase, description), weight("least_for_description")
    salience = Salience(discourse, k, phrase.head)
    known = None
    if quality.is_quality and _has_clause(discourse, phrase):
        return None
    if quality.may_be_anybody:
        known = _confirmed(discourse, k, phrase, quality).winner(least)
        salience.spoken(lambda e: e.kind == "person" and e.sure and quality.fits(e))
        salience.people(quality.fits, quality.gender)
    elif quality.noun in kinds.words("heads_of_state") and Wanted.of(discourse, phrase, description).compounds:
        # "The band leader" does not lead anything else.
        return None
    elif not description.bare:
        salience.spoken(lambda e: e.kind == "person" and e.sure and quality.fits_post(e), most=1)
    elif description.opening == "the":
        salience.spoken(lambda e: e.kind == "person" and e.sure and quality.fits_trade(e), most=1)
    found = known or salience.winner(least)
    if found is None or any(owner.kind != "person" for owner in _possessors(discourse, phrase)):
        # "Brandt's inspector", of a firm, is no person of the article.
        return None
    # "Lee's lawyer" is not Lee.
    return None if any(discourse.named(i) == found.entity for i in phrase.tokens) else found


def _confirmed(discourse: Discourse, k: int, phrase: Phrase, quality: Quality) -> Salience:
    """Score the people of whom the article says as much as the description does."""
    salience = Salience(discourse, k, phrase.head)
    salience.spoken(lambda e: e.kind == "person" and quality.confirmed_of(e))
    salience.people(quality.confirmed_of, quality.gender)
    return salience


def _has_clause(discourse: Discourse, phrase: Phrase) -> bool:
    """Return whether a clause identifies somebody new: "the Republican who wrote the speech"."""
    after = phrase.head + 1
    return after < phrase.tokens.stop and discourse.parse.tags[after] in ("WP", "WDT", "WP$")


def named_later(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "A Lisk judge" at the beginning of a story: the one judge whom the story names afterwards."""
    description, parse = discourse.description(phrase), discourse.parse
    if not description.office or description.opening not in determiners("indefinite"):
        return None
    if unnamed_by_wish(discourse, phrase):
        return None
    country = country_in([parse.words[i] for i in phrase.tokens])
    found = {
        office.holder: office
        for _, holders in _offices(discourse, description.lemma)
        for office in holders[:_HOLDERS]
        if office.holder.sure
    }
    office = next(iter(found.values())) if len(found) == 1 else None
    if office is None or office.token < phrase.head or len({country, office.holder.country} - {None}) > 1:
        return None
    # "The spokesman, Ann Lee," refers back to the spokesman. So does a name after a description with more than
    # the office in it, at the beginning of a story.
    again = parse.lowers[office.token - 1] == "the"
    shown = any(parse.words[i][:1].isupper() for i in phrase.tokens if i > phrase.tokens.start)
    opens = shown and parse.sentences[phrase.head] <= _OPENING
    near = (again or opens) and parse.sentences[office.token] - parse.sentences[phrase.head] <= _SOON
    return Found(office.holder, discourse.cast.link(office.token)) if near else None


def _offices(discourse: Discourse, lemma: str) -> list[tuple[str, list[Held[Entity]]]]:
    holders = discourse.cast.holders
    return [(noun, holders[noun]) for noun in sorted(kinds.alike(lemma)) if noun in holders]


def _top_diplomats(
    discourse: Discourse, phrase: Phrase, description: Description
) -> list[tuple[str, list[Held[Entity]]]]:
    """Return the foreign ministers, if the description is "the top diplomat" of a country."""
    before = discourse.parse.lowers[phrase.tokens.start : phrase.head]
    if description.lemma not in kinds.words("diplomats") or kinds.words("top").isdisjoint(before):
        return []
    return discourse.foreign_ministers


def _even(discourse: Discourse, a: _Ranked, b: _Ranked) -> bool:
    """Return whether two fit equally well and the same sentence names both."""
    sentences = discourse.parse.sentences
    return a.score == b.score and sentences[a.office.token] == sentences[b.office.token]
