"""Where contents end, by the patterns of ``data/en/edges.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quotekit import lexicon
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.lexicon.cues import Cues
from quotekit.rules.grammar import compile_nodes, read_pattern
from quotekit.rules.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Edge:
    """A place where content ends.

    Attributes:
        at: the character.
        second: the verb that may be a cue of the same speaker, or -1.
        cue: a token of the cue, or ``None`` for any cue.
        quoted: the quoted stretch with which the content must begin, if any.
        reach: the character up to which its words go, if the content must end with them.
    """

    at: int
    second: int
    cue: int | None
    quoted: Quoted | None
    reach: int | None


class EdgePatterns:
    """The patterns of edges, of what is not said, and of deeds, with the lemmas of ``cues``."""

    def __init__(self, cues: Cues) -> None:
        data = lexicon.load("edges")
        self._edges = _Patterns(data["edge"], cues)
        self._unsaid = _Patterns(data["unsaid"], cues)
        self._deeds = _Patterns(data["deed"], cues)

    def edges(self, page: ParsedArticle) -> list[Edge]:
        """Return the edges outside quotation marks, in text order."""
        found = (self._edge(page, nodes) for nodes in self._edges.match(page))
        return sorted((edge for edge in found if edge is not None), key=lambda edge: edge.at)

    def unsaid(self, page: ParsedArticle) -> dict[int, int]:
        """Return the tokens that are no content of a cue, each with the cue's verb."""
        return {nodes["unsaid"]: nodes["cue"] for nodes in self._unsaid.match(page)}

    def deeds(self, page: ParsedArticle) -> dict[int, int]:
        """Return the cues (tokens) that report a deed and no words, each with its object."""
        return {nodes["cue"]: nodes["object"] for nodes in self._deeds.match(page)}

    @staticmethod
    def _edge(page: ParsedArticle, nodes: dict[str, int]) -> Edge | None:
        parse = page.parse
        at = parse.starts[min(i for name, i in nodes.items() if name.startswith("edge"))]
        quoted, last = nodes.get("quoted"), nodes.get("edge_last")
        around = page.quoted_in((parse.starts[quoted], parse.ends[quoted])) if quoted is not None else []
        if page.in_marks((at, at + 1)) or (quoted is not None and not around):
            return None
        second = nodes.get("second", nodes.get("edge", -1))
        return Edge(
            at=at,
            second=second if parse.pos[second] == "VERB" else -1,
            cue=nodes.get("cue"),
            quoted=around[0] if around else None,
            reach=None if last is None else parse.ends[parse.subtree(last)[-1]],
        )


class _Patterns:
    """Patterns, indexed by the first test of their first node."""

    def __init__(self, entries: Sequence[dict[str, Any]], cues: Cues) -> None:
        self._by_column: dict[str, dict[str, list[Pattern]]] = {}
        for entry in entries:
            pattern = compile_nodes(read_pattern(entry["pattern"], cues).values(), cues)
            test = pattern.nodes[0].tests[0]
            for value in test.values:
                self._by_column.setdefault(test.column, {}).setdefault(value, []).append(pattern)

    def match(self, page: ParsedArticle) -> Iterator[dict[str, int]]:
        """Yield every match in the article."""
        for column, patterns in self._by_column.items():
            for i, value in enumerate(getattr(page.parse, column)):
                for pattern in patterns.get(value, ()):
                    yield from pattern.match(page.parse, i)
