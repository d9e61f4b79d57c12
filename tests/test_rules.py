"""The built-in rules with their own examples, sets of rules, and rules in files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from quotekit.article.parse import Parse
from quotekit.attribution.deciding import Proposers, speaker_rules
from quotekit.attribution.trial import who
from quotekit.candidates.from_layout import FIRST, LAST
from quotekit.errors import RuleError
from quotekit.extractor import Extractor
from quotekit.lexicon.cues import Cues
from quotekit.rules import Cue, Rule, RuleSet
from quotekit.rules.files import parse_rules
from quotekit.rules.markup import plain_text, read_annotated, read_sources
from quotekit.speakers import IDS
from quotekit.testing import check

RULES = list(RuleSet.default())
SPEAKERS = [rule for rule in RULES if rule.kind == "speaker"]
STORIES = sorted((Path(__file__).parents[1] / "data" / "stories").glob("*.txt"))
MINE = Rule(
    id="mine.sigh",
    kind="indirect",
    why="A sigh can carry a clause.",
    pattern=(
        {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": "sigh"}},
        {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "source", "RIGHT_ATTRS": {"DEP": "nsubj"}},
        {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "content", "RIGHT_ATTRS": {"DEP": "ccomp"}},
    ),
)

OPEN: dict[str, str] = {}
"""Reasons of examples that fail, by id."""


def examples() -> Iterator[Any]:
    for rule in RULES:
        for name, group in (("matches", rule.matches), ("rejects", rule.rejects)):
            for place, markup in enumerate(group, 1):
                id = f"{rule.id}-{name}-{place}"
                reason = OPEN.get(id) or OPEN.get(f"{rule.id}-{name}")
                decides = rule.kind != "speaker" or name == "matches"
                marks = [pytest.mark.xfail(reason=reason)] if reason else []
                yield pytest.param(markup, rule, decides, id=id, marks=marks)


@pytest.mark.parametrize(("markup", "rule", "decides"), list(examples()))
def test_example(markup: str, rule: Rule, decides: bool, frozen: Mapping[str, Parse]) -> None:
    check(markup, rule, parse=frozen[plain_text(markup)], decides=decides)


def test_a_text_without_a_stored_parse_names_the_remedy(frozen: Mapping[str, Parse]) -> None:
    with pytest.raises(LookupError, match=r"'Not stored\.'; run: python tests/freeze\.py"):
        frozen["Not stored."]


def test_every_stored_parse_has_its_example(frozen: Mapping[str, Parse]) -> None:
    texts = {plain_text(markup) for rule in RULES for markup in (*rule.matches, *rule.rejects)}
    assert set(frozen) == texts, "run: python tests/freeze.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_reason_and_examples(rule: Rule) -> None:
    assert re.fullmatch(r"(en|layout|speaker)(\.[a-z]+(-[a-z]+)*)+", rule.id)
    assert rule.why.endswith(".")
    assert len(set(rule.matches)) == len(rule.matches) >= 3
    assert len(set(rule.rejects)) == len(rule.rejects) >= 2
    assert bool(rule.pattern) != (rule.id in FIRST or rule.id in LAST or rule.id in IDS)
    if rule.kind != "speaker":
        assert all(read_annotated(markup).content for markup in rule.matches)
        assert not any(read_annotated(markup).content for markup in rule.rejects)


def test_speaker_rules_and_functions_correspond() -> None:
    assert sorted(rule.id for rule in SPEAKERS) == sorted(IDS)
    assert all(rule.id.startswith("speaker.") == (rule.kind == "speaker") for rule in RULES)


@pytest.mark.parametrize("rule", SPEAKERS, ids=lambda rule: rule.id)
def test_without_a_speaker_rule_its_first_example_fails(rule: Rule, frozen: Mapping[str, Parse]) -> None:
    text, sources = read_sources(rule.matches[0])
    before = who(text, sources, frozen[text])[-1]
    after = who(text, sources, frozen[text], rules=[id for id in IDS if id != rule.id])[-1]
    assert before is not None
    assert before.mentions[0].rule == rule.id
    assert after is None or (after.name, after.kind) != (before.name, before.kind)


def test_a_set_selects_speaker_rules() -> None:
    rules = RuleSet.default()
    off = "speaker.pronoun.person"
    assert speaker_rules(rules) == frozenset(IDS)
    assert speaker_rules(rules.without(off)) == frozenset(IDS) - {off}
    assert speaker_rules(rules.only("en.clause", off)) == {off}
    assert Proposers(rules.without(off), Cues.default()).speakers == frozenset(IDS) - {off}


@pytest.mark.parametrize("rules", [RuleSet(), RuleSet([MINE]), RuleSet.default().only("en.clause")], ids=repr)
def test_a_set_without_speaker_rules_has_them_all(rules: RuleSet) -> None:
    assert speaker_rules(rules) == frozenset(IDS)


@pytest.mark.parametrize(
    ("id", "pattern", "named"),
    [
        ("mine.boss", (), r"'mine\.boss': field 'kind': speaker rules are functions .* cannot be added"),
        ("mine.boss", MINE.pattern, r"'mine\.boss': field 'kind'"),
        ("layout.colon", (), r"'layout\.colon': field 'kind'"),
        ("speaker.turn", MINE.pattern, r"'speaker\.turn': field 'pattern': .* has no pattern"),
    ],
)
def test_your_own_speaker_rule_is_an_error(id: str, pattern: Any, named: str) -> None:
    mine = Rule(id=id, kind="speaker", why="Nobody calls her that.", pattern=pattern)
    with pytest.raises(RuleError, match=named):
        Proposers(RuleSet([mine]), Cues.default())
    with pytest.raises(RuleError, match=named):
        check("<source>The boss</source> said no.", mine)


@pytest.mark.model
def test_without_a_speaker_rule_its_sources_are_not_resolved() -> None:
    text = "Marta Ellin arrived on Monday. She said that the port would stay open."
    rules = RuleSet.default()
    found = [
        Extractor(rules=chosen, encoder=False).extract(text)[0]
        for chosen in (rules, rules.without("speaker.pronoun.person"), rules.only("en.clause"))
    ]
    assert [quote.speaker and quote.speaker.name for quote in found] == ["Marta Ellin", "She", "Marta Ellin"]
    assert len({(quote.text, quote.rule, quote.confidence) for quote in found}) == 1


@pytest.mark.model
@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("layout.colon", "At the gate quacked Ann Lee: “The old pier was never safe at all.”"),
        ("layout.colon", "Those who knew were few, Ann Lee quacked, and Bo Stone wept: “The pier was never safe.”"),
        ("layout.cue-after", "“The old pier was never safe at all,” quacked Ann Lee."),
    ],
)
def test_layout_rules_know_your_own_cues(id: str, text: str) -> None:
    rules = RuleSet.default().only(id)
    mine = rules.with_cues(Cue(cue="quack", frames={"direct": 0.8}))
    before, after = (Extractor(rules=chosen, encoder=False, min_confidence=0).extract(text) for chosen in (rules, mine))
    assert [quote.verb for quote in after] == ["quack"]
    assert "quack" not in [quote.verb for quote in before]


def test_a_rule_is_found_by_its_id() -> None:
    rules = RuleSet.default()
    assert rules is RuleSet.default()
    assert len(set(rules.ids)) == len(rules) == len(list(rules))
    assert rules["en.clause"].id == "en.clause"
    assert "en.clause" in rules
    assert "en.claus" not in rules
    assert 3 not in rules
    assert "en.clause" in repr(rules)


def test_a_change_returns_a_new_set() -> None:
    rules = RuleSet.default()
    ids = rules.ids
    assert rules.without("en.clause", "en.as").ids == tuple(id for id in ids if id not in ("en.clause", "en.as"))
    assert rules.only("en.as", "en.clause").ids == ("en.as", "en.clause")
    assert rules.adding(MINE).ids == (*ids, "mine.sigh")
    assert rules.adding().ids == rules.without().ids == rules.ids == ids
    assert RuleSet().ids == rules.only().ids == ()


def test_a_rule_is_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        MINE.why = "Otherwise."  # type: ignore[misc]


@pytest.mark.parametrize("change", ["__getitem__", "without", "only"])
def test_an_unknown_id_is_an_error_with_a_suggestion(change: str) -> None:
    with pytest.raises(RuleError, match=r"'en\.claus'; did you mean 'en\.clause'\?"):
        getattr(RuleSet.default(), change)("en.claus")


def test_an_unknown_id_without_a_similar_one_lists_ids() -> None:
    with pytest.raises(RuleError, match=r"'zzz'; the set has mine\.sigh"):
        RuleSet([MINE])["zzz"]
    with pytest.raises(RuleError, match=r"en\.about, .{,200} and \d+ more, which quotekit rules lists$"):
        RuleSet.default()["zzz"]
    with pytest.raises(RuleError, match="the set has no rules"):
        RuleSet()["zzz"]


def test_two_rules_with_one_id_are_an_error() -> None:
    with pytest.raises(RuleError, match=r"'mine\.sigh': two rules have this id"):
        RuleSet([MINE, MINE])
    with pytest.raises(RuleError, match=r"'en\.clause'"):
        RuleSet.default().adding(RuleSet.default()["en.clause"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("kind", "spoken"),
        ("why", ""),
        ("reads", "up"),
        ("act", "lie"),
        ("confidence", 1.5),
        ("pattern", "cue"),
        ("matches", "one string"),
        ("colour", "red"),
    ],
)
def test_an_invalid_field_is_an_error(field: str, value: object) -> None:
    fields = {"id": "mine.x", "kind": "indirect", "why": "A reason.", field: value}
    with pytest.raises(ValidationError, match=field):
        Rule.model_validate(fields)


GOOD = '[[rule]]\nid = "mine.x"\nkind = "indirect"\nwhy = "A reason."\n'


def test_rules_are_read_from_toml() -> None:
    first, second = parse_rules(GOOD + "confidence = 0.5\n" + GOOD.replace("mine.x", "mine.y"), "mine.toml")
    assert (first.id, first.kind, first.why, first.confidence) == ("mine.x", "indirect", "A reason.", 0.5)
    assert second.id == "mine.y"
    assert parse_rules("", "empty.toml") == ()


@pytest.mark.parametrize(
    ("source", "named"),
    [
        pytest.param("[[rule]\n", ["not valid TOML", "line 1"], id="bad-toml"),
        pytest.param('[lexicon]\nsay = "verb"\n', ["unknown table 'lexicon'", "[[rule]]"], id="unknown-table"),
        pytest.param(GOOD + 'color = "red"\n', ["rule 1", "'mine.x'", "'color'"], id="unknown-field"),
        pytest.param(GOOD + GOOD.replace('kind = "indirect"\n', ""), ["rule 2", "'kind'", "required"], id="no-kind"),
        pytest.param(
            GOOD.replace("indirect", "spoken"),
            ["rule 1", "'kind'", "'spoken'; did you mean"],
            id="unknown-kind",
        ),
        pytest.param(GOOD.replace('why = "A reason."\n', ""), ["'mine.x'", "'why'", "required"], id="no-why"),
        pytest.param(GOOD.replace('id = "mine.x"\n', ""), ["rule 1: ", "'id'", "required"], id="no-id"),
        pytest.param(GOOD + "confidence = 3\n", ["'mine.x'", "'confidence'", "at most 1"], id="too-sure"),
        pytest.param(GOOD + "matches = [1]\n", ["'mine.x'", "'matches.1'", "string"], id="number-for-example"),
    ],
)
def test_a_mistake_in_a_file_names_file_rule_and_field(source: str, named: list[str]) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules(source, "mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml: ")
    assert [part for part in named if part not in message] == []


@pytest.mark.model
@pytest.mark.parametrize(
    "id", ["en.clause", "en.direct.verb-after", "en.according-to", "en.object", "layout.transcript", "layout.signature"]
)
@pytest.mark.slow
def test_without_a_rule_only_its_own_quotes_are_missing(id: str) -> None:
    # Without the encoder, which may find the quotes of the missing rule.
    with_it = Extractor(attitudes=True, min_confidence=0, encoder=False)
    without = Extractor(attitudes=True, min_confidence=0, encoder=False, rules=RuleSet.default().without(id))
    texts = [path.read_text(encoding="utf-8") for path in STORIES]
    lost = 0
    for before, after in zip(with_it.pipe(texts), without.pipe(texts), strict=True):
        assert not any(quote.rule == id for quote in after)
        own = [quote for quote in before if quote.rule == id]
        lost += len(own)
        parts = {(part.start, part.end) for quote in after for part in quote.content}
        missing = [
            quote.text
            for quote in before
            # Quotes that depend on another rule's quotes go with them, and so does a part that the rule found.
            if quote.rule not in {id, *LAST} and not any((part.start, part.end) in parts for part in quote.content)
        ]
        assert missing == []
    assert lost
