"""Edges of contents, by the patterns of ``data/en/edges.toml``.

They end a content before a second cue or before what the speaker does next, and leave out what is not said. They serve
the candidates of rules and encoder alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from quotekit import lexicon
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import trimmed
from quotekit.lexicon.cues import Cues
from quotekit.models import Span
from quotekit.rules.grammar import compile_nodes, read_pattern
from quotekit.rules.pattern import Pattern


@dataclass(frozen=True, slots=True)
class _Edge:
    """A place where content ends.

    Attributes:
        at: the character.
        cue: a token of the cue, or ``None`` for any cue.
        quoted: the quoted stretch with which the content must begin, if any.
        reach: the character up to which its words go, if the content must end with them.
    """

    at: int
    cue: int | None
    quoted: Quoted | None
    reach: int | None


class Edges:
    """The patterns of edges, with the lemmas of ``cues``."""

    def __init__(self, cues: Cues) -> None:
        data = lexicon.load("edges")
        self._edges = _Patterns(data["edge"], cues)
        self._unsaid = _Patterns(data["unsaid"], cues)
        self._empty = frozenset(data["empty"])
        self._leads = frozenset(data["leads"])
        self._open = frozenset(data["open_tags"])
        self._governing = frozenset(data["governing_tags"])

    def aligned(self, page: ParsedArticle, candidates: Iterable[Candidate]) -> list[Candidate | None]:
        """Return each of ``candidates`` with its edges in place, or ``None`` where no content is left."""
        edges = sorted(self._found(page), key=lambda edge: edge.at)
        places = [edge.at for edge in edges]
        unsaid = {nodes["unsaid"]: nodes["cue"] for nodes in self._unsaid.match(page)}

        def align(candidate: Candidate) -> Candidate | None:
            content = [part for part in candidate.content if not self._is_unsaid(page, candidate, part, unsaid)]
            if not content or self._is_empty(page, content):
                return None
            first, last = content[0], content[-1]
            if candidate.cue is not None and candidate.cue[1] <= last[0] and candidate.depth == 0:
                near = edges[bisect_left(places, last[0] + 1) : bisect_left(places, last[1])]
                end = next((edge.at for edge in near if self._belongs(page, edge, candidate.cue, last)), None)
                cut = last if end is None else _unmarked(page, trimmed(page, (last[0], end)))
                content[-1] = self._closed(page, cut)
            if len(content) == 1 and candidate.depth == 0:
                content[0] = self._without_lead(page, content[0])
            if (content[0], content[-1], len(content)) == (first, last, len(candidate.content)):
                return candidate
            return replace(candidate, content=tuple(content)) if content[-1][0] < content[-1][1] else None

        return [align(candidate) for candidate in candidates]

    def _found(self, page: ParsedArticle) -> Iterator[_Edge]:
        parse = page.parse
        for nodes in self._edges.match(page):
            at = parse.starts[min(i for name, i in nodes.items() if name.startswith("edge"))]
            if page.in_marks((at, at + 1)):
                continue
            quoted = nodes.get("quoted")
            around = page.quoted_in((parse.starts[quoted], parse.ends[quoted])) if quoted is not None else []
            if quoted is None or around:
                last = nodes.get("edge_last")
                reach = None if last is None else parse.ends[parse.subtree(last)[-1]]
                yield _Edge(at, nodes.get("cue"), around[0] if around else None, reach)

    def _belongs(self, page: ParsedArticle, edge: _Edge, cue: Span, part: Span) -> bool:
        """Return whether ``edge`` ends ``part``, the content of ``cue``."""
        if edge.cue is not None and edge.cue not in page.parse.tokens(cue):
            return False
        if edge.reach is not None and edge.reach < part[1]:
            return False
        return edge.quoted is None or self._leads_to(page, part[0], edge.quoted)

    def _leads_to(self, page: ParsedArticle, start: int, stretch: Quoted) -> bool:
        """Return whether only words like "that" and "only" lie between ``start`` and the quoted words."""
        before = page.text[start : stretch.outer[0]].strip().lower()
        return stretch.inner[0] >= start and (before == "that" or not before or before in self._leads)

    @staticmethod
    def _is_unsaid(page: ParsedArticle, candidate: Candidate, part: Span, unsaid: dict[int, int]) -> bool:
        """Return whether ``part`` only names to whom, or at what, the cue of ``candidate`` points."""
        if candidate.cue is None or not unsaid:
            return False
        cue, words = page.parse.tokens(candidate.cue), page.parse.tokens(part)
        return any(unsaid.get(i) in cue and unsaid[i] not in words for i in words if i in unsaid)

    def _is_empty(self, page: ParsedArticle, content: list[Span]) -> bool:
        """Return whether the content says nothing, outside quotation marks: said [nothing]."""
        words = " ".join(page.text[slice(*part)] for part in content)
        return words.lower() in self._empty and not page.in_marks(content[0])

    def _closed(self, page: ParsedArticle, span: Span) -> Span:
        """Return ``span`` without words at its end that need what follows: said it was over [and]."""
        parse, whole = page.parse, span
        while span[0] < span[1] and (tokens := parse.tokens(span)) and not page.in_marks((span[1] - 1, span[1])):
            if not self._is_open(page, tokens[-1]):
                break
            span = trimmed(page, (span[0], parse.starts[tokens[-1]]))
        return span if span == whole else _unmarked(page, span)

    def _is_open(self, page: ParsedArticle, last: int) -> bool:
        parse = page.parse
        if parse.tags[last] in self._open:
            return parse.heads[last] > last or parse.tags[last] == "CC"
        if parse.tags[last] not in self._governing or parse.deps[last] == "prt":
            return False
        return parse.deps[last] == "mark" or any(i > last for i in parse.children[last])

    def _without_lead(self, page: ParsedArticle, span: Span) -> Span:
        """Return ``span`` without a word before quoted words that are all of it: said [only] “no”."""
        stretches = page.quoted_in(span)
        if len(stretches) == 1 and stretches[0].outer[1] == span[1]:
            before = page.text[span[0] : stretches[0].outer[0]].strip().lower()
            return stretches[0].inner if before in self._leads else span
        return span


class _Patterns:
    """Patterns, indexed by the first test of their first node."""

    def __init__(self, entries: list[dict], cues: Cues) -> None:
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


def _unmarked(page: ParsedArticle, span: Span) -> Span:
    """Return ``span`` without the marks of a quoted stretch that is all of it."""
    return next((stretch.inner for stretch in page.quoted_in(span) if stretch.outer == span), span)
