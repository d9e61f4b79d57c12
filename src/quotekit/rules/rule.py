"""A rule is data that carries its own examples; a rule set is an ordered, immutable choice of rules."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from quotekit.errors import RuleError
from quotekit.models import Act

RuleKind = Literal["direct", "indirect", "mixed", "block", "speaker"]
Reads = Literal["subtree", "before", "after", "clause"]


class Rule(BaseModel):
    """One way in which an attribution is written, or (``kind="block"``) one in which nothing is said.

    A rule of ``kind="speaker"`` is one way in which a source means somebody: "she", "the minister". Its ``matches``
    show whom, its ``rejects`` have a source that other rules decide.

    ``pattern`` is a spaCy `DependencyMatcher` pattern with a node named ``cue``, and mostly ``source`` and ``content``;
    nodes whose name begins with ``cue`` belong to the cue. In a list of lemmas ``"@frame"`` stands for the cues that
    the lexicon has for that frame. A rule without a pattern reads the layout, and its function stands in
    `quotekit.rules.layout`, or it is a speaker rule, with a function in `quotekit.speakers.sieve`.

    >>> Rule(
    ...     id="mine.sigh",
    ...     kind="indirect",
    ...     why="A sigh can carry a clause.",
    ...     pattern=[
    ...         {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": "sigh"}},
    ...         {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "source", "RIGHT_ATTRS": {"DEP": "nsubj"}},
    ...         {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "content", "RIGHT_ATTRS": {"DEP": "ccomp"}},
    ...     ],
    ...     matches=["<source>Ann Lee</source> <cue>sighed</cue> <content>that it was late</content>."],
    ... ).kind
    'indirect'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    kind: RuleKind
    why: str = Field(min_length=1)
    pattern: tuple[dict[str, Any], ...] = ()
    reads: Reads = Field(
        default="subtree",
        description="where the content is: the content node's subtree; the quoted words before or after the cue's "
        "clause; or the whole clause that holds the cue",
    )
    frame: str | None = Field(default=None, description="the lexicon's frame that says which cues fit, and how surely")
    act: Act | None = Field(default=None, description="statement or attitude; none: as the lexicon says of the cue")
    confidence: float = Field(default=0.8, ge=0, le=1, description="where nothing was measured")
    matches: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()


class RuleSet:
    """Rules in their order. Every change makes a new set.

    >>> rules = RuleSet.default()
    >>> len(rules.without("en.clause")) == len(rules) - 1
    True
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules = tuple(rules)
        seen: set[str] = set()
        for rule in self._rules:
            if rule.id in seen:
                raise RuleError(f"rule {rule.id!r}: two rules have this id; give each its own")
            seen.add(rule.id)

    @classmethod
    def default(cls) -> RuleSet:
        """The rules that come with quotekit."""
        return _default()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, id: object) -> bool:
        return any(rule.id == id for rule in self._rules)

    def __getitem__(self, id: str) -> Rule:
        for rule in self._rules:
            if rule.id == id:
                return rule
        near = difflib.get_close_matches(id, self.ids, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; the set has {', '.join(self.ids) or 'no rules'}"
        raise RuleError(f"no rule has the id {id!r}{hint}")

    def __repr__(self) -> str:
        return f"RuleSet({', '.join(self.ids)})"

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in order."""
        return tuple(rule.id for rule in self._rules)

    def without(self, *ids: str) -> RuleSet:
        """A set that lacks the rules named. An unknown id is a `RuleError`."""
        for id in ids:
            self[id]
        return RuleSet(rule for rule in self._rules if rule.id not in ids)

    def only(self, *ids: str) -> RuleSet:
        """A set of just the rules named. An unknown id is a `RuleError`."""
        return RuleSet(self[id] for id in ids)

    def adding(self, *rules: Rule) -> RuleSet:
        """A set with ``rules`` at its end. An id that is there already is a `RuleError`."""
        return RuleSet((*self._rules, *rules))


@cache
def _default() -> RuleSet:
    from quotekit.rules.files import built_in

    return RuleSet(built_in())
