"""The bodies and places of an article by name, and by what they are called for short."""

from __future__ import annotations

from collections.abc import Iterable

from quotekit.article.parse import Parse
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.personal_names import gender_of
from quotekit.lexicon.places import Place, country_in, place
from quotekit.models import SpeakerKind
from quotekit.speakers.cast.entity import BY_PLACE, Draft
from quotekit.speakers.cast.name_runs import Run
from quotekit.speakers.cast.role_spans import owning_place

_CANDIDATES = 32
"""Bodies of one noun that are considered, the last ones."""


class Bodies:
    """Bodies, filed under name and initials, under the head noun of the name, and under its first word."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self._by_name: dict[str, Draft] = {}
        self._by_noun: dict[str, list[Draft]] = {}
        self._by_first: dict[str, list[Draft]] = {}

    def introduce(self, run: Run) -> Draft | None:
        """Return the body that ``run`` names, if its words or the word before it show that it is one."""
        shown = self._described(run) or self._is_outlet(run)
        kind = "organization" if shown else self._kind(run)
        sure = kind is not None
        the = len(run.words) > 1 and self._before(run) == "the" and not kinds.is_person(run.words[-1].lower())
        if kind is None and the:
            kind = "organization"
        elif kind is None or (len(run.words) == 1 and not shown):
            return None
        owner, code = self._owner(run)
        if shown:
            # "South Korea's Kite news agency" is not a body of the state.
            owner = run.first
        key = f"{code} {_bare(run.words)}" if kind == "government" and code is not None else _key(run.name)
        draft = self._by_name.get(key)
        if draft is None:
            draft = self._enter(run, kind, sure=sure, key=key, first=owner)
            draft.country = code if kind == "government" else None
            self._by_name.setdefault(_initials(run.words), draft)
            self._acronym(run, draft)
            if self._described(run):
                self._by_noun.setdefault(self.parse.lemmas[run.first - 1], []).append(draft)
        draft.full += 1
        return draft

    def _owner(self, run: Run) -> tuple[int, str | None]:
        """Return where a name begins with its country ("Kenya’s Foreign Ministry"), and the code."""
        code = country_in(run.words)
        owner = owning_place(self.parse, run.first - 1) if code is None else None
        return (run.first, code) if owner is None else owner

    def enter_single(self, run: Run) -> Draft:
        """Enter and return a body under a name of one word."""
        return self._enter(run, "organization", sure=True, key=_key(run.name), first=run.first)

    def named(self, run: Run) -> Draft | None:
        """Return the body named in full, by its initials, by its noun after "the", or by its first word."""
        draft = self._by_name.get(_key(run.name))
        if draft is None and len(run.words) == 1:
            low = run.words[0].casefold()
            if self._before(run) == "the":
                bodies = self._by_noun.get(low, [])
                draft = bodies[0] if len(bodies) == 1 else None
            if draft is None and gender_of(low) is None and not run.name.isupper():
                bodies = [body for body in self._by_first.get(low, []) if body.sure]
                draft = bodies[0] if len(bodies) == 1 else None
        return draft

    def at_place(self, run: Run, where: Place) -> Draft:
        """Return the country of a capital, seat or country, or the body or state itself."""
        own = where.kind in ("body", "state")
        key = where.name.casefold() if own else "place " + where.code
        initials = _initials(run.words)
        draft = self._by_name.get(key) or (self._of_initials(initials) if own else None)
        if draft is None:
            draft = self._by_name[key] = Draft("government", run.name if where.kind == "body" else where.name, None)
            draft.country = where.code
            draft.sure = True
            draft.naming = BY_PLACE
            draft.place = "state" if where.kind == "state" else "body" if own else "country"
        if where.kind == "body" and len(run.words) > 1:
            self._by_name.setdefault(initials, draft)
            self._by_name[key] = draft
            if draft.name_span is not None and len(run.name) > len(draft.name):
                draft.name, draft.name_span = run.name, self.parse.span(run.first, run.last)
        if draft.name_span is None and (own or where.kind == "country"):
            # In a doubtful run only the last word is the place; the shortest name of a country is preferred.
            shorter = place(run.name) is not None and len(run.name) <= max(len(where.name), len(draft.name))
            draft.name = run.name if where.kind == "body" or shorter else where.name
            draft.name_span = self.parse.span(run.first, run.last)
        return draft

    def _of_initials(self, initials: str) -> Draft | None:
        """Return the public body that was named by these initials before."""
        draft = self._by_name.get(initials) if len(initials) > 1 else None
        return draft if draft is not None and draft.place == "body" else None

    def drafts(self) -> Iterable[Draft]:
        """Return every body, some more than once."""
        return self._by_name.values()

    def of_noun(self, nouns: frozenset[str], before: int) -> Draft | None:
        """Return the last body introduced before the token ``before`` whose name has one of ``nouns`` at its head.

        ``None`` if the same sentence introduced two.
        """
        limit = self.parse.starts[before]
        found = [
            draft
            for noun in sorted(nouns)
            for draft in self._by_noun.get(noun, [])[-_CANDIDATES:]
            if draft.name_span is not None and draft.name_span[0] < limit
        ]
        found.sort(key=lambda body: body.name_span or (0, 0))
        if len(found) > 1 and self._sentence(found[-1]) == self._sentence(found[-2]):
            return None
        return found[-1] if found else None

    def _sentence(self, draft: Draft) -> int:
        return self.parse.sentences[self.parse.tokens(draft.name_span or (0, 1)).start]

    def _enter(self, run: Run, kind: SpeakerKind, *, sure: bool, key: str, first: int) -> Draft:
        """Enter and return a body under ``key``, with its name from the token ``first`` on."""
        words = tuple(word.casefold() for word in run.words)
        span = self.parse.span(first, run.last)
        name = run.name if first == run.first else " ".join(self.parse.text[span[0] : span[1]].split())
        draft = Draft(kind, name, span, words)
        draft.sure = sure
        self._by_name[key] = draft
        self._by_name.setdefault(_key(run.name), draft)
        if len(words) > 1:
            self._by_noun.setdefault(_head(words), []).append(draft)
            self._by_first.setdefault(words[0], []).append(draft)
        return draft

    def _before(self, run: Run) -> str:
        return self.parse.words[run.first - 1].lower() if run.first else ""

    def _described(self, run: Run) -> bool:
        """Return whether a noun for a body is right before the name: "the airline Kite"."""
        before, parse = run.first - 1, self.parse
        if before < 0 or parse.sentences[before] != parse.sentences[run.first]:
            return False
        noun = parse.lowers[before]
        if parse.tags[before] != "NN" and (parse.tags[before] not in ("JJ", "NNS") or noun not in kinds.words("media")):
            return False
        if noun in kinds.words("territory") or gender_of(run.words[0]) is not None or place(run.name) is not None:
            return False
        return noun in kinds.words("generic") or kinds.noun_kind(noun, False, False) in ("organization", "government")

    def _is_outlet(self, run: Run) -> bool:
        """Return whether a name is a known outlet or body, or is followed by a noun for one: "the Kite news agency"."""
        parse, after = self.parse, run.last + 1
        name = run.name.casefold()
        if name in kinds.outlets() or name in kinds.bodies():
            return True
        if gender_of(run.words[0]) is not None or place(run.name) is not None or after + 1 >= len(parse):
            return False
        if parse.lowers[after] in kinds.words("news"):
            return parse.lowers[after + 1] in kinds.words("agency")
        return parse.words[after] in kinds.words("media") and parse.deps[run.last] in ("compound", "nmod")

    def _kind(self, run: Run) -> SpeakerKind | None:
        words = run.words
        first, last = words[0].lower(), _head(tuple(word.lower() for word in words))
        personal = gender_of(words[0]) is not None
        placed = _is_of(words) or place(words[0]) is not None or place(run.name) is not None
        if last in kinds.words("weak") and len(words) > 1 and self._before(run) != "the" and not placed:
            # "Jude Law" is not a law.
            return None
        if personal and len(words) > 1 and last in kinds.words("newspaper") and self._before(run) != "the":
            # "Irene Sun" is no newspaper.
            return None
        kind = kinds.name_kind(last, "" if personal else first)
        if first in kinds.words("international") and (kind == "government" or last in kinds.words("document")):
            return "organization"
        if self._is_public(run, first, last):
            return "government"
        if "&" in words:
            return kind or "organization"
        if len(words) == 1 or personal:
            return kind
        if last in kinds.words("public_heads") and words[1:2] == ("of",):
            return "government"
        opening = place(" ".join(words[:2])) if len(words) > 2 else None
        if (opening is not None and opening.kind == "body") or (kind and first in kinds.words("public_opening")):
            return "government"
        if kind is None and last in kinds.words("document"):
            return "document"
        if kind is None and (place(words[0]) is not None or _acronym_first(words)):
            return "organization"
        return kind

    def _is_public(self, run: Run, first: str, last: str) -> bool:
        """Return whether a council, a commission or the like is a state's: "National Defence Commission"."""
        words = {word.lower() for word in run.words}
        if (
            last not in kinds.words("public_body")
            or first in kinds.words("international")
            or words & kinds.words("civil")
        ):
            return False
        return bool(words & kinds.words("public_of_body")) or self._owner(run)[1] is not None

    def _acronym(self, run: Run, draft: Draft) -> None:
        """File "CBO" for "Congressional Budget Office (CBO)"."""
        words, k = self.parse.words, run.last + 1
        if k + 2 < len(words) and words[k] == "(" and words[k + 2] == ")" and words[k + 1].isupper():
            self._by_name[_key(words[k + 1])] = draft


def _acronym_first(words: tuple[str, ...]) -> bool:
    """Return whether an acronym opens a name ("RT America"), not initials ("JD Vance") or a name all in capitals."""
    first, last = words[0], words[-1]
    acronym = first.isupper() and first.isalpha() and not last.isupper()
    return acronym and (len(first) > 2 or place(last) is not None)


def _head(words: tuple[str, ...]) -> str:
    """Return the head noun of a body's name: the last word, or the last before "of", "for" or "to"."""
    for at, word in enumerate(words[1:], 1):
        if word in kinds.words("of") or word == "to":
            return words[at - 1]
    return words[-1]


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words if word[:1].isupper()).casefold()


def _is_of(words: tuple[str, ...]) -> bool:
    return not kinds.words("of").isdisjoint(words)


def _bare(words: tuple[str, ...]) -> str:
    """Return a body's name without its country: "foreign ministry" for "Russian Foreign Ministry"."""
    rest = [word for word in words if place(word) is None]
    return _key(" ".join(rest or words))


def _key(name: str) -> str:
    return name.casefold().replace(".", "").replace("’", "'")
