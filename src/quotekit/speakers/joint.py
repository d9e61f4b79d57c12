"""Speakers made of several: people named together, or one with others beside."""

from __future__ import annotations

from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import BY_JOINT, Entity
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Phrase


def together(parts: list[Entity]) -> Entity:
    """Return the one speaker that ``parts`` are together, under all their names."""
    name = ", ".join(part.name for part in parts[:-1]) + " and " + parts[-1].name
    found = {part.kind for part in parts}
    kind = "group" if "person" in found or len(found) > 1 else parts[0].kind
    return Entity(("joint", name), kind, name, naming=BY_JOINT, plural=True)


def and_others(discourse: Discourse, phrase: Phrase, first: Entity, last: int, kind: SpeakerKind = "group") -> Entity:
    """Return ``first``, whose word is the token ``last`` of ``phrase``, together with those named behind it."""
    text, tokens = discourse.parse.text, phrase.tokens
    span = discourse.parse.span(tokens.start, tokens.stop - 1)
    rest = text[discourse.parse.ends[last] : span[1]]
    whole = first.kind != "person" or "nor" in rest.split()
    name = " ".join((text[span[0] : span[1]] if whole else first.name + rest).split())
    return Entity(("joint", name), kind, name, naming=BY_JOINT, plural=True)
