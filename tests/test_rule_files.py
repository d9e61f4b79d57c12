"""Rules and cues in files: reading, writing, and the message of each mistake."""

from __future__ import annotations

import json
import pickle
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

from quotekit import Extractor, RuleError
from quotekit.cli.commands import app
from quotekit.lexicon.cues import Cues
from quotekit.rules import Cue, Rule, RuleSet
from quotekit.rules.files import parse_rules
from quotekit.rules.schema import schema, stored_schema, written
from quotekit.rules.writing import to_toml

BROKEN = Path(__file__).parent / "golden" / "broken_rules"
MESSAGES: dict[str, str] = json.loads((BROKEN / "messages.json").read_text(encoding="utf-8"))
FROM_PARSER = re.compile(r"(not valid TOML|not a regular expression|not valid JSON).*", re.DOTALL)
"""Messages of other packages, which change with their versions."""

RULE = """
[[rule]]
id = "mine.as-somebody-has-it"
kind = "indirect"
why = "As somebody has it, beside the clause it reports."
reads = "clause"
pattern = [
    {RIGHT_ID = "cue", RIGHT_ATTRS = {LEMMA = "have", DEP = "advcl"}},
    {LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "mark", RIGHT_ATTRS = {LOWER = "as", DEP = "mark"}},
    {LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "source", RIGHT_ATTRS = {DEP = "nsubj"}},
    {LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "cue_it", RIGHT_ATTRS = {LOWER = "it"}},
]
matches = ["As <source>Ann Lee</source> <cue>has it</cue>, <content>the pier was never safe</content>."]
rejects = ["As Ann Lee has a boat, the pier was never missed."]
"""
CUE = '[[cue]]\ncue = "quack"\nact = "statement"\nframes = {clause = 0.73}\n'
TEXT = "As Ann Lee has it, the pier was never safe. Bo Stone quacked that the ferry would sink."
MINE = ["mine.as-somebody-has-it", "en.clause"]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(f'without = ["en.according-to"]\n{RULE}\n{CUE}', encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(path.name for path in BROKEN.iterdir() if path.name != "messages.json"))
def test_an_invalid_file_is_an_error_with_place_and_remedy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(RuleError) as caught:
        RuleSet.default().with_file(name)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert FROM_PARSER.sub(r"\1", str(caught.value)) == FROM_PARSER.sub(r"\1", MESSAGES[name])


def test_every_message_names_file_place_and_remedy() -> None:
    assert len(MESSAGES) >= 30
    for name, message in MESSAGES.items():
        assert message.startswith(f"{name}: ")
        remedies = ("; ", ". ")
        assert any(mark in message for mark in remedies), message
        assert "field '" in message or re.search(r"not valid|expected|unknown (table|key)", message), message


HEAD = '[[rule]]\nwhy = "W."\n'
ANY = 'pattern = [{RIGHT_ID = "cue", RIGHT_ATTRS = {LEMMA = {REGEX = "^qu"}}}]\n'


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (f'id = "layout.colon"\nkind = "direct"\n{ANY}', "field 'pattern': 'layout.colon' is a function"),
        (f'id = "speaker.turn"\nkind = "speaker"\n{ANY}', "field 'pattern': 'speaker.turn' is a function"),
        (
            'id = "speaker.turn"\nkind = "speaker"\nmatches = ["It rained."]\n',
            "'matches.1': 'It rained.' has no <source>",
        ),
    ],
)
def test_a_function_has_no_pattern(fields: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + fields, encoding="utf-8")
    with pytest.raises(RuleError, match=re.escape(named)):
        RuleSet.from_file(path)


def test_a_regular_expression_is_not_checked_against_the_frame(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'{HEAD}id = "x"\nkind = "direct"\nreads = "after"\nframe = "clause"\n{ANY}', encoding="utf-8")
    assert RuleSet.from_file(path).ids == ("x",)


@pytest.mark.parametrize("name", ["unknown-relation.toml", "empty.toml", "missing.toml", "."])
def test_the_command_line_shows_no_traceback(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(BROKEN)
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    for command in ("extract", "speakers"):
        result = CliRunner().invoke(app, [command, str(tmp_path / "a.txt"), "--rules", name])
        assert result.exit_code == 3
        assert isinstance(result.exception, SystemExit)
        assert result.stderr.startswith(f"quotekit: {name}: ")


@pytest.mark.parametrize("deep", [f'{{"rule": {"[" * 100_000}}}', '{"rule": %s}' % ("1" * 5_000)])
def test_deep_nesting_and_huge_numbers_are_errors(deep: str, tmp_path: Path) -> None:
    for name, text in (("a.jsonl", deep), ("a.toml", f"rule = {deep[9:-1]}")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(RuleError, match=re.escape(name)):
            RuleSet.from_file(tmp_path / name)


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "mine.TOML"
    path.write_text(CUE, encoding="utf-8-sig")
    assert RuleSet.from_file(path).cues[0].cue == "quack"


def test_a_file_alone_and_added_to_a_set(mine: Path) -> None:
    alone = RuleSet.from_file(mine)
    assert (alone.ids, alone.switched_off) == (("mine.as-somebody-has-it",), ("en.according-to",))
    assert alone.cues == (Cue(cue="quack", frames={"clause": 0.73}),)
    rules = RuleSet.default().with_file(mine)
    assert rules.ids == (*RuleSet.default().without("en.according-to").ids, *alone.ids)
    assert rules.cues == alone.cues
    assert rules != RuleSet.default()
    assert rules != "rules"
    assert "cues: quack" in repr(rules)


def test_several_files(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"without": ["en.according-to"]}\n\n{"cue": {"cue": "quack", "frames": {"direct": 1}}}\n')
    rules = Extractor(rules=[mine, str(other)]).rules
    assert rules == RuleSet.default().with_file(mine).with_file(other)
    assert [dict(cue.frames) for cue in rules.cues] == [{"direct": 1.0}]
    with pytest.raises(RuleError, match=r"another rule has the id 'mine\.as-somebody-has-it'"):
        rules.with_file(mine)


def test_every_change_keeps_the_cues(mine: Path) -> None:
    rules = RuleSet.from_file(mine)
    for changed in (rules.without(*rules.ids), rules.only(), rules.only().adding(*rules), rules.with_cues()):
        assert (changed.cues, changed.switched_off) == (rules.cues, rules.switched_off)
    assert rules.only().adding(*rules) == rules
    assert hash(pickle.loads(pickle.dumps(rules))) == hash(rules)
    assert pickle.loads(pickle.dumps(rules)) == rules


def test_two_cues_with_the_same_words_are_an_error() -> None:
    cue = Cue(cue="quack", frames={"clause": 0.7})
    with pytest.raises(RuleError, match="cue 'quack': two cues"):
        RuleSet([], [cue, cue])
    assert len(RuleSet([], [cue]).with_cues(cue).cues) == 1


@pytest.mark.parametrize("value", [True, "0.5", -0.1, float("nan")])
def test_the_confidence_of_a_cue_is_a_number_from_0_to_1(value: Any) -> None:
    with pytest.raises(ValidationError, match="clause"):
        Cue(cue="quack", frames={"clause": value})


def test_a_cue_replaces_that_of_the_lexicon() -> None:
    cues = Cues.default().adding([Cue(cue="say", act="attitude", frames={"object": 0.2})])
    assert cues.find("clause", "say") is None
    entry = cues.find("object", "say")
    assert entry is not None
    assert (entry.act, entry.precision["object"]) == ("attitude", 0.2)
    assert "say" not in cues.anchors("clause")
    assert Cues.default().find("clause", "say") is not None


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?", fullmatch=True)
FRAMES = st.sampled_from(Cues.default().frames)
SURE = st.floats(0, 1)
TOKENS = st.from_regex(r"[a-zäß’'\"\\\x7f]{1,8}", fullmatch=True)
TESTS = TOKENS | st.lists(TOKENS, min_size=1, max_size=3).map(lambda words: {"IN": words})


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    content = {"LEFT_ID": "cue", "REL_OP": ">", "RIGHT_ID": "content", "RIGHT_ATTRS": {"ORTH": draw(TESTS)}}
    seen = draw(st.lists(WORDS.filter(lambda text: bool(text.strip()) and "<" not in text), unique=True, max_size=4))
    return Rule(
        id="x." + draw(NAMES),
        kind=draw(st.sampled_from(["direct", "indirect", "mixed", "block"])),
        why="W" + draw(WORDS),
        pattern=({"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": draw(TESTS)}}, content),
        reads=draw(st.sampled_from(["subtree", "before", "after", "clause"])),
        act=draw(st.none() | st.sampled_from(["statement", "attitude"])),
        confidence=draw(SURE),
        matches=tuple(f"<content>{text}</content>" for text in seen[:2]),
        rejects=tuple(seen[2:]),
    )


CUES = st.builds(
    Cue,
    cue=st.from_regex(r"[a-z]{1,6}( [a-z]{1,5})?", fullmatch=True),
    act=st.sampled_from(["statement", "attitude"]),
    frames=st.dictionaries(FRAMES, SURE, min_size=1, max_size=3),
)
SETS = st.builds(
    RuleSet,
    st.lists(rules(), max_size=3, unique_by=lambda rule: rule.id),
    st.lists(CUES, max_size=3, unique_by=lambda cue: cue.cue),
    st.lists(NAMES, max_size=2),
)


@pytest.mark.parametrize("form", [".toml", ".jsonl"])
@given(given_set=SETS)
def test_a_round_trip_of_any_set(form: str, given_set: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / f"round{form}"
    given_set.to_file(path)
    assert RuleSet.from_file(path) == given_set


@pytest.mark.parametrize("form", [".toml", ".jsonl"])
def test_a_round_trip_of_the_built_in_set(form: str, tmp_path: Path) -> None:
    RuleSet.default().to_file(tmp_path / f"all{form}")
    again = RuleSet.from_file(tmp_path / f"all{form}")
    assert again == RuleSet.default()
    assert hash(again) == hash(RuleSet.default())


def test_tuples_in_a_pattern_become_lists() -> None:
    node: dict[str, Any] = {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": {"IN": ("sigh", "groan")}}}
    rule = Rule(id="x", kind="block", why="W.", pattern=[node])
    assert parse_rules(to_toml([rule]), "x.toml") == (rule,)


def test_a_set_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    rule = Rule(id="x", kind="block", why="W.", pattern=({"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": None}},))
    with pytest.raises(RuleError, match="TOML cannot express None"):
        RuleSet([rule]).to_file(tmp_path / "x.toml")
    with pytest.raises(RuleError, match="lone surrogate"):
        RuleSet([rule.model_copy(update={"why": "\ud800"})]).to_file(tmp_path / "x.jsonl")
    with pytest.raises(RuleError, match="cannot be written"):
        RuleSet.default().to_file(tmp_path / "none" / "x.jsonl")
    with pytest.raises(RuleError, match=r"expected a \.toml or a \.jsonl file, got \.json"):
        RuleSet.default().to_file(tmp_path / "x.json")
    odd = {"RIGHT_ID": "cue", "odd key": [True, 1]}
    assert '"odd key" = [true, 1]' in to_toml([rule.model_copy(update={"pattern": (odd,)})])


def test_the_stored_schema_is_up_to_date() -> None:
    assert stored_schema() == written(), "write quotekit.rules.schema.written() to src/quotekit/data/rules.schema.json"


def test_the_schema_knows_every_field() -> None:
    made = schema()
    assert set(made["properties"]) == {"rule", "cue", "without"}
    assert set(made["$defs"]["Rule"]["properties"]) == set(Rule.model_fields)
    assert set(made["$defs"]["Cue"]["properties"]) == set(Cue.model_fields)
    for model in (Rule, Cue):
        assert all(field.examples for name, field in model.model_fields.items() if name != "rejects")


@pytest.mark.parametrize("rules", [7, b"mine.toml", {"a": 1}, [Rule(id="x", kind="block", why="W.")]])
def test_other_types_of_rules_are_a_type_error(rules: Any) -> None:
    with pytest.raises(TypeError, match="rules must be a RuleSet or paths of rule files, not"):
        Extractor(rules=rules)


@pytest.mark.parametrize("name", ["mine.toml", "mine.jsonl"])
@pytest.mark.model
def test_an_example_with_a_stored_parse_is_tried(name: str, tmp_path: Path) -> None:
    from quotekit.article.stored_parses import beside
    from quotekit.testing.stored_parses import refresh

    path = tmp_path / name
    (tmp_path / "first.toml").write_text(RULE, encoding="utf-8")
    rules = RuleSet.from_file(tmp_path / "first.toml")
    rules.to_file(path)
    refresh(path)
    assert RuleSet.from_file(path) == rules
    rule = next(iter(rules))
    wrong = "As <source>Ann Lee</source> <cue>has</cue> it, <content>the pier was never safe</content>."
    RuleSet([rule.model_copy(update={"matches": (wrong,)})]).to_file(path)
    with pytest.raises(RuleError, match=r"rule 1 \('mine\..*field 'matches\.1': the example fails: (.|\n)*wanted"):
        RuleSet.from_file(path)
    assert len(RuleSet.from_file(path, examples=False)) == 1
    unseen = RuleSet([rule.model_copy(update={"matches": (wrong.replace("pier", "quay"),), "rejects": ()})])
    unseen.to_file(path)
    assert RuleSet.from_file(path) == unseen
    beside(path).write_text("{}\n")
    with pytest.raises(RuleError, match="not a stored parse"):
        RuleSet.from_file(path)


@pytest.mark.model
@pytest.mark.parametrize("encoder", [False, True])
def test_rules_and_cues_of_a_file_find_quotes(mine: Path, encoder: bool) -> None:
    assert not set(MINE) & {quote.rule for quote in Extractor(encoder=False).extract(TEXT)}
    extractor = Extractor(rules=mine, encoder=encoder)
    quotes = extractor.extract(TEXT)
    assert [quote.rule for quote in quotes] == MINE
    assert [quote.confidence for quote in quotes] == [0.8, 0.73]
    mine.unlink()
    assert pickle.loads(pickle.dumps(extractor)).extract(TEXT) == quotes
    assert list(extractor.pipe([TEXT, ""], n_process=2, batch_size=1)) == [quotes, []]


@pytest.mark.model
def test_the_command_line_takes_a_rule_file(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    command = ["extract", str(tmp_path / "a.txt"), "--no-encoder", "--rules", str(mine), "--format", "jsonl"]
    result = CliRunner().invoke(app, [*command, "--without", "en.according-to"])
    assert result.exit_code == 0, result.stderr
    assert [quote["rule"] for quote in json.loads(result.stdout)["quotes"]] == MINE
    lines = tmp_path / "mine.jsonl"
    RuleSet.from_file(mine).to_file(lines)
    before = lines.read_bytes()
    result = CliRunner().invoke(app, [*command[:-4], "--rules", str(lines), "-o", str(lines)])
    assert result.exit_code == 2
    assert lines.read_bytes() == before
    assert "is one of the inputs" in result.stderr


@pytest.mark.model
def test_a_saved_pipeline_keeps_its_rules(mine: Path, tmp_path: Path) -> None:
    import spacy

    from quotekit.article.spacy_model import load_model

    nlp = spacy.load(Path(str(load_model().path)), exclude=["ner", "senter"])
    nlp.add_pipe("quotekit", config={"rules": str(mine), "encoder": False})
    wanted = nlp(TEXT)._.quotes
    assert [quote.rule for quote in wanted] == MINE
    stored = nlp.to_bytes()
    nlp.to_disk(tmp_path / "saved")
    mine.unlink()
    again = spacy.load(tmp_path / "saved")
    assert again(TEXT)._.quotes == wanted
    # A loaded pipeline is saved with its rules, too.
    again.to_disk(tmp_path / "copy")
    assert spacy.load(tmp_path / "copy")(TEXT)._.quotes == wanted
    plain = spacy.load(Path(str(load_model().path)), exclude=["ner", "senter"])
    plain.add_pipe("quotekit", config={"encoder": False})
    assert plain.from_bytes(stored)(TEXT)._.quotes == wanted
    assert [len(doc._.quotes) for doc in again.pipe([TEXT, ""], n_process=2, batch_size=1)] == [2, 0]


@pytest.mark.model
def test_missing_rules_of_a_pipeline_are_an_error(tmp_path: Path) -> None:
    import spacy

    missing = str(tmp_path / "missing.toml")
    nlp = spacy.blank("en")
    with pytest.raises(RuleError, match=re.escape(f"{missing}: there is no such file")):
        nlp.add_pipe("quotekit", config={"rules": missing})
    # Saved with rules whose folder is gone.
    nlp.meta["quotekit_rules"] = [missing]
    component = nlp.add_pipe("quotekit", config={"rules": missing})
    with pytest.raises(RuleError, match="there is no such file"):
        nlp("It rained.")
    with pytest.raises(RuleError, match="there is no such file"):
        component.to_bytes()
    component.from_disk(tmp_path)
    with pytest.raises(RuleError, match="there is no such file"):
        nlp("It rained.")
    # The built-in rules are stored as empty bytes, an empty set is not.
    other = spacy.blank("en").add_pipe("quotekit")
    component.from_bytes(other.to_bytes())
    assert component.extractor.rules == RuleSet.default()
    other.extractor = other.extractor.with_rules(RuleSet())
    assert component.from_bytes(other.to_bytes()).extractor.rules == RuleSet()


@pytest.mark.skipif(sys.platform == "win32", reason="rights as on Unix")
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(RuleError, match="cannot be read: Permission denied"):
        RuleSet.from_file(tmp_path / "x.toml")


@pytest.mark.model
def test_labels_are_those_of_the_model() -> None:
    from quotekit import lexicon
    from quotekit.article.spacy_model import load_model

    nlp, tagset = load_model(), lexicon.load("tagset")
    assert sorted(tagset["DEP"]) == sorted(nlp.get_pipe("parser").labels)
    assert sorted(tagset["TAG"]) == sorted(nlp.get_pipe("tagger").labels)
