"""A rule's pattern found in a text."""

from __future__ import annotations

from dataclasses import dataclass

from quotekit.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's pattern found in the text: its nodes' tokens by name."""

    rule: Rule
    nodes: dict[str, int]

    @property
    def cue(self) -> list[int]:
        """The tokens of the nodes that make up the cue."""
        return sorted(i for name, i in self.nodes.items() if name.startswith("cue"))
