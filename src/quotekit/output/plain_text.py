"""Text that is safe to print: on one line, without control characters."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def shown(text: str) -> str:
    r"""Return ``text`` on one line, with control characters replaced, so that it cannot drive a terminal.

    >>> shown("a\n b\x1b[2J")
    'a b�[2J'
    """
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """Return a count with its noun.

    >>> counted(1, "quote"), counted(1200, "quote"), counted(0, "quote")
    ('1 quote', '1,200 quotes', 'no quotes')
    """
    return f"{f'{number:,}' if number else 'no'} {noun}{'' if number == 1 else 's'}"
