"""Quotes for a reader at a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from quotekit.models import Quote

if TYPE_CHECKING:
    from quotekit.known.roster import Row

WIDE = 110
"""Columns of terminal from which the source has a column of its own; below, it stands under the speaker."""

NARROW = 72
"""Columns of terminal below which the role in a roster stands under the speaker, so that the counts have room."""

_STYLES = {"direct": "green", "indirect": "cyan", "mixed": "yellow"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Renderer:
    """Articles as tables, in the width and with the colours of ``console``."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, name: str, quotes: list[Quote]) -> bytes:
        """The table of one article, in the terminal's encoding."""
        return self._rendered(_article(name, quotes, wide=self._console.width >= WIDE))

    def roster(self, rows: Sequence[Row]) -> bytes:
        """The table of the speakers of many articles, in the terminal's encoding."""
        return self._rendered(_roster(rows, narrow=self._console.width < NARROW)) if rows else b""

    def _rendered(self, shape: RenderableType) -> bytes:
        with self._console.capture() as capture:
            self._console.print(shape)
        return capture.get().encode(self._console.encoding, "replace")


def _article(name: str, quotes: list[Quote], *, wide: bool) -> Group:
    title = Text.assemble((shown(name), "bold"), ("  " + counted(len(quotes), "quote"), "dim"), overflow="fold")
    if not quotes:
        return Group(title, "")
    return Group(title, "", _table(quotes, wide=wide), "")


def _roster(rows: Sequence[Row], *, narrow: bool) -> Table:
    table = _plain_table()
    known = any(row.id for row in rows)
    if known:
        table.add_column("id", max_width=16)
    table.add_column("speaker", min_width=10)
    table.add_column("kind", no_wrap=True)
    if not narrow:
        table.add_column("role")
    table.add_column("country", no_wrap=True)
    table.add_column("quotes", justify="right", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    for row in rows:
        name = Text(shown(row.names[0]), "bold")
        role = Text(shown(row.roles[0]) if row.roles else "")
        if narrow and role:
            name.append(f"\n{role}", "not bold dim")
        cells = [
            name,
            Text(row.kind, "dim"),
            *([] if narrow else [role]),
            Text(row.country or ""),
            Text(f"{row.quotes:,}"),
            Text(f"{row.articles:,}"),
        ]
        table.add_row(*([Text(shown(row.id))] if known else []), *cells)
    return table


def _plain_table() -> Table:
    return Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="dim", border_style="dim")


def _table(quotes: list[Quote], *, wide: bool) -> Table:
    table = _plain_table()
    table.add_column("kind", no_wrap=True)
    table.add_column("speaker", max_width=28 if wide else 20)
    if wide:
        table.add_column("source", max_width=24)
    table.add_column("verb", max_width=12)
    table.add_column("quote")
    table.add_column("conf.", justify="right", no_wrap=True)
    for quote in quotes:
        table.add_row(*_row(quote, wide=wide))
    return table


def _row(quote: Quote, *, wide: bool) -> list[Text]:
    kind = Text(quote.kind, _STYLES[quote.kind])
    if quote.act == "attitude":
        kind.append("\nattitude", "dim")
    name = quote.speaker.name if quote.speaker else None
    source = quote.source.text if quote.source else None
    # "Ann Lee, 74, a retired net-maker" says nothing that "Ann Lee" beside it does not.
    mention = Text(shown(source), "dim") if source and not (name and name in source) else None
    who = [Text(shown(name), "bold")] if name else []
    if quote.speaker and quote.speaker.known_id:
        who[0].append(f" {shown(quote.speaker.known_id)}", "not bold dim")
    if wide:
        who = [who[0] if who else Text("unknown", "dim"), mention or Text()]
    else:
        who = [Text("\n").join([*who, *([mention] if mention else [])]) or Text("unknown", "dim")]
    text = Text.assemble(("↳ ", "dim") if quote.parent else "", shown(quote.text))
    return [kind, *who, Text(shown(quote.verb or "")), text, Text(f"{quote.confidence:.2f}", "dim")]


def shown(text: str) -> str:
    r"""``text`` as it may go to a terminal: on one line, and without the characters that command one.

    >>> shown("a\n b\x1b[2J")
    'a b�[2J'
    """
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "quote"), counted(1200, "quote"), counted(0, "quote")
    ('1 quote', '1,200 quotes', 'no quotes')
    """
    return f"{f'{number:,}' if number else 'no'} {noun}{'' if number == 1 else 's'}"
