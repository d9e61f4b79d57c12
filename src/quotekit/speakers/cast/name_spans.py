"""Where a name begins and ends: runs of proper nouns, and what continues them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import dates, family_names, gender_of, inviting, particles, suffixes
from quotekit.lexicon.places import place

PROPER = frozenset({"NNP", "NNPS"})
_MISTAKEN = frozenset({"NN", "RB", "JJ", "FW", "UH", "VB", "VBN"})
"""Tags that the tagger gives to rare surnames behind a given name."""
_ACTING = frozenset({"nsubj", "nsubjpass", "poss"})
_AROUND = 5
"""Tokens on each side that show whether a line is in title case."""
_PARTICLES = 3
"""Tokens behind a particle in which the name must continue."""
_APOSTROPHES = frozenset({"'", "’"})
_GENITIVES = ("’s", "'s")
_OPENING = frozenset({"“", '"'})
_CLOSING = frozenset({"”", '"'})


class Continuation(NamedTuple):
    """One row of the table: how a name continues behind its token ``last`` with the token ``j``.

    Attributes:
        example: words with their tags, the name in brackets; "~" says that no space is before the word.
        applies: whether the row applies, given the parse, ``last`` and ``j``.
        end: the token with which the name continues, given the parse and ``j``.
    """

    example: str
    applies: Callable[[Parse, int, int], bool]
    end: Callable[[Parse, int], int]


def _this(parse: Parse, j: int) -> int:
    return j


def _next(parse: Parse, j: int) -> int:
    return j + 1


def _behind_nickname(parse: Parse, j: int) -> int:
    return j + 3


def _is_proper(parse: Parse, j: int) -> bool:
    return j < len(parse) and parse.tags[j] in PROPER


def _is_mistaken(parse: Parse, last: int, j: int) -> bool:
    return parse.words[j][:1].isupper() and parse.tags[j] in _MISTAKEN and not _title_case(parse, j)


def _hyphen(parse: Parse, last: int, j: int) -> bool:
    """Return whether the name continues after a hyphen without spaces, before a capital or behind a family name."""
    if parse.words[j] != "-" or j + 1 >= len(parse):
        return False
    if parse.ends[last] != parse.starts[j] or parse.ends[j] != parse.starts[j + 1]:
        return False
    family_first = last > 0 and parse.lowers[last - 1] in family_names()
    return parse.words[j + 1][:1].isupper() or _is_proper(parse, j + 1) or family_first


def _behind_particles(parse: Parse, j: int) -> int:
    """Return the proper noun behind the particles that begin at ``j``; ``j`` if no proper noun follows them."""
    for k in range(j + 1, min(j + 1 + _PARTICLES, len(parse))):
        if _is_proper(parse, k):
            return k
        if parse.words[k] != "-" and parse.lowers[k] not in particles():
            break
    return j


def _particle(parse: Parse, last: int, j: int) -> bool:
    return parse.lowers[j] in particles() and parse.words[j] != "DE" and _behind_particles(parse, j) > j


def _label(parse: Parse, last: int, j: int) -> bool:
    """A label in capitals, whose surname the tagger may take for a noun."""
    label = j + 1 < len(parse) and parse.words[j + 1] == ":"
    return label and parse.words[last].isupper() and parse.words[j].isupper() and parse.words[j].isalpha()


def _suffix(parse: Parse, last: int, j: int) -> bool:
    return parse.words[j] == "," and j + 1 < len(parse) and parse.lowers[j + 1] in suffixes()


def _ampersand(parse: Parse, last: int, j: int) -> bool:
    return parse.words[j] == "&" and _is_proper(parse, j + 1)


def _plural_owner(parse: Parse, last: int, j: int) -> bool:
    """Return whether the name of a body continues after an apostrophe."""
    if parse.words[j] not in _APOSTROPHES or not _is_proper(parse, j + 1):
        return False
    return parse.words[last].endswith("s") and kinds.name_kind(parse.words[j + 1], "") is not None


def _nickname(parse: Parse, last: int, j: int) -> bool:
    """Return whether a nickname in quotation marks follows, and then a surname."""
    if parse.words[j] not in _OPENING or j + 3 >= len(parse) or parse.words[j + 2] not in _CLOSING:
        return False
    apart = parse.ends[last] < parse.starts[j]
    return apart and parse.tags[j + 1] == "NNP" and parse.words[j + 3][:1].isupper()


def _nickname_in_brackets(parse: Parse, last: int, j: int) -> bool:
    """Return whether a nickname in brackets follows, which is neither a party nor a place, and then a surname."""
    if parse.words[j] != "(" or j + 3 >= len(parse) or parse.words[j + 2] != ")" or not _is_proper(parse, j + 3):
        return False
    name = parse.words[j + 1]
    return _is_proper(parse, j + 1) and name.istitle() and len(name) > 1 and place(name) is None


CONTINUATIONS = (
    Continuation("[Ann/NNP Lee/NNP] said/VBD", lambda parse, last, j: _is_proper(parse, j), _this),
    Continuation("[Ann/NNP Holler/NN] said/VBD", _is_mistaken, _this),
    Continuation("[Ban/NNP Ki/NNP ~-/HYPH ~moon/NN] said/VBD", _hyphen, _next),
    Continuation("[Karim/NNP bin/NN al/NN ~-/HYPH ~Harrawi/NNP] said/VBD", _particle, _behind_particles),
    Continuation("[Amos/NNP Tull/NNP ~,/, Jr./NN] said/VBD", _suffix, _next),
    Continuation("[ANN/NNP HOLLER/NN] :/:", _label, _this),
    Continuation("[Stone/NNP &/CC Lee/NNP] said/VBD", _ampersand, _next),
    Continuation("the/DT [Crane/NNP Operators/NNPS ~’/POS Union/NNP] said/VBD", _plural_owner, _next),
    Continuation("[Raymond/NNP “/`` ~Buck/NNP ~”/'' Tolliver/NN] said/VBD", _nickname, _behind_nickname),
    Continuation(
        "[Raymond/NNP (/-LRB- ~Buck/NNP ~)/-RRB- Tolliver/NNP] said/VBD", _nickname_in_brackets, _behind_nickname
    ),
)
"""What continues a name, in order of precedence."""


def _is_split(parse: Parse, last: int, j: int) -> bool:
    """Return whether the parser ends a sentence between two words of a name, without any mark."""
    apart = parse.text[parse.ends[last] : parse.starts[j]]
    return apart == " " and parse.words[last].isalpha() and _is_proper(parse, last) and _is_proper(parse, j)


def continuation(parse: Parse, last: int) -> tuple[Continuation, int] | None:
    """Return how the name ending at the token ``last`` continues, and the next token of it; ``None`` if it ends."""
    n, j = len(parse.words), last + 1
    if parse.lowers[last].endswith(_GENITIVES):
        # The tokenizer may leave the ending on: "The Harbour Post’s Ann Lee" is two names.
        return None
    if j + 1 < n and parse.words[j].isspace() and parse.words[j].count("\n") == 1:
        # A name may be broken over two lines.
        j += 1
    if j >= n or (parse.sentences[j] != parse.sentences[last] and not _is_split(parse, last, j)):
        return None
    row = next((row for row in CONTINUATIONS if row.applies(parse, last, j)), None)
    return None if row is None else (row, row.end(parse, j))


def _title_case(parse: Parse, j: int) -> bool:
    """Return whether the words around token ``j`` are capitalized as in a headline."""
    first, last = max(0, j - _AROUND), min(len(parse), j + _AROUND)
    near = [parse.words[i] for i in range(first, last) if i != j and parse.sentences[i] == parse.sentences[j]]
    return not any(word.islower() and len(word) > 3 for word in near)


def name_spans(parse: Parse) -> Iterator[tuple[int, int]]:
    """Yield the first and the last token of each run of proper nouns, in text order."""
    words = parse.words
    named = [i for i, tag in enumerate(parse.tags) if tag in PROPER or (tag == "NN" and _is_acronym(words, i))]
    spans = list(_spans(parse, named))
    missed = _missed(parse, spans)
    yield from _spans(parse, sorted({*named, *missed})) if missed else spans


def _missed(parse: Parse, spans: list[tuple[int, int]]) -> list[int]:
    """Return the tokens that end a longer name although the tagger took them for another kind of word."""
    surnames = {parse.words[last] for first, last in spans if last > first and parse.words[last].isalpha()}
    inside = {i for first, last in spans for i in range(first, last + 1)}
    found = [
        i for i, word in enumerate(parse.words) if word in surnames and parse.tags[i] in _MISTAKEN and i not in inside
    ]
    if not found:
        return []
    # "Rice is cheap", in a text that has "rice" too, names nobody.
    common = {word for word in parse.words if word.islower()}
    return [i for i in found if parse.deps[i] in _ACTING and parse.words[i].lower() not in common]


def _spans(parse: Parse, named: list[int]) -> Iterator[tuple[int, int]]:
    words, done = parse.words, -1
    for i in named:
        if i <= done or _invites(parse, i):
            continue
        last = i
        while (further := continuation(parse, last)) is not None:
            last = further[1]
        done = last
        while last > i and words[last].lower() in dates() and not _is_surname(parse, i, last):
            last -= 1
        yield i, last


def _invites(parse: Parse, i: int) -> bool:
    """Return whether a verb with a capital invites the reader to what somebody said: "Read Ann Lee's speech"."""
    begins = i == 0 or parse.words[i - 1].isspace() or parse.sentences[i - 1] != parse.sentences[i]
    return begins and parse.lowers[i] in inviting() and _is_proper(parse, i + 1)


def _is_surname(parse: Parse, first: int, last: int) -> bool:
    """Return whether a month or a day is a family name: "Prime Minister Theresa May said", not "in Lisk May 5"."""
    day = last + 1 < len(parse) and parse.tags[last + 1] == "CD"
    return last > first and not day and gender_of(parse.words[last - 1]) is not None


def _is_acronym(words: list[str], i: int) -> bool:
    """Return whether a word is in capitals and its neighbours are not."""
    word = words[i]
    if len(word) < 3 or not word.isupper() or not word.isalpha():
        return False
    near = [words[j] for j in (i - 1, i + 1) if 0 <= j < len(words)]
    return not any(other.isupper() and len(other) > 1 for other in near)
