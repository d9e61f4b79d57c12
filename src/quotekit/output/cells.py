"""CSV files whose cells a spreadsheet takes for text."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from io import StringIO

from quotekit.models import without_surrogates
from quotekit.output.plain_text import shown

_FORMULA = re.compile(
    "'*(?:[\\t\\r\\n]|[\\s\\x00-\\x1f\\xad\u200b-\u200f\u2060\ufeff\ufffd]*[-=+@\uff1d\uff0b\uff0d\uff20])"
)
_NUMBER = re.compile(r"'*[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def guarded(text: str) -> str:
    r"""Return ``text`` as a cell, with an apostrophe in front if a spreadsheet could take it for a formula.

    A formula begins with ``=``, ``+``, ``-`` or ``@``, also full-width and after white space or characters without
    width, or with a tab or a line break. A number is not a formula, whatever its sign. `unguarded` is the inverse for
    any text; for that, apostrophes before what would be a formula get one more, and so does a text of nothing but
    apostrophes.

    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded("-5"), guarded("- he left"), guarded("'Tis so")
    ("'=1+1", "' @SUM(A1)", '-5', "'- he left", "'Tis so")
    """
    return f"'{text}" if _guards(text) else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made ``cell`` of.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'Tis so"), unguarded("=1+1")
    ('=1+1', "'=1+1", "'Tis so", '=1+1')
    """
    return cell[1:] if cell[:1] == "'" and _guards(cell[1:]) else cell


def cell_of(value: object) -> str:
    """Return a value as a cell on one line, without control characters and lone surrogates; "" for ``None``."""
    text = "" if value is None else shown(without_surrogates(str(value)))
    return guarded(text) if text else ""


def row_encoder(delimiter: str = ",") -> Callable[[Iterable[str]], bytes]:
    """Return a function that encodes a row of CSV."""
    buffer = StringIO(newline="")
    # With any other end of line Python 3.10 leaves a cell unquoted that has a "\r" in it.
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")

    def encoded(cells: Iterable[str]) -> bytes:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(cells)
        return buffer.getvalue().encode()

    return encoded


def csv_file(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows of cells as CSV. It begins with a byte order mark, by which spreadsheets know UTF-8."""
    return BOM_UTF8 + b"".join(map(row_encoder(), rows))


def _guards(text: str) -> bool:
    """Return whether ``text`` needs an apostrophe in front; the answer is the same if it already has one."""
    if not text.strip("'"):
        return True
    return _FORMULA.match(text) is not None and _NUMBER.fullmatch(text) is None
