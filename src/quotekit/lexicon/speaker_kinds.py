"""The kind of speaker that a noun or a name shows, by word lists."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from quotekit.lexicon import load
from quotekit.models import SpeakerKind

_SHORT = 5
"""Letters of a noun up to which its ending does not show a person."""


@cache
def words(kind: str) -> frozenset[str]:
    """Return the nouns of ``sources.json`` under ``kind`` ("document", "organization", …)."""
    return frozenset(load("sources")[kind].split())


@cache
def outlets() -> frozenset[str]:
    """Return the names (lower case) of media, several words long, that show nowhere that they are media."""
    return frozenset(load("sources")["outlets"])


@cache
def bodies() -> frozenset[str]:
    """Return the names (lower case) of bodies, such as militant groups, that do not show that they are bodies."""
    return frozenset(load("sources")["bodies"])


@cache
def determiners(kind: str) -> frozenset[str]:
    """Return the words of ``determiners.json`` under ``kind`` ("definite", "article", …)."""
    return frozenset(load("determiners")[kind].split())


@cache
def endings(kind: str) -> tuple[str, ...]:
    """Return the endings of nouns of ``kind``: "abstract", "people" (plurals of demonyms), "plural"."""
    return tuple(load("sources")["endings"][kind].split())


@cache
def offices() -> frozenset[str]:
    """Return the nouns for people that may precede a name: "minister", "spokeswoman"."""
    return frozenset(load("offices")["offices"].split())


@cache
def people() -> frozenset[str]:
    """Return all nouns for persons: the offices, and "commenter", "refugee", "stepfather"."""
    return offices() | frozenset(load("offices")["people"].split())


@cache
def _no_people() -> frozenset[str]:
    lists = ("document", "organization", "government", "group", "quantity", "collective", "no_person")
    return frozenset().union(*(words(kind) for kind in lists))


def is_person(noun: str) -> bool:
    """Return whether a noun (singular, lower case) is one for a person, by the lists or by its ending.

    >>> is_person("minister"), is_person("oceanographer"), is_person("letter"), is_person("river")
    (True, True, False, False)
    """
    if noun in people():
        return True
    return len(noun) > _SHORT and noun.endswith(_person_endings()) and noun.isalpha() and noun not in _no_people()


@cache
def _person_endings() -> tuple[str, ...]:
    return tuple(load("offices")["endings"].split())


@cache
def qualities() -> frozenset[str]:
    """Return the nouns for what persons are and not for posts: "candidate", "billionaire"."""
    return frozenset(load("offices")["qualities"].split())


@cache
def kin() -> frozenset[str]:
    """Return the nouns for relatives and the like, which are not titles: "son", "friend"."""
    return frozenset(load("offices")["kin"].split())


@cache
def nonpartisan() -> frozenset[str]:
    """Return the offices that are not held for a party: "judge", "reporter", "spokesman"."""
    return frozenset(load("offices")["nonpartisan"].split())


@cache
def surnames() -> frozenset[str]:
    """Return the offices that are common family names too: "baker", "king"."""
    return frozenset(load("offices")["surnames"].split())


@cache
def titles() -> dict[str, str]:
    """Return short titles and their full forms: "sen." → "Senator"."""
    found: dict[str, str] = load("offices")["titles"]
    return found | {short.rstrip("."): full for short, full in found.items() if len(short) > 3}


@cache
def honorifics() -> dict[str, str]:
    """Return titles that are not roles, with the gender that they show, or ""."""
    found: dict[str, str] = load("offices")["honorifics"]
    return found


@cache
def portfolios() -> frozenset[str]:
    """Return the words that may follow "of" in an office: "State", "Defense"."""
    return frozenset(load("offices")["portfolios"].split())


@cache
def chambers() -> frozenset[str]:
    """Return the words that may follow "of the" in an office: "House", "Senate"."""
    return frozenset(load("offices")["chambers"].split())


@cache
def office_gender() -> dict[str, str]:
    """Return offices that show a gender, with it."""
    data = load("offices")["gender"]
    return {word: gender for gender in ("male", "female") for word in data[gender].split()}


@cache
def _alike(name: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in load(name)["alike"]:
        group = frozenset(line.split())
        for word in group:
            found[word] = found.get(word, frozenset()) | group
    return found


def alike(noun: str, of: str = "offices") -> frozenset[str]:
    """Return the nouns (lemmas) for the same office (or, with ``of="sources"``, document), itself included.

    >>> "representative" in alike("congressman"), sorted(alike("governor"))
    (True, ['governor'])
    """
    return _alike(of).get(noun) or frozenset((noun,))


@cache
def pronouns() -> dict[str, str]:
    """Return each pronoun (lower case) with its group: "male", "plural", "speaker", …"""
    data = load("pronouns")
    groups = (group for group in data if group not in ("comment", "singular", "nominative", "names"))
    return {word: group for group in groups for word in data[group].split()}


def pronoun_group(word: str) -> str | None:
    """Return the group of a pronoun; ``None`` for other words.

    >>> pronoun_group("They"), pronoun_group("US"), pronoun_group("minister")
    ('plural', None, None)
    """
    return None if word in load("pronouns")["names"].split() else pronouns().get(word.lower())


@cache
def first_singular() -> frozenset[str]:
    """Return "I" and its forms."""
    return frozenset(load("pronouns")["singular"].split())


def inner_capitals(name: str) -> bool:
    """Return whether a name has a capital inside, like a brand and unlike a person.

    >>> inner_capitals("WikiLeaks"), inner_capitals("McDonald"), inner_capitals("Ki-Moon")
    (True, False, False)
    """
    return "-" not in name and any(a.islower() and b.isupper() for a, b in pairwise(name[2:]))


def name_kind(last: str, first: str) -> SpeakerKind | None:
    """Return the kind of a body by the last or first word of its name; ``None`` if they do not show it.

    >>> name_kind("Ministry", "Defence"), name_kind("University", "Midland"), name_kind("Lee", "Ann")
    ('government', 'organization', None)
    >>> name_kind("UN", ""), name_kind("Un", "Kim")
    ('organization', None)
    """
    if last.lower() in words("newspaper"):
        return "organization"
    for word in (last, first):
        low = word.lower()
        if low in words("government"):
            return "government"
        if low in words("organization") or (word.isupper() and low in words("acronym")):
            return "organization"
    return None


def is_withheld(lemma: str) -> bool:
    """Return whether a noun (singular, lower case) is one for sources that news keeps unnamed.

    >>> is_withheld("official"), is_withheld("aide"), is_withheld("neighbour"), is_withheld("spokeswoman")
    (True, True, False, False)
    """
    return lemma in words("anonymous") or lemma in words("one") or lemma in words("staff") - words("on_record")


def noun_kind(lemma: str, plural: bool, definite: bool) -> SpeakerKind:
    """Return the kind of a description by its head noun.

    >>> noun_kind("report", False, True), noun_kind("voter", True, False), noun_kind("official", True, False)
    ('document', 'group', 'anonymous')
    """
    if lemma in words("one"):
        return "anonymous"
    if lemma in words("quantity"):
        return "group"
    if lemma in words("document"):
        return "document"
    if lemma in words("anonymous") or lemma in words("staff"):
        return "anonymous"
    if lemma in words("government"):
        return "government"
    if lemma in words("group") and (plural or lemma not in people()):
        return "group"
    if lemma in words("organization") or lemma in words("acronym"):
        return "organization"
    if is_person(lemma):
        return "group" if plural else "anonymous"
    # Most plural speakers are people, but abstract nouns are not.
    return "group" if plural and not lemma.endswith(endings("abstract")) else "unknown"
