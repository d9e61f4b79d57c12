"""Markdown links, as in articles saved from the web."""

from __future__ import annotations

import re

# Bounded, so that an opening bracket without its partner costs no more than these characters.
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,500}(?:\([^()\s]{0,100}\)[^()\s]{0,500})?\)")


def without_links(text: str, words: str = r"\1") -> str:
    """Return ``text`` with ``words`` in the place of each link: the link's own words, if nothing is given.

    >>> without_links("See [the plan](https://example.org/plan)."), without_links("See [the plan](#a).", "")
    ('See the plan.', 'See .')
    """
    return _LINK.sub(words, text) if "](" in text else text


def blank_links(text: str) -> str:
    """Return ``text`` with blanks in the place of a link's brackets and address; its words stay where they are.

    >>> blank_links("See [the plan](#a).")
    'See  the plan     .'
    """
    if "](" not in text:
        return text

    def blank(link: re.Match[str]) -> str:
        before = link.start(1) - link.start()
        return f"{' ' * before}{link[1]}{' ' * (link.end() - link.end(1))}"

    return _LINK.sub(blank, text)
