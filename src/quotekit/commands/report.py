"""The command ``quotekit report``: who said what in an article, as a page to read in a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from quotekit.commands.options import Attitudes, Known, MinConfidence, Model, NoEncoder, Quiet, Rules, Without
from quotekit.commands.shared import (
    SOME_UNREAD,
    check_paths,
    extractor_from,
    keep_inputs,
    known_from,
    named,
    rules_from,
    told,
)
from quotekit.inputs import STDIN

# What reads articles is imported where it is used: help needs none of it.
if TYPE_CHECKING:
    from quotekit.extractor import Extractor
    from quotekit.rules import RuleSet

HELP = """\
Make a page of an article that shows who said what: one HTML file that needs nothing else, to read, send or print.

The text stands there as it is, with every quote marked: a colour and a letter for each speaker, a line for each kind. \
At a quote you see who says it, in which role, by which rule it was found, how sure that is, and how "he" became a \
name. Beside the text stand the speakers with all that they say, and filters.

[bold]Examples[/bold]
\b
  quotekit report story.txt -o story.html
  quotekit report story.txt -o story.html --open
  quotekit report story.txt -o story.html --min-confidence 0.8
  curl -s https://example.org/story.txt | quotekit report - > story.html

[bold]Exit codes[/bold]
\b
    0  The page was written.
    1  The article could not be read.
    2  The command was used wrongly.
    3  The work could not be done: no fitting model, a damaged encoder,
       a rule file or a list of known speakers that is not valid, an
       output that cannot be written. With -o, nothing was written.
  130  You stopped it with Ctrl-C. With -o, nothing was written.
"""


def report(
    path: Annotated[str, typer.Argument(metavar="FILE", help="The article to read; - is standard input.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the page to this file, such as story.html. It appears, or is replaced, only once it is whole.",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The page's title.  [default: the file's name]", show_default=False),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in your browser when it is written.")] = False,
    attitudes: Attitudes = False,
    min_confidence: MinConfidence = 0.0,
    no_encoder: NoEncoder = False,
    known_speakers: Known = None,
    rules: Rules = None,
    without: Without = None,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    check_paths([path], output)
    if path != STDIN and os.path.isdir(path):
        raise typer.BadParameter(f"{path!r} is a folder; name one article.", param_hint="FILE")
    if output is None and (open_it or sys.stdout.isatty()):
        raise typer.BadParameter("a page is for a browser: name a file for it, such as -o story.html.", param_hint="-o")
    keep_inputs([path, *named(known_speakers), *map(str, rules or ())], output)
    with told(output):
        chosen = rules_from(rules, without or [])
        known = known_from(known_speakers, quiet)
        extractor = extractor_from(attitudes, min_confidence, no_encoder, False, chosen, model, known)
        _article(path, output, title, extractor, chosen, quiet)
    if open_it and output is not None:
        _open(output)


def _article(
    path: str, output: Path | None, title: str | None, extractor: Extractor, rules: RuleSet, quiet: bool
) -> None:
    from quotekit.inputs import InputError, read
    from quotekit.outputs import Target
    from quotekit.report import article_page
    from quotekit.tables import counted, shown

    try:
        text = read(path)
    except InputError as error:
        _unread(error)
    quotes = extractor.extract(text)
    # Without a name the headline is the best title there is.
    name = None if path == STDIN else Path(path).name
    page = article_page(text, quotes, title=title or name, rules=rules)
    with Target(output) as target:
        target.write(page.encode("utf-8"))
    if output is not None and not quiet:
        speakers = len({quote.speaker.id for quote in quotes if quote.speaker})
        found = f"{counted(len(quotes), 'quote')} · {counted(speakers, 'speaker')}"
        typer.echo(f"{found} → {shown(str(output))}", err=True)


def _unread(error: Exception) -> NoReturn:
    typer.echo(f"quotekit: {error}", err=True)
    raise typer.Exit(SOME_UNREAD) from None


def _open(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        typer.echo(f"quotekit: no browser was found; open {page} yourself.", err=True)
