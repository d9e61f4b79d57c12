"""How confident a candidate is, given both the rules (grammar and layout) and the encoder (what it has learned).

Each candidate, whoever proposed it, is described by a few numbers, which `quotekit.attribution.additive_model` weighs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from quotekit import lexicon
from quotekit.article.parsed import ParsedArticle, is_title
from quotekit.attribution.additive_model import ALIKE, NO_RULE, confidence, log_odds
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER, CueReader
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE, Decoded, Pointing, Run
from quotekit.models import Span, hull, overlap

MARKS = "\"“”„«»'‘’"

CELL = 500
"""Size, in characters, of the cells in which nearby candidates are looked up."""

MOST_NEAR = 30
"""Number of candidates of a cell that are compared, the most confident first, so that time stays linear."""

EDGE = 2
"""Maximum distance, in characters, of two edges that count as the same."""

LAYOUT_ALONE = frozenset({"layout.transcript", "layout.signature", "layout.block", "layout.answer"})
"""Rules that the encoder does not weigh: its training data have no interviews, few signatures and few dialogues."""

UNCUED = frozenset({"layout.beat", "layout.no-source"})
"""Rules for what rules and encoder together have left; they compete with nothing, and are not weighed."""

SURE, DOUBTED = 0.9, 0.5
"""A rule that is at least `SURE` of quoted words keeps at least the share `DOUBTED` of its confidence."""

SURE_OF_CLAUSE = {
    "en.clause": 0.85,
    "en.clause.participle": 0.65,
    "en.clause.second": 0.65,
    "en.clause.shared": 0.65,
    "en.according-to": 0.85,
    "en.as": 0.85,
}
"""Confidence, by rule, from which on a clause that is the only content of its cue keeps at least `DOUBTED_CLAUSE`."""

DOUBTED_CLAUSE = 0.6
"""The confidence that such a clause keeps.

The encoder doubts plain clauses of world news that its training data have nothing like, above all those of a second cue
("rejected the offer and said that …"). Of 30 finds from 0.85 on that this put above the default threshold, on 300 pages
of world news, 22 are right; of 11 of second cues, on 250 pages, 10 are.
"""


class Evidence:
    """What rules and encoder say of the candidates of one article.

    ``by_rules`` is what the rules propose, ``settled`` what they would decide alone. Candidates of the rules in
    ``unweighed`` keep their confidence.
    """

    def __init__(
        self,
        page: ParsedArticle,
        decoded: Decoded,
        by_rules: Sequence[Candidate],
        settled: Sequence[Candidate],
        by_encoder: Sequence[Candidate],
        unweighed: frozenset[str] = LAYOUT_ALONE,
    ) -> None:
        self.page = page
        self.decoded = decoded
        self._settled = {(c.content, c.source) for c in settled}
        self._contents = Counter(cue for _, cue in {(c.content, c.cue) for c in by_rules})
        self._proposed = {(c.content, c.source) for c in by_rules}
        self._seen = {(c.content, c.source) for c in by_encoder}
        self._unweighed = unweighed
        self._rivals = _Places([*by_rules, *settled])
        self._runs = _Places(by_encoder)

    def numbers(self, candidate: Candidate) -> dict[str, float]:
        """Return the numbers that describe ``candidate``, by name."""
        parts = [self.decoded.run(part) for part in candidate.content]
        return {
            **self._by_encoder(candidate, parts),
            **self._by_rules(candidate),
            **self._look(candidate, parts),
        }

    def _by_encoder(self, candidate: Candidate, parts: list[Run]) -> dict[str, float]:
        decoded, first, last = self.decoded, parts[0].first, parts[-1].last
        count = len(decoded)
        tags, content = decoded.tags, decoded.content
        marked = first > 0 and self.page.text[int(decoded.pieces.starts[first - 1])] in MARKS
        begins = max(float(tags[i, CONTENT]) for i in range(first - marked, first + 1)) if first < count else 0.0
        sources = [decoded.pointing(SOURCE, part) for part in parts]
        cues = [decoded.pointing(CUE, part) for part in parts]
        return {
            "content": decoded.content_probability(parts),
            "begins": log_odds(begins),
            "before": log_odds(float(content[first - 1]) if first else 0.0),
            "ends": log_odds(float(content[last - 1]) if 0 < last <= count else 0.0),
            "after": log_odds(float(tags[last, CONTENT + 1]) if last < count else 0.0),
            "source": self._mass(sources, candidate.source),
            "nobody": sum(p.nowhere * p.rows for p in sources) / max(1, sum(p.rows for p in sources)),
            "cue": self._mass(cues, candidate.cue),
        }

    def _mass(self, pointings: Sequence[Pointing], target: Span | None) -> float:
        rows = sum(pointing.rows for pointing in pointings)
        if target is None or not rows:
            return 0.0
        run = self.decoded.run(target)
        return sum(p.mass(run) * p.rows for p in pointings) / rows

    def _by_rules(self, candidate: Candidate) -> dict[str, float]:
        own, key = candidate.content[0], (candidate.content, candidate.source)
        own_rule = log_odds(candidate.confidence) if candidate.rule != ENCODER else NO_RULE
        return {
            "rule": own_rule,
            "seen": float(key in self._seen),
            "proposed": float(key in self._proposed),
            "rule, quoted": own_rule if self._in_marks(candidate) else NO_RULE,
            "settled": float(key in self._settled),
            **self._beside_rivals(own, candidate.source),
            **self._beside_runs(own, candidate.source),
        }

    def _beside_rivals(self, own: Span, source: Span | None) -> dict[str, float]:
        numbers = dict.fromkeys(("agrees", "same content", "other source", "overlaps"), NO_RULE) | {"same edges": 0.0}
        for part, rival in self._rivals.near(own):
            odds = log_odds(rival.confidence)
            numbers["overlaps"] = max(numbers["overlaps"], odds)
            if likeness(own, part) < ALIKE:
                continue
            name = "agrees" if _same(rival.source, source) else "other source"
            numbers[name] = max(numbers[name], odds)
            numbers["same content"] = max(numbers["same content"], odds)
            if abs(own[0] - part[0]) <= EDGE and abs(own[1] - part[1]) <= EDGE:
                numbers["same edges"] = max(numbers["same edges"], rival.confidence)
        return numbers

    def _beside_runs(self, own: Span, source: Span | None) -> dict[str, float]:
        numbers = {"run": 0.0, "run's source": 0.0}
        for part, run in self._runs.near(own):
            like = likeness(own, part)
            if like > numbers["run"]:
                numbers["run"], numbers["run's source"] = like, float(_same(run.source, source))
        return numbers

    def _in_marks(self, candidate: Candidate) -> bool:
        return all(self.page.in_marks(part) for part in candidate.content)

    def _look(self, candidate: Candidate, parts: list[Run]) -> dict[str, float]:
        text, source = self.page.text, candidate.source
        length = sum(end - start for start, end in candidate.content)
        stretches = [(part, stretch) for part in candidate.content for stretch in self.page.quoted_in(part)]
        quoted = sum(overlap(part, stretch.inner) for part, stretch in stretches)
        left_out = max(
            (1 - overlap(part, s.inner) / max(1, s.inner[1] - s.inner[0]) for part, s in stretches), default=0.0
        )
        return {
            "pieces": math.log1p(sum(part.last - part.first for part in parts)),
            "parts": float(len(parts)),
            "quoted": quoted / max(1, length),
            "all quoted": float(quoted > 0.95 * length),
            "left out": left_out,
            "no source": float(source is None),
            "source's length": math.log1p(source[1] - source[0]) if source else 0.0,
            "pronoun": float(source is not None and text[slice(*source)].lower() in _pronouns()),
            "capital": float(source is not None and any(map(str.isupper, text[slice(*source)]))),
            "source's distance": _distance(candidate, source),
            "cue's distance": _distance(candidate, candidate.cue),
            "no cue": float(candidate.cue is None),
            "title": float(is_title(text[slice(*candidate.content[0])])),
        }

    def weighs(self, candidate: Candidate) -> bool:
        """Return whether the confidence of ``candidate`` depends on the encoder."""
        return not candidate.stated and candidate.rule not in self._unweighed

    def _is_plain(self, candidate: Candidate) -> bool:
        """Return whether rules alone would find ``candidate``, a clause, surely and as the only content of its cue."""
        sure = candidate.confidence >= SURE_OF_CLAUSE.get(candidate.rule, math.inf)
        if not sure or candidate.act != "statement" or self._contents[candidate.cue] > 1:
            return False
        several_words = " " in self.page.text[slice(*candidate.hull)]
        return several_words and (candidate.content, candidate.source) in self._settled

    def weigh(self, candidate: Candidate) -> Candidate:
        """Return ``candidate`` with the confidence that its numbers give it."""
        if not self.weighs(candidate):
            return candidate
        weighed = confidence(self.numbers(candidate))
        if candidate.confidence >= SURE and self._in_marks(candidate):
            weighed = max(weighed, DOUBTED * candidate.confidence)
        if self._is_plain(candidate):
            weighed = max(weighed, DOUBTED_CLAUSE)
        return replace(candidate, confidence=weighed)


class Pool(NamedTuple):
    """The candidates of rules and encoder, the evidence to weigh them by, and the reader of the encoder's cues."""

    candidates: list[Candidate]
    evidence: Evidence
    cues: CueReader


class _Places:
    """Parts of candidates, found by their place."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._cells: dict[int, list[tuple[Span, Candidate]]] = {}
        for candidate in candidates:
            for part in candidate.content:
                for cell in range(part[0] // CELL, (part[1] - 1) // CELL + 1):
                    self._cells.setdefault(cell, []).append((part, candidate))
        for cell, there in self._cells.items():
            self._cells[cell] = sorted(there, key=lambda one: -one[1].confidence)[:MOST_NEAR]

    def near(self, span: Span) -> Iterator[tuple[Span, Candidate]]:
        """Yield the parts that share a character with ``span``, each at most once."""
        first = span[0] // CELL
        for cell in range(first, (span[1] - 1) // CELL + 1):
            for part, candidate in self._cells.get(cell, ()):
                # A part in several cells is yielded in the first one that it shares with the span.
                if overlap(part, span) and cell == max(first, part[0] // CELL):
                    yield part, candidate


def _distance(candidate: Candidate, span: Span | None) -> float:
    """Return the distance of ``span`` from the nearest part of the content, as the logarithm of its characters."""
    if span is None:
        return 0.0
    return math.log1p(min(max(0, span[0] - part[1], part[0] - span[1]) for part in candidate.content))


def likeness(a: Span, b: Span) -> float:
    """Return the share of two spans' characters that both have.

    >>> likeness((0, 10), (5, 15)) == 5 / 15
    True
    """
    shared, whole = overlap(a, b), hull((a, b))
    return shared / (whole[1] - whole[0]) if shared else 0.0


def _same(a: Span | None, b: Span | None) -> bool:
    return a is b is None or (a is not None and b is not None and overlap(a, b) > 0)


@cache
def _pronouns() -> frozenset[str]:
    return frozenset(lexicon.load("pronouns")["nominative"].split())
