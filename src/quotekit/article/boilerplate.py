"""What a single paragraph says of itself: link, byline, date, caption, label; and where its dateline ends.

The words stand in ``data/en/boilerplate.json``; the shapes stand here. Only short paragraphs are looked at, so that the
cost does not grow with a paragraph's length.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

ParagraphKind = Literal["text", "headline", "byline", "date", "caption", "link", "other"]

LONGEST = 400
"""A longer paragraph is running text whatever it looks like (characters)."""

_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()\s]*\))?[^()\s]*\)")
_URL = r"(?:https?://|www\.)\S+"
_LINK_WORD = re.compile(rf"<?(?:{_URL}|[\w.+-]+@[\w-]+\.[\w.-]+)>?[.,]?|[-•*·|>]")
_MARKS = re.compile("[\"“”„«»‘]|''|(?<!\\w)'")
_WORDS = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*")
_HEADING = re.compile(r"#{1,6}\s+\S.*|(?:\*\*|__)[^*_\n]+(?:\*\*|__)")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b)(?=.*\d|\s)|.*\ball rights reserved\b", re.I | re.S)
_NAME = r"(?:(?!(?:The|A|He|She|It|They|We)\b)[A-Z][\w'’.\-]*)"
_NAME_IN_PLACE = re.compile(
    rf"{_NAME}(?: {_NAME}){{1,3}}(?:,? and {_NAME}(?: {_NAME}){{1,3}})? in {_NAME}(?:,? (?:and )?{_NAME}){{0,3}}"
)
_PLACE = r"[A-Z][\w.'’\-]*(?:[ /][A-Z][\w.'’\-]*){0,3}"
_CAPITAL_PLACE = r"[A-Z](?:[A-Z'’\-]|\.(?=[ A-Z]))+(?:[ /](?:[A-Z]\.|[A-Z][A-Z.'’\-]+)){0,4}(?![a-z])"
_REGION = (
    r"(?:, ?[A-Z][\w.]*(?: [A-Z\d][\w.]*){0,3}| [A-Z][a-z]{2,8}\.? \d{1,2}"
    r"|, ?\d{1,2} [A-Z][a-z]+\.?|, ?\d{4})"
)
_DASH = r"(?:\s*(?:—|–|―)\s*|\s+-{1,2}\s+|--\s+|\s*\|\s*)"
_AGENCY_NAME = (
    r"(?:(?:[A-Z]{2}|Reuters|Bloomberg|Agence|Associated|Xinhua|Interfax|Newswire)[^()\n]{0,40}"
    r"|[A-Z][^()\n]{0,30} (?:Wire|Press|News|Agency|Service))"
)
_AGENCY = rf"\s*(?:\({_AGENCY_NAME}\)|/[A-Z][^/\n]{{0,30}}/)"
_BODY = r"(?=[\"“”‘'`„«\[(]*[A-Z\d])"
_AGENCY_DATELINE = re.compile(
    rf"[*_]*(?:{_PLACE}(?:{_REGION}){{0,3}})?{_AGENCY}[*_]*{_DASH}{_BODY}|\([A-Z]{{2,6}}\)\s*{_BODY}"
)
_BOLD_DATELINE = re.compile(rf"(?:\*\*|__){_PLACE}(?:{_REGION}){{0,3}}(?:\*\*|__)(?:{_AGENCY})?{_DASH}{_BODY}")
_CAPITAL_DATELINE = re.compile(rf"({_CAPITAL_PLACE})(?:{_REGION}){{0,3}}{_DASH}{_BODY}")
_PLAIN_DATELINE = re.compile(rf"{_PLACE}(?:{_REGION}){{0,3}}\s+(?:—|--|–|―|-|\|)\s+{_BODY}")
_DATELINE_WINDOW = 120


_CREDIT_AT_END = re.compile(
    r"[.!?”\"'’)] \(?(?:Photo(?:graph)?|Picture|Image|Credit)s?(?: by)?: ?[A-Z][^.!?\n]{1,60}\)?[*_]*$"
)


class _Patterns(NamedTuple):
    date: re.Pattern[str]
    date_core: re.Pattern[str]
    byline: re.Pattern[str]
    byline_words: frozenset[str]
    credit: re.Pattern[str]
    link: re.Pattern[str]
    photo: re.Pattern[str]
    labels: frozenset[str]
    sections: frozenset[str]
    agencies: frozenset[str]
    publications: frozenset[str]
    speech: frozenset[str]
    sentence: frozenset[str]


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


@cache
def _patterns() -> _Patterns:
    words: dict[str, list[str]] = json.loads(
        files("quotekit").joinpath("data/en/boilerplate.json").read_text(encoding="utf-8")
    )
    day = rf"(?:{_either(words['weekdays'])})\b\.?"
    month = rf"(?:{_either(words['months'])})\b\.?"
    number = r"\d{1,4}(?:[-/.:]\d{1,4}){0,2}(?:st|nd|rd|th|h|[ap]m|T[\d:.]+(?:Z|[+-][\d:]+)?)?(?!\w)"
    # Taken whole or not at all: in "1.1.1.1" each stop could else be inside a number or between two, at 2**n ways.
    whole = rf"(?=(?P<number>{number}))(?P=number)"
    token = rf"(?:{month}|{day}|{whole}|(?:{_either(words['date_words'])})(?!\w))"
    photo, photo_sources = _either(words["photo_words"]), _either(words["photo_sources"])
    agencies = _either(words["agencies"])
    return _Patterns(
        date=re.compile(rf"[\s(\[*_|]*(?:{token}[\s,.:;|/()\[\]*_–—-]*)+", re.I),
        date_core=re.compile(
            rf"\b{month}\s*\d|\d\s*(?:st|nd|rd|th)?\s+(?:of\s+)?{month}|\b{month},?\s+\d{{4}}|\d{{4}}-\d\d?-\d\d?"
            r"|\d\d?[/.]\d\d?[/.]\d{2,4}|\d\d?:\d\d|\b(?:hours?|days?|minutes) ago|^\W*updated|^\W*published",
            re.I,
        ),
        byline=re.compile(rf"[\s(\[*_—–-]*(?:{_either(words['byline_openers'])})\b:?\s+(?=\S)", re.I),
        byline_words=frozenset(words["byline_words"]),
        credit=re.compile(
            rf"[\s(\[*_—–-]*(?:{_either(words['credits'])})(?!\w)|.*\b(?:{_either(words['credit_endings'])})\b[^.]*\.?\W*\Z",
            re.I | re.S,
        ),
        link=re.compile(
            rf"\W*(?:(?:{_either(words['link_starts'])})\s*(?::|>>|»|→|[\s.]*\Z)|(?:{_either(words['link_phrases'])})\b"
            rf"|follow\s+(?:us|@?\w+(?:\s\w+)?)\s+(?:@\w+\s+)?on\s+(?:{_either(words['follow'])})\b|follow\s+@\w+)",
            re.I,
        ),
        photo=re.compile(
            rf"\W*(?:{photo})s?\s*(?::|©|\||/|\Z)|\W*file\s+(?:photo|picture|image)\b|\W*file\s+[-–—]"
            rf"|.*[(\[|©][\s©]*(?:(?:{photo}|{photo_sources})\b|(?:{agencies})\s*/)[^()\[\]]*[)\]]?\W*\Z"
            rf"|(?:.*[.!?(\[|]\s*|\W*)(?:{photo})\s+(?:by|courtesy|via)\b[^.]{{0,80}}\.?\W*\Z"
            rf"|(?:[^.!?]*[\s/|©])?(?:{photo_sources})\W*\Z"
            rf"|\W*(?:{agencies})\s*/\s*[^.!?]{{1,60}}\.?\Z|[^.!?/]{{1,60}}\s*/\s*(?:{agencies})\W*\Z",
            re.I | re.S,
        ),
        labels=frozenset(words["labels"]),
        sections=frozenset(words["sections"]),
        agencies=frozenset(words["agencies"]),
        publications=frozenset(words["publication_nouns"]),
        speech=frozenset(words["speech"]),
        sentence=frozenset(words["sentence_words"]),
    )


def words_of(piece: str) -> list[str]:
    """The words of ``piece``; digits are none."""
    return _WORDS.findall(piece)


def has_speech(piece: str) -> bool:
    """Whether ``piece`` holds a quotation mark and a verb of saying."""
    return bool(_MARKS.search(piece)) and has_speech_verb(piece)


def has_speech_verb(piece: str) -> bool:
    """Whether ``piece`` holds a verb of saying."""
    return not _patterns().speech.isdisjoint(_WORDS.findall(piece.lower()))


def is_heading_markup(piece: str) -> bool:
    """Whether ``piece`` is a Markdown heading: ``## Background`` or ``**Background**``."""
    return bool(_HEADING.fullmatch(piece))


def _only_links(piece: str) -> bool:
    words = piece.split()
    return any("." in word for word in words) and all(_LINK_WORD.fullmatch(word) for word in words)


def _is_byline(piece: str, patterns: _Patterns) -> bool:
    opener = patterns.byline.match(piece)
    if not opener or len(piece) > 160:
        return False
    names = _WORDS.findall(piece, opener.end())
    return (
        bool(names)
        and len(names) <= 14
        and names[0][0].isupper()
        and all(name[0].isupper() or name.lower() in patterns.byline_words for name in names)
    )


def _is_other(piece: str, patterns: _Patterns, before_body: bool) -> bool:
    if not any(character.isalnum() for character in piece):
        return not _MARKS.search(piece)
    bare = " ".join(piece.split()).strip(" *_.:[]()|>→-–—").lower()
    if bare in patterns.labels or bare in patterns.agencies or _COPYRIGHT.match(piece):
        return True
    if not before_body:
        return False
    if bare in patterns.sections:
        return True
    words = _WORDS.findall(piece)
    return (
        2 <= len(words) <= 5
        and words[-1].lower() in patterns.publications
        and all(word[0].isupper() or word.lower() in patterns.byline_words for word in words)
        and (words[0] == "The" or len(words) <= 3)
        and piece[-1] not in "!?"
    )


def kind_of(piece: str, before_body: bool) -> ParagraphKind | None:
    """The kind that a paragraph's own words give it, ``None`` where they give none.

    >>> kind_of("By Ann Lee", True), kind_of("18 Sept 2015 10:12 GMT", True), kind_of("It rained.", False)
    ('byline', 'date', None)
    """
    if len(piece) > LONGEST:
        return None
    patterns = _patterns()
    plain = _MARKDOWN_LINK.sub(r"\1", piece)
    if _only_links(piece) or (plain != piece and not _MARKDOWN_LINK.sub("", piece).strip(" \t\r\n-•*·|>+.,")):
        return "link"
    link = patterns.link.match(plain) if len(piece) <= 240 else None
    if link and (":" in plain or not has_speech_verb(plain[link.end() :])):
        return "link"
    if len(plain) <= LONGEST and _CREDIT_AT_END.search(plain):
        return "caption"
    if has_speech(plain):
        return None
    if len(plain) <= 160 and patterns.date.fullmatch(plain) and patterns.date_core.search(plain):
        return "date"
    if _is_byline(plain, patterns) or patterns.credit.match(plain):
        return "byline"
    if before_body and len(plain) <= 120 and _NAME_IN_PLACE.fullmatch(plain):
        return "byline"
    if patterns.photo.match(plain):
        return "caption"
    if len(plain) <= 240 and _is_other(plain, patterns, before_body):
        return "other"
    return None


def looks_like_headline(piece: str) -> bool:
    """Whether a line that ends like a sentence is written like a headline: in title case or without small words."""
    words = _WORDS.findall(piece)
    if not 3 <= len(words) <= 20:
        return False
    long_words = [word for word in words if len(word) > 3]
    capital = sum(word[0].isupper() for word in long_words)
    if long_words and capital >= 0.8 * len(long_words) and len(long_words) >= 3:
        return True
    lower = {word.lower() for word in words}
    return lower.isdisjoint(_patterns().sentence) and not any(word.endswith("ed") for word in lower)


def dateline_label(text: str, start: int, end: int) -> str | None:
    """The capitals before a dash that open a paragraph, if any: a place, or a transcript's label."""
    match = _CAPITAL_DATELINE.match(text, start, min(end, start + _DATELINE_WINDOW))
    return match.group(1) if match else None


def dateline_end(text: str, start: int, end: int, first: bool, capitals: bool) -> int:
    """Where the running text of the paragraph ``text[start:end]`` begins, after its dateline (a character).

    ``first``: whether it is the first paragraph of the body, where a place need not be in capitals. ``capitals``:
    whether capitals and a dash are a dateline here; they are none in a transcript.

    >>> dateline_end("LONDON – It rained.", 0, 19, True, True)
    9
    """
    limit = min(end, start + _DATELINE_WINDOW)
    patterns = [_AGENCY_DATELINE, _BOLD_DATELINE]
    if capitals:
        patterns.append(_CAPITAL_DATELINE)
    if first:
        patterns.append(_PLAIN_DATELINE)
    found = (pattern.match(text, start, limit) for pattern in patterns)
    return next((match.end() for match in found if match), start)
