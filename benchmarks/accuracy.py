"""How much of PolNeAR's gold is found, and rightly attributed; figures are those of the corpus's scorer.

python -m benchmarks.accuracy                 quotekit and textacy side by side, on dev
python -m benchmarks.accuracy --by-rule       what each of quotekit's rules contributes, and how precisely
python -m benchmarks.accuracy --guard         exit code 1 if a figure fell since it was recorded
python -m benchmarks.accuracy --record        record quotekit's figures
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from benchmarks.corpus import Record, Relation, articles, scorer
from benchmarks.systems import NOT_INSTALLED, SYSTEMS, installed
from benchmarks.tables import table

RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 0.3
"""F1 points that a figure may fall: less than this is a sentence or two read otherwise."""

PARTS = ("all", "quoted")
KINDS = ("direct", "mixed", "indirect")
COUNTS = {
    "content": ("match", "pred", "gold"),
    "exact": ("exact", "pred", "gold"),
    "attributed": ("attr", "pred", "gold"),
    "token": ("tm", "tp", "tg"),
    "token attributed": ("ta", "tp", "tg"),
}

Found = dict[str, list[Relation]]
"""Attributions by article id."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code is 1 if the guard found a fall, else 0."""
    options = _options(arguments)
    gold = articles(options.split, options.limit)
    print(
        f"PolNeAR {options.split}: {len(gold)} articles, {sum(len(r['attributions']) for r in gold):,} attributions\n"
    )
    if options.guard or options.record:
        figures = f1_figures(gold, find("quotekit", gold))
        return guard(figures) if options.guard else record(figures)
    if options.by_rule:
        print(by_rule(gold, find("quotekit", gold)))
        return 0
    names = [name for name in options.systems if installed(name)]
    if len(names) < len(options.systems):
        print(NOT_INSTALLED + "\n")
    print(side_by_side(gold, {name: find(name, gold) for name in names}))
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.partition("\n")[0])
    parser.add_argument("--split", choices=("dev", "train"), default="dev")
    parser.add_argument("--limit", type=int, help="only the first articles")
    parser.add_argument(
        "--systems", nargs="+", choices=list(SYSTEMS), default=["quotekit", "textacy", "textacy by paragraph"]
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--by-rule", action="store_true", help="what each rule contributes")
    mode.add_argument("--guard", action="store_true", help="compare with the recorded figures")
    mode.add_argument("--record", action="store_true", help="record the figures")
    options = parser.parse_args(arguments)
    if (options.guard or options.record) and (options.limit or options.split != "dev"):
        parser.error("figures are recorded on the whole of dev: --guard and --record go without --split and --limit")
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


def side_by_side(gold: list[Record], found: dict[str, Found]) -> str:
    """Tables of all systems: F1 over everything, F1 inside quotation marks, recall by kind."""
    f1 = {name: f1_figures(gold, relations) for name, relations in found.items()}
    titles = {"all": "F1, all attributions", "quoted": "F1, words inside quotation marks"}
    blocks = [
        f"{titles[part]}\n\n"
        + table(["", *COUNTS], [[name, *(f1[name][f"{part}: {measure}"] for measure in COUNTS)] for name in found])
        for part in PARTS
    ]
    recall = {name: recall_figures(gold, relations) for name, relations in found.items()}
    rows = [[name, *figures.values()] for name, figures in recall.items()]
    blocks.append("Recall, all attributions, by kind\n\n" + table(["", *next(iter(recall.values()))], rows))
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
        for _, i, j in score.best_matches(predicted, expected):
            source, relation = predicted[i][1]
            gold_source = expected[j][1][0]
            matched[relation["rule"]] += 1
            attributed[relation["rule"]] += bool(source & gold_source) if gold_source else not source
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


def record(figures: dict[str, float]) -> int:
    """Write the figures to the file that the guard reads."""
    RECORDED.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(table(["F1", "recorded"], [[name, f"{value:.2f}"] for name, value in figures.items()]))
    return 0


def guard(figures: dict[str, float]) -> int:
    """1 if any figure is more than `TOLERANCE` below the recorded one, else 0."""
    if not RECORDED.is_file():
        print(f"no figures recorded yet in {RECORDED.name}: python -m benchmarks.accuracy --record", file=sys.stderr)
        return 1
    recorded: dict[str, float] = json.loads(RECORDED.read_text(encoding="utf-8"))
    rows = [[name, f"{was:.2f}", f"{figures.get(name, 0.0):.2f}"] for name, was in recorded.items()]
    print(table(["F1", "recorded", "now"], rows))
    # Rounded, so that a fall of exactly the tolerance is not lost to binary fractions.
    fallen = [name for name, was in recorded.items() if round(was - figures.get(name, 0.0), 6) > TOLERANCE]
    if fallen:
        print(f"\nguard: failed, more than {TOLERANCE} below the recorded figure: {', '.join(fallen)}")
        return 1
    print(f"\nguard: ok, no figure is more than {TOLERANCE} below the recorded one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
