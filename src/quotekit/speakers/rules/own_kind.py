"""The kind of an unnamed speaker: a table of cases, of which the first that applies decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.places import Place, country_in, place
from quotekit.models import SpeakerKind
from quotekit.speakers.description import Description, singular
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Phrase

_AGED = re.compile(r"\d[- ]year[- ]old$")


@dataclass(frozen=True)
class Noun:
    """The head noun of a description, with the words around it."""

    discourse: Discourse
    phrase: Phrase
    description: Description

    @property
    def lemma(self) -> str:
        """The noun in the singular."""
        return self.description.lemma

    @property
    def word(self) -> str:
        """The noun as the text has it."""
        return self.discourse.parse.words[self.phrase.head]

    @cached_property
    def listed(self) -> SpeakerKind:
        """The kind by the lists of nouns."""
        return kinds.noun_kind(self.lemma, self.description.plural, self.description.definite)

    @cached_property
    def kind(self) -> SpeakerKind:
        """The kind by the lists, for a collective that of its members: "a batch of emails" are documents."""
        collective = self.lemma in kinds.words("collective") and (self.listed == "unknown" or self.has_of)
        return self._members if collective else self.listed

    @property
    def has_of(self) -> bool:
        """Whether "of" follows the noun."""
        after = self.phrase.head + 1
        return after < self.phrase.tokens.stop and self.discourse.parse.lowers[after] == "of"

    @property
    def is_first(self) -> bool:
        """Whether the noun is the first word of the description."""
        return self.phrase.tokens.start == self.phrase.head

    @cached_property
    def place(self) -> Place | None:
        """The place that the noun names."""
        return place(self.word)

    @property
    def is_share(self) -> bool:
        """Whether "one" is a share or nobody: "one in five", "no one"."""
        parse, after = self.discourse.parse, self.phrase.head + 1
        share = (
            after + 1 < self.phrase.tokens.stop
            and parse.lowers[after] in kinds.words("share")
            and "CD" in parse.tags[after : after + 3]
        )
        return share or (not self.is_first and parse.lowers[self.phrase.head - 1] == "no")

    @property
    def is_mixed(self) -> bool:
        """Whether nouns of several kinds are joined: "unions, charities and many lawmakers"."""
        parse, at = self.discourse.parse, self.phrase.head
        found = {self.listed}
        for i in range(self.phrase.head + 1, self.phrase.tokens.stop):
            if parse.deps[i] == "conj" and parse.heads[i] == at and parse.tags[i] in ("NN", "NNS"):
                at = i
                found.add(kinds.noun_kind(singular(self.discourse.parse, i), parse.tags[i] == "NNS", False))
        return len(found - {"unknown"}) > 1

    @property
    def is_public(self) -> bool:
        """Whether a state or a part of one is named beside a body: "the city council", "a panel of the Senate"."""
        parse, tokens = self.discourse.parse, self.phrase.tokens
        before = [parse.words[i] for i in range(tokens.start, self.phrase.head)]
        if any(word.lower() in kinds.words("public") for word in before) or country_in(before) is not None:
            return True
        if self._is_of_public_post:
            return True
        behind = (self.discourse.named(i) for i in range(self.phrase.head + 1, tokens.stop) if self.has_of)
        return any(entity is not None and entity.kind == "government" for entity in behind)

    @property
    def is_known_body(self) -> bool:
        """Whether the whole description is the name of a body that is no noun phrase: "Doctors Without Borders"."""
        parse, tokens = self.discourse.parse, self.phrase.tokens
        return parse.text[parse.starts[tokens.start] : parse.ends[tokens.stop - 1]].casefold() in kinds.bodies()

    @property
    def is_general_staff(self) -> bool:
        """Whether it is the staff of an army: "the General Staff"."""
        return not self.is_first and self.discourse.parse.lowers[self.phrase.head - 1] == "general"

    @property
    def is_news(self) -> bool:
        """Whether it is an agency or service for news, whoever owns it: "the state news agency"."""
        return not self.is_first and self.discourse.parse.lowers[self.phrase.head - 1] in kinds.words("news")

    @property
    def is_figures(self) -> bool:
        """Whether "figures" are numbers and not people: "figures from the bank", "official figures"."""
        before = self.phrase.head - 1
        return self.is_first or self.discourse.parse.lowers[before] in kinds.words("of_figures")

    @property
    def _is_of_public_post(self) -> bool:
        """Whether it belongs to the holder of a public office: "the mayor's office", "Lee's office"."""
        parse, mark = self.discourse.parse, self.phrase.head - 1
        if mark <= self.phrase.tokens.start or parse.tags[mark] != "POS":
            return False
        owner = self.discourse.named(mark - 1)
        posts = owner.posts() if owner is not None else [parse.lowers[mark - 1]]
        return not kinds.words("public_posts").isdisjoint(posts)

    @property
    def is_of_country(self) -> bool:
        """Whether a country is named right before the noun: "the Danish delegation"."""
        parse = self.discourse.parse
        return country_in([parse.words[i] for i in range(self.phrase.tokens.start, self.phrase.head)]) is not None

    @property
    def is_newspaper(self) -> bool:
        """Whether the noun is the name of a newspaper: "the Post"."""
        named = not self.is_first and self.word.istitle() and self.description.opening == "the"
        return named and self.word.lower() in kinds.words("newspaper") and not self.description.plural

    @property
    def is_of_body(self) -> bool:
        """Whether a body is named by its initials right before the noun."""
        before = self.phrase.head - 1
        return before > self.phrase.tokens.start and self.discourse.parse.words[before].isupper()

    @property
    def is_people(self) -> bool:
        """Whether the noun is the plural of a demonym, or a number."""
        demonym = self.place is not None and self.place.kind == "demonym"
        number = self.discourse.parse.tags[self.phrase.head] == "CD"
        return number or (demonym and self.word.endswith(kinds.endings("people")))

    @property
    def is_aged(self) -> bool:
        """Whether the noun is an age: "the 38-year-old"."""
        parse = self.discourse.parse
        words = parse.text[parse.starts[self.phrase.tokens.start] : parse.ends[self.phrase.head]]
        return _AGED.search(words) is not None

    @property
    def _members(self) -> SpeakerKind:
        parse, of = self.discourse.parse, self.phrase.head + 1
        members = (i for i in range(of + 1, self.phrase.tokens.stop) if parse.heads[i] == of)
        noun = next(members, None) if self.has_of else None
        kind = "unknown" if noun is None else kinds.noun_kind(singular(self.discourse.parse, noun), True, False)
        return "group" if kind == "unknown" else kind


class Case(NamedTuple):
    """One row of the table: an example, the condition, the kind, and whether the speaker is plural.

    ``plural`` is ``None`` if the number of the noun decides.
    """

    example: str
    applies: Callable[[Noun], bool]
    kind: SpeakerKind
    plural: bool | None


CASES = (
    Case("Doctors Without Borders", lambda n: n.is_known_body, "organization", False),
    Case("the Post", lambda n: n.is_newspaper, "organization", False),
    Case("one in five voters", lambda n: n.lemma in kinds.words("one") and n.is_share, "group", True),
    Case("unions and two ministers", lambda n: n.listed != "group" and n.is_mixed, "group", True),
    Case(
        "the senator and his aides",
        lambda n: n.description.joined and n.listed == "anonymous" and not n.description.plural,
        "group",
        True,
    ),
    Case(
        "the rights group",
        lambda n: n.lemma == "group" and not n.description.plural and not n.has_of,
        "organization",
        False,
    ),
    Case(
        "the Norwegian side",
        lambda n: n.lemma in kinds.words("state_side") and not n.description.plural and n.is_of_country,
        "government",
        False,
    ),
    Case(
        "numbers",
        lambda n: n.lemma == "number" and n.description.plural and n.is_first and not n.has_of,
        "document",
        True,
    ),
    Case(
        "the coast guard",
        lambda n: n.lemma == "guard" and not n.is_first and n.is_public and n.description.opening not in ("a", "an"),
        "government",
        None,
    ),
    Case("the police", lambda n: n.lemma == "police", "government", True),
    Case("the General Staff", lambda n: n.lemma == "staff" and n.is_general_staff, "government", False),
    Case("official figures", lambda n: n.lemma == "figure" and n.description.plural and n.is_figures, "document", True),
    Case(
        "the authorities",
        lambda n: n.word.lower() in kinds.words("rulers") and n.description.plural,
        "government",
        True,
    ),
    Case("the state news agency", lambda n: n.lemma in kinds.words("agency") and n.is_news, "organization", None),
    Case(
        "the city council",
        lambda n: n.listed == "organization" and n.lemma in kinds.words("public_body") and n.is_public,
        "government",
        None,
    ),
    Case(
        "the FloodWatch",
        lambda n: n.kind in ("unknown", "group") and kinds.inner_capitals(n.word),
        "organization",
        False,
    ),
    Case(
        "the EU executive",
        lambda n: n.lemma == "executive" and not n.description.plural and n.is_of_body,
        "organization",
        False,
    ),
    Case("many Danish", lambda n: n.kind == "unknown" and n.is_people, "group", True),
    Case(
        "the young Dane",
        lambda n: n.kind == "unknown" and not n.is_first and n.place is not None and n.place.kind == "demonym",
        "anonymous",
        False,
    ),
    Case("the 38-year-old", lambda n: n.kind == "unknown" and n.is_aged, "anonymous", False),
    Case(
        "Norway",
        lambda n: n.kind == "unknown" and n.is_first and n.place is not None and n.place.kind != "demonym",
        "government",
        False,
    ),
    Case(
        "the other",
        lambda n: n.lemma == "other" and not n.description.plural and n.description.opening != "all",
        "anonymous",
        False,
    ),
)
"""The cases that the lists of nouns do not decide, in order of precedence."""


def case_of(noun: Noun) -> Case | None:
    """Return the case that decides the kind of ``noun``; ``None`` if the lists of nouns do."""
    return next((case for case in CASES if case.applies(noun)), None)


def kind_of(noun: Noun) -> tuple[SpeakerKind, bool]:
    """Return the kind of speaker that ``noun`` describes, and whether it is plural."""
    case = case_of(noun)
    if case is None:
        return noun.kind, noun.description.plural
    return case.kind, noun.description.plural if case.plural is None else case.plural
