"""The examples of the built-in rules fail if a pattern is changed, and the mutants are those that are described."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from quotekit.rules import Rule, RuleSet

LEAST = 0.95
"""Minimum share of mutants that must fail an example."""


@pytest.fixture(scope="module")
def mutants() -> ModuleType:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("mutants", Path(__file__).with_name("mutants.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module
    spec.loader.exec_module(module)
    return module


def sigh(**tests: object) -> Rule:
    return Rule(
        id="mine.sigh",
        kind="indirect",
        why="A sigh can carry a clause.",
        pattern=(
            {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": {"IN": ["sigh", "groan"]}}},
            {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "clause", "RIGHT_ATTRS": {"DEP": "ccomp"}},
            {"LEFT_ID": "clause", "REL_OP": "$++", "RIGHT_ID": "content", "RIGHT_ATTRS": tests},
        ),
    )


@pytest.mark.slow
def test_the_share_of_mutants_that_fail_an_example(mutants: ModuleType) -> None:
    scores = [mutants.score(rule) for rule in RuleSet.default() if rule.pattern]
    killed, every = sum(score.killed for score in scores), sum(score.all for score in scores)
    assert every > 1000
    assert killed >= LEAST * every, f"{killed} of {every}: python tests/mutants.py --survivors shows which are not"


def test_every_part_of_a_pattern_has_its_mutants(mutants: ModuleType) -> None:
    rule = sigh(POS={"NOT_IN": ["NOUN"]})
    assert [mutant.what.replace(mutants.NO_WORD, "…") for mutant in mutants.mutants(rule)] == [
        "cue: LEMMA negated",
        "cue: LEMMA emptied",
        "cue: LEMMA sigh is …",
        "cue: LEMMA groan is …",
        "clause: node gone",
        "clause: > is >>",
        "clause: DEP negated",
        f"clause: DEP ccomp is {mutants.labels('DEP')[0]}",
        "content: node gone",
        "content: $++ is $--",
        "content: POS negated",
        f"content: POS NOUN is {next(label for label in mutants.labels('POS') if label != 'NOUN')}",
    ]


def test_no_mutant_is_the_rule_itself(mutants: ModuleType) -> None:
    for rule in RuleSet.default():
        assert not any(mutant.rule.pattern == rule.pattern for mutant in mutants.mutants(rule))


def test_a_node_is_removed_with_its_dependents(mutants: ModuleType) -> None:
    assert [node["RIGHT_ID"] for node in mutants.without(sigh(), 1).pattern] == ["cue"]
    assert not mutants.valid(mutants.without(sigh(), 1))


def test_an_unused_preposition_makes_an_equivalent_mutant(mutants: ModuleType) -> None:
    rule = RuleSet.default()["en.about"]
    words = ["of", "between"]
    assert not mutants.idle(rule, "cue_preposition", words, 0)
    assert mutants.idle(rule, "cue_preposition", words, 1)
    assert not mutants.idle(rule, "modal", words, 1)
    assert mutants.idle(rule, "cue", ["say", "@clause"], 0)


def test_the_script_names_survivors_and_fails_below_the_share(
    mutants: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mutants.main(["en.clause", "--survivors"]) == 0
    assert "left out: 1 invalid, 0 equivalent" in capsys.readouterr().out
    weak = sigh().model_copy(update={"pattern": sigh().pattern[:1], "reads": "clause"})
    monkeypatch.setattr(mutants.RuleSet, "default", lambda: RuleSet([weak]))
    assert mutants.main(["--survivors"]) == 1
    assert "survives: cue: LEMMA emptied" in capsys.readouterr().out
