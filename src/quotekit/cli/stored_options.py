"""The options, exit codes and summary that commands on outputs of ``quotekit extract`` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quotekit.cli.options import number

EXIT_CODES = """\
[bold]Exit codes[/bold]
\b
    0  All inputs were read.
    2  Usage error, or none of the files exist.
    3  The run failed: a file is not an output of quotekit extract, or a
       library is not installed. With -o, nothing was written.
  130  Stopped with Ctrl-C. With -o, nothing was written.
"""
"""The end of the help of commands that read several outputs."""

_ENDINGS = ".parquet, .csv, .tsv or .jsonl"

Stored = Annotated[str, typer.Argument(metavar="FILE", help=f"Output of quotekit extract: {_ENDINGS}.")]
Outputs = Annotated[list[str], typer.Argument(metavar="FILE", help=f"Outputs of quotekit extract: {_ENDINGS}.")]
MinConfidence = Annotated[
    float, typer.Option(parser=number(0, 1), metavar="X", help="Leave out quotes with a lower confidence.")
]

MinQuotes = Annotated[
    int, typer.Option(parser=number(1, whole=True), metavar="N", help="Leave out speakers with fewer quotes.")
]


def summary(found: str, output: Path | None) -> None:
    """Print what was found and, if there is one, the file with it."""
    typer.echo(found if output is None else f"{found} → {output}", err=True)
