"""One mention to its entity: by name, by apposition, by pronoun, by antecedent, by description."""

from __future__ import annotations

from quotekit.speakers import kinds
from quotekit.speakers.cast import Entity
from quotekit.speakers.descriptions import resolve_description
from quotekit.speakers.pronouns import resolve_pronoun
from quotekit.speakers.scene import Scene

_LEFT = frozenset({"DT", "JJ", "NN", "NNS", "NNP", "NNPS", "HYPH", "CD", "JJR", "JJS", "PRP$", "POS", "VBN", "VBG"})
_CLIMB = 8


def resolve_mention(scene: Scene, k: int) -> Entity | None:
    """The entity of mention ``k``; ``None`` only where the mention holds no word."""
    head, tokens = scene.heads[k], scene.tokens[k]
    if head is None or not tokens:
        return None
    parse = scene.parse
    group = kinds.pronouns().get(parse.words[head].lower())
    if group == "relative" or parse.tags[head] in ("WP", "WDT", "WP$"):
        antecedent = _antecedent(scene, head)
        if antecedent is not None:
            return _nominal(scene, *antecedent)
    elif group is not None:
        found = resolve_pronoun(scene, k, head)
        if found is not None:
            return found
        return _unresolved(scene, tokens, group)
    return _nominal(scene, tokens, head)


def _unresolved(scene: Scene, tokens: range, group: str) -> Entity:
    """A pronoun that stands for nobody in the article: a speaker of its own, under its own words."""
    span = scene.parse.span(tokens.start, tokens.stop - 1)
    kind: kinds.SpeakerKind = "person" if group in ("male", "female") else "unknown"
    return Entity(kind, scene.parse.text[span[0] : span[1]], None)


def _nominal(scene: Scene, tokens: range, head: int) -> Entity | None:
    named = _named(scene, tokens, head)
    return named if named is not None else resolve_description(scene, tokens, head)


def _named(scene: Scene, tokens: range, head: int) -> Entity | None:
    """The entity that the mention names: at its head, in apposition to it, or behind its role."""
    parse, cast = scene.parse, scene.cast
    entity = cast.at.get(head)
    if entity is not None:
        return _joined(scene, tokens, head, entity)
    for i in tokens:
        there = cast.at.get(i)
        if there is None or there.kind != "person":
            continue
        run = cast.runs.get(i)
        if run is not None and run.role is not None and run.role[0] <= head <= run.role[1]:
            return there
        if parse.deps[i] == "appos" and parse.heads[i] == head:
            return there
    return None


def _joined(scene: Scene, tokens: range, head: int, first: Entity) -> Entity:
    """Two or more names joined by "and" are one speaker of their own."""
    parse, cast = scene.parse, scene.cast
    parts, at = [first], head
    for i in tokens:
        if i > at and parse.deps[i] == "conj" and parse.heads[i] == at and cast.at.get(i) is not None:
            at = i
            if cast.at[i] not in parts:
                parts.append(cast.at[i])
    if len(parts) == 1:
        return first
    name = ", ".join(part.name for part in parts[:-1]) + " and " + parts[-1].name
    entity = scene.described.get(name)
    if entity is None:
        kinds_ = {part.kind for part in parts}
        entity = Entity("group" if "person" in kinds_ or len(kinds_) > 1 else first.kind, name, None)
        scene.described[name] = entity
    return entity


def _antecedent(scene: Scene, token: int) -> tuple[range, int] | None:
    """The noun phrase that a relative pronoun goes back to, with its head."""
    parse, i = scene.parse, token
    for _ in range(_CLIMB):
        if parse.deps[i] == "relcl":
            head = parse.heads[i]
            break
        if parse.heads[i] == i:
            return None
        i = parse.heads[i]
    else:
        return None
    if head >= token:
        return None
    first, last = head, head
    while first > 0 and parse.tags[first - 1] in _LEFT and parse.sentences[first - 1] == parse.sentences[head]:
        first -= 1
    if last + 1 < token and parse.words[last + 1].lower() == "of":
        while last + 1 < token and parse.words[last + 1] != ",":
            last += 1
    return range(first, last + 1), head
