"""Who "we" are in a joint statement: the text or its heading names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from quotekit.form.words import documents, words
from quotekit.models import Span

_LONGEST = 400
_OURSELVES = re.compile(
    rf"^(?:\d{{1,2}}\.\s+)?We, (the [^.;:\n]{{3,{_LONGEST}}}?), (?!(?:and|of|the|or|as|for|on)\b)(?=[a-z])",
    re.MULTILINE,
)
"""We, the Ministers of Lisk and Orra, met."""

_JOINED = re.compile(r"\s(?:and|&)\s|\w[–—/-](?=[A-Z])|,\s")


def parties(text: str, heading: Sequence[Span], body: Span) -> Span | None:
    """Return where a joint statement names its parties: "We, the Ministers of …", statement by, A–B statement.

    >>> text = "Joint Statement by Kestria and Lisk on the Ferry\\n\\nWe regret the delay."
    >>> parties(text, [(0, 48)], (50, len(text)))
    (19, 35)
    """
    match = _OURSELVES.search(text, *body)
    if match:
        return match.span(1)
    found = (span for start, end in heading for span in (_behind(text, start, end), _before(text, start, end)) if span)
    return next(found, None)


def _behind(text: str, start: int, end: int) -> Span | None:
    """Return the parties behind the noun: Joint Statement by the Governments of Kestria and Lisk on the Ferry."""
    match = _patterns()[0].search(text, start, min(end, start + _LONGEST))
    return match.span("who") if match else None


def _before(text: str, start: int, end: int) -> Span | None:
    """Return the parties before the noun, if they are several: Kestria–Lisk Joint Statement, Ministers’ Statement."""
    match = _patterns()[1].match(text, start, min(end, start + _LONGEST))
    if not match:
        return None
    who = match["who"]
    plural = who.endswith("s") and who[:-1].split()[-1].casefold() in words().offices
    return match.span("who") if plural or _JOINED.search(who) else None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a heading that names the parties behind its noun, and before it."""
    lists = documents()
    nouns = "|".join(sorted((lists.statements | lists.together | {"communique"}) - {"note", "reply", "appeal"}))
    stops = "|".join(sorted(lists.stops))
    behind = rf"(?i:\bjoint\s(?:\w+\s){{0,2}}?(?:{nouns})\s(?:by|of|from|between)\s)"
    first = rf"(?P<who>(?:the\s)?[A-Z][^;:()\n]{{2,{_LONGEST}}}?)"
    return (
        re.compile(rf"{behind}{first}(?=\s(?i:{stops})\b|\s*[,;:()\n–—]\s*(?i:{stops})\b|\s*\d|\s*$)", re.MULTILINE),
        re.compile(rf"{first}(?:[’']s?|[:–—])?\s(?i:(?:joint\s)?(?:\w+\s)?(?:{nouns})\b)"),
    )
