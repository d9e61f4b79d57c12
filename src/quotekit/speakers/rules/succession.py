"""New holders of an office: "the new minister" after "Ann Lee handed the ministry to Bo Stone"."""

from __future__ import annotations

from functools import cache

from quotekit.lexicon import load
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.discourse import Discourse
from quotekit.speakers.mention import Found, Phrase

_BACK = 120
"""Maximum tokens between the change of office and the description."""

_PREPOSITIONS = frozenset({"agent", "prep", "dative"})


@cache
def _words(of: str) -> frozenset[str]:
    return frozenset(load("offices")["succession"][of].split())


def successor(discourse: Discourse, phrase: Phrase) -> Found | None:
    """Return the last person to take an office, for a description of a new holder."""
    parse = discourse.parse
    if _words("new").isdisjoint(parse.lowers[i] for i in phrase.tokens):
        return None
    for verb in range(phrase.tokens.start - 1, max(-1, phrase.tokens.start - _BACK), -1):
        if parse.tags[verb][:2] != "VB":
            continue
        taker = _taker(discourse, verb)
        if taker is not None:
            token, entity = taker
            return Found(entity, discourse.cast.link(discourse.cast.first_of(token)), evidence="near")
    return None


def _taker(discourse: Discourse, verb: int) -> tuple[int, Entity] | None:
    """Return the token of the name and the person who takes an office according to ``verb``."""
    parse, lemma = discourse.parse, discourse.parse.lemmas[verb]
    children = {parse.deps[i]: i for i in parse.children[verb]}
    # "Handed the ministry to Ann Lee": the parser may take "to Ann Lee" for a part of the object.
    given = children.get("dobj")
    for i in parse.children[given] if given is not None else ():
        if parse.lowers[i] == "to":
            children.setdefault("prep", i)
    passive = "auxpass" in children
    slots = {
        "nsubj": lemma in _words("subject") and not passive,
        "dobj": lemma in _words("object") and not passive,
        "nsubjpass": lemma in _words("object"),
        "agent": lemma in _words("agent"),
        "prep": lemma in _words("receiver"),
        "dative": lemma in _words("receiver"),
    }
    for dep, fits in slots.items():
        at = children.get(dep) if fits else None
        if at is None:
            continue
        token = next((i for i in parse.children[at] if parse.deps[i] == "pobj"), at) if dep in _PREPOSITIONS else at
        there = discourse.named(token)
        if there is not None and there.kind == "person":
            return token, there
    return None
