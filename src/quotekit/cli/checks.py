"""Usage errors that several commands share."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import typer

from quotekit.batch.reading.finding import STDIN, URL
from quotekit.batch.reading.patterns import MAGIC
from quotekit.errors import QuotekitError

OTHER_FORMATS = (".csv", ".tsv", ".parquet", ".xlsx", ".gz", ".zst")


def is_path(text: str) -> bool:
    """Return whether ``text`` can be read: a path that exists, a pattern, standard input, or an address."""
    return text == STDIN or os.path.lexists(text) or bool(MAGIC.search(text) or URL.match(text))


def check_paths(paths: list[str], output: Path | None = None) -> None:
    """Refuse paths if none of them exists, and an output that is a folder."""
    if not any(map(is_path, paths)):
        which = f"{paths[0]!r} does not exist" if len(paths) == 1 else f"none of these {len(paths)} paths exist"
        raise typer.BadParameter(f"{which}. Check the spelling and the current folder.", param_hint="PATH")
    if output is not None and output.is_dir():
        raise typer.BadParameter(f"{str(output)!r} is a folder; name a file in it.", param_hint="-o")


def check_articles(paths: list[str], text_field: str) -> None:
    """Refuse tables of quotes: their column "text" holds quotes, not articles."""
    from quotekit.batch.reading.options import format_of
    from quotekit.batch.stored import is_stored

    if text_field != "text":
        return
    for path in paths:
        try:
            stored = format_of(path) in ("csv", "tsv", "parquet") and is_stored(path)
        except QuotekitError:
            # A missing library is reported when the file is read; the other files are still read.
            continue
        if stored:
            raise typer.BadParameter(
                f"{path!r} is an output of quotekit extract; name the articles instead.", param_hint="PATH"
            )


def check_not_input(inputs: Iterable[str], output: Path | None, option: str = "-o") -> None:
    """Refuse an output that would replace one of the inputs."""
    if output is not None and output.exists() and os.path.realpath(output) in map(os.path.realpath, inputs):
        raise typer.BadParameter(f"{str(output)!r} is one of the inputs; name another file.", param_hint=option)
