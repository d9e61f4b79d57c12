"""Mistakes in a rule or a cue that the fields alone do not show, found without a model.

Each check raises `Mistake`; the reader of the file adds the location.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from quotekit import lexicon
from quotekit.errors import near
from quotekit.lexicon.cues import Cue, Cues
from quotekit.rules.grammar import Condition, NodeSpec, check_frame, is_frame, lemmas, read_pattern
from quotekit.rules.markup import plain_text, read_annotated, read_sources
from quotekit.rules.messages import Mistake, shown
from quotekit.rules.pattern import RELATIONS
from quotekit.rules.rule import Rule

NAMED = ("source", "content", "cue_preposition")
"""Names of nodes, besides ``cue``, that have a meaning."""

RESERVED = ("encoder",)
"""Ids that a quote has if no rule decided it."""

ALIKE = 0.85
"""Minimum similarity, from 0 to 1, of a node's name to one of `NAMED` for it to be taken as a misspelling."""

_UP = frozenset(operator for operator in RELATIONS if operator.startswith("<"))
_DOWN = frozenset(operator for operator in RELATIONS if operator[0] in ">$")


def check_cue(cue: Cue) -> None:
    """Raise `Mistake` if ``cue`` can never be found, or has an unknown frame."""
    if cue.cue != " ".join(cue.cue.lower().split()):
        wanted = " ".join(cue.cue.lower().split()) or "quack"
        raise Mistake(
            "cue", f"expected lower-case words with one space between, got {shown(cue.cue)}; write {wanted!r}"
        )
    frames = Cues.default().frames
    for frame in cue.frames:
        if frame not in frames:
            raise Mistake(
                f"frames.{frame}", f"unknown frame {frame!r}; {near(frame, frames)}; the frames are {', '.join(frames)}"
            )


def check_rule(rule: Rule, cues: Cues, functions: Collection[str]) -> None:
    """Raise `Mistake` for the first mistake in ``rule``.

    Args:
        rule: the rule.
        cues: the lexicon that the rule runs with.
        functions: ids of the built-in rules of this kind that are functions and have no pattern.
    """
    if rule.id in RESERVED or rule.id != rule.id.strip():
        raise Mistake("id", f"{rule.id!r} cannot be an id; choose another, such as 'mine.sigh'")
    if not is_function(rule, functions):
        nodes = checked_pattern(rule, cues)
        for number, node in enumerate(nodes.values(), 1):
            _check_node(node, f"pattern.{number}", nodes, rule, cues)
        _check_names(nodes)
    _check_examples(rule)


def is_function(rule: Rule, functions: Collection[str]) -> bool:
    """Return whether ``rule`` is one of the ``functions`` of quotekit.

    Raises:
        Mistake: such a rule has a pattern, or a speaker rule is not a function.
    """
    if rule.id in functions:
        if rule.pattern:
            raise Mistake("pattern", f"{rule.id!r} is a function of quotekit and has no pattern; choose another id")
        return True
    if rule.kind == "speaker":
        raise Mistake(
            "kind",
            "speaker rules are functions of quotekit and cannot be added; "
            "expected direct, indirect, mixed or block, got 'speaker'",
        )
    return False


def checked_pattern(rule: Rule, cues: Cues) -> dict[str, NodeSpec]:
    """Return the nodes of a rule's pattern by name, in order.

    Raises:
        Mistake: the pattern is not valid, or lacks a node that the rule needs.
    """
    if not rule.pattern:
        raise Mistake("pattern", "expected a list of nodes, got none; add a pattern with a node named 'cue'")
    if rule.frame is not None:
        check_frame("frame", rule.frame, cues)
    nodes = read_pattern(rule.pattern, cues)
    if "cue" not in nodes:
        raise Mistake("pattern", f"no node is named 'cue'; the nodes are {', '.join(nodes)}. Rename the cue's node")
    if "content" not in nodes and rule.reads == "subtree" and rule.kind != "block":
        raise Mistake(
            "pattern",
            f"no node is named 'content'; the nodes are {', '.join(nodes)}. A rule that reads \"subtree\" needs one: "
            'rename the head of the content, or let the rule read "before", "after" or "clause"',
        )
    return nodes


def _check_names(nodes: Mapping[str, NodeSpec]) -> None:
    """Raise `Mistake` for a misspelt name, which would silently be a condition and not part of the quote."""
    for name in nodes:
        for wanted in NAMED:
            if name == wanted or wanted in nodes or name[0].lower() != wanted[0]:
                continue
            if difflib.SequenceMatcher(None, name.lower(), wanted).ratio() >= ALIKE:
                raise Mistake(
                    "pattern",
                    f"node {name!r}: no part of a quote has this name; did you mean {wanted!r}? If the node is only a "
                    "condition, choose a less similar name",
                )


def _check_node(node: NodeSpec, place: str, nodes: Mapping[str, NodeSpec], rule: Rule, cues: Cues) -> None:
    """Raise `Mistake` if the node never matches a word."""
    for attribute, condition in node.RIGHT_ATTRS.items():
        field = f"{place}.RIGHT_ATTRS.{attribute}"
        if condition.operator == "IN" and not condition.words:
            problem = f"the list is empty; fill it, or remove {attribute}"
            raise Mistake(f"{field}.IN", f"node {node.RIGHT_ID!r} never matches: {problem}")
        for word in condition.words:
            wrong = None if is_frame(word) else _wrong_word(attribute, word)
            if wrong:
                raise Mistake(field, f"node {node.RIGHT_ID!r} never matches: {wrong}")
    wrong = _contradiction(node) or _wrong_root(node, nodes)
    if wrong:
        raise Mistake(place, f"node {node.RIGHT_ID!r} never matches: {wrong}")
    if node.RIGHT_ID == "cue" and rule.frame is not None and rule.kind != "block":
        _check_cue_lemmas(node.RIGHT_ATTRS.get("LEMMA"), rule.frame, cues)


def _check_cue_lemmas(condition: Condition | None, frame: str, cues: Cues) -> None:
    """Raise `Mistake` if no cue of the pattern has the rule's frame."""
    if condition is None or condition.operator != "IN":
        return
    words = lemmas(condition, cues)
    if words.isdisjoint(cues.anchors(frame)):
        some = ", ".join(sorted(words)[:5])
        raise Mistake(
            "frame",
            f"the pattern never matches: no cue that begins with {some} has the frame {frame!r}. Remove the frame, or "
            "add such a cue to the file",
        )


def _wrong_word(attribute: str, word: str) -> str | None:
    """Return why no token has ``word`` in this attribute."""
    known: list[str] | None = lexicon.load("tagset").get(attribute)
    if known is not None and word not in known:
        alike = next((label for label in known if label.lower() == word.lower()), word)
        return f"no word has the {attribute} {word!r}; {near(alike, known)}"
    if not word or len(word.split()) > 1:
        return f"expected one word, got {shown(word)}; give each word its own node"
    if attribute in ("LEMMA", "LOWER") and word != word.lower():
        return f"{attribute} is in lower case, got {shown(word)}; write {word.lower()!r}"
    return None


def _contradiction(node: NodeSpec) -> str | None:
    """Return why no word passes TEXT and ORTH, which are the same, and LOWER, its lower case."""
    conditions = {key: one for key, one in node.RIGHT_ATTRS.items() if key in ("ORTH", "TEXT", "LOWER")}
    listed = next((one for key, one in conditions.items() if key != "LOWER" and one.operator == "IN"), None)
    if listed is None or len(conditions) < 2:
        return None
    for word in listed.words:
        if all(one.accepts(word.lower() if key == "LOWER" else word) for key, one in conditions.items()):
            return None
    return f"{' and '.join(conditions)} contradict each other; remove one"


def _wrong_root(node: NodeSpec, nodes: Mapping[str, NodeSpec]) -> str | None:
    """Return why the node cannot be attached: a root has no head."""
    if node.LEFT_ID is None:
        return None
    if node.REL_OP in _DOWN and _is_root(node):
        return "a ROOT has no head; use another DEP or another REL_OP"
    if node.REL_OP in _UP and _is_root(nodes[node.LEFT_ID]):
        return f"{node.LEFT_ID!r} is a ROOT, which has no head; use another REL_OP"
    return None


def _is_root(node: NodeSpec) -> bool:
    label = node.RIGHT_ATTRS.get("DEP")
    return label is not None and label.IN == ("ROOT",)


def _check_examples(rule: Rule) -> None:
    seen: dict[str, str] = {}
    for group, field, markup in rule.examples():
        text = _check_markup(rule, group, field, markup)
        if rule.kind != "speaker" and seen.get(text, group) != group:
            raise Mistake(field, f"{shown(text)} is also under matches; remove one of the two")
        seen[text] = group


def _check_markup(rule: Rule, group: str, field: str, markup: str) -> str:
    if not plain_text(markup).strip():
        raise Mistake(field, f"expected a sentence, got {shown(markup)}; write one, or remove it")
    try:
        if rule.kind == "speaker":
            text, sources = read_sources(markup)
            if not sources:
                raise Mistake(field, f"{shown(markup)} has no <source>; mark the words whose speaker it shows")
            return text
        example = read_annotated(markup)
    except ValueError as error:
        raise Mistake(field, f"{error} (in {shown(markup)}); correct the markup") from None
    if group == "matches" and not example.content:
        raise Mistake(field, f"{shown(markup)} has no <content>; mark what is said, or move it to rejects")
    if group == "rejects" and (example.content or example.cue or example.source):
        raise Mistake(field, f"{shown(markup)} has markup; remove it, or move the sentence to matches")
    return example.text
