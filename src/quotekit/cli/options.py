"""The options that several commands share, each declared once.

A group of options is a frozen dataclass: a command takes it as one parameter (see `flattening`), and its methods build
what the options describe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date as Day
from math import inf, nan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotekit.attribution.filters import MIN_CONFIDENCE
from quotekit.batch.reading.options import ENDINGS
from quotekit.cli.exits import DEBUG

# What reads articles is imported where it is used; help and --version do not need it.
if TYPE_CHECKING:
    from rich.console import Console

    from quotekit.batch.reading import Inputs, ReadOptions
    from quotekit.batch.records import Counts, Result
    from quotekit.extractor import Extractor
    from quotekit.known.matching import KnownSpeakers
    from quotekit.rules import RuleSet
    from quotekit.terminal.progress import Watch

INPUT = "Input"
EXTRACTION = "Extraction"
OUTPUT = "Output"
LONG_RUNS = "Long runs"


def number(least: int, most: int | None = None, *, whole: bool = False) -> Callable[[str | float], Any]:
    """Return the parser of an option that takes a number from ``least`` to ``most``."""
    bounds = f"of {least} or more" if most is None else f"from {least} to {most}"

    def parsed(given: str | float) -> float:
        try:
            value = int(given) if whole else float(given)
        except ValueError:
            value = nan
        # NaN is not within any bounds.
        if not least <= value <= (inf if most is None else most):
            raise typer.BadParameter(f"it must be a {'whole ' * whole}number {bounds}, not {given}.")
        return value

    return parsed


def option(panel: str | None, help: str, metavar: str | None = None, *, flag: str | None = None, **more: Any) -> Any:
    """Return an option, in a panel of the help if one is named: one that takes a value, or a ``flag``."""
    names = () if flag is None else (flag,)
    return typer.Option(*names, metavar=metavar, help=help, rich_help_panel=panel, **more)


def _set_debug(value: bool) -> bool:
    if value:
        DEBUG.set(True)
    return value


Paths = Annotated[list[str], typer.Argument(metavar="PATH", help="Files and folders to read; - is standard input.")]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write to this file, which is replaced only when complete."),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Show no progress and no summary, only errors.")]
Debug = Annotated[bool, typer.Option("--debug", callback=_set_debug, help="Show the traceback of an error.")]
Known = Annotated[
    Path | None, option(EXTRACTION, "Give speakers the ids they have in this list, .jsonl or .csv.", "FILE")
]


@dataclass(frozen=True)
class InputOptions:
    """How files are read."""

    text_field: Annotated[str, option(INPUT, "Column or key that holds the article text.", "NAME")] = "text"
    id_field: Annotated[
        str | None, option(INPUT, "Column or key that holds the id.  \\[default: path and number]", "NAME")
    ] = None
    date_field: Annotated[str | None, option(INPUT, "Column or key that holds the date.", "NAME")] = None
    date_format: Annotated[
        str | None,
        option(INPUT, "How the dates are written, such as %d/%m/%Y.  \\[default: unambiguous forms]", "FORMAT"),
    ] = None
    table: Annotated[
        str | None,
        option(INPUT, "Table of a database or sheet of a workbook.  \\[default: the one with the text]", "NAME"),
    ] = None
    text_format: Annotated[str, option(INPUT, "What the texts in rows are: text or html.", "FORMAT")] = "text"
    fix_text: Annotated[
        bool, option(INPUT, "Repair wrong encodings, remove invisible characters.", flag="--fix-text")
    ] = False
    encoding: Annotated[
        str | None, option(INPUT, "Text encoding, such as cp1252.  \\[default: detected per file]", "NAME")
    ] = None
    input_format: Annotated[
        str | None,
        option(INPUT, f"Read every file as {', '.join(ENDINGS)}.  \\[default: by content and ending]", "FORMAT"),
    ] = None

    def read_options(self) -> ReadOptions:
        """Return the options as the reader takes them."""
        from quotekit.batch.reading import ReadOptions

        values = asdict(self)
        try:
            return ReadOptions(format=values.pop("input_format"), **values)
        except ValueError as error:
            options = {"encoding": "--encoding", "date": "--date-format", "text": "--text-format"}
            wrong = options.get(str(error).split()[0], "--input-format")
            raise typer.BadParameter(f"{error}.", param_hint=wrong) from None


@dataclass(frozen=True)
class ExtractionOptions:
    """What quotes are found with."""

    attitudes: Annotated[
        bool, option(EXTRACTION, "Include what people believe, hope, want or oppose.", flag="--attitudes")
    ] = False
    min_confidence: Annotated[
        float,
        option(
            EXTRACTION,
            "Leave out quotes with a lower confidence, and those without a source and quotation marks; 0 shows all.",
            "X",
            parser=number(0, 1),
        ),
    ] = MIN_CONFIDENCE
    no_encoder: Annotated[
        bool, option(EXTRACTION, "Use only the rules: faster, less complete.", flag="--no-encoder")
    ] = False
    rules: Annotated[
        list[Path] | None, option(EXTRACTION, "Add rules and cues from this file, .toml or .jsonl; repeatable.", "FILE")
    ] = None
    without: Annotated[list[str] | None, option(EXTRACTION, "Switch off a rule; repeatable.", "RULE_ID")] = None
    corrections: Annotated[
        list[Path] | None,
        option(EXTRACTION, "Apply the corrections in this file, saved from article pages; repeatable.", "FILE"),
    ] = None
    model: Annotated[str | None, option(EXTRACTION, "Installed spaCy model, or a folder with one.", "NAME")] = None

    @property
    def files(self) -> list[str]:
        """The files of rules and corrections, which no output may replace."""
        return [str(file) for file in (*(self.rules or ()), *(self.corrections or ()))]

    def extractor(self, known: KnownSpeakers | None = None, *, resolve: bool = True) -> Extractor:
        """Return an extractor with these options."""
        from quotekit.corrections import Corrections
        from quotekit.extractor import Extractor

        rules, corrections = self._rule_set(), Corrections.of(self.corrections or ())
        try:
            return Extractor(
                rules=rules,
                encoder=not self.no_encoder,
                resolve=resolve,
                attitudes=self.attitudes,
                min_confidence=self.min_confidence,
                model=self.model,
                known_speakers=known,
                corrections=corrections,
            )
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    def _rule_set(self) -> RuleSet:
        from quotekit.errors import RuleError
        from quotekit.rules import RuleSet

        rules = default = RuleSet.default()
        for file in self.rules or ():
            rules = rules.with_file(file)
        try:
            # A file may already have switched off a rule that --without names.
            return rules.without(*(id for id in self.without or () if id in rules or id not in default))
        except RuleError as error:
            raise typer.BadParameter(str(error), param_hint="--without") from None


@dataclass(frozen=True)
class RunOptions:
    """How many articles are worked through."""

    workers: Annotated[
        int, option(LONG_RUNS, "Number of processes; the output is the same.", "N", parser=number(1, whole=True))
    ] = 1
    time_limit: Annotated[
        float | None,
        option(
            LONG_RUNS,
            "Give up an article after this time; 0 is never.  \\[default: 600 with -o]",
            "SECONDS",
            parser=number(0),
        ),
    ] = None
    unique: Annotated[bool, option(INPUT, "Read a text once if it occurs several times.", flag="--unique")] = False
    strict: Annotated[bool, option(LONG_RUNS, "Stop at the first unreadable input.", flag="--strict")] = False

    def over(
        self, inputs: Inputs, extractor: Extractor, watch: Watch, day: Day | None = None, *, show_progress: bool = True
    ) -> tuple[Counts, Iterator[Result]]:
        """Return what a run counts, and the results of its articles, each read when it is asked for."""
        from quotekit.batch.running import Run

        run = Run(extractor, watch, day, self.strict, texts=set() if self.unique else None)
        limit = self.seconds()
        return run.counts, run.results(inputs, self.workers, show_progress=show_progress, time_limit=limit)

    def seconds(self, default: float | None = None) -> float | None:
        """Return the limit for one article, ``default`` if none was given, and ``None`` for no limit."""
        return default if self.time_limit is None else self.time_limit or None


def known_from(path: Path | None, *, quiet: bool) -> KnownSpeakers | None:
    """Return the list of known speakers in a file, with a warning if nobody in it has an id."""
    if path is None:
        return None
    from quotekit.known.matching import KnownSpeakers

    known = KnownSpeakers.read(path)
    if not len(known) and not quiet:
        typer.echo(f"quotekit: {path}: no line has an id, so nobody is known. Fill in the column 'id'.", err=True)
    return known


def named(path: Path | None) -> list[str]:
    """Return a file that was named as a list of paths."""
    return [] if path is None else [str(path)]


def console_for(output: Path | None) -> Console:
    """Return the console that tables are drawn on: the terminal's, or one of fixed width for a file."""
    from rich.console import Console

    from quotekit.terminal.layout import file_console

    return Console() if output is None else file_console()
