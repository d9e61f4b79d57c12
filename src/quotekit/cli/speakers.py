"""The command ``quotekit speakers``: who speaks in all of the articles together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

import typer

from quotekit.cli.checks import check_articles, check_not_input, check_paths
from quotekit.cli.exits import SOME_UNREAD, failures_reported
from quotekit.cli.formats import ListFormat, format_option, list_format, written_list
from quotekit.cli.help import EXIT_CODES, INPUTS
from quotekit.cli.options import (
    OUTPUT,
    ExtractionOptions,
    InputOptions,
    Known,
    Output,
    Paths,
    Quiet,
    RunOptions,
    known_from,
    named,
    number,
    option,
)
from quotekit.output.target import Target

HELP = f"""\
List the speakers of many articles, merged across articles, with their numbers of quotes and articles.

Two full names are one person if they agree ("William Stone", "Bill Stone"). A surname alone is merged with the only \
person who has it; if two people have it, it stays separate.

On a terminal, prints a table. Elsewhere and with -o, writes JSON Lines, or CSV to a .csv file. Fill in ids, and the \
file is a list for --known-speakers.

[bold]Examples[/bold]
\b
  quotekit speakers articles/
  quotekit speakers articles/ --min-quotes 3 -o speakers.csv
  quotekit extract articles/ --known-speakers speakers.csv

{INPUTS}

{EXIT_CODES}"""


class Kind(str, Enum):
    """Kinds of speakers."""

    person = "person"
    organization = "organization"
    government = "government"
    group = "group"
    anonymous = "anonymous"
    document = "document"
    unknown = "unknown"


@dataclass(frozen=True)
class ListOptions:
    """What is listed, and how it is written."""

    output: Output = None
    format: Annotated[ListFormat | None, format_option("a table, jsonl or csv")] = None
    kind: Annotated[
        list[Kind] | None,
        option(
            OUTPUT,
            f"List speakers of this kind: {', '.join(Kind)}; repeatable.  "
            "\\[default: person, organization, government]",
            "KIND",
        ),
    ] = None
    min_quotes: Annotated[
        int, option(OUTPUT, "Leave out speakers with fewer quotes.", "N", parser=number(1, whole=True))
    ] = 1


def speakers(
    paths: Paths,
    *,
    input: InputOptions,
    extraction: ExtractionOptions,
    known_speakers: Known = None,
    listed: ListOptions,
    run: RunOptions,
    quiet: Quiet = False,
) -> None:
    output = listed.output
    check_paths(paths, output)
    check_articles(paths, input.text_field)
    format = list_format(listed.format, output)
    options = input.read_options()
    with failures_reported(output):
        from quotekit.batch.reading import Inputs
        from quotekit.cli.standard_input import hint_at_standard_input
        from quotekit.known.roster import NAMED, Roster
        from quotekit.output.plain_text import counted
        from quotekit.terminal.progress import Watch

        extractor = extraction.extractor(known_from(known_speakers, quiet=quiet))
        inputs = Inputs(paths, options, exclude=[] if output is None else [output])
        check_not_input([*inputs.sources, *named(known_speakers), *extraction.files], output)
        watch = Watch(quiet=quiet)
        hint_at_standard_input(inputs, watch)
        (counts, results), roster = run.over(inputs, extractor, watch), Roster()
        with Target(output) as target:
            for result in results:
                roster.add(result.quotes)
            rows = roster.rows([one.value for one in listed.kind or ()] or NAMED, listed.min_quotes)
            target.write(written_list(rows, format, output))
        if format is ListFormat.table or output is not None:
            watch.summarise(counts, output, counted(len(rows), "speaker"))
        watch.note_files(inputs.left_out)
    if counts.failures:
        raise typer.Exit(SOME_UNREAD)
