"""Personal names: their parts, their likely gender, and whether two may be one person's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from quotekit.lexicon import load

_GENITIVE = re.compile(r"['’]s?$")


def without_genitive(word: str) -> str:
    """Return ``word`` without the genitive ending.

    >>> without_genitive("Kestria's"), without_genitive("the Marches’")
    ('Kestria', 'the Marches')
    """
    return _GENITIVE.sub("", word)


@cache
def particles() -> frozenset[str]:
    """Return the words that are in lower case inside a name: "bin", "van", "de"."""
    return frozenset(load("names")["particles"].split())


@cache
def suffixes() -> frozenset[str]:
    """Return the words that follow a name: "Jr.", "III"."""
    return frozenset(load("names")["suffixes"].split())


@cache
def dates() -> frozenset[str]:
    """Return the months and days, some of which are given names too."""
    return frozenset(load("names")["dates"].split())


@cache
def inviting() -> frozenset[str]:
    """Return the verbs that invite the reader, with a capital before a name: "Read Lee's speech"."""
    return frozenset(load("names")["inviting"].split())


@cache
def family_names() -> frozenset[str]:
    """Return the family names (lower case) that come first, as in Chinese and Korean."""
    return frozenset(load("names")["family_first"].split())


@cache
def _genders() -> dict[str, str]:
    data = load("given_names")
    return {name.casefold(): gender for gender in ("both", "male", "female") for name in data[gender].split()}


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    forms: dict[str, frozenset[str]] = {}
    for line in load("names")["short"]:
        group = frozenset(line.split())
        for name in group:
            forms[name] = forms.get(name, frozenset()) | group
    return forms


def gender_of(given: str) -> str | None:
    """Return ``"male"``, ``"female"`` or ``"both"``; ``None`` if the word is not a known given name.

    >>> gender_of("Hillary"), gender_of("Mary-Anne"), gender_of("Kim"), gender_of("Table")
    ('female', 'female', 'both', None)
    """
    genders = _genders()
    low = given.casefold()
    return genders.get(low) or genders.get(low.partition("-")[0])


@cache
def _generations() -> dict[str, str]:
    found: dict[str, str] = load("names")["generations"]
    return found


def generation(words: Sequence[str]) -> str:
    """Return the generation that the suffix of a name shows, or "".

    >>> generation(["Amos", "Tull", "Jr."]), generation(["Amos", "Tull"]), generation(["Amos", "Tull", "PhD"])
    ('junior', '', '')
    """
    return _generations().get(words[-1].casefold(), "") if len(words) > 1 else ""


def core(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a name for comparison: case-folded, without suffixes, quotation marks and brackets.

    >>> core(["John", "G.", "Roberts", "Jr."]), core(["Raymond", "“Buck”", "Tolliver"])
    (('john', 'g.', 'roberts'), ('raymond', 'buck', 'tolliver'))
    """
    low = [word.casefold().strip('“”"()') or word for word in words]
    while len(low) > 1 and low[-1] in suffixes():
        low.pop()
    return tuple(low)


def family_first(words: Sequence[str]) -> bool:
    """Return whether the family name comes first, as in Chinese and Korean names.

    >>> family_first(["Xi", "Jinping"]), family_first(["Ban", "Ki-moon"]), family_first(["Kim", "Lane"])
    (True, True, False)
    """
    if not 2 <= len(words) <= 3 or words[0].casefold() not in family_names():
        return False
    rest = words[-1]
    return gender_of(rest) is None and (gender_of(words[0]) is None or "-" in rest)


def gender_of_name(words: Sequence[str]) -> str | None:
    """Return ``"male"`` or ``"female"`` if the given name of a full name shows it.

    >>> gender_of_name(["Mary", "Kim"]), gender_of_name(["Kim", "Lane"]), gender_of_name(["Xi", "Jinping"])
    ('female', None, None)
    """
    given = None if family_first(words) else gender_of(words[0])
    return None if given == "both" else given


def same_given(a: str, b: str) -> bool:
    """Return whether two given names (case-folded) may be one person's: equal, an initial, a short form.

    >>> same_given("bill", "william"), same_given("j.", "john"), same_given("bill", "hillary")
    (True, True, False)
    """
    if a == b or b in _short_forms().get(a, ()):
        return True
    initial, name = sorted((a.rstrip("."), b.rstrip(".")), key=len)
    return len(initial) == 1 and name.startswith(initial)


def compatible(a: Sequence[str], b: Sequence[str]) -> bool:
    """Return whether two cores may name one person: the last words agree, the given names do not contradict.

    >>> compatible(("john", "kerry"), ("john", "f.", "kerry")), compatible(("bill", "stone"), ("ruth", "stone"))
    (True, False)
    """
    if not a or not b or a[-1] != b[-1]:
        return False
    return len(a) == 1 or len(b) == 1 or same_given(a[0], b[0]) or a[0] in b[1:-1] or b[0] in a[1:-1]


def inside(short: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether ``full`` contains the words of ``short`` one after another.

    >>> inside(("bin", "zayed"), ("abdullah", "bin", "zayed"))
    True
    """
    n = len(short)
    return any(tuple(full[k : k + n]) == tuple(short) for k in range(len(full) - n + 1))
