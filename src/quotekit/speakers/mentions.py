"""One mention to its entity: by name, by apposition, by pronoun, by antecedent, by description."""

from __future__ import annotations

from quotekit import lexicon
from quotekit.models import SpeakerKind
from quotekit.speakers import kinds
from quotekit.speakers.descriptions import resolve_description
from quotekit.speakers.entity import Entity
from quotekit.speakers.pronouns import resolve_pronoun
from quotekit.speakers.scene import Scene

_LEFT = frozenset({"DT", "JJ", "NN", "NNS", "NNP", "NNPS", "HYPH", "CD", "JJR", "JJS", "PRP$", "POS", "VBN"})
_CLIMB = 8
_PHRASE = 16


def resolve_mention(scene: Scene, k: int) -> Entity | None:
    """The entity of mention ``k``; ``None`` only where the mention holds no word."""
    head, tokens = scene.heads[k], scene.tokens[k]
    if head is None or not tokens:
        return None
    parse = scene.parse
    mention = scene.mentions[k]
    if parse.text[slice(*mention.span)] in lexicon.load("labels")["turns"]:
        return _unresolved(scene, tokens, "turn")
    group = kinds.pronouns().get(parse.words[head].lower())
    if group == "relative" or parse.tags[head] in ("WP", "WDT", "WP$"):
        antecedent = _antecedent(scene, head)
        if antecedent is not None:
            return _nominal(scene, k, *antecedent)
    elif group is not None:
        found = resolve_pronoun(scene, k, head)
        if found is not None:
            return found
        return _unresolved(scene, tokens, group)
    return _nominal(scene, k, tokens, head)


def _unresolved(scene: Scene, tokens: range, group: str) -> Entity:
    """A pronoun that stands for nobody in the article: a speaker of its own, under its own words."""
    span = scene.parse.span(tokens.start, tokens.stop - 1)
    kind: SpeakerKind = "person" if group in ("male", "female") else "unknown"
    return Entity(kind, scene.parse.text[span[0] : span[1]], None)


def _nominal(scene: Scene, k: int, tokens: range, head: int) -> Entity | None:
    named = _named(scene, tokens, head)
    return named if named is not None else resolve_description(scene, k, tokens, head)


def _named(scene: Scene, tokens: range, head: int) -> Entity | None:
    """The entity that the mention names: at its head, in apposition to it, or behind its role."""
    parse, cast = scene.parse, scene.cast
    entity = cast.at.get(head)
    if entity is None and len(tokens) <= 2:
        entity = cast.known(parse.words[head])
    if entity is not None:
        return _joined(scene, tokens, head, entity)
    if parse.deps[head] == "appos" and parse.pos[head] == "NOUN" and parse.heads[head] not in tokens:
        there = cast.at.get(parse.heads[head])
        if there is not None and there.kind == "person":
            return there
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
        if i > at and (parse.tags[i][:2] == "VB" or parse.tags[i][:1] == "W"):
            break
        if i > at and parse.deps[i] == "conj" and parse.heads[i] == at and cast.at.get(i) is not None:
            at = i
            if cast.at[i] not in parts:
                parts.append(cast.at[i])
    beside = _beside(scene, tokens, head, first)
    if beside is not None and beside not in parts:
        parts.append(beside)
    others = [i for i in tokens if i > head and parse.deps[i] == "conj" and parse.heads[i] == head]
    nouns = [i for i in others if cast.at.get(i) is None and parse.pos[i] == "NOUN"]
    if nouns:
        same = all(kinds.noun_kind(parse.lemmas[i], False, False) == first.kind for i in nouns)
        return _together(scene, tokens, first.kind if same else "group")
    if len(parts) == 1:
        return first
    name = ", ".join(part.name for part in parts[:-1]) + " and " + parts[-1].name
    entity = scene.described.get(name)
    if entity is None:
        kinds_ = {part.kind for part in parts}
        entity = Entity("group" if "person" in kinds_ or len(kinds_) > 1 else first.kind, name, None)
        entity.plural = True
        scene.described[name] = entity
    return entity


def _beside(scene: Scene, tokens: range, head: int, first: Entity) -> Entity | None:
    """The person whose name follows that of ``first``, at ``head``, over "and", however the parser took it."""
    parse, cast = scene.parse, scene.cast
    at, n = head, tokens.stop
    while at + 1 < n and cast.at.get(at + 1) is first:
        at += 1
    if at + 2 >= n or parse.words[at + 1].lower() != "and":
        return None
    after = cast.at.get(at + 2)
    if after is None:
        run = next((cast.runs[i] for i in range(at + 3, min(n, at + 9)) if i in cast.runs), None)
        after = cast.at[run.first] if run is not None and run.start == at + 2 else None
    return after if after is not None and after.kind == "person" == first.kind else None


def _together(scene: Scene, tokens: range, kind: SpeakerKind) -> Entity:
    """A name and others beside it ("the firm and its owners"): a group under the mention's own words."""
    span = scene.parse.span(tokens.start, tokens.stop - 1)
    name = " ".join(scene.parse.text[span[0] : span[1]].split())
    entity = scene.described.get(name)
    if entity is None:
        entity = scene.described[name] = Entity(kind, name, None)
        entity.plural = True
    return entity


def _human(scene: Scene, head: int, token: int) -> int:
    """For "who": a person named just before it, else the first noun up the tree that can be a person."""
    parse, cast = scene.parse, scene.cast
    if token > 1 and parse.words[token - 1] == ",":
        near = cast.at.get(token - 2)
        if near is not None and near.kind == "person" and near.sure:
            return token - 2
    elif parse.deps[head] == "pobj" and cast.at.get(head) is not None:
        # "Supporters of Ann Lee who said so": a name takes no restrictive clause, so the supporters said it.
        above = parse.heads[parse.heads[head]]
        if parse.pos[above] == "NOUN" and above < head:
            return above
    at = head
    for _ in range(_CLIMB):
        entity = cast.at.get(at)
        if (entity.kind == "person" and entity.sure) if entity is not None else parse.lemmas[at] in kinds.offices():
            return at
        if parse.deps[at] not in ("pobj", "appos", "prep", "conj", "dobj") or parse.heads[at] == at:
            break
        at = parse.heads[at]
    return head


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
    if parse.words[token].lower() == "who":
        head = _human(scene, head, token)
    first, last = head, head
    while (
        first > 0
        and head - first < _PHRASE
        and parse.tags[first - 1] in _LEFT
        and parse.sentences[first - 1] == parse.sentences[head]
    ):
        first -= 1
    if last + 1 < token and parse.words[last + 1].lower() == "of":
        while last + 1 < token and last - head < _PHRASE and parse.words[last + 1] != ",":
            last += 1
    return range(first, last + 1), head
