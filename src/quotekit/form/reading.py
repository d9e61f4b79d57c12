"""Read the form of a document."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.form.deciding import decide
from quotekit.form.labels import Label
from quotekit.form.lines import paragraphs, read_lines, without_pages
from quotekit.form.people import voices
from quotekit.form.turns import drafts
from quotekit.form.types import Exchange, Form, FormKind, Turn
from quotekit.form.words import words


def read_form(text: str) -> Form:
    """Return what kind of document ``text`` is, and its turns. Any string is accepted.

    >>> form = read_form("MS. FALK: We will pay.\\n\\nQ Who is we?\\n\\nMS. FALK: The port. (Laughter.)")
    >>> form.kind, [text for text in (form.voices[turn.voice].name for turn in form.turns)]
    ('transcript', ['FALK', 'Q', 'FALK'])
    """
    lines = without_pages(text, read_lines(text))
    if not lines:
        return Form("story", 1.0)
    pieces = list(paragraphs(text, lines))
    found, evidence = decide(text, lines, pieces)
    if not found:
        return Form("story", 1.0)
    pieces = list(paragraphs(text, lines, frozenset(found)))
    drafted = drafts(text, lines, pieces, found)
    labels = [label for label, _ in drafted]
    owners, who = voices(text, labels)
    exchanges = _exchanges(labels, owners)
    turns = tuple(
        Turn(i, (label.start, label.end), label.head, owner, exchange, tuple(parts))
        for i, ((label, parts), owner, exchange) in enumerate(zip(drafted, owners, exchanges, strict=True))
    )
    return Form(_kind(labels), 0.9, turns, who)


def _kind(labels: Sequence[Label]) -> FormKind:
    return "transcript"


def _exchanges(labels: Sequence[Label], owners: Sequence[int]) -> list[Exchange | None]:
    """Question and answer, where labels say so: what follows a question answers it."""
    lists = words()
    out: list[Exchange | None] = []
    for label in labels:
        key = label.key.rstrip(".0123456789 ")
        if key in lists.questions:
            out.append("question")
        elif key in lists.answers or (out and out[-1] == "question"):
            out.append("answer")
        else:
            out.append(None)
    return out
