"""The command ``quotekit extract``: who said what, article by article."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.commands.options import (
    EXIT_CODES,
    WHAT_IS_READ,
    Attitudes,
    Format,
    Known,
    MinConfidence,
    Model,
    NoEncoder,
    Output,
    Paths,
    Quiet,
    Rules,
    Without,
    Workers,
)
from quotekit.commands.shared import (
    OTHER_FORMATS,
    SOME_UNREAD,
    check_paths,
    extractor_from,
    keep_inputs,
    known_from,
    named,
    renderer,
    rules_from,
    told,
)
from quotekit.outputs import Target, json_line

# spaCy and rich are imported where they are used.
if TYPE_CHECKING:
    from datetime import date

    from quotekit.models import Quote

# In help, typer keeps the line breaks of a paragraph: each is one line here.
HELP = f"""\
Say who said what in news articles: files, folders, or standard input.

On a terminal you get a table for each article. Elsewhere, and with -o, you get JSON Lines: one article a line, with \
its path as given under "id" and its quotes, as quotekit's Quote objects, under "quotes".

[bold]Examples[/bold]
\b
  quotekit extract story.txt
  quotekit extract articles/ -o quotes.jsonl --workers 4
  curl -s https://example.org/story.txt | quotekit extract -
  quotekit extract story.txt --format jsonl --without en.according-to

{WHAT_IS_READ} Offsets count \
characters of the decoded text, line ends as they are and a leading byte order mark left out, as Python reads it with \
open(path, encoding="utf-8-sig", newline="").

{EXIT_CODES}"""


def extract(
    paths: Paths,
    output: Output = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Write a table or JSON Lines, wherever the output goes.", show_default=False),
    ] = None,
    attitudes: Attitudes = False,
    min_confidence: MinConfidence = 0.0,
    no_encoder: NoEncoder = False,
    no_resolve: Annotated[
        bool, typer.Option("--no-resolve", help='Do not work out who "he" is: give sources as they stand.')
    ] = False,
    known_speakers: Known = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="The day that the articles are of, for lines of the list that hold for a time.",
            show_default=False,
        ),
    ] = None,
    rules: Rules = None,
    without: Without = None,
    model: Model = None,
    workers: Workers = 1,
    quiet: Quiet = False,
) -> None:
    check_paths(paths, output)
    if output is not None and output.suffix.lower() in OTHER_FORMATS:
        raise typer.BadParameter(
            f"quotekit writes JSON Lines, not {output.suffix}; name a .jsonl file.", param_hint="-o"
        )
    day = _day(date, known_speakers, no_resolve)
    with told(output):
        from quotekit.commands.run import Run

        known = known_from(known_speakers, quiet)
        extractor = extractor_from(
            attitudes, min_confidence, no_encoder, no_resolve, rules_from(rules, without or []), model, known
        )
        on_screen = output is None and sys.stdout.isatty()
        if form is None:
            form = Format.table if on_screen else Format.jsonl
        run = Run(paths, extractor, workers, quiet=quiet, day=day)
        keep_inputs([*run.names, *named(known_speakers), *map(str, rules or ())], output)
        with Target(output) as target:
            render = _quotes_as(form, output)
            # A table on the screen shows by itself how far it is.
            for name, quotes in run.articles(progress=not on_screen):
                target.write(render(name, quotes))
        if form is Format.table or output is not None:
            run.summarise(output)
    if run.unread:
        raise typer.Exit(SOME_UNREAD)


def _day(value: str | None, known_speakers: Path | None, no_resolve: bool) -> date | None:
    """The day of ``--date``. It is refused where it would change nothing."""
    if known_speakers is not None and no_resolve:
        raise typer.BadParameter("nobody can be known with --no-resolve; leave one out.", param_hint="--known-speakers")
    if value is None:
        return None
    if known_speakers is None:
        raise typer.BadParameter("it serves only to read --known-speakers; give that too.", param_hint="--date")
    from quotekit.known import day_of

    try:
        return day_of(value)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--date") from None


def _quotes_as(form: Format, output: Path | None) -> Callable[[str, list[Quote]], bytes]:
    return json_line if form is Format.jsonl else renderer(output)
