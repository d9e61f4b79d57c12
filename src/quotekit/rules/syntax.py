"""Runs the rules that have a pattern, and reads candidates off what they match."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quotekit.candidate import Candidate
from quotekit.cues import Cues
from quotekit.marks import Quoted
from quotekit.models import Span
from quotekit.page import Page
from quotekit.parse import Parse
from quotekit.rules.confidence import Evidence, confidence
from quotekit.rules.pattern import Pattern, compile_pattern
from quotekit.rules.rule import Rule
from quotekit.rules.spans import clause_tokens, content_runs, cue_tokens, has_subject, snap, source_tokens

WITH_OBJECT = frozenset({"infinitive", "predicate", "about"})
JOINING = frozenset({"as"})

ANCHOR = ("lemmas", "pos", "deps")
"""The columns by which a pattern's first node is looked up."""

MOST_ANCHORS = 100_000
"""So many look-ups are remembered: any number of texts must not fill the memory."""

REACH = 15
"""How many tokens can stand between a cue's clause and the quoted words that it introduces."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's pattern found in the text: its nodes' tokens by name."""

    rule: Rule
    nodes: dict[str, int]

    @property
    def cue(self) -> list[int]:
        """The tokens of the nodes that make up the cue."""
        return sorted(i for name, i in self.nodes.items() if name.startswith("cue"))


class SyntaxRules:
    """The compiled patterns of a rule set, reachable by what their first node can be."""

    def __init__(self, rules: Iterable[Rule], cues: Cues) -> None:
        self._cues = cues
        self._patterns = [
            (rule, compile_pattern(rule.pattern, cues.anchors, f"rule {rule.id!r}")) for rule in rules if rule.pattern
        ]
        lemmas = [pattern.lemmas for _, pattern in self._patterns]
        self._lemmas = None if None in lemmas else frozenset().union(*(some for some in lemmas if some is not None))
        self._by_anchor: dict[tuple[str, ...], list[tuple[Rule, Pattern]]] = {}

    def _anchored(self, anchor: tuple[str, ...]) -> list[tuple[Rule, Pattern]]:
        """The patterns that can begin at a token with these values in `ANCHOR`'s columns."""
        found = self._by_anchor.get(anchor)
        if found is None:
            values = dict(zip(ANCHOR, anchor, strict=True))
            found = [(rule, pattern) for rule, pattern in self._patterns if pattern.anchors_at(values)]
            if len(self._by_anchor) < MOST_ANCHORS:
                self._by_anchor[anchor] = found
        return found

    def match(self, parse: Parse) -> Iterator[Match]:
        """Every place where a pattern fits, in text order, at each place in the rules' order."""
        columns = [getattr(parse, column) for column in ANCHOR]
        for i, lemma in enumerate(parse.lemmas):
            if self._lemmas is None or lemma in self._lemmas:
                patterns = self._anchored(tuple(column[i] for column in columns))
                below = {parse.deps[j] for j in parse.children[i]} if patterns else set()
                for rule, pattern in patterns:
                    if any(below.isdisjoint(needed) for needed in pattern.children):
                        continue
                    for nodes in pattern.match(parse, i):
                        yield Match(rule, nodes)

    def propose(self, page: Page) -> list[Candidate]:
        """What the rules propose on ``page``."""
        return [candidate for candidate, _ in self.evidence(page)]

    def evidence(self, page: Page) -> Iterator[tuple[Candidate, Evidence]]:
        """Each candidate with what its confidence rests on."""
        outside = _Reader(page.parse, page.outermost, 0)
        nested = _Reader(page.parse, [stretch for stretch in page.quoted if stretch.depth == 1], 1)
        for match in self._unblocked(page.parse):
            if not outside.in_marks(match.nodes["cue"]):
                yield from self._read(match, outside)
            elif match.rule.reads in ("before", "after"):
                # Inside quoted words only a quote within the quote counts: the rest is the speaker's own account.
                yield from self._read(match, nested)

    def _unblocked(self, parse: Parse) -> list[Match]:
        """The matches that no blocking rule forbids; where several rules read one place, the first of them."""
        blocked: set[int] = set()
        taken: set[tuple[int, int]] = set()
        matches: list[Match] = []
        for match in self.match(parse):
            cue = match.nodes["cue"]
            if match.rule.kind == "block":
                blocked.add(cue)
            elif match.rule.reads != "subtree":
                matches.append(match)
            elif (cue, match.nodes["content"]) not in taken:
                taken.add((cue, match.nodes["content"]))
                matches.append(match)
        return [match for match in matches if match.nodes["cue"] not in blocked]

    def _read(self, match: Match, reader: _Reader) -> Iterator[tuple[Candidate, Evidence]]:
        rule, parse = match.rule, reader.parse
        cue = cue_tokens(parse, match.cue)
        source = source_tokens(parse, match.nodes["source"]) if "source" in match.nodes else []
        content = reader.content(match, cue, source)
        if not content:
            return
        key = cue_key(parse, match)
        entry = self._cues.find(rule.frame, key) if rule.frame else None
        if rule.frame and entry is None:
            return
        quoted, words = reader.measure(content)
        evidence = Evidence.of(parse, match.nodes, rule, entry, quoted, words)
        yield (
            Candidate(
                content=tuple(content),
                source=parse.span(source[0], source[-1]) if source else None,
                cue=parse.span(cue[0], cue[-1]),
                verb=_verb(parse, match.nodes["cue"]),
                act=rule.act or (entry.act if entry else "statement"),
                rule=rule.id,
                confidence=confidence(evidence),
                depth=reader.depth,
            ),
            evidence,
        )


def _verb(parse: Parse, cue: int) -> str | None:
    """The lemma of a cue that is a verb; "according to" is none."""
    return parse.lemmas[cue] if parse.pos[cue] in ("VERB", "AUX") and parse.deps[cue] != "prep" else None


def cue_key(parse: Parse, match: Match) -> str:
    """How the lexicon lists the cue: its lemma, its particle, its preposition ("point out", "call for")."""
    cue = match.nodes["cue"]
    particle = [parse.lowers[j] for j in parse.children[cue] if parse.deps[j] == "prt"]
    preposition = [parse.lowers[match.nodes["cue_preposition"]]] if "cue_preposition" in match.nodes else []
    return " ".join([parse.lemmas[cue], *particle[:1], *preposition])


class _Reader:
    """Reads a match's content in one parse."""

    def __init__(self, parse: Parse, quoted: list[Quoted], depth: int) -> None:
        self.parse = parse
        self.depth = depth
        self.quoted = quoted
        self._starts = [stretch.outer[0] for stretch in quoted]
        self._ends = [stretch.outer[1] for stretch in quoted]

    def in_marks(self, i: int) -> bool:
        """Whether token ``i`` stands inside a quoted stretch."""
        at = bisect_right(self._starts, self.parse.starts[i]) - 1
        return at >= 0 and self.parse.starts[i] < self._ends[at]

    def measure(self, content: list[Span]) -> tuple[int, int]:
        """How many tokens of ``content`` stand in quotation marks, and how many tokens it has."""
        words = quoted = 0
        for span in content:
            words += len(self.parse.tokens(span))
            for stretch in self._overlapping(span):
                shared = max(span[0], stretch.inner[0]), min(span[1], stretch.inner[1])
                quoted += len(self.parse.tokens(shared)) if shared[0] < shared[1] else 0
        return quoted, words

    def content(self, match: Match, cue: list[int], source: list[int]) -> list[Span]:
        reads = match.rule.reads
        if reads == "before":
            return self._quoted_before(clause_tokens(self.parse, cue, source))
        if reads == "after":
            return self._quoted_after(clause_tokens(self.parse, cue, source), match.nodes["cue"])
        head = match.nodes.get("content")
        if reads == "clause":
            top = min(match.cue, key=lambda i: sum(1 for _ in self.parse.ancestors(i)))
            return self._subtree(self._clause_head(top), {top, *source}, top)
        if head is None:
            return []
        spans = self._subtree(head, {*cue, *source, *match.nodes.values()} - {head}, match.nodes["cue"])
        spans = self._with_object(match, head, spans)
        clause = clause_tokens(self.parse, cue, source)
        return [span for span in spans if self._set_off(span, clause[0])]

    def _with_object(self, match: Match, head: int, spans: list[Span]) -> list[Span]:
        """With the object between cue and content, of which the content is said: urged [them to go], saw [it as over]."""
        parse, cue = self.parse, match.nodes["cue"]
        if match.rule.frame not in WITH_OBJECT or ("cue_preposition" in match.nodes and parse.lowers[match.nodes["cue_preposition"]] not in JOINING):
            return spans
        between = [i for i in parse.children[cue] if cue < i < head and parse.deps[i] == "dobj"]
        if not between or len(spans) != 1:
            return spans
        return [(parse.starts[parse.subtree(between[0])[0]], spans[0][1])]

    def _set_off(self, span: Span, first: int) -> bool:
        """Not content that a conjunction joins to the cue's clause: "Many fled and the minister said …"."""
        return span[1] > self.parse.starts[first] or self.parse.deps[self.parse.tokens(span)[-1]] != "cc"

    def _subtree(self, head: int, without: set[int], cue: int) -> list[Span]:
        parse = self.parse
        spans: list[Span] = []
        for run in content_runs(parse, head, without, cue):
            span = parse.span(run[0], run[-1])
            near = self._overlapping(span)
            span = snap(span, parse.starts[head], near) if near else span
            if not spans or span[0] >= spans[-1][1]:
                spans.append(span)
        return [self._inner(span) for span in spans]

    def _clause_head(self, cue: int) -> int:
        """The verb of the clause that ``cue`` stands beside: the nearest above it that has a subject, or the root."""
        parse, node = self.parse, self.parse.heads[cue]
        while parse.heads[node] != node and not has_subject(parse, node):
            node = parse.heads[node]
        while parse.deps[node] == "conj" and parse.pos[parse.heads[node]] in ("VERB", "AUX"):
            node = parse.heads[node]
        return node

    def _overlapping(self, span: Span) -> list[Quoted]:
        return self.quoted[bisect_right(self._ends, span[0]) : bisect_left(self._starts, span[1])]

    def _inner(self, span: Span) -> Span:
        for stretch in self._overlapping(span):
            if stretch.outer[0] <= span[0] and span[1] <= stretch.outer[1]:
                return max(span[0], stretch.inner[0]), min(span[1], stretch.inner[1])
        return span

    def _quoted_before(self, clause: list[int]) -> list[Span]:
        """The quoted words that end where the clause begins."""
        parse = self.parse
        start = parse.starts[clause[0]]
        at = bisect_right(self._ends, start) - 1
        if at < 0 or not self._leads_on(self.quoted[at], clause[0]):
            return []
        return [self.quoted[at].inner]

    def _quoted_after(self, clause: list[int], cue: int) -> list[Span]:
        """The quoted words that begin where the clause, with its objects and adverbials, ends."""
        parse = self.parse
        at = bisect_left(self._starts, parse.ends[clause[-1]])
        if at == len(self.quoted):
            return []
        gap = [
            i
            for i in parse.tokens((parse.ends[clause[-1]], self._starts[at]))
            if parse.pos[i] != "SPACE" and parse.starts[i] >= parse.ends[clause[-1]]
        ]
        if len(gap) > REACH or any(parse.deps[i] in ("nsubj", "nsubjpass") for i in gap):
            return []
        last = parse.words[gap[-1]] if gap else ""
        ends_sentence = any(parse.words[i] in (".", "?", "!", ";") for i in gap)
        if ends_sentence or (gap and last not in (",", ":", "that", "—", "–", "-") and parse.heads[gap[0]] != cue):
            return []
        return [self.quoted[at].inner]

    def _leads_on(self, stretch: Quoted, first: int) -> bool:
        """Whether the sentence goes on behind the quoted words to token ``first``: "…," or "…?" or "…" and a comma."""
        parse = self.parse
        gap = list(parse.tokens((stretch.outer[1], parse.starts[first])))
        if any(parse.pos[i] not in ("PUNCT", "SPACE", "ADV") or "\n" in parse.words[i] for i in gap):
            return False
        last = parse.text[stretch.inner[1] - 1 : stretch.inner[1]]
        return last in ",?!…—–-" or any(parse.words[i] in (",", "—", "–", "--") for i in gap)
