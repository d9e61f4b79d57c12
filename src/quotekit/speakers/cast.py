"""The cast of an article: one entity for each person, body and place named in it, with every mention of it."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.article import Article, Paragraph
from quotekit.models import Span, SpeakerKind
from quotekit.parse import Parse
from quotekit.speakers import kinds
from quotekit.speakers.entity import Entity
from quotekit.speakers.names import compatible, core, family_first, gender_of, inside
from quotekit.speakers.places import Place, country_in, place
from quotekit.speakers.roles import Roles
from quotekit.speakers.runs import Run, find_runs

_CANDIDATES = 32


class Cast:
    """The entities of an article and where they are named.

    ``at[i]`` is the entity that token ``i`` names, ``runs[i]`` the run whose name begins at token ``i``; ``named`` are
    the keys of ``runs`` in text order, ``people`` those of them that name persons.
    """

    def __init__(self, parse: Parse, article: Article) -> None:
        self.parse = parse
        self.roles = Roles(parse)
        self.at: dict[int, Entity] = {}
        self.runs: dict[int, Run] = {}
        self.named: list[int] = []
        self.people: list[int] = []
        self._by_word: dict[str, list[Entity]] = {}
        self._bodies: dict[str, Entity] = {}
        self._body_words: dict[str, list[Entity]] = {}
        self._fill(article)

    def _fill(self, article: Article) -> None:
        text_runs, headline_runs, caption_runs = self._sorted_runs(article.paragraphs)
        # Full names first: a surname can come before the full name, as in a headline.
        short = [run for run in text_runs if not self._introduce(run)]
        for run in short + headline_runs:
            self._link(run)
        for run in caption_runs:
            entity = self._person(core(run.words), run.gender) if len(run.words) > 1 else None
            if entity is not None and run.role is not None:
                self.roles.give(entity, run.role, run.first)
        self.roles.apposed(self.at)
        self.named = sorted(self.runs)
        self.people = [i for i in self.named if self.at[i].kind == "person"]

    def _sorted_runs(self, paragraphs: Sequence[Paragraph]) -> tuple[list[Run], list[Run], list[Run]]:
        """The runs of running text, of headlines and of captions; those of other furniture name nobody."""
        text: list[Run] = []
        headline: list[Run] = []
        caption: list[Run] = []
        bins = {"text": text, "headline": headline, "caption": caption}
        at = 0
        for run in find_runs(self.parse):
            start = self.parse.starts[run.first]
            while at + 1 < len(paragraphs) and paragraphs[at].end <= start:
                at += 1
            kind = "text" if not paragraphs else paragraphs[at].kind
            if kind in bins and (kind != "text" or not paragraphs or start >= paragraphs[at].body):
                bins[kind].append(run)
        return text, headline, caption

    def _introduce(self, run: Run) -> bool:
        """Enter ``run`` where it names its bearer in full; false for a surname alone and the like."""
        name = " ".join(run.words)
        if not run.titled:
            where = self._where(run, name)
            if where is not None:
                if where.kind != "demonym":
                    self._note(run, self._place(run, where, name))
                return True
            if self._people_of(run) or self._body(run, name):
                return True
        words = core(run.words)
        if len(run.words) < 2 or (len(words) < 2 and not run.titled):
            return False
        self._introduce_person(run, name, words)
        return True

    @staticmethod
    def _where(run: Run, name: str) -> Place | None:
        """The place that ``run`` names beyond doubt: of one word alone only bodies and acronyms are."""
        where = place(name)
        if len(run.words) == 1:
            return where if where is not None and (where.kind == "body" or name.isupper()) else None
        if where is None and len(run.words) == 2 and gender_of(run.words[0]) is None and not run.words[0].isupper():
            where = place(run.words[1])
            return where if where is not None and where.kind in ("country", "state") else None
        return where

    def _introduce_person(self, run: Run, name: str, words: tuple[str, ...]) -> None:
        entity = self._person(words, run.gender, full=True)
        if entity is None:
            entity = Entity("person", name, self._span(run), words)
            self._index(entity)
        elif len(words) > len(entity.words):
            entity.name, entity.name_span, entity.words = name, self._span(run), words
            self._index(entity)
        entity.full += 1
        inverted = family_first(run.words)
        given = None if inverted else gender_of(run.words[0])
        entity.sure = entity.sure or run.titled or given is not None or inverted
        entity.gender = entity.gender or run.gender or (given if given in ("male", "female") else None)
        self._note(run, entity)

    def _people_of(self, run: Run) -> bool:
        """Whether the run is a people or a party ("Iowa Republicans", "Russians"): a description, nobody's name."""
        last = run.words[-1].lower()
        if not last.endswith("s") or gender_of(run.words[0]) is not None:
            return False
        if last[:-1] in kinds.words("group") or last[:-1] in kinds.offices():
            return True
        where = place(run.words[-1])
        return where is not None and where.kind == "demonym"

    def _body(self, run: Run, name: str) -> bool:
        """Enter ``run`` as an organisation or government where its words or an article before it show one."""
        kind = self._body_kind(run)
        before = self.parse.words[run.first - 1].lower() if run.first else ""
        if len(run.words) == 1 or (kind is None and before != "the"):
            return False
        key = _key(name)
        entity = self._bodies.get(key)
        if entity is None:
            entity = Entity(kind or "organization", name, self._span(run), tuple(w.casefold() for w in run.words))
            entity.country = country_in(run.words) if entity.kind == "government" else None
            entity.sure = kind is not None
            self._bodies[key] = entity
            initials = "".join(word[0] for word in run.words if word[:1].isupper()).casefold()
            self._bodies.setdefault(initials, entity)
            self._body_words.setdefault(run.words[-1].casefold(), []).append(entity)
            self._acronym(run, entity)
        entity.full += 1
        self._note(run, entity)
        return True

    def _body_kind(self, run: Run) -> SpeakerKind | None:
        first, last = run.words[0].lower(), run.words[-1].lower()
        personal = gender_of(run.words[0]) is not None
        kind = kinds.name_kind(last, "" if personal else first)
        if len(run.words) == 1 or personal:
            return kind
        opening = place(" ".join(run.words[:2])) if len(run.words) > 2 else None
        if (opening is not None and opening.kind == "body") or (kind and first in ("federal", "congressional")):
            return "government"
        if kind is None and last in kinds.words("document"):
            return "document"
        if kind is None and (place(run.words[0]) is not None or self._acronym_first(run)):
            return "organization"
        return kind

    @staticmethod
    def _acronym_first(run: Run) -> bool:
        """ "RT America", "CNN International": not "JD Vance" and not a name all in capitals."""
        first, last = run.words[0], run.words[-1]
        acronym = first.isupper() and first.isalpha() and not last.isupper()
        return acronym and (len(first) > 2 or place(last) is not None)

    def _acronym(self, run: Run, entity: Entity) -> None:
        """Learn "CBO" from "Congressional Budget Office (CBO)"."""
        words, k = self.parse.words, run.last + 1
        if k + 2 < len(words) and words[k] == "(" and words[k + 2] == ")" and words[k + 1].isupper():
            self._bodies[_key(words[k + 1])] = entity

    def _place(self, run: Run, where: Place, name: str) -> Entity:
        """A country under its own name, whatever of it is named; a body or a state under its own."""
        own = where.kind in ("body", "state")
        key = where.name.casefold() if own else "place " + where.code
        entity = self._bodies.get(key)
        if entity is None:
            entity = self._bodies[key] = Entity("government", name if own else where.name, None)
            entity.country = where.code
            entity.sure = True
            entity.place = "state" if where.kind == "state" else "body" if own else "country"
        if entity.name_span is None and (own or where.kind == "country"):
            # Of a doubtful run only the last word is the place.
            entity.name = name if place(name) is not None else where.name
            entity.name_span = self._span(run)
        return entity

    def _link(self, run: Run) -> None:
        """Enter a surname, a first name, or a headline's name: the bearer's, or a bearer of its own."""
        name, words = " ".join(run.words), core(run.words)
        where = None if run.titled else place(name)
        entity = self._person(words, run.gender)
        if entity is not None and where is not None and (where.kind == "demonym" or entity.words[-1] != words[-1]):
            entity = None
        if entity is None and not run.titled:
            if where is not None and where.kind == "demonym":
                return
            entity = self._place(run, where, name) if where is not None else self._bodies.get(_key(name))
            if entity is None and len(words) == 1 and run.first and self.parse.words[run.first - 1].lower() == "the":
                bodies = self._body_words.get(words[0], [])
                entity = bodies[0] if len(bodies) == 1 else None
        if entity is None:
            entity = self._single(run, name, words)
        if entity is not None:
            self._note(run, entity)

    def _single(self, run: Run, name: str, words: tuple[str, ...]) -> Entity | None:
        low = words[-1] if words else ""
        if len(name.strip(".")) < 2:
            return None
        if not run.titled and (self.parse.tags[run.last] == "NNPS" or self._people_of(run)):
            return None
        person = run.titled or not self._looks_like_a_body(run, name, low)
        entity = Entity("person" if person else "organization", name, self._span(run), words)
        entity.sure = run.titled or not person
        entity.gender = run.gender
        if person:
            self._index(entity)
        else:
            self._bodies[_key(name)] = entity
        return entity

    def _looks_like_a_body(self, run: Run, name: str, low: str) -> bool:
        """For a name of one word: a known body, an acronym, capitals inside ("WikiLeaks"), an article before it."""
        parse = self.parse
        if low in kinds.words("known") or (run.first and parse.words[run.first - 1].lower() == "the"):
            return True
        if name.isupper():
            label = run.last + 1 < len(parse) and parse.words[run.last + 1] == ":"
            return len(name) > 1 and not label
        return kinds.inner_capitals(name)

    def _index(self, entity: Entity) -> None:
        for word in entity.words:
            found = self._by_word.setdefault(word, [])
            if entity not in found[-_CANDIDATES:]:
                found.append(entity)

    def _person(self, words: tuple[str, ...], gender: str | None, full: bool = False) -> Entity | None:
        """The person that a name stands for. A full name must agree in the given name; a part may be any part."""
        # Bounded, so that an article of a thousand Smiths takes no more than its share of time.
        found = self._by_word.get(words[-1], [])[-_CANDIDATES:] if words else []
        if full or len(words) > 1:
            exact = [e for e in found if compatible(words, e.words) and e.takes(gender)]
            if exact or full:
                return max(exact, key=lambda e: (e.words == words, e.full)) if exact else None
        fits = [e for e in found if inside(words, e.words) and e.takes(gender)]
        surname = [e for e in fits if e.words[-1] == words[-1]] or [e for e in fits if e.words[0] == words[0]]
        best = surname or fits
        return max(best, key=lambda e: e.full) if best else None

    def _span(self, run: Run) -> Span:
        return self.parse.span(run.first, run.last)

    def _note(self, run: Run, entity: Entity) -> None:
        self.runs[run.first] = run
        entity.acts += self.parse.deps[run.last] == "nsubj"
        for i in range(run.first, run.last + 1):
            self.at[i] = entity
        if run.gender and entity.kind == "person":
            entity.gender = entity.gender or run.gender
        if run.role is not None and entity.kind == "person":
            entity.sure = True
            self.roles.give(entity, run.role, run.first)

    def known(self, word: str) -> Entity | None:
        """The person of this surname, where the tagger took the surname for another kind of word."""
        return self._person(core([word]), None) if word[:1].isupper() else None

    def body_of(self, noun: str, before: int) -> Entity | None:
        """The body whose name ends in ``noun`` and that was introduced last before token ``before``."""
        limit = self.parse.starts[before]
        for entity in reversed(self._body_words.get(noun, [])[-_CANDIDATES:]):
            if entity.name_span is not None and entity.name_span[0] < limit:
                return entity
        return None


def _key(name: str) -> str:
    return name.casefold().replace(".", "")
