"""Roles before names: titles, offices and their portfolios."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import dates, gender_of, suffixes
from quotekit.lexicon.places import place

_BEFORE_OFFICE = frozenset({"NNP", "NNPS", "NN", "JJ", "VBN", "HYPH", "JJS"})
_LONGEST = 12
"""Tokens of the modifiers before an office."""
_PORTFOLIO = 8
"""Tokens from an office to the name behind its portfolio: "Secretary of State John Kerry"."""
_OWNER = 3
"""Words of a country's name that are tried before "’s"."""
_JOINTS = frozenset({",", "and"})
"""What joins the portfolios of one office."""


def role_start(parse: Parse, at: int) -> int:
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


def title_end(parse: Parse, first: int, last: int) -> int:
    """Return the token after the last title or office in the run; ``first`` if the run has neither."""
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


def office_of(parse: Parse, first: int, last: int) -> tuple[int, int] | None:
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
    for end in range(min(last - 1, first + _PORTFOLIO), first, -1):
        if place(" ".join(parse.words[first:end])) is not None or (to_body and is_body(parse, end - 1)):
            return end
    return first


def has_split_title(parse: Parse, first: int) -> bool:
    """Return whether a short title is before the run, with its stop as a token of its own: "Capt." """
    if first < 2 or parse.words[first - 1] != "." or parse.ends[first - 2] != parse.starts[first - 1]:
        return False
    return parse.words[first - 2].lower() in kinds.titles()


def gender_shown(parse: Parse, first: int, end: int) -> str | None:
    """Return the gender that a title or an office from ``first`` to before ``end`` shows."""
    for i in range(first, end):
        low = parse.lowers[i]
        shown = kinds.honorifics().get(low) or kinds.office_gender().get(low)
        if shown:
            return shown
    return None


def is_body(parse: Parse, last: int) -> bool:
    """Return whether the word at token ``last`` ends the names of bodies: "Committee"."""
    return kinds.name_kind(parse.words[last], "") is not None


def is_office_before(parse: Parse, first: int) -> bool:
    """Return whether an office in lower case ends right before the name at token ``first``: "spokesman Tom Reed"."""
    before = first - 1
    if before < 0:
        return False
    is_noun = parse.tags[before] == "NN" and _is_role_noun(parse, before, first)
    return is_noun or hyphenated_office(parse, before) is not None


def _is_role_noun(parse: Parse, i: int, name: int) -> bool:
    """Return whether a noun is for a person, or a short title in capitals that the tagger took for a noun ("PM").

    A broadcaster may be a body too; before a name it is a person if the name, at the token ``name``, is a given one.
    """
    if parse.lowers[i] in kinds.words("media_or_person") and gender_of(parse.words[name]) is None:
        return False
    return kinds.is_person(parse.lowers[i]) or (parse.words[i].isupper() and parse.lowers[i] in kinds.titles())


def hyphenated_office(parse: Parse, last: int) -> str | None:
    """Return the office in several tokens that ends with the token ``last``, in the singular: "director-general"."""
    if last < len("a-") or parse.words[last - 1] != "-" or parse.starts[last] != parse.ends[last - 1]:
        return None
    office = f"{parse.lowers[last - 2]}-{parse.lemmas[last]}"
    return office if office in kinds.offices() else None


def owning_place(parse: Parse, mark: int) -> tuple[int, str] | None:
    """Return where the country or state before the possessive ending ``mark`` begins, and its code: "Kenya’s"."""
    if mark < 1 or parse.tags[mark] != "POS":
        return None
    for first in range(max(0, mark - _OWNER), mark):
        where = place(" ".join(parse.words[first:mark]))
        if where is not None and where.kind in ("country", "state"):
            return first, where.code
    return None
