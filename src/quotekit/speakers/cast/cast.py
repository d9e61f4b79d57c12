"""The cast of an article: one entity for each person, body and place named in it, with every mention of it."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.article.paragraphs import Article, Paragraph
from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import core, dates, gender_of
from quotekit.lexicon.places import Place, place
from quotekit.models import Span
from quotekit.speakers.cast.bodies import Bodies
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.name_runs import Run, find_runs
from quotekit.speakers.cast.office_holders import Roles
from quotekit.speakers.cast.persons import Persons

_MODIFIERS = frozenset({"compound", "amod", "nmod", "poss"})
"""What a name is to the noun behind it: "the Lee campaign" makes no body of Lee."""


class Cast:
    """The entities of an article and where they are named.

    ``at[i]`` is the entity that token ``i`` names, ``runs[i]`` the run whose name begins at token ``i``; ``named`` are
    the keys of ``runs`` in text order, ``people`` those of them that name persons.
    """

    def __init__(self, parse: Parse, article: Article) -> None:
        self.parse = parse
        self.roles = Roles(parse)
        self.persons = Persons(parse)
        self.bodies = Bodies(parse)
        self.at: dict[int, Entity] = {}
        self.runs: dict[int, Run] = {}
        self._fill(article)
        self.named = sorted(self.runs)
        self.people = [i for i in self.named if self.at[i].kind == "person"]

    def link(self, token: int) -> tuple[Span, str] | None:
        """The name that begins at ``token`` as a step on the way to a fuller one."""
        run = self.runs.get(token)
        if run is None:
            return None
        entity = self.at[token]
        short = entity.kind == "person" and len(run.words) < min(2, len(entity.words))
        return self.parse.span(run.first, run.last), "speaker.name.part" if short else entity.naming

    def known(self, word: str) -> Entity | None:
        """The person of this surname, where the tagger took the surname for another kind of word."""
        return self.persons.of_surname(word) if word[:1].isupper() else None

    def _fill(self, article: Article) -> None:
        text_runs, headline_runs, caption_runs = self._sorted_runs(article.paragraphs)
        # Full names first: a surname can come before the full name, as in a headline.
        short = [run for run in text_runs if not self._introduce(run)]
        for run in headline_runs:
            self.persons.count(run)
        for run in short + headline_runs:
            self._link(run)
        for run in caption_runs:
            entity = self.persons.bearer(run) if len(run.words) > 1 else None
            if entity is not None and run.role is not None:
                self.roles.give(entity, run.role, run.first)
        self.roles.beside(self.at, self.runs)
        self._side_by_side()
        self._states()

    def _side_by_side(self) -> None:
        """A full name joined by "and" to a person's is a person's."""
        parse = self.parse
        for run in self.runs.values():
            other = self.at.get(parse.heads[run.last]) if parse.deps[run.last] == "conj" else None
            entity = self.at[run.first]
            if other is None or not entity.words or place(entity.words[-1]) is not None:
                continue
            if entity.kind == other.kind == "person" and len(entity.words) > 1 < len(other.words):
                entity.sure = other.sure = entity.sure or other.sure

    def _states(self) -> None:
        """Whose the prime minister or the army is, is a state, also where no list knows it."""
        parse, n = self.parse, len(self.parse)
        for run in self.runs.values():
            entity, owns = self.at[run.first], run.last + 1
            if len(run.words) == 1 and owns < n and parse.tags[owns] == "POS" and entity.may_be_body():
                after = range(owns + 1, min(owns + 4, n))
                if any(parse.lemmas[i] in kinds.words("national") and parse.deps[i] != "compound" for i in after):
                    entity.kind, entity.place, entity.naming = "government", "country", "speaker.name.place"

    def _sorted_runs(self, paragraphs: Sequence[Paragraph]) -> tuple[list[Run], list[Run], list[Run]]:
        """The runs of running text, of headlines and of captions; those of other boilerplate name nobody."""
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
        plural = self.parse.tags[run.last] == "NNPS"
        if plural and _is_people(run, plural):
            return True
        if not run.titled:
            where = _where(run)
            if where is not None:
                if where.kind != "demonym":
                    self._note(run, self.bodies.at_place(run, where))
                return True
            if _is_people(run, plural):
                return True
            body = self.bodies.introduce(run)
            if body is not None:
                self._note(run, body)
                return True
        if len(run.words) < 2 or (len(core(run.words)) < 2 and not run.titled):
            return False
        self._note(run, self.persons.introduce(run))
        return True

    def _link(self, run: Run) -> None:
        """Enter a surname, a first name, or a headline's name: the bearer's, or a bearer of its own."""
        words = core(run.words)
        where = None if run.titled else place(run.name)
        entity = self.persons.bearer(run)
        if entity is not None and not entity.sure and run.name.lower() in kinds.words("known"):
            entity = None
        if entity is not None and where is not None and not _own_name(entity, run, words):
            entity = None
        if entity is None and not run.titled:
            if where is not None and where.kind == "demonym":
                return
            entity = self.bodies.at_place(run, where) if where is not None else self.bodies.named(run)
        if entity is None:
            entity = self._single(run, words)
        if entity is not None:
            self._note(run, entity)

    def _single(self, run: Run, words: tuple[str, ...]) -> Entity | None:
        """A bearer for a name that nobody is known by."""
        low = words[-1] if words else ""
        if len(run.name.strip(".")) < 2:
            return None
        if run.titled:
            # "The General Staff" is nobody's name.
            return None if self._is_noun(run.name) else self.persons.enter(run, words)
        if (
            self.parse.tags[run.last] == "NNPS"
            or _is_people(run, False)
            or self._is_noun(run.name)
            or self._is_date(run, low)
        ):
            return None
        return self.bodies.enter_single(run) if self._looks_like_a_body(run, low) else self.persons.enter(run, words)

    @staticmethod
    def _is_noun(name: str) -> bool:
        """Whether a capital is only that of a sentence's or a headline's beginning: "Police said"."""
        low = "" if name.isupper() else name.lower()
        if low in kinds.surnames() or low in kinds.words("known") or gender_of(low) is not None:
            return False
        return kinds.noun_kind(low, False, True) not in ("unknown", "anonymous")

    def _is_date(self, run: Run, low: str) -> bool:
        """Whether a month or a day is one and nobody's name: "on April 5"."""
        parse, after = self.parse, run.last + 1
        dated = parse.deps[run.last] != "nsubj" or (after < len(parse) and parse.tags[after] == "CD")
        return dated and low in dates()

    def _looks_like_a_body(self, run: Run, low: str) -> bool:
        """For a name of one word: a known body, an acronym, capitals inside ("WikiLeaks"), an article before it."""
        parse, name = self.parse, run.name
        after_the = run.first and parse.words[run.first - 1].lower() == "the"
        if low in kinds.words("known") or (after_the and parse.deps[run.last] not in _MODIFIERS):
            return True
        if name.isupper():
            label = run.last + 1 < len(parse) and parse.words[run.last + 1] == ":"
            return len(name) > 1 and not label
        return kinds.inner_capitals(name) or name.lower().endswith(tuple(kinds.words("domain")))

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


def _where(run: Run) -> Place | None:
    """The place that ``run`` names beyond doubt: of one word alone only bodies and acronyms are."""
    where = place(run.name)
    if len(run.words) == 1:
        return where if where is not None and (where.kind == "body" or run.name.isupper()) else None
    if where is None and len(run.words) == 2 and run.words[0].lower() in kinds.words("direction"):
        where = place(run.words[1])
        return where if where is not None and where.kind in ("country", "state") else None
    return where


def _own_name(entity: Entity, run: Run, words: tuple[str, ...]) -> bool:
    """Whether a place's name is somebody's whom the article has: "London" of Jack London, "Sofia" of Sofia Orn."""
    if not entity.sure:
        return False
    return entity.words[-1] == words[-1] or (entity.words[0] == words[0] and gender_of(run.words[0]) is not None)


def _is_people(run: Run, plural: bool) -> bool:
    """Whether the run is a people or a party ("Iowa Republicans", "Russians"): a description, nobody's name."""
    last = run.words[-1].lower()
    if not last.endswith(("s", "men")) or gender_of(run.words[0]) is not None or "&" in run.words:
        return False
    shown = plural or len(run.words) == 1 or place(run.words[0]) is not None
    if last[:-1] in kinds.words("group") or (shown and last[:-1] in kinds.people()):
        return True
    where = place(run.words[-1])
    return where is not None and where.kind == "demonym"
