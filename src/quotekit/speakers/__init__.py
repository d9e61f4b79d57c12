"""Who said it: every source mention resolved to a speaker of the article.

The cast of the article comes from its proper names and the roles beside them (`cast`); a mention then finds its speaker
by name (`named`), as what "who" goes back to (`relatives`), as a pronoun (`pronouns`) or by description (`offices`,
`nouns`, `pairs`), rule by rule (`sieve`). Where the evidence does not decide, the mention stays as it stands
(`unnamed`). Rule-based entity-centred resolution in the manner of Lee et al., "Deterministic coreference resolution
based on entity-centric, precision-ranked rules" (2013).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from quotekit.article.paragraphs import Article
from quotekit.article.parse import Parse
from quotekit.models import Speaker, SpeakerMention, inside
from quotekit.speakers.cast.cast import Cast
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.scene import Answer, Link, Mention, Scene
from quotekit.speakers.sieve import IDS, resolve_mention

__all__ = ["IDS", "Mention", "resolve"]


def resolve(
    parse: Parse, article: Article, mentions: Sequence[Mention], rules: Collection[str] = IDS
) -> list[Speaker | None]:
    """One speaker for each of ``mentions`` (in text order), by the rules with these ids; ``None`` where none knows.

    Ids are "s1", "s2", … by first mention. ``Speaker.mentions`` is the way from the mention to the name, so it differs
    between mentions of one speaker. Linear in the text and in the number of mentions; free where there are none.
    """
    if not mentions:
        return []
    scene = Scene(parse, Cast(parse, article), mentions, frozenset(rules))
    for k in scene.order():
        scene.answers[k] = resolve_mention(scene, k)
    return _speakers(scene)


def _speakers(scene: Scene) -> list[Speaker | None]:
    made: dict[int, Speaker] = {}
    found: list[Speaker | None] = []
    for mention, answer in zip(scene.mentions, scene.answers, strict=True):
        if answer is None:
            found.append(None)
            continue
        speaker = made.get(id(answer.entity))
        if speaker is None:
            speaker = made[id(answer.entity)] = _speaker(answer.entity, f"s{len(made) + 1}")
        chain = _chain((mention.span, _rule(answer)), answer)
        spans = tuple(
            SpeakerMention(start=start, end=end, text=scene.parse.text[start:end], rule=rule)
            for (start, end), rule in chain
        )
        found.append(speaker.model_copy(update={"mentions": spans}))
    return found


def _rule(answer: Answer) -> str:
    """The rule that decided; what was taken for a person's name and turned out a body's is a body's."""
    personal = answer.rule in ("speaker.name.full", "speaker.name.part")
    return answer.entity.naming if personal and answer.entity.kind != "person" else answer.rule


def _speaker(entity: Entity, id: str) -> Speaker:
    return Speaker(id=id, name=entity.name, kind=entity.kind, role=entity.role, country=entity.country)


def _chain(mention: Link, answer: Answer) -> list[Link]:
    """The mention, what it was taken for, and the name, each once; a name inside a mention needs no link."""
    entity = answer.entity
    links = [mention, *answer.through]
    if entity.name_span is not None:
        links.append((entity.name_span, entity.naming))
    chain: list[Link] = []
    for span, rule in links:
        if not any(inside(span, earlier) for earlier, _ in chain):
            chain.append((span, rule))
    return chain
