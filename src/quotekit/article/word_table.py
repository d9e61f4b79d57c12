"""Cached results of a model's attribute ruler and lemmatizer.

spaCy's attribute ruler tries nearly two hundred patterns at every token, which takes a quarter of the pipeline's time.
Few patterns name a word, and fewer span several tokens. The results are therefore computed once for each tag and
dependency, for each word that a pattern names, and for each run of tokens that a longer pattern matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from quotekit.article.parse import Names
from quotekit.models import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

MOST_ENTRIES = 20_000
"""Entries above which a table is cleared, so that memory stays bounded over many texts."""

UNDERSTOOD = frozenset({"LOWER", "TAG", "DEP", "IS_SPACE"})
"""Token attributes that the ruler's patterns may test."""

_GIVEN: list[int | str] = ["ORTH", "TAG", "DEP"]

SPACE, OTHER = 1, 0
"""Keys of all white space, and of all other words that no pattern names."""

Pattern = list[dict[str, Any]]
Token = tuple[int, ...]
"""The values of `_GIVEN`."""


class Ruled(NamedTuple):
    """Annotations of a token. They are strings, as spaCy may forget the hashes.

    ``leads``: a pattern of several tokens can begin here.
    """

    lemma: str
    pos: str
    morph: str
    tag: str
    dep: str
    leads: bool


class WordTable:
    """The annotations that the attribute ruler and the lemmatizer of ``nlp`` give to words."""

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab
        self._ruler: Any = nlp.get_pipe("attribute_ruler")
        self._lemmatizer: Any = nlp.get_pipe("lemmatizer")
        patterns = _patterns(self._ruler)
        self._named = _Named(patterns)
        longer = [nodes for nodes in patterns if len(nodes) > 1]
        self._leading = self._matcher(nodes[:1] for nodes in longer)
        self._longer = self._matcher(longer)
        self._words: dict[int, int] = {}
        self._ruled: dict[Token, Ruled] = {}
        self._lemmas: dict[tuple[int, str, str], str] = {}

    @staticmethod
    def fits(nlp: Language) -> bool:
        """Return whether the two components come last in ``nlp`` and test only attributes that the table covers."""
        from spacy.lang.en.lemmatizer import EnglishLemmatizer
        from spacy.pipeline import AttributeRuler

        (_, ruler), (_, lemmatizer) = nlp.pipeline[-2:]
        return (
            type(ruler) is AttributeRuler
            and type(lemmatizer) is EnglishLemmatizer
            and all(_is_understood(node) for nodes in _patterns(ruler) for node in nodes)
        )

    def names(self, doc: Doc) -> Names:
        """Return the annotations of ``doc`` after the two components, which need not run."""
        if not len(doc):
            return Names([], [], [], [])
        tables: tuple[dict[Any, Any], ...] = (self._words, self._ruled, self._lemmas)
        for table in tables:
            if len(table) > MOST_ENTRIES:
                table.clear()
        words, *rest = doc.to_array(_GIVEN).T.tolist()
        ruled = self._look_up(tokens := [*zip(words, *rest, strict=True)])
        for first, last in self._together(doc) if any(one.leads for one in ruled) else ():
            ruled[first:last] = self._rule(tokens[first:last], longest=last - first)
        by_ruler, pos, morphs, tags, deps, _ = map(list, zip(*ruled, strict=True))
        by_lemmatizer = self._lemmatise([*zip(words, pos, morphs, strict=True)])
        lemmas = [first or second for first, second in zip(by_ruler, by_lemmatizer, strict=True)]
        return Names(lemmas, tags, pos, deps)

    def _look_up(self, tokens: Sequence[Token]) -> list[Ruled]:
        """Return the annotations that patterns of one token give to each of ``tokens``."""
        words, known = self._words, self._ruled
        for word in {word for word, _, _ in tokens if word not in words}:
            words[word] = self._alike(word)
        keys = [(words[word], tag, dep) for word, tag, dep in tokens]
        if new := {key: token for key, token in zip(keys, tokens, strict=True) if key not in known}:
            known.update(zip(new, self._rule(list(new.values()), longest=1), strict=True))
        return [known[key] for key in keys]

    def _alike(self, word: int) -> int:
        """Return the key shared by all words that the ruler treats like ``word``."""
        text = self._vocab.strings[word]
        return word if self._named.has(text.lower()) else SPACE if text.isspace() else OTHER

    def _rule(self, tokens: Sequence[Token], longest: int) -> list[Ruled]:
        """Return the annotations that patterns of at most ``longest`` tokens give to consecutive ``tokens``."""
        if not tokens:
            return []
        doc = self._doc([word for word, _, _ in tokens])
        doc.from_array(_GIVEN[1:], np.array([token[1:] for token in tokens], dtype=np.uint64))
        leading = {first for _, first, _ in self._leading(doc)}
        matches = [match for match in self._ruler.match(doc) if match[3] - match[2] <= longest]
        self._ruler.set_annotations(doc, matches)
        return [Ruled(one.lemma_, one.pos_, str(one.morph), one.tag_, one.dep_, one.i in leading) for one in doc]

    def _together(self, doc: Doc) -> Iterator[Span]:
        """Yield the runs of tokens at which patterns of several tokens match."""
        at = 0
        for _, first, last in sorted(self._longer(doc), key=lambda match: match[1:]):
            if first >= at:
                yield first, last
                at = last

    def _lemmatise(self, keys: Sequence[tuple[int, str, str]]) -> list[str]:
        """Return what the lemmatizer says of words with a part of speech and a morphology."""
        lemmas = self._lemmas
        if new := [key for key in dict.fromkeys(keys) if key not in lemmas]:
            doc = self._doc([word for word, _, _ in new])
            for token, (_, pos, morph) in zip(doc, new, strict=True):
                token.pos_ = pos
                token.set_morph(morph)
            lemmas.update((key, token.lemma_) for key, token in zip(new, self._lemmatizer(doc), strict=True))
        return [lemmas[key] for key in keys]

    def _doc(self, words: Iterable[int]) -> Any:
        from spacy.tokens import Doc

        return Doc(self._vocab, [self._vocab.strings[word] for word in words])

    def _matcher(self, patterns: Iterable[Pattern]) -> Matcher:
        from spacy.matcher import Matcher

        matcher = Matcher(self._vocab)
        if listed := list(patterns):
            matcher.add("one of them", listed)
        return matcher


class _Named:
    """The words that patterns name, in lower case."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        names = [node["LOWER"] for nodes in patterns for node in nodes if "LOWER" in node]
        words = [[name] if isinstance(name, str) else name.get("IN", []) for name in names]
        self._words = frozenset(word for some in words for word in some)
        self._regexes = [re.compile(name["REGEX"]) for name in names if not isinstance(name, str) and "REGEX" in name]

    def has(self, word: str) -> bool:
        return word in self._words or any(regex.search(word) for regex in self._regexes)


def _is_understood(node: dict[str, Any]) -> bool:
    name = node.get("LOWER", "")
    return UNDERSTOOD.issuperset(node) and (isinstance(name, str) or name.keys() <= {"IN", "REGEX"})


def _patterns(ruler: Any) -> list[Pattern]:
    """Return the patterns of ``ruler``, each a list of nodes."""
    return [nodes for one in ruler.patterns for nodes in one["patterns"]]
