"""Resolves every source mention to a speaker of the article.

The cast of the article comes from its proper names and the roles beside them (`cast`). A mention then finds its
speaker by name, as the antecedent of "who", as a pronoun or by description, rule by rule (`sieve`, `rules`). If the
evidence does not decide, the speaker is a new one under the mention's own words. This is rule-based entity-centred
resolution in the manner of Lee et al., "Deterministic coreference resolution based on entity-centric,
precision-ranked rules" (2013).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from quotekit.article.paragraphs import Article
from quotekit.article.parse import Parse
from quotekit.lexicon.speaker_offices import office_of
from quotekit.models import GENDERS, Gender, Speaker, SpeakerKind, SpeakerMention, inside
from quotekit.speakers.cast.cast import Cast
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.certainty import confidence
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Answer, Link
from quotekit.speakers.mention import Mention as Mention
from quotekit.speakers.sieve import IDS as IDS
from quotekit.speakers.sieve import resolve_source
from quotekit.speakers.sources import outermost_first


class Resolution(NamedTuple):
    """The speaker of a mention, the rule that found it, and on what evidence."""

    speaker: Speaker
    rule: str
    evidence: str

    @property
    def confidence(self) -> float:
        """The measured precision of the rule on such evidence."""
        return confidence(self.rule, self.evidence)


def resolve(
    parse: Parse, article: Article, mentions: Sequence[Mention], rules: Collection[str] = IDS
) -> list[Speaker | None]:
    """Return the speaker of each of ``mentions``, as `resolutions` finds it."""
    return [found and found.speaker for found in resolutions(parse, article, mentions, rules)]


def resolutions(
    parse: Parse, article: Article, mentions: Sequence[Mention], rules: Collection[str] = IDS
) -> list[Resolution | None]:
    """Return who each of ``mentions`` is and how sure that is, ``None`` if the rules with these ids find nobody.

    Ids are "s1", "s2", … by first mention. ``Speaker.mentions`` is the way from the mention to the name, so it differs
    between mentions of one speaker. The order of ``mentions`` changes nothing but the ids, and mentions with one span
    have one speaker. Linear in the text and in the number of mentions; free if there are none.
    """
    if not mentions:
        return []
    discourse = Discourse(parse, Cast(parse, article), mentions, frozenset(rules))
    for k in outermost_first(discourse.sources):
        resolved = resolve_source(discourse, k)
        if resolved is not None:
            discourse.record(k, *resolved)
    return _resolutions(discourse, mentions)


def _resolutions(discourse: Discourse, mentions: Sequence[Mention]) -> list[Resolution | None]:
    answers = {source.span: answer for source, answer in zip(discourse.sources, discourse.answers, strict=True)}
    made: dict[Entity, Speaker] = {}
    found: list[Resolution | None] = []
    for mention in mentions:
        answer = answers[mention.span]
        if answer is None:
            found.append(None)
            continue
        entity = discourse.current(answer.entity)
        speaker = made.get(entity)
        if speaker is None:
            speaker = made[entity] = _speaker(entity, f"s{len(made) + 1}")
        spans = tuple(
            SpeakerMention(start=start, end=end, text=discourse.parse.text[start:end], rule=rule)
            for (start, end), rule in _chain((mention.span, _rule(answer, entity)), answer, entity)
        )
        found.append(Resolution(speaker.model_copy(update={"mentions": spans}), answer.rule, answer.evidence))
    return found


def _rule(answer: Answer, entity: Entity) -> str:
    """Return the rule that decided; for the name of a supposed person that turned out to be a body, that of bodies."""
    personal = answer.rule in ("speaker.name.full", "speaker.name.part")
    return entity.naming if personal and entity.kind != "person" else answer.rule


def _speaker(entity: Entity, id: str) -> Speaker:
    return Speaker(
        id=id,
        name=entity.name,
        kind=_kind(entity),
        role=entity.role,
        country=entity.country,
        named=entity.is_named(),
        gender=_gender(entity),
        office=office_of(entity.kind, entity.name, [] if entity.role is None else [entity.role]),
    )


def _kind(entity: Entity) -> SpeakerKind:
    """Return the kind; a person whom the article merely does not name is not an anonymous source."""
    merely = entity.kind == "anonymous" and not entity.plural and not entity.withheld
    return "person" if merely else entity.kind


def _gender(entity: Entity) -> Gender | None:
    one = entity.kind in ("person", "anonymous") and not entity.plural
    return GENDERS.get(entity.gender) if one and entity.gender is not None else None


def _chain(mention: Link, answer: Answer, entity: Entity) -> list[Link]:
    """Return the mention, its antecedents, the name and what shows the gender, each once.

    A name inside a mention needs no link.
    """
    links = [mention, *answer.through]
    if entity.name_span is not None:
        links.append((entity.name_span, entity.naming))
    if entity.gender_shown is not None and _gender(entity) is not None:
        links.append(entity.gender_shown)
    chain: list[Link] = []
    for span, rule in links:
        if not any(inside(span, earlier) for earlier, _ in chain):
            chain.append((span, rule))
    return chain
