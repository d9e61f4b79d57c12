"""The part of ``quotekit report`` that makes a report of many articles: a folder of pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from quotekit.batch.reading.finding import STDIN
from quotekit.batch.reading.options import format_of
from quotekit.batch.reading.patterns import MAGIC
from quotekit.cli.shared import check_paths

if TYPE_CHECKING:
    from quotekit.batch.journal import Counts
    from quotekit.batch.reading import ReadOptions
    from quotekit.batch.records import Result
    from quotekit.extractor import Extractor

OF_ONE = ("text", "html")
"""Formats of files that hold one article."""


def is_one(path: str, format: str | None = None) -> bool:
    """Whether ``path`` stands for one article: for no folder, no pattern, and no file that holds many.

    >>> is_one("story.txt"), is_one("-"), is_one("news.csv"), is_one("news/*.txt")
    (True, True, False, False)
    """
    if path == STDIN:
        return format in (None, *OF_ONE)
    if os.path.isdir(path) or (MAGIC.search(path) and not os.path.lexists(path)):
        return False
    return (format or format_of(path) or "text") in OF_ONE


def folder(
    paths: list[str],
    out: Path,
    *,
    stored: bool,
    extractor: Callable[[], Extractor],
    options: ReadOptions | None = None,
    title: str | None = None,
    workers: int = 1,
    time_limit: float | None = None,
    strict: bool = False,
    quiet: bool = False,
) -> int:
    """Write the report on outputs of ``quotekit extract``, or on articles, which are read on the way.

    Args:
        paths: all outputs, or all articles, patterns and folders.
        out: the folder of the report.
        stored: whether the paths are outputs.
        extractor: makes what articles are read with; not called for outputs.
        options: how articles are read.
        title: of the report; by default the name of the only path.
        workers, time_limit, strict: as for ``quotekit extract``.

    Returns:
        How many inputs could not be read; each has been reported on standard error.

    Raises:
        typer.BadParameter: none of the paths exist.
        QuotekitError: an output cannot be read, or the report cannot be written.
    """
    check_paths(paths, None)
    from quotekit.batch import journal
    from quotekit.report.destination import check
    from quotekit.report.folder import folder_report
    from quotekit.terminal.progress import Watch

    # Known before the work: the articles of a large folder take hours.
    check(out)
    title = title or (Path(os.path.abspath(paths[0])).name if len(paths) == 1 else None) or "Who said what"
    watch = Watch(quiet=quiet)
    if stored:
        counts = journal.Counts()
        written = folder_report(_counted(_stored(paths), counts), out, title=title)
    else:
        from quotekit.batch.reading import Inputs
        from quotekit.cli.run import Run, tell_of_standard_input

        inputs = Inputs(paths, options)
        # The pages of the report that is there are HTML, and no articles.
        inputs.sources = [source for source in inputs.sources if not _is_inside(source, out)]
        tell_of_standard_input(inputs, watch)
        reader = extractor()
        run = Run(inputs, reader, watch)
        results = run.results(workers, progress=True, time_limit=time_limit, strict=strict)
        written = folder_report(results, out, title=title, rules=reader.rules)
        counts = run.counts
    watch.summarise(counts, written.index)
    return counts.failures


def _stored(paths: list[str]) -> Iterator[Result]:
    from quotekit.batch.stored import read_stored

    for path in paths:
        yield from read_stored(path)


def _counted(results: Iterator[Result], counts: Counts) -> Iterator[Result]:
    for result in results:
        counts.articles += 1
        counts.kinds.update(quote.kind for quote in result.quotes)
        yield result


def _is_inside(path: str, folder: Path) -> bool:
    return path != STDIN and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
