"""What the command line takes and how its help explains it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

EPILOG = """\
[bold]Examples[/bold]
\b
  quotekit extract story.txt                  Show who said what.
  quotekit extract articles/ -o quotes.jsonl  Read a folder into a file.
  quotekit speakers articles/                 Show who speaks in a folder.
  quotekit extract --help                     Explain every option.
"""

WHAT_IS_READ = """\
[bold]What is read[/bold]

A folder stands for all .txt and .md files in it and in its subfolders, in the order of their names; hidden files and \
links are left out. A file that you name yourself may have any ending. Everything must be UTF-8."""

EXIT_CODES = """\
[bold]Exit codes[/bold]
\b
    0  Everything was read.
    1  Some input could not be read, and the rest was done. Each such
       input has a line on standard error.
    2  The command was used wrongly, or none of the paths exist.
    3  The work could not be done: no fitting model, a damaged encoder,
       a rule file or a list of known speakers that is not valid, an
       output that cannot be written, a lost worker. With -o, nothing
       was written.
  130  You stopped it with Ctrl-C. With -o, nothing was written.
"""


class Format(str, Enum):
    """How quotes are written."""

    table = "table"
    jsonl = "jsonl"


class ListFormat(str, Enum):
    """How speakers are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"

    @property
    def called(self) -> str:
        """The form as a message names it."""
        return {"table": "a table", "jsonl": "JSON Lines", "csv": "CSV"}[self.value]


class Kind(str, Enum):
    """Kinds of speakers."""

    person = "person"
    organization = "organization"
    government = "government"
    group = "group"
    anonymous = "anonymous"
    document = "document"
    unknown = "unknown"


Paths = Annotated[list[str], typer.Argument(metavar="PATH", help="Files and folders to read; - is standard input.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write to this file. It appears, or is replaced, only once it is whole."
    ),
]
Attitudes = Annotated[
    bool, typer.Option("--attitudes", help="Add what people believe, hope, want or oppose to what they state.")
]
MinConfidence = Annotated[float, typer.Option(min=0, max=1, help="Leave out quotes that are less sure than this.")]
NoEncoder = Annotated[bool, typer.Option("--no-encoder", help="Read by the rules alone: faster, and it finds less.")]
Without = Annotated[
    list[str] | None,
    typer.Option(metavar="RULE_ID", help="Switch a rule off; give it again for more.", show_default=False),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Add the rules and cues of this file, .toml or .jsonl; give it again for more.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Use this installed spaCy model, or a folder with one.", show_default=False),
]
Known = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Give those speakers their ids who are in this list, a .jsonl or .csv file.",
        show_default=False,
    ),
]
Workers = Annotated[int, typer.Option(min=1, help="Use this many processes; the result is the same.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Show no progress and no summary; errors stay.")]
