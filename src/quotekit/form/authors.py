"""The author of a speech or statement: whom the heading or the signature names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from quotekit.form.names import taken_from
from quotekit.form.types import Gender
from quotekit.form.words import documents, words
from quotekit.lexicon.places import country_in, place
from quotekit.models import Span, strip

_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_FOLLOWING = re.compile(r"((?:[A-Z][\w.’'-]*\s)+[A-Z][\w-]+)(?:,[^.]{1,80},)? ([a-z]+) (?:out )?the following ([a-z]+)")
_SIGNED = re.compile(r"\(([^()\n]{1,30})\)\s*")
_SEARCHED = 1000
"""Characters of a heading that are searched: the patterns would take long over a paragraph in capitals."""

_MOST_SIGNATURE = 4
_LONGEST_SIGNATURE = 120
_MOST_NAME = 12
_WRAPPED = 120
"""Maximum characters of a wrapped line; names continue behind one of half the length."""

_LONGEST_NAME = 4
_COMMA = re.compile(r"\s*,\s*")
_HOLDER = re.compile(r"\s*,\s*((?:[A-Z][\w.'’-]*\s+){1,4}[A-Z][\w'’-]*)(?!\s+and\b)(?=[\s,.;:]|$)")
_ATTRIBUTABLE = "attributable"
_JOINED = re.compile(r"\s+and\s+[A-Z]")


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks a whole document. ``span`` is where the name is, ``speech`` tells a speech from a statement."""

    span: Span
    name: str
    named: bool
    title: str | None
    country: str | None
    gender: Gender | None
    speech: bool
    attributed: bool = False

    @property
    def known_as(self) -> str:
        """What others call the author: the surname, or the whole of an office."""
        return self.name.split()[-1] if self.named else self.name


def in_heading(text: str, heading: Sequence[Span]) -> Author | None:
    """Return the first author that the lines of a heading name, if any."""
    return next(all_in_heading(text, heading), None)


def all_in_heading(text: str, heading: Sequence[Span]) -> Iterator[Author]:
    """Yield the authors that the lines of a heading name: Statement by, Remarks of, Falk's speech."""
    for previous, (start, end) in pairwise([(0, 0), *heading]):
        if text[start:end].casefold().startswith("by "):
            start = previous[0]
        end = min(end, start + _SEARCHED)
        found = _behind_noun(text, start, end) or _before_noun(text, start, end) or _delivering(text, start, end)
        if found:
            yield found


def _behind_noun(text: str, start: int, end: int) -> Author | None:
    """Return the author named after the noun: Statement by the Minister of Ports, Oda Falk, at the Council."""
    lists = documents()
    noun, previous = None, ""
    for match in _WORD.finditer(text, start, end):
        low = match.group().casefold()
        if low in lists.joint:
            return None
        if low in lists.speeches or low in lists.statements:
            noun = low
        elif noun and low in lists.by and (low not in lists.next or previous == noun):
            found = _author(text, match.end(), end, noun in lists.speeches)
            return replace(found, attributed=low == _ATTRIBUTABLE) if found else None
        previous = low
    return None


def _before_noun(text: str, start: int, end: int) -> Author | None:
    """Return the author named before the noun: Oda Falk's speech at the Council."""
    lists = documents()
    match = _owner().search(text, start, end)
    if match and (noun := match[2].casefold()) in lists.speeches | lists.statements:
        return _author(text, match.start(1), match.end(1), noun in lists.speeches)
    return None


@cache
def _owner() -> re.Pattern[str]:
    """Return a pattern of a name before what it made: Oda Falk's Regular Press Conference."""
    kinds = "|".join(sorted(documents().kinds))
    return re.compile(
        r"((?:[A-Z][\w.’'-]*\s)+?[A-Z][\w.-]*)[’']s?\s+" rf"(?i:(?:{kinds})\s+){{0,3}}" r"([a-z]+|[A-Z][a-z]+)\b"
    )


def _delivering(text: str, start: int, end: int) -> Author | None:
    """Return the author of what follows: Oda Falk delivered the following speech at the Council."""
    lists = documents()
    match = _FOLLOWING.search(text, start, end)
    if match and match[2] in lists.delivering and match[3].casefold() in lists.speeches | lists.statements:
        return _author(text, match.start(1), match.end(1), match[3].casefold() in lists.speeches)
    return None


def _author(text: str, start: int, end: int, speech: bool) -> Author | None:
    """Return the author whose name begins at ``start`` and ends before a preposition, a comma or a lower-case word."""
    first = last = -1
    count, previous = 0, ""
    for match in _WORD.finditer(text, start, end):
        word, gap = match.group(), text[last if last >= 0 else start : match.start()]
        low = word.casefold()
        if first < 0 and low in documents().before:
            continue
        broken = "\n" in gap and previous not in words().connectors and not _is_full(text, last)
        if broken or any(mark in gap for mark in ",;:()–—") or low in documents().stops or low == "and":
            break
        previous = low
        if not (any(c.isupper() for c in word) or (first >= 0 and low in words().connectors)) or count >= _MOST_NAME:
            break
        first, last, count = first if first >= 0 else match.start(), match.end(), count + 1
    if first < 0 or _JOINED.match(text, last, end):
        return None
    comma = _COMMA.match(text, last, end)
    behind = text[comma.end() : end] if comma else ""
    return _holder(text, (first, last), end, speech) or _made(text, (first, last), speech, behind)


def _is_full(text: str, end: int) -> bool:
    """Return whether a line that ends at ``end`` is as long as wrapped lines are."""
    return end - text.rfind("\n", max(0, end - _WRAPPED), end) > _WRAPPED // 2


def _holder(text: str, office: Span, end: int, speech: bool) -> Author | None:
    """Return the one named behind an office: the Minister of Ports, Oda Falk."""
    match, title = _HOLDER.match(text, office[1], end), text[slice(*office)]
    if not match or taken_from(title).named or words().offices.isdisjoint(title.casefold().split()):
        return None
    author = _made(text, match.span(1), speech, title)
    return author if author and author.named else None


def _made(text: str, span: Span, speech: bool, behind: str) -> Author | None:
    """Return the author with the name at ``span``, and with the office in ``behind``, if it names one."""
    name = text[slice(*span)]
    heading = taken_from(name)
    if not heading.tokens or not name.split()[-1][0].isupper():
        return None
    low = {word.casefold() for word in name.split()}
    if place(name) or any(word.endswith("s") and word[:-1] in words().offices for word in low):
        return None
    office = not low.isdisjoint(words().offices)
    body = text[: span[0]].rstrip().casefold().endswith(" the")
    if not office and (body or not (heading.named and 1 < len(heading.tokens) <= _LONGEST_NAME)):
        return None
    said = _WORD.findall(behind)[:_MOST_NAME]
    title = heading.title
    if title is None and not words().offices.isdisjoint(word.casefold() for word in said):
        title = " ".join(said)
    country = country_in(name.split()) if office else None
    return Author(span, heading.printed, heading.named, title, country or country_in(said), heading.gender, speech)


def in_signature(text: str, pieces: Sequence[Span]) -> tuple[int, Author | None]:
    """Return how many paragraphs the signature leaves for the body, and who signs.

    A name alone on a line signs if an office is on the next line, or a farewell on the one before.
    """
    for at in range(max(1, len(pieces) - _MOST_SIGNATURE), len(pieces)):
        line_end = pieces[at][0] + len(text[slice(*pieces[at])].split("\n", 1)[0])
        signed = _SIGNED.match(text, pieces[at][0], line_end)
        signed = signed if signed and signed[1].casefold() in documents().farewells else None
        span = signed.end() if signed else pieces[at][0], line_end
        after = " ".join(text[start:end] for start, end in [(line_end, pieces[at][1]), *pieces[at + 1 :]]).split()
        before = text[slice(*pieces[at - 1])].casefold().strip(" ,.\n")
        if not _is_name(text[slice(*span)]) or any(end - start > _LONGEST_SIGNATURE for start, end in pieces[at:]):
            continue
        farewell = before in documents().farewells
        office = signed or any(word.casefold().strip(",.") in words().offices for word in after)
        if farewell or (office and len(after) <= _MOST_NAME):
            author = _made(text, span, speech=False, behind=" ".join(after))
            if author:
                return at - farewell, author
    return len(pieces), None


def alone(text: str, heading: Sequence[Span]) -> Author | None:
    """Return the author whose name is on a line of its own in a speech's heading, beside or above the office."""
    lines = [strip(text, span) for start, end in heading for span in _lines(text, start, end)]
    for span, following in pairwise([*lines, (0, 0)]):
        line = text[slice(*span)]
        name, _, behind = line.replace("|", ",").partition(",")
        name = name.removeprefix("By ").removeprefix("by ").rstrip()
        start = span[0] + line.find(name)
        found, lists = taken_from(name), documents()
        if not (lists.speeches | lists.statements | lists.stops | lists.by).isdisjoint(name.casefold().split()):
            continue
        behind = behind or text[slice(*following)]
        held = not words().offices.isdisjoint(behind.casefold().replace(",", " ").split())
        office = "|" in line or found.title or held
        if found.named and office and 1 < len(found.tokens) <= _LONGEST_NAME and _is_name(found.printed):
            return _made(text, (start, start + len(name)), speech=True, behind=behind)
    return None


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]+", text[start:end]):
        yield start + match.start(), start + match.end()


def _is_name(line: str) -> bool:
    found = line.strip().split()
    return 1 < len(found) <= 5 and all(word[0].isupper() for word in found) and line.rstrip()[-1].isalpha()
