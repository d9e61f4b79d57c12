"""Drafts a rule from one annotated sentence: its pattern is the path in the parse between the annotated parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parser import parse_article
from quotekit.candidates.spans import CUE_PARTS
from quotekit.errors import RuleError
from quotekit.lexicon import load
from quotekit.models import hull
from quotekit.rules import Rule, RuleSet
from quotekit.rules.markup import Annotated, plain_text, read_annotated
from quotekit.rules.rule import Reads, RuleKind
from quotekit.rules.toml import toml_value
from quotekit.testing import check

LONGEST_WAY = 5
"""Maximum distance of two parts in the parse, in steps."""

CONTENT_WORDS = frozenset({"VERB", "AUX", "NOUN", "ADJ", "ADV"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
VERBAL = frozenset({"VERB", "AUX"})

_RELATIONS = {">": "a child of", "<": "the head of"}


class DraftError(RuleError):
    """No rule can be drafted from a sentence; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class DraftNode:
    """A node of a drafted pattern, and the token that it was made from."""

    name: str
    token: int
    tests: dict[str, Any]
    left: str | None = None
    relation: str | None = None

    def as_pattern(self) -> dict[str, Any]:
        """Return the node as in a pattern."""
        link = {} if self.left is None else {"LEFT_ID": self.left, "REL_OP": self.relation}
        return {**link, "RIGHT_ID": self.name, "RIGHT_ATTRS": self.tests}


def draft(markup: str, id: str | None = None) -> str:
    """Return a TOML rule file with one commented rule that finds just what is annotated in ``markup``.

    Args:
        markup: a sentence with its ``<content>`` and ``<cue>``, and usually its ``<source>``.
        id: the id of the rule; by default made from the words of its cue.

    Raises:
        ValueError: the markup is not well formed.
        DraftError: no rule can be drafted from it.
        ModelError: the spaCy model is missing or does not fit.

    >>> file = draft("<source>Ann Lee</source> <cue>sighed</cue> <content>that the pier was shut</content>.")
    >>> "id = \\"mine.sigh\\"" in file
    True
    """
    if id in RuleSet.default():
        raise DraftError(f"{id!r} is the id of a built-in rule; choose another, such as 'mine.{id}'")
    wanted = read_annotated(markup)
    _check_parts(wanted)
    parse = parse_article(read_article(wanted.text))
    failed: list[str] = []
    for reads, content in _readings(parse, wanted):
        try:
            nodes = _nodes(parse, wanted, content)
        except DraftError as error:
            failed.append(str(error))
            continue
        rule = _rule(markup, wanted, nodes, reads, id)
        try:
            check(markup, rule, parse=parse)
        except AssertionError as error:
            failed.append(str(error))
            continue
        return _file(parse, rule, nodes)
    raise DraftError(
        f"no rule could be drafted from this sentence. {failed[0]}\nMark the words in the line 'found' above, if there "
        "is one, or try a shorter sentence of the same form; the parser may have misread this one"
    )


def _check_parts(wanted: Annotated) -> None:
    for name, spans in (("content", wanted.content), ("cue", wanted.cue)):
        if not spans:
            raise DraftError(
                f"the sentence has no <{name}>; mark the content, the cue and the source, as in "
                "<source>Ann Lee</source> <cue>said</cue> <content>that it works</content>."
            )


def _readings(parse: Parse, wanted: Annotated) -> Iterator[tuple[Reads, int | None]]:
    """Yield the possible values of `Rule.reads`, the likeliest first, each with the head of the content, if any."""
    first, last = wanted.content[0][0], wanted.content[-1][1]
    cue = hull(wanted.cue)
    if wanted.text[first] in "“\"«„‘'" or wanted.text[first - 1 : first] in tuple("“\"«„‘'"):
        yield ("before" if last <= cue[0] else "after"), None
    inside = _tokens(parse, wanted.content)
    for head in _heads(parse, inside):
        yield "subtree", head
    yield "clause", None


def _nodes(parse: Parse, wanted: Annotated, content: int | None) -> list[DraftNode]:
    """Return the pattern: the nodes of cue, source and content, and those between them."""
    cue_words = [i for i in _tokens(parse, wanted.cue) if i not in _tokens(parse, wanted.source)]
    if not cue_words:
        raise DraftError("the <cue> has no word of its own; mark the words that report, as in <cue>said</cue>")
    above = [] if content is None else [content, *parse.ancestors(content)]
    cue = next((i for i in above if i in cue_words), _heads(parse, cue_words)[0])
    targets = {i: _cue_name(parse, i) for i in _needed(parse, cue_words, cue)}
    if wanted.source:
        targets[_heads(parse, _tokens(parse, wanted.source))[0]] = "source"
    if content is not None:
        targets[content] = "content"
    nodes = {cue: DraftNode("cue", cue, _cue_tests(parse, cue))}
    names = {i: _cue_name(parse, i) for i in cue_words} | targets
    for target in sorted(targets, key=lambda i: (len(_way(parse, cue, i)), i)):
        _connect(parse, nodes, target, names)
    return list(nodes.values())


def _needed(parse: Parse, cue_words: list[int], cue: int) -> list[int]:
    """Return the words of the cue that need a node, which auxiliaries and particles of others do not."""
    return [
        i
        for i in cue_words
        if i != cue
        and parse.pos[i] not in ("PUNCT", "SPACE")
        and not (parse.deps[i] in CUE_PARTS and parse.pos[i] != "VERB" and parse.heads[i] in cue_words)
        and not (parse.deps[i] in ("det", "poss") and parse.heads[i] in cue_words)
    ]


def _connect(parse: Parse, nodes: dict[int, DraftNode], target: int, names: dict[int, str]) -> None:
    """Add ``target`` and the tokens between it and the existing nodes."""
    way = _way(parse, next(iter(nodes)), target)
    if len(way) - 1 > LONGEST_WAY:
        raise DraftError(
            f"{parse.words[way[0]]!r} and {parse.words[target]!r} are {len(way) - 1} steps apart in the parse"
        )
    for before, token in pairwise(way):
        if token in nodes:
            continue
        name = _unused(names.get(token) or _helper(parse, token), {node.name for node in nodes.values()})
        relation = "<" if parse.heads[before] == token else ">"
        tests = _tests(parse, token, name, above=relation == "<")
        nodes[token] = DraftNode(name, token, tests, nodes[before].name, relation)


def _tests(parse: Parse, i: int, name: str, *, above: bool) -> dict[str, Any]:
    if name.startswith("cue"):
        return {"LEMMA": parse.lemmas[i]} if parse.pos[i] in CONTENT_WORDS else {"LOWER": parse.lowers[i]}
    if above:
        pos = next((sorted(group) for group in (VERBAL, NOMINAL) if parse.pos[i] in group), None)
        word = {"LOWER": parse.lowers[i]} if parse.pos[i] == "ADP" else {"POS": parse.pos[i]}
        return {"POS": {"IN": pos}} if pos else word
    # A preposition is part of the construction: "by Ann Lee's account" is not "on Ann Lee's account".
    word = {"LOWER": parse.lowers[i]} if parse.pos[i] == "ADP" else {}
    return {**word, "DEP": parse.deps[i]}


def _cue_tests(parse: Parse, cue: int) -> dict[str, Any]:
    tests: dict[str, Any] = {"LEMMA": parse.lemmas[cue], "POS": parse.pos[cue]}
    return tests if parse.heads[cue] == cue else {**tests, "DEP": parse.deps[cue]}


def _rule(markup: str, wanted: Annotated, nodes: list[DraftNode], reads: Reads, id: str | None) -> Rule:
    cue = " ".join(wanted.text[start:end] for start, end in wanted.cue)
    kind: RuleKind = "direct" if reads in ("before", "after") else "indirect"
    slug = _slug(" ".join(_lemma_name(node) for node in sorted(nodes, key=lambda n: n.token) if _is_cue(node)), "-")
    try:
        return Rule(
            id=id or f"mine.{slug or 'rule'}",
            kind=kind,
            why=f"“{cue}” and what it reports.",
            pattern=tuple(node.as_pattern() for node in nodes),
            reads=reads,
            act="statement",
            matches=(markup,),
            rejects=(wanted.text,),
        )
    except ValueError as error:
        raise DraftError(f"the id {id!r} is not valid: {error}") from error


def _is_cue(node: DraftNode) -> bool:
    return node.name.startswith("cue")


def _lemma_name(node: DraftNode) -> str:
    return str(node.tests.get("LEMMA") or node.tests.get("LOWER") or "")


def _file(parse: Parse, rule: Rule, nodes: list[DraftNode]) -> str:
    """Return the rule as commented TOML."""
    lines: list[str] = []
    for node in nodes:
        lines += [f"    # {comment}" for comment in _comments(parse, node)]
        lines.append(f"    {toml_value(node.as_pattern())},")
    meanings = load("patterns")["reads"]
    fields = {name: toml_value(getattr(rule, name)) for name in ("id", "kind", "why", "reads", "act")}
    draft: str = load("draft")["file"]
    return draft.format(
        **fields,
        content=meanings[rule.reads],
        others=", ".join(one for one in meanings if one != rule.reads),
        confidence=rule.confidence,
        nodes="\n".join(lines),
        match=toml_value(rule.matches[0]),
        reject=toml_value(rule.rejects[0]),
    )


def _comments(parse: Parse, node: DraftNode) -> Iterator[str]:
    """Yield what a node means, and how to make it match more."""
    word = parse.words[node.token]
    place = "" if node.left is None else f", {_RELATIONS[node.relation or '>']} {node.left!r}"
    role = {"cue": "the word that reports", "source": "the head of the source", "content": "the head of the content"}
    what = role.get(node.name) or (
        "a further word of the cue" if _is_cue(node) else "a condition, not part of the quote"
    )
    yield f"{word!r}{place}: {what}."
    if "LEMMA" in node.tests:
        lemma = node.tests["LEMMA"]
        yield f'  LEMMA: any form of the word. For more words: {{IN = ["{lemma}", "…"]}}.'
    if "LOWER" in node.tests:
        yield f'  LOWER: this word, in lower case. For more words: {{IN = ["{node.tests["LOWER"]}", "…"]}}.'
    if "POS" in node.tests:
        yield "  POS: its part of speech. Remove it if the tagger is often wrong."
    if "DEP" in node.tests:
        label = parse.deps[node.token]
        yield f"  DEP: {label}, {_explained(label)}. For more: {{IN = […]}}, or remove it."


def _explained(label: str) -> str:
    from spacy.glossary import GLOSSARY

    return str(GLOSSARY.get(label, "a label of the parser"))


def _tokens(parse: Parse, spans: Iterable[tuple[int, int]]) -> list[int]:
    return [i for span in spans for i in parse.tokens(span) if parse.pos[i] != "SPACE"]


def _heads(parse: Parse, tokens: list[int]) -> list[int]:
    """Return the tokens whose head is not among ``tokens``, the one with the most descendants first."""
    inside = set(tokens)
    heads = [i for i in tokens if parse.heads[i] == i or parse.heads[i] not in inside]
    return sorted(heads, key=lambda i: (parse.pos[i] == "PUNCT", -len(inside.intersection(parse.subtree(i))), i))


def _way(parse: Parse, start: int, end: int) -> list[int]:
    """Return the tokens from ``start`` to ``end`` in the tree, both included."""
    up, down = [start, *parse.ancestors(start)], [end, *parse.ancestors(end)]
    meet = next((i for i in up if i in set(down)), None)
    if meet is None:
        raise DraftError(
            f"the parser puts {parse.words[start]!r} and {parse.words[end]!r} into two sentences; try a sentence "
            "without a stop or a colon between them"
        )
    return [*up[: up.index(meet) + 1], *reversed(down[: down.index(meet)])]


def _cue_name(parse: Parse, i: int) -> str:
    return f"cue_{_slug(parse.lemmas[i], '_')}".rstrip("_")


def _helper(parse: Parse, i: int) -> str:
    if parse.pos[i] in VERBAL:
        return "verb"
    return "noun" if parse.pos[i] in NOMINAL else "preposition" if parse.pos[i] == "ADP" else "word"


def _unused(name: str, taken: set[str]) -> str:
    number = 2
    unused = name
    while unused in taken:
        unused, number = f"{name}_{number}", number + 1
    return unused


def _slug(words: str, by: str) -> str:
    return re.sub(r"[^a-z0-9]+", by, plain_text(words).lower()).strip(by)
