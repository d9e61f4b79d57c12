"""Systems that read a whole file of articles, each as a command of its own.

    python -m benchmarks.engines NAME ARTICLES OUTPUT --workers N

ARTICLES is a file without its ending: .jsonl and .parquet of that name hold the same, an ``id`` and a ``text`` each.
Whatever the system writes goes to OUTPUT. It prints JSON: how many quotes were found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

BLOCKS = 8
"""Pieces of the input for each worker of an engine, so that none waits long for the last one."""


MOST_ROWS = 64
"""Articles in a piece, at most."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=list(RUNS))
    parser.add_argument("articles", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    quotes = RUNS[options.name](options.articles, options.output, options.workers)
    print(json.dumps({"quotes": quotes}))


def texts(articles: Path) -> Iterator[str]:
    """The texts of the articles, one by one."""
    with articles.with_suffix(".jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def plain(articles: Path, output: Path, workers: int) -> int:
    """The plain ``en_core_web_sm`` pipeline, all its parts. It finds no quotes and writes nothing."""
    from benchmarks.systems import plain_model

    for _ in plain_model().pipe(texts(articles), n_process=workers):
        pass
    return 0


def pipe(articles: Path, output: Path, workers: int) -> int:
    """quotekit in Python: `Extractor.pipe`, nothing written."""
    from quotekit import Extractor

    return sum(len(quotes) for quotes in Extractor().pipe(texts(articles), n_process=workers))


def command(articles: Path, output: Path, workers: int) -> int:
    """The command line: ``quotekit extract -o``, with its journal, to a Parquet file."""
    written = output / "quotes.parquet"
    extract = [sys.executable, "-m", "quotekit", "extract", str(articles.with_suffix(".jsonl")), "-o", str(written)]
    subprocess.run([*extract, "--workers", str(workers), "--quiet"], check=True)
    return rows_in(written)


def ray(articles: Path, output: Path, workers: int) -> int:
    """Ray Data on this machine, to Parquet files."""
    # Before Ray is imported: it tells nobody of this run.
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}
    import ray

    from quotekit.engines.ray import extract

    # The actors take a core each; without another one the tasks that read and write would wait for ever.
    ray.init(num_cpus=workers + 1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    try:
        file = articles.with_suffix(".parquet")
        rows = max(1, min(MOST_ROWS, rows_in(file) // (BLOCKS * workers)))
        data = ray.data.read_parquet(str(file)).repartition(target_num_rows_per_block=rows)
        found = extract(data, concurrency=workers, id_column="id")
        found.write_parquet(str(output / "quotes"))
    finally:
        ray.shutdown()
    return rows_in(output / "quotes")


def spark(articles: Path, output: Path, workers: int) -> int:
    """Spark on this machine, to Parquet files."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from quotekit.engines.spark import extract

    builder: Any = SparkSession.builder
    session = (
        builder.master(f"local[{workers}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    try:
        frame = session.read.parquet(str(articles.with_suffix(".parquet"))).repartition(BLOCKS * workers)
        extract(frame, id_column="id").write.parquet(str(output / "quotes"))
    finally:
        session.stop()
    return rows_in(output / "quotes")


RUNS: dict[str, Callable[[Path, Path, int], int]] = {
    "plain": plain,
    "pipe": pipe,
    "command": command,
    "ray": ray,
    "spark": spark,
}

NEEDS = {"ray": "ray", "spark": "pyspark"}
"""What must be installed for a run."""


def installed(name: str) -> bool:
    """Whether what the run needs is there."""
    return find_spec(NEEDS.get(name, "quotekit")) is not None


def rows_in(path: Path) -> int:
    """Rows of a Parquet file, or of all files in a folder."""
    from pyarrow import parquet

    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    return sum(parquet.read_metadata(file).num_rows for file in files)


if __name__ == "__main__":
    main()
