"""The `quotekit` command: its commands, registered."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

import quotekit
from quotekit.cli import explain, extract, find, group, learn, link, people, report, rules, speakers
from quotekit.cli.checks import check_paths, is_path
from quotekit.cli.exits import DEBUG, FAILED, report_line, unexpected
from quotekit.cli.flattening import Command, Group, flattened
from quotekit.cli.help import EPILOG
from quotekit.cli.options import Debug
from quotekit.errors import near


class Program(Group):
    """The program: without a subcommand, paths and options go to ``extract``.

    A subcommand is never taken for a path: a file called "report" is "./report".
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for parameter in self.get_params(ctx) for name in (*parameter.opts, *parameter.secondary_opts)}
        first = next((arg for arg in args if arg != "--debug"), None)
        if first is not None and first not in self.commands and first not in {*own, *ctx.help_option_names}:
            if first[:1] != "-" and ("." in first or "/" in first):
                check_paths([first])
            elif first[:1] != "-" and not is_path(first):
                raise typer.BadParameter(
                    f"{first!r} is neither a command nor a file; {near(first, list(self.commands))}", param_hint="PATH"
                )
            args = ["extract", *args]
        result: list[str] = super().parse_args(ctx, args)
        return result


app = typer.Typer(
    cls=Program,
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
        bool, typer.Option("-V", "--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Find out who said what in English news, transcripts and statements.

    A path without a command is read as by extract.
    """
    # Options of a command are read after this, and may set it again.
    DEBUG.set(debug)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


READ, OUTPUTS, UNDERSTAND = "Read articles", "Work with outputs", "Understand and correct"

_COMMANDS = (
    ("extract", extract.extract, extract.HELP, READ, "Find quotes and who said them."),
    ("report", report.report, report.HELP, READ, "Make pages to read: an article, or figures of many."),
    ("speakers", speakers.speakers, speakers.HELP, READ, "List who speaks in a folder."),
    ("find", find.find, find.HELP, OUTPUTS, "Find quotes by speaker, words, day, outlet."),
    ("people", people.people, people.HELP, OUTPUTS, "List who is who in all articles."),
    ("link", link.link, link.HELP, OUTPUTS, "Fill in people and known speakers."),
    ("group", group.group, group.HELP, OUTPUTS, "Find the same quote in several articles."),
    ("explain", explain.explain, explain.HELP, UNDERSTAND, "Say why each quote was found, or not."),
)
"""Each command: its name, its function, its help, and its group and line in the help of the program."""

for name, function, text, panel, short in _COMMANDS:
    app.command(name, cls=Command, help=text, short_help=short, rich_help_panel=panel)(flattened(function))
rules.rules_app.command("learn", cls=Command, help=learn.HELP)(flattened(learn.learn))
app.add_typer(rules.rules_app, name="rules", short_help="List, draft and freeze rules.", rich_help_panel=UNDERSTAND)


def main() -> None:
    """Run the command line: the entry point of the `quotekit` command."""
    try:
        app(prog_name="quotekit")
    except Exception as error:  # the last resort, so that nobody but --debug sees a traceback
        report_line(unexpected(error))
        sys.exit(FAILED)
