"""Reads the names of an article in order: whom each names, and what is said beside it."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.article.paragraphs import Article, Paragraph
from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import core, dates, gender_of
from quotekit.lexicon.places import Place, place
from quotekit.speakers.cast.bodies import Bodies
from quotekit.speakers.cast.employers import employs
from quotekit.speakers.cast.entity import BY_PLACE, Draft
from quotekit.speakers.cast.name_runs import Run, find_runs
from quotekit.speakers.cast.office_holders import Roles
from quotekit.speakers.cast.persons import Persons
from quotekit.speakers.cast.voices import enter_voices, keep_names

_MODIFIERS = frozenset({"compound", "amod", "nmod", "poss"})
"""Relations of a name to the noun behind it: "the Lee campaign" does not make Lee a body."""
_NEAR_OWNER = 3
"""Tokens after a possessor in which an office of a state is looked for."""


class Names:
    """The drafts of an article's entities. ``at`` maps tokens to drafts, ``runs`` first tokens to runs,
    ``voices`` the names in labels to drafts.
    """

    def __init__(self, parse: Parse, article: Article) -> None:
        self.parse = parse
        self.roles = Roles(parse)
        self.persons = Persons(parse)
        self.bodies = Bodies(parse)
        self.at: dict[int, Draft] = {}
        self.runs: dict[int, Run] = {}
        self.voices = enter_voices(article.form, parse, self.persons)
        self._read(article)
        keep_names(article.form, self.voices)

    def _read(self, article: Article) -> None:
        text_runs, headline_runs, caption_runs = self._sorted_runs(article.paragraphs)
        # Full names first: a surname may precede the full name, as in a headline.
        short = [run for run in text_runs if not self._introduce(run)]
        for run in headline_runs:
            self.persons.count(run)
        for run in short + headline_runs:
            self._link(run)
        for run in caption_runs:
            draft = self.persons.bearer(run) if len(run.words) > 1 else None
            if draft is not None and run.role is not None:
                self.roles.give(draft, run.role, run.first)
        self._employers()
        self.roles.beside(self.at, self.runs)
        self._own_pronouns()
        self._side_by_side()
        self._states()

    def _employers(self) -> None:
        """Make organizations of the names that have officers and may be those of bodies."""
        for first, run in self.runs.items():
            if self.at[first].may_be_body() and employs(self.parse, run):
                self.at[first].turn_to_body()

    def _own_pronouns(self) -> None:
        """Take the gender of "he" and "her" behind the only person of a sentence, if no title or given name shows one.

        Pronouns of both genders say nothing.
        """
        parse, alone = self.parse, self._alone()
        shown: dict[Draft, dict[str, int]] = {}
        for i in [i for i, tag in enumerate(parse.tags) if tag == "PRP" or tag == "PRP$"]:
            token, draft = alone.get(parse.sentences[i], (i, None))
            gender = kinds.pronouns().get(parse.lowers[i])
            if draft is not None and token < i and gender in ("male", "female"):
                shown.setdefault(draft, {}).setdefault(gender, i)
        for draft, genders in shown.items():
            if len(genders) == 1:
                ((gender, i),) = genders.items()
                draft.show_gender(gender, parse.span(i, i), "speaker.pronoun.person")

    def _alone(self) -> dict[int, tuple[int, Draft | None]]:
        """Return for each sentence the first token of a person's name in it and the person, ``None`` if it has two."""
        alone: dict[int, tuple[int, Draft | None]] = {}
        for first in sorted(self.runs):
            draft, sentence = self.at[first], self.parse.sentences[first]
            if draft.kind == "person":
                token, other = alone.get(sentence, (first, draft))
                alone[sentence] = (token, draft if other is draft else None)
        return alone

    def _side_by_side(self) -> None:
        """Take a full name that "and" joins to a person's for a person's."""
        parse = self.parse
        for run in self.runs.values():
            other = self.at.get(parse.heads[run.last]) if parse.deps[run.last] == "conj" else None
            draft = self.at[run.first]
            if other is None or not draft.words or place(draft.words[-1]) is not None:
                continue
            if draft.kind == other.kind == "person" and len(draft.words) > 1 < len(other.words):
                draft.sure = other.sure = draft.sure or other.sure

    def _states(self) -> None:
        """Take the possessor of a prime minister or an army for a state, even if no list has it."""
        parse, n = self.parse, len(self.parse)
        for run in self.runs.values():
            draft, owns = self.at[run.first], run.last + 1
            if len(run.words) == 1 and owns < n and parse.tags[owns] == "POS" and draft.may_be_body():
                after = range(owns + 1, min(owns + 1 + _NEAR_OWNER, n))
                if any(parse.lemmas[i] in kinds.words("national") and parse.deps[i] != "compound" for i in after):
                    draft.kind, draft.place, draft.naming = "government", "country", BY_PLACE

    def _sorted_runs(self, paragraphs: Sequence[Paragraph]) -> tuple[list[Run], list[Run], list[Run]]:
        """Return the runs of running text, of headlines and of captions; other boilerplate names nobody."""
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
        """Enter ``run`` if it names its bearer in full. Return whether the run is done."""
        plural = self.parse.tags[run.last] == "NNPS"
        if (plural and _is_people(run, plural)) or self._is_portfolio(run):
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
        """Enter a surname, a first name or a name in a headline: that of a known bearer or of a new one."""
        words = core(run.words)
        where = None if run.titled else place(run.name)
        draft = self.persons.bearer(run)
        if draft is not None and not draft.sure and run.name.lower() in kinds.words("known"):
            draft = None
        if draft is not None and where is not None and not _own_name(draft, run, words):
            draft = None
        if draft is None and not run.titled:
            if where is not None and where.kind == "demonym":
                return
            draft = self.bodies.at_place(run, where) if where is not None else self.bodies.named(run)
            draft = draft or self._in_title_case(run, words)
        if draft is None:
            draft = self._single(run, words)
        if draft is not None:
            self._note(run, draft)

    def _in_title_case(self, run: Run, words: tuple[str, ...]) -> Draft | None:
        """Return the person of the text with whose surname a headline in title case begins: "Lee Calls Stone"."""
        draft = self.persons.of_surname(run.words[0]) if len(words) > 1 and gender_of(run.words[0]) is None else None
        return draft if draft is not None and draft.full and draft.words[-1] == words[0] else None

    def _single(self, run: Run, words: tuple[str, ...]) -> Draft | None:
        """Return a new bearer for a name without one; ``None`` if the run is not a name."""
        low = words[-1] if words else ""
        if len(run.name.strip(".")) < 2 or (run.name.isupper() and run.name.lower() in kinds.words("no_body")):
            return None
        if run.titled:
            # "The General Staff" is not a person's name.
            return None if self._is_noun(run.name) else self.persons.enter(run, words)
        if (
            self.parse.tags[run.last] == "NNPS"
            or _is_people(run, False)
            or self._is_noun(run.name)
            or self._is_date(run, low)
        ):
            return None
        return self.bodies.enter_single(run) if self._looks_like_a_body(run, low) else self.persons.enter(run, words)

    def _is_portfolio(self, run: Run) -> bool:
        """Return whether a run is one of several portfolios: Science in "Science and Technology Minister Ann Lee"."""
        lowers, after = self.parse.lowers, run.last + 1
        listed = not run.titled and after + 1 < len(lowers) and lowers[after] in (",", "and")
        if not listed or lowers[after + 1] not in kinds.portfolios():
            return False
        return all(word.lower() in kinds.portfolios() for word in run.words)

    @staticmethod
    def _is_noun(name: str) -> bool:
        """Return whether the capital is only that of a sentence or a headline: "Police said"."""
        low = "" if name.isupper() else name.lower()
        if low in kinds.surnames() or low in kinds.words("known") or gender_of(low) is not None:
            return False
        return kinds.noun_kind(low, False, True) not in ("unknown", "anonymous")

    def _is_date(self, run: Run, low: str) -> bool:
        """Return whether a month or a day is not a name: "on April 5"."""
        parse, after = self.parse, run.last + 1
        dated = parse.deps[run.last] != "nsubj" or (after < len(parse) and parse.tags[after] == "CD")
        return dated and low in dates()

    def _looks_like_a_body(self, run: Run, low: str) -> bool:
        """Judge a name of one word: a known body, an acronym, capitals inside ("WikiLeaks"), "the" before it."""
        parse, name = self.parse, run.name
        after_the = run.first and parse.words[run.first - 1].lower() == "the"
        if low in kinds.words("known") or (after_the and parse.deps[run.last] not in _MODIFIERS):
            return True
        if name.isupper():
            label = run.last + 1 < len(parse) and parse.words[run.last + 1] == ":"
            return len(name) > 1 and not label
        return kinds.inner_capitals(name) or name.lower().endswith(tuple(kinds.words("domain")))

    def _note(self, run: Run, draft: Draft) -> None:
        self.runs[run.first] = run
        draft.acts = draft.acts or self.parse.deps[run.last] == "nsubj"
        for i in range(run.first, run.last + 1):
            self.at[i] = draft
        if run.gender and draft.kind == "person":
            draft.show_gender(run.gender, self.parse.span(run.start, run.last), draft.naming)
        if run.role is not None and draft.kind == "person":
            draft.sure = True
            self.roles.give(draft, run.role, run.first)


def _where(run: Run) -> Place | None:
    """Return the place that ``run`` clearly names; a single word must be a body or an acronym."""
    where = place(run.name)
    if len(run.words) == 1:
        return where if where is not None and (where.kind == "body" or run.name.isupper()) else None
    if where is None and len(run.words) == 2 and run.words[0].lower() in kinds.words("direction"):
        where = place(run.words[1])
        return where if where is not None and where.kind in ("country", "state") else None
    return where


def _own_name(draft: Draft, run: Run, words: tuple[str, ...]) -> bool:
    """Return whether a place name is that of a person in the article: "London" of Jack London, "Sofia" of Sofia Orn."""
    if not draft.sure:
        return False
    return draft.words[-1] == words[-1] or (draft.words[0] == words[0] and gender_of(run.words[0]) is not None)


def _is_people(run: Run, plural: bool) -> bool:
    """Return whether the run is a description by people or party and not a name: "Iowa Republicans", "Russians"."""
    last = run.words[-1].lower()
    if not last.endswith(kinds.endings("plural")) or "&" in run.words:
        return False
    somewhere = place(run.words[0]) is not None
    if gender_of(run.words[0]) is not None and not (somewhere and last[:-1] in kinds.words("group")):
        return False
    shown = plural or len(run.words) == 1 or somewhere
    if last[:-1] in kinds.words("group") or (shown and last[:-1] in kinds.people()):
        return True
    where = place(run.words[-1])
    return where is not None and where.kind == "demonym"
