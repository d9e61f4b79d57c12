"""The terms of a search, which ignore case, accents and the form of apostrophes."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from quotekit.known.comparing import folded

_TERM = re.compile(r'["“”„]([^"“”„]+)["“”„]|(\S+)')
_APOSTROPHES = "'’‘ʼ`´"
_LETTERS = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00))
"""Letters with accents that a search without accents finds."""


def terms(text: str) -> list[str]:
    """Return the terms of a search in the form of `simple`. Text in quotation marks is one term.

    >>> terms('Élodie “border talks”'), terms("don’t")
    (['elodie', 'border talks'], ["don't"])
    """
    found = (simple(" ".join((quoted or word).split())) for quoted, word in _TERM.findall(text))
    return [term for term in found if term]


def simple(text: str) -> str:
    """Return ``text`` in lower case, without accents, with one form of apostrophe."""
    low = folded(text)
    for apostrophe in _APOSTROPHES[1:]:
        low = low.replace(apostrophe, "'")
    return low


@cache
def _variants() -> dict[str, str]:
    found: defaultdict[str, str] = defaultdict(str)
    for code in (code for letters in _LETTERS for code in letters):
        base = folded(chr(code))
        if len(base) == 1:
            found[base] += chr(code)
    return dict(found)


@cache
def pattern(term: str) -> str:
    """Return an RE2 pattern equivalent to `simple` for the letters of European languages.

    >>> bool(re.search(pattern("lukasz's"), "ŁUKASZ’S"))
    True
    """
    return "(?i)" + "".join(map(_class, term))


def _class(character: str) -> str:
    if character == "'":
        return f"[{_APOSTROPHES}]"
    if character == " ":
        return r"\s+"
    variants = _variants().get(character, "")
    return f"[{character}{variants}]" if variants else re.escape(character)
