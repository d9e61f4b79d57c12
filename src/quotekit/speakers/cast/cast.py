"""The entities of an article, and where each is named."""

from __future__ import annotations

from collections.abc import Iterable

from quotekit.article.paragraphs import Article
from quotekit.article.parse import Parse
from quotekit.models import Span
from quotekit.speakers.cast.entity import BY_JOINT, Draft, Entity
from quotekit.speakers.cast.naming import Names
from quotekit.speakers.cast.office_holders import Held


class Cast:
    """The entities of an article. Nothing in it changes once it is made.

    Attributes:
        at: the entity that each token names.
        runs: the run of each name, by its first token.
        named: the keys of ``runs`` in text order.
        people: those of ``named`` that name persons.
        voices: those who have the floor in a document of turns, by the span of the name in each of their labels.
        parties: those who call themselves "we" in a joint statement.
        holders: for each head noun ("minister") the holders of such an office, in text order.
    """

    def __init__(self, parse: Parse, article: Article) -> None:
        names = Names(parse, article)
        self.parse = parse
        self._persons, self._bodies = names.persons, names.bodies
        self._entities = _finished(
            (*names.persons.drafts(), *names.bodies.drafts(), *names.at.values(), *names.voices.values())
        )
        self.runs = names.runs
        self.at = {i: self._entities[draft] for i, draft in names.at.items()}
        self.voices = {span: self._entities[draft] for span, draft in names.voices.items()}
        self.parties = _parties(parse.text, article.form.parties)
        self.named = sorted(self.runs)
        self.people = [i for i in self.named if self.at[i].kind == "person"]
        self.holders = {
            noun: [Held(held.token, self._entities[held.holder], held.words, held.owner) for held in found]
            for noun, found in names.roles.held.items()
        }

    def link(self, token: int) -> tuple[Span, str] | None:
        """Return the name that begins at ``token`` as a step towards a fuller one."""
        run = self.runs.get(token)
        if run is None:
            return None
        entity = self.at[token]
        short = entity.kind == "person" and len(run.words) < min(2, len(entity.words))
        return self.parse.span(run.first, run.last), "speaker.name.part" if short else entity.naming

    def first_of(self, token: int) -> int:
        """Return the first token of the name that has ``token`` in it."""
        while token not in self.runs and token - 1 in self.at:
            token -= 1
        return token

    def of_surname(self, word: str) -> Entity | None:
        """Return the person with this surname, for a surname that the tagger took for another kind of word."""
        draft = self._persons.of_surname(word) if word[:1].isupper() else None
        return None if draft is None else self._entities[draft]

    def namesakes(self, word: str) -> list[Entity]:
        """Return the persons who have this word (lower case) in their names."""
        return [self._entities[draft] for draft in self._persons.named(word) if draft.kind == "person"]

    def body_of_noun(self, nouns: frozenset[str], before: int) -> Entity | None:
        """Return the last body introduced before the token ``before`` whose name has one of ``nouns`` at its head."""
        draft = self._bodies.of_noun(nouns, before)
        return None if draft is None else self._entities[draft]


def _finished(drafts: Iterable[Draft]) -> dict[Draft, Entity]:
    return {draft: draft.entity(number) for number, draft in enumerate(dict.fromkeys(drafts))}


def _parties(text: str, span: Span | None) -> Entity | None:
    if span is None:
        return None
    name = " ".join(text[slice(*span)].split())
    return Entity(("joint", name), "group", name, span, BY_JOINT, plural=True)
