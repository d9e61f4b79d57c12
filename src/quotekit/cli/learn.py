"""The command ``quotekit rules learn``: cues, speakers and golden cases from corrections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotekit.cli.checks import check_paths
from quotekit.cli.exits import failures_reported, report_line
from quotekit.cli.options import Paths

if TYPE_CHECKING:
    from quotekit.testing.learning import Learned

FILES = ("my.rules.toml", "known.jsonl", "corrected.quotes.txt")
"""Files of cues, speakers and golden cases in the output folder."""

HELP = """\
Turn corrections into cues, known speakers and tests, so that a mistake fixed once stays fixed.

Reads a file saved from article pages and the articles themselves. Writes to a folder: \
my.rules.toml with cues of missed quotes, known.jsonl with the speakers you named, and corrected.quotes.txt with the \
corrected articles as golden cases for pytest.

[bold]Examples[/bold]
\b
  quotekit rules learn corrections.jsonl stories/ -o mine/
  quotekit extract stories/ --rules mine/my.rules.toml
  python -m pytest mine/corrected.quotes.txt
"""


def learn(
    corrections: Annotated[Path, typer.Argument(metavar="CORRECTIONS", help="File saved from article pages, .jsonl.")],
    paths: Paths,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Write the files to this folder.")],
) -> None:
    check_paths(paths)
    there = next((output / name for name in FILES if (output / name).exists()), None)
    if there is not None:
        raise typer.BadParameter(f"{str(there)!r} exists; name another folder.", param_hint="-o")
    with failures_reported():
        from quotekit.corrections import Corrections
        from quotekit.testing import learning

        written = _write(learning.learn(Corrections.of(corrections), _texts(paths)), output)
    report_line(f"{output}: {', '.join(written) or 'nothing to learn: no correction is about these articles'}")


def _texts(paths: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each article that can be read."""
    from quotekit.batch.reading import Inputs
    from quotekit.batch.records import Failure

    inputs = Inputs(paths)
    for problem in inputs.problems:
        report_line(f"{problem.name}: {problem.reason}")
    for source in inputs.sources:
        for item in inputs.read(source):
            if isinstance(item, Failure):
                report_line(f"{item.name}: {item.reason}")
            else:
                yield item.id, item.text


def _write(learned: Learned, output: Path) -> list[str]:
    """Write the files that are not empty, and describe them."""
    from quotekit.output.plain_text import counted
    from quotekit.rules.writing import to_toml

    lines = "".join(f"{one.model_dump_json(by_alias=True, exclude_none=True)}\n" for one in learned.speakers)
    files = (
        (to_toml([], learned.cues) if learned.cues else "", counted(len(learned.cues), "cue")),
        (lines, counted(len(learned.speakers), "speaker")),
        ("\n".join(learned.cases), counted(len(learned.cases), "case")),
    )
    written = []
    for name, (content, what) in zip(FILES, files, strict=True):
        if content:
            output.mkdir(parents=True, exist_ok=True)
            (output / name).write_text(content, encoding="utf-8", errors="replace", newline="\n")
            written.append(f"{name} ({what})")
    return written
