"""Folders of articles: what is read (`reading`), the run over it (`running`), what is written (`writing`)."""

from quotekit.batch.reading import Inputs, ReadOptions
from quotekit.batch.records import Failure, Record, Result
from quotekit.batch.stored import StoredError, read_stored
from quotekit.batch.writing import write, write_articles

__all__ = [
    "Failure",
    "Inputs",
    "ReadOptions",
    "Record",
    "Result",
    "StoredError",
    "read_stored",
    "write",
    "write_articles",
]
