"""The command ``quotekit people``: list the people of all articles of an output."""

from __future__ import annotations

from typing import Annotated

from quotekit.cli.checks import check_not_input, check_paths
from quotekit.cli.exits import failures_reported
from quotekit.cli.formats import ListFormat, format_option, list_format, written_list
from quotekit.cli.options import Output, Quiet
from quotekit.cli.stored_options import EXIT_CODES, MinQuotes, Outputs, summary

HELP = f"""\
List the people and bodies of an output, merged over all articles: names, roles, country, days, counts.

Reads what quotekit extract -o wrote, not the articles. Two people of one name stay separate if country, office or \
time tells them apart; "check" names doubtful merges. Edit the list: two lines with one id are one person, and a name \
moved to a line of its own is another person. quotekit link applies the list.

On a terminal, prints a table. Elsewhere and with -o, writes JSON Lines, or CSV to a .csv file.

[bold]Examples[/bold]
\b
  quotekit people quotes.parquet
  quotekit people quotes.parquet -o people.csv
  quotekit people 2025.parquet 2026.parquet --min-quotes 3 -o people.csv
  quotekit link quotes.parquet --people people.csv -o linked.parquet

{EXIT_CODES}"""


def people(
    paths: Outputs,
    *,
    output: Output = None,
    format: Annotated[ListFormat | None, format_option("a table, jsonl or csv", panel=None)] = None,
    min_quotes: MinQuotes = 1,
    quiet: Quiet = False,
) -> None:
    check_paths(paths, output)
    chosen = list_format(format, output)
    check_not_input(paths, output)
    with failures_reported(output):
        from quotekit.output.plain_text import counted
        from quotekit.output.target import Target
        from quotekit.study.people import people_of

        rows = people_of(paths, min_quotes=min_quotes)
        with Target(output) as target:
            target.write(written_list(rows, chosen, output))
        if not quiet and (chosen is ListFormat.table or output is not None):
            doubtful = sum(bool(row.check) for row in rows)
            summary(f"{counted(len(rows), 'speaker')}, {doubtful:,} to check", output)
