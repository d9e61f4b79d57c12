"""The command ``quotekit speakers``: who speaks in all of the articles together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.options import (
    EXIT_CODES,
    WHAT_IS_READ,
    Attitudes,
    DateField,
    Encoding,
    IdField,
    InputFormat,
    Kind,
    Known,
    ListFormat,
    MinConfidence,
    Model,
    NoEncoder,
    Output,
    Paths,
    Quiet,
    Rules,
    Strict,
    TextField,
    TimeLimit,
    Without,
    Workers,
)
from quotekit.cli.shared import (
    OTHER_FORMATS,
    SOME_UNREAD,
    check_articles,
    check_paths,
    console_for,
    extractor_from,
    keep_inputs,
    known_from,
    named,
    read_options,
    rules_from,
    told,
)
from quotekit.known.roster_files import roster_csv, roster_lines
from quotekit.output.target import Target

# spaCy and rich are imported where they are used.
if TYPE_CHECKING:
    from quotekit.known.roster import Row

HELP = f"""\
List who speaks in news articles, put together across all of them, with counts of quotes and articles.

Two full names are one person's if they agree ("William Stone", "Bill Stone"). A surname alone is the one person who \
has it in all of the articles; if there are two, it stays on its own.

On a terminal you get a table. Elsewhere, and with -o, you get JSON Lines, or CSV if the file is called so. Fill in \
the ids of those whom you want to follow, and it is a list for --known-speakers.

[bold]Examples[/bold]
\b
  quotekit speakers articles/
  quotekit speakers articles/ --min-quotes 3 -o speakers.csv
  quotekit extract articles/ --known-speakers speakers.csv

{WHAT_IS_READ}

{EXIT_CODES}"""


def speakers(
    paths: Paths,
    output: Output = None,
    quiet: Quiet = False,
    text_field: TextField = "text",
    id_field: IdField = None,
    date_field: DateField = None,
    encoding: Encoding = None,
    input_format: InputFormat = None,
    form: Annotated[
        ListFormat | None,
        typer.Option(
            "--format", help="Write a table, JSON Lines or CSV, wherever the output goes.", show_default=False
        ),
    ] = None,
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            help="List speakers of this kind; give it again for more.  \\[default: person, organization, government]",
            show_default=False,
        ),
    ] = None,
    min_quotes: Annotated[int, typer.Option(min=1, help="Leave out who has fewer quotes than this.")] = 1,
    attitudes: Attitudes = False,
    min_confidence: MinConfidence = 0.0,
    no_encoder: NoEncoder = False,
    known_speakers: Known = None,
    rules: Rules = None,
    without: Without = None,
    model: Model = None,
    workers: Workers = 1,
    time_limit: TimeLimit = None,
    strict: Strict = False,
) -> None:
    check_paths(paths, output)
    check_articles(paths, text_field)
    form = _list_format(form, output)
    options = read_options(text_field, id_field, date_field, encoding, input_format)
    with told(output):
        from quotekit.batch.reading import Inputs
        from quotekit.cli.run import Run, tell_of_standard_input
        from quotekit.known.roster import NAMED, Roster
        from quotekit.output.plain_text import counted
        from quotekit.terminal.progress import Watch

        known = known_from(known_speakers, quiet)
        extractor = extractor_from(
            attitudes, min_confidence, no_encoder, False, rules_from(rules, without or []), model, known
        )
        inputs = Inputs(paths, options, exclude=[] if output is None else [output])
        keep_inputs([*inputs.sources, *named(known_speakers), *map(str, rules or ())], output)
        watch = Watch(quiet=quiet)
        tell_of_standard_input(inputs, watch)
        run, roster = Run(inputs, extractor, watch), Roster()
        with Target(output) as target:
            for result in run.results(workers, progress=True, time_limit=time_limit or None, strict=strict):
                roster.add(result.quotes)
            rows = roster.rows([one.value for one in kind] if kind else NAMED, min_quotes)
            target.write(_speakers_as(form, output)(rows))
        if form is ListFormat.table or output is not None:
            watch.summarise(run.counts, output, counted(len(rows), "speaker"))
    if run.counts.failures:
        raise typer.Exit(SOME_UNREAD)


def _list_format(form: ListFormat | None, output: Path | None) -> ListFormat:
    """How speakers are written: as asked for, or as the ending of the file says."""
    ending = "" if output is None else output.suffix.lower()
    by_ending = {".csv": ListFormat.csv, ".jsonl": ListFormat.jsonl, ".ndjson": ListFormat.jsonl}.get(ending)
    if form is None:
        form = ListFormat.table if output is None and sys.stdout.isatty() else by_ending or ListFormat.jsonl
    # A list of known speakers is read by its ending.
    if (by_ending or form) is not form or (by_ending is None and ending in OTHER_FORMATS):
        raise typer.BadParameter(
            f"a {ending} file cannot hold {form.called}; name a .jsonl file for JSON Lines, a .csv file for CSV.",
            param_hint="-o",
        )
    return form


def _speakers_as(form: ListFormat, output: Path | None) -> Callable[[list[Row]], bytes]:
    if form is ListFormat.table:
        from quotekit.terminal.tables import speaker_table

        return partial(speaker_table, console=console_for(output))
    return roster_csv if form is ListFormat.csv else roster_lines
