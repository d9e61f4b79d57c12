"""Examinations that print an answer on the line of its question: "Is it late?---It is."."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from quotekit.form.labels import Label
from quotekit.form.lines import ANSWER, Line
from quotekit.form.turns import kind_of

_WITNESS = re.compile(r"<\s?([A-Z][A-Z.'’ -]{3,60}), (?:RE-?)?(?:SWORN|AFFIRMED|CALLED|ON FORMER|CONTINUING)\b")


def examined(text: str, lines: Sequence[Line], found: Mapping[int, Label]) -> dict[int, Label]:
    """Return labels, by their line, of the answers of sworn witnesses and of the questions behind them.

    >>> from quotekit.form import read_form
    >>> asked = "MR TEAL: Is it late?---It is.\\n\\nAnd now?---It is here, I see.\\n\\nYou saw it?---I did."
    >>> form = read_form(f"<ODA FALK, SWORN\\n\\n{asked}")
    >>> [form.voices[turn.voice].name for turn in form.turns]
    ['TEAL', 'ODA FALK', 'TEAL', 'ODA FALK', 'TEAL', 'ODA FALK']
    """
    out: dict[int, Label] = {}
    witness = counsel = None
    answered = False
    for number, line in enumerate(lines):
        sworn = _WITNESS.match(text, line.start, line.end)
        if sworn:
            core = tuple(sworn[1].split())
            witness = Label(0, 0, sworn.span(1), sworn[1], core, (), "", "colon", "capitals", False, False)
        elif number in found:
            counsel, answered = found[number], False
        elif witness and (answer := ANSWER.match(text, line.start - 1, line.end)):
            out[number] = replace(witness, start=line.start, end=answer.end())
            answered = True
        elif answered and counsel and line.gap and kind_of(text, line.start, line.end, True, False) == "speech":
            out[number] = replace(counsel, start=line.start, end=line.start)
            answered = False
    return out
