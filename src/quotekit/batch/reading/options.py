"""How inputs are read, and which endings mean which format."""

from __future__ import annotations

import os
from dataclasses import dataclass

from quotekit.batch.compression import COMPRESSED
from quotekit.errors import near

ENDINGS = {
    "text": (".txt", ".md"),
    "html": (".html", ".htm"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "parquet": (".parquet",),
}
"""Each format and the endings of its files."""

_FORMATS = {ending: name for name, endings in ENDINGS.items() for ending in endings}


@dataclass(frozen=True)
class ReadOptions:
    """How inputs are read.

    Attributes:
        text_field: the column, or the key of a JSON object, that holds the article.
        id_field: the one that holds its id; by default the id is the input's path and the article's number in it.
        date_field: the one that holds its date.
        encoding: the encoding of text, such as "cp1252"; ``None`` detects it.
        format: "text", "html", "json", "jsonl", "csv", "tsv" or "parquet" for all inputs, whatever their names; in
            folders only files with an ending of that format are read. ``None`` goes by each file's ending.

    >>> ReadOptions(text_field="body", encoding="cp1252").text_field
    'body'

    Raises:
        ValueError: no such encoding or format.
    """

    text_field: str = "text"
    id_field: str | None = None
    date_field: str | None = None
    encoding: str | None = None
    format: str | None = None

    def __post_init__(self) -> None:
        if self.format is not None and self.format not in ENDINGS:
            raise ValueError(f"format must be one of {', '.join(ENDINGS)}, not {self.format!r}; {self._near()}")
        if self.encoding is not None:
            try:
                "a".encode(self.encoding)
            except (LookupError, ValueError) as error:
                raise ValueError(
                    f"encoding must be one that Python knows, such as 'utf-8' or 'cp1252', not {self.encoding!r}"
                ) from error

    def _near(self) -> str:
        return near(str(self.format), ENDINGS)


def format_of(name: str) -> str | None:
    """Return the format that a file's name ends in, compressed or not.

    >>> format_of("news/a.JSONL.gz"), format_of("a.html"), format_of("notes"), format_of("a.gz")
    ('jsonl', 'html', None, None)
    """
    base = os.path.basename(name).lower()
    for ending in COMPRESSED:
        base = base.removesuffix(ending)
    return _FORMATS.get(os.path.splitext(base)[1])
