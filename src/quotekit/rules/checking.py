"""What can be wrong with a rule that has all its fields: found before any text is read, without a model.

Every check raises a `Mistake`; who reads a file adds where the rule stands.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any

from quotekit import lexicon
from quotekit.errors import near
from quotekit.lexicon.cues import Cue, Cues
from quotekit.rules.markup import plain_text, read_annotated, read_sources
from quotekit.rules.pattern import COLUMNS, RELATIONS
from quotekit.rules.rule import Rule

KEYS = ("RIGHT_ID", "RIGHT_ATTRS", "LEFT_ID", "REL_OP")
PREDICATES = ("IN", "NOT_IN", "REGEX")
NAMED = ("source", "content", "cue_preposition")
"""Names of nodes, besides ``cue``, that become something."""

RESERVED = ("encoder",)
"""What a quote says of itself that no rule decided."""

SHOWN = 60
"""Characters of a wrong value that a message shows."""

_ABOVE = frozenset({"<", "<<", "<+", "<-", "<++", "<--"})
_BELOW = frozenset(operator for operator in RELATIONS if operator[0] in ">$")


class Mistake(Exception):
    """What is wrong with one field of a rule or a cue."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"field {field!r}: {problem}")


def shown(value: object) -> str:
    """``value`` as a message shows it.

    >>> shown("indirekt"), shown(["a"] * 100)
    ("'indirekt'", "['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',…")
    """
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


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


def check_rule(rule: Rule, cues: Cues) -> None:
    """Raise `Mistake` for the first thing in ``rule`` that cannot be, given the lexicon ``cues``."""
    from quotekit.candidates.from_layout import FIRST, LAST
    from quotekit.speakers import IDS

    if rule.id in RESERVED or rule.id != rule.id.strip():
        raise Mistake("id", f"{rule.id!r} cannot be an id; give the rule another, such as 'mine.sigh'")
    functions = IDS if rule.kind == "speaker" else (*FIRST, *LAST)
    if rule.kind == "speaker" and rule.id not in IDS:
        raise Mistake(
            "kind",
            "a speaker rule is a function of quotekit's, so none can be added; expected direct, indirect, mixed or "
            "block, got 'speaker'; write one of these",
        )
    if rule.id in functions:
        if rule.pattern:
            raise Mistake("pattern", f"{rule.id!r} is a function of quotekit's and has no pattern; give another id")
    else:
        if not rule.pattern:
            raise Mistake("pattern", "expected a list of nodes, got none; add a pattern with a node named 'cue'")
        _check_pattern(rule, cues)
    _check_examples(rule)


def _check_pattern(rule: Rule, cues: Cues) -> None:
    if rule.frame is not None and rule.frame not in (*cues.frames, "statement"):
        raise Mistake(
            "frame",
            f"unknown frame {rule.frame!r}; {near(rule.frame, cues.frames)}; the frames are {', '.join(cues.frames)}",
        )
    nodes: dict[str, dict[str, Any]] = {}
    for place, node in enumerate(rule.pattern):
        _check_node(node, place, nodes, cues)
        nodes[node["RIGHT_ID"]] = node
    if "cue" not in nodes:
        raise Mistake("pattern", f"no node is named 'cue'; the nodes are {', '.join(nodes)}. Name the cue's node so")
    if "content" not in nodes and rule.reads == "subtree" and rule.kind != "block":
        raise Mistake(
            "pattern",
            f"no node is named 'content'; the nodes are {', '.join(nodes)}. A rule that reads \"subtree\" needs one: "
            'name the head of the content so, or let it read "before", "after" or "clause"',
        )
    _check_names(nodes)
    _check_frame(rule, nodes["cue"], cues)


def _check_names(nodes: dict[str, dict[str, Any]]) -> None:
    """A name that is nearly one with a meaning is a slip: it would be a condition, and no part of the quote."""
    for name in nodes:
        for wanted in NAMED:
            like = difflib.SequenceMatcher(None, name.lower(), wanted).ratio()
            if name != wanted and wanted not in nodes and name[0].lower() == wanted[0] and like >= 0.85:
                raise Mistake(
                    "pattern",
                    f"node {name!r}: no part of a quote is named so; did you mean {wanted!r}? A mere "
                    "condition needs a name that is less like it",
                )


def _check_frame(rule: Rule, cue: dict[str, Any], cues: Cues) -> None:
    """A rule with a frame matches only cues that have it."""
    wanted = cue.get("RIGHT_ATTRS", {}).get("LEMMA")
    if rule.frame is None or rule.kind == "block" or not isinstance(wanted, (str, dict)) or "NOT_IN" in wanted:
        return
    if isinstance(wanted, dict) and "REGEX" in wanted:
        return
    lemmas = _values(wanted, cues)
    if lemmas.isdisjoint(cues.anchors(rule.frame)):
        some = ", ".join(sorted(lemmas)[:5])
        raise Mistake(
            "frame",
            f"the pattern never matches: no cue that begins with {some} has the frame {rule.frame!r}. Leave the frame "
            "out, or add such a cue to the file",
        )


def _check_node(node: dict[str, Any], place: int, nodes: dict[str, dict[str, Any]], cues: Cues) -> None:
    name = node.get("RIGHT_ID")
    here = f"pattern.{place + 1}"
    for key in node:
        if key not in KEYS:
            raise Mistake(here, f"unknown key {key!r} of node {name!r}; {near(key, KEYS)}")
    if not isinstance(name, str) or not name:
        raise Mistake(f"{here}.RIGHT_ID", f'expected the node\'s name, got {shown(name)}; write RIGHT_ID = "cue"')
    if name in nodes:
        raise Mistake(f"{here}.RIGHT_ID", f"two nodes are named {name!r}; give each its own name")
    left, operator = node.get("LEFT_ID"), node.get("REL_OP")
    if not nodes:
        if left is not None or operator is not None:
            raise Mistake(here, f"node {name!r} is the first and hangs on nothing; leave out LEFT_ID and REL_OP")
    elif not isinstance(left, str) or left not in nodes:
        raise Mistake(
            f"{here}.LEFT_ID",
            f"node {name!r} hangs on {shown(left)}, which is no node before it; {near(str(left), nodes)}",
        )
    elif not isinstance(operator, str) or operator not in RELATIONS:
        raise Mistake(
            f"{here}.REL_OP",
            f"node {name!r}: expected a relation, got {shown(operator)}; use one of {' '.join(RELATIONS)}",
        )
    attributes = node.get("RIGHT_ATTRS", {})
    if not isinstance(attributes, dict):
        raise Mistake(
            f"{here}.RIGHT_ATTRS",
            f'node {name!r}: expected a table, got {shown(attributes)}; write it like {{LEMMA = "say"}}',
        )
    for key, value in attributes.items():
        _check_test(f"{here}.RIGHT_ATTRS.{key}", name, key, value, cues)
    _check_together(here, name, attributes)
    if nodes:
        _check_root(here, node, nodes)


def _check_test(field: str, name: str, key: str, value: Any, cues: Cues) -> None:
    if key not in COLUMNS:
        meant = key.upper()
        raise Mistake(field, f"node {name!r}: unknown attribute {key!r}; {near(meant, COLUMNS)}")
    if isinstance(value, (list, tuple)):
        raise Mistake(
            field, f'node {name!r}: expected a word or a condition, got {shown(list(value))}; write {{IN = ["…"]}}'
        )
    operator, operand = "IN", value
    if isinstance(value, dict):
        if len(value) != 1:
            raise Mistake(
                field,
                f"node {name!r}: expected one of {', '.join(PREDICATES)}, got {shown(sorted(value))}; "
                "for several conditions use several attributes or a REGEX",
            )
        ((operator, operand),) = value.items()
        if operator not in PREDICATES:
            raise Mistake(
                field, f"node {name!r}: unknown condition {operator!r}; {near(str(operator).upper(), PREDICATES)}"
            )
    if operator == "REGEX":
        _check_regex(field, name, operand)
        return
    if isinstance(value, dict) and not isinstance(operand, list):
        raise Mistake(
            f"{field}.{operator}", f"node {name!r}: expected a list of words, got {shown(operand)}; put it in brackets"
        )
    words = operand if isinstance(operand, list) else [operand]
    if operator == "IN" and not words:
        raise Mistake(f"{field}.IN", f"node {name!r} never matches: the list is empty; fill it, or leave {key} out")
    for word in words:
        _check_word(field, name, key, word, cues)


def _check_regex(field: str, name: str, operand: Any) -> None:
    if not isinstance(operand, str):
        raise Mistake(
            f"{field}.REGEX", f"node {name!r}: expected a regular expression, got {shown(operand)}; write a string"
        )
    try:
        re.compile(operand)
    except (re.error, RecursionError, OverflowError) as error:
        raise Mistake(
            f"{field}.REGEX", f"node {name!r}: {shown(operand)} is no regular expression ({error}); mend or escape it"
        ) from None


def _check_word(field: str, name: str, key: str, word: Any, cues: Cues) -> None:
    if not isinstance(word, str):
        raise Mistake(field, f"node {name!r}: expected a string, got {shown(word)}; write it in quotation marks")
    if word.startswith("@") and len(word) > 1:
        frames = (*cues.frames, "statement")
        if key != "LEMMA":
            raise Mistake(field, f"node {name!r}: {word!r} stands for lemmas; write it under LEMMA, or leave it out")
        if word[1:] not in frames:
            raise Mistake(
                field,
                f"node {name!r}: the lexicon has no frame {word[1:]!r}; {near(word[1:], frames)}; "
                f"the frames are {', '.join(frames)}",
            )
        return
    known: list[str] | None = lexicon.load("tagset").get(key)
    if known is not None and word not in known:
        alike = [label for label in known if label.lower() == word.lower()]
        raise Mistake(
            field,
            f"node {name!r} never matches: no word has the {key} {word!r}; {near(alike[0] if alike else word, known)}",
        )
    if not word or (len(word.split()) > 1):
        raise Mistake(
            field,
            f"node {name!r} never matches: expected one word, got {shown(word)}; give each word a node of its own",
        )
    if key in ("LEMMA", "LOWER") and word != word.lower():
        raise Mistake(
            field, f"node {name!r} never matches: {key} is in lower case, got {shown(word)}; write {word.lower()!r}"
        )


def _values(value: Any, cues: Cues) -> set[str]:
    words = [value] if isinstance(value, str) else value["IN"]
    found: set[str] = set()
    for word in words:
        found |= cues.anchors(word[1:]) if word.startswith("@") and len(word) > 1 else {word}
    return found


def _accepts(value: Any, word: str) -> bool:
    if isinstance(value, str):
        return word == value
    ((operator, operand),) = value.items()
    if operator == "REGEX":
        return re.search(operand, word) is not None
    return bool((word in operand) == (operator == "IN"))


def _check_together(here: str, name: str, attributes: dict[str, Any]) -> None:
    """Tests of the word itself must leave a word over: TEXT and ORTH are the same, LOWER is the same in lower case."""
    exact = [key for key in ("ORTH", "TEXT") if key in attributes]
    listed = [key for key in exact if isinstance(attributes[key], str) or "IN" in attributes[key]]
    if not listed or len(exact) + ("LOWER" in attributes) < 2:
        return
    words = attributes[listed[0]]
    left = [
        word
        for word in ([words] if isinstance(words, str) else words["IN"])
        if all(_accepts(attributes[key], word) for key in exact)
        and ("LOWER" not in attributes or _accepts(attributes["LOWER"], word.lower()))
    ]
    if not left:
        keys = " and ".join([*exact, *(["LOWER"] if "LOWER" in attributes else [])])
        raise Mistake(
            f"{here}.RIGHT_ATTRS", f"node {name!r} never matches: {keys} contradict each other; leave one out"
        )


def _check_root(here: str, node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> None:
    name, left, operator = node["RIGHT_ID"], node["LEFT_ID"], node["REL_OP"]
    if operator in _BELOW and _only_root(node):
        raise Mistake(here, f"node {name!r} never matches: a ROOT hangs on no word; use another DEP or another REL_OP")
    if operator in _ABOVE and _only_root(nodes[left]):
        raise Mistake(
            here, f"node {name!r} never matches: {left!r} is a ROOT, which hangs on no word; use another REL_OP"
        )


def _only_root(node: dict[str, Any]) -> bool:
    label = node.get("RIGHT_ATTRS", {}).get("DEP")
    return label == "ROOT" or (isinstance(label, dict) and label.get("IN") == ["ROOT"])


def _check_examples(rule: Rule) -> None:
    seen: dict[str, str] = {}
    for group, examples in (("matches", rule.matches), ("rejects", rule.rejects)):
        for place, markup in enumerate(examples, 1):
            field = f"{group}.{place}"
            text = _check_markup(rule, group, field, markup)
            if rule.kind != "speaker" and seen.get(text, group) != group:
                raise Mistake(field, f"{shown(text)} stands in matches too; a rule cannot do both, take one out")
            seen[text] = group


def _check_markup(rule: Rule, group: str, field: str, markup: str) -> str:
    if not plain_text(markup).strip():
        raise Mistake(field, f"expected a sentence, got {shown(markup)}; write one, or take it out")
    try:
        if rule.kind == "speaker":
            text, sources = read_sources(markup)
            if not sources:
                raise Mistake(field, f"{shown(markup)} has no <source>; mark the words whose speaker it shows")
            return text
        example = read_annotated(markup)
    except ValueError as error:
        raise Mistake(field, f"{error} (in {shown(markup)}); mend the markup") from None
    if group == "matches" and not example.content:
        raise Mistake(field, f"{shown(markup)} has no <content>; mark what is said, or put it under rejects")
    if group == "rejects" and (example.content or example.cue or example.source):
        raise Mistake(field, f"{shown(markup)} has markup; leave it out, or put the sentence under matches")
    return example.text


def check_ids(ids: Sequence[str | None]) -> tuple[int, int] | None:
    """The places (from 0) of the first two that are the same, if there are any."""
    seen: dict[str, int] = {}
    for place, id in enumerate(ids):
        if id is not None and id in seen:
            return seen[id], place
        if id is not None:
            seen[id] = place
    return None
