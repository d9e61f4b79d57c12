"""Text that is safe to print: on one line, without characters that control a terminal."""

from __future__ import annotations

import re

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control codes, and the marks that reverse the order of text: both let a text rewrite what is printed around it."""


def shown(text: str) -> str:
    r"""Return ``text`` on one line, with the characters that control a terminal replaced.

    >>> shown("a\n b\x1b[2J"), shown("a\u202eb")
    ('a b�[2J', 'a�b')
    """
    return CONTROL.sub("\ufffd", " ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """Return a count with its noun.

    >>> counted(1, "quote"), counted(1200, "quote"), counted(0, "quote")
    ('1 quote', '1,200 quotes', 'no quotes')
    """
    return f"{f'{number:,}' if number else 'no'} {noun}{'' if number == 1 else 's'}"
