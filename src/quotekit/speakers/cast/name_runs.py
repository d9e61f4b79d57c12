"""Names in the text with the roles before them: one pass over the tags, then constant work for each name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import gender_of
from quotekit.lexicon.places import place
from quotekit.speakers.cast.name_spans import name_spans
from quotekit.speakers.cast.role_spans import (
    gender_shown,
    has_split_title,
    is_body,
    is_office_before,
    office_of,
    role_start,
    title_end,
)

_BETWEEN = 3
"""Tokens from the last word of a body's name to the next proper noun that continues it."""
_PURPOSE = 12
"""Tokens of a body's purpose, and behind it."""
_NO_NAME = "<>={}"
"""Characters of markup, which are in no name."""


@dataclass(frozen=True, slots=True)
class Run:
    """One occurrence of a name.

    Attributes:
        start: the first token of the role before the name, or of the name.
        first: the first token of the name.
        last: the last token of the name.
        words: the words of the name.
        role: the first and the last token of the role.
        gender: the gender that a title shows.
        titled: whether a title or an office precedes the name.
    """

    start: int
    first: int
    last: int
    words: tuple[str, ...]
    role: tuple[int, int] | None
    gender: str | None
    titled: bool

    @property
    def name(self) -> str:
        """The name as one string."""
        return " ".join(self.words)


def _glue(parse: Parse, first: int, last: int) -> tuple[str, ...]:
    """Return the words of a name as the text has them, with hyphens inside."""
    words = parse.text[parse.starts[first] : parse.ends[last]].replace(",", " ").split()
    # A quotation mark without a space ("so,”Lee said") is part of the token.
    return tuple(word if word[-1] == "”" else word.rpartition("”")[2] for word in words)


def _with_role(parse: Parse, first: int, last: int) -> Run | None:
    """Return the run as name and role; ``None`` if it is only an office ("Foreign Minister")."""
    of = office_of(parse, first, last)
    if of is not None:
        office, name = of
        end = title_end(parse, name, last)
        start = role_start(parse, office)
        if end > last:
            return None
        return Run(start, end, last, _glue(parse, end, last), (start, end - 1), gender_shown(parse, start, end), True)
    end = title_end(parse, first, last)
    titled = first < end < last and gender_of(parse.words[end]) is not None
    if is_body(parse, last) and not titled:
        return Run(first, first, last, _glue(parse, first, last), None, None, False)
    if end > last or parse.lowers[end] in kinds.words("of"):
        return None
    if end == first and has_split_title(parse, first):
        start = role_start(parse, first - 2)
        return Run(start, first, last, _glue(parse, first, last), (start, first - 1), None, True)
    is_place = place(" ".join(_glue(parse, first, last))) is not None
    if end == first and (is_place or not is_office_before(parse, first)):
        return Run(first, first, last, _glue(parse, first, last), None, None, False)
    start = role_start(parse, first)
    return Run(start, end, last, _glue(parse, end, last), (start, end - 1), gender_shown(parse, start, end), True)


def _is_portfolio_of_office(parse: Parse, first: int, last: int) -> bool:
    """Return whether a run is the portfolio of an office: "Secretary of [State] for Scotland"."""
    portfolio = first == last and first > 1 and parse.lowers[first] in kinds.portfolios()
    return portfolio and parse.lowers[first - 1] == "of" and parse.lowers[first - 2] in kinds.offices()


def find_runs(parse: Parse) -> Iterator[Run]:
    """Yield every name in text order, the names of bodies joined over "of" and "for"."""
    spans = list(name_spans(parse))
    at = 0
    while at < len(spans):
        first, last = spans[at]
        at += 1
        if at < len(spans) and _two_subjects(parse, first, last, spans[at]):
            last = spans[at][1]
            at += 1
        if is_body(parse, last) and not _is_portfolio_of_office(parse, first, last):
            while at < len(spans) and _goes_on(parse, last, spans[at]):
                last = spans[at][1]
                at += 1
            end = _purpose_end(parse, last)
            while at < len(spans) and spans[at][0] <= end:
                at += 1
            if end > last:
                yield Run(first, first, end, _glue(parse, first, end), None, None, False)
                continue
        run = _with_role(parse, first, last)
        if run is not None and _is_name(run.words):
            yield run


def _is_name(words: tuple[str, ...]) -> bool:
    """Return whether words tagged as a name may be one; markup is not."""
    if not any(letter.isupper() for word in words for letter in word):
        return False
    if words[0].strip('“”"').lower() in kinds.pronouns() and not words[0].isupper():
        return False
    return not any(mark in word.strip("“”") for word in words for mark in _NO_NAME)


def _two_subjects(parse: Parse, first: int, last: int, following: tuple[int, int]) -> bool:
    """Return whether "and" joins the subjects of one body: "the [River] and [Strait Authority]"."""
    if following[0] != last + 2 or parse.lowers[last + 1] != "and" or not first or parse.lowers[first - 1] != "the":
        return False
    if is_body(parse, last) or not is_body(parse, following[1]) or following[0] == following[1]:
        return False
    return gender_of(parse.words[first]) is None and place(" ".join(_glue(parse, first, last))) is None


def _purpose_end(parse: Parse, last: int) -> int:
    """Return the last word of a body's capitalized purpose, "Committee [to Save Rivers]", or ``last``."""
    end, at = last, last + 2
    if at >= len(parse) or parse.lowers[last + 1] != "to":
        return last
    while at < min(len(parse), last + _PURPOSE) and parse.sentences[at] == parse.sentences[last]:
        if parse.words[at][:1].isupper():
            end = at
        elif parse.lowers[at] not in kinds.words("purpose"):
            break
        at += 1
    # In a headline everything is in capitals.
    goes_on = any(len(word) > 2 and word.islower() for word in parse.words[end + 1 : end + _PURPOSE])
    return end if goes_on else last


def _goes_on(parse: Parse, last: int, following: tuple[int, int]) -> bool:
    """Return whether a body's name continues over "of", "for", "of the" or "and" with the next proper noun."""
    first = following[0]
    between = [word.lower() for word in parse.words[last + 1 : first]] if first - last <= _BETWEEN else []
    if between == ["and"]:
        fields = {parse.lowers[last], parse.lowers[first]} <= kinds.portfolios()
        return fields or parse.lowers[following[1]] in kinds.words("field")
    return bool(between) and between[0] in kinds.words("of") and between[1:] in ([], ["the"])
