"""Candidates of the rules with a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, Protocol

from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.content import Reader
from quotekit.candidates.match import Match
from quotekit.candidates.rule_confidence import RuleEvidence, confidence
from quotekit.candidates.spans import cue_tokens, source_tokens, voices
from quotekit.lexicon.cues import Cues, Entry
from quotekit.models import Act, Span, strip
from quotekit.rules.checking import checked_pattern
from quotekit.rules.grammar import compile_nodes
from quotekit.rules.messages import located
from quotekit.rules.pattern import Pattern
from quotekit.rules.rule import Rule

ANCHOR = ("lemmas", "pos", "deps")
"""Columns of the parse by which patterns are indexed."""

MOST_ANCHORS = 100_000
"""Maximum number of cached look-ups, so that memory stays bounded over many texts."""


QUOTED = frozenset({"before", "after"})
"""Values of `Rule.reads` for which the content is quoted words."""

Missing = Literal["marks", "lexicon", "source", "content"]
"""Why a match yields no candidate: its cue is in quotation marks, or it has no such part."""


class Reading(NamedTuple):
    """A candidate from a match, and the evidence for its confidence."""

    candidate: Candidate
    evidence: RuleEvidence


class MatchTrace(Protocol):
    """A listener to the matches of the rules."""

    def matched(self, match: Match, reading: Reading | Missing, without: str | None) -> None:
        """Receive a match and its reading; ``without`` is the id of the rule that keeps it from competing, if any."""


class SyntaxRules:
    """The compiled patterns of a rule set, indexed by their first node."""

    def __init__(self, rules: Iterable[Rule], cues: Cues) -> None:
        self._cues = cues
        self.patterns = [(rule, _compiled(rule, cues)) for rule in rules]
        lemmas = [pattern.lemmas for _, pattern in self.patterns]
        self._lemmas = None if None in lemmas else frozenset().union(*(some for some in lemmas if some is not None))
        self._by_anchor: dict[tuple[str, ...], list[tuple[Rule, Pattern]]] = {}

    def beginning_at(self, parse: Parse, i: int) -> list[tuple[Rule, Pattern]]:
        """Return the rules whose pattern can begin at token ``i``."""
        return self._anchored(tuple(getattr(parse, column)[i] for column in ANCHOR))

    def _anchored(self, anchor: tuple[str, ...]) -> list[tuple[Rule, Pattern]]:
        """Return the patterns that can begin at a token with these values in `ANCHOR`'s columns."""
        found = self._by_anchor.get(anchor)
        if found is None:
            values = dict(zip(ANCHOR, anchor, strict=True))
            found = [(rule, pattern) for rule, pattern in self.patterns if pattern.anchors_at(values)]
            if len(self._by_anchor) < MOST_ANCHORS:
                self._by_anchor[anchor] = found
        return found

    def match(self, parse: Parse) -> Iterator[Match]:
        """Yield every match, in text order, and at the same token in the order of the rules."""
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

    def propose(self, page: ParsedArticle, trace: MatchTrace | None = None) -> tuple[list[Candidate], frozenset[int]]:
        """Return what the rules propose on ``page``, and the cues (tokens) that they block.

        ``trace`` receives every match, including those that do not compete.
        """
        matches = list(self.match(page.parse))
        blocks = _blocks(matches)
        readers = Reader(page, 0), Reader(page, 1)
        candidates: list[Candidate] = []
        for match, shadowed_by in _shadowed(matches):
            without = blocks.get(match.nodes["cue"], shadowed_by)
            if without is not None and trace is None:
                continue
            reading = self._read(match, *readers)
            if trace is not None:
                trace.matched(match, reading, without)
            if without is None and isinstance(reading, Reading):
                candidates.append(reading.candidate)
        return candidates, frozenset(blocks)

    def _read(self, match: Match, outermost: Reader, nested: Reader) -> Reading | Missing:
        if not outermost.in_marks(match.nodes["cue"]):
            return self._read_among(match, outermost)
        # Inside quoted words only a nested quotation counts: the rest is the outer speaker paraphrasing.
        return self._read_among(match, nested) if match.rule.reads in QUOTED else "marks"

    def _read_among(self, match: Match, reader: Reader) -> Reading | Missing:
        """Return the candidate of ``match`` among the quoted stretches of ``reader``, or what it lacks."""
        rule, parse = match.rule, reader.parse
        entry = self._cues.find(rule.frame, cue_key(parse, match)) if rule.frame else None
        if rule.frame and entry is None:
            return "lexicon"
        cue, source = _one_side(cue_tokens(parse, match.cue), match.nodes), []
        if "source" in match.nodes:
            named = reader.source(match)
            if named is None:
                return "source"
            source = source_tokens(parse, named, match.cue)
        content = reader.content(match, cue, source)
        if not content:
            return "content"
        evidence = RuleEvidence.of(parse, match.nodes, rule, entry, *reader.measure(content))
        candidate = Candidate(
            content=tuple(content),
            source=parse.span(source[0], source[-1]) if source else None,
            cue=_beside(parse, cue, content),
            verb=_verb(parse, match.nodes["cue"]),
            act=_act(parse, match, entry),
            rule=rule.id,
            confidence=confidence(evidence),
            depth=reader.depth,
            stated=entry is not None and entry.stated,
        )
        return Reading(candidate, evidence)


def _act(parse: Parse, match: Match, entry: Entry | None) -> Act:
    """Return the act of the rule or of the cue; a noun that somebody voices is a statement: voiced fears."""
    voiced = "cue_verb" in match.nodes and voices(parse, match.nodes["cue_verb"])
    return match.rule.act or (entry.act if entry and not voiced else "statement")


def _blocks(matches: Iterable[Match]) -> dict[int, str]:
    """Return each cue (token) that a blocking rule matches, with the id of the first rule that does."""
    found: dict[int, str] = {}
    for match in matches:
        if match.rule.kind == "block":
            found.setdefault(match.nodes["cue"], match.rule.id)
    return found


def _shadowed(matches: Iterable[Match]) -> Iterator[tuple[Match, str | None]]:
    """Yield the matches that can be read, each with the id of the measured rule that matched the same place first."""
    first: dict[tuple[int, int], Match] = {}
    for match in matches:
        if match.rule.kind == "block":
            continue
        if match.rule.reads != "subtree" or match.rule.frame is None:
            yield match, None
        else:
            before = first.setdefault((match.nodes["cue"], match.nodes["content"]), match)
            yield match, None if before is match else before.rule.id


def _one_side(cue: list[int], nodes: dict[str, int]) -> list[int]:
    """Return the tokens of the cue on its verb's side of the source: "would Ann Lee [say]"."""
    source, verb = nodes.get("source"), nodes["cue"]
    return cue if source is None else [i for i in cue if (i < source) == (verb < source)]


def _beside(parse: Parse, cue: list[int], content: list[Span]) -> Span:
    """Return the cue, cut before content inside it: "[described] the plan as a joke"."""
    start, end = parse.span(cue[0], cue[-1])
    inside = [first for first, _ in content if start < first < end]
    return strip(parse.text, (start, min([end, *inside])))


def _compiled(rule: Rule, cues: Cues) -> Pattern:
    with located(f"rule {rule.id!r}"):
        return compile_nodes(checked_pattern(rule, cues).values(), cues)


def _verb(parse: Parse, cue: int) -> str | None:
    """Return the lemma of the cue if it is a verb, which "according to" is not."""
    return parse.lemmas[cue] if parse.pos[cue] in ("VERB", "AUX") and parse.deps[cue] != "prep" else None


def cue_key(parse: Parse, match: Match) -> str:
    """Return the lexicon's name of the cue: lemma, particle and preposition ("point out", "call for")."""
    cue = match.nodes["cue"]
    particle = [parse.lowers[j] for j in parse.children[cue] if parse.deps[j] == "prt"]
    preposition = [parse.lowers[match.nodes["cue_preposition"]]] if "cue_preposition" in match.nodes else []
    return " ".join([parse.lemmas[cue], *particle[:1], *preposition])
