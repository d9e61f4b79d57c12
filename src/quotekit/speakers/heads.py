"""The tokens and the head of a source: the word that says who it is."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET"})
_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_PHRASE = _NOUNS | {"DT", "PDT", "PRP$", "JJ", "JJR", "JJS", "CD", "HYPH", "VBN", "VBG", "POS", "RB", "RBS", "``", "''"}
_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_NOT_FIRST = frozenset({",", ":", "IN", "``", "''", "_SP"})
_NOT_LAST = _NOT_FIRST | {".", "POS"}
_LONGEST = 80
"""Tokens of a source that are read."""


def trimmed(parse: Parse, tokens: range) -> range:
    """Return ``tokens`` without punctuation, prepositions and "we," at the ends; a source of nothing else is whole."""
    first, last = tokens.start, min(tokens.stop, tokens.start + _LONGEST)
    while last > first and parse.tags[last - 1] in _NOT_LAST:
        last -= 1
    if first + 2 < last and parse.words[first + 1] == "," and kinds.pronoun_group(parse.words[first]) == "speaker":
        # "We, the ministers of Norway and Sweden,".
        first += 2
    while first < last and parse.tags[first] in _NOT_FIRST:
        first += 1
    # "From" is a surname too.
    return range(first, last) if first < last else tokens


def head_of(parse: Parse, tokens: range) -> int | None:
    """Return the parser's head of a source, or the noun of its first noun phrase if the parser is mistaken."""
    found = _parsed_head(parse, tokens)
    if found is not None and _is_member(parse, tokens, found):
        return tokens.start
    if found is not None and not _is_mistaken(parse, found, tokens):
        return found
    noun = _first_noun(parse, tokens)
    return found if noun is None else noun


def _is_member(parse: Parse, tokens: range, head: int) -> bool:
    """Return whether the first word is a person of what the parser makes the head: "[Member] of House panel"."""
    of = tokens.start + 1
    if of >= head or parse.lowers[of] != "of" or not parse.words[head].islower():
        return False
    return parse.deps[tokens.start] in _MODIFIERS and kinds.is_person(parse.lemmas[tokens.start])


def _is_mistaken(parse: Parse, head: int, tokens: range) -> bool:
    """Return whether the parse makes the head something that a whole source cannot be: "the [video] pans …"."""
    outside = parse.heads[head] not in tokens
    return (outside and parse.deps[head] in _MODIFIERS) or parse.pos[head] == "VERB" or parse.deps[head] == "npadvmod"


def _first_noun(parse: Parse, tokens: range) -> int | None:
    """Return the last noun before the first word that cannot be part of a plain noun phrase."""
    noun = None
    for i in tokens:
        if parse.tags[i] not in _PHRASE:
            break
        if parse.tags[i] in _NOUNS:
            noun = i
    return noun


def _parsed_head(parse: Parse, tokens: range) -> int | None:
    heads, pos = parse.heads, parse.pos
    tops = [i for i in tokens if heads[i] == i or heads[i] not in tokens]
    nominal = [i for i in tops if pos[i] in _NOMINAL and parse.deps[i] not in ("det", "nummod")]
    if nominal:
        head = next((i for i in nominal if parse.lowers[i] not in kinds.titles()), nominal[0])
        while head + 2 in nominal and parse.words[head + 1] == "-":
            # "Ex-wife" in three tokens, each of which the parser takes for a head.
            head += 2
        return head
    if tops and pos[tops[0]] != "VERB":
        return tops[0]
    inner = (i for i in tokens if pos[i] in _NOMINAL and parse.tags[i] != "PRP$")
    noun = _first_noun(parse, tokens)
    return noun if noun is not None else next(inner, tops[0] if tops else None)
