"""Lines of a text, and the paragraphs that they make up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise

from quotekit.form.stamps import is_stamp
from quotekit.form.words import words
from quotekit.models import Span, strip

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
ANSWER = re.compile(r"\?(-{3,})\s?(?=\S)")
"""What is between a question and its answer on one line: Is it late?---It is."""

_FEWEST_ANSWERS = 3
_CLOSERS = "\"'”’»›)]*_ \xa0"
_WIDEST_WRAP = 100
_NARROWEST_WRAP = 40
_LONGEST_TAIL = 400
_LONGEST_PAGE = 100
_LOGGED = re.compile(r"[\[(]\d{1,2}:\d{2}(?::\d{2})?[\])]\s|<[^<>\s]{1,40}>\s")
"""What a line of a chat's log begins with."""

_NUMBER = re.compile(r"[ \t]*\d{1,4}(?:[ \t]{1,12}|$)")
_NUMBERED = re.compile(r"^[ \t]*(\d{1,4})(?:[ \t]|$)", re.MULTILINE)
_QUOTE = re.compile(r"[ \t]*(?:>(?:[ \t]|$))+")
_SAMPLE = 200
_FEWEST_NUMBERED = 5
_FEWEST_PAGES = 3
_DATED = re.compile(r"(?=.*/)\S*\d[\d/.-]*(?: .*)? \S*\d\S*")
"""A running head with a date and the symbol of a document, which need not recur."""

_CLOCKED = re.compile(r"\d:\d")
_DIGITS = re.compile(r"\d+")
_PAGE = re.compile(
    r"\[\[?\s*page [^\]]*\]?\]|\{time\}.*|page \d+(?: of \d+)?|[-–—]?\s*\d{1,4}\s*[-–—]?|[_*=~–—.·•#|:\s-]{3,}|"
    r"[\d:.,]+\s*(?:-->|[–—-])\s*\d+:[\d:.,]+.*|[●•]\s*\(\d{3,4}\)|\d[\d/.-]*(?:\s+\d[\d/.-]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space and tags around it (characters, half-open).

    ``indent`` counts the characters before it, ``gap`` the blank lines. ``cut``: a page's head or foot, or the line's
    own number, lies between it and the line before.
    """

    start: int
    end: int
    indent: int
    gap: int
    cut: bool = False


def read_lines(text: str) -> list[Line]:
    """Return the lines of ``text`` that hold anything.

    >>> [(line.start, line.end, line.indent, line.gap) for line in read_lines("One.\\n\\n  Two.\\n")]
    [(0, 4, 0, 0), (8, 12, 2, 1)]
    """
    lines: list[Line] = []
    previous = gap = 0
    numbered, quoted = _is_numbered(text), _is_quoted(text)
    for match in _LINE.finditer(text):
        gap += sum(1 for _ in _BREAK.finditer(text, previous, match.start())) - 1
        previous = match.end()
        mark = (_NUMBER if numbered else _QUOTE).match(text, match.start(), match.end()) if numbered or quoted else None
        start, end = _stripped(text, mark.end() if mark else match.start(), match.end())
        if start == end:
            gap += 1
            continue
        indent = start - (mark.end() if mark else match.start())
        lines.append(Line(start, end, indent, max(0, gap) if lines else 0, cut=mark is not None))
        gap = 0
    return _answers_apart(text, lines)


def _answers_apart(text: str, lines: list[Line]) -> list[Line]:
    """Return ``lines`` with the answers behind their questions as lines of their own."""
    if sum(1 for _ in islice(ANSWER.finditer(text), _FEWEST_ANSWERS)) < _FEWEST_ANSWERS:
        return lines
    out: list[Line] = []
    for line in lines:
        starts = [line.start, *(match.start(1) for match in ANSWER.finditer(text, line.start, line.end))]
        out.append(replace(line, end=starts[1] if len(starts) > 1 else line.end))
        out += [Line(start, end, 0, 1) for start, end in pairwise([*starts[1:], line.end])]
    return out


def _is_numbered(text: str) -> bool:
    """Return whether the lines carry numbers that count up, as those of a court's transcript do."""
    found = [int(match[1]) for match in islice(_NUMBERED.finditer(text), _SAMPLE)]
    filled = sum(1 for _ in islice(_LINE.finditer(text), _SAMPLE))
    follow = sum(b == a + 1 for a, b in pairwise(found))
    return len(found) >= _FEWEST_NUMBERED and len(found) >= 0.8 * filled and follow >= 0.8 * (len(found) - 1)


def _is_quoted(text: str) -> bool:
    """Return whether most lines are quoted as in a mail: they open with one sign, and not with the two of captions."""
    filled = [match.group() for match in islice(_LINE.finditer(text), _SAMPLE)]
    return 2 * sum(_QUOTE.match(line) is not None for line in filled) > len(filled)


def without_pages(text: str, lines: Sequence[Line]) -> list[Line]:
    """Return ``lines`` without page numbers and rules; a sentence continues after them.

    >>> text = "The lease ends\\n[[Page 12]]\\nin June."
    >>> [text[line.start : line.end] for line in without_pages(text, read_lines(text))]
    ['The lease ends', 'in June.']
    """
    out: list[Line] = []
    gap, cut = 0, False
    dropped = _of_pages(text, lines)
    for i, line in enumerate(lines):
        if i in dropped:
            gap, cut = max(gap, line.gap), True
            continue
        if cut and out:
            running = not ends_sentence(text, out[-1].start, out[-1].end) and not line.indent
            gap = 0 if running else max(1, gap, line.gap)
            line = Line(line.start, line.end, line.indent, gap, True)
        out.append(line)
        gap, cut = 0, False
    return out


def _of_pages(text: str, lines: Sequence[Line]) -> set[int]:
    """Return the lines that are page numbers, rules or running heads, which recur beside them."""
    short = [i for i, line in enumerate(lines) if line.end - line.start < _LONGEST_PAGE]
    pages = {i for i in short if _PAGE.fullmatch(text, lines[i].start, lines[i].end)}
    # Beside a time is a name. A head may be two lines, of which only one has a number.
    timed = {i for i in pages if _CLOCKED.search(text, lines[i].start, lines[i].end)}
    for _ in range(2):
        pages |= _running(text, lines, short, pages - timed)
    return pages


def _running(text: str, lines: Sequence[Line], short: Sequence[int], pages: Set[int]) -> set[int]:
    """Return the lines of ``short`` that recur with a number or beside ``pages``."""
    heads: dict[str, list[int]] = defaultdict(list)
    for i in short:
        line = text[lines[i].start : lines[i].end]
        numbered = (line[0].isdigit() or line[-1].isdigit()) and not _CLOCKED.search(line)
        if (
            i not in pages
            and (numbered or i - 1 in pages or i + 1 in pages)
            and not ends_sentence(line, 0, len(line))
            and not is_stamp(line)
        ):
            heads[_bag(line)].append(i)
    out: set[int] = set()
    for found in heads.values():
        beside = all(i - 1 in pages or i + 1 in pages for i in found)
        dated = _DATED.fullmatch(text, lines[found[0]].start, lines[found[0]].end)
        if len(found) >= _FEWEST_PAGES or (beside and (len(found) > 1 or dated)):
            out.update(found)
    return out


def _bag(line: str) -> str:
    """Return the words of a running head, sorted and without numbers: even pages print them in reverse."""
    return " ".join(sorted(_DIGITS.sub("", line).split()))


def extent(lines: Sequence[Line], piece: Sequence[int]) -> Span:
    """Return where a paragraph begins and ends."""
    return lines[piece[0]].start, lines[piece[-1]].end


def spans(lines: Sequence[Line], piece: Sequence[int]) -> list[Span]:
    """Return where a paragraph's lines are, more than one span where a page ends between them."""
    out = [(lines[piece[0]].start, lines[piece[0]].end)]
    for i in piece[1:]:
        if lines[i].cut:
            out.append((lines[i].start, lines[i].end))
        else:
            out[-1] = out[-1][0], lines[i].end
    return out


@cache
def _tags() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of white space and tags before and after a line. Other names in angle brackets are speakers."""
    tag = rf"</?(?i:{'|'.join(sorted(words().tags))})(?:[\s/][^<>\n]{{0,120}})?>"
    blank = rf"(?:\s|\ufeff|</v>|{tag})*"
    return re.compile(blank), re.compile(rf"{blank}\Z")


def _stripped(text: str, start: int, end: int) -> Span:
    before, after = _tags()
    opening = before.match(text, start, end)
    start = opening.end() if opening else start
    if start == end:
        return start, end
    closing = after.search(text, max(start, end - _LONGEST_TAIL), end)
    end = closing.start() if closing else end
    if end - start > 2 and text[start] == text[end - 1] == "|":
        return strip(text, (start + 1, end - 1))
    return start, end


def ends_sentence(text: str, start: int, end: int) -> bool:
    """Return whether ``text[start:end]`` ends in a full stop or the like, closing marks aside, and not in "Mr."."""
    tail = text[max(start, end - 12) : end].rstrip(_CLOSERS)
    if not tail or tail[-1] not in ".!?:…。;":
        return not tail
    word = tail[:-1].rpartition(" ")[2].casefold()
    return tail[-1] != "." or word not in words().personal or word not in words().abbreviations


def is_wrapped(text: str, lines: Sequence[Line]) -> bool:
    """Return whether lines are broken at a width: most full ones stop in mid-sentence and few are long."""
    full = middle = longer = 0
    for line, following in pairwise(lines):
        width = line.end - line.start
        longer += width > _WIDEST_WRAP
        if following.gap == 0 and _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
            full += 1
            middle += not ends_sentence(text, line.start, line.end)
    return full > 0 and middle >= 0.5 * full and longer <= 0.05 * len(lines)


def paragraphs(text: str, lines: Sequence[Line], labelled: frozenset[int] = frozenset()) -> Iterator[list[int]]:
    """Yield the indices of the lines of each paragraph; a line of ``labelled`` begins one.

    >>> text = "One line.\\nAnother\\nand its end."
    >>> list(paragraphs(text, read_lines(text)))
    [[0], [1, 2]]
    """
    width = _width(lines) if is_wrapped(text, lines) else 0
    paragraph: list[int] = []
    for i in range(len(lines)):
        if paragraph and (i in labelled or not _continues(text, lines, i, width)):
            yield paragraph
            paragraph = []
        paragraph.append(i)
    if paragraph:
        yield paragraph


def _width(lines: Sequence[Line]) -> int:
    """Return the width at which lines are broken: nine of ten are not longer."""
    widths = sorted(line.indent + line.end - line.start for line in lines)
    return widths[int(0.9 * (len(widths) - 1))]


def _continues(text: str, lines: Sequence[Line], i: int, width: int) -> bool:
    """Return whether line ``i`` continues the paragraph of the line before it."""
    before, line = lines[i - 1], lines[i]
    if line.gap or _LOGGED.match(text, line.start):
        return False
    if text[line.start] + text[line.end - 1] in ("()", "[]") and ends_sentence(text, before.start, before.end):
        return False
    middle = not ends_sentence(text, before.start, before.end)
    if not width:
        return text[line.start].islower() and middle
    if line.indent > before.indent + 1:
        return False
    word = text[line.start : line.start + 40].split(None, 1)[0]
    return before.indent + (before.end - before.start) + 1 + len(word) > width - 8 or (
        text[line.start].islower() and middle
    )
