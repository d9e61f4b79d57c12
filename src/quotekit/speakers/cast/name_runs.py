"""Runs of proper nouns, and the roles that stand before them. One pass over the tags, then work per run only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import dates, family_names, gender_of, particles, suffixes
from quotekit.lexicon.places import place

PROPER = frozenset({"NNP", "NNPS"})
_BEFORE_OFFICE = frozenset({"NNP", "NNPS", "NN", "JJ", "VBN", "HYPH", "JJS"})
_LONGEST = 12
_JOINING = frozenset({"of", "for"})
_MISTAKEN = frozenset({"NN", "RB", "JJ", "FW", "UH", "VB", "VBN"})
"""Tags that the tagger gives to uncommon surnames behind a given name."""
_AROUND = 5
_NO_NAME = "<>={}"
_APOSTROPHES = frozenset({"'", "’"})
_GENITIVES = ("’s", "'s")
_OPENING = frozenset({"“", '"'})
_CLOSING = frozenset({"”", '"'})


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

    @property
    def name(self) -> str:
        """The name as one string."""
        return " ".join(self.words)


def _joins(parse: Parse, last: int) -> int:
    """The last token that the run ending at ``last`` goes on to (``last`` itself where it ends)."""
    n, j = len(parse.words), last + 1
    if parse.lowers[last].endswith(_GENITIVES):
        # The tokenizer leaves some on: "The Harbour Post’s Ann Lee" is two names.
        return last
    if j + 1 < n and parse.words[j].isspace() and parse.words[j].count("\n") == 1:
        # A line's end inside a name.
        j += 1
    if j >= n or parse.sentences[j] != parse.sentences[last]:
        return last
    word = parse.words[j]
    if parse.tags[j] in PROPER or (word[:1].isupper() and parse.tags[j] in _MISTAKEN and not _title_case(parse, j)):
        return j
    if word == "-" and j + 1 < n and parse.ends[last] == parse.starts[j] and parse.ends[j] == parse.starts[j + 1]:
        after = parse.words[j + 1]
        inside = last > 0 and parse.lowers[last - 1] in family_names()
        return j + 1 if after[:1].isupper() or parse.tags[j + 1] in PROPER or inside else last
    low = word.lower()
    if low in particles() and word != "DE":
        for k in range(j + 1, min(j + 4, n)):
            if parse.tags[k] in PROPER:
                return k
            if parse.words[k] != "-" and parse.words[k].lower() not in particles():
                break
    if word == "," and j + 1 < n and parse.words[j + 1].lower() in suffixes():
        return j + 1
    if j + 1 < n and parse.tags[j + 1] in PROPER and (word == "&" or (word in _APOSTROPHES and _of_many(parse, last))):
        return j + 1
    if word in _OPENING and j + 3 < n and parse.words[j + 2] in _CLOSING and parse.ends[last] < parse.starts[j]:
        # A nickname between given name and surname.
        return j + 3 if parse.tags[j + 1] == "NNP" and parse.words[j + 3][:1].isupper() else last
    return last


def _title_case(parse: Parse, j: int) -> bool:
    """Whether the words around token ``j`` have capitals as those of a headline have, which tell nothing."""
    first, last = max(0, j - _AROUND), min(len(parse), j + _AROUND)
    near = [parse.words[i] for i in range(first, last) if i != j and parse.sentences[i] == parse.sentences[j]]
    return not any(word.islower() and len(word) > 3 for word in near)


def _of_many(parse: Parse, last: int) -> bool:
    """Whether the apostrophe behind token ``last`` can be inside a body's name: "Crane Operators’ Union"."""
    return parse.words[last].endswith("s") and kinds.name_kind(parse.words[last + 2], "") is not None


def _spans(parse: Parse) -> Iterator[tuple[int, int]]:
    done = -1
    words = parse.words
    named = [i for i, tag in enumerate(parse.tags) if tag in PROPER or (tag == "NN" and _is_acronym(words, i))]
    for i in named:
        if i <= done:
            continue
        last = i
        while (further := _joins(parse, last)) > last:
            last = further
        done = last
        while last > i and words[last].lower() in dates():
            last -= 1
        yield i, last


def _is_acronym(words: list[str], i: int) -> bool:
    """Whether a word is in capitals and not the whole line."""
    word = words[i]
    if len(word) < 3 or not word.isupper() or not word.isalpha():
        return False
    near = [words[j] for j in (i - 1, i + 1) if 0 <= j < len(words)]
    return not any(other.isupper() and len(other) > 1 for other in near)


def _glue(parse: Parse, first: int, last: int) -> tuple[str, ...]:
    """The words of the run as the text has them: hyphens inside, no spaces."""
    words = parse.text[parse.starts[first] : parse.ends[last]].replace(",", " ").split()
    # A mark without a space behind it ("so,”Lee said") sticks to the name.
    return tuple(word if word[-1] == "”" else word.rpartition("”")[2] for word in words)


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
        if (
            low in kinds.titles()
            or low in kinds.honorifics()
            or (_is_title(low) and not _ends_in_suffix(parse, i, last))
        ):
            return i + 2 if i < last and parse.words[i + 1] == "." else i + 1
        if i == last and low in kinds.offices() and _is_office(parse, first, low):
            return i + 1
    return first


def _is_title(low: str) -> bool:
    """Whether an office stands before a name, in the singular or for two ("Senators Lee and Stone")."""
    return low in kinds.offices() or (
        low.endswith("s") and low[:-1] in kinds.offices() and low[:-1] not in kinds.surnames()
    )


def _ends_in_suffix(parse: Parse, i: int, last: int) -> bool:
    """Whether nothing but "III" and the like follows token ``i`` of a run: then it is the surname."""
    return all(parse.lowers[j] in suffixes() for j in range(i + 1, last + 1))


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
    return (k, name) if parse.words[k].lower() in kinds.offices() else None


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
    return kinds.name_kind(parse.words[last], "") is not None


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
    end = _title_end(parse, first, last)
    titled = first < end < last and gender_of(parse.words[end]) is not None
    if _is_body(parse, last) and not titled:
        return Run(first, first, last, _glue(parse, first, last), None, None, False)
    if end > last:
        return None
    if end == first and _split_title(parse, first):
        start = _role_start(parse, first - 2)
        return Run(start, first, last, _glue(parse, first, last), (start, first - 1), None, True)
    before = first - 1
    office_before = (
        before >= 0
        and place(" ".join(_glue(parse, first, last))) is None
        and parse.tags[before] == "NN"
        and kinds.is_person(parse.lowers[before])
    )
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
        if at < len(spans) and _two_subjects(parse, first, last, spans[at]):
            last = spans[at][1]
            at += 1
        if _is_body(parse, last):
            while at < len(spans) and _goes_on(parse, last, spans[at][0]):
                last = spans[at][1]
                at += 1
        run = _with_role(parse, first, last)
        if run is not None and _is_name(run.words):
            yield run


def _is_name(words: tuple[str, ...]) -> bool:
    """Whether words tagged as a name can be one: a comma alone has no words, and markup names nobody."""
    if not any(letter.isupper() for word in words for letter in word):
        return False
    if words[0].strip('“”"').lower() in kinds.pronouns() and not words[0].isupper():
        return False
    return not any(mark in word.strip("“”") for word in words for mark in _NO_NAME)


def _two_subjects(parse: Parse, first: int, last: int, following: tuple[int, int]) -> bool:
    """ "The [River] and [Strait Authority]": one body of two subjects, and nobody's name before the "and"."""
    if following[0] != last + 2 or parse.lowers[last + 1] != "and" or not first or parse.lowers[first - 1] != "the":
        return False
    if _is_body(parse, last) or not _is_body(parse, following[1]) or following[0] == following[1]:
        return False
    return gender_of(parse.words[first]) is None and place(" ".join(_glue(parse, first, last))) is None


def _goes_on(parse: Parse, last: int, following: int) -> bool:
    """Whether only "of", "for", "of the" stands between a body's name so far and the next proper noun, or an "and"."""
    between = [word.lower() for word in parse.words[last + 1 : following]] if following - last <= 3 else []
    if between == ["and"]:
        return {parse.lowers[last], parse.lowers[following]} <= kinds.portfolios()
    return bool(between) and between[0] in _JOINING and between[1:] in ([], ["the"])
