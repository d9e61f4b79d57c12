"""quotekit on Spark: a data frame of articles to one of quotes. Needs the extra ``spark``, on each node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from quotekit.engines.arrow import SCHEMA, ColumnError, carried_columns, extract_batches, pa
from quotekit.engines.loading import pickled, restored
from quotekit.errors import near
from quotekit.extras import optional

__all__ = ["extract"]


def extract(
    frame: Any,
    *,
    text_column: str = "text",
    id_column: str | None = None,
    date_column: str | None = None,
    carry: Sequence[str] = (),
    **settings: Any,
) -> Any:
    """Return the quotes of ``frame`` (`pyspark.sql.DataFrame`), with the columns of `quotekit.engines.arrow.SCHEMA`.

    Each Python worker loads the model once. A task whose worker dies is tried again by Spark
    (``spark.task.maxFailures``).

    Args:
        frame: one row for each article.
        text_column, id_column, date_column, carry: see `quotekit.engines.arrow.extract_batches`.
        settings: those of `quotekit.Extractor`. Files that they name are read here and need not be on the nodes.

    Raises:
        ColumnError: a column is missing, or would occur twice.
        QuotekitError: Spark is not installed, or a setting is not valid.
    """
    carried = carried_columns(carry)
    for argument, names in (
        ("text_column", [text_column]),
        ("id_column", [id_column]),
        ("date_column", [date_column]),
        ("carry", carried),
    ):
        for name in names:
            if name is not None and name not in frame.columns:
                raise ColumnError(f"{argument}: there is no column {name!r}. Instead, {near(name, frame.columns)}")
    columns = {"text_column": text_column, "id_column": id_column, "date_column": date_column, "carry": list(carry)}
    # Only these columns are sent to the workers.
    wanted = dict.fromkeys(name for name in (text_column, id_column, date_column, *carry) if name is not None)
    read = partial(_read, extractor=pickled(settings), columns=columns)
    return frame.select(*(f"`{name.replace('`', '``')}`" for name in wanted)).mapInArrow(
        read, schema=_schema(frame.schema, carried)
    )


def _read(batches: Iterable[Any], *, extractor: bytes, columns: dict[str, Any]) -> Iterator[Any]:
    """Yield the quotes of ``batches``, in a worker."""
    yield from extract_batches(batches, extractor=restored(extractor), **columns)


def _schema(frame: Any, carried: Mapping[str, str]) -> Any:
    types = optional("pyspark.sql.types", "spark", "quotekit.engines.spark")
    ours = [types.StructField(field.name, _type(field.type, types), True) for field in SCHEMA]
    theirs = [types.StructField(column, frame[name].dataType, True) for name, column in carried.items()]
    return types.StructType([*ours, *theirs])


def _type(arrow: Any, types: Any) -> Any:
    """Return the Spark type of an Arrow type that occurs in `SCHEMA`."""
    if pa.types.is_list(arrow):
        return types.ArrayType(_type(arrow.value_type, types))
    if pa.types.is_struct(arrow):
        return types.StructType([types.StructField(field.name, _type(field.type, types), True) for field in arrow])
    plain = {
        pa.bool_(): types.BooleanType(),
        pa.string(): types.StringType(),
        pa.date32(): types.DateType(),
        pa.int64(): types.LongType(),
        pa.float64(): types.DoubleType(),
    }
    return plain[arrow]
