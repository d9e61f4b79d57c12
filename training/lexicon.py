"""Mines the cue lexicon and measures what a rule's find is worth, on PolNeAR's training articles.

    python -m training.lexicon ../shared/polnear/train.jsonl

writes ``cues.json`` (each cue's counts: how often it was an attribution, and how often it stood in that frame) and
``confidence.json`` (the weights of a logistic regression over the flags of `candidates.rule_confidence`). Counts are
facts; no text of the corpus gets into either file. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from benchmarks.gold import Gold
from quotekit.article.paragraphs import read_article
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.candidates.from_syntax import Missing, Reading, SyntaxRules
from quotekit.candidates.match import Match
from quotekit.lexicon.cues import PRIOR, Cues, Entry
from quotekit.rules import RuleSet

DATA = Path(__file__).parents[1] / "src" / "quotekit" / "data" / "en"
ACTS = Path(__file__).with_name("acts.json")
FEWEST_HITS = 2
LEAST_SHARE = 0.12
FEWEST_FLAGS = 40
FEWEST_FINDS = 8
"""Minimum number of attributions of a cue, their minimum share, and minimum counts of a flag and of a rule."""


class Anything(dict[str, float]):
    """Every frame, as if nothing were known of the cue."""

    def __contains__(self, frame: object) -> bool:
        return True

    def __getitem__(self, frame: str) -> float:
        return 0.5


class EveryCue(Cues):
    """A lexicon that has every lemma of the corpus in every frame, so that the rules show all that they could find."""

    def __init__(self, lemmas: Iterable[str]) -> None:
        self._lemmas = frozenset(lemmas)

    def anchors(self, frame: str) -> frozenset[str]:
        return self._lemmas

    def find(self, frame: str, cue: str) -> Entry | None:
        return Entry(cue, "statement", Anything())


@dataclass(frozen=True, slots=True)
class Find:
    """One find of one rule: where, on what evidence, and whether the annotators have it, source included."""

    article: str
    frame: str | None
    cue: str
    flags: tuple[str, ...]
    right: bool

    @property
    def named(self) -> bool:
        """Whether the find has a source."""
        return any(flag.startswith("source:") for flag in self.flags)


class Readings(list[Reading]):
    """What the rules read off the matches that may compete."""

    def matched(self, match: Match, reading: Reading | Missing, without: str | None) -> None:
        if without is None and isinstance(reading, Reading):
            self.append(reading)


def finds(pages: list[tuple[dict[str, Any], ParsedArticle]]) -> Iterator[Find]:
    """All that the built-in rules find with every lemma for a cue."""
    lemmas = {
        lemma
        for _, page in pages
        for lemma, pos in zip(page.parse.lemmas, page.parse.pos, strict=True)
        if pos in ("VERB", "AUX", "NOUN", "ADJ")
    }
    rules = SyntaxRules([rule for rule in RuleSet.default() if rule.pattern], EveryCue(lemmas))
    for record, page in pages:
        gold = Gold(record)
        readings = Readings()
        rules.propose(page, readings)
        for candidate, evidence in readings:
            # The annotators left what is quoted inside a quote alone.
            if candidate.depth == 0 and page.is_running(candidate.content[0][0]):
                cue = evidence.entry.cue if evidence.entry else ""
                right = gold.attributed(candidate.content, candidate.source)
                yield Find(record["id"], evidence.rule.frame, cue, evidence.flags, right)


class Records:
    """How often each cue was right in each frame, in all and in each article."""

    def __init__(self, found: list[Find]) -> None:
        self.counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._by_article: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        named = {find.frame for find in found if find.named}
        for find in found:
            # Where most finds name a source, those that name none would blur the cue's record.
            if find.frame and (find.named or find.frame not in named):
                for row in (
                    self.counts[find.frame, find.cue],
                    self._by_article[find.article, find.frame, find.cue],
                ):
                    row[0] += find.right
                    row[1] += 1
        self.kept = {
            key for key, (hits, seen) in self.counts.items() if hits >= FEWEST_HITS and hits / seen >= LEAST_SHARE
        }
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for frame, cue in self.kept:
            sums[frame][0] += self.counts[frame, cue][0]
            sums[frame][1] += self.counts[frame, cue][1]
        self.means = {frame: hits / seen for frame, (hits, seen) in sums.items()}

    def log_odds(self, find: Find) -> float:
        """The cue's record without the article that the find is in."""
        assert find.frame is not None
        hits, seen = self.counts[find.frame, find.cue]
        own_hits, own_seen = self._by_article.get((find.article, find.frame, find.cue), (0, 0))
        mean = self.means[find.frame]
        precision = (hits - own_hits + mean * PRIOR) / (seen - own_seen + PRIOR)
        return math.log(precision / (1 - precision))


def fit(found: list[Find], records: Records) -> dict[str, Any]:
    """Weights of the record and of each flag that is common enough."""
    used = [find for find in found if find.frame is None or (find.frame, find.cue) in records.kept]
    seen = Counter(flag for find in used for flag in set(find.flags))
    flags = sorted(
        flag for flag, count in seen.items() if count >= (FEWEST_FINDS if flag.startswith("rule:") else FEWEST_FLAGS)
    )
    column = {flag: i for i, flag in enumerate(flags)}
    rows, columns = [], []
    for i, find in enumerate(used):
        for flag in set(find.flags) & column.keys():
            rows.append(i)
            columns.append(column[flag])
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(used), len(flags)))
    odds = csr_matrix(np.array([[records.log_odds(find) if find.frame else 0.0] for find in used]))
    model = LogisticRegression(C=1.0, max_iter=1000).fit(hstack([odds, table]).tocsr(), [find.right for find in used])
    record, *weights = model.coef_[0]
    return {
        "note": "Weights of a logistic regression on PolNeAR train; made by training/lexicon.py.",
        "bias": round(float(model.intercept_[0]), 3),
        "record": round(float(record), 3),
        "flags": {
            flag: round(float(weight), 2)
            for flag, weight in zip(flags, weights, strict=True)
            if flag.startswith("rule:") or abs(weight) >= 0.05
        },
    }


def cues(records: Records) -> dict[str, Any]:
    """The lexicon: counts of every cue that is kept, and of those that are known whatever the corpus holds."""
    acts = json.loads(ACTS.read_text(encoding="utf-8"))
    frames: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for frame, cue in records.kept:
        frames[cue][frame] = list(records.counts[frame, cue])
    known = [(cue, frame) for frame, cues in acts["known"].items() for cue in cues]
    for cue, frame in known:
        frames[cue].setdefault(frame, list(records.counts.get((frame, cue), (0, 0))))
    statements = set(acts["statement"])
    return {
        "note": "Counts from PolNeAR train, made by training/lexicon.py: in each frame, how often the cue was an "
        "attribution, and how often it stood there.",
        "frames": {frame: round(mean, 4) for frame, mean in sorted(records.means.items())},
        "cues": {
            cue: {
                "act": "statement" if cue.split()[0] in statements else "attitude",
                "frames": dict(sorted(frames[cue].items())),
            }
            for cue in sorted(frames)
        },
    }


def write(path: Path, data: dict[str, Any]) -> None:
    """JSON with a line for each cue or flag, so that changes can be read."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict):
            rows = ",\n".join(f"  {json.dumps(k, ensure_ascii=False)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f"{json.dumps(key)}: {{\n{rows}\n}}")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value)}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def read_pages(path: Path) -> Iterator[tuple[dict[str, Any], ParsedArticle]]:
    """Each record of the corpus with its page."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            article = read_article(record["text"])
            yield record, ParsedArticle(article, find_quoted(article), parse_article(article))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, help="PolNeAR's train.jsonl")
    pages = list(read_pages(parser.parse_args().train))
    found = list(finds(pages))
    records = Records(found)
    write(DATA / "cues.json", cues(records))
    write(DATA / "confidence.json", fit(found, records))
    print(f"{len(found)} finds, {len(records.kept)} cues and frames kept")


if __name__ == "__main__":
    main()
