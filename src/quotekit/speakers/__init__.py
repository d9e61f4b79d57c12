"""Who said it: every source mention resolved to a speaker of the article.

The cast of the article comes from its proper names and the roles beside them (`cast`); a mention then finds its speaker
by name, by office (`descriptions`) or, for a pronoun, by number, gender and nearness (`pronouns`). Where the evidence
does not decide, the mention stays as it stands. Rule-based entity-centred resolution in the manner of Lee et al.,
"Deterministic coreference resolution based on entity-centric, precision-ranked rules" (2013).
"""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.article import Article
from quotekit.models import Speaker, TextSpan
from quotekit.parse import Parse
from quotekit.speakers.cast import Cast
from quotekit.speakers.entity import Entity
from quotekit.speakers.mentions import resolve_mention
from quotekit.speakers.scene import Mention, Scene

__all__ = ["Mention", "resolve"]


MOST_MENTIONS = 32
"""So many mentions of one speaker are told: each of the speaker's quotes carries them."""


def resolve(parse: Parse, article: Article, mentions: Sequence[Mention]) -> list[Speaker | None]:
    """One speaker for each of ``mentions`` (in text order); equal for equal speakers; ``None`` for an empty mention.

    Ids are "s1", "s2", … by first mention. ``Speaker.mentions`` are all source mentions of the speaker and the mention
    that gives the full name. Linear in the text and in the number of mentions; free where there are none.
    """
    if not mentions:
        return []
    scene = Scene(parse, Cast(parse, article), mentions)
    for k in scene.order():
        scene.answers[k] = resolve_mention(scene, k)
    return _speakers(article.text, scene)


def _speakers(text: str, scene: Scene) -> list[Speaker | None]:
    entities: dict[int, Entity] = {}
    for mention, entity in zip(scene.mentions, scene.answers, strict=True):
        if entity is not None:
            entities.setdefault(id(entity), entity).spans.append(mention.span)
    made: dict[int, Speaker] = {}
    for number, (key, entity) in enumerate(entities.items(), 1):
        spans = set(entity.spans[:MOST_MENTIONS])
        if entity.name_span is not None:
            spans.add(entity.name_span)
        made[key] = Speaker(
            id=f"s{number}",
            name=entity.name,
            kind=entity.kind,
            role=entity.role,
            country=entity.country,
            mentions=tuple(TextSpan.of(text, span) for span in sorted(spans)),
        )
    return [None if entity is None else made[id(entity)] for entity in scene.answers]
