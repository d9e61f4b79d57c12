"""A parsed text as plain lists: all that the rules and the speakers need of spaCy.

One `Parse` can hold several Docs in a row (long texts are parsed in pieces), or come from stored columns, so that
rules are tested without a model.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from spacy.attrs import DEP, HEAD, IDX, LEMMA, ORTH, POS, SENT_START, TAG
from spacy.tokens import Doc

from quotekit.models import Span

_PLACES = [IDX, HEAD, SENT_START]
_NAMES = [ORTH, LEMMA, TAG, POS, DEP]

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})


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
        """Columns of one Doc."""
        parse = cls(doc.text)
        parse.append(doc, 0)
        return parse

    def append(self, doc: Doc, offset: int) -> None:
        """Add the columns of ``doc``, which begins at the character ``offset`` of the text."""
        base, sentence = len(self.words), self.sentences[-1] if self.sentences else -1
        strings = doc.vocab.strings
        rows = doc.to_array(_PLACES).astype("int64").tolist()
        uints = doc.to_array(_NAMES).tolist()
        for i, ((idx, head, starts), (orth, lemma, tag, pos, dep)) in enumerate(zip(rows, uints, strict=True)):
            word = strings[orth]
            self.words.append(word)
            self.lemmas.append((strings[lemma] or word).lower())
            self.tags.append(strings[tag])
            self.pos.append(strings[pos])
            self.deps.append(strings[dep])
            self.heads.append(base + i + head)
            self.starts.append(offset + idx)
            self.ends.append(offset + idx + len(word))
            sentence += i == 0 or starts == 1
            self.sentences.append(sentence)

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def lowers(self) -> list[str]:
        """The words in lower case."""
        return [word.lower() for word in self.words]

    @cached_property
    def children(self) -> list[list[int]]:
        """For each token the tokens that depend on it, in text order."""
        children: list[list[int]] = [[] for _ in self.heads]
        for i, head in enumerate(self.heads):
            if head != i:
                children[head].append(i)
        return children

    def subtree(self, i: int, without: frozenset[int] | set[int] = frozenset()) -> list[int]:
        """Token ``i`` and all below it, in text order, leaving out the subtrees of ``without``."""
        found, todo = [], [i]
        while todo:
            node = todo.pop()
            if node not in without:
                found.append(node)
                todo.extend(self.children[node])
        return sorted(found)

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads of token ``i``, from the nearest up to the root."""
        while self.heads[i] != i:
            i = self.heads[i]
            yield i

    def span(self, first: int, last: int) -> Span:
        """Characters from token ``first`` up to and including token ``last``."""
        return self.starts[first], self.ends[last]

    def tokens(self, span: Span) -> range:
        """The tokens that share a character with ``span``."""
        return range(bisect_right(self.ends, span[0]), bisect_left(self.starts, span[1]))
