"""The part of ``quotekit report`` that makes a report of many articles: a folder of pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from quotekit.commands.shared import check_paths
from quotekit.inputs import STDIN, read

if TYPE_CHECKING:
    from quotekit.batch.records import Result
    from quotekit.commands.run import Run
    from quotekit.extractor import Extractor

STORED = (".jsonl", ".ndjson", ".csv", ".parquet")
"""Endings of outputs of ``quotekit extract``."""

PACKED = (".gz", ".zst")


def is_stored(path: str) -> bool:
    """Whether ``path`` is called as outputs of ``quotekit extract`` are.

    >>> is_stored("quotes.parquet"), is_stored("quotes.jsonl.gz"), is_stored("articles")
    (True, True, False)
    """
    name = path.lower()
    for ending in PACKED:
        name = name.removesuffix(ending)
    return name.endswith(STORED) and not os.path.isdir(path)


def folder(
    paths: list[str],
    out: Path,
    *,
    extractor: Callable[[], Extractor],
    title: str | None = None,
    workers: int = 1,
    quiet: bool = False,
) -> int:
    """Write the report on outputs of ``quotekit extract``, or on articles, which are read on the way.

    Args:
        paths: all outputs, or all articles and folders of them.
        out: the folder of the report.
        extractor: makes what articles are read with; not called for outputs.
        title: of the report; by default the name of the only path.

    Returns:
        How many articles could not be read; each has been reported on standard error.

    Raises:
        typer.BadParameter: the paths cannot be put into one report.
        QuotekitError: an output cannot be read, or the report cannot be written.
    """
    stored = [is_stored(path) for path in paths]
    if any(stored) and not all(stored):
        other = paths[stored.index(False)]
        raise typer.BadParameter(
            f"{other!r} holds articles, and {paths[stored.index(True)]!r} quotes that were found before; "
            "name the ones or the others.",
            param_hint="PATH",
        )
    if STDIN in paths:
        raise typer.BadParameter(
            "a report of many articles is made from files and folders, not from standard input.", param_hint="PATH"
        )
    check_paths(paths, None)
    from quotekit.report.destination import check
    from quotekit.report.folder import folder_report
    from quotekit.tables import counted

    # Known before the work: the articles of a large folder take hours.
    check(out)
    title = title or (Path(os.path.abspath(paths[0])).name if len(paths) == 1 else None) or "Who said what"
    if all(stored):
        written, unread = folder_report(_stored(paths), out, title=title), 0
    else:
        from quotekit.commands.run import Run

        run = Run(paths, extractor(), workers, quiet=quiet)
        written, unread = folder_report(_read(run), out, title=title), run.unread
    if not quiet:
        parts = [counted(written.articles, "article"), counted(written.quotes, "quote")]
        parts += [f"{unread:,} not read"] if unread else []
        typer.echo(f"{' · '.join(parts)} → {written.index}", err=True)
    return unread


def _stored(paths: list[str]) -> Iterator[Result]:
    from quotekit.batch.stored import read_stored

    for path in paths:
        yield from read_stored(path)


def _read(run: Run) -> Iterator[Result]:
    from quotekit.batch.records import Result

    for name, quotes in run.articles(progress=True):
        yield Result(name, quotes, text=read(name))
