"""Whom "the billionaire", "the candidate" or "the lawyer" may refer to."""

from __future__ import annotations

from dataclasses import dataclass

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.facts import Politics, political_words
from quotekit.speakers.cast.office_holders import country_served
from quotekit.speakers.description import Description
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Phrase


@dataclass(frozen=True, slots=True)
class Quality:
    """What a description of one person says, whether a quality ("the billionaire") or a post ("the lawyer").

    Attributes:
        noun: its noun (lemma).
        plain: whether nothing in it narrows down who is meant.
        past: whether it refers to a former post.
        is_of_place: whether only names narrow it down, as in "the Ohio lawmaker".
        country: the country that it names.
        gender: the gender that the noun shows.
        politics: the party and the states that it names.
    """

    noun: str
    plain: bool
    past: bool
    is_of_place: bool
    country: str | None
    gender: str | None
    politics: Politics

    @property
    def is_quality(self) -> bool:
        """Whether the noun is a quality and not a post."""
        return self.noun in kinds.qualities()

    @property
    def may_be_anybody(self) -> bool:
        """Whether it is a quality that anybody named before may have, given party and states."""
        return self.is_quality and (self.plain or bool(self.politics.party or self.politics.states))

    def fits(self, entity: Entity) -> bool:
        """Return whether nothing in the article contradicts the description."""
        if self.politics.party is not None and any(head in kinds.nonpartisan() for head, _ in entity.offices):
            return False
        if self.country is not None and entity.country not in (None, self.country):
            return False
        return entity.takes(self.gender) and not self.politics.contradict(entity) and not entity.is_relative()

    def fits_post(self, entity: Entity) -> bool:
        """Return whether a speaker may hold the post: one with a post now may have held another before.

        A congressman is "the Ohio lawmaker", even if the article does not say that Ohio elected him.
        """
        posts = entity.posts()
        synonym = self.noun not in posts and not kinds.alike(self.noun).isdisjoint(posts)
        return self.fits(entity) and (self.past or not posts or (self.is_of_place and synonym))

    def fits_trade(self, entity: Entity) -> bool:
        """Return whether the noun may be the trade of somebody with other posts: "the neurosurgeon"."""
        return self.fits(entity) and self.noun not in kinds.people()

    def confirmed_of(self, entity: Entity) -> bool:
        """Return whether the article says as much of the person. The party alone may be that of several candidates."""
        alike = kinds.alike(self.noun)
        held = self.noun in political_words(entity) or any(head in alike for head, _ in entity.offices)
        confirmed = self.fits(entity) and self.politics.confirm(entity)
        return confirmed and (held or bool(self.politics.states & entity.states))


def quality_of(discourse: Discourse, phrase: Phrase, description: Description) -> Quality:
    """Read a description."""
    parse = discourse.parse
    return Quality(
        description.lemma,
        description.plain,
        is_of_place=all(parse.words[i][:1].isupper() for i in range(phrase.tokens.start + 1, phrase.head)),
        country=country_served([parse.words[i] for i in phrase.tokens]),
        past=any(parse.lowers[i] in kinds.determiners("past") for i in phrase.tokens),
        gender=kinds.office_gender().get(description.lemma),
        politics=Politics.of(parse.words[i] for i in phrase.tokens),
    )
