"""What the resolution of one mention needs to know of the others: heads, nesting, and who has spoken so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from quotekit.article.parse import Parse
from quotekit.lexicon import load
from quotekit.models import Span, inside
from quotekit.speakers.cast.cast import Cast
from quotekit.speakers.cast.entity import Entity

Link = tuple[Span, str]
"""Words taken for a speaker (characters), and the id of the rule that took them so."""

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET"})
_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_PHRASE = _NOUNS | {"DT", "PDT", "PRP$", "JJ", "JJR", "JJS", "CD", "HYPH", "VBN", "VBG", "POS", "RB", "RBS", "``", "''"}
_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Mention:
    """One source mention of an attribution; mentions come in text order.

    ``span``: the words of the source (characters). ``content``: what is attributed to it (characters); a pronoun inside
    the content of another mention can stand for that one's speaker. ``direct``: the content is in quotation marks.
    """

    span: Span
    content: tuple[Span, ...]
    direct: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: its tokens and its head. Mostly a mention; for "who" the noun that it goes back to."""

    tokens: range
    head: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says of a mention: whose it is, and the words that it was taken from, where there are other words."""

    entity: Entity
    through: Link | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who a mention is: the entity, the rule that decided, and the links on the way to the name."""

    entity: Entity
    rule: str
    through: tuple[Link, ...] = ()


class Scene:
    """The mentions of an article with their tokens, what encloses them, and the answers found so far."""

    def __init__(self, parse: Parse, cast: Cast, mentions: Sequence[Mention], rules: frozenset[str]) -> None:
        self.parse = parse
        self.rules = rules
        self.cast = cast
        self.mentions = mentions
        self.tokens = [_trimmed(parse, parse.tokens(mention.span)) for mention in mentions]
        self.heads = [self._head(tokens) for tokens in self.tokens]
        self.outer = _enclosing(mentions)
        self.answers: list[Answer | None] = [None] * len(mentions)
        self.described: dict[str, Entity] = {}
        self.latest: dict[str, tuple[Entity, int]] = {}

    @cached_property
    def nouns(self) -> dict[str, list[int]]:
        """For each common noun (lemma) where it stands in the text."""
        found: dict[str, list[int]] = {}
        parse = self.parse
        for i in [i for i, tag in enumerate(parse.tags) if tag == "NN" or tag == "NNS"]:
            found.setdefault(parse.lemmas[i], []).append(i)
        return found

    def speaker(self, k: int) -> Entity | None:
        """Who mention ``k`` was found to be, ``None`` where it is not yet known."""
        answer = self.answers[k]
        return None if answer is None else answer.entity

    def link(self, k: int) -> Link | None:
        """Mention ``k`` as a step on the way to a name."""
        answer = self.answers[k]
        return None if answer is None else (self.mentions[k].span, answer.rule)

    def is_turn(self, k: int) -> bool:
        """Whether mention ``k`` is the label of a question or an answer ("Q.", "A.")."""
        return self.parse.text[slice(*self.mentions[k].span)] in load("labels")["turns"]

    @cached_property
    def first_turn(self) -> int:
        """The first mention that is the label of a question or an answer; the number of mentions if none is."""
        return next((k for k in range(len(self.mentions)) if self.is_turn(k)), len(self.mentions))

    def says(self, k: int, token: int) -> bool:
        """Whether ``token`` stands in what mention ``k`` is said to say."""
        start = self.parse.starts[token]
        return any(part[0] <= start < part[1] for part in self.mentions[k].content)

    def order(self) -> list[int]:
        """The mentions, those that enclose others first."""
        depths = []
        for k in range(len(self.mentions)):
            depth, at = 0, self.outer[k]
            while at is not None and depth < 8:
                depth, at = depth + 1, self.outer[at]
            depths.append(depth)
        return sorted(range(len(self.mentions)), key=lambda k: (depths[k], k))

    def _head(self, tokens: range) -> int | None:
        """The word that says who: the parser's head, or where that is none, the noun of the first noun phrase."""
        found = self._parsed_head(tokens)
        if found is not None and not self._is_mistaken(found, tokens):
            return found
        noun = self._first_noun(tokens)
        return found if noun is None else noun

    def _is_mistaken(self, head: int, tokens: range) -> bool:
        """Whether the parser makes of a mention's head what a whole mention cannot be: "the [video] pans …"."""
        parse = self.parse
        outside = parse.heads[head] not in tokens
        return (
            (outside and parse.deps[head] in _MODIFIERS) or parse.pos[head] == "VERB" or parse.deps[head] == "npadvmod"
        )

    def _first_noun(self, tokens: range) -> int | None:
        """The last noun before the first word that stands in no plain noun phrase."""
        noun = None
        for i in tokens:
            if self.parse.tags[i] not in _PHRASE:
                break
            if self.parse.tags[i] in _NOUNS:
                noun = i
        return noun

    def _parsed_head(self, tokens: range) -> int | None:
        heads, pos = self.parse.heads, self.parse.pos
        tops = [i for i in tokens if heads[i] == i or heads[i] not in tokens]
        nominal = [i for i in tops if pos[i] in _NOMINAL and self.parse.deps[i] not in ("det", "nummod")]
        if nominal:
            head = nominal[0]
            while head + 2 in nominal and self.parse.words[head + 1] == "-":
                # "Ex-wife" in three tokens, of which the parser takes each for a head.
                head += 2
            return head
        if tops and pos[tops[0]] != "VERB":
            return tops[0]
        inner = (i for i in tokens if pos[i] in _NOMINAL and self.parse.tags[i] != "PRP$")
        noun = self._first_noun(tokens)
        return noun if noun is not None else next(inner, tops[0] if tops else None)


def _trimmed(parse: Parse, tokens: range) -> range:
    first, last = tokens.start, min(tokens.stop, tokens.start + _LONGEST)
    while last > first and parse.tags[last - 1] in (",", ":", ".", "POS", "IN", "``", "''", "_SP"):
        last -= 1
    while first < last and parse.tags[first] in (",", ":", "IN", "``", "''", "_SP"):
        first += 1
    # A mention that is nothing but such words ("From" is a surname too) stays whole.
    return range(first, last) if first < last else tokens


def _enclosing(mentions: Sequence[Mention]) -> list[int | None]:
    """For each mention the one whose content it stands in, the innermost; one sweep over starts."""
    events = sorted((start, -end, k) for k, mention in enumerate(mentions) for start, end in mention.content)
    found: list[int | None] = [None] * len(mentions)
    stack: list[tuple[int, int, int]] = []
    at = 0
    for k in sorted(range(len(mentions)), key=lambda k: mentions[k].span):
        span = mentions[k].span
        while at < len(events) and events[at][0] <= span[0]:
            start, end, owner = events[at][0], -events[at][1], events[at][2]
            while stack and stack[-1][1] <= start:
                stack.pop()
            stack.append((start, end, owner))
            at += 1
        while stack and stack[-1][1] <= span[0]:
            stack.pop()
        for start, end, owner in stack[:-9:-1]:
            if owner != k and inside(span, (start, end)) and not inside(mentions[owner].span, span):
                found[k] = owner
                break
    return found
