"""Whether a description may refer to the holder of an office: a table of obstacles, and a score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.places import country_in
from quotekit.lexicon.speaker_kinds import determiners, portfolios
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.facts import Politics, party, party_words, political_words
from quotekit.speakers.cast.office_holders import Held
from quotekit.speakers.description import Description
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Phrase
from quotekit.speakers.weights import weight


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a description says of the office holder whom it refers to.

    Attributes:
        head: the token of its noun.
        noun: its noun (lemma).
        modifiers: its other words (lower case), without articles.
        capitals: those of them with a capital.
        compounds: the nouns among them, in lower case.
        behind: the words with a capital behind the noun.
        country: the country that it names.
        politics: the party and the states that it names.
    """

    head: int
    noun: str
    modifiers: frozenset[str]
    capitals: frozenset[str]
    compounds: frozenset[str]
    behind: frozenset[str]
    country: str | None
    politics: Politics

    @classmethod
    def of(cls, discourse: Discourse, phrase: Phrase, description: Description) -> Wanted:
        """Read a description."""
        parse, head = discourse.parse, phrase.head
        before = range(phrase.tokens.start, head)
        said = [parse.words[i] for i in phrase.tokens if i != head and parse.lowers[i] not in determiners("article")]
        return cls(
            head,
            description.lemma,
            modifiers=frozenset(word.lower() for word in said),
            capitals=frozenset(word.lower() for word in said if word[:1].isupper()),
            compounds=frozenset(
                parse.words[i] for i in before if parse.words[i].islower() and _is_noun(parse.words[i], parse.tags[i])
            ),
            behind=frozenset(parse.lowers[i] for i in phrase.tokens if i > head and parse.words[i][:1].isupper()),
            country=country_in(said),
            politics=Politics.of(parse.words[i] for i in phrase.tokens),
        )

    def given(self, office: Held[Entity]) -> frozenset[str]:
        """Return the words (lower case) that the article gives the holder."""
        words = office.words | office.holder.facts
        return words | political_words(office.holder) if self.politics.confirm(office.holder) else words


def _is_noun(word: str, tag: str) -> bool:
    """Return whether a modifier is a noun; the tagger takes "rebel" for an adjective."""
    return tag == "NN" or (word not in kinds.qualities() and kinds.noun_kind(word, False, False) != "unknown")


class Obstacle(NamedTuple):
    """One row of the table: a description with a holder whom it cannot refer to, and the condition."""

    description: str
    holder: str
    applies: Callable[[Wanted, str, Held[Entity]], bool]


def _other_country(wanted: Wanted, noun: str, office: Held[Entity]) -> bool:
    country = office.holder.country
    return wanted.country not in (None, country) and (country is not None or noun != wanted.noun)


def _other_office(wanted: Wanted, noun: str, office: Held[Entity]) -> bool:
    """Return whether portfolio, rank ("vice") or past ("former") differ."""
    said, given = wanted.modifiers | {wanted.noun}, wanted.given(office)
    past = determiners("past")
    differs = (said & portfolios()) - given or (said ^ given) & determiners("rank")
    if noun == "minister":
        differs = differs or (said & determiners("first_among_ministers")) - given
    return bool(differs) or bool(said & past) != bool(given & past)


def _other_place(wanted: Wanted, noun: str, office: Held[Entity]) -> bool:
    return bool(wanted.behind) and wanted.country is None and not wanted.behind & wanted.given(office)


def _unsaid_complement(wanted: Wanted, noun: str, office: Held[Entity]) -> bool:
    elsewhere = wanted.country is not None and office.holder.country is None
    if "of" not in office.words or (noun == wanted.noun) != elsewhere:
        return False
    return not wanted.modifiers & office.words - determiners("article") - {"of"}


def _unsaid_name(wanted: Wanted, noun: str, office: Held[Entity]) -> bool:
    named = wanted.capitals
    if office.holder.party is None and wanted.politics.party is not None:
        # The article may leave out the party.
        named = frozenset(word for word in named if party((word,)) is None)
    said = wanted.country is None and bool(named)
    return noun != wanted.noun and said and not wanted.capitals & wanted.given(office)


def _other_body(wanted: Wanted, noun: str, office: Held[Entity]) -> bool:
    """Return whether a noun narrows down a synonym: a president is not "the rebel leader"."""
    return noun != wanted.noun and bool(wanted.compounds - wanted.given(office) - party_words())


def _of_a_body(wanted: Wanted, noun: str, office: Held[Entity]) -> bool:
    """Return whether a bare title of a head of state meets the office of a club, a company or a party."""
    if wanted.noun not in kinds.words("heads_of_state") | {"minister"} or office.holder.country is not None:
        return False
    if noun == "leader" != wanted.noun:
        # The leader of a party is not "the prime minister".
        return True
    return not wanted.modifiers and any(
        kinds.noun_kind(word, False, False) == "organization" for word in office.words - portfolios()
    )


def _is_of_another(wanted: Wanted, office: Held[Entity]) -> bool:
    """Return whether the office is that of a body which the description does not name: "head of the chess club"."""
    of = "of" in office.words and not wanted.behind and wanted.country is None and office.holder.country is None
    return of or (office.owner != "" and not wanted.modifiers & office.words)


OBSTACLES = (
    Obstacle(
        "the Democratic senator",
        "Republican Senator Ruth Halvorsen",
        lambda wanted, noun, office: wanted.politics.contradict(office.holder),
    ),
    Obstacle("the Norwegian minister", "Danish Minister Ruth Halvorsen", _other_country),
    Obstacle("the former minister", "Prime Minister Ruth Halvorsen", _other_office),
    Obstacle("the mayor of Lisk", "Ruth Halvorsen, the mayor of Ulmenau,", _other_place),
    Obstacle("the president", "Ruth Halvorsen, the leader of the opposition,", _unsaid_complement),
    Obstacle("the Lisk lawmaker", "Representative Ruth Halvorsen", _unsaid_name),
    Obstacle("the rebel leader", "President Ruth Halvorsen", _other_body),
    Obstacle("the president", "Ruth Halvorsen, president of the chess federation,", _of_a_body),
)
"""Why a description cannot refer to the holder of an office, in order of precedence."""


def obstacle(wanted: Wanted, noun: str, office: Held[Entity]) -> Obstacle | None:
    """Return what prevents ``wanted`` from referring to the holder of ``office``, an office of ``noun``."""
    return next((row for row in OBSTACLES if row.applies(wanted, noun, office)), None)


def score(wanted: Wanted, noun: str, office: Held[Entity]) -> float:
    """Return how well the holder of ``office`` fits."""
    return (
        weight("office_same_noun") * (noun == wanted.noun)
        + weight("office_modifier") * len(wanted.modifiers & wanted.given(office))
        + weight("office_same_country") * (wanted.country is not None and office.holder.country == wanted.country)
        + weight("office_later") * (office.token > wanted.head)
        + weight("office_of_another") * _is_of_another(wanted, office)
    )
