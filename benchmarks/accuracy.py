"""How much of PolNeAR's gold is found, and rightly attributed; figures are those of the corpus's scorer.

python -m benchmarks.accuracy                 quotekit, its rules alone, its encoder alone, and textacy, on dev
python -m benchmarks.accuracy --by-rule       what each of quotekit's rules contributes, and how precisely
python -m benchmarks.accuracy --thresholds    precision and recall of statements by ``min_confidence``
python -m benchmarks.accuracy --guard         exit code 1 if a figure fell since it was recorded
python -m benchmarks.accuracy --record        record the figures of quotekit and of the rules alone
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.corpus import Record, Relation, articles, scorer
from benchmarks.systems import NOT_INSTALLED, OWN, SYSTEMS, as_relation, installed
from benchmarks.tables import table
from quotekit import Extractor
from quotekit.attribution.filters import Filters

RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 0.3
"""F1 points that a figure may fall: less than this is a sentence or two read otherwise."""

GUARDED = ("quotekit", "rules alone")
"""What is recorded: the rules alone must stay as good as they are, whatever the encoder makes up for."""

PARTS = ("all", "quoted")
KINDS = ("direct", "mixed", "indirect")
SHOWN = (*OWN, "textacy", "textacy by paragraph")
COUNTS = {
    "content": ("match", "pred", "gold"),
    "exact": ("exact", "pred", "gold"),
    "attributed": ("attr", "pred", "gold"),
    "token": ("tm", "tp", "tg"),
    "token attributed": ("ta", "tp", "tg"),
}

THRESHOLDS = (0.0, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9)
"""Values of ``min_confidence`` that are compared."""

Found = dict[str, list[Relation]]
"""Attributions by article id."""

Figures = dict[str, dict[str, float]]
"""F1 in percent by system, then by part and measure."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code is 1 if the guard found a fall, else 0."""
    options = _options(arguments)
    gold = articles(options.split, options.limit)
    print(
        f"PolNeAR {options.split}: {len(gold)} articles, {sum(len(r['attributions']) for r in gold):,} attributions\n"
    )
    if options.guard or options.record:
        figures = {name: f1_figures(gold, find(name, gold)) for name in GUARDED}
        return guard(figures) if options.guard else record(figures)
    if options.by_rule:
        for name in options.systems or OWN[:1]:
            print(f"{name}\n\n{by_rule(gold, find(name, gold))}\n")
        return 0
    if options.thresholds:
        print(f"Statements by min_confidence\n\n{by_threshold(gold)}")
        return 0
    wanted = options.systems or SHOWN
    names = [name for name in wanted if installed(name)]
    if len(names) < len(wanted):
        print(NOT_INSTALLED + "\n")
    print(side_by_side(gold, {name: find(name, gold) for name in names}))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.partition("\n")[0])
    parser.add_argument("--split", choices=("dev", "train"), default="dev")
    parser.add_argument("--limit", type=int, help="only the first articles")
    parser.add_argument("--systems", nargs="+", choices=list(SYSTEMS), help="other systems than the default ones")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--by-rule", action="store_true", help="what each rule contributes")
    mode.add_argument("--thresholds", action="store_true", help="precision and recall by min_confidence")
    mode.add_argument("--guard", action="store_true", help="compare with the recorded figures")
    mode.add_argument("--record", action="store_true", help="record the figures")
    options = parser.parse_args(arguments)
    if (options.guard or options.record) and (options.limit or options.split != "dev"):
        parser.error("figures are recorded on the whole of dev: --guard and --record go without --split and --limit")
    if options.by_rule and not set(options.systems or ()) <= set(OWN):
        parser.error(f"only these have rules: {', '.join(OWN)}")
    return options


def find(name: str, gold: list[Record]) -> Found:
    """What a system finds in each article."""
    read = SYSTEMS[name]()
    return {article["id"]: read(article["text"]) for article in gold}


def f1_figures(gold: list[Record], found: Found) -> dict[str, float]:
    """F1 in percent by part and measure: ``{"all: content": 67.25, …}``."""
    score = scorer()
    counts = score.score(gold, found)
    return {
        f"{part}: {measure}": round(100 * score.f1(*(counts[part][key] for key in keys))[2], 2)
        for part in PARTS
        for measure, keys in COUNTS.items()
    }


def recall_figures(gold: list[Record], found: Found) -> dict[str, float]:
    """Recall in percent by gold kind: found, and found with the right source."""
    counts = scorer().score(gold, found)["all"]
    return {
        f"{kind}{name}": 100 * counts[f"{key}_{kind}"] / max(1, counts[f"gold_{kind}"])
        for key, name in (("match", ""), ("attr", " attributed"))
        for kind in KINDS
    }


def kind_figures(gold: list[Record], found: Found) -> dict[str, float]:
    """Precision, recall and F1 in percent of attributed fragments, by kind.

    The kind of a find is what the gold's kinds are made of: whether all of its words stand in quotation marks, some or
    none. Precision counts the finds of a kind, recall the gold of a kind, whatever kind the other side has.
    """
    score = scorer()
    counts = score.score(gold, found)["all"]
    predicted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for article in gold:
        words = score.words(article["text"])
        quoted = score.quoted_words(article["text"], words)
        fragments = score.frags(found[article["id"]], words)
        kinds = [_kind(score.to_words(words, relation["content"]), quoted) for _, (_, relation) in fragments]
        pairs = matches(score, fragments, score.frags(article["attributions"], words))
        predicted.update(kinds)
        right.update(kinds[i] for i, _, is_right in pairs if is_right)
    figures: dict[str, float] = {}
    for kind in KINDS:
        precision = right[kind] / max(1, predicted[kind])
        recall = counts[f"attr_{kind}"] / max(1, counts[f"gold_{kind}"])
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        figures |= {f"{kind} P": 100 * precision, f"{kind} R": 100 * recall, f"{kind} F1": 100 * f1}
    return figures


def _kind(words: set[int], quoted: set[int]) -> str:
    return "direct" if words <= quoted else "mixed" if words & quoted else "indirect"


def matches(score: ModuleType, predicted: list[Any], expected: list[Any]) -> Iterator[tuple[int, int, bool]]:
    """The scorer's pairs of matching fragments, by index, and whether the source is right too."""
    for _, i, j in score.best_matches(predicted, expected):
        source, wanted = predicted[i][1][0], expected[j][1][0]
        yield i, j, bool(source & wanted) if wanted else not source


def side_by_side(gold: list[Record], found: dict[str, Found]) -> str:
    """Tables of all systems: F1 over everything, F1 inside quotation marks, and by kind."""
    f1 = {name: f1_figures(gold, relations) for name, relations in found.items()}
    titles = {"all": "F1, all attributions", "quoted": "F1, words inside quotation marks"}
    blocks = [
        f"{titles[part]}\n\n"
        + table(["", *COUNTS], [[name, *(f1[name][f"{part}: {measure}"] for measure in COUNTS)] for name in found])
        for part in PARTS
    ]
    by_kind = (
        ("Recall, all attributions, by kind", recall_figures),
        ("Attributed, all attributions, by kind: precision, recall, F1", kind_figures),
    )
    for title, measure in by_kind:
        figures = {name: measure(gold, relations) for name, relations in found.items()}
        rows = [[name, *values.values()] for name, values in figures.items()]
        blocks.append(f"{title}\n\n" + table(["", *next(iter(figures.values()))], rows))
    return "\n\n".join(blocks)


def by_rule(gold: list[Record], found: Found) -> str:
    """For each rule: fragments it gave, matched and rightly attributed ones, its precision and its own confidence."""
    score = scorer()
    fired: dict[str, list[float]] = defaultdict(list)
    matched: dict[str, int] = defaultdict(int)
    attributed: dict[str, int] = defaultdict(int)
    for article in gold:
        words = score.words(article["text"])
        predicted = score.frags(found[article["id"]], words)
        expected = score.frags(article["attributions"], words)
        for _, (_, relation) in predicted:
            fired[relation["rule"]].append(relation["confidence"])
        for i, _, is_right in matches(score, predicted, expected):
            rule = predicted[i][1][1]["rule"]
            matched[rule] += 1
            attributed[rule] += is_right
    rows = [
        [
            rule,
            len(confidences),
            matched[rule],
            attributed[rule],
            100 * matched[rule] / len(confidences),
            100 * attributed[rule] / len(confidences),
            100 * sum(confidences) / len(confidences),
        ]
        for rule, confidences in sorted(fired.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    return table(["rule", "fired", "matched", "attributed", "% matched", "% attributed", "confidence"], rows)


def by_threshold(gold: list[Record]) -> str:
    """Precision of attributed statements, their recall, and how many of the right ones are kept, by threshold.

    Recall is that of all that is annotated: the corpus does not say what of it is a statement.
    """
    extractor = Extractor(min_confidence=0)
    quotes = {article["id"]: extractor.extract(article["text"]) for article in gold}
    rows = []
    for threshold in THRESHOLDS:
        filters = Filters(min_confidence=threshold)
        found = {
            id: [
                as_relation(quote)
                for quote in there
                if quote.parent is None and filters.leaves_out(quote, direct=quote.kind == "direct") is None
            ]
            for id, there in quotes.items()
        }
        counts = scorer().score(gold, found)["all"]
        rows.append((threshold, counts["pred"], counts["attr"], counts["gold"]))
    everything = rows[0][2]
    cells = [
        [f"{threshold:g}", found, 100 * right / found, 100 * right / annotated, 100 * right / everything]
        for threshold, found, right, annotated in rows
    ]
    return table(["min_confidence", "found", "% right", "% recall", "% of the right ones kept"], cells)


def record(figures: Figures) -> int:
    """Write the figures to the file that the guard reads."""
    RECORDED.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    names = list(figures)
    rows = [[measure, *(f"{figures[name][measure]:.2f}" for name in names)] for measure in figures[names[0]]]
    print("Recorded\n\n" + table(["F1", *names], rows))
    return 0


def guard(figures: Figures) -> int:
    """1 if any figure is more than `TOLERANCE` below the recorded one, or none is recorded, else 0."""
    recorded: Figures = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.is_file() else {}
    missing = [name for name in figures if name not in recorded]
    if missing:
        remedy = "python -m benchmarks.accuracy --record"
        print(f"no figures of {', '.join(missing)} in {RECORDED.name}: {remedy}", file=sys.stderr)
        return 1
    rows = [
        (f"{name}, {measure}", was, figures[name].get(measure, 0.0))
        for name in figures
        for measure, was in recorded[name].items()
    ]
    print(table(["F1", "recorded", "now"], [[title, f"{was:.2f}", f"{now:.2f}"] for title, was, now in rows]))
    # Rounded, so that a fall of exactly the tolerance is not lost to binary fractions.
    fallen = [title for title, was, now in rows if round(was - now, 6) > TOLERANCE]
    if fallen:
        print(f"\nguard: failed, more than {TOLERANCE} below the recorded figure: {'; '.join(fallen)}")
        return 1
    print(f"\nguard: ok, no figure is more than {TOLERANCE} below the recorded one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
