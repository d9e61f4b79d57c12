"""The command ``quotekit explain``: why the quotes of an article are what they are, and why there are no others."""

from __future__ import annotations

import json
import os
import re
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.options import Attitudes, MinConfidence, Model, NoEncoder, Rules, Without
from quotekit.cli.shared import SOME_UNREAD, check_paths, extractor_from, rules_from, told

# What reads articles is imported where it is used: help needs none of it.
if TYPE_CHECKING:
    from quotekit.explain.explanation import Explanation, Place, QuoteExplanation

HELP = """\
Say why the quotes of an article are what they are, and why there are no others.

For each quote: which rule or the encoder proposed it and how surely, what competed and lost, and how its speaker was \
found. With --at, for a stretch of the article: why nothing was found there, the nearest reason first.

[bold]Examples[/bold]
\b
  quotekit explain story.txt
  quotekit explain story.txt --quote q3
  quotekit explain story.txt --at 120:180
  quotekit explain story.txt --at "the pier was safe"
  quotekit explain story.txt --rules my_rules.toml --at "the words I miss"
  quotekit explain - --format json < story.txt

Offsets count characters of the decoded text, as in the output of quotekit extract.

[bold]Exit codes[/bold]
\b
    0  The article was explained.
    1  The article could not be read.
    2  The command was used wrongly.
    3  The work could not be done: no fitting model, a damaged encoder,
       a rule file that is not valid.
  130  You stopped it with Ctrl-C.
"""

_OFFSETS = re.compile(r"(\d+):(\d+)")


class Form(str, Enum):
    """How an explanation is written."""

    text = "text"
    json = "json"


def explain(
    path: Annotated[str, typer.Argument(metavar="FILE", help="The article to read; - is standard input.")],
    at: Annotated[
        str | None,
        typer.Option(
            metavar="START:END",
            help="Explain only these characters (the end is not one of them), or the first place of these words.",
            show_default=False,
        ),
    ] = None,
    quote: Annotated[
        str | None, typer.Option(metavar="ID", help="Explain only this quote, such as q3.", show_default=False)
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="Write text or JSON.")] = Form.text,
    attitudes: Attitudes = False,
    min_confidence: MinConfidence = 0.0,
    no_encoder: NoEncoder = False,
    rules: Rules = None,
    without: Without = None,
    model: Model = None,
) -> None:
    check_paths([path], None)
    if path != "-" and os.path.isdir(path):
        raise typer.BadParameter(f"{path!r} is a folder; name one article.", param_hint="FILE")
    if at is not None and quote is not None:
        raise typer.BadParameter("a place or a quote: leave out --at or --quote.", param_hint="--quote")
    with told(None):
        from quotekit.batch.reading import read_one
        from quotekit.errors import InputError
        from quotekit.output.target import Target

        try:
            text = read_one(path).text
        except InputError as error:
            typer.echo(f"quotekit: {error}", err=True)
            raise typer.Exit(SOME_UNREAD) from None
        span = None if at is None else _span(text, at)
        chosen_rules = rules_from(rules, without or [])
        extractor = extractor_from(attitudes, min_confidence, no_encoder, False, chosen_rules, model, None)
        explanation = extractor.explain(text)
        chosen: Explanation | Place | QuoteExplanation = explanation
        if span is not None:
            chosen = explanation.at(*span)
        elif quote is not None:
            chosen = _quote(explanation, quote)
        with Target(None) as target:
            target.write(_written(chosen, form))


def _span(text: str, at: str) -> tuple[int, int]:
    """The characters that ``--at`` means."""
    offsets = _OFFSETS.fullmatch(at.strip())
    if offsets:
        start, end = (int(offset) for offset in offsets.groups())
        if start >= end or start >= len(text):
            reason = "the end must be behind the start" if start >= end else f"the article ends at {len(text):,}"
            raise typer.BadParameter(f"{at!r}: {reason}; give START:END in characters.", param_hint="--at")
        return start, end
    words = at.split()
    found = list(re.finditer(r"\s+".join(map(re.escape, words)), text)) if words else []
    if not found:
        raise typer.BadParameter(
            f"{at!r} does not stand in the article; give words as they stand there, or START:END.", param_hint="--at"
        )
    if len(found) > 1:
        others = ", ".join(f"{one.start()}:{one.end()}" for one in found[1:6])
        more = ", …" if len(found) > 6 else ""
        typer.echo(f"quotekit: this is the first of {len(found):,} places; the others: {others}{more}", err=True)
    return found[0].span()


def _quote(explanation: Explanation, id: str) -> QuoteExplanation:
    for one in explanation.quotes:
        if one.quote.id == id:
            return one
    last = f"they are q1 to q{len(explanation.quotes)}" if explanation.quotes else "the article has none"
    raise typer.BadParameter(f"there is no quote {id!r}; {last}.", param_hint="--quote")


def _written(chosen: Explanation | Place | QuoteExplanation, form: Form) -> bytes:
    if form is Form.json:
        return json.dumps(chosen.model_dump(), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
    if not sys.stdout.isatty():
        return f"{chosen}\n".encode("utf-8", "backslashreplace")
    from rich.console import Console

    from quotekit.terminal.explanation import explanation_shape
    from quotekit.terminal.layout import rendered

    return rendered(explanation_shape(chosen.rows()), Console())
