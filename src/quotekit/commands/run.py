"""One run of the command line over its inputs: what is read, what is reported, how far it is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from quotekit.extractor import Extractor
from quotekit.inputs import STDIN, InputError, find, read
from quotekit.models import Quote
from quotekit.tables import counted, shown


class Run:
    """The articles that ``paths`` stand for, on their way through ``extractor``.

    Attributes:
        names: the articles, in order, readable or not.
        day: the day that all articles are of, if it is known.
        unread: inputs that could not be read so far; each has been reported on standard error.
    """

    def __init__(
        self, paths: list[str], extractor: Extractor, workers: int, *, quiet: bool, day: date | None = None
    ) -> None:
        self.unread = 0
        self.day = day
        self._kinds: Counter[str] = Counter()
        self._read = 0
        self._extractor = extractor
        self._workers = workers
        self._quiet = quiet
        self._screen = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        self.names, errors = find(paths)
        for error in errors:
            self._report(error)

    def articles(self, *, progress: bool) -> Iterator[tuple[str, list[Quote]]]:
        """Name and quotes of every article that can be read, in order; the others are reported as they come."""
        # Small batches, so that a few dozen articles still keep every worker busy.
        size = max(1, min(16, len(self.names) // (4 * self._workers)))
        results = self._extractor.pipe(
            self._texts(), n_process=self._workers, batch_size=size, as_tuples=True, date=self.day
        )
        with self._advance(progress) as advance:
            for quotes, name in results:
                self._read += 1
                self._kinds.update(quote.kind for quote in quotes)
                advance(self._read + self.unread)
                yield name, quotes

    @contextmanager
    def _advance(self, progress: bool) -> Iterator[Callable[[int], None]]:
        """What to call with the number of articles done: a bar on a terminal, for more than one article."""
        if not progress or self._quiet or not self._screen.is_terminal or len(self.names) < 2:
            yield lambda done: None
            return
        columns = TextColumn("articles"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        with Progress(*columns, console=self._screen, transient=True, redirect_stdout=False) as bar:
            task = bar.add_task("", total=len(self.names) + self.unread)
            yield lambda done: bar.update(task, completed=done)

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name in self.names:
            if name == STDIN and sys.stdin.isatty() and not self._quiet:
                self._say("Reading standard input; Ctrl-D on a line of its own ends it.")
            try:
                text = read(name)
            except InputError as error:
                self._report(error)
                continue
            yield text, name

    def summarise(self, output: Path | None, *found: str) -> None:
        """Say in one line what was done, and what was ``found`` besides quotes."""
        if self._quiet:
            return
        kinds = ", ".join(f"{self._kinds[kind]:,} {kind}" for kind in sorted(self._kinds))
        parts = [
            counted(self._read, "article"),
            counted(self._kinds.total(), "quote") + (f" ({kinds})" if kinds else ""),
            *found,
        ]
        if self.unread:
            parts.append(f"{self.unread:,} not read")
        self._say(" · ".join(parts) + ("" if output is None else f" → {output}"))

    def _report(self, error: InputError) -> None:
        self.unread += 1
        self._say(f"quotekit: {error}")

    def _say(self, line: str) -> None:
        self._screen.print(shown(line))
