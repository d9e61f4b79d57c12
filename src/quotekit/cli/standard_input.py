"""A hint for users who type standard input."""

from __future__ import annotations

import sys

from quotekit.batch.reading import STDIN, Inputs
from quotekit.terminal.progress import Watch


def hint_at_standard_input(inputs: Inputs, watch: Watch) -> None:
    """Say that standard input is being read, if a user has to type it."""
    if STDIN in inputs.sources and sys.stdin.isatty():
        watch.note("Reading standard input; end it with Ctrl-D on an empty line.")
