"""Runs what README.md and the pages of docs/ show: `python docs/examples.py` writes what has changed into them.

Two kinds of block are run, page by page and from the top, with the checkout as the working folder: ``python`` (with
``>>>`` as in a doctest, without as a program) and ``console`` (lines ``$ quotekit …``, each followed by what
it prints).
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COLUMNS = 80
"""Width of the terminal that the pages show."""

BLOCK = re.compile(r"^(?P<fence>```+)(?P<language>python|console)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)


def refreshed(page: str) -> str:
    """``page`` (Markdown) with what its blocks print now."""
    # Installed, quotekit is found by spaCy through its entry point; in a bare checkout only once it is imported.
    import quotekit.component  # noqa: F401

    names: dict[str, Any] = {"__name__": "__main__"}

    def run(block: re.Match[str]) -> str:
        body = block["body"]
        if block["language"] == "console":
            body = "".join(_console(body))
        elif ">>>" in body:
            body = "".join(_doctest(body, names))
        else:
            exec(compile(body, "<example>", "exec", dont_inherit=True), names)
        return f"{block['fence']}{block['language']}\n{body}{block['fence']}"

    return BLOCK.sub(run, page)


def _doctest(body: str, names: dict[str, Any]) -> Iterator[str]:
    """The examples of a doctest, each with what it prints now; an expected exception is shown by its last line."""
    for piece in doctest.DocTestParser().parse(body):
        if isinstance(piece, str):
            yield piece
            continue
        lines = piece.source.rstrip("\n").split("\n")
        yield "".join(f"{'...' if i else '>>>'} {line}".rstrip() + "\n" for i, line in enumerate(lines))
        printed = _printed(piece.source, names)
        # Doctest reads an empty line as the end of the output.
        yield re.sub(r"^$(?!\Z)", "<BLANKLINE>", printed, flags=re.MULTILINE)


def _printed(source: str, names: dict[str, Any]) -> str:
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(source, "<example>", "single", dont_inherit=True), names)
    except Exception as error:
        last = "".join(traceback.format_exception_only(error))
        return f"Traceback (most recent call last):\n  ...\n{last}"
    return output.getvalue()


def _console(body: str) -> Iterator[str]:
    for line in body.splitlines():
        if line.startswith("$ "):
            yield f"{line}\n{_command(line[2:])}"


def _command(line: str) -> str:
    """What ``quotekit …`` prints on a terminal: both streams, without the space that fills its lines."""
    from typer.testing import CliRunner

    from quotekit.cli.commands import app

    program, *arguments = shlex.split(line)
    if program != "quotekit":
        raise ValueError(f"only quotekit is run in a console block, not {program!r}; make it a block of sh")
    if "extract" in arguments and not {"--format", "-o", "--output", "--help"} & set(arguments):
        arguments += ["--format", "table"]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": str(COLUMNS)}, prog_name="quotekit")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return "".join(f"{line.rstrip()}\n" for line in result.output.rstrip().splitlines())


def main() -> None:
    """Rewrite the pages whose output has changed, and name them."""
    os.chdir(ROOT)
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        new = refreshed(page)
        if new != page:
            path.write_text(new, encoding="utf-8")
            print(path.relative_to(ROOT), file=sys.stderr)


if __name__ == "__main__":
    main()
