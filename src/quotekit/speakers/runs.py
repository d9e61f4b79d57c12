"""Runs of proper nouns, and the roles that stand before them. One pass over the tags, then work per run only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotekit.parse import Parse
from quotekit.speakers import kinds
from quotekit.speakers.names import gender_of, particles, suffixes

PROPER = frozenset({"NNP", "NNPS"})
_BEFORE_OFFICE = frozenset({"NNP", "NNPS", "NN", "JJ", "VBN", "HYPH", "JJS"})
_LONGEST = 12
_JOINING = frozenset({"of", "for"})


@dataclass(frozen=True, slots=True)
class Run:
    """A name as it stands: tokens ``first`` to ``last`` inclusive; ``start`` is where its role begins.

    ``words`` are the name's own; ``role`` the tokens (inclusive) of the role before it; ``gender`` what a title shows.
    """

    start: int
    first: int
    last: int
    words: tuple[str, ...]
    role: tuple[int, int] | None
    gender: str | None
    titled: bool


def _joins(parse: Parse, last: int) -> int:
    """The last token that the run ending at ``last`` goes on to (``last`` itself where it ends)."""
    n, j = len(parse.words), last + 1
    if j >= n or parse.sentences[j] != parse.sentences[last]:
        return last
    if parse.tags[j] in PROPER:
        return j
    word = parse.words[j]
    if word == "-" and j + 1 < n and parse.ends[last] == parse.starts[j] and parse.ends[j] == parse.starts[j + 1]:
        after = parse.words[j + 1]
        return j + 1 if after[:1].isupper() or parse.tags[j + 1] in PROPER else last
    low = word.lower()
    if low in particles() and word != "DE":
        for k in range(j + 1, min(j + 4, n)):
            if parse.tags[k] in PROPER:
                return k
            if parse.words[k] != "-" and parse.words[k].lower() not in particles():
                break
    if word == "," and j + 1 < n and parse.words[j + 1].lower() in suffixes():
        return j + 1
    return last


def _spans(parse: Parse) -> Iterator[tuple[int, int]]:
    done = -1
    for i in [i for i, tag in enumerate(parse.tags) if tag == "NNP" or tag == "NNPS"]:
        if i <= done:
            continue
        last = i
        while (further := _joins(parse, last)) > last:
            last = further
        done = last
        yield i, last


def _glue(parse: Parse, first: int, last: int) -> tuple[str, ...]:
    """The words of the run as the text has them: hyphens inside, no spaces."""
    return tuple(parse.text[parse.starts[first] : parse.ends[last]].replace(",", " ").split())


def _role_start(parse: Parse, at: int) -> int:
    """Where the modifiers of the office at token ``at`` begin."""
    end = at
    while at > 0 and end - at < _LONGEST and parse.tags[at - 1] in _BEFORE_OFFICE:
        # The parser likes to end a sentence after "U.S.".
        if parse.sentences[at - 1] != parse.sentences[at] and not parse.words[at - 1].endswith("S."):
            break
        at -= 1
    while parse.tags[at] == "HYPH":
        at += 1
    return at


def _title_end(parse: Parse, first: int, last: int) -> int:
    """The token after the last title or office word inside the run; ``first`` where there is none."""
    for i in range(last, first - 1, -1):
        low = parse.words[i].lower()
        if low in kinds.titles() or low in kinds.honorifics() or (low in kinds.offices() and i < last):
            return i + 2 if i < last and parse.words[i + 1] == "." else i + 1
        if low in kinds.offices() and _is_office(parse, first, low):
            return i + 1
    return first


def _is_office(parse: Parse, first: int, last: str) -> bool:
    """Whether a run that ends in an office word is an office ("Prime Minister") and not a name ("Mr. King")."""
    opening = parse.words[first]
    if gender_of(opening) is not None or opening.lower() in kinds.honorifics():
        return False
    return last not in kinds.surnames() or opening.lower() == last


def _office_of(parse: Parse, first: int, last: int) -> tuple[int, int] | None:
    """For "Secretary [of State John Kerry]": the office's token and the token where the name begins."""
    k = first - 1
    while k > 0 and parse.words[k].lower() in ("of", "the", "for", "and"):
        k -= 1
    if k == first - 1 or k < 0 or parse.words[k].lower() not in (kinds.offices() | kinds.portfolios()):
        return None
    name = first
    while name <= last and parse.words[name].lower() in kinds.portfolios():
        name += 1
    if name == first or name > last:
        return None
    while k > 0 and parse.words[k].lower() not in kinds.offices():
        k -= 1
        if first - k > 8 or parse.sentences[k] != parse.sentences[first]:
            return None
    return k, name


def _split_title(parse: Parse, first: int) -> bool:
    """Whether a short title stands before the run whose stop the tokenizer took for a sentence's end: "Capt." """
    if first < 2 or parse.words[first - 1] != "." or parse.ends[first - 2] != parse.starts[first - 1]:
        return False
    return parse.words[first - 2].lower() in kinds.titles()


def _gender(parse: Parse, first: int, end: int) -> str | None:
    for i in range(first, end):
        low = parse.words[i].lower()
        shown = kinds.honorifics().get(low) or kinds.office_gender().get(low)
        if shown:
            return shown
    return None


def _is_body(parse: Parse, last: int) -> bool:
    return kinds.name_kind(parse.words[last].lower(), "") is not None


def _with_role(parse: Parse, first: int, last: int) -> Run | None:
    """The run as name and role; ``None`` where it is an office and no name ("Foreign Minister")."""
    of = _office_of(parse, first, last)
    if of is not None:
        office, name = of
        end = _title_end(parse, name, last)
        start = _role_start(parse, office)
        if end > last:
            return None
        return Run(start, end, last, _glue(parse, end, last), (start, end - 1), _gender(parse, start, end), True)
    if _is_body(parse, last):
        return Run(first, first, last, _glue(parse, first, last), None, None, False)
    end = _title_end(parse, first, last)
    if end > last:
        return None
    if end == first and _split_title(parse, first):
        start = _role_start(parse, first - 2)
        return Run(start, first, last, _glue(parse, first, last), (start, first - 1), None, True)
    before = first - 1
    office_before = before >= 0 and parse.tags[before] == "NN" and parse.words[before].lower() in kinds.offices()
    if end == first and not office_before:
        return Run(first, first, last, _glue(parse, first, last), None, None, False)
    start = _role_start(parse, first)
    return Run(start, end, last, _glue(parse, end, last), (start, end - 1), _gender(parse, start, end), True)


def find_runs(parse: Parse) -> Iterator[Run]:
    """Every run of proper nouns that is a name, in text order, bodies' names joined over "of" and "for"."""
    spans = list(_spans(parse))
    at = 0
    while at < len(spans):
        first, last = spans[at]
        at += 1
        if _is_body(parse, last):
            while at < len(spans) and _goes_on(parse, last, spans[at][0]):
                last = spans[at][1]
                at += 1
        run = _with_role(parse, first, last)
        # Tagged as a name, a comma alone has no words.
        if run is not None and run.words:
            yield run


def _goes_on(parse: Parse, last: int, following: int) -> bool:
    """Whether only "of", "for", "of the" stands between a body's name so far and the next proper noun."""
    between = [word.lower() for word in parse.words[last + 1 : following]] if following - last <= 3 else []
    return bool(between) and between[0] in _JOINING and between[1:] in ([], ["the"])
