"""How fast quotekit reads, beside the plain spaCy pipeline and textacy, and how it grows with the text.

    python -m benchmarks.speed              words per CPU-second, quotekit's own share, peak memory, on PolNeAR dev
    python -m benchmarks.speed --growth     time and memory from 1,000 to 1,000,000 words

Times are CPU seconds of the process, so that what else the machine does counts for little. The systems take turns
article by article, so that a slow minute of the machine is shared by all.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import cycle
from statistics import median
from time import process_time
from typing import Any

from benchmarks.corpus import Record, articles
from benchmarks.systems import NOT_INSTALLED, SYSTEMS, installed
from benchmarks.tables import table

BASE = "plain pipeline"
TURNS = (BASE, "textacy", "quotekit")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
MIB = 2**20


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    options = _options(arguments)
    if options.measure:
        print(json.dumps(measure(options.measure, options.words, options.limit)))
    elif options.growth:
        print(growth(options.sizes))
    else:
        print(comparison(options.rounds, options.limit))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each system reads every article")
    parser.add_argument("--limit", type=int, help="only the first articles")
    parser.add_argument("--growth", action="store_true", help="time and memory by length of one text")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="WORDS", help="lengths for --growth")
    parser.add_argument("--measure", choices=list(SYSTEMS), help="one system in this process alone, as JSON")
    parser.add_argument("--words", type=int, help="for --measure: one text of so many words")
    return parser.parse_args(arguments)


def comparison(rounds: int, limit: int | None) -> str:
    """The table of all systems over the articles of PolNeAR dev."""
    names = [name for name in TURNS if installed(name)]
    # In processes of their own, and first: a child's peak starts at what its parent holds.
    peaks = {name: _measured(name, limit=limit)["peak"] for name in names}
    gold = articles("dev", limit)
    words = sum(len(article["text"].split()) for article in gold)
    seconds, inside_spacy = take_turns(names, gold, rounds)
    base = median(seconds[BASE])
    rows = [
        [name, f"{words / median(times):,.0f}", f"{base / median(times):.2f}", f"{peaks[name] / MIB:,.0f}"]
        for name, times in seconds.items()
    ]
    spacy, total = sum(inside_spacy), sum(seconds["quotekit"])
    lines = [
        f"PolNeAR dev: {len(gold)} articles, {words:,} words; median of {rounds} rounds, one article at a time\n",
        table(["", "words per CPU-second", "speed ÷ plain", "peak MiB"], rows),
        f"\nquotekit's own code: {100 * (total - spacy) / spacy:.1f} % of its spaCy pass, "
        f"{100 * (total - spacy) / total:.1f} % of its whole time, "
        f"{1e6 * (total - spacy) / words / rounds:.1f} µs per word",
    ]
    if len(names) < len(TURNS):
        lines.append(NOT_INSTALLED)
    return "\n".join(lines)


def take_turns(names: list[str], gold: list[Record], rounds: int) -> tuple[dict[str, list[float]], list[float]]:
    """CPU seconds of each system in each round, and those that quotekit spent inside spaCy."""
    systems = {name: SYSTEMS[name]() for name in names}
    for read in systems.values():
        read(gold[0]["text"])
    orders = cycle([names[i:] + names[:i] for i in range(len(names))])
    seconds: dict[str, list[float]] = {name: [] for name in names}
    inside_spacy: list[float] = []
    for _ in range(rounds):
        for times in [*seconds.values(), inside_spacy]:
            times.append(0.0)
        with spacy_clock() as clock:
            for article, order in zip(gold, orders, strict=False):
                for name in order:
                    before, start = clock.seconds, process_time()
                    systems[name](article["text"])
                    seconds[name][-1] += process_time() - start
                    if name == "quotekit":
                        inside_spacy[-1] += clock.seconds - before
    return seconds, inside_spacy


class Clock:
    """CPU seconds spent inside spaCy."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = False
        self._since = 0.0

    @contextmanager
    def turned(self, inside: bool) -> Iterator[None]:
        """Count the time of the block as spaCy's, or not, whatever stands around it."""
        before = self._turn(inside)
        try:
            yield
        finally:
            self._turn(before)

    def _turn(self, inside: bool) -> bool:
        now = process_time()
        if self._inside:
            self.seconds += now - self._since
        before, self._inside, self._since = self._inside, inside, now
        return before


class TimedPart:
    """A part of a spaCy pipeline whose calls are counted."""

    def __init__(self, part: Any, clock: Clock) -> None:
        self.part = part
        self.clock = clock

    def __call__(self, doc: Any) -> Any:
        with self.clock.turned(True):
            return self.part(doc)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)


@contextmanager
def spacy_clock() -> Iterator[Clock]:
    """Time quotekit's spaCy pipeline in the block, whether it is called whole, as a stream, or part by part."""
    from spacy.language import Language

    from quotekit.model import load_model

    clock, nlp = Clock(), load_model()
    make_doc, pipe, parts = Language.make_doc, Language.pipe, nlp._components

    def timed_make_doc(self: Language, text: str) -> Any:
        with clock.turned(True):
            return make_doc(self, text)

    def timed_pipe(self: Language, texts: Any, **options: Any) -> Iterator[Any]:
        # What makes the texts is not spaCy's, though spaCy calls it.
        return turn_each(pipe(self, turn_each(texts, clock, False), **options), clock, True)

    Language.make_doc, Language.pipe = timed_make_doc, timed_pipe  # type: ignore[method-assign]
    nlp._components = [(name, TimedPart(part, clock)) for name, part in parts]
    try:
        yield clock
    finally:
        Language.make_doc, Language.pipe = make_doc, pipe  # type: ignore[method-assign]
        nlp._components = parts


def turn_each(items: Any, clock: Clock, inside: bool) -> Iterator[Any]:
    """``items``, the time for making each one counted as spaCy's or not."""
    end, iterator = object(), iter(items)
    while True:
        with clock.turned(inside):
            item = next(iterator, end)
        if item is end:
            return
        yield item


def growth(sizes: list[int]) -> str:
    """How quotekit's time and memory grow with one text, made of dev articles one after the other."""
    rows = []
    for words in sizes:
        measured = _measured("quotekit", words=words)
        rows.append(
            [
                f"{words:,}",
                measured["seconds"],
                f"{1e6 * measured['seconds'] / words:.1f}",
                f"{1e6 * (measured['seconds'] - measured['spacy']) / words:.1f}",
                f"{measured['peak'] / MIB:,.0f}",
                f"{(measured['peak'] - measured['loaded']) / 1024 / words:.2f}",
                measured["quotes"],
            ]
        )
    head = ["words", "CPU-seconds", "µs per word", "without spaCy", "peak MiB", "KiB per word", "quotes"]
    return table(head, rows)


def measure(name: str, words: int | None, limit: int | None) -> dict[str, float]:
    """Time and peak memory of one system in this process, over the articles or over one text of ``words`` words."""
    gold = articles("dev", limit)
    texts = [long_text(gold, words)] if words else [article["text"] for article in gold]
    read = SYSTEMS[name]()
    read("Ann Lee said it works.")
    loaded = peak_bytes()
    # Another system's process must not load quotekit's model.
    with spacy_clock() if name == "quotekit" else nullcontext(Clock()) as clock:
        start = process_time()
        quotes = sum(len(read(text)) for text in texts)
        seconds = process_time() - start
    return {"seconds": seconds, "spacy": clock.seconds, "loaded": loaded, "peak": peak_bytes(), "quotes": quotes}


def long_text(gold: list[Record], words: int) -> str:
    """A text of ``words`` words: the articles one after the other, again and again, the last one cut short."""
    pieces: list[str] = []
    missing = words
    for article in cycle(gold):
        here = article["text"].split(" ")
        count = 0
        for taken, piece in enumerate(here, 1):
            count += len(piece.split())
            if count >= missing:
                return "\n\n".join([*pieces, " ".join(here[:taken])])
        missing -= count
        pieces.append(article["text"])
    raise AssertionError("there are no articles")


def peak_bytes() -> int:
    """The most memory that this process has held at once."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _measured(name: str, words: int | None = None, limit: int | None = None) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.speed", "--measure", name]
    command += ["--words", str(words)] if words else []
    command += ["--limit", str(limit)] if limit else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


if __name__ == "__main__":
    main()
