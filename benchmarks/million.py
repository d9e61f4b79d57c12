"""What people, link and find cost on many quotes: ``python -m benchmarks.million``.

Makes an output of a million invented quotes (``--quotes N`` for another number) in a folder that is deleted again, and
runs each in a process of its own: CPU seconds, start included, and the most memory that it held. Each runs on a tenth
of the quotes first, so that growth shows. ``find`` is timed in this process too, after its imports, as a service or a
notebook has it: CPU and wall seconds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

QUOTES = 1_000_000
_PER_ARTICLE = 8
_SYLLABLES = tuple("".join(pair) for pair in product("bdfgklmnprstvz", "aeiou"))
_MEASURED = """
import resource, sys
from quotekit.cli import app
sys.argv = ["quotekit", *sys.argv[1:]]
try:
    app(prog_name="quotekit")
except SystemExit as error:
    assert not error.code, error.code
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"{used.ru_utime + used.ru_stime:.1f} {used.ru_maxrss / 1024:.0f}")
"""


def names(random: Random, n: int) -> list[str]:
    """Invented names."""

    def word() -> str:
        return "".join(random.choices(_SYLLABLES, k=random.randint(2, 3))).capitalize()

    return [f"{word()} {word()}" for _ in range(n)]


def make(path: Path, quotes: int) -> None:
    """Write an output of ``quotes`` quotes, eight an article."""
    from quotekit.batch.arrow import batch_of, pyarrow, schema_of
    from quotekit.batch.schema import ABOUT_ARTICLE, COLUMNS
    from quotekit.batch.writing.parquet import ROWS, SETTINGS

    pa = pyarrow()
    random = Random(7)
    people, words = names(random, 20_000), [name.lower() for name in names(random, 4_000)]
    outlets, offices = names(random, 40), ["minister", "expert", "citizen", "media", None]
    schema = schema_of((*COLUMNS, *ABOUT_ARTICLE), {})
    with pa.parquet.ParquetWriter(path, schema, **SETTINGS) as writer:
        rows: list[list[Any]] = []
        for article in range(quotes // _PER_ARTICLE):
            rows += _article(random, article, people, words, outlets, offices)
            if len(rows) >= ROWS:
                writer.write_batch(batch_of(rows[:ROWS], schema), row_group_size=ROWS)
                del rows[:ROWS]
        if rows:
            writer.write_batch(batch_of(rows, schema), row_group_size=ROWS)


def _article(
    random: Random, number: int, people: list[str], words: list[str], outlets: list[str], offices: list[Any]
) -> list[list[Any]]:
    from quotekit.batch.records import Result
    from quotekit.batch.schema import row_of
    from quotekit.models import Position, Quote, Speaker, TextSpan

    about = [f"Title {number}", random.choice(outlets), None, f"https://example.org/{number}", "en"]
    result = Result(f"news/{number}.html", [], date(2020, 1, 1) + timedelta(days=random.randrange(2000)))
    # Each person keeps one office.
    cast = [random.randrange(len(people)) for _ in range(4)]
    rows = []
    for i in range(_PER_ARTICLE):
        text = " ".join(random.choices(words, k=12))
        at = Position(start=0, end=len(text), paragraph=0, sentence=0)
        who = Speaker.model_construct(
            id=f"s{i % 4 + 1}", name=people[cast[i % 4]], kind="person", role=None, country=None, known_id=None,
            person_id=None, named=True, gender=None, office=offices[cast[i % 4] % 5], mentions=(),
        )  # fmt: skip
        quote = Quote.model_construct(
            id=f"q{i + 1}", kind="indirect", act="statement", text=text, content=(TextSpan.of(text, (0, len(text))),),
            speaker=who, source=None, verb="say", cue=None, parent=None, turn=None, exchange=None, confidence=0.8,
            speaker_confidence=0.9, rule="en.clause", position=at,
        )  # fmt: skip
        rows.append([*row_of(result, quote), *about])
    return rows


def run(*arguments: object) -> tuple[float, float]:
    """CPU seconds and MiB of a command in a process of its own."""
    command = [sys.executable, "-c", _MEASURED, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)


def finds(path: Path) -> list[tuple[str, float, float, int]]:
    """CPU seconds, wall seconds and hits, at most 20, of searches in this process."""
    from quotekit.study.finding import Search, find

    name = find([path], Search(), limit=1)[0].speaker or ""
    word = find([path], Search(), limit=1)[0].text.split()[0]
    searches = {
        "--speaker": Search(speaker=name),
        "--words": Search(words=word),
        "--speaker --since": Search(speaker=name, since=date(2024, 1, 1)),
        "--words --since": Search(words=word, since=date(2025, 1, 1)),
    }
    found = []
    for title, search in searches.items():
        cpu, wall = time.process_time(), time.perf_counter()
        hits = find([path], search, 20)
        found.append((title, time.process_time() - cpu, time.perf_counter() - wall, len(hits)))
    return found


def main(argv: list[str] | None = None) -> None:
    """Print a line for each command."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__.splitlines()[0])
    options.add_argument("--quotes", type=int, default=QUOTES, help="number of quotes")
    options.add_argument("--folder", type=Path, help="keep the outputs here")
    chosen = options.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        for quotes in (chosen.quotes // 10, chosen.quotes):
            path = folder / f"quotes{quotes}.parquet"
            if not path.exists():
                make(path, quotes)
            people, linked = folder / "people.csv", folder / "linked.parquet"
            print(f"{quotes:,} quotes, {path.stat().st_size / 2**20:.0f} MiB of Parquet")
            for title, arguments in {
                "people": ("people", path, "-o", people, "-q"),
                "link": ("link", path, "--people", people, "-o", linked, "-q"),
                "find, from start to end": ("find", path, "--words", "nobody", "-o", folder / "found.csv", "-q"),
            }.items():
                seconds, peak = run(*arguments)
                print(f"  {title}: {seconds:.1f} s of CPU, {peak:.0f} MiB at most")
            for title, cpu, wall, hits in finds(path):
                print(f"  find {title}: {cpu:.2f} s of CPU, {wall:.2f} s, {hits:,} shown")


if __name__ == "__main__":
    main()
