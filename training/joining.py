"""Fits how rules and encoder are weighed against each other, on training articles that the encoder has not seen.

    python -m training.joining ../shared/polnear/train.jsonl --encoder held-out/ --hold-out 0/5

``--encoder`` is a folder with an encoder that was trained without every Nth article, counted from K; on those, each
candidate of either side is described (`attribution.weighing`) and compared with the annotators'. Writes
``joining.json``.
Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.gold import ALIKE, Gold
from quotekit.article.paragraphs import read_article
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.additive_model import SITUATIONS, situation
from quotekit.attribution.deciding import Proposers
from quotekit.attribution.weighing import LAYOUT_ALONE
from quotekit.encoder.decoding import Decoded, decode
from quotekit.encoder.network import Encoder
from quotekit.lexicon.cues import Cues
from quotekit.rules import RuleSet

OUT = Path(__file__).parents[1] / "src" / "quotekit" / "data" / "en" / "joining.json"
POINTS = 6
"""Maximum number of points of a number's term, at even shares of the candidates."""

STRENGTH = 0.1
"""How freely the points may move: the inverse of the penalty on their squares."""

INEXACT = 0.75
"""What a candidate counts for that is right in most of its words: less, so that the exact one of two wins."""

Numbers = list[dict[str, float]]


def read(record: dict[str, Any], encoder: Encoder) -> tuple[ParsedArticle, Decoded]:
    """The article as rules and encoder see it."""
    article = read_article(record["text"])
    page = ParsedArticle(article, find_quoted(article), parse_article(article))
    return page, decode(page, encoder)


def candidates(
    record: dict[str, Any], page: ParsedArticle, decoded: Decoded, proposers: Proposers
) -> Iterator[tuple[dict[str, float], float]]:
    """Each candidate's numbers, and how much of what the annotators have it has, with their source."""
    gold = Gold(record)
    proposed = proposers.propose(page)
    pool, evidence, _ = proposers.pool(page, proposed, proposers.settle(page, proposed.outermost), decoded)
    for candidate in pool:
        if candidate.rule not in LAYOUT_ALONE:
            yield evidence.numbers(candidate), gold.likeness(candidate.content, candidate.source)


def fit(numbers: Numbers, likeness: Iterable[float]) -> dict[str, Any]:
    """The terms of the additive model: what all situations have in common, and each one's own deviation from it.

    A candidate that is right counts in full if its words are just those, else as `INEXACT`.
    """
    names = list(numbers[0])
    columns = {name: np.array([row[name] for row in numbers]) for name in names}
    points = {name: places(column) for name, column in columns.items()}
    basis = np.hstack([np.ones((len(numbers), 1)), *(hats(columns[name], points[name]) for name in names)])
    where = np.array([SITUATIONS.index(situation(row)) for row in numbers])
    own = [basis * (where == i)[:, None] for i in range(len(SITUATIONS))]
    model = logistic(np.hstack([basis, *own]), worth(np.array(list(likeness))))
    weights = model.coef_[0].reshape(1 + len(SITUATIONS), -1)
    return {
        "at": {name: points[name].tolist() for name in names},
        "situations": {
            name: terms(names, points, float(model.intercept_[0]), weights[0] + weights[1 + i])
            for i, name in enumerate(SITUATIONS)
        },
    }


def worth(likeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each candidate counts for: nothing, `INEXACT` or 1."""
    return np.where(likeness < ALIKE, 0.0, np.where(likeness < 1.0, INEXACT, 1.0))


def logistic(basis: NDArray[np.float64], worth: NDArray[np.float64]) -> LogisticRegression:
    """A logistic regression on shares of right and wrong."""
    rows, right = np.vstack([basis, basis]), np.repeat([True, False], len(basis))
    weights = np.concatenate([worth, 1 - worth])
    some = weights > 0
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    return model.fit(rows[some], right[some], sample_weight=weights[some])


def terms(
    names: list[str], points: dict[str, NDArray[np.float64]], intercept: float, weights: NDArray[np.float64]
) -> dict[str, Any]:
    """One situation's bias, and what each number adds at its points."""
    left = iter(weights[1:].tolist())
    adds = {name: [round(next(left), 3) for _ in points[name]] for name in names}
    return {"bias": round(intercept + float(weights[0]), 3), "adds": adds}


def places(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a term may bend: at even shares of the candidates, those with the commonest value aside, and at that."""
    values, counts = np.unique(column.round(3), return_counts=True)
    commonest = values[counts.argmax()]
    others = column[column.round(3) != commonest]
    shares = np.quantile(others, np.linspace(0, 1, POINTS)).round(3) if len(others) else others
    return np.unique(np.r_[commonest, shares])


def hats(column: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """How near each value is to each point: 1 at it, 0 at the next."""
    return np.stack([np.interp(column, points, unit) for unit in np.eye(len(points))], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("--encoder", type=Path, required=True, help="folder with the encoder of the other articles")
    parser.add_argument("--hold-out", required=True, help="K/N: the articles it has not seen")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    part, parts = map(int, arguments.hold_out.split("/"))
    lines = arguments.train.read_text(encoding="utf-8").splitlines()
    encoder, proposers = Encoder(arguments.encoder), Proposers(RuleSet.default(), Cues.default())
    found = [
        candidate
        for line in lines[part::parts]
        for record in [json.loads(line)]
        for candidate in candidates(record, *read(record, encoder), proposers)
    ]
    likeness = [like for _, like in found]
    data = {
        "note": "What each number adds to the log odds that a candidate is right; made by training/joining.py.",
        **fit([numbers for numbers, _ in found], likeness),
    }
    arguments.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} candidates, {sum(like >= ALIKE for like in likeness)} right; wrote {arguments.out}")


if __name__ == "__main__":
    main()
