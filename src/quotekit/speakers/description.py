"""What the words of a description say: its noun, its number, what opens it, what sharpens it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.scene import Phrase, Scene

_PLURAL = frozenset({"NNS", "NNPS"})
_OPENINGS = frozenset({"DT", "PRP$"})


@cache
def words(kind: str) -> frozenset[str]:
    """The words of ``determiners.json`` under ``kind`` ("definite", "article", …)."""
    return frozenset(load("determiners")[kind].split())


@dataclass(frozen=True, slots=True)
class Description:
    """A noun phrase as a description.

    ``lemma``: its noun in the singular. ``definite``: it speaks of somebody known already. ``bare``: it is a definite
    noun and nothing else ("the ministry"). ``plain``: no name, possessor or complement in it tells more of whom it
    means ("the gambling tycoon"). ``owned``: it begins with a possessor. ``office``: one person, by
    what they are or do. ``titled``: the noun is part of a name ("the Lisk Leader"). ``joined``: others of their own
    stand beside it ("the senator and his aides").
    """

    lemma: str
    plural: bool
    opening: str
    definite: bool
    bare: bool
    plain: bool
    owned: bool
    office: bool
    titled: bool
    joined: bool

    @classmethod
    def of(cls, scene: Scene, phrase: Phrase) -> Description:
        """Read ``phrase`` as a description."""
        parse, head, start = scene.parse, phrase.head, phrase.tokens.start
        lemma = singular(scene, head)
        plural = parse.tags[head] in _PLURAL or lemma != parse.lemmas[head]
        opening = parse.lowers[start]
        owned = "POS" in parse.tags[start:head] or parse.tags[start] == "PRP$"
        definite = opening in words("definite") or owned
        joined = _is_joined(scene, phrase)
        lower = all(parse.words[i].islower() or not parse.words[i][0].isalpha() for i in range(start + 1, head))
        return cls(
            lemma,
            plural,
            opening,
            definite,
            bare=definite and not owned and not plural and head == start + 1,
            plain=lower and not owned and head + 1 >= phrase.tokens.stop,
            owned=owned,
            titled=parse.words[head][:1].isupper() and parse.tags[head - 1] == "NNP" and head - start > 1,
            office=kinds.is_person(lemma) and not plural and not joined,
            joined=joined,
        )


def _is_joined(scene: Scene, phrase: Phrase) -> bool:
    """Whether "and" joins others to the noun: not in "the editor and publisher", but in "the editor and the owner"."""
    parse, at = scene.parse, phrase.head
    for i in phrase.tokens:
        if i <= at or parse.heads[i] != at or parse.pos[i] not in ("NOUN", "PROPN"):
            continue
        openings = {parse.tags[child] for child in parse.children[i] if child < i}
        if parse.deps[i] == "appos" and parse.tags[i] == "NNS" and "PRP$" in openings:
            # The parser's way with a list: "the senator, her aides and her driver".
            return True
        if parse.deps[i] == "conj":
            if openings & _OPENINGS or i in scene.cast.at or parse.tags[i] in _PLURAL:
                return True
            at = i
    return False


def singular(scene: Scene, head: int) -> str:
    """The lemma; the tagger leaves proper nouns in the plural ("Democrats") as they are."""
    parse, lemma = scene.parse, scene.parse.lemmas[head]
    if parse.tags[head] in ("NNPS", "NNP") and lemma.endswith("s"):
        return lemma[:-1] if lemma[:-1] in kinds.words("group") or kinds.is_person(lemma[:-1]) else lemma
    return lemma
