"""The cast of an article: one entity for each person, body and place named in it, with every mention of it."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.article import Article, Paragraph
from quotekit.models import Span, SpeakerKind
from quotekit.parse import Parse
from quotekit.speakers import kinds
from quotekit.speakers.names import compatible, core, family_first, gender_of, inside
from quotekit.speakers.places import country_in, place
from quotekit.speakers.runs import Run, find_runs

Office = tuple[str, frozenset[str]]
"""A role for comparison: its head noun (lower case) and all its words (lower case)."""


class Entity:
    """One speaker in the making.

    ``words`` are the name's words for comparison; ``full`` counts mentions by full name, ``acts`` those as a subject;
    ``sure`` says that something besides capitals shows the kind.
    """

    __slots__ = ("acts", "country", "full", "gender", "kind", "name", "name_span", "offices", "place", "plural", "role", "spans", "sure", "words")

    def __init__(self, kind: SpeakerKind, name: str, span: Span | None, words: tuple[str, ...] = ()) -> None:
        self.kind: SpeakerKind = kind
        self.name = name
        self.name_span = span
        self.words = words
        self.role: str | None = None
        self.country: str | None = None
        self.gender: str | None = None
        self.offices: list[Office] = []
        self.spans: list[Span] = []
        self.sure = False
        self.full = 0
        self.acts = 0
        self.plural = False
        self.place: str | None = None

    def takes(self, gender: str | None) -> bool:
        """Whether nothing known about the entity speaks against ``gender``."""
        return gender is None or self.gender is None or self.gender == gender


class Cast:
    """The entities of an article and where they are named. ``at[i]`` is the entity that token ``i`` names."""

    def __init__(self, parse: Parse, article: Article) -> None:
        self.parse = parse
        self.text = article.text
        self.at: dict[int, Entity] = {}
        self.runs: dict[int, Run] = {}
        self.named: list[int] = []
        self.people: list[int] = []
        self.holders: dict[str, list[tuple[int, Entity, frozenset[str]]]] = {}
        self._by_word: dict[str, list[Entity]] = {}
        self._bodies: dict[str, Entity] = {}
        self._body_words: dict[str, list[Entity]] = {}
        self._fill(article)

    # building

    def _fill(self, article: Article) -> None:
        text_runs, headline_runs, caption_runs = self._sorted_runs(article.paragraphs)
        short: list[Run] = []
        for run in text_runs:
            if not self._introduce(run):
                short.append(run)
        for run in short + headline_runs:
            self._link(run)
        for run in caption_runs:
            entity = self._person(core(run.words), run.gender) if len(run.words) > 1 else None
            if entity is not None and run.role is not None:
                self._give_role(entity, run.role, run.first)
        self._appositions()
        self.named = sorted(self.runs)
        self.people = [i for i in self.named if self.at[i].kind == "person"]
        for found in self.holders.values():
            found.sort(key=lambda holder: holder[0])

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
        where = None if run.titled else place(name)
        if where is not None and len(run.words) == 1 and where.kind != "body" and not name.isupper():
            where = None
        if where is None and not run.titled and self._people_of(run):
            return True
        if where is not None:
            if where.kind != "demonym":
                self._note(run, self._place(run, name))
            return True
        if not run.titled and self._body(run, name):
            return True
        if len(run.words) < 2:
            return False
        if not run.titled and len(run.words) == 2 and gender_of(run.words[0]) is None and not run.words[0].isupper():
            where = place(run.words[1])
            if where is not None and where.kind in ("country", "state"):
                self._note(run, self._place(run, run.words[1]))
                return True
        words = core(run.words)
        if len(words) < 2 and not run.titled:
            return False
        entity = self._person(words, run.gender, full=True)
        if entity is None:
            entity = Entity("person", name, self._span(run), words)
            self._index(entity)
        elif len(words) > len(entity.words):
            entity.name, entity.name_span, entity.words = name, self._span(run), words
            self._index(entity)
        entity.full += 1
        given = None if family_first(run.words) else gender_of(run.words[0])
        entity.sure = entity.sure or run.titled or given is not None or family_first(run.words)
        entity.gender = entity.gender or run.gender or (given if given in ("male", "female") else None)
        self._note(run, entity)
        return True

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
        parse, last, first = self.parse, run.words[-1].lower(), run.words[0].lower()
        kind = kinds.name_kind(last, "" if gender_of(run.words[0]) else first)
        if len(run.words) > 1 and gender_of(run.words[0]) is None:
            opening = place(" ".join(run.words[:2])) if len(run.words) > 2 else None
            if opening is not None and opening.kind == "body" or (kind and first in ("federal", "congressional")):
                kind = "government"
            elif kind is None and last in kinds.words("document"):
                kind = "document"
            elif kind is None and (place(run.words[0]) is not None or self._acronym_first(run)):
                kind = "organization"
        before = parse.words[run.first - 1].lower() if run.first else ""
        if len(run.words) == 1 or (kind is None and before != "the"):
            return False
        key = name.casefold().replace(".", "")
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

    @staticmethod
    def _acronym_first(run: Run) -> bool:
        """ "RT America", "CNN International": not "JD Vance" and not a name all in capitals."""
        first, last = run.words[0], run.words[-1]
        return first.isupper() and first.isalpha() and not last.isupper() and (len(first) > 2 or place(last) is not None)

    def _acronym(self, run: Run, entity: Entity) -> None:
        """Learn "CBO" from "Congressional Budget Office (CBO)"."""
        words, k = self.parse.words, run.last + 1
        if k + 2 < len(words) and words[k] == "(" and words[k + 2] == ")" and words[k + 1].isupper():
            self._bodies[words[k + 1].casefold().replace(".", "")] = entity

    def _place(self, run: Run, name: str) -> Entity:
        where = place(name)
        assert where is not None
        own = where.kind in ("body", "state")
        key = where.name.casefold() if own else "place " + where.code
        entity = self._bodies.get(key)
        if entity is None:
            entity = self._bodies[key] = Entity("government", name if own else where.name, None)
            entity.country = where.code
            entity.sure = True
            entity.place = "state" if where.kind == "state" else "body" if own else "country"
        if entity.name_span is None and where.kind in ("body", "state", "country"):
            entity.name, entity.name_span = name, self._span(run)
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
            entity = self._place(run, name) if where is not None else self._bodies.get(name.casefold().replace(".", ""))
            if entity is None and len(words) == 1 and run.first and self.parse.words[run.first - 1].lower() == "the":
                bodies = self._body_words.get(words[0])
                entity = bodies[0] if bodies and len(set(map(id, bodies))) == 1 else None
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
            self._bodies[name.casefold().replace(".", "")] = entity
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
            if entity not in found:
                found.append(entity)

    def _person(self, words: tuple[str, ...], gender: str | None, full: bool = False) -> Entity | None:
        """The person that a name stands for. A full name must agree in the given name; a part may be any part."""
        found = self._by_word.get(words[-1], []) if words else []
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
            self._give_role(entity, run.role, run.first)

    # roles

    def _give_role(self, entity: Entity, role: tuple[int, int], at: int, apposed: bool = False) -> None:
        """Note a role (tokens, inclusive) of ``entity``, and keep it as the role where it is the fullest."""
        parse, titles = self.parse, kinds.titles()
        words = self.text[parse.starts[role[0]] : parse.ends[role[1]]].split()
        words = [titles.get(word.lower(), word) for word in words if word.lower() not in kinds.honorifics()]
        if not words:
            return
        low = [word.lower().strip(",.") for word in words]
        head = next((w for w in reversed(low[: low.index("of")] if "of" in low[1:] else low) if w in kinds.offices()), "")
        text, bag = " ".join(words), frozenset(low)
        if head and not any(office == (head, bag) for office in entity.offices):
            entity.offices.append((head, bag))
            self.holders.setdefault(head, []).append((at, entity, bag))
        old = entity.role
        if old is None or (not apposed and len(text) > len(old) and text.lower().endswith(old.lower())):
            entity.role = text
        entity.country = entity.country or country_in(words)

    def _appositions(self) -> None:
        """Roles that stand beside a name: "Ann Lee, the finance minister," and "a spokeswoman, Ann Lee"."""
        parse = self.parse
        for i in [i for i, dep in enumerate(parse.deps) if dep == "appos"]:
            head = parse.heads[i]
            a, b = self.at.get(head), self.at.get(i)
            if a is not None and b is None and a.kind == "person":
                self._apposed(a, i, head)
            elif b is not None and a is None and b.kind == "person":
                self._apposed(b, head, i)

    def _apposed(self, entity: Entity, noun: int, name: int) -> None:
        parse = self.parse
        if parse.words[noun].lower() not in kinds.offices() and parse.lemmas[noun] not in kinds.offices():
            return
        first = noun
        while first > 0 and parse.tags[first - 1] in ("JJ", "NN", "NNP", "NNPS", "HYPH", "POS", "VBN", "JJS", "PRP$", "CD"):
            first -= 1
        while parse.tags[first] in ("POS", "HYPH", "PRP$"):
            first += 1
        last = noun
        n = len(parse.words)
        while last + 1 < n and parse.sentences[last + 1] == parse.sentences[noun] and last - noun < 12:
            word, tag = parse.words[last + 1], parse.tags[last + 1]
            if word in (",", ";", "(", "--", "—", "–", ":") or tag in ("WP", "WDT", "VBD", "VBZ", "VBP", "MD", "''", "."):
                break
            last += 1
        while last > noun and parse.tags[last] in ("IN", "CC", "DT", "TO", "RB"):
            last -= 1
        entity.sure = True
        entity.gender = entity.gender or kinds.office_gender().get(parse.words[noun].lower())
        if first <= name <= last:
            return
        self._give_role(entity, (first, last), min(noun, name), apposed=True)

    # asking

    def known(self, word: str) -> Entity | None:
        """The person of this surname, where the tagger took the surname for another kind of word."""
        return self._person(core([word]), None) if word[:1].isupper() else None

    def body_of(self, noun: str, before: int) -> Entity | None:
        """The body whose name holds ``noun`` as its last or first word and was named last before token ``before``."""
        found = [entity for entity in self._body_words.get(noun, ()) if entity.name_span is not None]
        found = [entity for entity in found if entity.name_span[0] < self.parse.starts[before]]
        return found[-1] if found else None
