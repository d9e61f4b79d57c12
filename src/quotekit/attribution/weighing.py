"""How sure a candidate is when both have looked: the rules by grammar and layout, the encoder by what it has learned.

Each candidate, whoever proposed it, is described by a few numbers, and each number adds to its log odds: a generalised
additive model (Hastie and Tibshirani 1986) with piecewise linear terms, one for each situation: what the encoder has of
the candidate, and what the rules have. It was fitted on articles of PolNeAR's training part that the encoder had not
seen. The terms stand in ``data/en/joining.json``.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from quotekit import lexicon
from quotekit.article.parsed import ParsedArticle, is_title
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER, CueReader
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE, Decoded, Pointing, Run
from quotekit.models import Span, hull, overlap

MARKS = "\"“”„«»'‘’"
LOWEST, HIGHEST = 1e-4, 1 - 1e-4
"""Bounds of a probability whose log odds are taken."""

NO_RULE = -6.0
"""What stands for the log odds of a rule where there is none."""

ALIKE = 0.5
"""Two contents that share so much of their characters are the same content."""

CELL = 500
"""Characters that are searched together."""

MOST_NEAR = 30
"""So many candidates of a cell are looked at, the surest rules first: an endless sentence must not cost the square."""

EDGE = 2
"""Two contents that differ by so many characters at an edge have the same edge."""

LAYOUT_ALONE = frozenset({"layout.transcript", "layout.signature"})
"""Rules that the encoder does not judge: what it learned from has no interviews and few signatures."""

SURE, DOUBTED = 0.9, 0.5
"""A rule that is so sure of quoted words is worth at least half of what it says, whatever the encoder sees."""


class Evidence:
    """What rules and encoder say of candidates on one page.

    ``by_rules`` is what the rules propose, ``settled`` what they would decide alone. The candidates of the rules
    ``unweighed`` keep the confidence that they have.
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
        self._proposed = {(c.content, c.source) for c in by_rules}
        self._seen = {(c.content, c.source) for c in by_encoder}
        self._unweighed = unweighed
        self._rivals = _Places([*by_rules, *settled])
        self._runs = _Places(by_encoder)

    def numbers(self, candidate: Candidate) -> dict[str, float]:
        """What is known of ``candidate``, by name."""
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
            "content": decoded.sureness(parts),
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
        numbers = {
            "rule": own_rule,
            "agrees": NO_RULE,
            "same content": NO_RULE,
            "other source": NO_RULE,
            "overlaps": NO_RULE,
            "same edges": 0.0,
            "run": 0.0,
            "run's source": 0.0,
            "seen": float(key in self._seen),
            "proposed": float(key in self._proposed),
            "rule, quoted": own_rule if self._in_marks(candidate) else NO_RULE,
            "settled": float(key in self._settled),
        }
        for part, rival in self._rivals.near(own):
            sure = log_odds(rival.confidence)
            numbers["overlaps"] = max(numbers["overlaps"], sure)
            if likeness(own, part) < ALIKE:
                continue
            name = "agrees" if _same(rival.source, candidate.source) else "other source"
            numbers[name] = max(numbers[name], sure)
            numbers["same content"] = max(numbers["same content"], sure)
            if abs(own[0] - part[0]) <= EDGE and abs(own[1] - part[1]) <= EDGE:
                numbers["same edges"] = max(numbers["same edges"], rival.confidence)
        for part, run in self._runs.near(own):
            like = likeness(own, part)
            if like > numbers["run"]:
                numbers["run"], numbers["run's source"] = like, float(_same(run.source, candidate.source))
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
        """Whether the encoder has a say on ``candidate``."""
        return not candidate.stated and candidate.rule not in self._unweighed

    def weigh(self, candidate: Candidate) -> Candidate:
        """``candidate`` with the confidence that all of this gives it."""
        if not self.weighs(candidate):
            return candidate
        sure = confidence(self.numbers(candidate))
        if candidate.confidence >= SURE and self._in_marks(candidate):
            sure = max(sure, DOUBTED * candidate.confidence)
        return replace(candidate, confidence=sure)


class Pool(NamedTuple):
    """The candidates of rules and encoder, the evidence by which they are weighed, and what read the encoder's cues."""

    candidates: list[Candidate]
    evidence: Evidence
    cues: CueReader


class _Places:
    """Parts of candidates by where they stand."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._cells: dict[int, list[tuple[Span, Candidate]]] = {}
        for candidate in candidates:
            for part in candidate.content:
                for cell in range(part[0] // CELL, (part[1] - 1) // CELL + 1):
                    self._cells.setdefault(cell, []).append((part, candidate))
        for cell, there in self._cells.items():
            self._cells[cell] = sorted(there, key=lambda one: -one[1].confidence)[:MOST_NEAR]

    def near(self, span: Span) -> Iterator[tuple[Span, Candidate]]:
        """The parts that share a character with ``span``, each at most once."""
        first = span[0] // CELL
        for cell in range(first, (span[1] - 1) // CELL + 1):
            for part, candidate in self._cells.get(cell, ()):
                # One that reaches over several cells was seen in the first that both are in.
                if overlap(part, span) and cell == max(first, part[0] // CELL):
                    yield part, candidate


def _distance(candidate: Candidate, span: Span | None) -> float:
    """How far ``span`` stands from the nearest part of the content, as the logarithm of the characters between."""
    if span is None:
        return 0.0
    return math.log1p(min(max(0, span[0] - part[1], part[0] - span[1]) for part in candidate.content))


def likeness(a: Span, b: Span) -> float:
    """The share of two spans' characters that both have.

    >>> likeness((0, 10), (5, 15)) == 5 / 15
    True
    """
    shared, whole = overlap(a, b), hull((a, b))
    return shared / (whole[1] - whole[0]) if shared else 0.0


def _same(a: Span | None, b: Span | None) -> bool:
    return a is b is None or (a is not None and b is not None and overlap(a, b) > 0)


def log_odds(probability: float) -> float:
    """The log odds of ``probability``, kept finite.

    >>> log_odds(0.5)
    0.0
    """
    bounded = min(max(probability, LOWEST), HIGHEST)
    return math.log(bounded / (1 - bounded))


def situation(numbers: dict[str, float]) -> str:
    """What encoder and rules have to say, by name: the same number means more or less beside what the other saw.

    >>> situation({"run": 1.0, "run's source": 1.0, "agrees": NO_RULE})
    'encoder: all, rules: nothing'
    """
    encoder = "nothing" if numbers["run"] < ALIKE else "all" if numbers["run's source"] else "content"
    return f"encoder: {encoder}, rules: {'nothing' if numbers['agrees'] == NO_RULE else 'all'}"


SITUATIONS = tuple(f"encoder: {e}, rules: {r}" for e in ("nothing", "content", "all") for r in ("nothing", "all"))


def confidence(numbers: dict[str, float]) -> float:
    """A precision between 0 and 1: each number's term is a line through the points it was fitted at."""
    bias, terms = _terms()[situation(numbers)]
    score = bias + sum(height(numbers[name], at, adds) for name, at, adds in terms)
    return 1 / (1 + math.exp(-score))


def account(numbers: dict[str, float]) -> tuple[str, float, list[tuple[str, float, float]]]:
    """What `confidence` adds up: the situation, its bias, and of each number its name, its value and its term."""
    named = situation(numbers)
    bias, terms = _terms()[named]
    return named, bias, [(name, numbers[name], height(numbers[name], at, adds)) for name, at, adds in terms]


def height(value: float, at: Sequence[float], adds: Sequence[float]) -> float:
    """Where the line through the points (``at``, ``adds``) is at ``value``; level before the first and after the last.

    >>> height(1.5, [0.0, 1.0, 2.0], [0.0, 10.0, 20.0])
    15.0
    """
    i = bisect_right(at, value)
    if i == 0:
        return adds[0]
    if i == len(at):
        return adds[-1]
    share = (value - at[i - 1]) / (at[i] - at[i - 1])
    return adds[i - 1] + share * (adds[i] - adds[i - 1])


@cache
def _pronouns() -> frozenset[str]:
    return frozenset(lexicon.load("pronouns")["nominative"].split())


Terms = tuple[float, list[tuple[str, list[float], list[float]]]]


@cache
def _terms() -> dict[str, Terms]:
    data = lexicon.load("joining")
    at = data["at"]
    return {
        name: (one["bias"], [(number, at[number], adds) for number, adds in one["adds"].items()])
        for name, one in data["situations"].items()
    }
