"""A rule is data that carries its own examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from quotekit.models import Act

RuleKind = Literal["direct", "indirect", "mixed", "block", "speaker"]
Reads = Literal["subtree", "before", "after", "clause"]


class Rule(BaseModel):
    """One construction of an attribution, or (``kind="block"``) a construction in which nothing is said.

    A rule of ``kind="speaker"`` is one way to refer to a speaker: "she", "the minister". Its ``matches`` show the
    speaker; its ``rejects`` have a source that other rules decide.

    ``pattern`` is a spaCy `DependencyMatcher` pattern with a node named ``cue``, and usually ``source`` and
    ``content``; nodes whose name begins with ``cue`` belong to the cue. In a list of lemmas ``"@frame"`` is replaced by
    the lexicon's cues for that frame. A rule without a pattern is a function: of the layout, in
    `quotekit.candidates.from_layout`, or of speakers, in `quotekit.speakers.sieve`.

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

    id: str = Field(min_length=1, examples=["mine.sigh"], description="the rule's unique name")
    kind: RuleKind = Field(examples=["indirect"], description="what the rule finds; block: nothing is said")
    why: str = Field(min_length=1, examples=["A sigh can carry a clause."], description="one sentence for the reader")
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
        default=None, examples=["clause"], description="the lexicon's frame, which gives the cues and their precision"
    )
    act: Act | None = Field(
        default=None, examples=["statement"], description="statement or attitude; by default the lexicon's for the cue"
    )
    confidence: float = Field(
        default=0.8, ge=0, le=1, strict=True, examples=[0.8], description="from 0 to 1; used where nothing was measured"
    )
    matches: tuple[str, ...] = Field(
        default=(),
        examples=[["<source>Ann Lee</source> <cue>sighed</cue> <content>that it was late</content>."]],
        description="examples, with what the rule must find marked as <content>, <cue> and <source>",
    )
    rejects: tuple[str, ...] = Field(
        default=(), examples=[["Ann Lee sighed."]], description="examples in which the rule must find nothing"
    )

    @field_validator("pattern")
    @classmethod
    def _lists(cls, pattern: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        """Replace tuples by lists, as files have them, so that a rule equals what is read back."""
        return tuple({key: _listed(value) for key, value in node.items()} for node in pattern)

    def examples(self) -> Iterator[tuple[Literal["matches", "rejects"], str, str]]:
        """Yield each example as its group, its field (``"matches.1"``) and its markup."""
        groups: tuple[tuple[Literal["matches", "rejects"], tuple[str, ...]], ...]
        groups = ("matches", self.matches), ("rejects", self.rejects)
        for group, examples in groups:
            for number, markup in enumerate(examples, 1):
                yield group, f"{group}.{number}", markup


def _listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    return {key: _listed(item) for key, item in value.items()} if isinstance(value, dict) else value
