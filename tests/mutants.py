"""Mutation score of the built-in rules: the share of changed patterns that fail an example.

    python tests/mutants.py                 the score of all rules, and of each rule
    python tests/mutants.py --survivors     also each mutant that no example detects
    python tests/mutants.py en.clause       only these rules

A mutant is a rule with one thing changed in its pattern:

- a node removed, with its dependents;
- a label (a value of DEP, POS or TAG) replaced by the most frequent other one of the stored parses;
- a list of words (LEMMA, LOWER, ORTH) emptied, or one word of it replaced by one that no text has;
- a relation loosened (``>`` to ``>>``, ``<`` to ``<<``) or reversed (``++`` to ``--``);
- a test negated.

A mutant is killed if one of the rule's examples fails with it, on the stored parses; no model is needed. Two kinds are
counted apart: *invalid* mutants, whose pattern cannot be compiled (an emptied list can, though a file with one is
not valid), and *equivalent* mutants, for which it can be proved that no text distinguishes them from the rule. There
are two proofs:

- The lexicon has no cue for the rule's frame that ends in the replaced word. A rule with a frame finds only cues of
  the lexicon, preposition included.
- The list still has the word after the change, by the lexicon's ``@frame``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

# This file is both a script and a module of the tests.
import freeze

from quotekit.article.parse import Parse
from quotekit.candidates.from_syntax import SyntaxRules
from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cues
from quotekit.rules import Rule, RuleSet
from quotekit.rules.markup import plain_text
from quotekit.testing import check

LABELS = {"DEP": "deps", "POS": "pos", "TAG": "tags"}
WORDS = ("LEMMA", "LOWER", "ORTH", "TEXT")
NO_WORD = "\N{REPLACEMENT CHARACTER}"
"""A word that no example has."""

RELATIONS = {
    ">": ">>",
    "<": "<<",
    ">>": ">",
    "<<": "<",
    ">++": ">--",
    ">--": ">++",
    ">+": ">-",
    ">-": ">+",
    "<++": "<--",
    "<--": "<++",
    "<+": "<-",
    "<-": "<+",
    "$++": "$--",
    "$--": "$++",
    "$+": "$-",
    "$-": "$+",
    ".": ";",
    ";": ".",
    ".*": ";*",
    ";*": ".*",
}


@dataclass(frozen=True)
class Mutant:
    """A rule with one thing changed, and a description of it."""

    what: str
    rule: Rule
    equivalent: bool = False


@dataclass
class Score:
    """The mutants of one rule."""

    killed: int = 0
    survivors: list[str] = field(default_factory=list)
    equivalent: list[str] = field(default_factory=list)
    invalid: int = 0

    @property
    def all(self) -> int:
        """The number of mutants that count."""
        return self.killed + len(self.survivors)


class Parses(Mapping[str, Parse]):
    """The stored parses, each made once, so that all mutants share its cached properties."""

    def __init__(self) -> None:
        self._stored = freeze.stored()
        self._made: dict[str, Parse] = {}

    def __getitem__(self, text: str) -> Parse:
        if text not in self._made:
            self._made[text] = self._stored[text]
        return self._made[text]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


@cache
def parses() -> Parses:
    """Return the stored parses of this run."""
    return Parses()


@cache
def labels(attribute: str) -> tuple[str, ...]:
    """Return the values of an attribute in the stored parses, the most frequent first."""
    counts: Counter[str] = Counter()
    for text in parses():
        counts.update(getattr(parses()[text], LABELS[attribute]))
    return tuple(value for value, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Yield every mutant of ``rule``, which has a pattern."""
    for place, node in enumerate(rule.pattern):
        name = node["RIGHT_ID"]
        if place:
            yield Mutant(f"{name}: node gone", without(rule, place))
            operator = RELATIONS[node["REL_OP"]]
            yield Mutant(f"{name}: {node['REL_OP']} is {operator}", changed(rule, place, "REL_OP", operator))
        for attribute, test in node.get("RIGHT_ATTRS", {}).items():
            for what, value, equivalent in other_tests(rule, name, attribute, test):
                attributes = {**node["RIGHT_ATTRS"], attribute: value}
                mutant = changed(rule, place, "RIGHT_ATTRS", attributes)
                yield Mutant(f"{name}: {attribute} {what}", mutant, equivalent)


def without(rule: Rule, place: int) -> Rule:
    """Return ``rule`` without a node and its dependents."""
    gone = {rule.pattern[place]["RIGHT_ID"]}
    for node in rule.pattern[place + 1 :]:
        if node["LEFT_ID"] in gone:
            gone.add(node["RIGHT_ID"])
    return rule.model_copy(update={"pattern": tuple(n for n in rule.pattern if n["RIGHT_ID"] not in gone)})


def changed(rule: Rule, place: int, key: str, value: object) -> Rule:
    """Return ``rule`` with another value in one node."""
    pattern = deepcopy(rule.pattern)
    pattern[place][key] = value
    return rule.model_copy(update={"pattern": pattern})


def other_tests(rule: Rule, name: str, attribute: str, test: Any) -> Iterator[tuple[str, Any, bool]]:
    """Yield the changes of a node's test: description, new value, and whether the mutant is equivalent."""
    operator, values = ("IN", [test]) if isinstance(test, str) else next(iter(test.items()))
    if operator == "REGEX":
        yield "regex matches nothing", {"REGEX": r"(?!)"}, False
        return
    yield "negated", {"NOT_IN" if operator == "IN" else "IN": values}, False
    if attribute in WORDS:
        yield "emptied", {operator: []}, False
    for place, value in enumerate(values):
        if attribute in LABELS:
            other = next(label for label in labels(attribute) if label not in values)
        elif value.startswith("@") or len(values) == 1:
            continue
        else:
            other = NO_WORD
        rest = [*values[:place], other, *values[place + 1 :]]
        yield f"{value} is {other}", {operator: rest}, attribute in WORDS and idle(rule, name, values, place)


def idle(rule: Rule, name: str, values: list[str], place: int) -> bool:
    """Return whether a word of a list never has an effect, or is also in the list by a frame."""
    word = values[place]
    if name == "cue_preposition" and rule.frame is not None:
        cues = Cues.default()
        return not any(cues.find(rule.frame, f"{verb} {word}") for verb in cue_heads(rule.frame))
    return any(other.startswith("@") and word in Cues.default().anchors(other[1:]) for other in values)


@cache
def cue_heads(frame: str) -> tuple[str, ...]:
    """Return what can precede the preposition of a cue with ``frame``: a verb, or a verb and a particle."""
    from quotekit import lexicon

    heads = (
        cue.rpartition(" ")[0] for cue, record in lexicon.load("cues")["cues"].items() if frame in record["frames"]
    )
    return tuple(sorted({head for head in heads if head}))


def valid(rule: Rule) -> bool:
    """Return whether the pattern can be compiled."""
    try:
        SyntaxRules([rule], Cues.default())
    except RuleError:
        return False
    return True


def killed(rule: Rule) -> bool:
    """Return whether an example of ``rule`` fails."""
    for markup in (*rule.matches, *rule.rejects):
        try:
            check(markup, rule, parse=parses()[plain_text(markup)])
        except AssertionError:
            return True
    return False


def score(rule: Rule) -> Score:
    """Try the mutants of one rule, and return the score."""
    result = Score()
    assert not killed(rule), f"rule {rule.id!r}: an example fails as it is; run: python tests/freeze.py"
    for mutant in mutants(rule):
        if not valid(mutant.rule):
            result.invalid += 1
        elif mutant.equivalent:
            result.equivalent.append(mutant.what)
        elif killed(mutant.rule):
            result.killed += 1
        else:
            result.survivors.append(mutant.what)
    return result


def main(arguments: list[str]) -> int:
    """Run the command line; the exit code is 1 if the score is below 95%."""
    parser = argparse.ArgumentParser(prog="python tests/mutants.py", description=__doc__.partition("\n")[0])
    parser.add_argument("rules", nargs="*", metavar="RULE_ID", help="only these rules")
    parser.add_argument("--survivors", action="store_true", help="list the mutants that no example detects")
    options = parser.parse_args(arguments)
    every = RuleSet.default()
    chosen = every.only(*options.rules) if options.rules else every
    scores = {rule.id: score(rule) for rule in chosen if rule.pattern}
    for id, one in sorted(scores.items(), key=lambda item: item[1].killed / max(1, item[1].all)):
        print(f"{id:40} {one.killed:4} of {one.all:4}  {100 * one.killed / max(1, one.all):5.1f}%")
        for what in one.survivors if options.survivors else ():
            print(f"    survives: {what}")
        for what in one.equivalent if options.survivors else ():
            print(f"    equivalent: {what}")
    dead, count = sum(one.killed for one in scores.values()), sum(one.all for one in scores.values())
    equivalent = sum(len(one.equivalent) for one in scores.values())
    print(
        f"\nkilled: {dead} of {count} mutants of {len(scores)} rules, {100 * dead / max(1, count):.1f}%; "
        f"left out: {sum(one.invalid for one in scores.values())} invalid, {equivalent} equivalent"
    )
    return int(dead < 0.95 * count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
