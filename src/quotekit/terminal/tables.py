"""Tables of quotes and of speakers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from quotekit.models import Quote
from quotekit.output.plain_text import counted, shown
from quotekit.terminal.layout import plain_table, rendered

if TYPE_CHECKING:
    from quotekit.known.roster_rows import Row

WIDE = 110
"""Terminal width in columns from which the source has its own column; below, it is printed under the speaker."""

NARROW = 72
"""Terminal width in columns below which roles are printed under the speakers, so that the counts have room."""

_STYLES = {"direct": "green", "indirect": "cyan", "mixed": "yellow"}


def article_table(name: str, quotes: list[Quote], console: Console) -> bytes:
    """Return the table of one article's quotes, in the console's encoding."""
    return rendered(_article(name, quotes, wide=console.width >= WIDE), console)


def speaker_table(rows: Sequence[Row], console: Console) -> bytes:
    """Return the table of the speakers of many articles, in the console's encoding."""
    return rendered(_speakers(rows, narrow=console.width < NARROW), console) if rows else b""


def _article(name: str, quotes: list[Quote], *, wide: bool) -> Group:
    title = Text.assemble((shown(name), "bold"), ("  " + counted(len(quotes), "quote"), "dim"), overflow="fold")
    if not quotes:
        return Group(title, "")
    return Group(title, "", _quotes(quotes, wide=wide), "")


def _speakers(rows: Sequence[Row], *, narrow: bool) -> Table:
    table = plain_table()
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


def _quotes(quotes: list[Quote], *, wide: bool) -> Table:
    table = plain_table()
    table.add_column("kind", no_wrap=True)
    table.add_column("speaker", max_width=28 if wide else 20)
    if wide:
        table.add_column("source", max_width=24)
    verbs = any(quote.verb for quote in quotes)
    if verbs:
        table.add_column("verb", max_width=12)
    table.add_column("quote")
    # The speaker's confidence goes below the quote's, so that narrow terminals have room for the quotes.
    resolved = any(quote.speaker_confidence is not None for quote in quotes)
    table.add_column("conf.\nwho" if resolved else "conf.", justify="right", no_wrap=True)
    for quote in quotes:
        table.add_row(*_row(quote, wide=wide, verbs=verbs))
    return table


def _row(quote: Quote, *, wide: bool, verbs: bool) -> list[Text]:
    turn = None if quote.turn is None else quote.exchange or "turn"
    kind = Text(turn or quote.kind, _STYLES[quote.kind])
    if quote.act == "attitude":
        kind.append("\nattitude", "dim")
    name = quote.speaker.name if quote.speaker else None
    source = quote.source.text if quote.source else None
    # A source that contains the name, as in "Ann Lee, 74, a retired net-maker", repeats what is beside it.
    mention = Text(shown(source), "dim") if source and not (name and name in source) else None
    who = [Text(f"{shown(name)}{'?' if quote.guessed else ''}", "bold")] if name else []
    if quote.speaker and quote.speaker.known_id:
        who[0].append(f" {shown(quote.speaker.known_id)}", "not bold dim")
    if wide:
        who = [who[0] if who else Text("unknown", "dim"), mention or Text()]
    else:
        who = [Text("\n").join([*who, *([mention] if mention else [])]) or Text("unknown", "dim")]
    text = Text.assemble(("↳ ", "dim") if quote.parent else "", shown(quote.text))
    sure = "\n".join(f"{one:.2f}" for one in (quote.confidence, quote.speaker_confidence) if one is not None)
    verb = [Text(shown(quote.verb or ""))] if verbs else []
    return [kind, *who, *verb, text, Text(sure, "dim")]
