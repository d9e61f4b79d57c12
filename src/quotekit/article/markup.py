"""HTML left in a text: quotation marks written as entities or tags, and tags around words."""

from __future__ import annotations

import re

from quotekit import lexicon

# Bounded, so that an unmatched opening bracket does not make the search quadratic.
_MARKUP = re.compile(r"&#?\w{2,6};|</?[a-zA-Z]{1,10}(?:\s[^<>]{0,300})?/?>")


def plain_markup(text: str) -> str:
    """Return ``text`` with HTML quotation marks as characters and tags as blanks; offsets do not change.

    >>> plain_markup("&ldquo;No,&rdquo; <b>she</b> said."), plain_markup("<q>No,</q> &quot;she&quot; said.")
    ('      “No,”          she     said.', '  “No,”         "she"      said.')
    """
    return _MARKUP.sub(_plain, text) if "&" in text or "<" in text else text


def _plain(found: re.Match[str]) -> str:
    written, data = found[0], lexicon.load("quotation_marks")["markup"]
    name = written.strip("&;</>").split(maxsplit=1)[0].casefold()
    width = len(written)
    if written[0] == "<":
        if name in data["quoting"]:
            return "”".ljust(width) if written[1] == "/" else "“".rjust(width)
        return " " * width if name in data["tags"] else written
    mark: str | None = data["entities"].get(name)
    if mark is None:
        return written
    opens = mark in "“‘" or (mark == '"' and not _behind_word(found))
    return mark.rjust(width) if opens else mark.ljust(width)


def _behind_word(found: re.Match[str]) -> bool:
    """Return whether the entity directly follows a word or the end of a sentence."""
    before = found.string[found.start() - 1 : found.start()]
    return bool(before) and not before.isspace() and before not in "(["
