"""Mentions of two speakers: "both", "the two men", "neither"."""

from __future__ import annotations

from quotekit.lexicon.speaker_kinds import determiners
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Found, Phrase
from quotekit.speakers.salience import Salience


def pair(discourse: Discourse, k: int, phrase: Phrase) -> Found | None:
    """ "Both", "the two", "neither man", "the two countries": two who met or are named side by side, or spoke last."""
    parse, tokens = discourse.parse, phrase.tokens
    said = [parse.lowers[i] for i in tokens if parse.lowers[i] != "the"]
    if len(said) == 1 and len(tokens) == 2 and said[0] in determiners("both"):
        salience = Salience(discourse, k, phrase.head)
        salience.pair()
        return salience.winner()
    if not said or len(said) > 2 or said[0] not in determiners("two"):
        return None
    if len(said) == 2 and said[1] not in determiners("of_two"):
        return None
    if said[0] in determiners("numbers") and parse.lowers[tokens.start] not in determiners("definite"):
        # "Two diplomats" are new.
        return None
    salience = Salience(discourse, k, phrase.head)
    if len(said) == 2 and said[1] in determiners("two_states"):
        salience.last_two_of(lambda e: e.place == "country")
        return salience.winner()
    if len(said) == 2 and said[1] in determiners("two_bodies"):
        salience.last_two_of(lambda e: e.kind == "organization")
        return salience.winner()
    salience.pair(doubtful=True)
    salience.last_two()
    found = salience.winner()
    if found is None and len(said) == 2 and said[1] in determiners("two_sides"):
        salience.last_two_of(lambda e: e.place == "country")
        found = salience.winner()
    return found
