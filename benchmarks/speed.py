"""How fast quotekit reads, beside the plain spaCy pipeline and textacy, and how it grows with the text.

    python -m benchmarks.speed              words per CPU-second, where the time goes, peak memory, on PolNeAR dev
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
from contextlib import ExitStack, contextmanager
from itertools import cycle
from statistics import median
from time import process_time
from typing import Any

from benchmarks.corpus import Record, articles
from benchmarks.systems import NOT_INSTALLED, OWN, SYSTEMS, System, installed
from benchmarks.tables import table

BASE = "plain pipeline"
TURNS = (BASE, "textacy", *OWN)
SPACY, NETWORK, CODE = "spaCy", "network", "own code"
PLACES = (SPACY, NETWORK, CODE)
"""Where quotekit's time goes: spaCy's pipeline, the encoder's network, and everything else."""

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
    parser.add_argument("--words", type=int, help="for --measure: one text of this many words")
    return parser.parse_args(arguments)


def comparison(rounds: int, limit: int | None) -> str:
    """The table of all systems over the articles of PolNeAR dev."""
    names = [name for name in TURNS if installed(name)]
    # In processes of their own, and first: a child's peak starts at what its parent holds.
    peaks = {name: _measured(name, limit=limit)["peak"] for name in names}
    gold = articles("dev", limit)
    words = sum(len(article["text"].split()) for article in gold)
    seconds, inside = take_turns(names, gold, rounds)
    base = median(seconds[BASE])
    rows = [
        [name, f"{words / median(times):,.0f}", f"{base / median(times):.2f}", f"{peaks[name] / MIB:,.0f}"]
        for name, times in seconds.items()
    ]
    lines = [
        f"PolNeAR dev: {len(gold)} articles, {words:,} words; median of {rounds} rounds, one article at a time\n",
        table(["", "words per CPU-second", "speed ÷ plain", "peak MiB"], rows),
        "\nWhere the time goes, µs per word\n",
        table(["", *PLACES, "own code, % of all"], [[name, *_parts(inside[name], words * rounds)] for name in OWN]),
    ]
    if len(names) < len(TURNS):
        lines.append("\n" + NOT_INSTALLED)
    return "\n".join(lines)


def _parts(inside: dict[str, float], words: int) -> list[float]:
    """The time in each of `PLACES` in µs per word, and the last one's share in percent."""
    return [*(1e6 * inside[place] / words for place in PLACES), 100 * inside[CODE] / sum(inside.values())]


def take_turns(
    names: list[str], gold: list[Record], rounds: int
) -> tuple[dict[str, list[float]], dict[str, dict[str, float]]]:
    """CPU seconds of each system in each round, and of all rounds those that it spent in each of `PLACES`."""
    systems = {name: SYSTEMS[name]() for name in names}
    for read in systems.values():
        read(gold[0]["text"])
    orders = cycle([names[i:] + names[:i] for i in range(len(names))])
    seconds: dict[str, list[float]] = {name: [] for name in names}
    inside = {name: dict.fromkeys(PLACES, 0.0) for name in names}
    with timed(spacy=True, network=True) as clock:
        for _ in range(rounds):
            for times in seconds.values():
                times.append(0.0)
            for article, order in zip(gold, orders, strict=False):
                for name in order:
                    _, spent = clock.measure(systems[name], [article["text"]])
                    seconds[name][-1] += sum(spent.values())
                    for place in PLACES:
                        inside[name][place] += spent[place]
    return seconds, inside


class Clock:
    """CPU seconds spent in each of `PLACES`."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(PLACES, 0.0)
        self._place = CODE
        self._since = process_time()

    def measure(self, read: System, texts: list[str]) -> tuple[int, dict[str, float]]:
        """How many attributions ``read`` finds in ``texts``, and the CPU seconds that it took in each of `PLACES`."""
        self._turn(CODE)
        before = dict(self.seconds)
        found = sum(len(read(text)) for text in texts)
        self._turn(CODE)
        return found, {place: self.seconds[place] - before[place] for place in PLACES}

    @contextmanager
    def turned(self, place: str) -> Iterator[None]:
        """Count the time of the block as spent in ``place``, whatever block encloses it."""
        before = self._turn(place)
        try:
            yield
        finally:
            self._turn(before)

    def _turn(self, place: str) -> str:
        now = process_time()
        self.seconds[self._place] += now - self._since
        before, self._place, self._since = self._place, place, now
        return before


class TimedPart:
    """A part of a spaCy pipeline whose calls are counted."""

    def __init__(self, part: Any, clock: Clock) -> None:
        self.part = part
        self.clock = clock

    def __call__(self, doc: Any) -> Any:
        with self.clock.turned(SPACY):
            return self.part(doc)

    def pipe(self, docs: Any, **options: Any) -> Iterator[Any]:
        """What the part makes of ``docs``."""
        return turn_each(self.part.pipe(docs, **options), self.clock, SPACY)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)


@contextmanager
def timed(spacy: bool, network: bool) -> Iterator[Clock]:
    """Time the parts of quotekit in the block; a part that is not timed is not loaded."""
    clock = Clock()
    with ExitStack() as stack:
        if spacy:
            stack.enter_context(_timed_spacy(clock))
        if network:
            stack.enter_context(_timed_network(clock))
        yield clock


@contextmanager
def _timed_spacy(clock: Clock) -> Iterator[None]:
    """Time quotekit's spaCy pipeline, whether it is called whole, as a stream, or part by part."""
    from spacy.language import Language

    from quotekit.article.spacy_model import load_model

    nlp = load_model()
    make_doc, pipe, parts = Language.make_doc, Language.pipe, nlp._components

    def timed_make_doc(self: Language, text: str) -> Any:
        with clock.turned(SPACY):
            return make_doc(self, text)

    def timed_pipe(self: Language, texts: Any, **options: Any) -> Iterator[Any]:
        # What makes the texts is not spaCy's, though spaCy calls it.
        return turn_each(pipe(self, turn_each(texts, clock, CODE), **options), clock, SPACY)

    Language.make_doc, Language.pipe = timed_make_doc, timed_pipe  # type: ignore[method-assign]
    nlp._components = [(name, TimedPart(part, clock)) for name, part in parts]
    try:
        yield
    finally:
        Language.make_doc, Language.pipe = make_doc, pipe  # type: ignore[method-assign]
        nlp._components = parts


@contextmanager
def _timed_network(clock: Clock) -> Iterator[None]:
    """Time the encoder's network; what makes its inputs and reads its answers is quotekit's own code."""
    from quotekit.encoder.network import Encoder

    run = Encoder._run

    def timed_run(self: Encoder, *inputs: Any) -> Any:
        with clock.turned(NETWORK):
            return run(self, *inputs)

    Encoder._run = timed_run  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Encoder._run = run  # type: ignore[method-assign]


def turn_each(items: Any, clock: Clock, place: str) -> Iterator[Any]:
    """``items``, the time for making each one counted as spent in ``place``."""
    end, iterator = object(), iter(items)
    while True:
        with clock.turned(place):
            item = next(iterator, end)
        if item is end:
            return
        yield item


def growth(sizes: list[int]) -> str:
    """How quotekit's time and memory grow with one text, made of dev articles one after the other."""
    rows = []
    for words in sizes:
        measured = _measured("quotekit", words=words)
        seconds = sum(measured[place] for place in PLACES)
        rows.append(
            [
                f"{words:,}",
                seconds,
                f"{1e6 * seconds / words:.1f}",
                *(f"{1e6 * measured[place] / words:.1f}" for place in PLACES),
                f"{measured['peak'] / MIB:,.0f}",
                f"{(measured['peak'] - measured['loaded']) / 1024 / words:.2f}",
                measured["quotes"],
            ]
        )
    head = ["words", "CPU-seconds", "µs per word", *PLACES, "peak MiB", "KiB per word", "quotes"]
    return table(head, rows)


def measure(name: str, words: int | None, limit: int | None) -> dict[str, float]:
    """Time and peak memory of one system in this process, over the articles or over one text of ``words`` words."""
    gold = articles("dev", limit)
    texts = [long_text(gold, words)] if words else [article["text"] for article in gold]
    read = SYSTEMS[name]()
    read("Ann Lee said it works.")
    loaded = peak_bytes()
    # A process must not load what its system does without.
    with timed(spacy=name in OWN[:2], network=name in OWN) as clock:
        quotes, spent = clock.measure(read, texts)
    return {**spent, "loaded": loaded, "peak": peak_bytes(), "quotes": quotes}


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
