"""The words of a quote for comparison: without case, marks, punctuation and editors' brackets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from quotekit.grouping.numbers import is_number, read_numbers
from quotekit.known.comparing import folded
from quotekit.lexicon import load
from quotekit.lexicon.personal_names import dates

_APOSTROPHES = re.compile("[’‘ʼ`´′]")
_INSIDE_WORD = re.compile(r"(?<=[^\W_])\[([^\W_]+)\]|\[([^\W_]+)\](?=[^\W_])")
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TOKEN = re.compile(
    r"(?P<gap>…|\.(?:\s?\.)+|\x00)|(?P<number>\d+(?:\.\d+)?)(?:(?:st|nd|rd|th)(?![^\W_]))?"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|(?P<sign>[$£€¥%&])|(?P<end>[.!?]+)|(?P<break>[,;:—–()]|\s--?\s)"
)
_GAP = "\x00"
_SHORTEST_NEGATED = 4
"""Minimum number of letters of a word that a prefix can turn into its opposite."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a quote says, word by word.

    Attributes:
        words: the words in lower case, without accents, with contractions expanded and numbers in digits.
        clauses: the number of each word's clause, from 0.
        sentences: the number of each word's sentence, from 0.
        gaps: positions before a word (or after the last) where something may be omitted: at an ellipsis, a bracket, or
            between two parts.
    """

    words: tuple[str, ...]
    clauses: tuple[int, ...]
    sentences: tuple[int, ...]
    gaps: frozenset[int]

    @property
    def text(self) -> str:
        """The words, separated by spaces."""
        return " ".join(self.words)

    @property
    def punctuation(self) -> tuple[object, ...]:
        """Sort key of wordings with the same words: the greater one has more punctuation."""
        return sum(self.sentences), sum(self.clauses), self.sentences, self.clauses, sorted(self.gaps)

    @classmethod
    def of(cls, parts: Iterable[str]) -> Wording:
        """Return the wording of a quote with these parts, as in `Quote.content`.

        >>> Wording.of(["[The pier] won’t cost “forty million” —", "not ever."]).text
        'will not cost 40000000 not ever'
        >>> Wording.of(["[W]e [the crew] sail … at 5pm."]).words
        ('we', 'sail', 'at', '5', 'pm')
        """
        reader = _Reader()
        for i, part in enumerate(parts):
            if i:
                reader.gap()
            reader.read(part)
        return reader.wording()


class _Reader:
    """Builds a wording from the parts of a quote."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._clauses: list[int] = []
        self._sentences: list[int] = []
        self._gaps: set[int] = set()
        self._clause = 0
        self._sentence = 0
        self._sign = ""

    def gap(self) -> None:
        self._gaps.add(len(self._words))

    def read(self, part: str) -> None:
        text = folded(_APOSTROPHES.sub("'", part).replace(_GAP, " "))
        text = _INSIDE_WORD.sub(lambda match: match[1] or match[2], text)
        text = _BRACKETED.sub(_kept_of_bracket, text)
        text = _GROUPED.sub("", text)
        for match in _TOKEN.finditer(text):
            self._take(match.lastgroup or "", match[match.lastgroup or 0])

    def _take(self, kind: str, token: str) -> None:
        if kind == "gap":
            self.gap()
            self._clause += 1
        elif kind == "end":
            self._sentence += 1
            self._clause += 1
        elif kind == "break":
            self._clause += 1
        elif kind == "sign":
            word = load("wordings")["signs"][token]
            # In "$40m", the word for the sign comes after the number.
            if word in ("percent", "and"):
                self._add(word)
            else:
                self._sign = word
        elif kind == "number":
            self._add(token)
        else:
            for word in _written_out(token):
                if word in _clause_openers():
                    self._clause += 1
                self._add(word)

    def _add(self, word: str) -> None:
        if self._sign and not (is_number(word) or word in load("wordings")["scales"]):
            self._put(self._sign)
            self._sign = ""
        self._put(word)

    def _put(self, word: str) -> None:
        self._words.append(word)
        self._clauses.append(self._clause)
        self._sentences.append(self._sentence)

    def wording(self) -> Wording:
        if self._sign:
            self._put(self._sign)
        pairs = _phrases_joined(self._words)
        kept = [(word, pairs[i][1]) for word, i, _ in read_numbers([word for word, _ in pairs])]
        # An indirect quote may begin with the "that" before it.
        while len(kept) > 1 and kept[0][0] == "that":
            del kept[0]
        places = [i for _, i in kept]
        return Wording(
            words=tuple(word for word, _ in kept),
            clauses=tuple(self._clauses[i] for i in places),
            sentences=tuple(self._sentences[i] for i in places),
            gaps=_moved(self._gaps, places),
        )


def _moved(gaps: set[int], places: Sequence[int]) -> frozenset[int]:
    """Return gaps between all words as gaps between the kept words, which are those at ``places``."""
    moved, k = set(), 0
    for gap in sorted(gaps):
        while k < len(places) and places[k] < gap:
            k += 1
        moved.add(k)
    return frozenset(moved)


def _kept_of_bracket(match: re.Match[str]) -> str:
    """Replace a bracket with a gap, but keep negations and numbers in it."""
    kept = [word for token in _TOKEN.finditer(match[0]) for word in _critical_in(token)]
    return f" {_GAP} {' '.join(kept)} "


def _critical_in(token: re.Match[str]) -> list[str]:
    if token["number"]:
        return [token["number"]]
    return [word for word in _written_out(token["word"]) if word in negations()] if token["word"] else []


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    return tuple(load("wordings")["endings"].items())


@cache
def _clause_openers() -> frozenset[str]:
    return frozenset(load("wordings")["clause_openers"].split())


@cache
def negations() -> frozenset[str]:
    """Return the words that negate a statement."""
    return frozenset(load("wordings")["negations"].split())


def opposite_by_prefix(words: Iterable[str], others: Collection[str]) -> bool:
    """Return whether one of ``others`` is one of ``words`` with a prefix that makes it the opposite.

    >>> opposite_by_prefix(["happy"], ["unhappy"]), opposite_by_prefix(["der"], ["under"])
    (True, False)
    """
    long = (word for word in words if len(word) >= _SHORTEST_NEGATED)
    return any(prefix + word in others for word in long for prefix in _opposite_prefixes())


@cache
def _opposite_prefixes() -> tuple[str, ...]:
    return tuple(load("wordings")["opposite_prefixes"].split())


@cache
def interchangeable() -> frozenset[str]:
    """Return the words that can be exchanged without changing the statement."""
    return frozenset(load("wordings")["interchangeable"].split())


@cache
def opposites() -> dict[str, tuple[tuple[int, int], ...]]:
    """Return each word's lines and its positions in them: words at other positions of a line are opposites."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for line, text in enumerate(load("wordings")["opposites"]):
        for place, words in enumerate(text.split("|")):
            for word in words.split():
                found[word] = (*found.get(word, ()), (line, place))
    return found


def is_value(word: str) -> bool:
    """Return whether the word is a number, a month or a day.

    >>> is_value("40"), is_value("monday"), is_value("soon")
    (True, True, False)
    """
    return is_number(word) or word in dates()


def _written_out(token: str) -> list[str]:
    """Return a word without apostrophes, contractions expanded.

    >>> _written_out("won't"), _written_out("they've"), _written_out("lift's"), _written_out("pier")
    (['will', 'not'], ['they', 'have'], ['lift'], ['pier'])
    """
    whole = load("wordings")["contractions"].get(token)
    if whole is not None:
        return list(whole.split())
    if "'" in token:
        for ending, word in _endings():
            if token.endswith(ending) and len(token) > len(ending):
                return [token[: -len(ending)].replace("'", ""), *([word] if word else [])]
    return [token.replace("'", "")]


def _phrases_joined(words: Sequence[str]) -> list[tuple[str, int]]:
    """Return the words with their positions, phrases such as "per cent" joined into one word."""
    phrases, joined, i = load("wordings")["phrases"], [], 0
    while i < len(words):
        one = phrases.get(f"{words[i]} {words[i + 1]}") if i + 1 < len(words) else None
        joined.append((one or words[i], i))
        i += 2 if one else 1
    return joined


def is_stock(wording: Wording) -> bool:
    """Return whether the wording is nothing but a stock phrase.

    >>> is_stock(Wording.of(["We are very confident."])), is_stock(Wording.of(["We are confident of rain."]))
    (True, False)
    """
    lead = tuple(word for word in wording.words if word not in _fillers())
    return wording.words in _stock() or lead in _stock()


@cache
def _fillers() -> frozenset[str]:
    return frozenset(load("wordings")["stock_fillers"].split())


@cache
def _stock() -> frozenset[tuple[str, ...]]:
    """Return the stock phrases, with and without their filler words."""
    phrases = [tuple(phrase.split()) for phrase in load("wordings")["stock"]]
    bare = [tuple(word for word in phrase if word not in _fillers()) for phrase in phrases]
    return frozenset(phrase for phrase in [*phrases, *bare] if phrase)
