"""Offices and their holders: roles before, behind and in apposition to names, and the facts behind names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from quotekit.article.parse import Parse
from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import without_genitive
from quotekit.lexicon.places import country_in, place
from quotekit.speakers.cast.entity import Draft, Entity
from quotekit.speakers.cast.facts import party, states
from quotekit.speakers.cast.name_runs import Run
from quotekit.speakers.cast.role_spans import owning_place

_LONGEST = 12
"""Tokens of a role on each side of its noun."""
_REACH = 8
"""Tokens or offices in which the end of an apposition, or the office of a counterpart, is looked for."""
_MOST_OFFICES = 16
"""Offices kept for one entity."""
_MODIFIERS = frozenset({"JJ", "NN", "NNP", "NNPS", "HYPH", "POS", "VBN", "VBG", "JJS", "PRP$", "CD"})
_BEFORE_NOUN = _MODIFIERS | {"DT", "RB"}
_NOUNS = frozenset({"NN", "NNP"})
_NOT_FIRST = frozenset({"POS", "HYPH", "PRP$"})
_NOT_LAST = frozenset({"IN", "CC", "DT", "TO", "RB"})
_ENDS = frozenset({"WP", "WDT", "VBD", "VBZ", "VBP", "MD", "''", "."})
_END_MARKS = frozenset({",", ";", "(", ")", "--", "—", "–", ":", "."})
_GOING_ON = frozenset({"IN", "WP", "WDT", "CC", "VBN", "VBG"})
_PARTY = re.compile(r",? ?\(?([A-Z])[-–]((?:[A-Z][\w.]*)(?: [A-Z][a-z.]+)?)")
_AGE = re.compile(r"(?:,| \(| \[)? ?(\d{1,3})[,.)\]]")
_AFTER = 40
"""Characters behind a name in which party and age are looked for."""


_Bearer = TypeVar("_Bearer", Draft, Entity)


@dataclass(frozen=True, slots=True)
class Held(Generic[_Bearer]):
    """An office held.

    Attributes:
        token: where the text says so.
        holder: who holds it: a draft while names are read, an entity in the finished cast.
        words: the words of the role (lower case).
        owner: the possessive before the role ("her" of "her deputy", "'s" of "the mayor's wife"), or "".
    """

    token: int
    holder: _Bearer
    words: frozenset[str]
    owner: str


def _own(words: list[str], bare: list[str]) -> list[str]:
    """Return the words of a role after a possessor: "the Republican nominee's [daughter]"."""
    owners = (i for i, word in enumerate(words) if without_genitive(word) != word)
    last = max((i for i in owners if kinds.is_person(without_genitive(words[i].lower()))), default=-1)
    return bare[last + 1 :]


@cache
def _words(of: str) -> frozenset[str]:
    return frozenset(load("offices")[of].split())


def _bare(words: list[str]) -> list[str]:
    """Return the words of a role without genitive endings and punctuation."""
    return [without_genitive(word if place(word) or "." in word[:-1] else word.strip(",.")) for word in words]


def _without_field(words: list[str]) -> list[str]:
    """Return a role without the country that its holder studies or works on: "[North Korea] expert"."""
    kept: list[str] = []
    for word in words:
        studies = word.lower() in _words("studies")
        if studies or word.lower() in _words("works_on"):
            size = next((n for n in (3, 2, 1) if _is_field(kept[-n:], studies=studies)), 0)
            kept = kept[: len(kept) - size]
        kept.append(word)
    return kept


def _is_field(words: list[str], *, studies: bool) -> bool:
    """Return whether words name a country as a field: "Iraq" and not "US" or, except for studies, "Iraqi"."""
    where = place(" ".join(words))
    if where is None or words[0].isupper():
        return False
    return where.kind == "country" or (studies and where.kind == "demonym")


def _without_ex(word: str) -> tuple[str, ...]:
    return ("ex", word[3:]) if word[:3].lower() == "ex-" and len(word) > len("ex-") else (word,)


def country_served(words: list[str]) -> str | None:
    """Return the country that the holder of a role with these words serves.

    An envoy to Norway serves another one. Georgia is a state if its governor or senator is meant.
    """
    words = _bare(_without_field(words))
    lows = [word.lower() for word in words]
    sent = not _words("sent").isdisjoint(lows)
    ends = (i for i, word in enumerate(lows) if word in _words("not_served") or (sent and word == "for"))
    code = country_in(words[: next(ends, len(words))])
    return "US" if code == "GE" and not _words("state_offices").isdisjoint(lows) else code


class Roles:
    """The offices of an article.

    ``held`` has for each head noun ("minister") the offices held, sorted by token once all names are read.
    """

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.held: dict[str, list[Held[Draft]]] = {}

    def give(self, draft: Draft, role: tuple[int, int], at: int, apposed: bool = False) -> None:
        """Note a role (tokens, inclusive) of ``draft``; the fullest one becomes its role."""
        parse, titles = self.parse, kinds.titles()
        words = parse.text[parse.starts[role[0]] : parse.ends[role[1]]].split()
        words = [titles.get(word.lower(), word) for word in words if word.lower() not in kinds.honorifics()]
        if not words:
            return
        bare = [part for word in _bare(words) for part in _without_ex(word)]
        owners = [i for i in (role[0] - 1, role[0]) if i >= 0 and parse.tags[i] in ("PRP$", "POS")]
        self._hold(draft, [word.lower() for word in bare], at, parse.lowers[owners[-1]] if owners else "")
        text, old = " ".join(words), draft.role
        if old is None or (not apposed and len(text) > len(old) and text.lower().endswith(old.lower())):
            draft.role = text
        owner = owning_place(parse, role[0] - 1)
        draft.country = draft.country or country_served(words) or (None if owner is None else owner[1])
        self._note_politics(draft, _own(words, bare))

    @staticmethod
    def _note_politics(draft: Draft, words: list[str]) -> None:
        draft.party = draft.party or party(word.lower() for word in words)
        draft.states |= states(words)

    def _hold(self, draft: Draft, low: list[str], at: int, owner: str) -> None:
        before_of = low[: low.index("of")] if "of" in low[1:] else low
        head = next((word for word in reversed(before_of) if kinds.is_person(word)), "")
        office = (head, frozenset(low))
        if head and office not in draft.offices and len(draft.offices) < _MOST_OFFICES:
            draft.offices += (office,)
            self.held.setdefault(head, []).append(Held(at, draft, office[1], owner))

    def beside(self, named: Mapping[int, Draft], runs: Mapping[int, Run]) -> None:
        """Note roles and facts beside names: "Ann Lee, 38, the finance minister," and "a spokeswoman, Ann Lee"."""
        parse = self.parse
        for i in [i for i, dep in enumerate(parse.deps) if dep == "appos"]:
            head = parse.heads[i]
            a, b = named.get(head), named.get(i)
            if a is not None and b is None and a.kind == "person":
                self._apposed(a, i, head)
            elif b is not None and a is None and b.kind == "person":
                self._apposed(b, head, i)
        for first in sorted(runs):
            if named[first].kind == "person":
                if len(runs[first].words) > 1:
                    self._between_commas(named, runs, runs[first])
                self._behind(named, runs[first])
        self._counterparts()
        for holders in self.held.values():
            holders.sort(key=lambda holder: holder.token)

    def _between_commas(self, named: Mapping[int, Draft], runs: Mapping[int, Run], run: Run) -> None:
        """Note appositions by their commas, for those that the parser missed."""
        parse, draft, n = self.parse, named[run.first], len(self.parse)
        noun, after = run.start - 2, run.last + 1
        ends = (
            after >= n or parse.words[after] in _END_MARKS or parse.tags[after] in _ENDS or parse.words[after] == "and"
        )
        if (
            noun >= 0
            and ends
            and parse.words[run.start - 1] == ","
            and parse.tags[noun] in _NOUNS
            and noun not in named
        ):
            self._apposed(draft, noun, run.first)
        if after + 1 >= n or parse.words[after] != ",":
            return
        at = after + 1
        while at + 1 < min(n, after + _REACH) and parse.tags[at + 1] in _BEFORE_NOUN and parse.tags[at] in _BEFORE_NOUN:
            at += 1
        if at in named or parse.tags[at] not in _NOUNS or parse.sentences[at] != parse.sentences[run.last]:
            return
        # In "Ann Lee, the envoy said" the envoy is a subject and not an apposition.
        if at + 1 >= n or parse.words[at + 1] in _END_MARKS or parse.tags[at + 1] in _GOING_ON:
            self._apposed(draft, at, run.last)

    def _behind(self, named: Mapping[int, Draft], run: Run) -> None:
        """Note what is right behind a name: "of Norway", "(R-Ohio)", ", 38,"."""
        parse, draft, after = self.parse, named[run.first], run.last + 1
        facts: list[str] = []
        if run.role is not None and after + 1 < len(parse) and parse.words[after] == "of":
            there = named.get(after + 1)
            if there is not None and there.place is not None:
                draft.country = draft.country or country_served([there.name, *(draft.role or "").split()])
                facts += there.name.lower().split()
                self._note_politics(draft, there.name.split())
        text = parse.text[parse.ends[run.last] : parse.ends[run.last] + _AFTER]
        seat, age = _PARTY.match(text), _AGE.match(text)
        if seat is not None and seat[1] in load("offices")["parties"]:
            name = load("offices")["parties"][seat[1]]
            state = place(seat[2]) or place(seat[2].rstrip(".")) or place(seat[2].split()[0])
            facts += [name, *(state.name.lower().split() if state is not None and state.kind == "state" else ())]
            self._note_politics(draft, [name, *(state.name.split() if state is not None else ())])
            self._hold(draft, facts if facts[-1] == name else [*facts, name], run.first, "")
        if age is not None:
            facts.append(age[1])
        draft.facts |= frozenset(facts)

    def _counterparts(self) -> None:
        """Give "his Finnish counterpart" the office of the minister named just before."""
        counterparts = self.held.get("counterpart", [])
        if not counterparts:
            return
        sentences = self.parse.sentences
        others = sorted(
            ((holder.token, head, holder) for head, found in self.held.items() for holder in found),
            key=lambda entry: entry[0],
        )
        for counterpart in counterparts:
            at = bisect_left(others, counterpart.token, key=lambda entry: entry[0])
            for _, head, other in reversed(others[max(0, at - _REACH) : at]):
                near = sentences[counterpart.token] - sentences[other.token] <= 1
                if head != "counterpart" and near and other.holder is not counterpart.holder:
                    words = counterpart.words | (other.words & (kinds.portfolios() | _words("ranks") | {head}))
                    self.held[head].append(Held(counterpart.token, counterpart.holder, words, ""))
                    break

    def _apposed(self, draft: Draft, noun: int, name: int) -> None:
        parse = self.parse
        if draft.may_be_body() and _names_body(parse.lemmas[noun]):
            # A lender and a broadcaster may be persons too.
            draft.turn_to_body()
            return
        if not kinds.is_person(parse.lowers[noun]) and not kinds.is_person(parse.lemmas[noun]):
            return
        first, last = self._extent(noun)
        draft.sure = True
        draft.show_gender(kinds.office_gender().get(parse.lowers[noun]), parse.span(noun, noun), "speaker.role.holder")
        if not first <= name <= last:
            self.give(draft, (first, last), min(noun, name), apposed=True)

    def _extent(self, noun: int) -> tuple[int, int]:
        """Return the tokens of a role around its noun: "former mayor of Ulmenau", without article or clause."""
        parse = self.parse
        first = last = noun
        while first > 0 and noun - first < _LONGEST and parse.tags[first - 1] in _MODIFIERS:
            first -= 1
        while first < noun and parse.tags[first] in _NOT_FIRST:
            first += 1
        n, sentence = len(parse), parse.sentences[noun]
        while last + 1 < n and parse.sentences[last + 1] == sentence and last - noun < _LONGEST:
            if parse.words[last + 1] in _END_MARKS or parse.tags[last + 1] in _ENDS:
                break
            last += 1
        while last > noun and parse.tags[last] in _NOT_LAST:
            last -= 1
        return first, last


def _names_body(noun: str) -> bool:
    """Return whether a noun beside a name shows that the name is one of a body: "Human Shore, a rights group"."""
    return noun in kinds.words("generic") or kinds.noun_kind(noun, False, False) == "organization"
