"""Which quotes are taken for the same, against what a reader says: ``python -m benchmarks.grouping``.

Runs on the two parts of ``data/grouping``: quotes as several invented outlets would carry them, and look-alikes that
are not the same. *tuning* was read while the rules were made, *checking* was written before and not looked at. A pair
of quotes is right if both are one quote for the reader and for quotekit. ``--errors`` lists the pairs that are not.
``--corpus`` shows the groups among the annotated quotes of PolNeAR, for reading: nobody has said which are right.
``--growth`` counts comparisons of wordings by the number of quotes.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from time import process_time
from typing import NamedTuple

from benchmarks.corpus import Record, articles
from benchmarks.tables import table
from quotekit.batch.records import Result
from quotekit.grouping import group
from quotekit.grouping.build import quote_variants
from quotekit.grouping.clusters import Clustering
from quotekit.models import Position, Quote, Speaker, SpeakerKind, TextSpan

DATA = Path(__file__).resolve().parents[1] / "data" / "grouping"
PARTS = ("tuning", "checking")
SIZES = (1_000, 10_000, 100_000)

_SPEAKER = re.compile(r"(?P<name>.+?)(?: \((?P<kind>\w+)\))?")
_WORDS = 4_000
"""Words of the invented language of ``--growth``."""


class Carried(NamedTuple):
    """A quote of ``data/grouping`` as one outlet carries it; what has one ``said`` is one quote."""

    said: str
    outlet: str
    result: Result

    @property
    def text(self) -> str:
        """The quote itself."""
        return self.result.quotes[0].text


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grouping", description=__doc__.partition("\n")[0])
    parser.add_argument("--errors", action="store_true", help="list the pairs of tuning that are wrong")
    parser.add_argument("--similarity", type=float, default=90.0, help="the least similarity in percent")
    parser.add_argument("--corpus", action="store_true", help="show what is grouped among the quotes of PolNeAR")
    parser.add_argument("--growth", action="store_true", help="comparisons and time by the number of quotes")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="QUOTES", help="numbers for --growth")
    options = parser.parse_args(arguments)
    if options.growth:
        print(growth(options.sizes))
    elif options.corpus:
        print("\n".join(among_annotated(options.similarity)))
    elif options.errors:
        print("\n".join(errors(read("tuning"), options.similarity)))
    else:
        print(accuracy(options.similarity))


def read(part: str) -> list[Carried]:
    """The quotes of one part of ``data/grouping``."""
    carried: list[Carried] = []
    said = ""
    for line in (DATA / f"{part}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            said = line[3:].strip()
        elif line.strip():
            day, outlet, who, text = (cell.strip() for cell in line.split("|", 3))
            id = f"{part}-{len(carried) + 1}"
            carried.append(Carried(said, outlet, Result(id, [quote(text, speaker(who))], date.fromisoformat(day))))
    return carried


def speaker(cell: str) -> Speaker | None:
    """Who is meant by "Ann Lee" or "the ministry (government)"; "-" is nobody."""
    match = _SPEAKER.fullmatch(cell)
    if cell == "-" or match is None:
        return None
    # The samples are the project's own, and have no other words there.
    kind: SpeakerKind = match["kind"] or "person"  # type: ignore[assignment]
    return Speaker(id="s1", name=match["name"], kind=kind)


def quote(text: str, who: Speaker | None = None) -> Quote:
    """A direct quote of ``who``."""
    return Quote(
        id="q1",
        kind="direct",
        act="statement",
        text=text,
        content=(TextSpan.of(text, (0, len(text))),),
        speaker=who,
        position=Position(start=0, end=len(text), paragraph=0, sentence=0),
        confidence=0.9,
        rule="en.direct.verb-after",
    )


def accuracy(similarity: float) -> str:
    """Precision and recall of pairs for each part."""
    rows = []
    for part in PARTS:
        carried = read(part)
        wanted, found = pairs_said(carried), pairs_found(carried, similarity)
        right = len(wanted & found)
        precision, recall = right / max(1, len(found)), right / max(1, len(wanted))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        percent = [f"{100 * value:.1f}" for value in (precision, recall, f1)]
        rows.append([part, len(carried), len({one.said for one in carried}), len(wanted), len(found), *percent])
    return table(["", "quotes", "of them different", "pairs", "pairs found", "precision", "recall", "F1"], rows)


def pairs_said(carried: list[Carried]) -> set[tuple[int, int]]:
    """Pairs that a reader takes for one quote."""
    return {(i, j) for i, j in combinations(range(len(carried)), 2) if carried[i].said == carried[j].said}


def pairs_found(carried: list[Carried], similarity: float = 90.0) -> set[tuple[int, int]]:
    """Pairs that quotekit takes for one quote."""
    place = {one.result.id: i for i, one in enumerate(carried)}
    found = group((one.result for one in carried), similarity=similarity)
    return {pair for one in found for pair in combinations(sorted(place[member.article] for member in one.members), 2)}


def errors(carried: list[Carried], similarity: float) -> Iterator[str]:
    """One line for each pair that is wrong."""
    wanted, found = pairs_said(carried), pairs_found(carried, similarity)
    for title, pairs in (("missed", wanted - found), ("joined", found - wanted)):
        for i, j in sorted(pairs):
            yield f"{title}: {carried[i].said}: {carried[i].text}\n        {carried[j].said}: {carried[j].text}"


def among_annotated(similarity: float) -> Iterator[str]:
    """The groups among the annotated direct and mixed quotes of PolNeAR, whose sources stand for the speakers."""
    results = [result for split in ("train", "dev") for result in map(annotated, articles(split))]
    groups = group(results, similarity=similarity)
    yield f"{sum(len(result.quotes) for result in results):,} quotes, {len(groups):,} carried by several articles"
    for one in groups:
        yield f"\n{one.speaker.name if one.speaker else 'unknown'}: {one.text}"
        yield from (f"  {member.wording} {member.similarity}: {member.text}" for member in one.members)


def annotated(article: Record) -> Result:
    """The direct and mixed quotes of an article of the corpus."""
    text, quotes = article["text"], []
    for one in article["attributions"]:
        parts = [text[start:end].strip(' "“”\n') for start, end in one["content"]]
        if one["type"] == "indirect" or not all(parts):
            continue
        source = text[one["source"][0][0] : one["source"][-1][1]] if one["source"] else ""
        who = Speaker(id="s1", name=source, kind="person") if source.istitle() else None
        quotes.append(quote(" ".join(" … ".join(parts).split()), who))
    return Result(article["id"], quotes)


def growth(sizes: Iterable[int]) -> str:
    """Comparisons and time for invented quotes, half of them variants of others."""
    rows = []
    for size in sizes:
        _, made = quote_variants(invented(size))
        clusters = Clustering(90.0)
        started = process_time()
        groups = clusters.of(made)
        seconds = process_time() - started
        rows.append([size, len(groups), clusters.compared, f"{clusters.compared / size:.2f}", seconds])
    return table(["quotes", "groups", "comparisons", "for each quote", "CPU-seconds"], rows)


def invented(size: int) -> Iterator[Result]:
    """Articles with a quote each, of an invented language whose words are as frequent as those of a real one."""
    rng = random.Random(7)
    words = [f"w{number}" for number in range(_WORDS)]
    weights = [1 / (rank + 1) for rank in range(_WORDS)]
    said: list[str] = []
    for number in range(size):
        if said and rng.random() < 0.5:
            text = changed(rng, rng.choice(said[-2_000:]))
        else:
            text = " ".join(rng.choices(words, weights, k=rng.randint(4, 40)))
            said.append(text)
        yield Result(f"a{number}", [quote(text)], date(2026, 1, 1) + timedelta(days=number % 300))


def changed(rng: random.Random, text: str) -> str:
    """Another outlet's version of ``text``: whole, shortened at either end, or with one word spelt otherwise."""
    words = text.split()
    way = rng.randrange(4)
    if way == 1:
        words = words[: max(4, len(words) - rng.randint(1, 8))]
    elif way == 2:
        words = words[min(len(words) - 4, rng.randint(1, 8)) :]
    elif way == 3:
        words[rng.randrange(len(words))] += "s"
    return " ".join(words)


if __name__ == "__main__":
    main()
