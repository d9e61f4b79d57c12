"""Search results as CSV."""

from __future__ import annotations

from collections.abc import Iterable

from quotekit.output.cells import cell_of, csv_file
from quotekit.study.search import Hit


def hits_csv(hits: Iterable[Hit]) -> bytes:
    """Return quotes as CSV with a byte order mark, one per row; no cell begins a formula.

    >>> hits_csv([]).decode("utf-8-sig").split(",")[:3]
    ['article_date', 'article_outlet', 'speaker']
    """
    return csv_file([Hit._fields, *(map(cell_of, hit) for hit in hits)])
