"""The `quotekit` command: its commands, registered."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import quotekit
from quotekit.cli import explain, extract, find, group, learn, link, people, report, rules, speakers
from quotekit.cli.exits import DEBUG, FAILED, report_line, unexpected
from quotekit.cli.flattening import Command, Group, flattened
from quotekit.cli.help import EPILOG
from quotekit.cli.options import Debug

app = typer.Typer(
    cls=Group,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quotekit {quotekit.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True, epilog=EPILOG)
def _quotekit(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("-V", "--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
    debug: Debug = False,
) -> None:
    """Find the quotes in English news articles and who said them."""
    # Options of a command are read after this, and may set it again.
    DEBUG.set(debug)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command("extract", cls=Command, help=extract.HELP)(flattened(extract.extract))
app.command("report", cls=Command, help=report.HELP)(flattened(report.report))
app.command("group", cls=Command, help=group.HELP)(flattened(group.group))
app.command("speakers", cls=Command, help=speakers.HELP)(flattened(speakers.speakers))
app.command("people", cls=Command, help=people.HELP)(flattened(people.people))
app.command("link", cls=Command, help=link.HELP)(flattened(link.link))
app.command("find", cls=Command, help=find.HELP)(flattened(find.find))
app.command("explain", cls=Command, help=explain.HELP)(flattened(explain.explain))
rules.rules_app.command("learn", cls=Command, help=learn.HELP)(flattened(learn.learn))
app.add_typer(rules.rules_app, name="rules")


def main() -> None:
    """Run the command line: the entry point of the `quotekit` command."""
    try:
        app(prog_name="quotekit")
    except Exception as error:  # the last resort, so that nobody but --debug sees a traceback
        report_line(unexpected(error))
        sys.exit(FAILED)
