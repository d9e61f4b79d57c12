"""How inputs are to be read, and which endings mean which format."""

from __future__ import annotations

import os
from dataclasses import dataclass

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
"""Each format, and what the names of its files end in."""

PACKED = (".gz", ".zst")
"""What may stand behind such an ending."""

_FORMATS = {ending: name for name, endings in ENDINGS.items() for ending in endings}


@dataclass(frozen=True)
class ReadOptions:
    """How inputs are read.

    Attributes:
        text_field: the column, or the key of a JSON object, that holds the article.
        id_field: that of its id; without it the id is the input's path and the article's number in it.
        date_field: that of the day it is of.
        encoding: what text is encoded in, such as "cp1252"; ``None`` finds out.
        format: one of "text", "html", "json", "jsonl", "csv", "tsv", "parquet" for inputs whatever they are called;
            of a folder only files with an ending of that format are read then. ``None`` goes by each file's ending.

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
    """The format that a file's name stands for, compressed or not.

    >>> format_of("news/a.JSONL.gz"), format_of("a.html"), format_of("notes"), format_of("a.gz")
    ('jsonl', 'html', None, None)
    """
    base = os.path.basename(name).lower()
    for ending in PACKED:
        base = base.removesuffix(ending)
    return _FORMATS.get(os.path.splitext(base)[1])
