"""Tables of quotes that several articles have."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from quotekit.grouping.types import GroupMember, QuoteGroup
from quotekit.output.plain_text import counted, shown
from quotekit.terminal.layout import plain_table, rendered

_STYLES = {"same": "green", "shortened": "cyan", "changed": "yellow"}


def table(groups: Iterable[QuoteGroup], console: Console) -> bytes:
    """Return the tables of all groups, in the width, colours and encoding of ``console``."""
    return b"".join(rendered(_shape(group), console) for group in groups)


def _shape(group: QuoteGroup) -> RenderableType:
    name = shown(group.speaker.name) if group.speaker else "unknown"
    count = counted(group.articles, "article")
    notes = {"date": "", "input": ", undated", "date, then input": ", some undated"}
    title = Text.assemble((group.id, "dim"), "  ", (name, "bold"), (f"  {count}{notes[group.ordered_by]}", "dim"))
    return Group(title, Text(shown(group.text)), _table(group), "")


def _table(group: QuoteGroup) -> Table:
    table = plain_table()
    table.add_column("date", no_wrap=True)
    table.add_column("article", min_width=12, overflow="fold")
    table.add_column("wording", no_wrap=True)
    table.add_column("text", min_width=20)
    for member in group.members:
        table.add_row(*_row(member))
    return table


def _row(member: GroupMember) -> list[Text]:
    style = "bold" if member.first else ""
    day = member.date.isoformat() if member.date else "no date"
    similar = "" if member.similarity == 100 else f" {int(member.similarity)}%"
    return [
        Text(day, style),
        Text(shown(member.article), style),
        Text(member.wording + similar, _STYLES[member.wording]),
        Text("" if member.wording == "same" else shown(member.text)),
    ]
