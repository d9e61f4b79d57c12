"""The command ``quotekit report``: who said what, as pages to read in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.batch.reading.finding import STDIN
from quotekit.batch.reading.options import format_of
from quotekit.cli.checks import check_not_input, check_paths
from quotekit.cli.exits import SOME_UNREAD, failures_reported, report_line
from quotekit.cli.help import EXIT_CODES
from quotekit.cli.one_article import only_article
from quotekit.cli.options import ExtractionOptions, InputOptions, Known, Quiet, RunOptions
from quotekit.cli.report_folder import OF_ONE, Report, is_one
from quotekit.extras import install

if TYPE_CHECKING:
    from quotekit.models import Reading

# Square brackets are markup in help.
_EXTRA = f"an extra; run, {install('report')}.".replace("[", "\\[")

HELP = f"""\
Make HTML pages that show who said what: one page for an article, a folder of pages for many.

The page of an article shows its text with every quote marked, each speaker in a colour. Each quote has its speaker, \
the rule that found it, its confidence, and how "he" became a name. It lists the speakers with their quotes, and has \
filters. It is a single file, to send or print.

A folder, several articles, or outputs of quotekit extract (.jsonl, .parquet) become a folder: an overview, all \
quotes to search, and a page for each article. This needs {_EXTRA}

[bold]Examples[/bold]
\b
  quotekit report story.txt -o story.html
  quotekit report story.txt -o story.html --open
  quotekit report articles/ -o report/
  quotekit report quotes.parquet -o report/ --title "A year of fares"
  curl -s https://example.org/story.txt | quotekit report - > story.html

{EXIT_CODES}"""


def report(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Articles, folders, or outputs of quotekit extract; - is standard input."),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="File for the page of one article, or folder for a report on many; replaced only when complete.",
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Title.  \\[default: headline or name of the input]")
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the result in a browser.")] = False,
    quiet: Quiet = False,
    input: InputOptions,
    extraction: ExtractionOptions,
    known_speakers: Known = None,
    run: RunOptions,
) -> None:
    wanted = Report(output, title, input, extraction, known_speakers, run, quiet)
    if len(paths) == 1 and is_one(paths[0], input.input_format):
        page, unread = _page(paths[0], wanted, to_open=open_it), 0
    else:
        page, unread = wanted.folder(paths)
    if open_it and page is not None:
        _open(page)
    if unread:
        raise typer.Exit(SOME_UNREAD)


def _page(path: str, wanted: Report, *, to_open: bool) -> Path | None:
    """Make the page of one article, and return its file."""
    output = wanted.output
    check_paths([path], output)
    if output is not None and format_of(str(output)) not in (None, *OF_ONE):
        raise typer.BadParameter("a page is HTML: name a file such as -o story.html.", param_hint="-o")
    if output is None and (to_open or sys.stdout.isatty()):
        raise typer.BadParameter("a page is for a browser: name a file for it, such as -o story.html.", param_hint="-o")
    check_not_input([path, *wanted.files], output)
    options = wanted.input.read_options()
    with failures_reported(output):
        from quotekit.output.target import Target
        from quotekit.report import article_page

        extractor = wanted.extractor()
        record = only_article(path, options)
        reading = extractor.read(record.text, date=record.date)
        # Standard input has no name; the page then uses the beginning of the text.
        name = {} if path == STDIN else {"title": Path(path).name}
        page = article_page(
            record.text,
            reading.quotes,
            title=wanted.title,
            about=name | dict(record.about),
            date=record.date,
            rules=extractor.rules,
            id=record.id,
        )
        with Target(output) as target:
            target.write(page.encode("utf-8"))
    if output is not None and not wanted.quiet:
        _summarise(reading, output)
    return output


def _summarise(reading: Reading, output: Path) -> None:
    from quotekit.output.plain_text import counted, shown
    from quotekit.terminal.progress import left_out

    quotes = len(reading.quotes)
    speakers = len({quote.speaker.id for quote in reading.quotes if quote.speaker})
    typer.echo(f"{counted(quotes, 'quote')} · {counted(speakers, 'speaker')} → {shown(str(output))}", err=True)
    if reading.left_out:
        typer.echo(left_out(reading.left_out), err=True)


def _open(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        report_line(f"no browser was found; open {page} yourself.")
