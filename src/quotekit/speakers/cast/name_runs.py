"""Names in the text, and the roles before them: one pass over the tags, then constant work for each name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import dates, gender_of, suffixes
from quotekit.lexicon.places import place
from quotekit.speakers.cast.name_spans import name_spans

_BEFORE_OFFICE = frozenset({"NNP", "NNPS", "NN", "JJ", "VBN", "HYPH", "JJS"})
_LONGEST = 12
"""Tokens of the modifiers before an office."""
_PORTFOLIO = 8
"""Tokens from an office to the name behind its portfolio: "Secretary of State John Kerry"."""
_BETWEEN = 3
"""Tokens from the last word of a body's name to the next proper noun that continues it."""
_OWNER = 3
"""Words of a country's name that are tried before "’s"."""
_JOINTS = frozenset({",", "and"})
"""What joins the portfolios of one office."""
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


def _role_start(parse: Parse, at: int) -> int:
    """Return where the modifiers of the office at token ``at`` begin."""
    end = at
    while at > 0 and end - at < _LONGEST and _is_before_office(parse, at - 1):
        # The parser often ends a sentence after "U.S.".
        if parse.sentences[at - 1] != parse.sentences[at] and not parse.words[at - 1].endswith("S."):
            break
        at -= 1
    while parse.tags[at] == "HYPH" or (at < end and parse.lowers[at] in dates()):
        at += 1
    return _portfolios_start(parse, at)


def _portfolios_start(parse: Parse, start: int) -> int:
    """Return where several portfolios of one office begin: "[Science, Technology and] Innovation Minister"."""
    while start > 1 and parse.lowers[start] in kinds.portfolios():
        joint = start - 1
        before = joint - 1 - (parse.lowers[joint] == "and" and parse.words[joint - 1] == ",")
        if parse.lowers[joint] not in _JOINTS or before < 0 or parse.lowers[before] not in kinds.portfolios():
            break
        start = before
        while start > 0 and parse.lowers[start - 1] in kinds.portfolios():
            start -= 1
    return start


def _is_before_office(parse: Parse, i: int) -> bool:
    """Return whether token ``i`` may modify an office; a plural only as part of a compound ("human rights chief")."""
    return parse.tags[i] in _BEFORE_OFFICE or (parse.tags[i] == "NNS" and parse.deps[i] == "compound")


def _title_end(parse: Parse, first: int, last: int) -> int:
    """Return the token after the last title or office in the run; ``first`` if there is none."""
    # In "Court of Justice" the last word is what the body is for.
    of_body = last - first > 1 and parse.lowers[last - 1] == "of"
    for i in range(last - of_body, first - 1, -1):
        low = parse.lowers[i]
        if (
            _is_short_title(parse, i, last)
            or low in kinds.honorifics()
            or (_is_title(low) and not _ends_in_suffix(parse, i, last))
        ):
            return i + 2 if i < last and parse.words[i + 1] == "." else i + 1
        if i == last and low in kinds.offices() and _is_office(parse, first, low):
            return i + 1
    return first


def _is_short_title(parse: Parse, i: int, last: int) -> bool:
    """Return whether token ``i`` is a short title, and neither a surname ("Ruth Sen") nor an hour ("5 PM Monday")."""
    low = parse.lowers[i]
    if low not in kinds.titles() or (i == last and low in kinds.surnames()):
        return False
    return i == 0 or parse.tags[i - 1] != "CD"


def _is_title(low: str) -> bool:
    """Return whether a word is an office, in the singular or the plural ("Senators Lee and Stone")."""
    return low in kinds.offices() or (
        low.endswith("s") and low[:-1] in kinds.offices() and low[:-1] not in kinds.surnames()
    )


def _ends_in_suffix(parse: Parse, i: int, last: int) -> bool:
    """Return whether only suffixes ("III") follow token ``i``, which is the surname then."""
    return all(parse.lowers[j] in suffixes() for j in range(i + 1, last + 1))


def _is_office(parse: Parse, first: int, last: str) -> bool:
    """Return whether a run that ends in an office is one ("Prime Minister") and not a name ("Mr. King")."""
    opening = parse.words[first]
    if gender_of(opening) is not None or opening.lower() in kinds.honorifics():
        return False
    return last not in kinds.surnames() or opening.lower() == last


def _office_of(parse: Parse, first: int, last: int) -> tuple[int, int] | None:
    """Return for "Secretary [of State John Kerry]" the token of the office and the first one of the name."""
    k = first - 1
    while k > 0 and parse.lowers[k] in ("of", "the", "for", "and", "to"):
        k -= 1
    if k == first - 1 or k < 0:
        return None
    if parse.lowers[k] not in kinds.offices() and parse.lowers[k] not in kinds.portfolios():
        return None
    name = _place_end(parse, first, last, to_body="to" in parse.lowers[k + 1 : first])
    while name <= last and (parse.lowers[name] in kinds.portfolios() or parse.lowers[name] in kinds.chambers()):
        name += 1
    if name == first or name > last:
        return None
    while k > 0 and parse.lowers[k] not in kinds.offices():
        k -= 1
        if first - k > _PORTFOLIO or parse.sentences[k] != parse.sentences[first]:
            return None
    return (k, name) if parse.lowers[k] in kinds.offices() else None


def _place_end(parse: Parse, first: int, last: int, *, to_body: bool) -> int:
    """Return the first token behind the place with which a run begins before a full name: "[Norway] Ann Lee".

    With ``to_body`` it may also be a body: "ambassador to the [United Nations] Ann Lee".
    """
    for end in range(last - 1, first, -1):
        if place(" ".join(parse.words[first:end])) is not None or (to_body and _is_body(parse, end - 1)):
            return end
    return first


def _split_title(parse: Parse, first: int) -> bool:
    """Return whether a short title is before the run, with its stop as a token of its own: "Capt." """
    if first < 2 or parse.words[first - 1] != "." or parse.ends[first - 2] != parse.starts[first - 1]:
        return False
    return parse.words[first - 2].lower() in kinds.titles()


def _gender(parse: Parse, first: int, end: int) -> str | None:
    for i in range(first, end):
        low = parse.lowers[i]
        shown = kinds.honorifics().get(low) or kinds.office_gender().get(low)
        if shown:
            return shown
    return None


def _is_body(parse: Parse, last: int) -> bool:
    return kinds.name_kind(parse.words[last], "") is not None


def _with_role(parse: Parse, first: int, last: int) -> Run | None:
    """Return the run as name and role; ``None`` if it is only an office ("Foreign Minister")."""
    of = _office_of(parse, first, last)
    if of is not None:
        office, name = of
        end = _title_end(parse, name, last)
        start = _role_start(parse, office)
        if end > last:
            return None
        return Run(start, end, last, _glue(parse, end, last), (start, end - 1), _gender(parse, start, end), True)
    end = _title_end(parse, first, last)
    titled = first < end < last and gender_of(parse.words[end]) is not None
    if _is_body(parse, last) and not titled:
        return Run(first, first, last, _glue(parse, first, last), None, None, False)
    if end > last or parse.lowers[end] in kinds.words("of"):
        return None
    if end == first and _split_title(parse, first):
        start = _role_start(parse, first - 2)
        return Run(start, first, last, _glue(parse, first, last), (start, first - 1), None, True)
    before = first - 1
    office_before = (
        before >= 0
        and place(" ".join(_glue(parse, first, last))) is None
        and ((parse.tags[before] == "NN" and _is_role_noun(parse, before, first)) or _hyphenated_office(parse, before))
    )
    if end == first and not office_before:
        return Run(first, first, last, _glue(parse, first, last), None, None, False)
    start = _role_start(parse, first)
    return Run(start, end, last, _glue(parse, end, last), (start, end - 1), _gender(parse, start, end), True)


def _is_portfolio_of_office(parse: Parse, first: int, last: int) -> bool:
    """Return whether a run is the portfolio of an office: "Secretary of [State] for Scotland"."""
    portfolio = first == last and first > 1 and parse.lowers[first] in kinds.portfolios()
    return portfolio and parse.lowers[first - 1] == "of" and parse.lowers[first - 2] in kinds.offices()


def owning_place(parse: Parse, mark: int) -> tuple[int, str] | None:
    """Return where the country or state before the possessive ending ``mark`` begins, and its code: "Kenya’s"."""
    if mark < 1 or parse.tags[mark] != "POS":
        return None
    for first in range(max(0, mark - _OWNER), mark):
        where = place(" ".join(parse.words[first:mark]))
        if where is not None and where.kind in ("country", "state"):
            return first, where.code
    return None


def _is_role_noun(parse: Parse, i: int, name: int) -> bool:
    """Return whether a noun is for a person, or a short title in capitals that the tagger took for a noun ("PM").

    A broadcaster may be a body too; before a name it is a person if the name, at the token ``name``, is a given one.
    """
    if parse.lowers[i] in kinds.words("media_or_person") and gender_of(parse.words[name]) is None:
        return False
    return kinds.is_person(parse.lowers[i]) or (parse.words[i].isupper() and parse.lowers[i] in kinds.titles())


def _hyphenated_office(parse: Parse, last: int) -> bool:
    """Return whether the token ``last`` ends an office in several tokens: "director-general"."""
    if last < len("a-") or parse.words[last - 1] != "-" or parse.starts[last] != parse.ends[last - 1]:
        return False
    return f"{parse.lowers[last - 2]}-{parse.lowers[last]}" in kinds.offices()


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
        if _is_body(parse, last) and not _is_portfolio_of_office(parse, first, last):
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
    if _is_body(parse, last) or not _is_body(parse, following[1]) or following[0] == following[1]:
        return False
    return gender_of(parse.words[first]) is None and place(" ".join(_glue(parse, first, last))) is None


def _purpose_end(parse: Parse, last: int) -> int:
    """Return the last word of a body's capitalized purpose, "Committee [to Save Rivers]", or ``last``."""
    end, at = last, last + 2
    if at >= len(parse) or parse.lowers[last + 1] != "to":
        return last
    while at < min(len(parse), last + _LONGEST) and parse.sentences[at] == parse.sentences[last]:
        if parse.words[at][:1].isupper():
            end = at
        elif parse.lowers[at] not in kinds.words("purpose"):
            break
        at += 1
    # In a headline everything is in capitals.
    goes_on = any(len(word) > 2 and word.islower() for word in parse.words[end + 1 : end + _LONGEST])
    return end if goes_on else last


def _goes_on(parse: Parse, last: int, following: tuple[int, int]) -> bool:
    """Return whether a body's name continues over "of", "for", "of the" or "and" with the next proper noun."""
    first = following[0]
    between = [word.lower() for word in parse.words[last + 1 : first]] if first - last <= _BETWEEN else []
    if between == ["and"]:
        fields = {parse.lowers[last], parse.lowers[first]} <= kinds.portfolios()
        return fields or parse.lowers[following[1]] in kinds.words("field")
    return bool(between) and between[0] in kinds.words("of") and between[1:] in ([], ["the"])
