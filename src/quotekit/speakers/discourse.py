"""What the resolution of one source may ask: the cast, the other sources, and the answers found before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from quotekit.article.parse import Parse
from quotekit.lexicon import load
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.speakers.cast.cast import Cast
from quotekit.speakers.cast.entity import Entity
from quotekit.speakers.cast.office_holders import Held
from quotekit.speakers.description import Description
from quotekit.speakers.mention import Answer, Found, Link, Mention, Phrase
from quotekit.speakers.sources import sources_of

_OPENING = ("“", '"', "‘", "'", "«")
_TURN = 120
"""Characters between two turns of a dialogue."""


class Discourse:
    """The sources of an article and the answers found so far.

    Rules only read it. `record` is the one place that writes: sources are resolved in a fixed order, the outermost
    first, so that the evidence in an answer reaches the same later sources whatever order the mentions came in.
    """

    def __init__(self, parse: Parse, cast: Cast, mentions: Sequence[Mention], rules: frozenset[str]) -> None:
        self.parse = parse
        self.rules = rules
        self.cast = cast
        self.sources = sources_of(parse, mentions)
        self.answers: list[Answer | None] = [None] * len(self.sources)
        self.spoke: set[Entity] = set()
        self._current: dict[Entity, Entity] = {}
        self._latest: dict[str, int] = {}
        self._descriptions: dict[Phrase, Description] = {}

    def record(self, k: int, rule: str, found: Found, through: tuple[Link, ...]) -> None:
        """Note what ``rule`` found for source ``k``, and what this shows of the entity."""
        entity = self.current(found.entity)
        if found.gender is not None and entity.kind == "person" and entity.gender is None:
            entity = replace(entity, gender=found.gender, gender_shown=(self.sources[k].span, rule))
        if found.country is not None and entity.kind == "person" and entity.country is None:
            entity = replace(entity, country=found.country)
        if found.is_body and entity.kind == "person":
            entity = entity.as_body()
        self._current[entity] = entity
        self.spoke.add(entity)
        self.answers[k] = Answer(entity, rule, through, found.evidence)
        if found.noun is not None:
            self._latest[found.noun] = k

    def current(self, entity: Entity) -> Entity:
        """Return ``entity`` with what the answers so far show of it."""
        return self._current.get(entity, entity)

    def named(self, token: int) -> Entity | None:
        """Return the entity that ``token`` names, with what the answers so far show of it."""
        entity = self.cast.at.get(token)
        return None if entity is None else self._current.get(entity, entity)

    def bearer(self, token: int) -> Entity:
        """Return the entity of the name at ``token``."""
        entity = self.cast.at[token]
        return self._current.get(entity, entity)

    def speaker(self, k: int) -> Entity | None:
        """Return the speaker of source ``k``; ``None`` if it is not resolved yet."""
        answer = self.answers[k]
        return None if answer is None else self.current(answer.entity)

    def link(self, k: int) -> Link | None:
        """Return source ``k`` as a step towards a name."""
        answer = self.answers[k]
        return None if answer is None else (self.sources[k].span, answer.rule)

    def latest(self, noun: str) -> int | None:
        """Return the source that was resolved last to an entity described by ``noun``."""
        return self._latest.get(noun)

    def description(self, phrase: Phrase) -> Description:
        """Return what the words of ``phrase`` say; most rules ask."""
        found = self._descriptions.get(phrase)
        if found is None:
            found = self._descriptions[phrase] = Description.of(self.parse, self.cast, phrase)
        return found

    @cached_property
    def nouns(self) -> dict[str, list[int]]:
        """The tokens of each common noun (lemma)."""
        found: dict[str, list[int]] = {}
        parse = self.parse
        for i in [i for i, tag in enumerate(parse.tags) if tag == "NN" or tag == "NNS"]:
            found.setdefault(parse.lemmas[i], []).append(i)
        return found

    def is_turn(self, k: int) -> bool:
        """Return whether source ``k`` is the label of a turn, as of a question or an answer ("Q.", "A.")."""
        span = self.sources[k].span
        return span in self.cast.voices or self.parse.text[slice(*span)] in load("labels")["turns"]

    def has_floor(self, k: int, entity: Entity) -> bool:
        """Return whether source ``k`` is inside a turn of ``entity``."""
        outer = self.sources[k].outer
        return outer is not None and self.sources[outer].span in self.cast.voices and self.speaker(outer) == entity

    @cached_property
    def first_turn(self) -> int:
        """The first source that is the label of a turn; the number of sources if none is."""
        return next((k for k in range(len(self.sources)) if self.is_turn(k)), len(self.sources))

    @cached_property
    def foreign_ministers(self) -> list[tuple[str, list[Held[Entity]]]]:
        """Foreign ministers and secretaries of state, by the noun of their office."""
        foreign, holders = kinds.words("foreign"), self.cast.holders
        nouns = sorted(kinds.words("foreign_posts"))
        return [(noun, [office for office in holders.get(noun, []) if office.words & foreign]) for noun in nouns]

    @cached_property
    def first_we(self) -> int:
        """The first source outside all content that says who we are; the number of sources if none does."""
        lowers = self.parse.lowers
        return next(
            (
                k
                for k, source in enumerate(self.sources)
                if source.outer is None and lowers[max(0, source.tokens.start - 2) : source.tokens.start] == ["we", ","]
            ),
            len(self.sources),
        )

    def _asks(self, k: int) -> bool:
        """Return whether what is attributed to source ``k`` ends in a question mark."""
        end = max((part[1] for part in self.sources[k].content), default=0)
        return self.parse.text[max(0, end - 2) : end].rstrip("”’\"'").endswith("?")

    def turn_changes(self, k: int) -> bool:
        """Return whether a dialogue passes from source ``k - 1`` to ``k``: by a question, or by the question after."""
        return self._replies(k) and (self._asks(k - 1) or (k > 1 and self._asks(k) and self._replies(k - 1)))

    def answers_to(self, k: int) -> bool:
        """Return whether source ``k`` directly answers source ``k - 1``: it follows a question, or its verb replies."""
        if not self.sources[k].content or k == 0:
            return False
        text, start = self.parse.text, min(part[0] for part in self.sources[k].content)
        end = max(part[1] for part in (self.sources[k - 1].span, *self.sources[k - 1].content))
        if text[start - 1 : start] not in _OPENING or not 0 < start - end < _TURN:
            return False
        verb = self._verb(k)
        return self._asks(k - 1) or (verb is not None and self.parse.lemmas[verb] in kinds.words("reply"))

    def addressee(self, k: int) -> tuple[int, Entity] | None:
        """Return the addressee of source ``k``, with the token that names them."""
        verb = self._verb(k)
        objects = () if verb is None else self.parse.children[verb]
        for i in objects:
            there = self.named(i) if self.parse.deps[i] in ("dobj", "dative") else None
            if there is not None and there.kind == "person":
                return self.cast.first_of(i), there
        return None

    def _verb(self, k: int) -> int | None:
        """Return the verb whose subject is source ``k``."""
        head = self.sources[k].head
        above = None if head is None else self.parse.heads[head]
        return above if above is not None and self.parse.tags[above].startswith("VB") else None

    def _replies(self, k: int) -> bool:
        """Return whether what source ``k`` says begins a paragraph in quotation marks, right behind a source's."""
        if not self.sources[k].content:
            return False
        text, start = self.parse.text, min(part[0] for part in self.sources[k].content)
        if k == 0 or start < 2 or text[start - 1] not in "“\"‘'" or text[start - 2] != "\n":
            return False
        end = max(part[1] for part in (self.sources[k - 1].span, *self.sources[k - 1].content))
        return 0 < start - end < _TURN and text[end:start].strip().count("\n") <= 2

    def says(self, k: int, token: int) -> bool:
        """Return whether ``token`` is inside what is attributed to source ``k``."""
        start = self.parse.starts[token]
        return any(part[0] <= start < part[1] for part in self.sources[k].content)
