"""What "who" and "which" go back to."""

from __future__ import annotations

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.phrases import noun_phrase
from quotekit.speakers.scene import Phrase, Scene

_CLIMB = 8
_BETWEEN = 4


def antecedent(scene: Scene, token: int) -> Phrase | None:
    """The noun phrase that the relative pronoun at ``token`` goes back to."""
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
    return noun_phrase(parse, head, token)


def _human(scene: Scene, head: int, token: int) -> int:
    """For "who": a person named just before it, else the first noun up the tree that can be a person."""
    parse, cast = scene.parse, scene.cast
    if token > 1 and parse.words[token - 1] == ",":
        for near in range(token - 2, max(-1, token - 2 - _BETWEEN), -1):
            # "Ann Lee of Lisk, who": a name and little more before the comma.
            entity = cast.at.get(near)
            if entity is not None and entity.kind == "person" and entity.sure:
                return near
    elif parse.deps[head] == "pobj" and cast.at.get(head) is not None:
        # "Supporters of Ann Lee who said so": a name takes no restrictive clause, so the supporters said it.
        above = parse.heads[parse.heads[head]]
        if parse.pos[above] == "NOUN" and above < head:
            return above
    at = head
    for _ in range(_CLIMB):
        entity = cast.at.get(at)
        if (entity.kind == "person" and entity.sure) if entity is not None else kinds.is_person(parse.lemmas[at]):
            return at
        if parse.deps[at] not in ("pobj", "appos", "prep", "conj", "dobj") or parse.heads[at] == at:
            break
        at = parse.heads[at]
    return head
