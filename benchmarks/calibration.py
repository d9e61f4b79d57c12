"""Whether confidence is what it says: of a hundred quotes with 0.9, about ninety should be right.

    python -m benchmarks.calibration                              reliability of quotekit and of its rules alone, on dev
    python -m benchmarks.calibration --split stories              the same on the sample stories, news of another kind
    python -m benchmarks.calibration --plot docs/calibration.svg  the same, and drawn

Right means what "attributed" means in `benchmarks.accuracy`: content shares half of its words with annotated content,
and the source shares one with its source. Quotes inside others are left out, as the corpus annotates none. The expected
calibration error is the mean distance between confidence and precision over equal-width bins, weighted by their size
(Naeini, Cooper and Hauskrecht 2015).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from html import escape
from pathlib import Path

from benchmarks.corpus import Record, articles
from benchmarks.gold import Gold
from benchmarks.stories import stories
from benchmarks.systems import SYSTEMS
from benchmarks.tables import table

SHOWN = ("quotekit", "rules alone")
BINS = 10

Judged = list[tuple[float, bool]]
"""Of each quote its confidence, and whether it is right."""

SIDE, GAP, TOP = 220, 70, 34
"""Of the drawing: the side of a diagram, the room to the left of one and below it, the room above it."""

LINE, BAR, INK = "#3178b8", "#9aa4ae", "#7a838c"
"""Colours that can be read on white and on black."""


@dataclass(frozen=True)
class Bin:
    """The quotes whose confidence lies between ``low`` and ``high``: how many, mean confidence, share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    precision: float


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__.partition("\n")[0])
    parser.add_argument("--split", choices=("dev", "train", "stories"), default="dev", help="stories: those in data/")
    parser.add_argument("--limit", type=int, help="only the first articles")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw it, as SVG")
    options = parser.parse_args(arguments)
    gold = stories()[: options.limit] if options.split == "stories" else articles(options.split, options.limit)
    print(f"{'sample stories' if options.split == 'stories' else f'PolNeAR {options.split}'}: {len(gold)} articles")
    reliability = {name: bins(judged(name, gold)) for name in SHOWN}
    for name, rows in reliability.items():
        print(f"\n{summary(name, rows)}\n\n{reliability_table(rows)}")
    if options.plot:
        options.plot.write_text(drawing(reliability), encoding="utf-8", newline="\n")


def judged(name: str, gold: list[Record]) -> Judged:
    """What a system finds in the articles, judged by their gold."""
    read = SYSTEMS[name]()
    found: Judged = []
    for article in gold:
        annotated = Gold(article)
        for relation in read(article["text"]):
            content = [(start, end) for start, end in relation["content"]]
            source = next(((start, end) for start, end in relation["source"]), None)
            found.append((relation["confidence"], annotated.attributed(content, source)))
    return found


def bins(found: Judged) -> list[Bin]:
    """The quotes in bins of equal width; bins without quotes are left out.

    >>> bins([(0.95, True), (1.0, True), (0.91, False), (0.4, True)])[0]
    Bin(low=0.4, high=0.5, count=1, confidence=0.4, precision=1.0)
    """
    binned: list[Judged] = [[] for _ in range(BINS)]
    for confidence, right in found:
        binned[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return [
        Bin(
            low=i / BINS,
            high=(i + 1) / BINS,
            count=len(inside),
            confidence=sum(confidence for confidence, _ in inside) / len(inside),
            precision=sum(right for _, right in inside) / len(inside),
        )
        for i, inside in enumerate(binned)
        if inside
    ]


def expected_error(rows: list[Bin]) -> float:
    """The expected calibration error: 0 where confidence is precision.

    >>> round(expected_error(bins([(0.8, True), (0.8, False)])), 2)
    0.3
    """
    count = sum(row.count for row in rows)
    return sum(row.count * abs(row.confidence - row.precision) for row in rows) / max(1, count)


def summary(name: str, rows: list[Bin]) -> str:
    """One line: how many quotes, and how far their confidence is from their precision."""
    return f"{name}: {sum(row.count for row in rows):,} quotes, expected calibration error {expected_error(rows):.3f}"


def reliability_table(rows: list[Bin]) -> str:
    """A line for each bin."""
    cells = [
        [f"{row.low:.1f} to {row.high:.1f}", row.count, f"{row.confidence:.3f}", f"{row.precision:.3f}"] for row in rows
    ]
    return table(["confidence", "quotes", "mean confidence", "precision"], cells)


def drawing(reliability: dict[str, list[Bin]]) -> str:
    """The reliability diagrams of several systems side by side, as SVG."""
    width = len(reliability) * (SIDE + GAP) + GAP // 2
    height = TOP + SIDE + GAP
    diagrams = [diagram(name, rows, GAP + i * (SIDE + GAP)) for i, (name, rows) in enumerate(reliability.items())]
    title = "Precision by confidence of " + " and of ".join(reliability)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' role="img" font-family="sans-serif" font-size="11" fill="{INK}">',
            f"<title>{escape(title)}</title>",
            *diagrams,
            "</svg>\n",
        ]
    )


def diagram(name: str, rows: list[Bin], left: int) -> str:
    """One diagram: precision over mean confidence as a line, the diagonal, and the bins' sizes as bars."""
    bottom, middle = TOP + SIDE, left + SIDE // 2
    most = max((row.count for row in rows), default=1)
    points = [(left + SIDE * row.confidence, bottom - SIDE * row.precision) for row in rows]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    heading = f"{name}: error {expected_error(rows):.3f}"
    return "\n".join(
        [
            f'<text x="{middle}" y="{TOP - 14}" text-anchor="middle" font-weight="bold">{escape(heading)}</text>',
            *(_bar(row, left, most) for row in rows),
            f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{INK}"/>',
            f'<path d="M{left} {bottom}L{left + SIDE} {TOP}" stroke="{INK}" stroke-dasharray="4 4"/>',
            *(_tick(share, left) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
            f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>',
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE}"/>' for x, y in points),
            f'<text x="{middle}" y="{bottom + 36}" text-anchor="middle">confidence (bars: number of quotes)</text>',
            f'<text transform="translate({left - 38} {TOP + SIDE // 2}) rotate(-90)" text-anchor="middle">'
            "precision</text>",
        ]
    )


def _bar(row: Bin, left: int, most: int) -> str:
    """The bin's size: the biggest is a third as high as the diagram."""
    x, width = left + SIDE * row.low, SIDE * (row.high - row.low)
    height = SIDE / 3 * row.count / most
    y = TOP + SIDE - height
    return (
        f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{height:.1f}" fill="{BAR}" '
        f'fill-opacity="0.35"/>'
        f'<text x="{x + width / 2:.1f}" y="{y - 3:.1f}" font-size="8" text-anchor="middle">{row.count}</text>'
    )


def _tick(share: float, left: int) -> str:
    """The share's number on both axes."""
    x, y = left + SIDE * share, TOP + SIDE * (1 - share)
    return (
        f'<text x="{x:.1f}" y="{TOP + SIDE + 16}" text-anchor="middle">{share:g}</text>'
        f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{share:g}</text>'
    )


if __name__ == "__main__":
    main()
