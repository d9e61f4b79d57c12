"""The antecedent of "who" and "which"."""

from __future__ import annotations

from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Phrase
from quotekit.speakers.phrases import noun_phrase

_CLIMB = 8
"""Steps up the tree to the relative clause, and to a person."""
_BETWEEN = 4
"""Tokens between a person and the comma before "who"."""


def antecedent(discourse: Discourse, token: int) -> Phrase | None:
    """Return the antecedent of the relative pronoun at ``token``."""
    parse, i = discourse.parse, token
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
    if parse.deps[head] == "appos" and discourse.named(parse.heads[head]) is not None:
        # "The Harbour Bank, a lender which": the name says who.
        head = parse.heads[head]
    if parse.words[token].lower() == "who":
        head = _human(discourse, head, token)
    return noun_phrase(parse, head, token)


def _human(discourse: Discourse, head: int, token: int) -> int:
    """Return the antecedent of "who": a person named just before, or the first noun up the tree that can be one."""
    parse = discourse.parse
    if token > 1 and parse.words[token - 1] == ",":
        for near in range(token - 2, max(-1, token - 2 - _BETWEEN), -1):
            # "Ann Lee of Lisk, who": a name and little more before the comma.
            entity = discourse.named(near)
            if entity is not None and entity.kind == "person" and entity.sure:
                return near
    elif parse.deps[head] == "pobj" and discourse.named(head) is not None:
        # "Supporters of Ann Lee who said so": a name has no restrictive clause, so the supporters said it.
        above = parse.heads[parse.heads[head]]
        if parse.pos[above] == "NOUN" and above < head:
            return above
    at = head
    for _ in range(_CLIMB):
        entity = discourse.named(at)
        if (entity.kind == "person" and entity.sure) if entity is not None else kinds.is_person(parse.lemmas[at]):
            return at
        if parse.deps[at] not in ("pobj", "appos", "prep", "conj", "dobj") or parse.heads[at] == at:
            break
        at = parse.heads[at]
    return head
