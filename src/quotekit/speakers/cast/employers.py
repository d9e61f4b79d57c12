"""Names that an office shows to be those of bodies: "chief executive of Lumo Energy", "an analyst at Kite Capital"."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.cast.name_runs import Run

_BEHIND = 3
"""Tokens behind a possessor in which the office is looked for: "Lumo Energy's chief executive"."""


def employs(parse: Parse, run: Run) -> bool:
    """Return whether somebody has an office of the body that ``run`` would name."""
    return _is_of_office(parse, run) or _owns_office(parse, run)


def _is_of_office(parse: Parse, run: Run) -> bool:
    at = run.start - 1
    if at > 0 and parse.lowers[at] == "the":
        at -= 1
    if at < 1 or parse.sentences[at - 1] != parse.sentences[run.first]:
        return False
    office = parse.lowers[at - 1]
    return (parse.lowers[at] == "of" and office in kinds.words("officers")) or (
        parse.lowers[at] == "at" and kinds.is_person(office)
    )


def _owns_office(parse: Parse, run: Run) -> bool:
    first = run.last + 2
    if first >= len(parse) or parse.tags[run.last + 1] != "POS":
        return False
    for i in range(first, min(first + _BEHIND, len(parse))):
        if parse.lowers[i] in kinds.words("officers"):
            return True
        if parse.tags[i] not in ("NN", "NNP", "JJ"):
            return False
    return False
