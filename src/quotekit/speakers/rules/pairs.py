"""Two who are spoken of as two: "both", "the two men", "neither"."""

from __future__ import annotations

from quotekit.speakers.description import words
from quotekit.speakers.salience import Salience
from quotekit.speakers.scene import Found, Phrase, Scene


def pair(scene: Scene, k: int, phrase: Phrase) -> Found | None:
    """ "Both", "the two", "neither man", "the two countries": two who were named side by side, or who spoke last."""
    parse, tokens = scene.parse, phrase.tokens
    said = [parse.lowers[i] for i in tokens if parse.lowers[i] != "the"]
    if not said or len(said) > 2 or said[0] not in words("two"):
        return None
    if len(said) == 2 and said[1] not in words("of_two"):
        return None
    salience = Salience(scene, k, phrase.head)
    if len(said) == 2 and said[1] in words("two_states"):
        salience.last_two_of(lambda e: e.place == "country")
        return salience.winner()
    if len(said) == 2 and said[1] in words("two_bodies"):
        salience.last_two_of(lambda e: e.kind == "organization")
        return salience.winner()
    salience.pair(doubtful=True)
    salience.last_two()
    return salience.winner()
