"""Names and roles from different articles or from a list, folded and compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from quotekit.lexicon import load
from quotekit.lexicon import personal_names as names
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.places import country_in, place

_APART = re.compile(r"[^\W_]+")
_JOINERS = re.compile(r"['’ʼ`´]")
_WORD = re.compile(r"\w[\w.'’‐‑-]*")
_LONGEST_COUNTRY = 5
"""Words of a country's name that are tried."""


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """Return ``text`` in lower case and without accents.

    >>> folded("Élodie Łukasz-Weiß")
    'elodie lukasz-weiss'
    """
    if text.isascii():
        return text.lower()
    # Twice: "𝐀" is a capital only once decomposed, and casefolded letters may decompose again.
    low = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(_plain(c) for c in low if not unicodedata.combining(c))


def _plain(character: str) -> str:
    """Return the letter under a stroke, which Unicode does not decompose: "ł"."""
    base, stroke, _ = unicodedata.name(character, "").partition(" WITH ")
    if not stroke or not base.startswith("LATIN SMALL LETTER "):
        return character
    try:
        return unicodedata.lookup(base).casefold()
    except KeyError:
        # "ƛ" is a lambda with a stroke; there is no Latin lambda without one.
        return character


@cache
def honorifics() -> dict[str, str]:
    """Return titles that are not roles (folded) with the gender that they show: "senor" → "male"."""
    return {folded(title): gender for title, gender in kinds.honorifics().items()}


@cache
def _titles() -> frozenset[str]:
    return frozenset(honorifics()) | frozenset(folded(title) for title in kinds.titles())


def parts(text: str) -> list[str]:
    """Return the words of ``text``, folded. Hyphens and stops separate words, apostrophes do not.

    >>> parts("Ban Ki-moon"), parts("J.F. O’Neill")
    (['ban', 'ki', 'moon'], ['j', 'f', 'oneill'])
    """
    return _APART.findall(_JOINERS.sub("", folded(text)))


def name_key(name: str) -> str:
    """Return the key that equal names share: their letters and digits, without "the".

    >>> name_key("The U.N."), name_key("Ban Ki-moon") == name_key("Ban Ki Moon")
    ('un', True)
    """
    words = parts(name)
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A personal name in parts (all folded).

    Attributes:
        given: the words beside the surname, particles included.
        surname: the surname, as one word.
        suffix: the generation that a suffix shows.
        bare: whether the given name is missing.
        key: the whole name, for lookup.
    """

    given: tuple[str, ...]
    surname: str
    suffix: str
    bare: bool
    key: str

    @classmethod
    def of(cls, name: str) -> PersonName | None:
        """Return the parts of ``name`` without titles; ``None`` if it has no letter.

        >>> PersonName.of("Sen. Bob Stone Jr.")
        PersonName(given=('bob',), surname='stone', suffix='junior', bare=False, key='bobstonejr')
        >>> PersonName.of("Xi Jinping").surname, PersonName.of("Bashar al-Assad").surname, PersonName.of("Lee").bare
        ('xi', 'assad', True)
        >>> PersonName.of("Señor Lee").given
        ()
        """
        words = [word for word in folded(name).replace(",", " ").split() if _APART.search(word)]
        while len(words) > 1 and words[0] in _titles():
            words.pop(0)
        kept = names.core(words)
        if not kept:
            return None
        first = names.family_first(kept)
        family, rest = (kept[0], kept[1:]) if first else (kept[-1], kept[:-1])
        given = tuple(part for word in rest for part in parts(word))
        return cls(
            given=given,
            surname=_surname(family),
            suffix=names.generation(words),
            bare=all(part in names.particles() for part in given),
            key="".join(parts(" ".join(words))),
        )


def _surname(word: str) -> str:
    """Return a surname as one word, without the article of Arabic names."""
    found = parts(word)
    if len(found) > 1 and found[0] in names.particles():
        found = found[1:]
    return "".join(found)


def full_names_agree(a: PersonName, b: PersonName) -> bool:
    """Return whether two full names may be one person's. "Jr." differs from no suffix.

    >>> def agree(a, b): return full_names_agree(PersonName.of(a), PersonName.of(b))
    >>> agree("Bill Stone", "William J. Stone"), agree("Ann B. Lee", "Ann C. Lee"), agree("Ann Lee", "Tom Lee")
    (True, False, False)
    """
    if a.bare or b.bare or a.surname != b.surname or a.suffix != b.suffix:
        return False
    if not names.compatible((*a.given, a.surname), (*b.given, b.surname)):
        return False
    # Somebody known by a middle name: the other names have no counterpart.
    if not names.same_given(a.given[0], b.given[0]):
        return True
    return _in_order(*sorted((a.given[1:], b.given[1:]), key=len))


def _in_order(few: Sequence[str], many: Sequence[str]) -> bool:
    """Return whether each of ``few`` has a counterpart in ``many``, in the same order."""
    rest = iter(many)
    return all(any(names.same_given(name, other) for other in rest) for name in few)


def surname_fits(bare: PersonName, full: PersonName) -> bool:
    """Return whether a surname with its particles is that of a full name.

    >>> surname_fits(PersonName.of("van Dyke"), PersonName.of("Ann van Dyke"))
    True
    """
    n = len(bare.given)
    return (
        bare.bare
        and not full.bare
        and bare.surname == full.surname
        and (not n or full.given[-n:] == bare.given)
        and bare.suffix in ("", full.suffix)
    )


Key = tuple[str, ...]
"""A key under which names are filed: how they may agree, and the words for that."""


def keys_of(name: PersonName) -> Iterator[Key]:
    """Yield the keys under which a name is filed.

    >>> def found(a, b): return not set(keys_for(PersonName.of(a))).isdisjoint(keys_of(PersonName.of(b)))
    >>> found("A. Lee", "Ann Lee"), found("Lee", "Ann Lee"), found("Tom Lee", "Ann Lee")
    (True, True, False)
    """
    if name.bare:
        return
    first, *middle = ([("is", given), ("begins", given[0]), *_short(given)] for given in name.given)
    yield "surname", ""
    if name.given[-1] in names.particles():
        yield "surname", name.given[-1]
    for way in first:
        yield "first", *way
        if not middle:
            yield "alone", *way
        for other in middle:
            for second in other:
                yield "pair", *way, *second
    for given in name.given[1:]:
        yield "middle", given


def keys_for(name: PersonName) -> Iterator[Key]:
    """Yield the keys under which names that may agree with ``name`` are filed.

    They are a superset of those that `full_names_agree` or `surname_fits` accepts.
    """
    if name.bare:
        yield "surname", *(name.given[-1:] or ("",))
        return
    first, *middle = (_like(given) for given in name.given)
    for way in first:
        yield ("alone" if middle else "first"), *way
        for other in middle:
            for second in other:
                yield "pair", *way, *second
    # Somebody known by a middle name.
    yield "middle", name.given[0]
    for given in name.given[1:]:
        yield "first", "is", given


def _like(given: str) -> list[Key]:
    """Return the keys of the given names that agree with ``given``."""
    by_initial = [("begins", given)] if len(given) == 1 else [("is", given), ("is", given[0])]
    return [*by_initial, *_short(given)]


@cache
def _short(given: str) -> tuple[Key, ...]:
    """Return the groups of short forms that include ``given``."""
    return tuple(("short", line) for line in load("names")["short"] if given in line.split())


def may_be_person(name: str) -> bool:
    """Return whether ``name`` may be a person's: nothing in it shows a body or a place.

    >>> [may_be_person(name) for name in ("Ann de Lee", "Ministry of Ice", "World Bank", "Chad")]
    [True, False, False, False]
    """
    words = [word.strip("\"'“”‘’(),") for word in name.split()]
    if place(name) is not None or not all(word[:1].isalpha() for word in words):
        return False
    # In a name all in lower case the letters show nothing.
    small = [] if name == name.lower() else [word for word in words if word[0].islower()]
    if not words or any(folded(word).partition("-")[0] not in names.particles() for word in small):
        return False
    return kinds.name_kind(words[-1].lower(), words[0].lower()) is None


def is_description(name: str) -> bool:
    """Return whether ``name`` is a description and not a name: the last word has no capital.

    >>> is_description("the ministry"), is_description("a UN monitor"), is_description("the Ice Ministry")
    (True, True, False)
    """
    return any(word.islower() for word in name.split()[-1:])


def describes_person(name: str) -> bool:
    """Return whether ``name`` describes a person whom the article does not name.

    >>> [describes_person(name) for name in ("the victim's mother", "The Prime Minister", "MODERATOR", "Baker")]
    [True, True, True, False]
    """
    words = name.split()
    if len(words) == 1:
        noun = words[0].lower()
        return kinds.is_person(noun) and noun not in kinds.surnames()
    return words[:1] != [] and (is_description(name) or words[0].lower() in kinds.determiners("another") | _articles())


@cache
def _articles() -> frozenset[str]:
    return kinds.determiners("article")


def body_key(name: str) -> str:
    """Return the key of a body's name; all names of a country and its government share one key."""
    found = place(name)
    if found is None:
        people, _, noun = name.rpartition(" ")
        ruled = place(people) if noun.lower() in kinds.words("rulers") else None
        if ruled is not None and ruled.kind in ("country", "demonym"):
            return name_key(ruled.name)
    return name_key(found.name if found is not None and found.kind in ("country", "body") else name)


@dataclass(frozen=True, slots=True)
class Role:
    """An office for comparison: its head noun and all its words without those of its country (folded)."""

    head: str
    words: frozenset[str]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("known")[name].split())


def role_of(text: str, country: str | None) -> Role | None:
    """Return the office that ``text`` names, in ``country`` or the country in ``text``; ``None`` if no word is left.

    >>> role_of("the Russian foreign minister", "RU") == role_of("Foreign Minister of Russia", None)
    True
    >>> role_of("U.S. Secretary of State", "US").head
    'secretary'
    """
    words = [names.without_genitive(word) for word in _WORD.findall(text)]
    words = _without_country(words, country or country_in(words))
    titles = kinds.titles()
    kept = [part for word in words for part in parts(titles.get(word.lower(), word))]
    cut = next((i for i, word in enumerate(kept) if i and word in _words("prepositions")), len(kept))
    left = [word for word in kept if word not in _words("dropped")]
    if not left:
        return None
    head = next((word for word in reversed(kept[:cut]) if word in kinds.offices()), kept[cut - 1])
    return Role(head, frozenset(left))


def _without_country(words: list[str], code: str | None) -> list[str]:
    left: list[str] = []
    at = 0
    while code and at < len(words):
        for size in range(min(_LONGEST_COUNTRY, len(words) - at), 0, -1):
            found = place(" ".join(words[at : at + size]))
            if found is not None and found.code == code and found.kind in ("country", "demonym"):
                at += size
                break
        else:
            left.append(words[at])
            at += 1
    return left if code else words


def agreement(a: Role, b: Role) -> int:
    """Return how well two roles agree: 2 if they are the same, 1 if one is more specific, else 0.

    >>> def roles(a, b): return agreement(role_of(a, None), role_of(b, None))
    >>> roles("foreign minister", "Foreign Minister"), roles("minister", "foreign minister")
    (2, 1)
    >>> roles("prime minister", "foreign minister"), roles("minister", "senator")
    (0, 0)
    """
    if a.words == b.words:
        return 2
    if a.head != b.head and b.head not in kinds.alike(a.head):
        return 0
    rest, other = a.words - {a.head}, b.words - {b.head}
    return 1 if rest <= other or other <= rest else 0
