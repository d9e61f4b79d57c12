"""The command ``quotekit report``: who said what, as pages to read in a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from quotekit.batch.reading.finding import STDIN
from quotekit.batch.reading.options import format_of
from quotekit.cli.options import (
    Attitudes,
    DateField,
    Encoding,
    IdField,
    InputFormat,
    Known,
    MinConfidence,
    Model,
    NoEncoder,
    Quiet,
    Rules,
    Strict,
    TextField,
    TimeLimit,
    Without,
    Workers,
)
from quotekit.cli.report_folder import OF_ONE, folder, is_one
from quotekit.cli.shared import (
    SOME_UNREAD,
    check_paths,
    extractor_from,
    keep_inputs,
    known_from,
    named,
    read_options,
    rules_from,
    told,
)

# What reads articles is imported where it is used: help needs none of it.
if TYPE_CHECKING:
    from quotekit.batch.reading import ReadOptions
    from quotekit.extractor import Extractor

HELP = """\
Make pages that show who said what, to read in a browser, send or print: one page for an article, or a folder of \
pages for many.

For one article: its text as it is, every quote marked, with a colour and a letter for each speaker and a line for \
each kind. At a quote you see who says it, in which role, by which rule it was found, how sure that is, and how "he" \
became a name. Beside the text stand the speakers with all that they say, and filters. It is one HTML file.

For a folder, several articles, or outputs of quotekit extract (.jsonl, .parquet): an overview, all quotes to \
search in, and a page for each article, in a folder of their own. It needs pip install 'quotekit-nlp\\[report]'.

[bold]Examples[/bold]
\b
  quotekit report story.txt -o story.html
  quotekit report story.txt -o story.html --open
  quotekit report articles/ -o report/
  quotekit report quotes.parquet -o report/ --title "A year of fares"
  curl -s https://example.org/story.txt | quotekit report - > story.html

[bold]Exit codes[/bold]
\b
    0  Everything was read.
    1  Some input could not be read, and the rest was done. Each such
       input has a line on standard error.
    2  The command was used wrongly, or none of the paths exist.
    3  The work could not be done: no fitting model, a damaged encoder,
       a rule file or a list of known speakers that is not valid, an
       output that cannot be written. With -o, nothing was written.
  130  You stopped it with Ctrl-C. With -o, nothing was written.
"""


def report(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="An article, articles and folders, or outputs of quotekit extract; - is standard input.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="Write the page of one article to this file, or the report on many to this folder. It appears, or is "
            "replaced, only once it is whole.",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The title.  [default: the name of what is read]", show_default=False),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in your browser when it is written.")] = False,
    quiet: Quiet = False,
    text_field: TextField = "text",
    id_field: IdField = None,
    date_field: DateField = None,
    encoding: Encoding = None,
    input_format: InputFormat = None,
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
    def extractor() -> Extractor:
        chosen, known = rules_from(rules, without or []), known_from(known_speakers, quiet)
        return extractor_from(attitudes, min_confidence, no_encoder, False, chosen, model, known)

    options = read_options(text_field, id_field, date_field, encoding, input_format)
    others = [*named(known_speakers), *map(str, rules or ())]
    if len(paths) == 1 and is_one(paths[0], input_format):
        _one(paths[0], output, options, title, extractor, others, open_it=open_it, quiet=quiet)
        return
    if output is None or output.suffix.lower() in (".html", ".htm"):
        raise typer.BadParameter(
            "a report on many articles is a folder of pages: name one, such as -o report.", param_hint="-o"
        )
    with told(output):
        stored = _all_stored(paths)
        if stored and (attitudes or min_confidence or no_encoder or others or without or model):
            raise typer.BadParameter(
                "these quotes were found before: settings for finding them change nothing. Give them to quotekit "
                "extract.",
                param_hint="PATH",
            )
        unread = folder(
            paths,
            output,
            stored=stored,
            extractor=extractor,
            options=options,
            title=title,
            workers=workers,
            time_limit=time_limit or None,
            strict=strict,
            quiet=quiet,
        )
    if open_it:
        _open(output / "index.html")
    if unread:
        raise typer.Exit(SOME_UNREAD)


def _all_stored(paths: list[str]) -> bool:
    """Whether the paths are outputs of ``quotekit extract``. Of both kinds no report is made."""
    from quotekit.batch.stored import is_stored

    stored = [path for path in paths if is_stored(path)]
    if stored and len(stored) < len(paths):
        other = next(path for path in paths if path not in stored)
        raise typer.BadParameter(
            f"{other!r} holds articles, and {stored[0]!r} quotes that were found before; name the ones or the others.",
            param_hint="PATH",
        )
    return bool(stored)


def _one(
    path: str,
    output: Path | None,
    options: ReadOptions,
    title: str | None,
    extractor: Callable[[], Extractor],
    others: list[str],
    *,
    open_it: bool,
    quiet: bool,
) -> None:
    check_paths([path], output)
    if output is not None and format_of(str(output)) not in (None, *OF_ONE):
        raise typer.BadParameter("a page is HTML: name a file such as -o story.html.", param_hint="-o")
    if output is None and (open_it or sys.stdout.isatty()):
        raise typer.BadParameter("a page is for a browser: name a file for it, such as -o story.html.", param_hint="-o")
    keep_inputs([path, *others], output)
    with told(output):
        _article(path, output, options, title, extractor(), quiet)
    if open_it and output is not None:
        _open(output)


def _article(
    path: str, output: Path | None, options: ReadOptions, title: str | None, extractor: Extractor, quiet: bool
) -> None:
    from quotekit.batch.reading import read_one
    from quotekit.errors import InputError
    from quotekit.output.plain_text import counted, shown
    from quotekit.output.target import Target
    from quotekit.report import article_page

    try:
        text = read_one(path, options).text
    except InputError as error:
        _unread(error)
    quotes = extractor.extract(text)
    # Without a name the headline is the best title there is.
    name = None if path == STDIN else Path(path).name
    page = article_page(text, quotes, title=title or name, rules=extractor.rules)
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
