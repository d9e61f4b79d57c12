"""The `quotekit` command: its commands, registered."""

from __future__ import annotations

from typing import Annotated

import typer

from quotekit.cli import explain, extract, group, report, rules, speakers
from quotekit.cli.options import EPILOG

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"quotekit {version('quotekit-nlp')}")
        except PackageNotFoundError:
            typer.echo("quotekit, not installed as a package: no version known")
        raise typer.Exit


@app.callback(invoke_without_command=True, epilog=EPILOG)
def _quotekit(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Who said what: the quotes of English news articles, attributed to their speakers."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command("extract", help=extract.HELP)(extract.extract)
app.command("report", help=report.HELP)(report.report)
app.command("group", help=group.HELP)(group.group)
app.command("speakers", help=speakers.HELP)(speakers.speakers)
app.command("explain", help=explain.HELP)(explain.explain)
app.add_typer(rules.rules_app, name="rules")


def main() -> None:
    """Run the command line; the entry point of the `quotekit` command."""
    app(prog_name="quotekit")
