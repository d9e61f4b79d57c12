"""The quotes of a run as a file: JSON Lines, CSV or Parquet, by its ending."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from quotekit.batch import compression
from quotekit.batch.compression import compressed, endings
from quotekit.batch.records import Failure, Result
from quotekit.batch.writing import csv_rows, jsonl, parquet
from quotekit.batch.writing.jsonl import error_line
from quotekit.output.target import OutputError, Target

FORMS = (".jsonl", ".ndjson", ".csv", ".parquet")
"""Formats that are written; all but Parquet, which compresses its columns itself, also with .gz or .zst behind."""

_PIECE = 1 << 16

_WRITERS: dict[str, Callable[[Callable[[], Iterable[Result]], bool], Iterator[bytes]]] = {
    ".jsonl": jsonl.pieces,
    ".ndjson": jsonl.pieces,
    ".csv": csv_rows.pieces,
}


def check(path: str | os.PathLike[str]) -> None:
    """Check that `write` can write a file of this name, so that a long run does not end in an error.

    Raises:
        OutputError: its ending names no format.
        QuotekitError: the library that writes this format is not installed.
    """
    _form(Path(path))


def write(
    results: Callable[[], Iterable[Result]],
    path: str | os.PathLike[str],
    *,
    keep_text: bool = False,
    partial: str | None = None,
) -> None:
    """Write the quotes of ``results`` to the file ``path``, which appears, or is replaced, only once it is whole.

    The same results give the same bytes, with the same versions of pyarrow and the compressors. Memory does not grow
    with their number.

    Args:
        results: returns the results each time it is called: twice where columns must be known before rows.
        path: its ending decides the format: .jsonl or .ndjson (one article a line), .csv or .parquet (one quote a
            row), the first three also with .gz or .zst behind it.
        keep_text: whether to write the articles' texts too; then other users cannot read the file.
        partial: what the file is called while it is being written.

    Raises:
        OutputError: the ending names no format, or the file cannot be written.
        QuotekitError: the library that writes this format is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "quotes.jsonl")
    ...     write(lambda: [Result("a.txt", [])], path)
    ...     path.read_text()
    '{"id": "a.txt", "quotes": []}\\n'
    """
    path = Path(path)
    form, how = _form(path)
    with Target(path, lasting=True, private=keep_text, partial=partial) as target:
        if form == ".parquet":
            parquet.write(results, target, keep_text=keep_text)
            return
        with compressed(target, how) as put:
            for piece in _gathered(_WRITERS[form](results, keep_text)):
                put(piece)


def write_errors(failures: Iterable[Failure], path: str | os.PathLike[str], *, partial: str | None = None) -> None:
    """Write failures to ``path`` as JSON Lines (`error_line`), whole or not at all.

    Raises:
        OutputError: the file cannot be written.
    """
    with Target(Path(path), lasting=True, partial=partial) as target:
        for piece in _gathered(map(error_line, failures)):
            target.write(piece)


def _form(path: Path) -> tuple[str, str | None]:
    form, how = endings(path)
    if form not in FORMS or (form == ".parquet" and how):
        known = ", ".join(FORMS[:-1]) + f" (each also with .gz or .zst behind it) or {FORMS[-1]}"
        raise OutputError(f"cannot write {path}: the ending of its name must be {known}. Name it by one of these.")
    if form == ".parquet":
        parquet.check()
    compression.check(how)
    return form, how


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join ``pieces`` into ones that are worth a write."""
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) >= _PIECE:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)
