"""How inputs are read, and which endings mean which format."""

from __future__ import annotations

from dataclasses import dataclass

from quotekit.batch.reading.days import check_format
from quotekit.batch.reading.kinds import kind_of_name, kinds
from quotekit.errors import near

ENDINGS: dict[str, tuple[str, ...]] = {}
"""Each format and the endings of its files."""

for _kind in kinds():
    if _kind.format is not None:
        ENDINGS[_kind.format] = ENDINGS.get(_kind.format, ()) + _kind.endings


TEXT_FORMATS = ("text", "html")


@dataclass(frozen=True)
class ReadOptions:
    """How inputs are read.

    Attributes:
        text_field: the column, or the key of a JSON object, that holds the article.
        id_field: the one that holds its id; by default the id is the input's path and the article's number in it.
        date_field: the one that holds its date.
        date_format: how the dates there are written, as for `datetime.strptime`; ``None`` reads all unambiguous forms.
        table: the table of a database, or the sheet of a workbook; ``None`` takes the one with the text's column.
        text_format: "text" or "html": what the texts in rows are.
        fix_text: whether the encoding of texts is repaired, and invisible characters are taken out of them.
        encoding: the encoding of text, such as "cp1252"; ``None`` detects it.
        format: one of `ENDINGS` for all inputs, whatever they look like; in folders only files with an ending of that
            format are read. ``None`` goes by each file's first bytes, and then by its ending.

    >>> ReadOptions(text_field="body", encoding="cp1252").text_field
    'body'

    Raises:
        ValueError: no such encoding or format, or a format of dates without day, month or year.
    """

    text_field: str = "text"
    id_field: str | None = None
    date_field: str | None = None
    encoding: str | None = None
    format: str | None = None
    date_format: str | None = None
    table: str | None = None
    text_format: str = "text"
    fix_text: bool = False

    def __post_init__(self) -> None:
        if self.format is not None and self.format not in ENDINGS:
            raise ValueError(
                f"format must be one of {', '.join(ENDINGS)}, not {self.format!r}; {near(self.format, ENDINGS)}"
            )
        if self.text_format not in TEXT_FORMATS:
            raise ValueError(f"text format must be one of {', '.join(TEXT_FORMATS)}, not {self.text_format!r}")
        if self.date_format is not None:
            check_format(self.date_format)
        if self.encoding is not None:
            try:
                "a".encode(self.encoding)
            except (LookupError, ValueError) as error:
                raise ValueError(
                    f"encoding must be one that Python knows, such as 'utf-8' or 'cp1252', not {self.encoding!r}"
                ) from error


def format_of(name: str) -> str | None:
    """Return the format that a file's name ends in, compressed or not.

    >>> format_of("news/a.JSONL.gz"), format_of("a.html"), format_of("notes"), format_of("a.gz")
    ('jsonl', 'html', None, None)
    """
    kind = kind_of_name(name)
    return None if kind is None else kind.format
