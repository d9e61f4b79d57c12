"""Search results as a table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from quotekit.output.plain_text import shown
from quotekit.terminal.layout import plain_table, rendered

if TYPE_CHECKING:
    from rich.console import Console

    from quotekit.study.search import Hit


def hit_table(hits: Sequence[Hit], console: Console) -> bytes:
    """Return quotes as a table in which each title links to its article."""
    table = plain_table()
    table.add_column("date", no_wrap=True)
    table.add_column("outlet", max_width=18)
    table.add_column("speaker", max_width=24)
    table.add_column("quote")
    table.add_column("conf.", justify="right", no_wrap=True)
    for hit in hits:
        where = hit.article_url or hit.article_id
        text = Text(shown(hit.text))
        text.append(f"\n{shown(where)}", "dim")
        who = Text(shown(hit.speaker or "unknown"), "bold" if hit.speaker else "dim")
        day = hit.article_date.isoformat() if hit.article_date else ""
        table.add_row(Text(day), Text(shown(hit.article_outlet or "")), who, text, Text(f"{hit.confidence:.2f}", "dim"))
    return rendered(table, console)
