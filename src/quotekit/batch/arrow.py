"""Rows of quotes as Arrow tables. The only file beside the engines that knows pyarrow's types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from quotekit.batch.schema import VERSION, Column, Kind, as_json, fit
from quotekit.extras import optional

Carried = Literal["text", "whole", "number", "truth", "json"]
"""What a carried column holds: texts, whole numbers, numbers, true and false, or anything else as JSON."""

VERSION_KEY = b"quotekit.schema"
HOLDS_KEY = b"quotekit.holds"
"""Keys of metadata: of a schema, for its version; of a carried column, if it holds JSON."""

_WHAT = "working with Parquet and Arrow"
_EXACT = 2**53
_LONG = 2**63


def pyarrow() -> Any:
    """Return the module ``pyarrow``.

    Raises:
        QuotekitError: it is not installed.
    """
    # ``import pyarrow`` does not import this one.
    optional("pyarrow.parquet", "parquet", _WHAT)
    return optional("pyarrow", "parquet", _WHAT)


def schema_of(columns: Iterable[Column], carried: Mapping[str, Carried]) -> Any:
    """Return the Arrow schema (`pyarrow.Schema`) of ``columns`` and, after them, the columns of ``carried``."""
    pa = pyarrow()
    fields = [pa.field(column.name, _types(pa)[column.kind]) for column in columns]
    plain = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_()}
    fields += [
        pa.field(name, pa.string(), metadata={HOLDS_KEY: b"json"}) if holds == "json" else pa.field(name, plain[holds])
        for name, holds in carried.items()
    ]
    return pa.schema(fields, metadata={VERSION_KEY: str(VERSION).encode()})


def _types(pa: Any) -> dict[Kind, Any]:
    span = [pa.field("start", pa.int64()), pa.field("end", pa.int64()), pa.field("text", pa.string())]
    return {
        "text": pa.string(),
        "day": pa.date32(),
        "whole": pa.int64(),
        "truth": pa.bool_(),
        "number": pa.float64(),
        "spans": pa.list_(pa.struct(span)),
        "mentions": pa.list_(pa.struct([*span, pa.field("rule", pa.string())])),
    }


def batch_of(rows: Sequence[Sequence[Any]], schema: Any) -> Any:
    """Return ``rows`` as a `pyarrow.RecordBatch`; lone surrogates become U+FFFD, a column of JSON gets JSON."""
    pa = pyarrow()
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = []
    for field, cells in zip(schema, columns, strict=True):
        if field.metadata and field.metadata.get(HOLDS_KEY) == b"json":
            cells = [None if cell is None else as_json(cell) for cell in cells]
        arrays.append(pa.array([fit(cell) for cell in cells], field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


class Holding:
    """What a carried column holds, seen value by value."""

    def __init__(self) -> None:
        self._kinds: set[str] = set()
        self._widest = 0

    def see(self, value: Any) -> None:
        """Take ``value`` into account; ``None`` is nothing."""
        if value is None:
            return
        self._kinds.add(type(value).__name__)
        if type(value) is int:
            self._widest = max(self._widest, abs(value))

    @property
    def holds(self) -> Carried:
        """The narrowest that holds all of them.

        >>> seen = Holding(); seen.see(1); seen.see(2.5); seen.holds
        'number'
        """
        kinds = self._kinds
        if kinds <= {"str"}:
            return "text"
        if kinds == {"bool"}:
            return "truth"
        if kinds == {"int"} and self._widest < _LONG:
            return "whole"
        if kinds == {"float"} or (kinds == {"int", "float"} and self._widest <= _EXACT):
            return "number"
        return "json"
