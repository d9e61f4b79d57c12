"""Characters that a page cannot hold or should not apply, separated from those that it shows unchanged.

HTML cannot represent NUL, most control characters, lone surrogates and noncharacters, and it reads CR as a line feed.
Bidirectional controls can make a text look like another one. Each of these is shown with its code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NOT_IN_HTML = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr((plane << 16) + 0xFFFE)}{chr((plane << 16) + 0xFFFF)}" for plane in range(17)
)
_ODD = re.compile(f"[{_BIDI}{_NOT_IN_HTML}]")
_KEPT = re.compile(f"[{_BIDI}]")


class Run(NamedTuple):
    """Characters shown unchanged, or one character with the hexadecimal ``code``, shown as ``text``."""

    text: str
    code: str = ""
    name: str = ""


def runs(text: str) -> Iterator[Run]:
    r"""Yield ``text`` as runs that a page can hold. Joined, with each code as its character, they are the text.

    HTML has no carriage return: it is shown as nothing before a line feed, and otherwise as a line feed.

    >>> list(runs("a\x00b"))
    [Run(text='a', code='', name=''), Run(text='�', code='0000', name='U+0000'), Run(text='b', code='', name='')]
    """
    at = 0
    for match in _ODD.finditer(text):
        if match.start() > at:
            yield Run(text[at : match.start()])
        at = match.end()
        yield _apart(match[0], text[at : at + 1])
    if at < len(text):
        yield Run(text[at:])


def plain(text: str) -> str:
    r"""Return ``text`` for places without elements, such as titles: on one line, special characters as U+FFFD.

    >>> plain("a\u202eb\r\n c")
    'a�b c'
    """
    return _ODD.sub("\ufffd", " ".join(text.split()))


def _apart(character: str, after: str) -> Run:
    code = f"{ord(character):04X}"
    if character == "\r":
        return Run("" if after == "\n" else "\n", code, "carriage return")
    name = unicodedata.name(character, f"U+{code}").lower().replace("u+", "U+")
    return Run(character if _KEPT.match(character) else "\ufffd", code, name)
