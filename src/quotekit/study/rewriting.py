"""Copying the files of an output row by row, with other ids and without some quotes."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from quotekit.batch.arrow import pyarrow
from quotekit.batch.compression import Sink, compressed, endings
from quotekit.batch.stored_lines import json_records
from quotekit.batch.stored_place import Place
from quotekit.batch.stored_tables import batches_of, opened_table
from quotekit.batch.writing.csv_rows import DELIMITERS
from quotekit.batch.writing.parquet import ROWS, SETTINGS
from quotekit.output.cells import guarded, row_encoder
from quotekit.output.target import Target, line
from quotekit.study.rows import csv_rows

_OURS = ("person_id", "speaker_known_id", "parent")
_COUNTS = ("quotes", "speakers")


class Change(NamedTuple):
    """The change of a quote.

    Attributes:
        person: the id of its person.
        known: the id of its speaker in the caller's list.
        keep: whether it stays.
        dropped: ids of the quotes of its article that do not stay.
    """

    person: str | None
    known: str | None
    keep: bool
    dropped: frozenset[str]

    def parent(self, id: str | None) -> str | None:
        """Return the id of the enclosing quote if that stays."""
        return None if id in self.dropped else id


def rewrite(path: Path, output: Path, changes: Iterator[Change]) -> None:
    """Write the quotes of ``path``, each with its change, to ``output``, which has the same format."""
    pieces = _lines if endings(output)[0] in (".jsonl", ".ndjson") else _rows
    _copy(path, output, (*_OURS, "quote_id"), lambda batch: _changed(batch, changes), pieces(path, changes))


def rewrite_articles(path: Path, output: Path, kept: Sequence[int]) -> None:
    """Copy a table of articles with new numbers of quotes and speakers, in turn from ``kept``.

    An article without quotes has no numbers in ``kept``.
    """
    numbers = iter(kept)
    _copy(path, output, _COUNTS, lambda batch: _counted(batch, numbers), _counted_rows(path, numbers))


def _copy(
    path: Path, output: Path, needed: Sequence[str], change: Callable[[Any], Any], pieces: Iterator[bytes]
) -> None:
    """Write ``path`` to ``output``: of Parquet each batch with its ``change``, of other formats ``pieces``."""
    with Target(output, lasting=True) as target:
        ending, compression = endings(output)
        if ending == ".parquet":
            _parquet(path, target, needed, change)
            return
        with compressed(target, compression) as put:
            for piece in pieces:
                put(piece)


def _parquet(path: Path, target: Target, needed: Sequence[str], change: Callable[[Any], Any]) -> None:
    with opened_table(path, needed) as (parquet, _):
        schema = parquet.schema_arrow
        with pyarrow().parquet.ParquetWriter(Sink(target), schema, **SETTINGS) as writer:
            for batch in batches_of(parquet, ROWS):
                writer.write_batch(change(batch), row_group_size=ROWS)


def _changed(batch: Any, all_changes: Iterator[Change]) -> Any:
    pa = pyarrow()
    # An engine's row for an article that could not be read has no quote.
    batch = batch.filter(batch.column("quote_id").is_valid())
    changes = list(islice(all_changes, batch.num_rows))
    parents = zip(changes, batch.column("parent").to_pylist(), strict=True)
    columns = {
        "person_id": [change.person for change in changes],
        "speaker_known_id": [change.known for change in changes],
        "parent": [change.parent(parent) for change, parent in parents],
    }
    for name, cells in columns.items():
        batch = _set(batch, name, cells)
    if all(change.keep for change in changes):
        return batch
    return batch.filter(pa.array([change.keep for change in changes]))


def _set(batch: Any, name: str, cells: Sequence[Any]) -> Any:
    at = batch.schema.get_field_index(name)
    field = batch.schema.field(at)
    arrays = batch.columns
    arrays[at] = pyarrow().array(cells, field.type)
    return pyarrow().RecordBatch.from_arrays(arrays, schema=batch.schema)


def _counted(batch: Any, numbers: Iterator[int]) -> Any:
    old = batch.column("quotes").to_pylist()
    new = [(next(numbers), next(numbers)) if quotes else (0, 0) for quotes in old]
    for at, name in enumerate(_COUNTS):
        batch = _set(batch, name, [pair[at] for pair in new])
    return batch


def _rows(path: Path, changes: Iterator[Change]) -> Iterator[bytes]:
    delimiter = DELIMITERS[endings(path)[0]]
    rows = csv_rows(path, delimiter, (*_OURS, "quote_id"))
    header = next(rows)
    person, known, parent, quote = (header.index(name) for name in (*_OURS, "quote_id"))
    encode = row_encoder(delimiter)
    yield BOM_UTF8 + encode(header)
    for row in rows:
        if not row[quote]:
            continue
        change = next(changes)
        if change.keep:
            row[person] = guarded(change.person) if change.person else ""
            row[known] = guarded(change.known) if change.known else ""
            row[parent] = change.parent(row[parent]) or ""
            yield encode(row)


def _counted_rows(path: Path, numbers: Iterator[int]) -> Iterator[bytes]:
    delimiter = DELIMITERS[endings(path)[0]]
    rows = csv_rows(path, delimiter, _COUNTS)
    header = next(rows)
    quotes, speakers = map(header.index, _COUNTS)
    encode = row_encoder(delimiter)
    yield BOM_UTF8 + encode(header)
    for row in rows:
        if row[quotes] not in ("", "0"):
            row[quotes], row[speakers] = str(next(numbers)), str(next(numbers))
        yield encode(row)


def _lines(path: Path, changes: Iterator[Change]) -> Iterator[bytes]:
    for record in json_records(Place(path)):
        quotes = []
        for quote, change in zip(record["quotes"], islice(changes, len(record["quotes"])), strict=True):
            if change.keep:
                quote["parent"] = change.parent(quote.get("parent"))
                if quote.get("speaker"):
                    quote["speaker"] |= {"person_id": change.person, "known_id": change.known}
                quotes.append(quote)
        yield line({**record, "quotes": quotes})
