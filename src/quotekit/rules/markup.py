"""Inline markup of attributions, for the examples of rules and for sample stories.

One attribution, for an example::

    <content>“It works,”</content> <cue>said</cue> <source>Ann Lee</source>.

Several, for a story: each element has the ids of its attributions. Elements can be nested, and one element can belong
to several attributions::

    <source 1,2>Ann Lee</source> <cue 1>said</cue> <content 1>it works</content> and <cue 2>wrote</cue> <content 2>…

Several content elements of one attribution are its parts. Quotation marks inside an element are inside its span.

An example of a speaker rule shows the speaker of a source. The speaker's name is marked with ``<name>``, anywhere in
the article; without it the name is the source's own words::

    <name>Marta Ellin</name> arrived on Monday. <source>She</source> <cue>said</cue> <content>it works</content>.

Two names of one attribution are those of joint speakers ("Ann Lee and Bo Stone"). If the example needs several
sources, all elements have ids, as in a story, and the example is about the last attribution::

    <source 1><name 2>Ann Lee</name></source> said: <content 1>“<source 2>I</source> think <content 2>…

Reading is linear in the length of the markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from quotekit.models import Span

_ELEMENTS = ("content", "cue", "source")
_NAME = "name"

# Any lower-case word in angle brackets, so that a misspelt name is an error. "<https://…>", "<3" and "a < b" are text.
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z]+)(?P<ids>[ ][^<>\n]{0,200})?>")
_IDS = re.compile(r"[\w-]+(?:,[\w-]+)*")


@dataclass(frozen=True, slots=True)
class Annotated:
    """One attribution and its plain text; spans are characters of ``text``, half-open, in text order."""

    text: str
    content: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    name: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    ids: tuple[str, ...]
    start: int
    end: int
    at: int  # of the opening tag in the markup


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    ids: tuple[str, ...]
    start: int
    at: int


def read_annotated(markup: str) -> Annotated:
    """Return the plain text of ``markup`` and its one attribution, whose spans are empty without markup.

    Raises:
        ValueError: a tag is unknown, has an id, is not closed, or crosses another; the message names the tag and its
            line and column (from 1).

    >>> example = read_annotated("<content>“It works,”</content> <cue>said</cue> <source>Ann Lee</source>.")
    >>> example.text
    '“It works,” said Ann Lee.'
    >>> example.content, example.cue, example.source
    (((0, 11),), ((12, 16),), ((17, 24),))
    """
    text, elements = _parse(markup, with_ids=False)
    return _gather(text, elements)


def read_story(markup: str) -> tuple[str, dict[str, Annotated]]:
    """Return the plain text of ``markup`` and its attributions by id, in the order of their first element.

    Raises:
        ValueError: as for `read_annotated`, except that tags need an id.

    >>> text, story = read_story("<source 1>Ann Lee</source> <cue 1>said</cue> <content 1>it works</content 1>.")
    >>> text
    'Ann Lee said it works.'
    >>> story["1"].content
    ((13, 21),)
    """
    text, elements = _parse(markup, with_ids=True)
    by_id: dict[str, list[_Element]] = {}
    for element in elements:
        for key in element.ids:
            by_id.setdefault(key, []).append(element)
    return text, {key: _gather(text, own) for key, own in by_id.items()}


def read_sources(markup: str) -> tuple[str, list[Annotated]]:
    """Return the plain text of a speaker rule's example and its attributions in text order, with or without ids.

    The example is about the last one, which alone can have names.

    Raises:
        ValueError: as for `read_annotated` and `read_story`, or an attribution has no source, or one before the last
            has a name.

    >>> text, (first, last) = read_sources(
    ...     "<source 1><name 2>Ann Lee</name></source> said, <content 1>“<source 2>I</source> know.”</content>"
    ... )
    >>> [text[slice(*span)] for span in (*last.source, *last.name)]
    ['I', 'Ann Lee']
    """
    opening = _TAG.search(markup)
    text, elements = _parse(markup, with_ids=opening is not None and opening["ids"] is not None, names=True)
    by_id: dict[str, list[_Element]] = {}
    for element in elements:
        for key in element.ids or ("",):
            by_id.setdefault(key, []).append(element)
    # A name can be anywhere, so that it does not count for the order of the attributions.
    order = {key: [element.start for element in own if element.name != _NAME] for key, own in by_id.items()}
    keys = sorted(by_id, key=lambda key: min(order[key], default=-1))
    for key in keys:
        own = by_id[key]
        if not any(element.name == "source" for element in own):
            _fail(markup, own[0].at, f"the tag {_shown(own[0])} has no <source> with the same id")
        named = next((element for element in own if element.name == _NAME), None)
        if named is not None and key != keys[-1]:
            _fail(markup, named.at, f"the tag {_shown(named)} does not belong to the last source, the tested one")
    return text, [_gather(text, by_id[key]) for key in keys]


def plain_text(markup: str) -> str:
    """Return the text of any markup without its tags, which are not checked.

    >>> plain_text("<name>Ann Lee</name> came. <source>She</source> <cue>said</cue> <content>it works</content>.")
    'Ann Lee came. She said it works.'
    """
    return _TAG.sub("", markup)


def _gather(text: str, elements: list[_Element]) -> Annotated:
    spans: dict[str, list[Span]] = {name: [] for name in (*_ELEMENTS, _NAME)}
    for element in elements:
        spans[element.name].append((element.start, element.end))
    return Annotated(text, **{name: tuple(found) for name, found in spans.items()})


def _parse(markup: str, *, with_ids: bool, names: bool = False) -> tuple[str, list[_Element]]:
    """Return the text without its tags, and the elements in the order of their opening tags."""
    pieces: list[str] = []
    elements: list[_Element] = []
    stack: list[_Open] = []
    read = length = 0
    for match in _TAG.finditer(markup):
        piece = markup[read : match.start()]
        pieces.append(piece)
        length += len(piece)
        read = match.end()
        name, ids = match["name"], _ids(markup, match)
        if name == _NAME and not names:
            _fail(markup, match.start(), f"the tag {match[0]} is only for examples of speaker rules")
        if name not in _ELEMENTS and name != _NAME:
            _fail(markup, match.start(), f"unknown tag {match[0]}; the tags are <content>, <cue> and <source>")
        if match["close"]:
            opened = _matching(markup, match, ids, stack)
            elements.append(_Element(name, opened.ids, opened.start, length, opened.at))
            continue
        if with_ids and not ids:
            _fail(markup, match.start(), f"the tag {match[0]} has no id; write <{name} 1>")
        if ids and not with_ids:
            _fail(markup, match.start(), f"the tag {match[0]} has an id; only stories (read_story) have ids")
        stack.append(_Open(name, ids, length, match.start()))
    if stack:
        _fail(markup, stack[-1].at, f"the tag {_shown(stack[-1])} is never closed")
    pieces.append(markup[read:])
    elements.sort(key=lambda element: element.at)
    return "".join(pieces), elements


def _ids(markup: str, match: re.Match[str]) -> tuple[str, ...]:
    if match["ids"] is None:
        return ()
    ids = match["ids"][1:]
    if not _IDS.fullmatch(ids):
        _fail(markup, match.start(), f"the ids of the tag {match[0]} are not of the form 1 or 1,2")
    return tuple(ids.split(","))


def _matching(markup: str, match: re.Match[str], ids: tuple[str, ...], stack: list[_Open]) -> _Open:
    """Remove from the stack and return the innermost element, which a closing tag must close."""
    if not stack:
        _fail(markup, match.start(), f"the tag {match[0]} closes nothing")
    opened = stack.pop()
    if opened.name != match["name"] or (ids and ids != opened.ids):
        _fail(
            markup, match.start(), f"the tag {match[0]} crosses {_shown(opened)} opened at {_place(markup, opened.at)}"
        )
    return opened


def _shown(opened: _Open | _Element) -> str:
    return f"<{' '.join(filter(None, (opened.name, ','.join(opened.ids))))}>"


def _place(markup: str, at: int) -> str:
    return f"line {markup.count(chr(10), 0, at) + 1}, column {at - markup.rfind(chr(10), 0, at)}"


def _fail(markup: str, at: int, problem: str) -> NoReturn:
    raise ValueError(f"{_place(markup, at)}: {problem}")
