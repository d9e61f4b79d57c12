"""An explanation as text: rows of a label and what is to be said, plain or for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from quotekit.explain.explanation import Explanation, Place, Proposal, QuoteExplanation, Weighing
from quotekit.explain.reasons import short

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

WIDTH = 80
"""Columns of plain text."""

LABEL = 9
"""Columns of the labels."""

MOST_TERMS = 4
"""So many of a confidence's terms are shown: those that weigh most."""

MOST_RIVALS = 6
"""So many of what lost is shown of one quote."""

MOST_REASONS = 8
"""So many reasons are shown for one place."""


class Row(NamedTuple):
    """A line of an explanation. Without a label it is a heading; both empty, an empty line."""

    label: str
    words: str


EMPTY = Row("", "")


def quote_rows(one: QuoteExplanation) -> Iterator[Row]:
    """Why one quote is what it is."""
    quote, proposal = one.quote, one.proposal
    yield Row("", f"{quote.id} · {quote.kind} {quote.act} · {quote.confidence:.2f} · {quote.rule}")
    for part in quote.content:
        yield Row("content", f"“{short(part.text, 160)}” ({part.start}:{part.end})")
    if quote.source is not None:
        yield Row("source", f"{short(quote.source.text)} ({quote.source.start}:{quote.source.end})")
    if quote.cue is not None:
        verb = f", verb {quote.verb}" if quote.verb else ""
        yield Row("cue", f"{short(quote.cue.text)} ({quote.cue.start}:{quote.cue.end}){verb}")
    if one.record is not None:
        origin = "built in" if one.record.origin == "built-in" else "from your own rule file"
        yield Row(
            "lexicon",
            f"{one.record.cue} in the frame “{one.record.frame}”: {one.record.precision:.2f}, "
            f"{_article(one.record.act)}, {origin}",
        )
    if proposal.why:
        yield Row("why", proposal.why)
    for weighing in one.weighings:
        yield Row("sure", weighing_words(weighing))
    if not one.weighings:
        own = one.record is not None and one.record.origin == "own"
        yield Row("sure", f"{quote.confidence:.2f}, as the {'cue' if own else 'rule'} states it")
    for taken in one.taken:
        yield Row("also", str(taken))
    yield from _speaker_rows(one)
    for rival in one.rivals[:MOST_RIVALS]:
        label = "agrees" if rival.fate == "agreed" else "lost"
        words = f"{rival.proposal.rule}" if rival.fate == "agreed" else f"{proposed(rival.proposal)}: {rival}"
        yield Row(label, words)
    if len(one.rivals) > MOST_RIVALS:
        yield Row("", f"and {len(one.rivals) - MOST_RIVALS} more")
    for marks in one.marks:
        yield Row("marks", str(marks))


def _article(act: str) -> str:
    return f"an {act}" if act[0] in "aeiou" else f"a {act}"


def weighing_words(weighing: Weighing) -> str:
    """A confidence and the terms that weigh most in it."""
    by = "by the rule alone" if weighing.by == "rule" else f"together ({weighing.situation})"
    terms = ", ".join(f"{term.name} {term.adds:+.2f}" for term in weighing.terms[:MOST_TERMS])
    raised = "; held up by a sure rule of quoted words" if weighing.raised else ""
    return f"{weighing.confidence:.2f} {by}: {terms}{raised}"


def proposed(proposal: Proposal) -> str:
    """What was proposed, in short."""
    who = f", {short(proposal.source.text, 30)}" if proposal.source else ""
    return f"{proposal.rule} “{short(' … '.join(part.text for part in proposal.content))}”{who}"


def _speaker_rows(one: QuoteExplanation) -> Iterator[Row]:
    quote = one.quote
    if quote.speaker is None:
        why = "no source was found" if quote.source is None else "nobody was looked for, or no rule knows who it is"
        yield Row("speaker", f"none: {why}")
        return
    role = f", {quote.speaker.role}" if quote.speaker.role else ""
    yield Row("speaker", f"{quote.speaker.name} ({quote.speaker.kind}{role})")
    for step in one.speaker:
        why = f": {step.why}" if step.why else ""
        yield Row("", f"“{short(step.text)}” ({step.start}:{step.end}) by {step.rule}{why}")


def place_rows(place: Place) -> Iterator[Row]:
    """What is to be said of one place."""
    taken_for = f" · {', '.join(place.taken_for)}" if place.taken_for else ""
    yield Row("", f"{place.where.start}:{place.where.end} · “{short(place.where.text, 120)}”{taken_for}")
    for one in place.quotes:
        yield EMPTY
        yield from quote_rows(one)
    if place.quotes and place.reasons:
        yield EMPTY
        yield Row("", "The rest of it")
    for reason in place.reasons[:MOST_REASONS]:
        yield Row("no quote", str(reason))
    if len(place.reasons) > MOST_REASONS:
        yield Row("", f"and {len(place.reasons) - MOST_REASONS} more")
    if not place.quotes:
        for marks in place.marks:
            yield Row("marks", str(marks))


def explanation_rows(explanation: Explanation) -> Iterator[Row]:
    """Every quote."""
    if not explanation.quotes:
        yield Row("", "no quotes")
    for i, one in enumerate(explanation.quotes):
        if i:
            yield EMPTY
        yield from quote_rows(one)


def rows_of(one: Explanation | Place | QuoteExplanation) -> Iterator[Row]:
    """The rows of an explanation of any kind."""
    if isinstance(one, QuoteExplanation):
        return quote_rows(one)
    return place_rows(one) if isinstance(one, Place) else explanation_rows(one)


def plain(rows: Iterable[Row]) -> str:
    """The rows as text of at most `WIDTH` columns."""
    lines: list[str] = []
    heading = True
    for row in rows:
        heading = (heading and not lines) or lines[-1:] == [""]
        if row == EMPTY:
            lines.append("")
        elif row.label or not heading:
            first = f"  {row.label:<{LABEL}} "
            lines += textwrap.wrap(
                row.words, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
            )
        else:
            lines += textwrap.wrap(row.words, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines)


def rich(rows: Iterable[Row]) -> RenderableType:
    """The rows for a terminal."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from quotekit.output.plain_text import shown

    blocks: list[RenderableType] = []
    table: Table | None = None
    for row in rows:
        if row == EMPTY:
            blocks.append("")
            table = None
        elif table is None and not row.label:
            blocks.append(Text(shown(row.words), "bold"))
            table = _grid()
            blocks.append(Padding(table, (0, 0, 0, 2)))
        else:
            if table is None:
                table = _grid()
                blocks.append(Padding(table, (0, 0, 0, 2)))
            table.add_row(Text(row.label, _STYLES.get(row.label, "dim")), Text(shown(row.words)))
    return Group(*blocks)


_STYLES = {"content": "green", "speaker": "cyan", "no quote": "yellow", "lost": "yellow"}


def _grid() -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=LABEL, no_wrap=True)
    grid.add_column(ratio=1)
    return grid
