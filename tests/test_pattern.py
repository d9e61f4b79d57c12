"""Patterns mean what they mean to spaCy's own `DependencyMatcher`, and a wrong one is an error with a remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.matcher import DependencyMatcher
from spacy.tokens import Doc

from quotekit.article.parse import Parse
from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cues
from quotekit.rules import Rule, RuleSet
from quotekit.rules.pattern import RELATIONS, compile_pattern

Nodes = list[dict[str, Any]]
Found = set[tuple[tuple[str, int], ...]]

PATTERNS = [rule for rule in RuleSet.default() if rule.pattern]
DEPS = ("nsubj", "ccomp", "conj", "prep")
POS = ("NOUN", "VERB")
WORDS = ("say", "it", "that")
VOCAB = English().vocab


def doc_of(parse: Parse) -> Doc:
    """A Doc with the columns of ``parse``."""
    starts: list[bool | int | None] = [
        i == 0 or parse.sentences[i] != parse.sentences[i - 1] for i in range(len(parse))
    ]
    return Doc(
        VOCAB,
        words=parse.words,
        heads=parse.heads,
        deps=parse.deps,
        lemmas=parse.lemmas,
        tags=parse.tags,
        pos=parse.pos,
        sent_starts=starts,
    )


def expanded(pattern: Sequence[dict[str, Any]]) -> Nodes:
    """``pattern`` for spaCy: each ``"@frame"`` in a list of lemmas replaced by the lexicon's lemmas."""
    anchors = Cues.default().anchors
    nodes = []
    for node in pattern:
        attributes = dict(node.get("RIGHT_ATTRS", {}))
        lemma = attributes.get("LEMMA")
        if isinstance(lemma, dict) and "IN" in lemma:
            listed = (sorted(anchors(one[1:])) if one.startswith("@") else [one] for one in lemma["IN"])
            attributes["LEMMA"] = {"IN": [one for some in listed for one in some]}
        nodes.append({**node, "RIGHT_ATTRS": attributes})
    return nodes


def theirs(pattern: Nodes, doc: Doc) -> Found:
    matcher = DependencyMatcher(VOCAB)
    matcher.add("pattern", [pattern])
    names = [node["RIGHT_ID"] for node in pattern]
    return {tuple(zip(names, tokens, strict=True)) for _, tokens in matcher(doc)}


def ours(pattern: Sequence[dict[str, Any]], parse: Parse) -> Found:
    compiled = compile_pattern(pattern, Cues.default().anchors, "rule 'x'")
    return {tuple(nodes.items()) for i in range(len(parse)) for nodes in compiled.match(parse, i)}


@pytest.mark.parametrize("rule", PATTERNS, ids=lambda rule: rule.id)
def test_built_in_patterns_find_what_spacy_finds(rule: Rule, frozen: Mapping[str, Parse]) -> None:
    pattern = expanded(rule.pattern)
    matcher = DependencyMatcher(VOCAB)
    matcher.add("pattern", [pattern])
    names = [node["RIGHT_ID"] for node in pattern]
    for text in frozen:
        parse = frozen[text]
        wanted = {tuple(zip(names, tokens, strict=True)) for _, tokens in matcher(doc_of(parse))}
        assert ours(rule.pattern, parse) == wanted, text


def parse(words: Sequence[str], heads: list[int], deps: list[str], pos: list[str], sentences: list[int]) -> Parse:
    starts = [sum(len(word) + 1 for word in words[:i]) for i in range(len(words))]
    return Parse(
        text=" ".join(words),
        words=list(words),
        lemmas=list(words),
        tags=["X"] * len(words),
        pos=pos,
        deps=deps,
        heads=heads,
        starts=starts,
        ends=[start + len(word) for start, word in zip(starts, words, strict=True)],
        sentences=sentences,
    )


@st.composite
def trees(draw: st.DrawFn) -> Parse:
    """Some sentences, each a tree of any shape."""
    heads: list[int] = []
    sentences: list[int] = []
    for sentence, size in enumerate(draw(st.lists(st.integers(1, 7), min_size=1, max_size=3))):
        order = draw(st.permutations(range(size)))
        local = {order[0]: order[0]}
        for place in range(1, size):
            local[order[place]] = order[draw(st.integers(0, place - 1))]
        base = len(heads)
        heads += [base + local[i] for i in range(size)]
        sentences += [sentence] * size
    n = len(heads)
    # The root's label is spaCy's own; it sets no other.
    deps = [
        "ROOT" if heads[i] == i else dep
        for i, dep in enumerate(draw(st.lists(st.sampled_from(DEPS), min_size=n, max_size=n)))
    ]
    pos = draw(st.lists(st.sampled_from(POS), min_size=n, max_size=n))
    return parse(draw(st.lists(st.sampled_from(WORDS), min_size=n, max_size=n)), heads, deps, pos, sentences)


TESTS = st.fixed_dictionaries(
    {},
    optional={
        "DEP": st.sampled_from(DEPS),
        "POS": st.builds(lambda one: {"NOT_IN": [one]}, st.sampled_from(POS)),
        "LOWER": st.builds(lambda some: {"IN": some}, st.lists(st.sampled_from(WORDS), max_size=2, unique=True)),
        "ORTH": st.builds(lambda one: {"REGEX": one}, st.sampled_from(("^i", "a", "t$"))),
    },
)


@st.composite
def patterns(draw: st.DrawFn) -> Nodes:
    nodes: Nodes = [{"RIGHT_ID": "n0", "RIGHT_ATTRS": draw(TESTS)}]
    for i in range(1, draw(st.integers(1, 4))):
        left, operator = f"n{draw(st.integers(0, i - 1))}", draw(st.sampled_from(sorted(RELATIONS)))
        nodes.append({"LEFT_ID": left, "REL_OP": operator, "RIGHT_ID": f"n{i}", "RIGHT_ATTRS": draw(TESTS)})
    return nodes


@settings(max_examples=300)
@given(trees(), patterns())
def test_any_pattern_finds_what_spacy_finds_in_any_tree(tree: Parse, pattern: Nodes) -> None:
    assert ours(pattern, tree) == theirs(pattern, doc_of(tree))


# she said loudly that it works .   |   yes
TREE = parse(
    ["she", "said", "loudly", "that", "it", "works", ".", "yes"],
    [1, 1, 1, 5, 5, 1, 1, 7],
    ["nsubj", "ROOT", "advmod", "mark", "nsubj", "ccomp", "punct", "ROOT"],
    ["PRON", "VERB", "ADV", "SCONJ", "PRON", "VERB", "PUNCT", "INTJ"],
    [0, 0, 0, 0, 0, 0, 0, 1],
)


@pytest.mark.parametrize(
    ("operator", "word", "reached"),
    [
        ("<", "it", {"works"}),
        ("<", "said", set()),
        (">", "said", {"she", "loudly", "works", "."}),
        ("<<", "it", {"works", "said"}),
        (">>", "said", {"she", "loudly", "that", "it", "works", "."}),
        (".", "works", {"."}),
        (".", ".", set()),
        (".*", "it", {"works", "."}),
        (";", "works", {"it"}),
        (";", "yes", set()),
        (";*", "that", {"loudly", "said", "she"}),
        ("$+", "that", {"it"}),
        ("$+", "she", set()),
        ("$-", "it", {"that"}),
        ("$++", "she", {"loudly", "works", "."}),
        ("$--", ".", {"works", "loudly", "she"}),
        (">+", "said", {"loudly"}),
        (">+", "works", set()),
        (">-", "said", {"she"}),
        (">++", "said", {"loudly", "works", "."}),
        (">--", "works", {"that", "it"}),
        ("<+", "it", {"works"}),
        ("<+", "that", set()),
        ("<-", "loudly", {"said"}),
        ("<-", "works", set()),
        ("<++", "that", {"works"}),
        ("<++", "works", set()),
        ("<--", "works", {"said"}),
        ("<--", "that", set()),
    ],
)
def test_what_a_relation_reaches(operator: str, word: str, reached: set[str]) -> None:
    pattern = [
        {"RIGHT_ID": "a", "RIGHT_ATTRS": {"ORTH": word}},
        {"LEFT_ID": "a", "REL_OP": operator, "RIGHT_ID": "b", "RIGHT_ATTRS": {}},
    ]
    assert {TREE.words[dict(nodes)["b"]] for nodes in ours(pattern, TREE)} == reached
    assert ours(pattern, TREE) == theirs(pattern, doc_of(TREE))


def test_every_relation_of_spacy_is_there() -> None:
    every = "< > << >> . .* ; ;* $+ $- $++ $-- >+ >- >++ >-- <+ <- <++ <--"
    assert set(RELATIONS) == set(every.split())


def test_a_frame_stands_for_the_lexicons_lemmas() -> None:
    compiled = compile_pattern(
        [{"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": {"IN": ["@small", "sigh"]}}}],
        lambda frame: frozenset({"it", "works"} if frame == "small" else ()),
        "rule 'x'",
    )
    assert [i for i in range(len(TREE)) if list(compiled.match(TREE, i))] == [4, 5]


CUE = {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": "say"}}


def under(**changes: Any) -> dict[str, Any]:
    """A second node under the first; a change to ``None`` leaves the key out."""
    node = {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "source", "RIGHT_ATTRS": {"DEP": "nsubj"}, **changes}
    return {key: value for key, value in node.items() if value is not None}


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        pytest.param([], ["is empty", "a node named 'cue'"], id="empty"),
        pytest.param([CUE, under(REL_OP="=>")], ["node 2 ('source')", "'=>' is unknown", "use one of <"], id="op"),
        pytest.param([CUE, under(REL_OP=None)], ["node 2 ('source')", "None is unknown", "use one of <"], id="no-op"),
        pytest.param([CUE, under(LEFT_ID="cu")], ["node 2 ('source')", "'cu' is not an earlier", "cue"], id="left"),
        pytest.param([CUE, under(LEFT_ID="source")], ["'source' is not an earlier node; those are cue"], id="own-left"),
        pytest.param([CUE, under(LEFT_ID=None)], ["LEFT_ID None is not an earlier node; those are cue"], id="no-left"),
        pytest.param([under()], ["node 1 ('source')", "the first node", "leave out LEFT_ID and REL_OP"], id="first"),
        pytest.param([CUE, under(RIGHT_ID="cue")], ["node 2 ('cue')", "two nodes", "give each its own"], id="twice"),
        pytest.param([CUE, under(RIGHT_ID=None)], ["node 2", 'expected "RIGHT_ID": a name, got None'], id="no-name"),
        pytest.param([CUE, under(RIGHT_ID=4)], ["node 2", "got 4"], id="number-for-name"),
        pytest.param([CUE, under(OP="!")], ["node 2 ('source')", "unknown key 'OP'", "RIGHT_ATTRS"], id="key"),
        pytest.param([CUE, under(RIGHT_ATTRS={"DEPS": "x"})], ["'DEPS' is unknown", "LEMMA, DEP, POS"], id="attribute"),
        pytest.param(
            [CUE, under(RIGHT_ATTRS={"LOWER": {"REGEX": "("}})],
            ["node 2 ('source')", "LOWER: not a regular expression: '('", "unterminated"],
            id="regex",
        ),
        pytest.param([CUE, under(RIGHT_ATTRS={"DEP": 3})], ["DEP: expected a string", "got 3"], id="number"),
        pytest.param([CUE, under(RIGHT_ATTRS={"DEP": {"IN": "x"}})], ["DEP: expected a string", "IN"], id="string-in"),
        pytest.param([CUE, under(RIGHT_ATTRS={"DEP": {"==": "x"}})], ["DEP: expected a string", "'=='"], id="operator"),
        pytest.param([CUE, under(RIGHT_ATTRS={"DEP": {"REGEX": 1}})], ["DEP: expected", "REGEX"], id="number-regex"),
        pytest.param([CUE, under(RIGHT_ATTRS={"DEP": {"IN": [], "NOT_IN": []}})], ["DEP: expected"], id="two"),
    ],
)
def test_a_wrong_pattern_names_rule_node_and_remedy(pattern: Nodes, named: list[str]) -> None:
    with pytest.raises(RuleError) as caught:
        compile_pattern(pattern, Cues.default().anchors, "rule 'mine.x'")
    message = str(caught.value)
    assert message.startswith("rule 'mine.x'")
    assert [part for part in named if part not in message] == []
