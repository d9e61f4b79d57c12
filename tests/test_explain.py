"""Explanations: a case for each reason, agreement with the reading, properties of any text, and the command."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import quotekit.explain
from quotekit import Extractor, Rule, RuleSet
from quotekit.article.paragraphs import read_article
from quotekit.article.parser import parse_article
from quotekit.article.stored_parses import thaw
from quotekit.attribution.additive_model import account, confidence
from quotekit.candidates.from_encoder import ENCODER
from quotekit.candidates.from_syntax import Reading
from quotekit.cli.commands import app
from quotekit.explain import AnyReason, Explanation, Place, Proposal, QuoteExplanation
from quotekit.explain.tracing import Tracer
from quotekit.models import overlap
from quotekit.terminal.explanation import explanation_shape

GOLDEN = Path(__file__).parent / "golden" / "explain.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
ROOM = Path(quotekit.explain.__file__).parent
STORIES = sorted((Path(__file__).parents[1] / "data" / "stories").glob("*.txt"))

WIDE = Rule(
    id="mine.wide",
    kind="indirect",
    why="All around a verb.",
    pattern=(
        {"RIGHT_ID": "cue", "RIGHT_ATTRS": {"LEMMA": "on"}},
        {"LEFT_ID": "cue", "REL_OP": "<", "RIGHT_ID": "content", "RIGHT_ATTRS": {"LEMMA": "say"}},
    ),
    confidence=0.4,
)


def frozen(id: str, **fields: Any) -> Explanation:
    """The explanation of a case's text, of whose stored parse the rules alone make what they can."""
    case = next(case for case in CASES if case["id"] == id)
    extractor = Extractor(**{"encoder": False, **case["settings"], **fields})
    return extractor.explain_parse(read_article(case["text"]), thaw(case["text"], case["parse"]))


def place(explanation: Explanation, words: str) -> Place:
    start = explanation.text.index(words)
    return explanation.at(start, start + len(words))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_nearest_reason(case: dict[str, Any]) -> None:
    found = place(frozen(case["id"]), case["at"])
    assert found.quotes == ()
    assert [reason.kind for reason in found.reasons[:1]] == [case["kind"]], found
    assert case["says"] in str(found.reasons[0])


def test_every_kind_of_reason_has_a_case() -> None:
    kinds = {get_args(type_.model_fields["kind"].annotation)[0] for type_ in get_args(get_args(AnyReason)[0])}
    assert kinds - {case["kind"] for case in CASES} == {"lost"}


def test_lost_proposal_names_the_winner() -> None:
    found = place(frozen("beside a quote", rules=RuleSet.default().adding(WIDE)), "Ann Lee")
    lost = found.reasons[0]
    assert (lost.kind, lost.quote) == ("lost", "q1")
    assert (lost.rival.fate, lost.rival.by, lost.proposal.rule) == ("around", "en.clause", "mine.wide")
    says = "lost to q1: encloses it; confidence 0.40, minimum 0.50"
    assert str(lost) == f"mine.wide found “Ann Lee said the pier was safe” (confidence 0.40); {says}"


def test_quote_lists_its_rivals() -> None:
    one = frozen("beside a quote", rules=RuleSet.default().adding(WIDE)).quotes[0]
    assert [(rival.proposal.rule, rival.fate, rival.needed) for rival in one.rivals] == [("mine.wide", "around", 0.5)]
    assert "lost       mine.wide “Ann Lee said the pier was safe”: encloses it" in str(one)


def test_own_rule_states_its_confidence() -> None:
    rules = RuleSet([WIDE.model_copy(update={"confidence": 0.6})])
    explanation = frozen("beside a quote", rules=rules, min_confidence=0)
    [one] = explanation.quotes
    assert (one.proposal.rule, one.proposal.why, one.weighings) == ("mine.wide", "All around a verb.", ())
    assert "0.60, as the rule states it" in str(one)


def test_confidence_of_the_speaker_is_shown() -> None:
    [one] = frozen("source of a quote").quotes
    assert f"Ann Lee (person) · {one.quote.speaker_confidence:.2f}\n" in f"{one}\n"
    guess = one.model_copy(update={"quote": one.quote.model_copy(update={"speaker_confidence": 0.5})})
    assert "Ann Lee (person) · 0.50, a guess" in str(guess)


def test_quote_of_a_rule() -> None:
    [one] = frozen("source of a quote").quotes
    assert (one.proposal.rule, one.proposal.why) == ("en.clause", RuleSet.default()["en.clause"].why)
    assert one.record is not None
    assert (one.record.cue, one.record.frame, one.record.origin) == ("say", "clause", "built-in")
    assert [(step.text, step.rule) for step in one.speaker] == [("Ann Lee", "speaker.name.full")]
    assert one.speaker[0].why == RuleSet.default()["speaker.name.full"].why
    [weighing] = one.weighings
    assert weighing.by == "rule"
    assert weighing.terms[0].name == "cue's record"
    assert [abs(term.adds) for term in weighing.terms] == sorted((abs(t.adds) for t in weighing.terms), reverse=True)


def test_near_match_shows_what_was_missing() -> None:
    near = place(frozen("content with another label"), "yesterday").reasons[0]
    assert near.kind == "near-match"
    assert (near.rule, near.missing, near.wanted) == ("en.clause", "content", "cue > content [DEP: ccomp]")
    assert [(node.name, node.token.text) for node in near.matched] == [("cue", "said"), ("source", "mayor")]
    assert near.closest is not None
    assert (near.closest.text, near.differs) == ("yesterday", "its DEP is npadvmod")


def test_switched_off_rule_does_not_decide() -> None:
    explanation = frozen("source of a quote", rules=RuleSet.default().without("en.clause"))
    assert "en.clause" not in {one.quote.rule for one in explanation.quotes}


def test_attitudes_are_quotes_on_demand() -> None:
    explanation = frozen("an attitude", attitudes=True)
    assert [one.quote.act for one in explanation.quotes] == ["attitude"]
    assert not any(reason.kind == "attitude" for reason in explanation.reasons)


def test_place_shows_its_marks() -> None:
    found = place(frozen("scare quote"), "so-called plan")
    assert [str(marks) for marks in found.marks] == ["“ at 4 is closed by ” at 19"]


def marks_of(text: str) -> list[str]:
    columns = {name: [] for name in ("lemmas", "tags", "pos", "deps", "heads", "starts", "ends", "sentences")}
    explanation = Extractor(encoder=False).explain_parse(read_article(text), thaw(text, columns))
    return [f"{one.read} {one.opening.text}" for one in explanation.marks]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“It is ‘on’,” she said.", ["pair “", "pair ‘"]),
        ("She said: “I left.\n\n“We know it.”", ["continues “", "pair “"]),
        ('She said: "I left.', ['open "']),
        ("The pier is 12\" wide, and so is the boys' boat.", ['stray "', "apostrophe '"]),
        ("It rained.", []),
    ],
)
def test_each_mark_is_read(text: str, shown: list[str]) -> None:
    assert marks_of(text) == shown


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_json_round_trip(case: dict[str, Any]) -> None:
    explanation = frozen(case["id"])
    again = Explanation.model_validate_json(explanation.model_dump_json())
    assert again == explanation
    assert again.at(0, len(case["text"])) == explanation.at(0, len(case["text"]))


def test_no_span_raises() -> None:
    explanation = frozen("beside a quote")
    for start, end in ((-5, -1), (5, 2), (0, 0), (0, 10**6), (10**6, 10**7)):
        found = explanation.at(start, end)
        assert found.reasons or found.quotes
    assert [reason.kind for reason in explanation.at(3, 3).reasons] == ["no-words"]


def _words(rows: Iterator[Any]) -> str:
    from rich.console import Console

    console = Console(width=80, record=True, file=None, force_terminal=False)
    with console.capture() as capture:
        console.print(explanation_shape(rows))
    return " ".join(capture.get().split())


def test_terminal_shows_what_text_shows() -> None:
    explanation = frozen("beside a quote")
    assert _words(explanation.rows()) == " ".join(str(explanation).split())
    found = explanation.at(0, len(explanation.text))
    assert _words(found.rows()) == " ".join(str(found).split())


def test_text_without_quotes() -> None:
    assert str(frozen("no cue")) == "no quotes"


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_room_reaches_into_nothing_private(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    read = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self")
    ]
    assert [name for name in (*imported, *read) if name.startswith("_") and not name.startswith("__")] == []


# What follows needs the model.


def winner_is_the_quote(one: QuoteExplanation) -> None:
    quote, won = one.quote, one.proposal
    assert (won.rule, won.source, won.cue, won.verb, won.act, won.confidence) == (
        quote.rule,
        quote.source,
        quote.cue,
        quote.verb,
        quote.act,
        quote.confidence,
    )
    whole = [(part.start, part.end) for part in quote.content]
    assert all(any(overlap((part.start, part.end), other) for other in whole) for part in won.content)
    if won.content != quote.content:
        assert any(taken.field == "content" for taken in one.taken) or one.parts
    if quote.speaker is not None:
        assert [(s.start, s.rule) for s in one.speaker] == [(m.start, m.rule) for m in quote.speaker.mentions]


def proposals(explanation: Explanation) -> Iterator[Proposal]:
    """Everything that the explanation says was proposed."""
    for one in explanation.quotes:
        yield from (one.proposal, *one.parts, *(rival.proposal for rival in one.rivals))
    yield from (reason.proposal for reason in explanation.reasons if hasattr(reason, "proposal"))


@pytest.mark.model
@pytest.mark.parametrize("encoder", [False, True], ids=["rules", "both"])
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_explanation_agrees_with_reading(path: Path, encoder: bool) -> None:
    text = path.read_text(encoding="utf-8")
    extractor, tracer = Extractor(encoder=encoder, attitudes=True, min_confidence=0), Tracer()
    article = read_article(text)
    parse = parse_article(article)
    explanation = extractor.explain_parse(article, parse)
    quotes = extractor.read_parse(article, parse, trace=tracer)
    assert [one.quote for one in explanation.quotes] == quotes == extractor.read_parse(article, parse)
    for one in explanation.quotes:
        winner_is_the_quote(one)

    # Every candidate is accounted for, and no other is named.
    named = {
        (
            one.rule,
            tuple((part.start, part.end) for part in one.content),
            one.source and (one.source.start, one.source.end),
        )
        for one in proposals(explanation)
    }
    said = {(content, source) for _, content, source in named}
    competed = {(one.rule, one.content, one.source) for one in tracer.originals()}
    assert {(content, source) for _, content, source in competed} <= said
    read = [one.reading.candidate for one in tracer.matches if isinstance(one.reading, Reading)]
    assert said <= {(one.content, one.source) for one in [*tracer.originals(), *read, *tracer.attributions]}

    # A match that is said to be unread is one off which nothing was read.
    unread = {(one.rule, one.cue.start, one.missing) for one in explanation.reasons if one.kind == "unread"}
    matches = {
        (one.match.rule.id, parse.starts[one.match.nodes["cue"]], one.reading)
        for one in tracer.matches
        if not isinstance(one.reading, Reading)
    }
    assert unread <= matches


@pytest.mark.model
@pytest.mark.parametrize("encoder", [False, True], ids=["rules", "both"])
@pytest.mark.parametrize("path", STORIES[:6], ids=lambda path: path.stem)
def test_every_place_is_explained(path: Path, encoder: bool) -> None:
    text = path.read_text(encoding="utf-8")
    extractor = Extractor(encoder=encoder)
    explanation = extractor.explain(text)
    assert len(explanation.quotes) > 3
    for one in explanation.quotes:
        winner_is_the_quote(one)
    for start in range(0, len(text), 11):
        found = explanation.at(start, start + 7)
        assert found.reasons or found.quotes
    assert str(explanation.at(0, len(text)))
    assert extractor.explain(text) == explanation


@pytest.mark.model
def test_cue_inside_quoted_words_is_not_said_to_be_blocked() -> None:
    # Only quotations nested in the quoted words are read there, so the blocking rule has nothing to block.
    explanation = Extractor(encoder=False).explain("“They said nobody asked about the form,” Ann Lee said.")
    assert explanation.quotes
    assert not [reason for reason in explanation.reasons if reason.kind == "blocked"]


PIECES = st.sampled_from(
    [
        "Ann Lee said ",
        "that it rained. ",
        "“We go,” ",
        "he mused. ",
        "\n\n",
        "'",
        '"',
        "hopes to ",
        "By Bo Stone\n",
        "\0",
        "—",
    ]
)


@pytest.mark.model
@settings(max_examples=40)
@given(
    text=st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40),
    start=st.integers(-9, 90),
    size=st.integers(0, 60),
)
def test_any_place_of_any_text_is_explained(text: str, start: int, size: int) -> None:
    extractor = Extractor(encoder=False)
    explanation = extractor.explain(text)
    assert [one.quote for one in explanation.quotes] == extractor.extract(text)
    for one in explanation.quotes:
        winner_is_the_quote(one)
    found = explanation.at(start, start + size)
    assert found.reasons or found.quotes
    assert str(found)


TAKEN = [
    (
        "Ann Lee came. “It stands,” she said. “It will stand.”",
        "part of the same quote, found by layout.same-paragraph",
    ),
    ("“It stands,” Ann Lee said.\n\n“It will stand for years to come, I think.”", "the source of q1, who was speaking"),
    ("“It stands,” Ann Lee said, “and it will.\n\n“We know it.”", "continue from one paragraph to the next"),
    ("Ann Lee said it was over, “for now.”", ""),
]


@pytest.mark.model
@pytest.mark.parametrize(("text", "why"), TAKEN)
def test_fields_taken_from_elsewhere(text: str, why: str) -> None:
    explanation = Extractor(encoder=False, min_confidence=0).explain(text)
    assert any(why in str(taken) for one in explanation.quotes for taken in one.taken) or not why
    for one in explanation.quotes:
        winner_is_the_quote(one)


@pytest.mark.model
def test_encoder_takes_the_verb_that_a_rule_read() -> None:
    explanation = Extractor().explain("She read “War and Peace” at home.")
    [one] = explanation.quotes
    assert one.quote.rule == ENCODER
    assert [(taken.field, taken.rule) for taken in one.taken] == [("verb", "en.object")]
    assert one.proposal.why is None


@pytest.mark.model
def test_weighings_of_rule_and_encoder() -> None:
    [one] = Extractor().explain("Ann Lee said the pier was safe.").quotes
    rule, both = one.weighings
    assert (rule.by, both.by, both.situation) == ("rule", "rules and encoder", "encoder: all, rules: all")
    assert rule.confidence == one.proposal.alone
    assert both.confidence == one.quote.confidence
    assert [rival.proposal.rule for rival in one.rivals if rival.fate == "agreed"] == [ENCODER]


def test_account_adds_up_to_the_confidence() -> None:
    from math import exp

    from quotekit.attribution.additive_model import NO_RULE, _terms

    names = {name for _, terms in _terms().values() for name, _, _ in terms}
    numbers = dict.fromkeys(names, 0.3) | {"run": 1.0, "run's source": 1.0, "agrees": NO_RULE}
    _, bias, terms = account(numbers)
    assert 1 / (1 + exp(-bias - sum(adds for _, _, adds in terms))) == pytest.approx(confidence(numbers))


@pytest.mark.model
def test_explain_raises_what_extract_raises() -> None:
    with pytest.raises(TypeError, match="text must be a string, not bytes; decode it first"):
        Extractor(encoder=False).explain(b"no")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        Extractor(encoder=False).explain("No.", date="yesterday")


STORY = "Ann Lee said that the pier was safe.\n\nIt rained. The mayor shrugged that the bridge was old.\n"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["explain", *map(str, arguments)], input=stdin, prog_name="quotekit")


@pytest.mark.model
def test_command_explains_quotes(story: Path) -> None:
    done = run(story, "--no-encoder")
    assert done.exit_code == 0
    assert done.stdout == f"{Extractor(encoder=False).explain(STORY)}\n"
    assert run("-", "--no-encoder", stdin=STORY).stdout == done.stdout


@pytest.mark.model
def test_command_explains_a_place(story: Path) -> None:
    done = run(story, "--no-encoder", "--at", "bridge was\told")
    start = STORY.index("bridge was old")
    assert done.stdout.startswith(f"{start}:{start + 14} · “bridge was old”")
    assert "en.clause would match" in done.stdout
    assert run(story, "--no-encoder", "--at", f"{start}:{start + 14}").stdout == done.stdout
    assert "first of 2 occurrences; the others: 73:76" in run(story, "--no-encoder", "--at", "the").stderr


@pytest.mark.model
def test_command_writes_json(story: Path) -> None:
    whole = run(story, "--no-encoder", "--format", "json")
    assert Explanation.model_validate_json(whole.stdout) == Extractor(encoder=False).explain(STORY)
    one = run(story, "--no-encoder", "--format", "json", "--quote", "q1")
    assert QuoteExplanation.model_validate_json(one.stdout).quote.id == "q1"
    there = run(story, "--no-encoder", "--format", "json", "--at", "0:3", "--without", "en.clause")
    assert Place.model_validate_json(there.stdout).quotes == ()


@pytest.mark.model
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--at", "9:3"], 2, "the end must be after the start"),
        (["--at", "900:905"], 2, "the article ends at"),
        (["--at", "no such words"], 2, "does not occur in the article"),
        (["--at", " "], 2, "does not occur in the article"),
        (["--quote", "q7"], 2, "there is no quote 'q7'; they are q1"),
        (["--quote", "q1", "--at", "0:3"], 2, "not valid with --at"),
        (["--without", "en.claus"], 2, "en.clause"),
    ],
)
def test_command_reports_wrong_arguments(story: Path, arguments: list[str], code: int, says: str) -> None:
    done = run(story, "--no-encoder", *arguments)
    assert done.exit_code == code
    assert says in done.stderr


@pytest.mark.parametrize(("name", "code"), [("none.txt", 2), ("", 2), ("binary.txt", 1)])
def test_command_needs_an_article(tmp_path: Path, name: str, code: int) -> None:
    (tmp_path / "binary.txt").write_bytes(b"\0\xff\xfe\x01" * 8)
    done = run(tmp_path / name)
    assert done.exit_code == code
    assert done.stderr
    assert "Traceback" not in done.stderr


OWN = """
[[cue]]
cue = "shrug"
frames = {clause = 0.7}
"""


@pytest.mark.model
def test_own_cue_is_named_as_own(story: Path) -> None:
    rules = story.with_name("mine.toml")
    rules.write_text(OWN, encoding="utf-8")
    done = run(story, "--no-encoder", "--rules", rules, "--at", "the bridge was old")
    shown = " ".join(done.stdout.split())
    assert "shrug in the frame “clause”: 0.70, a statement, from your own rule file" in shown
    assert "confidence 0.70, as the cue states it" in shown
    rules.write_text("[[cue]]\n", encoding="utf-8")
    broken = run(story, "--rules", rules)
    assert broken.exit_code == 3
    assert "mine.toml" in broken.stderr
