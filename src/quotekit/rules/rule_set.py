"""A rule set is an ordered, immutable choice of rules, with the cues that they bring."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cue
from quotekit.rules.files import built_in
from quotekit.rules.loading import load, load_beside
from quotekit.rules.rule import Rule
from quotekit.rules.writing import write_file

_FEW = 8
"""Number of ids that a message names."""

_NO_RULES = "rules must be a RuleSet or paths of rule files, not {}; RuleSet(rules) makes one of rules"


class RuleSet:
    """Rules in their order, and cues for the lexicon. Every change makes a new set.

    Args:
        rules: the rules.
        cues: your own cues. They are added to the lexicon; a cue with the same words is replaced.
        switched_off: ids of rules to remove from the set that this one is added to; the ``without`` of a file.

    Raises:
        RuleError: two rules have the same id, or two cues have the same words.

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
            raise RuleError(f"cue {twice!r}: two cues have the same words; merge their frames into one cue")
        twice = _first_twice(rule.id for rule in self._rules)
        if twice is not None:
            raise RuleError(f"rule {twice!r}: two rules have this id; give each its own")

    @classmethod
    def default(cls) -> RuleSet:
        """Return the rules that come with quotekit."""
        return _default()

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], *, examples: bool = True) -> RuleSet:
        """Return the rules, the cues and ``without`` of a TOML or JSON Lines file alone.

        Args:
            path: a ``.toml`` or ``.jsonl`` file.
            examples: whether to try those examples of the rules that have a stored parse beside the file.

        Raises:
            RuleError: the file is not valid; the message names the file, the rule, the field and the remedy.
        """
        loaded = load(path, built_in(), examples=examples)
        return cls(loaded.rules, loaded.cues, loaded.without)

    def with_file(self, path: str | os.PathLike[str], *, examples: bool = True) -> RuleSet:
        """Return this set without the rules that a file switches off, followed by the file's rules and cues.

        A cue that the set already has is replaced. Arguments and errors are those of `from_file`. It is also an error
        if a rule of the file has an id that the set has, or if the file switches off a rule that the set lacks.
        """
        loaded = load_beside(path, self._rules, self._cues, examples=examples)
        kept = self.without(*(id for id in loaded.without if id in self))
        return kept.adding(*loaded.rules).with_cues(*loaded.cues)

    @classmethod
    def of(cls, rules: RuleSet | str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None) -> RuleSet:
        """Return ``rules`` if it is a set, else the default set with one rule file or several; ``None`` for no file.

        Raises:
            TypeError: ``rules`` is something else.
            RuleError: a file cannot be read, or is not valid.
        """
        if isinstance(rules, RuleSet):
            return rules
        paths = [] if rules is None else [rules] if isinstance(rules, (str, os.PathLike)) else rules
        if isinstance(paths, (bytes, Mapping)) or not isinstance(paths, Iterable):
            raise TypeError(_NO_RULES.format(type(rules).__name__))
        chosen = cls.default()
        for path in paths:
            if not isinstance(path, (str, os.PathLike)):
                raise TypeError(_NO_RULES.format(f"{type(rules).__name__} with {type(path).__name__}"))
            chosen = chosen.with_file(path)
        return chosen

    def to_file(self, path: str | os.PathLike[str]) -> None:
        """Write the set to a ``.toml`` or ``.jsonl`` file, from which `from_file` reads an equal one.

        Raises:
            RuleError: the file cannot be written, or a pattern holds a value that the format cannot express.
        """
        write_file(path, self._rules, self._cues, self._off)

    def __eq__(self, other: object) -> bool:
        """Return whether the other set has the same rules and cues in the same order."""
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
        """The ids of rules to remove from a set that this one is added to. They do not change this set itself."""
        return self._off

    def without(self, *ids: str) -> RuleSet:
        """Return a set that lacks the named rules. An unknown id raises `RuleError`."""
        for id in ids:
            self[id]
        return self._with(rule for rule in self._rules if rule.id not in ids)

    def only(self, *ids: str) -> RuleSet:
        """Return a set of just the named rules. An unknown id raises `RuleError`."""
        return self._with(self[id] for id in ids)

    def adding(self, *rules: Rule) -> RuleSet:
        """Return a set with ``rules`` at its end. An id that the set already has raises `RuleError`."""
        return self._with((*self._rules, *rules))

    def with_cues(self, *cues: Cue) -> RuleSet:
        """Return a set with ``cues`` added; a cue that it already has is replaced.

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
    return RuleSet(built_in())
