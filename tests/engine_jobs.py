"""Jobs on Ray and Spark in which a worker is killed, for test_engines.py: `python tests/engine_jobs.py ray`.

Each runs in a process of its own, as both leave threads and processes behind, and prints as JSON what came out.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

STORIES = Path(__file__).parents[1] / "data" / "stories"
SETTINGS: dict[str, Any] = {"encoder": False, "attitudes": True}
BLOCKS = 6


def articles() -> pa.Table:
    """The sample stories, and what else a column of texts can hold."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("*.txt"))]
    texts += ["", None, "=1+1"]
    ids = [f"a{i}" for i in range(len(texts))]
    days = ["2026-01-31"] * (len(texts) - 1) + ["no day"]
    return pa.table({"id": ids, "text": texts, "day": days, "number": pa.array(range(len(texts)), pa.int32())})


COLUMNS: dict[str, Any] = {"id_column": "id", "date_column": "day", "carry": ["number"]}


def killed_of(workers: list[psutil.Process]) -> int:
    workers[0].kill()
    workers[0].wait(30)
    return workers[0].pid


def on_ray() -> dict[str, Any]:
    """Two actors, one of them killed when the first quotes have come out."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    from quotekit.engines.ray import extract

    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=2**27)
    ray.data.DataContext.get_current().enable_progress_bars = False
    dataset = ray.data.from_arrow(articles()).repartition(BLOCKS).materialize()
    quotes = extract(dataset, concurrency=2, batch_size=2, **COLUMNS, **SETTINGS)
    rows: list[dict[str, Any]] = []
    before, killed, seen = -1, 0, set()
    for batch in quotes.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        rows += batch.to_pylist()
        actors = list(_ray_actors())
        seen |= {actor.pid for actor in actors}
        if rows and not killed:
            before, killed = len(rows), killed_of(actors)
    ray.shutdown()
    return {"rows": rows, "before": before, "workers": len(seen)}


def _ray_actors() -> Iterator[psutil.Process]:
    for process in psutil.Process().children(recursive=True):
        try:
            if "_Reader" in " ".join(process.cmdline()):
                yield process
        except psutil.Error:
            continue


def on_spark() -> dict[str, Any]:
    """Two Python workers; one is killed while it reads, when a task has ended."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from quotekit.engines.spark import extract

    spark = (
        SparkSession.builder.master("local[2,4]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "512m")
        # It lives too shortly for better machine code to pay.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.adaptive.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    with TemporaryDirectory() as folder:
        pq.write_table(articles(), Path(folder, "articles.parquet"))
        frame = spark.read.parquet(folder).repartition(BLOCKS)
        return _spark_job(spark, extract(frame, **COLUMNS, **SETTINGS))


def _spark_job(spark: Any, quotes: Any) -> dict[str, Any]:
    state: dict[str, Any] = {}

    def work() -> None:
        state["rows"] = [row.asDict(recursive=True) for row in quotes.collect()]

    job = Thread(target=work)
    job.start()
    failed, seen = 0, set()
    while job.is_alive():
        tracker = spark.sparkContext.statusTracker()
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        failed = max([failed, *(stage.numFailedTasks for stage in stages if stage)])
        workers = list(_spark_workers())
        seen |= {worker.pid for worker in workers}
        # Not before a task has ended, so that work is lost; and again if the one that was killed had nothing to do.
        if not failed and len(workers) > 1 and any(stage and stage.numCompletedTasks for stage in stages):
            killed_of(workers)
        time.sleep(0.2)
    spark.stop()
    return {"rows": state["rows"], "failed": failed, "workers": len(seen)}


def _spark_workers() -> Iterator[psutil.Process]:
    """The daemon starts the workers; it has their command line."""
    for process in psutil.Process().children(recursive=True):
        try:
            parent = process.parent()
            if parent and all("pyspark.daemon" in " ".join(one.cmdline()) for one in (process, parent)):
                yield process
        except psutil.Error:
            continue


if __name__ == "__main__":
    result = {"ray": on_ray, "spark": on_spark}[sys.argv[1]]()
    Path(sys.argv[2]).write_text(json.dumps(result, default=str), encoding="utf-8")
