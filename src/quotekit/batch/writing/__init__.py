"""The two tables of a run as files: JSON Lines with both in one, CSV, TSV or Parquet, by the ending."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from quotekit.batch import compression
from quotekit.batch.arrow import pyarrow
from quotekit.batch.beside import articles_of, partial_of
from quotekit.batch.compression import compressed, endings
from quotekit.batch.records import Failure, Result
from quotekit.batch.tables import ARTICLES_TABLE, QUOTES_TABLE, Table
from quotekit.batch.writing import csv_rows, jsonl, parquet
from quotekit.batch.writing.jsonl import error_line
from quotekit.output.target import OutputError, Target

FORMS = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
"""Endings of outputs. All except Parquet, which compresses its columns itself, may be followed by .gz or .zst."""

_PIECE = 1 << 16


def check(path: str | os.PathLike[str]) -> None:
    """Check that `write` can write a file of this name, so that a long run does not end in an error.

    Raises:
        OutputError: its ending names no format.
        QuotekitError: the library that writes this format is not installed.
    """
    _form(Path(path))


def write(results: Callable[[], Iterable[Result]], path: str | os.PathLike[str], *, keep_text: bool = False) -> None:
    """Write the quotes of ``results`` to the file ``path``, which appears or is replaced only when it is complete.

    The same results give the same bytes, with the same versions of pyarrow and the compressors. Memory does not grow
    with their number.

    Args:
        results: returns the results each time it is called: twice where columns must be known before rows.
        path: its ending decides the format: .jsonl or .ndjson (one article a line), .csv, .tsv or .parquet (one quote
            a row), all but the last also with .gz or .zst behind it.
        keep_text: whether to write the articles' texts too; then other users cannot read the file.

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
    _write(results, [(Path(path), QUOTES_TABLE, None)], keep_text)


def write_articles(
    results: Callable[[], Iterable[Result]], path: str | os.PathLike[str], *, keep_text: bool = False
) -> None:
    """Write a table of the articles of ``results``, one a row, as `write` writes one of their quotes.

    Args:
        results, keep_text: as in `write`.
        path: its ending decides the format: .csv, .tsv or .parquet, the first two also with .gz or .zst behind it.
            JSON Lines, which hold the articles already, are written as by `write`.

    Raises as `write` does.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "quotes.articles.csv")
    ...     write_articles(lambda: [Result("a.txt", [], form="story", words=3)], path)
    ...     path.read_text("utf-8-sig").splitlines()[-1]
    'a.txt,,,,,,,story,3,0,0,'
    """
    _write(results, [(Path(path), ARTICLES_TABLE, None)], keep_text)


def write_run(results: Callable[[], Iterable[Result]], output: Path, *, keep_text: bool, run: str) -> None:
    """Write the output of a run and the table of articles beside it. If one cannot be written, neither appears.

    Args:
        results, keep_text: as in `write`.
        output: the table of quotes, or JSON Lines with both.
        run: names the files while they are being written.

    Raises as `write` does.
    """
    files, articles = [(output, QUOTES_TABLE, partial_of(output, run))], articles_of(output)
    if articles is not None:
        files.append((articles, ARTICLES_TABLE, partial_of(articles, run)))
    _write(results, files, keep_text)


def _write(
    results: Callable[[], Iterable[Result]], files: Iterable[tuple[Path, Table, str | None]], keep_text: bool
) -> None:
    """Write tables to files; either all of them appear or none."""
    with ExitStack() as whole:
        for path, table, partial in files:
            form, how = _form(path)
            target = whole.enter_context(Target(path, lasting=True, private=keep_text, partial=partial))
            if form == ".parquet":
                parquet.write(results, target, table, keep_text=keep_text)
                continue
            with compressed(target, how) as put:
                for piece in _gathered(_pieces(results, form, table, keep_text)):
                    put(piece)


def _pieces(results: Callable[[], Iterable[Result]], form: str, table: Table, keep_text: bool) -> Iterator[bytes]:
    if form in csv_rows.DELIMITERS:
        return csv_rows.pieces(results, table, keep_text=keep_text, delimiter=csv_rows.DELIMITERS[form])
    return jsonl.pieces(results, keep_text)


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
        pyarrow()
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
