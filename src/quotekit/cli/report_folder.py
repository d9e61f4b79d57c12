"""The part of ``quotekit report`` that makes a folder of pages about many articles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from quotekit.batch.reading.finding import STDIN
from quotekit.batch.reading.options import format_of
from quotekit.batch.reading.patterns import MAGIC
from quotekit.batch.stored import is_stored
from quotekit.cli.checks import check_paths
from quotekit.cli.exits import SOME_UNREAD, failures_reported
from quotekit.cli.options import ExtractionOptions, InputOptions, RunOptions, known_from, named

if TYPE_CHECKING:
    from quotekit.batch.reading import Inputs
    from quotekit.batch.records import Counts, Result
    from quotekit.extractor import Extractor
    from quotekit.terminal.progress import Watch

OF_ONE = ("text", "html", "docx", "odt", "rtf", "pdf", "mail")
"""Formats of files that hold one article."""


def is_one(path: str, format: str | None = None) -> bool:
    """Return whether ``path`` names one article: not a folder, a pattern, or a file of many.

    >>> is_one("story.txt"), is_one("-"), is_one("news.csv"), is_one("news/*.txt")
    (True, True, False, False)
    """
    if path == STDIN:
        return format in (None, *OF_ONE)
    if os.path.isdir(path) or (MAGIC.search(path) and not os.path.lexists(path)):
        return False
    return (format or format_of(path) or "text") in OF_ONE


@dataclass(frozen=True)
class Report:
    """What a report is made with, as its options say."""

    output: Path | None
    title: str | None
    input: InputOptions
    extraction: ExtractionOptions
    known_speakers: Path | None
    run: RunOptions
    quiet: bool

    @property
    def files(self) -> list[str]:
        """Files that are read besides the articles."""
        return [*named(self.known_speakers), *self.extraction.files]

    def extractor(self) -> Extractor:
        return self.extraction.extractor(known_from(self.known_speakers, quiet=self.quiet))

    def folder(self, paths: list[str]) -> tuple[Path, int]:
        """Make the report, and return its first page and the number of inputs that could not be read.

        Raises:
            typer.BadParameter: none of the paths exist, or options do not fit together.
        """
        out = self.output
        if out is None or out.suffix.lower() in (".html", ".htm"):
            raise typer.BadParameter(
                "a report on many articles is a folder of pages: name one, such as -o report.", param_hint="-o"
            )
        options = self.input.read_options()
        with failures_reported(out):
            stored = self._all_stored(paths)
            check_paths(paths)
            from quotekit.batch.reading import Inputs
            from quotekit.report.destination import check
            from quotekit.terminal.progress import Watch

            # Reading a large folder may take hours, so check the destination first.
            check(out)
            title = self.title or (Path(os.path.abspath(paths[0])).name if len(paths) == 1 else "") or "Who said what"
            watch = Watch(quiet=self.quiet)
            if stored:
                counts = _from_stored(paths, out, title)
            else:
                inputs = Inputs(paths, options)
                # The pages of an earlier report are HTML files, but not articles.
                inputs.sources = [source for source in inputs.sources if not _is_inside(source, out)]
                counts = self._from_articles(inputs, out, title, watch)
                watch.note_files(inputs.left_out)
            watch.summarise(counts, out / "index.html")
        return out / "index.html", counts.failures

    def _all_stored(self, paths: list[str]) -> bool:
        """Return whether the paths are outputs of ``quotekit extract``; a mixture is refused."""
        stored = [path for path in paths if is_stored(path)]
        if stored and len(stored) < len(paths):
            other = next(path for path in paths if path not in stored)
            raise typer.BadParameter(
                f"{other!r} holds articles but {stored[0]!r} is an output of quotekit extract; name one kind only.",
                param_hint="PATH",
            )
        if stored and (self.extraction != ExtractionOptions() or self.known_speakers):
            raise typer.BadParameter(
                "the quotes in these files were already extracted; extraction options are only valid with articles.",
                param_hint="PATH",
            )
        return bool(stored)

    def _from_articles(self, inputs: Inputs, out: Path, title: str, watch: Watch) -> Counts:
        from quotekit.cli.standard_input import hint_at_standard_input
        from quotekit.report.folder import folder_report

        hint_at_standard_input(inputs, watch)
        extractor = self.extractor()
        counts, results = self.run.over(inputs, extractor, watch)
        first = next(results, None)
        if first is None and counts.failures:
            # A report of nothing would look like one of articles without quotes.
            watch.note("no article could be read, and no report was made")
            raise typer.Exit(SOME_UNREAD)
        folder_report(chain(filter(None, [first]), results), out, title=title, rules=extractor.rules)
        return counts


def _from_stored(paths: list[str], out: Path, title: str) -> Counts:
    from quotekit.batch.records import Counts
    from quotekit.batch.stored import read_stored
    from quotekit.report.folder import folder_report

    counts = Counts()

    def results() -> Iterator[Result]:
        for path in paths:
            for result in read_stored(path):
                counts.articles += 1
                counts.kinds.update(quote.kind for quote in result.quotes)
                yield result

    folder_report(results(), out, title=title)
    return counts


def _is_inside(path: str, folder: Path) -> bool:
    return path != STDIN and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
