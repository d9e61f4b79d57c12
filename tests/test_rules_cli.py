"""`quotekit rules`: the list, one rule, a drafted one, and fresh parses."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from quotekit import cli
from quotekit.article.stored_parses import beside
from quotekit.errors import RuleError
from quotekit.rules import RuleSet, measured
from quotekit.rules.files import parse_rules
from quotekit.rules.markup import plain_text, read_annotated
from quotekit.terminal.layout import FILE_WIDTH
from quotekit.terminal.rules import figures_in_words, function_of, marked, rule_shown
from quotekit.testing import check
from quotekit.testing.drafting import DraftError, draft

STORIES = Path(__file__).parents[1] / "data" / "stories"
KNOWN = "<source>Ann Lee</source> <cue>let it be known</cue> <content>that the pier would stay shut</content>."


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, ["rules", *arguments], input=given)


def filled(file: str) -> str:
    """A drafted file with a reject in place of the one that fails."""
    return file.replace('"Ann Lee let it be known that the pier would stay shut."', '"Ann Lee let it rain."')


# The figures


@pytest.mark.parametrize("rule", list(RuleSet.default()), ids=lambda rule: rule.id)
def test_every_rule_has_figures(rule: object) -> None:
    assert rule.id in measured._all(), "run: python -m training.measured ../shared/polnear/train.jsonl"  # type: ignore[attr-defined]


def test_all_figures_belong_to_a_rule() -> None:
    assert set(measured._all()) <= set(RuleSet.default().ids)


def test_figures_are_consistent() -> None:
    for id, one in measured._all().items():
        counts = [count for count in (one.default, one.alone, one.speakers) if count]
        assert counts
        assert all(0 <= count.right <= count.fired for count in counts), id
        assert (one.decided is not None) == (RuleSet.default()[id].kind == "speaker")


def test_precision_needs_enough_finds() -> None:
    assert measured.Count(7, 7).precision is None
    assert measured.Count(8, 6).precision == 0.75
    assert measured.measured("mine.rule").precision is None


def test_sentences_are_from_the_stories() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in STORIES.glob("*.txt")}
    for one in measured._all().values():
        assert len(one.sentences) <= 3
        for sentence in one.sentences:
            assert plain_text(sentence.markup) in texts[sentence.story]
            assert read_annotated(sentence.markup).content


# The list


def test_list_has_every_rule_with_its_figures() -> None:
    result = run("--format", "jsonl")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in lines] == list(RuleSet.default().ids)
    clause = next(line for line in lines if line["id"] == "en.clause")
    assert list(clause) == ["id", "kind", "precision", "fired", "why"]
    assert clause["precision"] > 0.9
    assert clause["fired"] > 1000


def test_list_is_json_lines_without_a_terminal() -> None:
    assert run("--kind", "block").stdout == run("--kind", "block", "--format", "jsonl").stdout


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--like", "ACCORDING"], ["en.according-to", "en.block.scheme", "en.direct.according-to"]),
        (["--like", "owns it", "--kind", "indirect"], ["en.noun.owner", "en.noun-about.owner"]),
        (["--like", "no such words"], []),
    ],
)
def test_list_can_be_filtered(arguments: list[str], ids: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ids
    assert ("no rule matches" in result.stderr) == (not ids)


def test_list_of_several_kinds() -> None:
    kinds = {json.loads(line)["kind"] for line in run("--kind", "block", "--kind", "mixed").stdout.splitlines()}
    assert kinds == {"block", "mixed"}


def test_table_has_no_trailing_spaces() -> None:
    lines = run("--format", "table").stdout.splitlines()
    assert lines[0].split() == ["id", "kind", "right", "fired", "why"]
    assert not any(line != line.rstrip() for line in lines)
    assert max(map(len, lines)) <= FILE_WIDTH
    assert run("--format", "table", "--like", "no such words").stdout == ""


def test_unknown_kind_is_a_usage_error() -> None:
    result = run("--kind", "spoken")
    assert result.exit_code == 2
    assert "'spoken' is not one of direct, indirect, mixed, block, speaker" in result.stderr


# One rule


def test_one_rule_in_full() -> None:
    shown = run("en.clause", "--format", "table").stdout
    rule = RuleSet.default()["en.clause"]
    for part in (
        rule.why,
        "LEMMA @clause",
        "> source depends on cue",
        "Finds nothing in",
        "Measured",
        "with the encoder",
    ):
        assert part in shown
    flat = " ".join(shown.split())
    assert all(example in flat for example in (*rule.matches, *rule.rejects))
    assert all(" ".join(one.markup.split()) in flat for one in measured.measured("en.clause").sentences)


def test_rule_that_fires_in_no_story() -> None:
    silent = next(id for id, one in measured._all().items() if not one.sentences)
    assert "In the sample stories\n  it does not fire in any of them\n" in run(silent, "--format", "table").stdout


def test_rule_as_json_is_complete() -> None:
    record = json.loads(run("en.clause").stdout)
    rule = RuleSet.default()["en.clause"]
    fields = {key: record[key] for key in rule.model_dump()}
    assert type(rule).model_validate(fields) == rule
    assert set(record["counts"]) == {"default", "alone"}
    assert run("--format", "jsonl", "en.clause").stdout == run("en.clause").stdout


@pytest.mark.parametrize("rule", list(RuleSet.default()), ids=lambda rule: rule.id)
def test_every_rule_can_be_shown(rule: object) -> None:
    console = Console(width=80, record=True, file=TextIOWrapper(BytesIO(), encoding="utf-8"))
    console.print(rule_shown(rule))  # type: ignore[arg-type]
    text = console.export_text()
    assert ("\nPattern\n" in text) == bool(rule.pattern)  # type: ignore[attr-defined]
    assert ("\nFunction\n" in text) != bool(rule.pattern)  # type: ignore[attr-defined]


def test_rules_without_a_pattern_name_their_function() -> None:
    for rule in RuleSet.default():
        where = function_of(rule.id)
        assert (where is None) == bool(rule.pattern), rule.id
        if where is not None:
            module, _, name = where.rpartition(".")
            assert callable(getattr(sys.modules[module], name))


def test_figures_in_words() -> None:
    rules = RuleSet.default()
    few = measured.Measured(default=measured.Count(2, 1), alone=measured.Count(10, 9))
    assert list(figures_in_words(rules["en.clause"], few)) == [
        "with the encoder: fired 2 times on 840 articles, right 1 of 2, too few for a percentage",
        "by rules alone: fired 10 times, right 9 of 10, 90%",
    ]
    named = measured.Measured(decided=3, speakers=measured.Count(0, 0))
    assert list(figures_in_words(rules["speaker.turn"], named)) == ["decided 3 sources on 840 articles"]
    assert list(figures_in_words(rules["en.clause"], measured.Measured())) == []


def test_marked_words_are_coloured() -> None:
    line = marked("<source>Ann\n\nLee</source> <cue>said</cue> <content>no</content>.")
    assert line.plain == "<source>Ann ¶ Lee</source> <cue>said</cue> <content>no</content>."
    styles = {line.plain[span.start : span.end]: str(span.style) for span in line.spans}
    assert (styles["Ann ¶ Lee"], styles["said"], styles["no"]) == ("green", "bold yellow", "cyan")


@pytest.mark.parametrize(
    ("id", "near"),
    [
        ("en.claus", "Similar ids: en.clause, en.clause.second,"),
        ("acording-to", "Similar ids: en.according-to"),
        ("", "quotekit rules lists all"),
        ("zzz", "quotekit rules lists all"),
    ],
)
def test_unknown_rule_suggests_similar_ids(id: str, near: str) -> None:
    result = run("--", id)
    assert result.exit_code == 2
    assert f"no rule has the id {id!r}. {near}" in result.stderr
    assert result.stderr.partition("Similar")[2].count("en.") <= 5


def test_missing_file_of_rules() -> None:
    result = run("en.clause", "--rules", "no/such.toml")
    assert result.exit_code == 2
    assert "there is no file 'no/such.toml'" in result.stderr


# A new rule


@pytest.mark.model
@pytest.mark.parametrize(
    ("markup", "id", "reads"),
    [
        (KNOWN, "mine.let-it-know", "subtree"),
        (
            "<source>The envoy</source> <cue>let slip</cue> <content>that the talks had failed</content>.",
            "mine.let-slip",
            "subtree",
        ),
        (
            "<content>“It was us,”</content> <cue>came the answer from</cue> <source>the mayor</source>.",
            "mine.come-answer-from",
            "before",
        ),
        (
            "<source>Orvald</source>’s <cue>line is</cue> <content>that the lease is void</content>.",
            "mine.line-be",
            "subtree",
        ),
        ('<source>Ellin</source> <cue>went</cue>: <content>"We are done here."</content>', "mine.go", "after"),
    ],
)
def test_drafted_rule_finds_its_sentence_and_needs_a_reject(markup: str, id: str, reads: str) -> None:
    (rule,) = parse_rules(draft(markup), "mine.toml")
    assert (rule.id, rule.reads, rule.matches, rule.rejects) == (id, reads, (markup,), (plain_text(markup),))
    check(markup, rule)
    with pytest.raises(AssertionError, match="must find nothing"):
        check(rule.rejects[0], rule)


@pytest.mark.model
def test_draft_is_invalid_until_its_reject_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "my_rules.toml"
    file.write_text(draft(KNOWN), encoding="utf-8")
    with pytest.raises(RuleError, match=r"my_rules\.toml.*'mine\.let-it-know'.*'rejects"):
        RuleSet.default().with_file(file)
    result = run("freeze", str(file))
    assert result.exit_code == 3
    assert "'mine.let-it-know'" in result.stderr
    file.write_text(filled(draft(KNOWN)), encoding="utf-8")
    shown = run("mine.let-it-know", "--rules", str(file), "--format", "table")
    assert shown.exit_code == 0, shown.stderr
    assert "LEMMA let" in shown.stdout
    assert "Measured" not in shown.stdout
    listed = run("--rules", str(file), "--like", "mine.")
    assert json.loads(listed.stdout)["precision"] is None
    assert run("--rules", str(file), "mine.let-it-know").stdout == run("mine.let-it-know", "--rules", str(file)).stdout


@pytest.mark.model
def test_every_part_of_a_draft_is_explained() -> None:
    lines = draft(KNOWN, "desk.known").splitlines()
    nodes = [i for i, line in enumerate(lines) if line.startswith("    {")]
    assert len(nodes) == 5
    assert all(lines[i - 1].strip().startswith("#") for i in nodes)
    fields = [i for i, line in enumerate(lines) if " = " in line and not line.startswith((" ", "#"))]
    assert [lines[i].split(" ")[0] for i in fields] == [
        "id", "kind", "why", "reads", "act", "confidence", "pattern", "matches", "rejects",
    ]  # fmt: skip
    assert all(lines[i - 1].startswith("# ") for i in fields)
    assert 'id = "desk.known"' in lines
    assert any("clausal complement" in line for line in lines)


@pytest.mark.model
@pytest.mark.parametrize(
    ("markup", "named"),
    [
        ("Ann Lee said no.", ["no <content>", "mark the content"]),
        ("Ann Lee <content>said no</content>.", ["no <cue>"]),
        ("<source>Ann Lee</source> said. <cue>Yes</cue> <content>it works</content>", ["no rule could be drafted"]),
        (
            "<cue>As <source>Ann Lee</source> has it</cue>, <content>the pier was never safe</content>.",
            ["found:  content='the pier was never safe'  cue='has it'", "Mark the words"],
        ),
        ("<source><cue>Ann Lee</cue></source> <content>no</content>", ["the <cue> has no word of its own"]),
    ],
)
def test_sentence_without_a_rule_is_explained(markup: str, named: list[str]) -> None:
    with pytest.raises(DraftError) as caught:
        draft(markup)
    assert [part for part in named if part not in str(caught.value)] == []


def test_draft_cannot_reuse_a_built_in_id() -> None:
    with pytest.raises(
        RuleError, match=r"'en\.clause' is the id of a built-in rule; choose another, .* 'mine\.en\.clause'"
    ):
        draft(KNOWN, "en.clause")


@pytest.mark.model
def test_new_does_not_overwrite(tmp_path: Path) -> None:
    file = tmp_path / "my_rules.toml"
    result = run("new", KNOWN, "-o", str(file))
    assert result.exit_code == 0, result.stderr
    assert "replace the line under 'rejects'" in result.stderr
    assert file.read_text(encoding="utf-8") == draft(KNOWN) == run("new", "-", given=KNOWN + "\n").stdout
    again = run("new", KNOWN, "-o", str(file))
    assert again.exit_code == 2
    assert "exists; name a new file" in again.stderr
    other = run("new", KNOWN, "-o", str(tmp_path / "my_rules.jsonl"))
    assert other.exit_code == 2
    assert "name a .toml file" in other.stderr


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentence", "named"),
    [("Ann Lee said no.", "the sentence has no <content>"), ("<cue>said", "<cue>")],
)
def test_new_usage_errors(sentence: str, named: str, tmp_path: Path) -> None:
    result = run("new", sentence, "-o", str(tmp_path / "mine.toml"))
    assert result.exit_code == 2
    assert named in result.stderr
    assert list(tmp_path.iterdir()) == []


# Fresh parses


@pytest.mark.model
def test_freeze_stores_parses_and_prints_changes(tmp_path: Path) -> None:
    file = tmp_path / "my_rules.toml"
    file.write_text(filled(draft(KNOWN)), encoding="utf-8")
    first, second = run("freeze", str(file)), run("freeze", str(file))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.splitlines() == [
        f"{beside(file)}: 2 changes",
        "  new:  'Ann Lee let it be known that the pier would stay shut.'",
        "  new:  'Ann Lee let it rain.'",
    ]
    assert second.stdout == f"{beside(file)}: no changes\n"
    assert beside(file).is_file()


def test_freeze_usage_errors(tmp_path: Path) -> None:
    missing = run("freeze", str(tmp_path / "none.toml"))
    assert missing.exit_code == 2
    assert "there is no file" in missing.stderr
    broken = tmp_path / "broken.toml"
    broken.write_text("[[rule]\n", encoding="utf-8")
    result = run("freeze", str(broken))
    assert result.exit_code == 3
    assert "broken.toml" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_of_each_command() -> None:
    for arguments in (["--help"], ["new", "--help"], ["freeze", "--help"]):
        result = run(*arguments)
        assert result.exit_code == 0
        assert "Examples" in result.stdout
        assert "Exit codes" in result.stdout
