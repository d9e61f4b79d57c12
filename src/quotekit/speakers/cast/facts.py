"""Parties and states: which of them words name, and whether that agrees with what the article says of an entity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from quotekit.lexicon import load
from quotekit.lexicon.places import place
from quotekit.speakers.cast.entity import Entity

_LONGEST = 3
"""Words of the longest name of a state."""


@cache
def _state_names() -> frozenset[str]:
    """Names of American states (lower case), including the one that is also a country."""
    return frozenset(name.lower() for name in load("places")["state_names"])


@cache
def _parties() -> dict[str, str]:
    found: dict[str, str] = load("offices")["party_words"]
    return found


@cache
def party_words() -> frozenset[str]:
    """Return the words (lower case) that name a party."""
    return frozenset(_parties())


def party(words: Iterable[str]) -> str | None:
    """Return the party that ``words`` (lower case) name; ``None`` for none or several.

    >>> party(["gop", "nominee"]), party(["democratic", "senator"]), party(["harbour", "minister"])
    ('republican', 'democrat', None)
    """
    found = {_parties()[word] for word in words if word in _parties()}
    return found.pop() if len(found) == 1 else None


def states(words: Iterable[str]) -> frozenset[str]:
    """Return the states (lower case) that ``words``, in text order, name.

    >>> sorted(states(["the", "New", "Jersey", "governor"])), sorted(states(["the", "governor"]))
    (['new jersey'], [])
    >>> sorted(states(["the", "Georgia", "Republican"])), sorted(states(["the", "Chad", "minister"]))
    (['georgia'], [])
    """
    said, found, at = list(words), set(), 0
    while at < len(said):
        step = 1
        for length in range(_LONGEST if said[at][:1].isupper() else 0, 0, -1):
            name = " ".join(said[at : at + length])
            where = place(name)
            if where is not None and (where.kind == "state" or name.lower() in _state_names()):
                found.add(where.name.lower())
                step = length
                break
        at += step
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Politics:
    """The party and the states that a description names."""

    party: str | None
    states: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Politics:
        """Read party and states from ``words`` as the text has them."""
        said = list(words)
        return cls(party(word.lower() for word in said), states(said))

    def contradict(self, entity: Entity) -> bool:
        """Return whether the article gives ``entity`` another party or other states."""
        if self.party is not None and entity.party not in (None, self.party):
            return True
        return bool(self.states and entity.states and not self.states & entity.states)

    def confirm(self, entity: Entity) -> bool:
        """Return whether the article gives ``entity`` this party or one of these states."""
        return (self.party is not None and entity.party == self.party) or bool(self.states & entity.states)


def political_words(entity: Entity) -> frozenset[str]:
    """Return all words (lower case) for the party and the states of ``entity``."""
    names = (word for word, of in _parties().items() if of == entity.party)
    return frozenset((*names, *" ".join(entity.states).split()))
