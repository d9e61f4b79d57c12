"""A parsed text as plain lists, which are all that the rules and the speakers need of spaCy.

A `Parse` can hold several Docs in a row, since long texts are parsed in pieces. It can also come from stored columns,
so that rules are tested without a model.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from quotekit import lexicon
from quotekit.models import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

_NONE: list[int] = []
"""The children of every leaf. A list for each leaf would be most of what the rules cost."""

_PLACES: list[int | str] = ["ORTH", "IDX", "HEAD", "SENT_START"]
_NAMES: list[int | str] = ["LEMMA", "TAG", "POS", "DEP"]

LONGEST_SENTENCE = 600
"""Tokens looked at in one sentence. The parser may make a longer one, which must not cost the square of its length."""

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})


class Names(NamedTuple):
    """The annotations of tokens that are strings, a list for each column."""

    lemmas: list[str]
    tags: list[str]
    pos: list[str]
    deps: list[str]

    @classmethod
    def of(cls, doc: Doc) -> Names:
        """Return the annotations of ``doc``."""
        return cls(*(_texts(doc, column) for column in doc.to_array(_NAMES).T.tolist()))


@dataclass
class Parse:
    """Columns over the tokens of a text; ``heads`` are token indices, a root is its own head.

    ``starts`` and ``ends`` are characters of ``text``; ``sentences`` is each token's sentence index from 0.
    """

    text: str
    words: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)

    @classmethod
    def from_doc(cls, doc: Doc) -> Parse:
        """Return the columns of one Doc."""
        parse = cls(doc.text)
        parse.append(doc, 0, Names.of(doc))
        return parse

    def append(self, doc: Doc, offset: int, names: Names) -> None:
        """Add the columns of ``doc``, which begins at the character ``offset`` of the text."""
        base, last = len(self.words), self.sentences[-1] if self.sentences else -1
        words, characters, heads, starts = doc.to_array(_PLACES).T
        texts, places = _texts(doc, words.tolist()), (offset + characters.astype(np.int64)).tolist()
        lemma_of = lexicon.load("lemmas")["lemmas"]
        self.words += texts
        self.lemmas += [
            lemma_of.get(word) or (lemma or word).lower() for lemma, word in zip(names.lemmas, texts, strict=True)
        ]
        self.tags += names.tags
        self.pos += names.pos
        self.deps += names.deps
        self.heads += (base + np.arange(len(texts)) + heads.astype(np.int64)).tolist()
        self.starts += places
        self.ends += [place + len(word) for place, word in zip(places, texts, strict=True)]
        begins = starts == 1
        begins[:1] = True
        self.sentences += (last + np.cumsum(begins)).tolist()

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def lowers(self) -> list[str]:
        """The words in lower case."""
        return [word.lower() for word in self.words]

    @cached_property
    def children(self) -> list[list[int]]:
        """The tokens that depend on each token, in text order."""
        children: list[list[int]] = [_NONE] * len(self.heads)
        for i, head in enumerate(self.heads):
            if head != i:
                if children[head]:
                    children[head].append(i)
                else:
                    children[head] = [i]
        return children

    def subtree(self, i: int, without: frozenset[int] | set[int] = frozenset()) -> list[int]:
        """Return token ``i`` and all below it, in text order, without the subtrees of ``without``.

        At most `LONGEST_SENTENCE` tokens are returned.
        """
        found: list[int] = []
        todo = [i]
        while todo and len(found) < LONGEST_SENTENCE:
            node = todo.pop()
            if node not in without:
                found.append(node)
                todo.extend(self.children[node])
        return sorted(found)

    def ancestors(self, i: int) -> Iterator[int]:
        """Yield the heads of token ``i``, from the nearest up to the root."""
        for _ in range(LONGEST_SENTENCE):
            if self.heads[i] == i:
                return
            i = self.heads[i]
            yield i

    def span(self, first: int, last: int) -> Span:
        """Return the characters from token ``first`` up to and including token ``last``."""
        return self.starts[first], self.ends[last]

    def tokens(self, span: Span) -> range:
        """Return the tokens that share a character with ``span``."""
        return range(bisect_right(self.ends, span[0]), bisect_left(self.starts, span[1]))


def _texts(doc: Doc, column: list[int]) -> list[str]:
    """Return the strings of ``column``. Each is looked up once, since most come many times."""
    strings = doc.vocab.strings
    text = {key: strings[key] for key in set(column)}
    return [text[key] for key in column]
