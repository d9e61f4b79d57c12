"""The command line: one module a command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line: the entry point of the `quotekit` command."""
    try:
        from quotekit.cli.commands import main as run
    except Exception as error:  # too little memory to begin with, or a damaged installation
        sys.stderr.write(f"quotekit: cannot start: {' '.join(f'{type(error).__name__}: {error}'.split())}\n")
        sys.exit(3)
    if sys.stdout is None:
        # The shell has closed it: what writes to it is to fail, and what does not is to work.
        sys.stdout = open(os.devnull)  # noqa: SIM115 (it stays open)
    run()


def __getattr__(name: str) -> object:
    if name == "app":
        from quotekit.cli.commands import app

        return app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
