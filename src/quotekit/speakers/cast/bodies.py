"""The bodies and places of an article by name: what shows that a name is theirs, and what they are called for short."""

from __future__ import annotations

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import gender_of
from quotekit.lexicon.places import Place, country_in, place
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.name_runs import Run

_CANDIDATES = 32
_OWNER = 3
"""Words of the longest country's name that is looked for before "’s"."""


class Bodies:
    """Bodies by name and initials, by the noun at the head of their names, and by the first word of them."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self._by_name: dict[str, Entity] = {}
        self._by_noun: dict[str, list[Entity]] = {}
        self._by_first: dict[str, list[Entity]] = {}

    def introduce(self, run: Run) -> Entity | None:
        """The body that ``run`` names, where its words or what stands before it show that it is one."""
        kind = self._kind(run)
        if kind is None and len(run.words) > 1 and self._before(run) == "the":
            kind = "organization"
        elif kind is None or (len(run.words) == 1 and not self._described(run)):
            return None
        owner, code = self._owner(run)
        key = f"{code} {_bare(run.words)}" if kind == "government" and code is not None else _key(run.name)
        entity = self._by_name.get(key)
        if entity is None:
            entity = self._enter(run, kind, sure=self._kind(run) is not None, key=key, first=owner)
            entity.country = code if kind == "government" else None
            initials = "".join(word[0] for word in run.words if word[:1].isupper()).casefold()
            self._by_name.setdefault(initials, entity)
            self._acronym(run, entity)
            if self._described(run):
                self._by_noun.setdefault(self.parse.lemmas[run.first - 1], []).append(entity)
        entity.full += 1
        return entity

    def _owner(self, run: Run) -> tuple[int, str | None]:
        """Where a body's name begins with the country that has it ("Kenya’s Foreign Ministry"), and the code."""
        code, parse, mark = country_in(run.words), self.parse, run.first - 1
        if code is not None or mark < 1 or parse.tags[mark] != "POS":
            return run.first, code
        for first in range(max(0, mark - _OWNER), mark):
            where = place(" ".join(parse.words[first:mark]))
            if where is not None and where.kind in ("country", "state"):
                return first, where.code
        return run.first, None

    def enter_single(self, run: Run) -> Entity:
        """A body under a name of one word."""
        return self._enter(run, "organization", sure=True, key=_key(run.name), first=run.first)

    def named(self, run: Run) -> Entity | None:
        """The body that ``run`` names by its whole name, its initials, or, behind "the", by its noun or first word."""
        entity = self._by_name.get(_key(run.name))
        if entity is None and len(run.words) == 1:
            low = run.words[0].casefold()
            if self._before(run) == "the":
                bodies = self._by_noun.get(low, [])
                entity = bodies[0] if len(bodies) == 1 else None
            if entity is None and gender_of(low) is None and not run.name.isupper():
                bodies = [e for e in self._by_first.get(low, []) if e.sure]
                entity = bodies[0] if len(bodies) == 1 else None
        return entity

    def at_place(self, run: Run, where: Place) -> Entity:
        """A country under its own name, whatever of it is named; a body or a state under its own."""
        own = where.kind in ("body", "state")
        key = where.name.casefold() if own else "place " + where.code
        entity = self._by_name.get(key)
        if entity is None:
            entity = self._by_name[key] = Entity("government", run.name if where.kind == "body" else where.name, None)
            entity.country = where.code
            entity.sure = True
            entity.naming = "speaker.name.place"
            entity.place = "state" if where.kind == "state" else "body" if own else "country"
        if entity.name_span is None and (own or where.kind == "country"):
            # Of a doubtful run only the last word is the place; a country is called by its shortest name.
            shorter = place(run.name) is not None and len(run.name) <= max(len(where.name), len(entity.name))
            entity.name = run.name if where.kind == "body" or shorter else where.name
            entity.name_span = self.parse.span(run.first, run.last)
        return entity

    def of_noun(self, nouns: frozenset[str], before: int) -> Entity | None:
        """The body with one of these nouns at the head of its name that was introduced last before token ``before``.

        None where the same sentence introduced two.
        """
        limit = self.parse.starts[before]
        found = [
            entity
            for noun in sorted(nouns)
            for entity in self._by_noun.get(noun, [])[-_CANDIDATES:]
            if entity.name_span is not None and entity.name_span[0] < limit
        ]
        found.sort(key=lambda e: e.name_span or (0, 0))
        if len(found) > 1 and self._sentence(found[-1]) == self._sentence(found[-2]):
            return None
        return found[-1] if found else None

    def _sentence(self, entity: Entity) -> int:
        return self.parse.sentences[self.parse.tokens(entity.name_span or (0, 1)).start]

    def _enter(self, run: Run, kind: SpeakerKind, *, sure: bool, key: str, first: int) -> Entity:
        """A new body under ``key``, its name from the token ``first`` on."""
        words = tuple(word.casefold() for word in run.words)
        span = self.parse.span(first, run.last)
        name = run.name if first == run.first else " ".join(self.parse.text[span[0] : span[1]].split())
        entity = Entity(kind, name, span, words)
        entity.sure = sure
        self._by_name[key] = entity
        self._by_name.setdefault(_key(run.name), entity)
        if len(words) > 1:
            self._by_noun.setdefault(_head(words), []).append(entity)
            self._by_first.setdefault(words[0], []).append(entity)
        return entity

    def _before(self, run: Run) -> str:
        return self.parse.words[run.first - 1].lower() if run.first else ""

    def _described(self, run: Run) -> bool:
        """Whether a noun for a body stands right before the name: "the airline Kite"."""
        before, parse = run.first - 1, self.parse
        if before < 0 or parse.tags[before] != "NN" or parse.sentences[before] != parse.sentences[run.first]:
            return False
        noun = parse.lowers[before]
        if noun in kinds.words("territory") or gender_of(run.words[0]) is not None or place(run.name) is not None:
            return False
        return noun in kinds.words("generic") or kinds.noun_kind(noun, False, False) in ("organization", "government")

    def _kind(self, run: Run) -> SpeakerKind | None:
        if self._described(run):
            return "organization"
        words = run.words
        first, last = words[0].lower(), _head(tuple(word.lower() for word in words))
        personal = gender_of(words[0]) is not None
        placed = _is_of(words) or place(words[0]) is not None or place(run.name) is not None
        if last in kinds.words("weak") and len(words) > 1 and self._before(run) != "the" and not placed:
            # "Jude Law" is nobody's law.
            return None
        kind = kinds.name_kind(last, "" if personal else first)
        if "&" in words:
            return kind or "organization"
        if len(words) == 1 or personal:
            return kind
        opening = place(" ".join(words[:2])) if len(words) > 2 else None
        if (opening is not None and opening.kind == "body") or (kind and first in ("federal", "congressional")):
            return "government"
        if kind is None and last in kinds.words("document"):
            return "document"
        if kind is None and (place(words[0]) is not None or _acronym_first(words)):
            return "organization"
        return kind

    def _acronym(self, run: Run, entity: Entity) -> None:
        """Learn "CBO" from "Congressional Budget Office (CBO)"."""
        words, k = self.parse.words, run.last + 1
        if k + 2 < len(words) and words[k] == "(" and words[k + 2] == ")" and words[k + 1].isupper():
            self._by_name[_key(words[k + 1])] = entity


def _acronym_first(words: tuple[str, ...]) -> bool:
    """ "RT America", "CNN International": not "JD Vance" and not a name all in capitals."""
    first, last = words[0], words[-1]
    acronym = first.isupper() and first.isalpha() and not last.isupper()
    return acronym and (len(first) > 2 or place(last) is not None)


def _head(words: tuple[str, ...]) -> str:
    """The noun of a body's name: the last word, or the last before "of" or "for"."""
    for at, word in enumerate(words[1:], 1):
        if word in ("of", "for"):
            return words[at - 1]
    return words[-1]


def _is_of(words: tuple[str, ...]) -> bool:
    return "of" in words or "for" in words


def _bare(words: tuple[str, ...]) -> str:
    """A body's name without the country in it: "foreign ministry" of "Russian Foreign Ministry"."""
    rest = [word for word in words if place(word) is None]
    return _key(" ".join(rest or words))


def _key(name: str) -> str:
    return name.casefold().replace(".", "").replace("’", "'")
