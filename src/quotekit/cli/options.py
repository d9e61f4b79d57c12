"""What the command line takes and how its help explains it."""

from __future__ import annotations

from enum import Enum
from math import isnan
from pathlib import Path
from typing import Annotated

import typer

from quotekit.batch.reading.options import ENDINGS

EPILOG = """\
[bold]Examples[/bold]
\b
  quotekit extract story.txt                  Show who said what.
  quotekit extract articles/ -o quotes.csv    Read a folder into a file.
  quotekit report story.txt -o story.html     Make a page of it.
  quotekit group quotes.parquet               Show who said it first.
  quotekit speakers articles/                 Show who speaks in a folder.
  quotekit extract --help                     Explain every option.
"""

WHAT_IS_READ = """\
[bold]What is read[/bold]

Text (.txt, .md), HTML, and files of many articles: .json, .jsonl, .csv, .tsv, .parquet, each also packed as .gz or \
.zst. A folder stands for all such files in it and in its subfolders, in the order of their names; hidden files and \
links are left out. A pattern in quotation marks stands for what it matches: "news/**/*.html". A file that you name \
yourself may have any ending. Its encoding is found out, or say it with --encoding."""

EXIT_CODES = """\
[bold]Exit codes[/bold]
\b
    0  Everything was read.
    1  Some input could not be read, and the rest was done. Each such
       input has a line on standard error.
    2  The command was used wrongly, or none of the paths exist.
    3  The work could not be done: no fitting model, a damaged encoder,
       a rule file or a list of known speakers that is not valid, an
       output that cannot be written, no worker processes.
  130  You stopped it with Ctrl-C.
  143  It was told to stop, by SIGTERM.
"""


def a_number(value: float | None) -> float | None:
    """``value``, unless it is NaN, which is within all bounds; then `typer.BadParameter`."""
    if value is not None and isnan(value):
        raise typer.BadParameter("it must be a number, not nan.")
    return value


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


READING = "What is read"
FINDING = "What is found"
WRITING = "What is written"
LONG_RUNS = "Long runs"

Paths = Annotated[list[str], typer.Argument(metavar="PATH", help="Files and folders to read; - is standard input.")]
TextField = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="The column or key that has the article, where a file has many.", rich_help_panel=READING
    ),
]
IdField = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The one that has its id.  \\[default: the file's path and the article's number in it]",
        show_default=False,
        rich_help_panel=READING,
    ),
]
DateField = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="The one that has the day it is of.", show_default=False, rich_help_panel=READING
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What the text is encoded in, such as cp1252.  \\[default: found out for each file]",
        show_default=False,
        rich_help_panel=READING,
    ),
]
InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT",
        help=f"Read everything as {', '.join(ENDINGS)}.  \\[default: as each file's ending says]",
        show_default=False,
        rich_help_panel=READING,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write to this file. It appears, or is replaced, only once it is whole."
    ),
]
KeepText = Annotated[
    bool,
    typer.Option(
        "--keep-text", help="Write the articles' texts along, which the offsets count in.", rich_help_panel=WRITING
    ),
]
Errors = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where goes what could not be read, one line of JSON each.  \\[default: OUTPUT.errors.jsonl]",
        show_default=False,
        rich_help_panel=WRITING,
    ),
]
Attitudes = Annotated[
    bool,
    typer.Option(
        "--attitudes",
        help="Add what people believe, hope, want or oppose to what they state.",
        rich_help_panel=FINDING,
    ),
]
MinConfidence = Annotated[
    float,
    typer.Option(
        min=0,
        max=1,
        callback=a_number,
        help="Leave out quotes that are less sure than this.",
        rich_help_panel=FINDING,
    ),
]
NoEncoder = Annotated[
    bool,
    typer.Option("--no-encoder", help="Read by the rules alone: faster, and it finds less.", rich_help_panel=FINDING),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE_ID",
        help="Switch a rule off; give it again for more.",
        show_default=False,
        rich_help_panel=FINDING,
    ),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Add the rules and cues of this file, .toml or .jsonl; give it again for more.",
        show_default=False,
        rich_help_panel=FINDING,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Use this installed spaCy model, or a folder with one.",
        show_default=False,
        rich_help_panel=FINDING,
    ),
]
Known = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Give those speakers their ids who are in this list, a .jsonl or .csv file.",
        show_default=False,
        rich_help_panel=FINDING,
    ),
]
Workers = Annotated[
    int, typer.Option(min=1, help="Use this many processes; the result is the same.", rich_help_panel=LONG_RUNS)
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        min=0,
        callback=a_number,
        metavar="SECONDS",
        help="Give an article up that takes longer; 0 for never.  \\[default: 600 with -o, else never]",
        show_default=False,
        rich_help_panel=LONG_RUNS,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Go on with a run into this file that was stopped, or begin if there was none.",
        rich_help_panel=LONG_RUNS,
    ),
]
Restart = Annotated[
    bool,
    typer.Option("--restart", help="Forget a run that was stopped, and begin anew.", rich_help_panel=LONG_RUNS),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Stop at the first input that cannot be read.", rich_help_panel=LONG_RUNS),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Show no progress and no summary; errors stay.")]
