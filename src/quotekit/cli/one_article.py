"""The input of commands that read one article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from quotekit.cli.exits import SOME_UNREAD, report_line

if TYPE_CHECKING:
    from quotekit.batch.reading import ReadOptions
    from quotekit.batch.records import Record


def only_article(path: str, options: ReadOptions | None = None) -> Record:
    """Return the only article of an input; exit if it cannot be read."""
    from quotekit.batch.reading import read_one
    from quotekit.errors import InputError

    try:
        return read_one(path, options)
    except InputError as error:
        report_line(str(error))
        raise typer.Exit(SOME_UNREAD) from None
