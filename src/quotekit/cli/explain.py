"""The command ``quotekit explain``: why each quote was found, and why others were not."""

from __future__ import annotations

import json
import os
import re
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.checks import check_paths
from quotekit.cli.exits import failures_reported, report_line
from quotekit.cli.one_article import only_article
from quotekit.cli.options import ExtractionOptions

# What reads articles is imported where it is used; help and --version do not need it.
if TYPE_CHECKING:
    from quotekit.explain import Explanation, Place, QuoteExplanation

HELP = """\
Explain why each quote of an article was found, and why others were not.

For each quote, shows whether a rule or the encoder proposed it, its confidence, the candidates that lost, and how its \
speaker was resolved. With --at, explains why nothing was found in a passage, the closest reason first.

[bold]Examples[/bold]
\b
  quotekit explain story.txt
  quotekit explain story.txt --quote q3
  quotekit explain story.txt --at 120:180
  quotekit explain story.txt --at "the pier was safe"
  quotekit explain story.txt --rules my_rules.toml --at "the missing words"
  quotekit explain - --format json < story.txt

Offsets count characters of the decoded text, as in the output of quotekit extract.

[bold]Exit codes[/bold]
\b
    0  The article was explained.
    1  The article could not be read.
    2  Usage error.
    3  The run failed: model or encoder missing or damaged, invalid file
       of rules.
  130  Stopped with Ctrl-C.
"""

_OFFSETS = re.compile(r"(\d+):(\d+)")


class Form(str, Enum):
    """How explanations are written."""

    text = "text"
    json = "json"


At = Annotated[
    str | None,
    typer.Option(
        metavar="START:END",
        help="Explain only these characters (end excluded), or the first occurrence of these words.",
    ),
]


def explain(
    path: Annotated[str, typer.Argument(metavar="FILE", help="Article to read; - is standard input.")],
    *,
    at: At = None,
    quote: Annotated[str | None, typer.Option(metavar="ID", help="Explain only this quote, such as q3.")] = None,
    format: Annotated[Form, typer.Option("--format", metavar="FORMAT", help="Write text or json.")] = Form.text,
    extraction: ExtractionOptions,
) -> None:
    check_paths([path])
    if path != "-" and os.path.isdir(path):
        raise typer.BadParameter(f"{path!r} is a folder; name one article.", param_hint="FILE")
    if at is not None and quote is not None:
        raise typer.BadParameter("not valid with --at; give one of them.", param_hint="--quote")
    with failures_reported():
        from quotekit.output.target import Target

        text = only_article(path).text
        span = None if at is None else _span(text, at)
        explanation = extraction.extractor().explain(text)
        chosen: Explanation | Place | QuoteExplanation = explanation
        if span is not None:
            chosen = explanation.at(*span)
        elif quote is not None:
            chosen = _quote(explanation, quote)
        with Target(None) as target:
            target.write(_written(chosen, format))


def _span(text: str, at: str) -> tuple[int, int]:
    """Return the characters that ``--at`` selects."""
    offsets = _OFFSETS.fullmatch(at.strip())
    if offsets:
        start, end = (int(offset) for offset in offsets.groups())
        if start >= end or start >= len(text):
            reason = "the end must be after the start" if start >= end else f"the article ends at {len(text):,}"
            raise typer.BadParameter(f"{at!r}: {reason}; give START:END in characters.", param_hint="--at")
        return start, end
    words = at.split()
    found = list(re.finditer(r"\s+".join(map(re.escape, words)), text)) if words else []
    if not found:
        raise typer.BadParameter(
            f"{at!r} does not occur in the article; give words exactly as they occur, or START:END.", param_hint="--at"
        )
    if len(found) > 1:
        others = ", ".join(f"{one.start()}:{one.end()}" for one in found[1:6])
        more = ", …" if len(found) > 6 else ""
        report_line(f"this is the first of {len(found):,} occurrences; the others: {others}{more}")
    return found[0].span()


def _quote(explanation: Explanation, id: str) -> QuoteExplanation:
    for one in explanation.quotes:
        if one.quote.id == id:
            return one
    last = f"they are q1 to q{len(explanation.quotes)}" if explanation.quotes else "the article has none"
    raise typer.BadParameter(f"there is no quote {id!r}; {last}.", param_hint="--quote")


def _written(chosen: Explanation | Place | QuoteExplanation, format: Form) -> bytes:
    if format is Form.json:
        return json.dumps(chosen.model_dump(), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
    if not sys.stdout.isatty():
        return f"{chosen}\n".encode("utf-8", "backslashreplace")
    from rich.console import Console

    from quotekit.terminal.explanation import explanation_shape
    from quotekit.terminal.layout import rendered

    return rendered(explanation_shape(chosen.rows()), Console())
