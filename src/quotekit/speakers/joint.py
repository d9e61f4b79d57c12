"""Speakers made of several: two people named together, or one with the others named beside them."""

from __future__ import annotations

from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.scene import Phrase, Scene


def together(scene: Scene, parts: list[Entity]) -> Entity:
    """The one speaker that ``parts`` are together, under all their names."""
    name = ", ".join(part.name for part in parts[:-1]) + " and " + parts[-1].name
    entity = scene.described.get(name)
    if entity is None:
        found = {part.kind for part in parts}
        entity = Entity("group" if "person" in found or len(found) > 1 else parts[0].kind, name, None)
        entity.plural = True
        scene.described[name] = entity
    return entity


def and_others(scene: Scene, phrase: Phrase, first: Entity, last: int, kind: SpeakerKind = "group") -> Entity:
    """``first``, whose word is the token ``last`` of ``phrase``, and the others who are named by what follows it."""
    text, tokens = scene.parse.text, phrase.tokens
    span = scene.parse.span(tokens.start, tokens.stop - 1)
    rest = text[scene.parse.ends[last] : span[1]]
    whole = first.kind != "person" or "nor" in rest.split()
    name = " ".join((text[span[0] : span[1]] if whole else first.name + rest).split())
    entity = scene.described.get(name)
    if entity is None:
        entity = scene.described[name] = Entity(kind, name, None)
        entity.plural = True
    return entity
