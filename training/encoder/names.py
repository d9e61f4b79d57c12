"""Names in an article, and other names for them: each person and country keeps one new name through the article."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from quotekit.lexicon import load
from quotekit.lexicon.places import country_names
from training.encoder.edits import Edit

CHANGES = Path(__file__).parents[1] / "data" / "changes.json"

WORD = re.compile(r"\b[^\W\d_]+(?:[-’'][^\W\d_]{2,})*")
PLAIN = 0.2
"""A word that is written small this often, as a share of the times it is written with a capital, is no name."""

KEPT = 0.3
"""Share of the countries that keep their name."""

LONGEST_TITLE = 14
"""Characters in a title, at most, with the space after it."""

FORMS = ("country", "demonym", "capital")


@cache
def changes() -> dict[str, Any]:
    """The names and lines that are written into articles."""
    found: dict[str, Any] = json.loads(CHANGES.read_text(encoding="utf-8"))
    return found


def plain_words(texts: Iterable[str]) -> frozenset[str]:
    """The words of ``texts`` that are no names, in lower case."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for word in WORD.findall(text):
            (small if word[0].islower() else capital)[word.lower()] += 1
    return frozenset(word for word, count in small.items() if count > PLAIN * capital[word])


def renamed(text: str, plain: frozenset[str], chance: random.Random) -> list[Edit]:
    """Edits that give the persons and countries of ``text`` other names."""
    places = _places(text, chance)
    taken = [(edit.start, edit.end) for edit in places]
    words = [found for found in WORD.finditer(text) if found[0][0].isupper() and found[0].lower() not in plain]
    new = _new_names(text, [found.span() for found in words], chance)
    persons = [
        Edit(*found.span(), new[found[0]])
        for found in words
        if found[0] in new and not any(start < found.end() and found.start() < end for start, end in taken)
    ]
    return places + persons


def _new_names(text: str, words: list[tuple[int, int]], chance: random.Random) -> dict[str, str]:
    """A new surname for each of ``words`` that follows a given name or a title, and new given names."""
    given, titles, surnames = _given_names(), set(changes()["titles"]), tuple(changes()["surnames"])
    new: dict[str, str] = {}
    after_given = -1
    for start, end in words:
        word, title = text[start:end], text[max(0, start - LONGEST_TITLE) : start].split()[-1:]
        follows = start - 1 == after_given or (title and title[0] in titles)
        if follows and text[start - 1] == " " and word not in new:
            new[word] = _alike(word, surnames, chance)
        after_given = end if word in given and word not in new else -1
    for word in sorted({text[slice(*span)] for span in words} & given.keys() - new.keys()):
        new[word] = _alike(word, given[word], chance)
    return new


def _alike(word: str, others: tuple[str, ...], chance: random.Random) -> str:
    """One of ``others`` that takes the same article as ``word``, "a" or "an"."""
    fitting = [other for other in others if (other[0] in "AEIOU") == (word[0] in "AEIOU")]
    return chance.choice(fitting or list(others))


@cache
def _given_names() -> dict[str, tuple[str, ...]]:
    """Every given name with the others of its gender."""
    data = load("given_names")
    groups = [tuple(data[kind].split()) for kind in ("male", "female", "both")]
    return {name: group for group in groups for name in group}


@cache
def _countries() -> dict[str, dict[str, str]]:
    """The country, demonym and capital of each code that has all three."""
    found = {}
    for code, entry in load("places")["countries"].items():
        forms = [country_names(code)[:1], entry.get("demonyms", ())[:1], entry.get("capitals", ())[:1]]
        if all(forms):
            found[code] = {form: names[0] for form, names in zip(FORMS, forms, strict=True)}
    return found


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """A pattern of all countries, demonyms and capitals, and the code and form of each."""
    meaning = {name: (code, form) for code, names in _countries().items() for form, name in names.items()}
    longest_first = sorted(meaning, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?=s?\b)"), meaning


def _places(text: str, chance: random.Random) -> list[Edit]:
    """Edits that put other countries into the place of those in ``text``."""
    pattern, meaning = _pattern()
    new: dict[str, str] = {}
    edits = []
    for found in pattern.finditer(text):
        code, form = meaning[found[0]]
        if code not in new:
            new[code] = code if chance.random() < KEPT else chance.choice(list(_countries()))
        other = _countries()[new[code]][form]
        if (other[0] in "AEIOU") == (found[0][0] in "AEIOU"):
            edits.append(Edit(*found.span(), other))
    return edits
