"""The grammar of patterns: spaCy's `DependencyMatcher` patterns (https://spacy.io/api/dependencymatcher).

The models check a pattern, describe its mistakes, give its JSON schema, and are compiled for matching.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from quotekit.errors import near
from quotekit.lexicon.cues import Cues
from quotekit.rules.messages import Mistake, mistake_of, shown, slip
from quotekit.rules.pattern import BELOW, COLUMNS, RELATIONS, Node, Pattern, Test
from quotekit.rules.regex import Regex

Attribute = Literal["LEMMA", "DEP", "POS", "TAG", "ORTH", "TEXT", "LOWER"]
Relation = Literal[
    "<", ">", "<<", ">>", ".", ".*", ";", ";*", "$+", "$-", "$++", "$--",
    ">+", ">-", ">++", ">--", "<+", "<-", "<++", "<--",
]  # fmt: skip
Word = Annotated[str, Field(strict=True)]

MOST_NODES = 16
"""Maximum number of nodes of a pattern; the longest of the package has 6."""

LONGEST_WORD = 200
"""Maximum length, in characters, of a node's name and of a regular expression."""


class Condition(BaseModel):
    """What an attribute of a token must be: one of some words, none of them, or a match of a regular expression.

    A single word is short for a list of one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    IN: tuple[Word, ...] = Field(default=(), examples=[["say", "tell"]])
    NOT_IN: tuple[Word, ...] = Field(default=(), examples=[["say", "tell"]])
    REGEX: Word = Field(default="", max_length=LONGEST_WORD, examples=["^re"])

    @model_validator(mode="before")
    @classmethod
    def _of_word(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"IN": (value,)}
        if not isinstance(value, dict):
            raise slip(f'expected a word or a condition, got {shown(value)}; write it like {{IN = ["say"]}}')
        return value

    @field_validator("REGEX")
    @classmethod
    def _is_regex(cls, value: str) -> str:
        try:
            Regex(value)
        except ValueError as error:
            raise slip(f"{shown(value)} is not a regular expression ({error}); correct or escape it") from None
        return value

    @model_validator(mode="after")
    def _is_one(self) -> Condition:
        if len(self.model_fields_set) != 1:
            raise slip(
                f"expected one of IN, NOT_IN, REGEX, got {shown(sorted(self.model_fields_set))}; for several "
                "conditions use several attributes or a REGEX"
            )
        return self

    @property
    def operator(self) -> str:
        """``IN``, ``NOT_IN`` or ``REGEX``."""
        return next(iter(self.model_fields_set))

    @property
    def words(self) -> tuple[str, ...]:
        """The words of ``IN`` or ``NOT_IN``."""
        return self.IN or self.NOT_IN

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(self.words)

    def accepts(self, word: str) -> bool:
        """Return whether a token with this word passes, ``"@frame"`` aside."""
        if self.operator == "REGEX":
            return Regex(self.REGEX).found_in(word)
        return (word in self._listed) == (self.operator == "IN")


class NodeSpec(BaseModel):
    """One word of the pattern. Every node except the first is attached to an earlier one."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Node")

    RIGHT_ID: Word = Field(
        min_length=1,
        max_length=LONGEST_WORD,
        examples=["cue"],
        description="the node's name: cue, source, content or any other",
    )
    LEFT_ID: Word | None = Field(
        default=None, examples=["cue"], description="the name of the earlier node that this one is attached to"
    )
    REL_OP: Relation | None = Field(
        default=None, examples=[">"], description="how it is attached: > is a child of, < is the head of"
    )
    RIGHT_ATTRS: dict[Attribute, Condition] = Field(
        default={}, examples=[{"LEMMA": "say"}], description="what the word must be"
    )

    @field_validator("RIGHT_ATTRS", mode="after")
    @classmethod
    def _labels(cls, value: dict[Attribute, Condition]) -> dict[Attribute, Condition]:
        for attribute, condition in value.items():
            if attribute != "LEMMA" and any(map(is_frame, condition.words)):
                word = next(filter(is_frame, condition.words))
                raise slip(f"{word!r} is a list of lemmas; write it under LEMMA, or remove it", attribute)
        return value


def is_frame(word: str) -> bool:
    """Return whether ``word`` is short for the cues of a frame: ``"@clause"``."""
    return word.startswith("@") and len(word) > 1


def read_pattern(pattern: Sequence[Mapping[str, Any]], cues: Cues) -> dict[str, NodeSpec]:
    """Return the nodes of ``pattern`` by name, in order.

    Raises:
        Mistake: the pattern is not one, or names a frame that is not in ``cues``.
    """
    if len(pattern) > MOST_NODES:
        raise Mistake("pattern", f"expected at most {MOST_NODES} nodes, got {len(pattern)}; split the rule")
    nodes: dict[str, NodeSpec] = {}
    for number, given in enumerate(pattern, 1):
        place = f"pattern.{number}"
        try:
            node = NodeSpec.model_validate(given)
        except ValidationError as error:
            name = f"node {given['RIGHT_ID']!r}: " if "RIGHT_ID" in given else ""
            raise mistake_of(error, NodeSpec, place, name) from None
        _check_link(node, place, nodes)
        for word in node.RIGHT_ATTRS["LEMMA"].words if "LEMMA" in node.RIGHT_ATTRS else ():
            if is_frame(word):
                check_frame(f"{place}.RIGHT_ATTRS.LEMMA", word[1:], cues)
        nodes[node.RIGHT_ID] = node
    return nodes


def check_frame(field: str, frame: str, cues: Cues) -> None:
    """Raise `Mistake` if the lexicon has no such frame."""
    frames = (*cues.frames, "statement")
    if frame not in frames:
        raise Mistake(field, f"unknown frame {frame!r}; {near(frame, frames)}; the frames are {', '.join(frames)}")


def _check_link(node: NodeSpec, place: str, earlier: Mapping[str, NodeSpec]) -> None:
    name, left = node.RIGHT_ID, node.LEFT_ID
    if name in earlier:
        raise Mistake(f"{place}.RIGHT_ID", f"two nodes are named {name!r}; give each its own name")
    if not earlier:
        if left is not None or node.REL_OP is not None:
            raise Mistake(place, f"node {name!r} is the first and attached to nothing; remove LEFT_ID and REL_OP")
    elif left not in earlier:
        raise Mistake(
            f"{place}.LEFT_ID",
            f"node {name!r} is attached to {shown(left)}, which is not an earlier node; {near(str(left), earlier)}",
        )
    elif node.REL_OP is None:
        raise Mistake(f"{place}.REL_OP", f"node {name!r}: required, and missing; write one of {', '.join(RELATIONS)}")


def compile_nodes(nodes: Iterable[NodeSpec], cues: Cues) -> Pattern:
    """Return the pattern that ``nodes`` describe, with the lemmas of ``cues`` for each ``"@frame"``."""
    places: dict[str | None, int] = {}
    compiled = []
    for node in nodes:
        tests = tuple(_test(attribute, condition, cues) for attribute, condition in node.RIGHT_ATTRS.items())
        relation = None if node.REL_OP is None else RELATIONS[node.REL_OP]
        compiled.append(Node(node.RIGHT_ID, tests, places.get(node.LEFT_ID, 0), relation))
        places[node.RIGHT_ID] = len(places)
    return Pattern(tuple(compiled), _children_needed(compiled))


def _test(attribute: str, condition: Condition, cues: Cues) -> Test:
    if condition.operator == "REGEX":
        return Test(COLUMNS[attribute], regex=Regex(condition.REGEX))
    return Test(COLUMNS[attribute], lemmas(condition, cues), negated=condition.operator == "NOT_IN")


def lemmas(condition: Condition, cues: Cues) -> frozenset[str]:
    """Return the words of a condition, with those of the lexicon for each ``"@frame"``."""
    words = ((cues.anchors(word[1:]) if is_frame(word) else {word}) for word in condition.words)
    return frozenset().union(*words)


def _children_needed(nodes: Sequence[Node]) -> tuple[frozenset[str], ...]:
    """Return the labels that the nodes directly below the first one must have."""
    below = {RELATIONS[operator] for operator in BELOW}
    return tuple(
        test.values
        for node in nodes[1:]
        if node.left == 0 and node.relation in below
        for test in node.tests
        if test.column == "deps" and test.regex is None and not test.negated
    )
