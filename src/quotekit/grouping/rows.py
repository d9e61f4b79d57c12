"""Groups as files: JSON Lines, one group per line; CSV and Parquet, one row per article of a group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quotekit.batch.arrow import batch_of, pyarrow, schema_of
from quotekit.batch.compression import Sink
from quotekit.batch.schema import Column
from quotekit.batch.writing.csv_rows import cell
from quotekit.grouping.types import QuoteGroup
from quotekit.output.cells import csv_file
from quotekit.output.target import Target, line

COLUMNS = (
    Column("group_id", "text", False, "`g1`, `g2`, … in order of their first dates"),
    Column("group_text", "text", False, "the fullest wording"),
    Column("group_speaker", "text", True, "the speaker's fullest name in any of the articles"),
    Column("group_speaker_kind", "text", True, "`person`, `organization`, …"),
    Column("group_speaker_known_id", "text", True, "the id in your own list of speakers"),
    Column("group_articles", "whole", False, "how many articles have it"),
    Column("ordered_by", "text", False, "what `first` is based on: `date`, `date, then input` or `input`"),
    Column("article_id", "text", False, "the article"),
    Column("article_date", "day", True, "its date"),
    Column("quote_id", "text", False, "the quote in it"),
    Column("speaker", "text", True, "the speaker's name in it"),
    Column("text", "text", False, "the quote as it is there"),
    Column("similarity", "number", False, "similarity to the fullest wording, of what both contain, in percent"),
    Column("wording", "text", False, "`same`, `shortened` or `changed`"),
    Column("first", "whole", False, "1 if no article of the group is earlier, else 0"),
)


def write(groups: Iterable[QuoteGroup], form: str, target: Target) -> None:
    """Write the groups to ``target``.

    Args:
        groups: the groups, from `group`.
        form: ``jsonl``, ``csv`` or ``parquet``.
        target: where to write.

    Raises:
        QuotekitError: pyarrow, which Parquet needs, is not installed.
    """
    _WRITERS[form](groups, target)


def rows_of(group: QuoteGroup) -> Iterator[list[Any]]:
    """Yield the rows of a group, with the columns in the order of `COLUMNS`."""
    speaker = group.speaker
    who = [speaker.name, speaker.kind, speaker.known_id] if speaker else [None] * 3
    for one in group.members:
        yield [
            *(group.id, group.text, *who, group.articles, group.ordered_by),
            *(one.article, one.date, one.quote, one.speaker, one.text, one.similarity, one.wording, int(one.first)),
        ]


def _json_lines(groups: Iterable[QuoteGroup], target: Target) -> None:
    for group in groups:
        target.write(line(group.model_dump(mode="json")))


def _csv(groups: Iterable[QuoteGroup], target: Target) -> None:
    rows = (map(cell, row) for group in groups for row in rows_of(group))
    target.write(csv_file([[column.name for column in COLUMNS], *rows]))


def _parquet(groups: Iterable[QuoteGroup], target: Target) -> None:
    pa = pyarrow()
    schema = schema_of(COLUMNS, {})
    with pa.parquet.ParquetWriter(Sink(target), schema, compression="zstd") as writer:
        writer.write_batch(batch_of([row for group in groups for row in rows_of(group)], schema))


_WRITERS: dict[str, Callable[[Iterable[QuoteGroup], Target], None]] = {
    "jsonl": _json_lines,
    "csv": _csv,
    "parquet": _parquet,
}
