"""The command ``quotekit link``: fill in the people of an output."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quotekit.cli.checks import check_not_input, check_paths
from quotekit.cli.exits import failures_reported
from quotekit.cli.options import Quiet, known_from, named
from quotekit.cli.stored_options import EXIT_CODES, MinConfidence, Stored, summary

HELP = f"""\
Write a copy of an output with the person of each quote, without reading the articles again.

--people fills in person_id from a list that quotekit people wrote, edited or not. --known-speakers fills in the ids \
of your own list, as quotekit extract does. --min-confidence leaves out quotes. The table of articles beside the \
output is copied too, with new counts.

[bold]Examples[/bold]
\b
  quotekit people quotes.parquet -o people.csv
  quotekit link quotes.parquet --people people.csv -o linked.parquet
  quotekit link quotes.csv --known-speakers list.csv --min-confidence 0.8 -o sure.csv

{EXIT_CODES}"""


ListOfPeople = Annotated[
    Path | None, typer.Option(metavar="FILE", help="List that quotekit people wrote, .csv or .jsonl.")
]
ListOfKnown = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Give speakers the ids they have in this list, .jsonl or .csv.")
]


def link(
    path: Stored,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Write to this file, of its format.")],
    people: ListOfPeople = None,
    known_speakers: ListOfKnown = None,
    min_confidence: MinConfidence = 0.0,
    quiet: Quiet = False,
) -> None:
    check_paths([path], output)
    check_not_input([path, *named(people), *named(known_speakers)], output)
    with failures_reported(output):
        from quotekit.output.plain_text import counted
        from quotekit.study.linking import link as linked
        from quotekit.study.people import People

        listed = None if people is None else People.read(people)
        counts = linked(path, output, listed, known_from(known_speakers, quiet=quiet), min_confidence)
        if not quiet:
            left = f", {counts.left_out:,} left out" if counts.left_out else ""
            who = f", {counts.linked:,} linked to a line of the list" if listed is not None else ""
            summary(f"{counted(counts.quotes, 'quote')}{who}{left}", output)
