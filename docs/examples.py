"""Run the examples of README.md and docs/: `python docs/examples.py [PAGE…]` updates outputs that have changed.

Two kinds of block run, page by page and from the top, in the root of the checkout: ``python`` (a doctest if it has
``>>>``, otherwise a program) and ``console`` (lines ``$ quotekit …``, each followed by its output).

Only outputs are updated. An example that raises although the page shows no traceback, that no longer raises the
exception the page shows, or a command that fails, is an `ExampleError`: someone must look at it.
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
"""Width of the terminal on the pages, in characters."""

BLOCK = re.compile(r"^(?P<fence>```+)(?P<language>python|console)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)


class ExampleError(Exception):
    """An example does not do what its page says, in a way that new output would hide."""


def refreshed(page: str) -> str:
    """Return ``page`` (Markdown) with the outputs that its blocks have now.

    Raises:
        ExampleError: an example raises unexpectedly, or does not raise what the page shows.
    """
    # spaCy finds an installed quotekit through its entry point; in a bare checkout it must be imported first.
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
    """Yield the examples of a doctest, each with its output; an exception is shown by its last line."""
    for piece in doctest.DocTestParser().parse(body):
        if isinstance(piece, str):
            yield piece
            continue
        lines = piece.source.rstrip("\n").split("\n")
        yield "".join(f"{'...' if i else '>>>'} {line}".rstrip() + "\n" for i, line in enumerate(lines))
        output, error = _run(piece.source, names)
        _as_expected(piece, error)
        if error is not None:
            output = f"Traceback (most recent call last):\n  ...\n{_last_lines(error)}"
        # Doctest reads an empty line as the end of the output.
        yield re.sub(r"^$(?!\Z)", "<BLANKLINE>", output, flags=re.MULTILINE)


def _run(source: str, names: dict[str, Any]) -> tuple[str, Exception | None]:
    """Run ``source`` as at a prompt; return what it prints and what it raises."""
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(source, "<example>", "single", dont_inherit=True), names)
    except Exception as error:
        return output.getvalue(), error
    return output.getvalue(), None


def _as_expected(example: doctest.Example, error: Exception | None) -> None:
    """Raise an `ExampleError` unless ``error`` is of the type that the page shows, or both are ``None``."""
    shown = example.exc_msg.partition(":")[0].strip() if example.exc_msg else None
    raised = _last_lines(error).partition(":")[0].strip() if error else None
    if shown != raised:
        where = f"this example shows {shown or 'no exception'} and raises {raised or 'none'}:\n{example.source}"
        raise ExampleError(where) from error


def _last_lines(error: Exception) -> str:
    return "".join(traceback.format_exception_only(error))


def _console(body: str) -> Iterator[str]:
    for line in body.splitlines():
        if line.startswith("$ "):
            yield f"{line}\n{_command(line[2:])}"


def _command(line: str) -> str:
    """Return what ``quotekit …`` prints on a terminal: both streams, without trailing spaces."""
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
    if result.exit_code:
        raise ExampleError(f"{line!r} ends with exit code {result.exit_code}:\n{result.output}")
    return "".join(f"{line.rstrip()}\n" for line in result.output.rstrip().splitlines())


def main() -> None:
    """Rewrite the pages whose output has changed, and print their names."""
    os.chdir(ROOT)
    chosen = [Path(name).resolve() for name in sys.argv[1:]] or PAGES
    for path in chosen:
        page = path.read_text(encoding="utf-8")
        try:
            new = refreshed(page)
        except Exception as error:
            raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from error
        if new != page:
            path.write_text(new, encoding="utf-8")
            print(path.relative_to(ROOT), file=sys.stderr)


if __name__ == "__main__":
    main()
