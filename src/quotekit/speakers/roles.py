"""Roles and who holds them: before a name, after it, in apposition to it."""

from __future__ import annotations

from quotekit.parse import Parse
from quotekit.speakers import kinds
from quotekit.speakers.entity import Entity
from quotekit.speakers.places import country_in

_LONGEST = 12
_MOST_OFFICES = 16
_MODIFIERS = frozenset({"JJ", "NN", "NNP", "NNPS", "HYPH", "POS", "VBN", "JJS", "PRP$", "CD"})
_NOT_FIRST = frozenset({"POS", "HYPH", "PRP$"})
_NOT_LAST = frozenset({"IN", "CC", "DT", "TO", "RB"})
_ENDS = frozenset({"WP", "WDT", "VBD", "VBZ", "VBP", "MD", "''", "."})
_END_MARKS = frozenset({",", ";", "(", "--", "—", "–", ":"})

Holder = tuple[int, Entity, frozenset[str]]
"""Who holds an office: the token where the text says so, the holder, and the role's words (lower case)."""


class Roles:
    """The offices of an article: for each head noun ("minister") its holders, sorted by token once all are known."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.holders: dict[str, list[Holder]] = {}

    def give(self, entity: Entity, role: tuple[int, int], at: int, apposed: bool = False) -> None:
        """Note a role (tokens, inclusive) of ``entity``, and keep it as its role where it is the fullest."""
        parse, titles = self.parse, kinds.titles()
        words = parse.text[parse.starts[role[0]] : parse.ends[role[1]]].split()
        words = [titles.get(word.lower(), word) for word in words if word.lower() not in kinds.honorifics()]
        if not words:
            return
        low = [word.lower().strip(",.") for word in words]
        self._hold(entity, low, at)
        text, old = " ".join(words), entity.role
        if old is None or (not apposed and len(text) > len(old) and text.lower().endswith(old.lower())):
            entity.role = text
        entity.country = entity.country or country_in(words)

    def _hold(self, entity: Entity, low: list[str], at: int) -> None:
        before_of = low[: low.index("of")] if "of" in low[1:] else low
        head = next((word for word in reversed(before_of) if word in kinds.offices()), "")
        office = (head, frozenset(low))
        if head and office not in entity.offices and len(entity.offices) < _MOST_OFFICES:
            entity.offices.append(office)
            self.holders.setdefault(head, []).append((at, entity, office[1]))

    def apposed(self, named: dict[int, Entity]) -> None:
        """Roles that stand beside a name: "Ann Lee, the finance minister," and "a spokeswoman, Ann Lee"."""
        parse = self.parse
        for i in [i for i, dep in enumerate(parse.deps) if dep == "appos"]:
            head = parse.heads[i]
            a, b = named.get(head), named.get(i)
            if a is not None and b is None and a.kind == "person":
                self._beside(a, i, head)
            elif b is not None and a is None and b.kind == "person":
                self._beside(b, head, i)
        for holders in self.holders.values():
            holders.sort(key=lambda holder: holder[0])

    def _beside(self, entity: Entity, noun: int, name: int) -> None:
        parse = self.parse
        if parse.words[noun].lower() not in kinds.offices() and parse.lemmas[noun] not in kinds.offices():
            return
        first, last = self._extent(noun)
        entity.sure = True
        entity.gender = entity.gender or kinds.office_gender().get(parse.words[noun].lower())
        if not first <= name <= last:
            self.give(entity, (first, last), min(noun, name), apposed=True)

    def _extent(self, noun: int) -> tuple[int, int]:
        """The tokens of the role around its noun: "former mayor of Ulmenau", without an article or a clause."""
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
