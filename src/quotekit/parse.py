"""A parsed text as plain lists: all that the rules and the speakers need of spaCy.

One `Parse` can hold several Docs in a row (long texts are parsed in pieces), or come from stored columns, so that
rules are tested without a model.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Doc

from quotekit.models import Span

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})


@dataclass(slots=False)
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
    def from_docs(cls, text: str, docs: Iterable[Doc]) -> Parse:
        """Columns of ``docs``, whose texts joined are ``text``."""
        parse = cls(text)
        offset = 0
        for doc in docs:
            parse._append(doc, offset)
            offset += len(doc.text)
        return parse

    def _append(self, doc: Doc, offset: int) -> None:
        base, sentence = len(self.words), self.sentences[-1] if self.sentences else -1
        for i, token in enumerate(doc):
            word, start = token.text, offset + token.idx
            self.words.append(word)
            self.lemmas.append(token.lemma_.lower() or word.lower())
            self.tags.append(token.tag_)
            self.pos.append(token.pos_)
            self.deps.append(token.dep_)
            self.heads.append(base + token.head.i)
            self.starts.append(start)
            self.ends.append(start + len(word))
            sentence += bool(i == 0 or token.is_sent_start)
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
