"""What the tables share: one look, and rendering to bytes."""

from __future__ import annotations

from io import StringIO

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table

FILE_WIDTH = 100
"""Columns of output that does not go to a terminal."""


def plain_table() -> Table:
    """Return an empty table with a rule under its header and no frame."""
    return Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="dim", border_style="dim")


def file_console() -> Console:
    """Return a console for output that goes to a file: a fixed width, no colours."""
    return Console(file=StringIO(), width=FILE_WIDTH, force_terminal=False)


def rendered(shape: RenderableType, console: Console) -> bytes:
    """Return ``shape`` in the width, colours and encoding of ``console``."""
    with console.capture() as capture:
        console.print(shape)
    return capture.get().encode(console.encoding, "replace")
