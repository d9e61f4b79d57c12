"""Matches of a rule's pattern."""

from __future__ import annotations

from dataclasses import dataclass

from quotekit.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Match:
    """A match of a rule's pattern: the tokens of its nodes by name."""

    rule: Rule
    nodes: dict[str, int]

    @property
    def cue(self) -> list[int]:
        """The tokens of all nodes of the cue, in text order."""
        return sorted(i for name, i in self.nodes.items() if name.startswith("cue"))
