"""Search results as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from quotekit.models import without_surrogates
from quotekit.output.cells import guarded
from quotekit.output.plain_text import shown
from quotekit.study.search import Hit


def hits_csv(hits: Iterable[Hit]) -> bytes:
    """Return quotes as CSV with a byte order mark, one per row; no cell begins a formula.

    >>> hits_csv([]).decode("utf-8-sig").split(",")[:3]
    ['article_date', 'article_outlet', 'speaker']
    """
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(Hit._fields)
    for hit in hits:
        writer.writerow("" if cell is None else guarded(shown(without_surrogates(str(cell)))) for cell in hit)
    return file.getvalue().encode("utf-8-sig")
