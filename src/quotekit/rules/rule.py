"""A rule is data that carries its own examples; a rule set is an ordered, immutable choice of rules."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cue
from quotekit.models import Act

_FEW = 8
"""Ids that a message names."""

RuleKind = Literal["direct", "indirect", "mixed", "block", "speaker"]
Reads = Literal["subtree", "before", "after", "clause"]


class Rule(BaseModel):
    """One way in which an attribution is written, or (``kind="block"``) one in which nothing is said.

    A rule of ``kind="speaker"`` is one way in which a source means somebody: "she", "the minister". Its ``matches``
    show whom, its ``rejects`` have a source that other rules decide.

    ``pattern`` is a spaCy `DependencyMatcher` pattern with a node named ``cue``, and mostly ``source`` and ``content``;
    nodes whose name begins with ``cue`` belong to the cue. In a list of lemmas ``"@frame"`` stands for the cues that
    the lexicon has for that frame. A rule without a pattern reads the layout, and its function stands in
    `quotekit.candidates.from_layout`, or it is a speaker rule, with a function in `quotekit.speakers.sieve`.

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

    id: str = Field(min_length=1, examples=["mine.sigh"], description="what names the rule; no other rule has it")
    kind: RuleKind = Field(examples=["indirect"], description="what the rule finds; block: where nothing is said")
    why: str = Field(min_length=1, examples=["A sigh can carry a clause."], description="a sentence for readers")
    pattern: tuple[dict[str, Any], ...] = Field(
        default=(),
        examples=[[{"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": "sigh"}}]],
        description="a spaCy DependencyMatcher pattern with a node named cue",
    )
    reads: Reads = Field(
        default="subtree",
        examples=["subtree"],
        description="where the content is: the content node's subtree; the quoted words before or after the cue's "
        "clause; or the whole clause that holds the cue",
    )
    frame: str | None = Field(
        default=None, examples=["clause"], description="the lexicon's frame that says which cues fit, and how surely"
    )
    act: Act | None = Field(
        default=None, examples=["statement"], description="statement or attitude; none: as the lexicon says of the cue"
    )
    confidence: float = Field(
        default=0.8, ge=0, le=1, strict=True, examples=[0.8], description="from 0 to 1, where nothing was measured"
    )
    matches: tuple[str, ...] = Field(
        default=(),
        examples=[["<source>Ann Lee</source> <cue>sighed</cue> <content>that it was late</content>."]],
        description="examples, with what the rule must find in <content>, <cue> and <source>",
    )
    rejects: tuple[str, ...] = Field(
        default=(), examples=[["Ann Lee sighed."]], description="examples in which the rule must find nothing"
    )

    @field_validator("pattern")
    @classmethod
    def _lists(cls, pattern: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        """Files have lists and no tuples: so a rule is equal to what is read back of it."""
        return tuple({key: _listed(value) for key, value in node.items()} for node in pattern)


def _listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    return {key: _listed(item) for key, item in value.items()} if isinstance(value, dict) else value


class RuleSet:
    """Rules in their order, and cues for the lexicon. Every change makes a new set.

    Args:
        rules: the rules.
        cues: cues of one's own; the lexicon has them along with its own, or in place of one that is called the same.
        switched_off: ids of rules that a set which this one is added to shall lack; a file's ``without``.

    Raises:
        RuleError: two rules have one id, or two cues are the same words.

    >>> rules = RuleSet.default()
    >>> len(rules.without("en.clause")) == len(rules) - 1
    True
    """

    def __init__(self, rules: Iterable[Rule] = (), cues: Iterable[Cue] = (), switched_off: Iterable[str] = ()) -> None:
        self._rules = tuple(rules)
        self._cues = tuple(cues)
        self._off = tuple(switched_off)
        twice = _first_twice(cue.cue for cue in self._cues)
        if twice is not None:
            raise RuleError(f"cue {twice!r}: two cues are the same words; put their frames into one")
        twice = _first_twice(rule.id for rule in self._rules)
        if twice is not None:
            raise RuleError(f"rule {twice!r}: two rules have this id; give each its own")

    @classmethod
    def default(cls) -> RuleSet:
        """The rules that come with quotekit."""
        return _default()

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], *, examples: bool = True) -> RuleSet:
        """The rules, the cues and ``without`` of a TOML or JSON Lines file alone.

        Args:
            path: a ``.toml`` or ``.jsonl`` file.
            examples: whether to try the rules on those of their examples that have a stored parse beside the file.

        Raises:
            RuleError: the file is not valid; the message names the file, the rule, the field and the remedy.
        """
        from quotekit.rules.files import read_file

        return read_file(path, examples=examples)

    def to_file(self, path: str | os.PathLike[str]) -> None:
        """Write the set to a ``.toml`` or ``.jsonl`` file, from which `from_file` reads an equal one.

        Raises:
            RuleError: the file cannot be written, or a pattern holds what no file can.
        """
        from quotekit.rules.writing import write_file

        write_file(self, path)

    def with_file(self, path: str | os.PathLike[str], *, examples: bool = True) -> RuleSet:
        """This set without the rules that a file switches off, and with the file's rules and cues at its end.

        A cue that the set has already is replaced. Arguments and errors are those of `from_file`; it is an error too
        if a rule has an id that the set has, or if the set lacks a rule to switch off.
        """
        from quotekit.rules.files import add_file

        return add_file(self, path, examples=examples)

    def __eq__(self, other: object) -> bool:
        """Whether the other set has the same rules and cues in the same order."""
        if not isinstance(other, RuleSet):
            return NotImplemented
        return (self._rules, self._cues, self._off) == (other._rules, other._cues, other._off)

    def __hash__(self) -> int:
        return hash((self.ids, self._off))

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
        some = ", ".join(self.ids[:_FEW]) or "no rules"
        more = f" and {len(self) - _FEW} more, which quotekit rules lists" if len(self) > _FEW else ""
        hint = f"; did you mean {near[0]!r}?" if near else f"; the set has {some}{more}"
        raise RuleError(f"no rule has the id {id!r}{hint}")

    def __repr__(self) -> str:
        cues = [f"cues: {', '.join(cue.cue for cue in self._cues)}"] if self._cues else []
        return f"RuleSet({'; '.join([', '.join(self.ids), *cues])})"

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in order."""
        return tuple(rule.id for rule in self._rules)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues that the set adds to the lexicon."""
        return self._cues

    @property
    def switched_off(self) -> tuple[str, ...]:
        """The ids that a set which this one is added to shall lack. They have no effect on this set itself."""
        return self._off

    def without(self, *ids: str) -> RuleSet:
        """A set that lacks the rules named. An unknown id is a `RuleError`."""
        for id in ids:
            self[id]
        return self._with(rule for rule in self._rules if rule.id not in ids)

    def only(self, *ids: str) -> RuleSet:
        """A set of just the rules named. An unknown id is a `RuleError`."""
        return self._with(self[id] for id in ids)

    def adding(self, *rules: Rule) -> RuleSet:
        """A set with ``rules`` at its end. An id that is there already is a `RuleError`."""
        return self._with((*self._rules, *rules))

    def with_cues(self, *cues: Cue) -> RuleSet:
        """A set with ``cues`` too; one that it has already is replaced.

        >>> RuleSet().with_cues(Cue(cue="quack", frames={"clause": 0.7})).cues[0].cue
        'quack'
        """
        new = {cue.cue for cue in cues}
        return RuleSet(self._rules, (*(cue for cue in self._cues if cue.cue not in new), *cues), self._off)

    def _with(self, rules: Iterable[Rule]) -> RuleSet:
        return RuleSet(rules, self._cues, self._off)


def _first_twice(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


@cache
def _default() -> RuleSet:
    from quotekit.rules.files import built_in

    return RuleSet(built_in())
