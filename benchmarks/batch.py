"""How fast folders of articles are read, and with how much memory, beside the plain pipeline, and in other engines.

    python -m benchmarks.batch                 all systems on the same articles, in turn
    python -m benchmarks.batch --memory        1,000 against 100,000 short articles: memory must stay
    python -m benchmarks.batch --projection    from the measured speed to 100 million articles

Each system is a command of its own; its CPU seconds and its memory are those of all its processes. What it costs to
start is measured on a tiny article for each worker, and taken off where that is said. ``--json FILE`` keeps the
figures, and ``--projection --json FILE`` counts with those that are kept there.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil

from benchmarks import engines
from benchmarks.corpus import SHARED
from benchmarks.tables import table
from benchmarks.trees import Cost, measured

STORIES = Path(__file__).resolve().parents[1] / "data" / "stories"
TRAIN = SHARED / "polnear" / "train.jsonl"

TINY = "“The pier stays shut,” Ann Lee said."
"""The article that start-up is measured on."""

SHORT = "KESTRIA, Day {0}: “The ferry was {0} minutes late,” Ann Lee said on Monday. The harbor master disagreed."
FEW, MANY = 1_000, 100_000
BOUND = 1.10
"""Maximum ratio of the memory for many articles to that for few."""

TOO_FEW = "–"
ENOUGH = 1.5
"""Minimum time of a run, in times that of the start; a shorter one has `TOO_FEW` articles to show the reading."""

ARTICLES = 100_000_000
PRICE = 0.04
CORES = 64
MIB = 2**20


class System(NamedTuple):
    """A system with a number of workers: what ``--systems`` calls it, and how `benchmarks.engines` runs it."""

    run: str
    workers: int
    title: str


SYSTEMS = {
    "plain-1": System("plain", 1, "plain pipeline, 1 process"),
    "plain-2": System("plain", 2, "plain pipeline, n_process=2"),
    "pipe-1": System("pipe", 1, "Extractor.pipe, 1 process"),
    "quotekit-1": System("command", 1, "**quotekit extract**, 1 worker"),
    "quotekit-2": System("command", 2, "**quotekit extract**, 2 workers"),
    "ray-2": System("ray", 2, "quotekit on Ray Data, 2 actors"),
    "spark-2": System("spark", 2, "quotekit on Spark, local[2]"),
}
BASE = "pipe-1"
"""The system without any engine, by which what an engine costs is measured."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one system; medians of the rounds. ``start`` is the same on tiny articles."""

    words: int
    quotes: int
    wall: float
    cpu: float
    peak: int
    processes: int
    memory: str
    start_wall: float
    start_cpu: float
    start_peak: int

    @property
    def tells(self) -> bool:
        """Whether there was so much to read that the start can be taken off."""
        return self.cpu > ENOUGH * self.start_cpu and self.wall > self.start_wall

    @property
    def work(self) -> float:
        """CPU seconds after the start."""
        return self.cpu - self.start_cpu

    @property
    def lasts(self) -> float:
        """Seconds after the start."""
        return self.wall - self.start_wall


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    options = _options(arguments)
    if options.memory:
        print(memory(options.few, options.many))
    elif options.projection:
        figures = _kept(options.json) if options.json and options.json.is_file() else _measure(options)
        print(projection(figures, options))
    else:
        print(comparison(_measure(options), options.articles))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000, help="how many articles; the corpus again and again")
    parser.add_argument("--clip", type=int, metavar="WORDS", help="only the beginning of each article")
    parser.add_argument("--rounds", type=int, default=1, help="how often each system reads them")
    parser.add_argument("--systems", nargs="+", choices=list(SYSTEMS), default=list(SYSTEMS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the figures are kept")
    parser.add_argument("--memory", action="store_true", help="peak memory of few and of many short articles")
    parser.add_argument("--few", type=int, default=FEW, help="for --memory: few articles")
    parser.add_argument("--many", type=int, default=MANY, help="for --memory: many articles")
    parser.add_argument("--projection", action="store_true", help="machines, hours and cost of very many articles")
    parser.add_argument("--total", type=int, default=ARTICLES, help="for --projection: how many articles")
    parser.add_argument(
        "--words", type=float, help="for --projection: words an article; those of the corpus without it"
    )
    parser.add_argument("--price", type=float, default=PRICE, help="for --projection: of a CPU hour")
    parser.add_argument("--cores", type=int, default=CORES, help="for --projection: cores of a machine")
    parser.add_argument("--machines", type=int, nargs="+", default=[1, 10, 100], help="for --projection")
    return parser.parse_args(arguments)


def texts() -> tuple[str, list[str]]:
    """The articles of PolNeAR train, or where they are not there the sample stories; and which they are."""
    if TRAIN.is_file():
        with TRAIN.open(encoding="utf-8") as lines:
            return "PolNeAR train", [json.loads(line)["text"] for line in lines]
    return "the sample stories", [path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("*.txt"))]


def clipped(text: str, words: int | None) -> str:
    """Return the beginning of a text, to the last sentence that ends within ``words`` words, if any does.

    >>> clipped("It rained. It snowed. It hailed.", 5)
    'It rained. It snowed.'
    """
    if words is None or len(text.split()) <= words:
        return text
    beginning = "".join(islice(re.findall(r"\S+\s*", text), words))
    return beginning[: beginning.rfind(". ") + 1] or beginning


def write_articles(base: Path, articles: Sequence[str] | Iterator[str]) -> int:
    """The articles as ``base`` with .jsonl and .parquet behind it; how many words they have."""
    import pyarrow as pa
    from pyarrow import parquet

    words = 0
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    with (
        base.with_suffix(".jsonl").open("w", encoding="utf-8") as lines,
        parquet.ParquetWriter(base.with_suffix(".parquet"), schema) as writer,
    ):
        numbered = enumerate(articles, 1)
        while rows := [{"id": str(number), "text": text} for number, text in islice(numbered, 1_000)]:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
            writer.write_table(pa.Table.from_pylist(rows, schema))
            words += sum(len(row["text"].split()) for row in rows)
    return words


def _measure(options: argparse.Namespace) -> dict[str, Figures]:
    """The figures of each system, and a notice of those that are not installed."""
    names = [name for name in options.systems if engines.installed(SYSTEMS[name].run)]
    for name in set(options.systems) - set(names):
        print(f"skipped: {SYSTEMS[name].title} is not installed", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "articles")
        corpus = [clipped(text, options.clip) for text in texts()[1]]
        words = write_articles(whole, islice(cycle(corpus), options.articles))
        # One for each worker, so that all of them start.
        tiny = {name: Path(folder, f"tiny-{SYSTEMS[name].workers}") for name in names}
        for name, path in tiny.items():
            write_articles(path, [TINY] * SYSTEMS[name].workers)
        costs: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in names}
        for turn in range(options.rounds):
            # In another order each time, so that a slow minute of the machine is not always the same system's.
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                print(f"round {turn + 1}: {SYSTEMS[name].title}", file=sys.stderr)
                costs[name].append((cost(SYSTEMS[name], tiny[name]), cost(SYSTEMS[name], whole)))
    figures = {name: _figures(words, of) for name, of in costs.items()}
    if options.json:
        kept = {"machine": machine(), "articles": options.articles, "corpus": texts()[0]}
        systems = {name: asdict(one) for name, one in figures.items()}
        options.json.write_text(json.dumps({**kept, "systems": systems}, indent=2) + "\n", encoding="utf-8")
    return figures


def cost(system: System, articles: Path) -> Cost:
    """What it costs to read ``articles`` with ``system``."""
    with tempfile.TemporaryDirectory() as output:
        module = [sys.executable, "-m", "benchmarks.engines", system.run]
        return measured([*module, str(articles), output, "--workers", str(system.workers)])


def _figures(words: int, costs: list[tuple[Cost, Cost]]) -> Figures:
    starts, wholes = [start for start, _ in costs], [whole for _, whole in costs]
    return Figures(
        words=words,
        quotes=json.loads(wholes[0].output.splitlines()[-1])["quotes"],
        wall=median(one.wall for one in wholes),
        cpu=median(one.cpu for one in wholes),
        peak=max(one.peak for one in wholes),
        processes=max(one.processes for one in wholes),
        memory=wholes[0].memory,
        start_wall=median(one.wall for one in starts),
        start_cpu=median(one.cpu for one in starts),
        start_peak=max(one.peak for one in starts),
    )


def _kept(path: Path) -> dict[str, Figures]:
    return {name: Figures(**one) for name, one in json.loads(path.read_text(encoding="utf-8"))["systems"].items()}


def machine() -> dict[str, Any]:
    """Where it was measured."""
    memory = psutil.virtual_memory().total / 2**30
    return {"cores": psutil.cpu_count(), "memory GiB": round(memory, 1), "system": platform.platform()}


def comparison(figures: dict[str, Figures], articles: int) -> str:
    """The table of all systems."""
    words = next(iter(figures.values())).words
    memory = "/".join(sorted({one.memory for one in figures.values()}))
    base = figures.get(BASE)
    rows = [
        [
            SYSTEMS[name].title,
            f"{one.words / one.wall:,.0f}",
            f"{one.words / one.cpu:,.0f}",
            f"{one.words / one.work:,.0f}" if one.tells else TOO_FEW,
            overhead(one, base) if name not in (BASE, "plain-1", "plain-2") else "",
            one.start_wall,
            one.start_cpu,
            f"{one.peak / MIB:,.0f}",
            one.processes,
            one.quotes,
        ]
        for name, one in figures.items()
    ]
    head = [
        *("", "words/s", "words/CPU-s", "after the start", "engine's share", "start, s", "start, CPU-s"),
        *(f"peak {memory}, MiB", "processes", "quotes"),
    ]
    where = machine()
    lines = [
        f"{texts()[0]}: {articles:,} articles, {words:,} words; {where['cores']} cores, {where['memory GiB']} GiB\n",
        table(head, rows),
    ]
    if all(name in figures and figures[name].tells for name in ("quotekit-1", "quotekit-2")):
        lines.append("\n" + two_workers(figures["quotekit-1"], figures["quotekit-2"]))
    return "\n".join(lines)


def overhead(one: Figures, base: Figures | None) -> str:
    """CPU seconds that the engine takes beside the reading itself, in percent of those, both without the start."""
    if base is None or not (one.tells and base.tells):
        return TOO_FEW
    return f"{100 * (one.work / base.work - 1):+.1f} %"


def two_workers(one: Figures, two: Figures) -> str:
    """How much faster two workers are than one, after the start."""
    return (
        f"Two workers are {one.lasts / two.lasts:.2f} times as fast as one, after the start, "
        f"and take {two.work / one.work:.2f} times the CPU seconds."
    )


def memory(few: int, many: int) -> str:
    """Peak memory of ``quotekit extract -o`` for few and for many short articles."""
    costs, rows = [], []
    for number in (few, many):
        with tempfile.TemporaryDirectory() as folder:
            articles = Path(folder, "articles")
            words = write_articles(articles, (SHORT.format(i) for i in range(number)))
            costs.append(cost(SYSTEMS["quotekit-1"], articles))
        rows.append([f"{number:,} articles", words, f"{costs[-1].peak / MIB:,.0f}", costs[-1].cpu])
    ratio = costs[1].peak / costs[0].peak
    verdict = "within the bound" if ratio <= BOUND else "TOO MUCH"
    head = ["", "words", f"peak {costs[0].memory}, MiB", "CPU-s"]
    return f"{table(head, rows)}\n\nratio {ratio:.2f}, {verdict} of {BOUND:.2f}"


def projection(figures: dict[str, Figures], options: argparse.Namespace) -> str:
    """Machines, hours and cost of very many articles."""
    _, corpus = texts()
    words = options.words or sum(len(text.split()) for text in corpus) / len(corpus)
    whole = [name for name in figures if SYSTEMS[name].run in ("command", "ray", "spark")]
    names = [name for name in whole if figures[name].tells]
    rows = []
    for name in names:
        speed = figures[name].words / figures[name].work
        hours = options.total * words / speed / 3_600
        rows.append(
            [
                SYSTEMS[name].title,
                f"{speed:,.0f}",
                f"{hours:,.0f}",
                *(f"{hours / options.cores / count:,.1f}" for count in options.machines),
                f"{hours * options.price:,.0f}",
            ]
        )
    machines = [f"hours on {count} machine{'s' * (count > 1)}" for count in options.machines]
    return "\n".join(
        [
            f"{options.total:,} articles of {words:,.0f} words\n",
            table(["", "words/CPU-s", "CPU hours", *machines, "cost"], rows),
            f"\nAssumed: machines of {options.cores} cores, all of them busy all the time and each as fast as one of "
            f"those measured; {options.price} for a CPU hour. Starting up and moving files is not counted.",
        ]
    )


if __name__ == "__main__":
    main()
