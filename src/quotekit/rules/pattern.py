"""Matches spaCy `DependencyMatcher` patterns over a `Parse`.

The language is spaCy's own (https://spacy.io/api/dependencymatcher); a test holds the two to the same results. Ours
starts from the few tokens that can be a pattern's first node instead of scanning the text once for each node, which
is what keeps the rules within a tenth of the parse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quotekit.article.parse import Parse
from quotekit.errors import RuleError

COLUMNS = {
    "LEMMA": "lemmas",
    "DEP": "deps",
    "POS": "pos",
    "TAG": "tags",
    "ORTH": "words",
    "TEXT": "words",
    "LOWER": "lowers",
}
Relation = Callable[[Parse, int], Iterable[int]]


def _parent(parse: Parse, i: int) -> list[int]:
    head = parse.heads[i]
    return [] if head == i else [head]


def _siblings(parse: Parse, i: int) -> list[int]:
    # As in spaCy, a root is its own head, so that its children count as its siblings.
    return [j for j in parse.children[parse.heads[i]] if j != i]


def _descendants(parse: Parse, i: int) -> list[int]:
    return [j for j in parse.subtree(i) if j != i]


def _same_sentence(parse: Parse, i: int, step: int) -> Iterator[int]:
    j, sentence = i + step, parse.sentences[i]
    while 0 <= j < len(parse) and parse.sentences[j] == sentence:
        yield j
        j += step


def _next(parse: Parse, i: int, step: int) -> list[int]:
    return [j for j in [i + step] if 0 <= j < len(parse) and parse.sentences[j] == parse.sentences[i]]


RELATIONS: dict[str, Relation] = {
    "<": _parent,
    ">": lambda p, i: p.children[i],
    "<<": lambda p, i: p.ancestors(i),
    ">>": _descendants,
    ".": lambda p, i: _next(p, i, 1),
    ".*": lambda p, i: _same_sentence(p, i, 1),
    ";": lambda p, i: _next(p, i, -1),
    ";*": lambda p, i: _same_sentence(p, i, -1),
    "$+": lambda p, i: [j for j in _siblings(p, i) if j == i + 1],
    "$-": lambda p, i: [j for j in _siblings(p, i) if j == i - 1],
    "$++": lambda p, i: [j for j in _siblings(p, i) if j > i],
    "$--": lambda p, i: [j for j in _siblings(p, i) if j < i],
    ">+": lambda p, i: [j for j in p.children[i] if j == i + 1],
    ">-": lambda p, i: [j for j in p.children[i] if j == i - 1],
    ">++": lambda p, i: [j for j in p.children[i] if j > i],
    ">--": lambda p, i: [j for j in p.children[i] if j < i],
    "<+": lambda p, i: [j for j in _parent(p, i) if j == i + 1],
    "<-": lambda p, i: [j for j in _parent(p, i) if j == i - 1],
    "<++": lambda p, i: [j for j in _parent(p, i) if j > i],
    "<--": lambda p, i: [j for j in _parent(p, i) if j < i],
}


@dataclass(frozen=True, slots=True)
class Test:
    """One attribute of one node: its column's value must be (or not be) among ``values``, or match ``regex``."""

    column: str
    values: frozenset[str] = frozenset()
    negated: bool = False
    regex: re.Pattern[str] | None = None

    def accepts(self, value: str) -> bool:
        """Whether a token with ``value`` in the column passes."""
        if self.regex is not None:
            return self.regex.search(value) is not None
        return (value in self.values) != self.negated


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its name, its tests, and how it hangs on an earlier node (``None`` for the first)."""

    name: str
    tests: tuple[Test, ...]
    left: int
    relation: Relation | None

    def fits(self, parse: Parse, i: int) -> bool:
        """Whether token ``i`` passes all tests."""
        for test in self.tests:  # noqa: SIM110  called for every node that is tried; a generator each time costs more
            if not test.accepts(getattr(parse, test.column)[i]):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern.

    ``children`` are the sets of dependency labels of which the first node must have a child each: most tokens are
    turned away by them alone.
    """

    nodes: tuple[Node, ...]
    children: tuple[frozenset[str], ...]

    @property
    def lemmas(self) -> frozenset[str] | None:
        """The lemmas that the first node can have, or ``None`` if any."""
        for test in self.nodes[0].tests:
            if test.column == "lemmas" and test.regex is None and not test.negated:
                return test.values
        return None

    def anchors_at(self, values: dict[str, str]) -> bool:
        """Whether the first node can be a token with these ``values`` by column; columns left out count as passed."""
        return all(test.accepts(values[test.column]) for test in self.nodes[0].tests if test.column in values)

    def match(self, parse: Parse, anchor: int) -> Iterator[dict[str, int]]:
        """Every way in which the pattern fits with token ``anchor`` as its first node."""
        if self.nodes[0].fits(parse, anchor):
            yield from self._grow(parse, [anchor])

    def _grow(self, parse: Parse, found: list[int]) -> Iterator[dict[str, int]]:
        if len(found) == len(self.nodes):
            yield {node.name: i for node, i in zip(self.nodes, found, strict=True)}
            return
        node = self.nodes[len(found)]
        assert node.relation is not None
        for i in node.relation(parse, found[node.left]):
            if node.fits(parse, i):
                yield from self._grow(parse, [*found, i])


def compile_pattern(pattern: Sequence[dict[str, Any]], lexicon: Callable[[str], frozenset[str]], where: str) -> Pattern:
    """Compile a `DependencyMatcher` pattern; ``"@name"`` in a lemma list stands for ``lexicon("name")``.

    Raises `RuleError` that names ``where`` (the rule), the node, and what is wrong with it.
    """
    nodes: list[Node] = []
    names: dict[str, int] = {}
    for place, spec in enumerate(pattern):
        name = spec.get("RIGHT_ID")
        here = f"{where}: pattern node {place + 1} ({name!r})"
        if not isinstance(name, str):
            raise RuleError(f'{here}: expected "RIGHT_ID": a name, got {name!r}')
        if name in names:
            raise RuleError(f"{here}: two nodes have this name; give each its own")
        unknown = sorted(set(spec) - {"RIGHT_ID", "RIGHT_ATTRS", "LEFT_ID", "REL_OP"})
        if unknown:
            raise RuleError(f"{here}: unknown key {unknown[0]!r}; a node has RIGHT_ID, RIGHT_ATTRS, LEFT_ID, REL_OP")
        left, relation = _link(spec, names, first=place == 0, here=here)
        tests = tuple(_test(key, value, lexicon, here) for key, value in spec.get("RIGHT_ATTRS", {}).items())
        nodes.append(Node(name, tests, left, relation))
        names[name] = place
    if not nodes:
        raise RuleError(f"{where}: the pattern is empty; it needs at least a node named 'cue'")
    return Pattern(tuple(nodes), _children_needed(nodes))


def _children_needed(nodes: list[Node]) -> tuple[frozenset[str], ...]:
    """The labels that nodes hanging on the first one by ``>`` or its kin must have."""
    below = {RELATIONS[operator] for operator in (">", ">+", ">-", ">++", ">--")}
    return tuple(
        test.values
        for node in nodes[1:]
        if node.left == 0 and node.relation in below
        for test in node.tests
        if test.column == "deps" and test.regex is None and not test.negated
    )


def _link(spec: dict[str, Any], names: dict[str, int], *, first: bool, here: str) -> tuple[int, Relation | None]:
    left, operator = spec.get("LEFT_ID"), spec.get("REL_OP")
    if first:
        if left is not None or operator is not None:
            raise RuleError(f"{here}: the first node hangs on nothing; leave out LEFT_ID and REL_OP")
        return 0, None
    if left not in names:
        raise RuleError(f"{here}: LEFT_ID {left!r} is not an earlier node; those are {', '.join(names)}")
    if operator not in RELATIONS:
        raise RuleError(f"{here}: REL_OP {operator!r} is unknown; use one of {' '.join(RELATIONS)}")
    return names[left], RELATIONS[operator]


def _test(key: str, value: Any, lexicon: Callable[[str], frozenset[str]], here: str) -> Test:
    column = COLUMNS.get(key)
    if column is None:
        raise RuleError(f"{here}: attribute {key!r} is unknown; use one of {', '.join(COLUMNS)}")
    if isinstance(value, str):
        return Test(column, _expand([value], lexicon))
    if isinstance(value, dict) and len(value) == 1:
        ((operator, operand),) = value.items()
        if operator in ("IN", "NOT_IN") and isinstance(operand, (list, tuple)):
            return Test(column, _expand(operand, lexicon), negated=operator == "NOT_IN")
        if operator == "REGEX" and isinstance(operand, str):
            try:
                return Test(column, regex=re.compile(operand))
            except re.error as error:
                raise RuleError(f"{here}: {key}: not a regular expression: {operand!r} ({error})") from error
    raise RuleError(
        f'{here}: {key}: expected a string, {{"IN": […]}}, {{"NOT_IN": […]}} or {{"REGEX": "…"}}, got {value!r}'
    )


def _expand(values: Iterable[str], lexicon: Callable[[str], frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    for value in values:
        found |= lexicon(value[1:]) if value.startswith("@") else {value}
    return frozenset(found)
