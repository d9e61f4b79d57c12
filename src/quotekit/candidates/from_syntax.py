"""Runs the rules that have a pattern, and reads candidates off what they match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.content import Reader
from quotekit.candidates.match import Match
from quotekit.candidates.rule_confidence import Evidence, confidence
from quotekit.candidates.spans import cue_tokens, source_tokens
from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cues
from quotekit.models import Span, strip
from quotekit.rules.checking import checked_pattern
from quotekit.rules.grammar import compile_nodes
from quotekit.rules.messages import Mistake
from quotekit.rules.pattern import Pattern
from quotekit.rules.rule import Rule

ANCHOR = ("lemmas", "pos", "deps")
"""The columns by which a pattern's first node is looked up."""

MOST_ANCHORS = 100_000
"""So many look-ups are remembered: any number of texts must not fill the memory."""


class SyntaxRules:
    """The compiled patterns of a rule set, reachable by what their first node can be."""

    def __init__(self, rules: Iterable[Rule], cues: Cues) -> None:
        self._cues = cues
        self._patterns = [(rule, _compiled(rule, cues)) for rule in rules if rule.pattern]
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

    def propose(self, page: ParsedArticle) -> tuple[list[Candidate], frozenset[int]]:
        """What the rules propose on ``page``, and the cues (tokens) that they block."""
        matches, blocked = self._unblocked(page.parse)
        return [candidate for candidate, _ in self._evidence(page, matches)], blocked

    def evidence(self, page: ParsedArticle) -> Iterator[tuple[Candidate, Evidence]]:
        """Each candidate with what its confidence rests on."""
        return self._evidence(page, self._unblocked(page.parse)[0])

    def _evidence(self, page: ParsedArticle, matches: list[Match]) -> Iterator[tuple[Candidate, Evidence]]:
        outside = Reader(page, 0)
        nested = Reader(page, 1)
        for match in matches:
            if not outside.in_marks(match.nodes["cue"]):
                yield from self._read(match, outside)
            elif match.rule.reads in ("before", "after"):
                # Inside quoted words only a quote within the quote counts: the rest is the speaker's own account.
                yield from self._read(match, nested)

    def _unblocked(self, parse: Parse) -> tuple[list[Match], frozenset[int]]:
        """The matches that no blocking rule forbids, and the cues of the others.

        Where several measured rules read one place, the first of them counts.
        """
        blocked: set[int] = set()
        taken: set[tuple[int, int]] = set()
        matches: list[Match] = []
        for match in self.match(parse):
            cue = match.nodes["cue"]
            if match.rule.kind == "block":
                blocked.add(cue)
            elif match.rule.reads != "subtree" or match.rule.frame is None:
                matches.append(match)
            elif (cue, match.nodes["content"]) not in taken:
                taken.add((cue, match.nodes["content"]))
                matches.append(match)
        return [match for match in matches if match.nodes["cue"] not in blocked], frozenset(blocked)

    def _read(self, match: Match, reader: Reader) -> Iterator[tuple[Candidate, Evidence]]:
        rule, parse = match.rule, reader.parse
        entry = self._cues.find(rule.frame, cue_key(parse, match)) if rule.frame else None
        if rule.frame and entry is None:
            return
        if "source" in match.nodes and not reader.names(match.nodes["source"], match.nodes["cue"]):
            return
        cue = _one_side(cue_tokens(parse, match.cue), match.nodes)
        source = source_tokens(parse, match.nodes["source"], match.cue) if "source" in match.nodes else []
        content = reader.content(match, cue, source)
        if not content:
            return
        quoted, words = reader.measure(content)
        evidence = Evidence.of(parse, match.nodes, rule, entry, quoted, words)
        yield (
            Candidate(
                content=tuple(content),
                source=parse.span(source[0], source[-1]) if source else None,
                cue=_beside(parse, cue, content),
                verb=_verb(parse, match.nodes["cue"]),
                act=rule.act or (entry.act if entry else "statement"),
                rule=rule.id,
                confidence=confidence(evidence),
                depth=reader.depth,
                stated=entry is not None and entry.stated,
            ),
            evidence,
        )


def _one_side(cue: list[int], nodes: dict[str, int]) -> list[int]:
    """The tokens of the cue on its verb's side of the source: "would Ann Lee [say]"."""
    source, verb = nodes.get("source"), nodes["cue"]
    return cue if source is None else [i for i in cue if (i < source) == (verb < source)]


def _beside(parse: Parse, cue: list[int], content: list[Span]) -> Span:
    """The cue up to content that stands inside it: "[described] the plan as a joke"."""
    start, end = parse.span(cue[0], cue[-1])
    inside = [first for first, _ in content if start < first < end]
    return strip(parse.text, (start, min([end, *inside])))


def _compiled(rule: Rule, cues: Cues) -> Pattern:
    try:
        return compile_nodes(checked_pattern(rule, cues).values(), cues)
    except Mistake as mistake:
        raise RuleError(f"rule {rule.id!r}: {mistake}") from None


def _verb(parse: Parse, cue: int) -> str | None:
    """The lemma of a cue that is a verb; "according to" is none."""
    return parse.lemmas[cue] if parse.pos[cue] in ("VERB", "AUX") and parse.deps[cue] != "prep" else None


def cue_key(parse: Parse, match: Match) -> str:
    """How the lexicon lists the cue: its lemma, its particle, its preposition ("point out", "call for")."""
    cue = match.nodes["cue"]
    particle = [parse.lowers[j] for j in parse.children[cue] if parse.deps[j] == "prt"]
    preposition = [parse.lowers[match.nodes["cue_preposition"]]] if "cue_preposition" in match.nodes else []
    return " ".join([parse.lemmas[cue], *particle[:1], *preposition])
