"""The progress of a run, and its summary, on standard error."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from quotekit.batch.reading.finding import counted as by_ending
from quotekit.batch.records import Counts, Noticed
from quotekit.lexicon import load
from quotekit.output.plain_text import counted, shown

MOST = 20
"""Maximum number of errors that are printed if a file lists them all."""


class Watch:
    """Progress, errors and summary of a run, on standard error.

    Attributes:
        words: number of words of the articles read so far, less the first: while it is read, the models are loaded.
    """

    def __init__(self, *, quiet: bool, errors: Path | None = None) -> None:
        self._screen = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        self._quiet = quiet
        self._errors = errors
        self._shown = 0
        self._begun = monotonic()
        self._progress: Progress | None = None
        self._of_stream = False
        self._since: float | None = None
        self._at_first = 0
        self.words = 0

    @property
    def is_terminal(self) -> bool:
        return self._screen.is_terminal

    @contextmanager
    def bar(self, inputs: int, done: int = 0) -> Iterator[None]:
        """Show a progress bar during the block, on a terminal and for more than one article."""
        self._begun, self._since = monotonic(), None
        if self._quiet or not self.is_terminal:
            yield
            return
        columns = TextColumn("articles"), BarColumn(), TextColumn("{task.fields[state]}"), _Left()
        self._progress = Progress(*columns, console=self._screen, transient=True, redirect_stdout=False)
        self._progress.add_task("", total=inputs, completed=done, state="")
        try:
            if inputs > 1:
                self._progress.start()
            yield
        finally:
            if self._started:
                self._progress.stop()
            self._progress = None

    @property
    def _started(self) -> bool:
        return self._progress is not None and self._progress.live.is_started

    def advance(self, items: int, words: int, *, of_stream: bool) -> None:
        """Update the bar: ``items`` articles and failures are done, the last with ``words``.

        Args:
            items: number of articles and failures so far.
            words: number of words of the last one.
            of_stream: true if it is from a file of many, so that the total is unknown.
        """
        if self._since is None:
            self._since, self._at_first = monotonic(), items
        else:
            self.words += words
        self._of_stream |= of_stream
        if self._progress is None:
            return
        task = self._progress.tasks[0]
        total = None if self._of_stream else task.total
        state = f"{items:,}" + ("" if total is None else f"/{total:,.0f}")
        if items > self._at_first:
            spent = max(monotonic() - self._since, 0.001)
            state += f" · {(items - self._at_first) / spent:,.1f}/s · {self.words / spent:,.0f} words/s"
        if total is None and task.total is not None:
            self._progress.reset(task.id, total=None, completed=items, state=state)
            if not self._started:
                self._progress.start()
        self._progress.update(task.id, completed=items, total=total, state=state)

    def error(self, where: str, reason: str) -> None:
        """Report an unreadable input, even if quiet."""
        self._shown += 1
        if self._errors is None or self._shown <= MOST:
            self.say(f"quotekit: {where}: {reason}")
        elif self._shown == MOST + 1:
            self.say(f"quotekit: further errors are only written to {self._errors}")

    def note(self, line: str) -> None:
        """Print a line unless quiet."""
        if not self._quiet:
            self.say(line)

    def stopping(self) -> None:
        """Report that the run is being stopped. Takes no lock, so that signal handlers may call it."""
        if not self._quiet:
            with suppress(OSError):
                os.write(2, b"\nquotekit: finishing the articles in progress; press Ctrl-C again to stop at once\n")

    def say(self, line: str) -> None:
        # A full disk under standard error ends no run.
        with suppress(OSError):
            self._screen.print(shown(line))

    def summarise(self, counts: Counts, output: Path | None, *found: str) -> None:
        """Print one line with what was done, and what was ``found`` besides quotes."""
        kinds = ", ".join(f"{counts.kinds[kind]:,} {kind}" for kind in sorted(counts.kinds))
        parts = [
            counted(counts.articles, "article"),
            counted(counts.kinds.total(), "quote") + (f" ({kinds})" if kinds else ""),
            *found,
        ]
        if counts.repeats:
            parts.append(counted(counts.repeats, "repeated text") + " left out")
        if counts.failures:
            parts.append(f"{counts.failures:,} not read" + ("" if self._errors is None else f": {self._errors}"))
        self.note(" · ".join(parts) + ("" if output is None else f" → {output}"))
        for line in noticed(counts.noticed):
            self.note(line)
        self.note_left_out(counts.left_out)

    def note_left_out(self, finds: int) -> None:
        """Print a line if finds were left out."""
        if finds:
            self.note(left_out(finds))

    def note_files(self, left_out: Counter[str]) -> None:
        """Print how many files in folders were left out, by ending."""
        if left_out:
            self.note(f"left out in folders, by ending: {by_ending(left_out)}")

    def pace(self) -> str:
        """Return the duration of the run, and its speed after the first article."""
        took = clock(monotonic() - self._begun)
        if not self.words or self._since is None:
            return took
        return f"{took}, {self.words / max(monotonic() - self._since, 0.001):,.0f} words per second"


def noticed(found: Mapping[str, Noticed]) -> list[str]:
    """Return a line for each thing that was noticed in articles, with the files that have it and what to do.

    >>> noticed({"tags": Noticed(2, 1, ["news.csv"])})
    ['2 articles with HTML in the text, in news.csv: read columns of HTML with --text-format html']
    """
    rows = {row["name"]: row for row in load("notes", "reading")["note"]}
    return [
        f"{counted(one.articles, 'article')} {rows[name]['found']}, in {_inputs(one)}"
        + (f": {rows[name]['remedy']}" if rows[name]["remedy"] else "")
        for name, one in sorted(found.items())
    ]


def _inputs(one: Noticed) -> str:
    """Return the inputs in which something was noticed: the first, and how many more there are."""
    more = one.inputs - len(one.first)
    return ", ".join(one.first) + (f" and {more:,} more" if more else "")


def left_out(finds: int) -> str:
    """Return how many finds ``min_confidence`` left out, and how to see them.

    >>> left_out(1), left_out(1200)
    ('1 find left out as too uncertain: --min-confidence 0 shows all', \
'1,200 finds left out as too uncertain: --min-confidence 0 shows all')
    """
    return f"{counted(finds, 'find')} left out as too uncertain: --min-confidence 0 shows all"


class _Left(TimeRemainingColumn):
    """The remaining time, or nothing if the total is unknown."""

    def render(self, task: Task) -> Text:
        return Text() if task.total is None else super().render(task)


def clock(seconds: float) -> str:
    """Format seconds as a clock does.

    >>> clock(59.6), clock(3725)
    ('1:00', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
