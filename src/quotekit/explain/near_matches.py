"""Near matches: rules whose pattern fits except for one node, or for a verb that the lexicon lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from quotekit import lexicon
from quotekit.article.parse import Parse
from quotekit.candidates.content import Reader
from quotekit.candidates.from_syntax import QUOTED, SyntaxRules
from quotekit.candidates.match import Match
from quotekit.candidates.spans import cue_tokens, source_tokens
from quotekit.explain.reasons import MatchedNode, NearMatch
from quotekit.models import Span, TextSpan
from quotekit.rules.pattern import COLUMNS, Node, Pattern, Test
from quotekit.rules.rule import Rule

MOST = 4
"""Number of rules that are named for one word, the nearest first."""

LIKELY = 0.55
"""Minimum precision of a frame's cues; almost any verb fits other frames, so that a missing entry says little."""

MOST_TRIED = 50
"""Number of tokens that are tried for a missing node, so that very long sentences take linear time."""

CUE_POS = frozenset({"VERB", "NOUN", "ADJ"})
CONTENT_POS = CUE_POS | {"AUX", "PROPN", "PRON"}


@dataclass(frozen=True, slots=True)
class Part:
    """A rule's pattern without the node ``missing``; if that is its first node, with any word for its cue."""

    rule: Rule
    whole: Pattern
    missing: int
    pattern: Pattern
    likely: float


class Nearly:
    """The patterns of a rule set, each with one node left out in turn."""

    def __init__(self, syntax: SyntaxRules) -> None:
        self._syntax = syntax
        means: dict[str, float] = lexicon.load("cues")["frames"]
        self._parts: dict[str, list[Part]] = {}
        self._any_cue: list[Part] = []
        self._by_place: dict[tuple[str, str], list[Part]] = {}
        for rule, pattern in syntax.patterns:
            if rule.kind == "block":
                continue
            likely = means.get(rule.frame or "", rule.confidence)
            self._parts[rule.id] = list(_parts(rule, pattern, likely))
            if likely >= LIKELY and pattern.lemmas and rule.frame and any("@" in str(spec) for spec in rule.pattern):
                self._any_cue.append(Part(rule, pattern, 0, _with_any_cue(pattern), likely))

    def at(self, reader: Reader, i: int, around: Span) -> list[NearMatch]:
        """Return the near matches with token ``i`` as their cue, the nearest first; they explain ``around``."""
        parse = reader.parse
        found = [
            near
            for rule, _ in self._syntax.beginning_at(parse, i)
            for part in self._parts.get(rule.id, ())
            for near in self._near(reader, i, part, around)
        ]
        if parse.pos[i] in CUE_POS:
            place = parse.pos[i], parse.deps[i]
            if place not in self._by_place:
                values = {"pos": place[0], "deps": place[1]}
                self._by_place[place] = [part for part in self._any_cue if part.pattern.anchors_at(values)]
            below = {parse.deps[j] for j in parse.children[i]}
            for part in self._by_place[place]:
                fits = parse.lemmas[i] in (part.whole.lemmas or ())
                if not fits and not any(below.isdisjoint(needed) for needed in part.pattern.children):
                    found.extend(self._near(reader, i, part, around))
        found.sort(key=NearMatch.order)
        return list({near.rule: near for near in reversed(found)}.values())[::-1][:MOST]

    def _near(self, reader: Reader, i: int, part: Part, around: Span) -> Iterator[NearMatch]:
        parse = reader.parse
        nodes = next(part.pattern.match(parse, i), None)
        if nodes is None or not _has_content(reader, part.rule, nodes):
            return
        node = part.whole.nodes[part.missing]
        closest, differs = None, None
        if part.missing == 0:
            closest, differs = i, f"the lexicon has no “{parse.lemmas[i]}” in the frame “{part.rule.frame}”"
        elif node.relation is not None:
            closest, differs = _closest(parse, node, nodes[part.whole.nodes[node.left].name], set(nodes.values()))
        named = [MatchedNode(name=name, token=_token(parse, j)) for name, j in nodes.items()]
        yield NearMatch(
            where=TextSpan.of(parse.text, around),
            rule=part.rule.id,
            why=part.rule.why,
            matched=tuple(one for one in named if one.name != node.name),
            missing=node.name,
            wanted=shown(part.rule.pattern[part.missing]),
            closest=None if closest is None else _token(parse, closest),
            differs=differs,
            likely=part.likely,
        )


@lru_cache(maxsize=4)
def nearly(syntax: SyntaxRules) -> Nearly:
    """Return the patterns of ``syntax``, each with one node left out in turn."""
    return Nearly(syntax)


def _has_content(reader: Reader, rule: Rule, nodes: dict[str, int]) -> bool:
    """Return whether a rule for quoted words finds some here; almost any verb satisfies the rest of its pattern."""
    if rule.reads not in QUOTED:
        return True
    match, parse = Match(rule, nodes), reader.parse
    source = source_tokens(parse, nodes["source"], match.cue) if "source" in nodes else []
    return bool(reader.content(match, cue_tokens(parse, match.cue), source))


def _token(parse: Parse, i: int) -> TextSpan:
    return TextSpan.of(parse.text, parse.span(i, i))


def _parts(rule: Rule, pattern: Pattern, likely: float) -> Iterator[Part]:
    """Yield the pattern without each node that no other node hangs on, if one remains beside the cue."""
    nodes = pattern.nodes
    for k in range(1, len(nodes)):
        if len(nodes) > 2 and not any(node.left == k for node in nodes[k + 1 :]):
            others = [replace(n, left=n.left - (n.left > k)) for j, n in enumerate(nodes) if j != k]
            yield Part(rule, pattern, k, Pattern(tuple(others), ()), likely)


def _with_any_cue(pattern: Pattern) -> Pattern:
    first = pattern.nodes[0]
    tests = tuple(test for test in first.tests if test.column != "lemmas")
    return replace(pattern, nodes=(replace(first, tests=tests), *pattern.nodes[1:]))


def _closest(parse: Parse, node: Node, left: int, taken: set[int]) -> tuple[int | None, str | None]:
    """Return the token in the node's place that fails the fewest of its tests, at most one, and what differs."""
    best: tuple[int, int] | None = None
    failed: list[Test] = []
    assert node.relation is not None
    # Function words say little about a missing content or source.
    wanted = CONTENT_POS | {"ADP", "SCONJ", "PART"} if node.name.startswith("cue") else CONTENT_POS
    for j in islice(node.relation(parse, left), MOST_TRIED):
        fails = [test for test in node.tests if not test.accepts(getattr(parse, test.column)[j])]
        if j not in taken and len(fails) <= 1 and parse.pos[j] in wanted:
            rank = len(fails), j
            if best is None or rank < best:
                best, failed = rank, fails
    if best is None or not failed:
        return None, None
    names = {column: name for name, column in reversed(COLUMNS.items())}
    test = failed[0]
    return best[1], f"its {names[test.column]} is {getattr(parse, test.column)[best[1]]}"


def shown(spec: dict[str, Any]) -> str:
    """Return a pattern's node as the reference of rules shows it.

    >>> shown({"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "content", "RIGHT_ATTRS": {"DEP": "ccomp"}})
    'cue > content [DEP: ccomp]'
    """
    tests = "; ".join(f"{name}: {_values(value)}" for name, value in spec.get("RIGHT_ATTRS", {}).items())
    left = f"{spec['LEFT_ID']} {spec['REL_OP']} " if "LEFT_ID" in spec else ""
    return f"{left}{spec['RIGHT_ID']}" + (f" [{tests}]" if tests else "")


def _values(value: Any) -> str:
    if isinstance(value, str):
        return value
    ((operator, operand),) = value.items()
    if operator == "REGEX":
        return f"/{operand}/"
    words = " | ".join(operand[:6]) + (" | …" if len(operand) > 6 else "")
    return words if operator == "IN" else f"not {words}"
