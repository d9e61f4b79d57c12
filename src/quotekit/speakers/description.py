"""What the words of a description say: its noun, its number, its determiner, its modifiers."""

from __future__ import annotations

from dataclasses import dataclass

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.cast.cast import Cast
from quotekit.speakers.cast.role_spans import hyphenated_office
from quotekit.speakers.mention import Phrase

_PLURAL = frozenset({"NNS", "NNPS"})
_OPENINGS = frozenset({"DT", "PRP$"})


@dataclass(frozen=True, slots=True)
class Description:
    """A noun phrase as a description.

    Attributes:
        lemma: its noun in the singular.
        plural: whether the noun is in the plural.
        opening: the first word (lower case).
        definite: whether it refers to somebody mentioned before.
        bare: whether it is a definite noun and nothing else ("the ministry").
        plain: whether no name, possessor or complement in it narrows down who is meant ("the gambling tycoon").
        owned: whether it begins with a possessor.
        office: whether it describes one person by what they are or do.
        titled: whether the noun is part of a name ("the Lisk Leader").
        joined: whether others with a determiner of their own are beside it ("the senator and his aides").
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
    def of(cls, parse: Parse, cast: Cast, phrase: Phrase) -> Description:
        """Read ``phrase`` as a description."""
        head, start = phrase.head, phrase.tokens.start
        lemma = singular(parse, head)
        plural = parse.tags[head] in _PLURAL or lemma != parse.lemmas[head]
        lemma = hyphenated_office(parse, head) or lemma
        opening = parse.lowers[start]
        owned = "POS" in parse.tags[start:head] or parse.tags[start] == "PRP$"
        definite = opening in kinds.determiners("definite") or owned
        joined = _is_joined(parse, cast, phrase)
        lower = all(parse.words[i].islower() or not parse.words[i][0].isalpha() for i in range(start + 1, head))
        return cls(
            lemma,
            plural,
            opening,
            definite,
            bare=definite
            and not owned
            and not plural
            and head == start + 1 + 2 * ("-" in lemma and parse.words[head - 1] == "-")
            and not _has_complement(parse, phrase),
            plain=lower and not owned and head + 1 >= phrase.tokens.stop,
            owned=owned,
            titled=parse.words[head][:1].isupper() and parse.tags[head - 1] == "NNP" and head - start > 1,
            office=kinds.is_person(lemma) and not plural and not joined,
            joined=joined,
        )


def _has_complement(parse: Parse, phrase: Phrase) -> bool:
    """Return whether a name behind the noun says which one is meant: "the envoy of Norway"."""
    of = phrase.head + 1
    if of + 1 >= phrase.tokens.stop or parse.lowers[of] not in kinds.words("of"):
        return False
    return any(parse.words[i][:1].isupper() for i in range(of + 1, phrase.tokens.stop))


def _is_joined(parse: Parse, cast: Cast, phrase: Phrase) -> bool:
    """Return whether "and" joins others to the noun: "the editor and the owner", not "the editor and publisher"."""
    at = phrase.head
    for i in phrase.tokens:
        if i <= at or parse.heads[i] != at or parse.pos[i] not in ("NOUN", "PROPN"):
            continue
        openings = {parse.tags[child] for child in parse.children[i] if child < i}
        if parse.deps[i] == "appos" and parse.tags[i] == "NNS" and "PRP$" in openings:
            # The parser may take a list for an apposition: "the senator, her aides and her driver".
            return True
        if parse.deps[i] == "conj":
            if openings & _OPENINGS or i in cast.at or parse.tags[i] in _PLURAL:
                return True
            at = i
    return False


def singular(parse: Parse, head: int) -> str:
    """Return the lemma of a noun in the singular; the tagger leaves plural proper nouns ("Democrats") as they are."""
    lemma = parse.lemmas[head]
    if parse.tags[head] in ("NNPS", "NNP") and lemma.endswith("s"):
        return lemma[:-1] if lemma[:-1] in kinds.words("group") or kinds.is_person(lemma[:-1]) else lemma
    return lemma
