"""quotekit on Ray Data: a dataset of articles to one of quotes. Needs the extra ``ray``, on each node."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from quotekit.engines.arrow import carried_columns, extract_batches, pa, schema_for
from quotekit.engines.loading import pickled, restored
from quotekit.extras import optional

__all__ = ["extract"]

USAGE_STATS = "RAY_USAGE_STATS_ENABLED"
"""Ray reads this variable when a cluster starts."""

BATCH = 32
"""Number of articles that an actor takes at a time; if it dies, they are read again."""


# A cluster that the program starts after this import reports nothing to Ray's makers, unless the user wants it to.
os.environ.setdefault(USAGE_STATS, "0")


def extract(
    dataset: Any,
    *,
    concurrency: int | tuple[int, int],
    text_column: str = "text",
    id_column: str | None = None,
    date_column: str | None = None,
    carry: Sequence[str] = (),
    batch_size: int = BATCH,
    num_cpus: float = 1,
    **settings: Any,
) -> Any:
    """Return the quotes of ``dataset`` (`ray.data.Dataset`), with the columns of `quotekit.engines.arrow.SCHEMA`.

    Actors read the dataset, and each loads the model once. Ray restarts an actor that dies and repeats its batch, as
    often as needed. Like all of Ray Data this is lazy, and does not keep the order of rows unless you set
    ``DataContext.execution_options.preserve_order``.

    Args:
        dataset: one row for each article.
        concurrency: number of actors, or the least and the most. Leave a core of the cluster to the tasks that read
            and write; if actors hold all of them, those tasks wait for ever.
        text_column, id_column, date_column, carry: see `quotekit.engines.arrow.extract_batches`.
        batch_size: articles that an actor takes at a time.
        num_cpus: cores that each actor asks for. It uses one.
        settings: those of `quotekit.Extractor`. Files that they name are read here and need not be on the nodes.

    Raises:
        QuotekitError: Ray is not installed, or a setting is not valid; `ColumnError` when the dataset is read,
            or at once where ``carry`` names a column twice.
    """
    data = optional("ray.data", "ray", "quotekit.engines.ray")
    least, most = (concurrency, concurrency) if isinstance(concurrency, int) else concurrency
    extractor = pickled(settings)
    carry = list(carried_columns(carry))
    return dataset.map_batches(
        _Reader,
        fn_constructor_kwargs={
            "extractor": extractor,
            "columns": {
                "text_column": text_column,
                "id_column": id_column,
                "date_column": date_column,
                "carry": carry,
            },
        },
        batch_format="pyarrow",
        batch_size=batch_size,
        compute=data.ActorPoolStrategy(min_size=least, max_size=most),
        num_cpus=num_cpus,
    )


class _Reader:
    """What an actor does."""

    def __init__(self, extractor: bytes, columns: dict[str, Any]) -> None:
        self._extractor = restored(extractor)
        self._columns = columns
        # The model is there before the first batch comes.
        self._extractor.extract("")

    def __call__(self, batch: Any) -> Iterator[Any]:
        # An empty one too: otherwise a dataset without quotes would have no columns.
        yield schema_for(batch.schema, self._columns["carry"]).empty_table()
        for quotes in extract_batches(batch.to_batches(), extractor=self._extractor, **self._columns):
            yield pa.Table.from_batches([quotes])
