"""What a line opens with that could name a speaker: ``MS. FALK:``, ``Rune Teal (Lisk North) (Lab)``, ``Q``.

A label has a head (name, title and office), brackets, perhaps an addition behind a comma, and a terminator. Any line
may have several readings; which of them are labels is decided over the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from quotekit.form.words import words
from quotekit.models import Span, strip

Terminator = Literal["colon", "semicolon", "stop", "stop-dash", "dash", "chevrons", "gap", "space", "alone", "bracket"]
Shape = Literal["capitals", "title", "role", "nick", "lower"]
Ending = tuple[int, int, Terminator]
"""The end of a head, the start of the speech, and what is between them."""

LONGEST = 240
"""Characters of a line in which a label is looked for."""

_TIME = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\b\.?)?[\])]?"
_DAY = r"[\[(]?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s"
TIME = re.compile(_TIME)
_STAMP = re.compile(f"{_TIME}|{_DAY}")
_OPENING = re.compile(
    rf"(?:>{{1,3}}|<v(?:\.[\w.]{{1,20}})?\s|[*_]{{1,3}}|#{{1,6}}(?!\d)|"
    rf"{_DAY}|[-–—•](?=\s)|\d{{1,3}}\.(?=\s)|#\d{{1,4}}[.:)]?(?=\s)|@(?=\w)|"
    rf"Q\d{{1,4}}\.?(?=\s+[A-Z])|{_TIME}|[ \t\xa0])*"
)
_CLOSING = re.compile(
    rf"(?:[*_]{{1,3}}(?=\s|$)|</?[a-zA-Z]{{1,10}}>|[ \t\xa0]|{_TIME}(?=\s|$)|[-–](?=\s)|\([A-Z]{{2}}\)(?=\s))*"
)
_DASH = re.compile(r"\s?(?:[–—−-]{1,2}|\|)\s")
_OFFICE_BEHIND = re.compile(r"\s(?:--|[–—−|-])\s")
_LONGEST_TIME = 20
_TIME_BEHIND = re.compile(rf"\s+{_TIME}\s*\Z")
_ENCLOSED = re.compile(r"(?:\[[^\[\]\n]{1,60}|<[^<>\n]{1,60})(?=[\]>][ \t\xa0]+\S)")
"""A name in brackets before what is said, as in the log of a chat: <hetty> hello."""

_CHATTING = "@+%&~ "
"""Signs before a name that tell what its owner may do in a chat."""

_ALONE_IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]|\(([^()]+)\)")
_WIDE = re.compile(r"(?:\t|[ \xa0]{2})[ \t\xa0]*")
_CHEVRONS = re.compile(r"(?<=[ \t\xa0)\]])>{2,3}(?=[ \t\xa0])")
_TIMED = re.compile(rf"(?=[\[(]){_TIME}(?=[ \t\xa0]+\S)")
_BOLD = re.compile(r"\*\*(?=\s)|</(?:b|strong)>(?=\s)")
_INITIALS = re.compile(r"[A-Z]{2,3}(?=[ \t\xa0]+[A-Z“\"'‘–—(\[])")
_ASKING = re.compile(r"[QA](?=[ \xa0][A-Z“\"'‘–—(\[…-])")
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_NAMED = re.compile(r"\(([A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){1,7})\)(?=[ \t\xa0])[ \t\xa0]*")
"""The bracket after a part in an interview: Q. (Rune Teal, Harbour Post)."""

_WORD = re.compile(r"[^\W_]+(?:[.'’_/-][^\W_]+)*\.?|&")
_PLACE = re.compile(r"[^\w \xa0]|_|[ \xa0](?=[ \xa0])")
"""The characters at which a head may end: all but letters, digits and single blanks."""

_MARKUP = " \t\xa0*_>"
_MOST_WORDS = 16
_SHORT_NAME = 4
_JOINED = re.compile(r"\.\.|[^\W\d_]{3}\.[^\W\d_]{3}|/[^a-z]|\w\w/|/\w\w")
_LETTERS = "abcdefghijklmnopqrstuvwxyz .'’-"
_NICK = re.compile(r"[a-z][\w.-]{1,23}")
_NO_NAME = '"“”:;?!=@|+%$€£<>{}…'


@dataclass(frozen=True, slots=True)
class Label:
    """One reading of the beginning of a line. ``start`` to ``end`` is left out of what is said."""

    start: int
    end: int
    head: Span
    name: str
    core: tuple[str, ...]
    brackets: tuple[str, ...]
    addition: str
    terminator: Terminator
    shape: Shape
    timed: bool
    marked: bool

    @property
    def grammar(self) -> tuple[Terminator, Shape]:
        """What labels of one kind share in a document."""
        return self.terminator, self.shape

    @property
    def key(self) -> str:
        """The core in lower case."""
        return " ".join(self.core).casefold()


def labels(text: str, start: int, end: int) -> Iterator[Label]:
    """Yield the readings of the line ``text[start:end]`` as a label.

    >>> [(label.name, label.terminator) for label in labels("Ms. FALK of Ohio. The bill: late.", 0, 33)]
    [('Ms. FALK of Ohio', 'stop')]
    >>> next(labels("Rune Teal (Lisk North) (Lab): No.", 0, 33)).brackets
    ('Lisk North', 'Lab')
    """
    opening = _OPENING.match(text, start, end)
    first = opening.end() if opening else start
    limit = min(end, first + LONGEST)
    if first >= limit or not (text[first].isalpha() or text[first] in "([<"):
        return
    before = text[start:first]
    found = [
        label
        for stop, behind, terminator in _terminators(text, start, first, limit, end)
        if (label := _label(text, start, (first, stop), (behind, end), terminator, before))
    ]
    longer = any(one.terminator == "colon" and (one.addition or 1 < len(one.core) <= _SHORT_NAME) for one in found)
    # A. Brandt: is one label and no answer, and so is Host - Rune Teal:
    cut = ("stop", "dash") if longer else ()
    yield from (label for label in found if not (label.terminator in cut and label.shape == "role"))


def _terminators(text: str, start: int, first: int, limit: int, end: int) -> Iterator[Ending]:
    """Yield where a head may end, where what is said may begin, and what is between."""
    short = _ASKING.match(text, first, limit) or _INITIALS.match(text, first, limit)
    enclosed = _ENCLOSED.match(text, first, limit)
    if enclosed:
        yield enclosed.end(), enclosed.end() + 1, "bracket"
    if short:
        yield short.end(), short.end(), "space"
    if limit == end and end - first <= LONGEST // 2 and text[end - 1] not in ".?!…,;:”\"’'—–-":
        timed = _TIME_BEHIND.search(text, max(first, end - _LONGEST_TIME), end)
        yield timed.start() if timed else end, end, "alone"
    depth = 0
    seen: set[Terminator] = set()
    voice = text.startswith("<v", start)
    for place in _PLACE.finditer(text, first, end):
        at, character = place.start(), place.group()
        if at >= limit:
            return
        if not depth and "gap" not in seen and (beside := _TIMED.match(text, at, end) or _BOLD.match(text, at, end)):
            seen.add("gap")
            yield at, beside.end(), "gap"
        if character in "()[]":
            depth = max(0, depth + (1 if character in "([" else -1))
        elif depth:
            continue
        elif voice and character == ">":
            yield at, at + 1, "colon"
            return
        elif (found := _ending(text, first, at, end)) and found[2] not in seen:
            yield found
            if found[2] in ("colon", "semicolon", "chevrons"):
                return
            seen.update(("stop", "stop-dash") if found[2].startswith("stop") else (found[2],))


def _ending(text: str, first: int, at: int, end: int) -> Ending | None:
    """Return how the character at ``at`` may end the head that begins at ``first``."""
    character = text[at]
    if character in ":;：":
        closes = character == "：" or _closes(text, at, end)
        return (at, at + 1, "semicolon" if character == ";" else "colon") if closes else None
    if character == ">":
        chevrons = _CHEVRONS.match(text, at, end)
        return (at, chevrons.end(), "chevrons") if chevrons else None
    if character == "." and _is_full_stop(text, first, at, end):
        dash = _DASH.match(text, at + 1, end)
        return at, dash.end() if dash else at + 1, "stop-dash" if dash else "stop"
    if character in "–—−-|" and (dash := _DASH.match(text, at - 1, end)):
        return at - 1, dash.end(), "dash"
    if character in " \t\xa0" and (wide := _WIDE.match(text, at, end)):
        return at, wide.end(), "gap"
    return None


def _closes(text: str, at: int, end: int) -> bool:
    """Return whether the colon at ``at`` ends a word, and is in no time or address."""
    after = text[at + 1 : min(end, at + 4)]
    return not after or after[0] in " \t\xa0*_<\"“‘'[(—–…" or after[0].isupper()


def _is_full_stop(text: str, first: int, at: int, end: int) -> bool:
    """Return whether the stop ends a sentence of its own, and no title or initial."""
    after = text[at + 1 : min(end, at + 8)]
    if not after.strip() or (not after[0].isspace() and after[0] not in "–—-"):
        return False
    if (at == first + 1 and text[first] in "QA") or text[at - 1] in ")]":
        return True
    word = re.split(r"[\s(\[]", text[max(first, at - 30) : at].rstrip())[-1]
    return len(word.rstrip(")]")) > 1 and word.casefold() not in words().abbreviations and "." not in word


def _label(text: str, start: int, head: Span, said: Span, terminator: Terminator, before: str) -> Label | None:
    clock = _TIME_BEHIND.search(text, max(head[0], head[1] - _LONGEST_TIME), head[1])
    if clock and terminator == "colon":
        head = head[0], clock.start()
    if terminator == "bracket":
        head = strip(text, (head[0] + 1, head[1]), _CHATTING)
    head = strip(text, head, _MARKUP)
    whole = text[slice(*head)]
    inner = _inner(whole, terminator)
    if inner is None:
        return None
    bare, brackets = (inner, ()) if inner else _without_brackets(whole)
    core, addition = _parted(bare, terminator)
    if "(" in core + addition or "[" in core + addition or not _is_addition(addition, terminator):
        return None
    found = tuple(match.group() for match in _WORD.finditer(core))
    if clock and words().dates.issuperset(map(str.casefold, found)):
        return None
    shape = _shape(core, found, terminator) or _in_lower(core, found, terminator, before)
    if shape is None or (terminator == "space" and shape != "role" and not _INITIALS.match(text, head[0])):
        return None
    if shape == "role" and terminator == "stop":
        head = head[0], head[1] + 1
    end = _closed(text, said)
    named = _NAMED.match(text, end, said[1]) if shape == "role" and not brackets else None
    if named and not words().is_stage(named[1]):
        brackets, end = (named[1],), named.end()
    between = text[head[1] : end]
    timed = bool(_STAMP.search(before) or _STAMP.search(between)) or any(map(_is_time, brackets))
    name = " ".join(core.split())
    marked = any(mark in before for mark in ">*_#")
    return Label(start, end, head, name, found, brackets, " ".join(addition.split()), terminator, shape, timed, marked)


def _without_brackets(whole: str) -> tuple[str, tuple[str, ...]]:
    """Return a head without its brackets, and what is in them: The Chair (Oda Falk (Lisk, Lab.))."""
    outer = _BRACKET.sub(" ", whole)
    found = [*_BRACKET.finditer(outer), *_BRACKET.finditer(whole)]
    return _BRACKET.sub(" ", outer), tuple(" ".join(match[1].split()) for match in found)


def _inner(whole: str, terminator: Terminator) -> str | None:
    """Return a name that is wholly in brackets, if any; ``None`` for a stage direction."""
    match = _ALONE_IN_BRACKETS.fullmatch(whole)
    if not match:
        return None if terminator == "bracket" and words().is_stage(whole) else ""
    if match[2]:
        inner = match[2].split()
        named = terminator == "colon" and len(inner) > 1 and all(word[0].isupper() for word in inner)
        return match[2] if (named and not words().is_stage(match[2])) or match[2].casefold() in words().roles else None
    named = match[1].istitle() or match[1].isupper() or (terminator == "colon" and match[1][0].isupper())
    return match[1] if named and not words().is_stage(match[1]) else None


def _parted(bare: str, terminator: Terminator) -> tuple[str, str]:
    """Return the name, and the office or outlet after a comma or dash, without the addressee of a question."""
    if terminator in ("alone", "colon"):
        bare = _OFFICE_BEHIND.sub(", ", bare, count=1)
    asker, _, asked = bare.partition(" to the ")
    if asked and not words().offices.isdisjoint(asked.casefold().split()):
        bare = asker
    core, _, addition = bare.partition(",")
    return core, addition


def _closed(text: str, said: Span) -> int:
    """Return the start of the speech, after a time or the end of the label's markup."""
    closing = _CLOSING.match(text, *said)
    return closing.end() if closing else said[0]


def _is_addition(addition: str, terminator: Terminator) -> bool:
    """Return whether what follows the comma of a head can be an office, an outlet or a party."""
    found = addition.split()
    if not found:
        return True
    most = {"colon": 14, "stop-dash": 20, "dash": 8, "alone": 10}.get(terminator, 0)
    inner = (words().first_person | words().openers | words().saying) - words().connectors
    return len(found) <= most and not any(word.casefold().rstrip(",") in inner for word in found)


def _is_time(bracket: str) -> bool:
    return bool(TIME.fullmatch(bracket))


def _shape(core: str, found: tuple[str, ...], terminator: Terminator) -> Shape | None:
    """Return how the words of a head are written; ``None`` if they cannot be a name."""
    lists = words()
    low = " ".join(" ".join(found).casefold().split()).rstrip(".")
    bare = low.rstrip("0123456789 #")
    if bare in lists.roles and ":" not in core and (len(bare) > 3 or bare in ("q", "a") or terminator == "colon"):
        return "role"
    if not found or len(found) > _MOST_WORDS or any(mark in core for mark in _NO_NAME) or _JOINED.search(core):
        return None
    if not found[0][0].isupper() or (
        found[0].casefold() in lists.no_first and not (len(found) == 1 and found[0].isupper())
    ):
        return None
    others = lists.connectors | lists.lower
    served = len(found) == 2 and found[0].casefold() in lists.titles | lists.offices
    numbered = found[-1].isdigit() and (served or (len(found) > 2 and found[0].isupper()))
    for word in found[:-1] if numbered else found:
        if word[0].isdigit() or not (word[0].isupper() or word.rstrip(".") in others or _is_hyphened(word)):
            return None
        if (
            word[-1] == "."
            and len(word) > 3
            and "." not in word[:-1]
            and word[:-1].casefold() not in lists.abbreviations
        ):
            return None
    return "capitals" if _in_capitals(lists.bare(found) or found) else "title"


def _in_lower(core: str, found: Sequence[str], terminator: Terminator, before: str) -> Shape | None:
    """Return the shape of a lower-case name before a colon: in the log of a chat (``[09:02] hetty:``), or elsewhere."""
    chat = terminator == "bracket" or (terminator == "colon" and TIME.search(before))
    if chat and _NICK.fullmatch(core):
        return "nick"
    lists = words()
    others = lists.openers | lists.first_person | lists.saying | lists.connectors
    name = 0 < len(found) <= _SHORT_NAME and not core.strip(_LETTERS) and core.islower()
    return "lower" if name and terminator in ("colon", "semicolon") and others.isdisjoint(found) else None


def _is_hyphened(word: str) -> bool:
    """Return whether a capital comes later in the word: ``al-Teal``, ``d'Oak``, ``eThekwini``."""
    return any(character.isupper() for character in word)


def _in_capitals(found: Sequence[str]) -> bool:
    letters = [c for word in found for c in word if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return len(letters) > 1 and capitals >= 0.7 * len(letters) and any(len(word.rstrip(".")) > 1 for word in found)
