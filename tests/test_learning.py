"""What corrections teach: cues, speakers and golden cases, from the command line too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quotekit import Corrections, Extractor, KnownSpeakers, Quote, RuleSet
from quotekit.cli import app
from quotekit.corrections import digest_of
from quotekit.testing import assert_quotes
from quotekit.testing.case_writing import case_of
from quotekit.testing.cases import parse_cases, read_cases
from quotekit.testing.learning import learn

TEXT = (
    "# Pier\n\nThe harbour mistress thundered that the pier was lost. “It is not,” said Jonas Reed. "
    "He said that the gulls would stay.\n"
)


def correction(fault: str, words: str, text: str = TEXT, **fields: Any) -> dict[str, Any]:
    start = text.index(words)
    given = {"article": "pier.txt", "digest": digest_of(text), "fault": fault, "text": words}
    return {**given, "start": start, "end": start + len(words), **fields}


FAULTS = [
    correction("missed", "that the pier was lost", speaker="Mara Ilves"),
    correction("wrong speaker", "that the gulls would stay", speaker="Ada Pell"),
]


@pytest.mark.model
def test_a_missed_quote_teaches_its_cue() -> None:
    learned = learn(Corrections.of(FAULTS), [("pier.txt", TEXT)])
    assert [(cue.cue, dict(cue.frames)) for cue in learned.cues] == [("thunder", {"clause": 0.8})]
    rules = RuleSet.default().with_cues(*learned.cues)
    found = Extractor(rules=rules, encoder=False).extract(TEXT)
    assert "that the pier was lost" in [quote.text for quote in found]


@pytest.mark.model
def test_a_cue_that_is_known_is_not_learned() -> None:
    text = "The mistress said that the pier was lost."
    learned = learn(Corrections.of([correction("missed", "that the pier was lost", text)]), [("pier.txt", text)])
    assert learned.cues == ()


@pytest.mark.model
def test_names_are_known_speakers() -> None:
    learned = learn(Corrections.of(FAULTS), [("pier.txt", TEXT)])
    assert [(one.id, one.names) for one in learned.speakers] == [
        ("Ada Pell", ("Ada Pell",)),
        ("Mara Ilves", ("Mara Ilves",)),
    ]


@pytest.mark.model
def test_a_corrected_article_is_a_golden_case() -> None:
    corrections = Corrections.of(FAULTS)
    (case,) = parse_cases("\n".join(learn(corrections, [("pier.txt", TEXT)]).cases))
    assert case.text == TEXT.strip()
    assert case.fields == {"1": {"speaker": "Mara Ilves"}, "3": {"speaker": "Ada Pell"}}
    fixed = Extractor(corrections=corrections).extract(TEXT)
    assert [one.fields["content"] for one in case.expected] == [
        tuple((part.start, part.end) for part in quote.content) for quote in fixed
    ]
    # It fails until the mistake is fixed.
    with pytest.raises(AssertionError):
        assert_quotes(case.text, case.expected)


@pytest.mark.model
def test_other_texts_teach_nothing() -> None:
    learned = learn(Corrections.of(FAULTS), [("pier.txt", TEXT + "It rained.")])
    assert (learned.cues, learned.speakers, learned.cases) == ((), (), ())


@pytest.mark.model
def test_a_text_with_tags_teaches_all_but_a_case() -> None:
    text = f"{TEXT}See <cue 1>.\n"
    learned = learn(
        Corrections.of([correction("missed", "that the pier was lost", text, speaker="Mara Ilves")]), [("a", text)]
    )
    assert ([cue.cue for cue in learned.cues], [one.id for one in learned.speakers]) == (["thunder"], ["Mara Ilves"])
    assert learned.cases == ()


def test_text_with_tags_or_lines_of_a_case_file() -> None:
    assert case_of("a", "<source 1>It rained</source>.", [], [], {}) == ""
    text = "=== It\n--- rained\n# and \\\n\\snowed."
    (case,) = parse_cases(case_of("a::[b]", text, [], [], {}))
    assert (case.name, case.text) == ("a  b", text)


@pytest.mark.slow
@pytest.mark.model
def test_every_sample_is_written_as_a_case_that_reads_back(samples: dict[str, tuple[str, list[Quote]]]) -> None:
    for name, (text, quotes) in samples.items():
        (case,) = parse_cases(case_of(name, text, quotes, [], {}))
        assert case.text == text.strip("\n")
        lead = len(text) - len(text.lstrip("\n"))
        contents = {tuple((part.start - lead, part.end - lead) for part in quote.content) for quote in quotes}
        assert {one.content for one in case.story.values()} == contents, name


@pytest.mark.model
def test_the_command_writes_three_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pier.txt").write_text(TEXT, encoding="utf-8")
    Path("fixed.jsonl").write_text("\n".join(map(json.dumps, FAULTS)), encoding="utf-8")
    arguments = ["rules", "learn", "fixed.jsonl", "pier.txt", "-o", "mine"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "my.rules.toml (1 cue), known.jsonl (2 speakers), corrected.quotes.txt (1 case)" in result.stderr
    assert [cue.cue for cue in RuleSet.default().with_file("mine/my.rules.toml").cues] == ["thunder"]
    assert len(KnownSpeakers.read("mine/known.jsonl")) == 2
    assert [case.name for case in read_cases("mine/corrected.quotes.txt")] == ["pier.txt"]
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2
    assert "exists" in again.stderr


@pytest.mark.model
def test_a_line_like_a_heading_is_not_counted_as_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"{TEXT}\n=== The end ===\n"
    Path("pier.txt").write_text(text, encoding="utf-8")
    fault = correction("missed", "that the pier was lost", text)
    Path("fixed.jsonl").write_text(json.dumps(fault), encoding="utf-8")
    result = CliRunner().invoke(app, ["rules", "learn", "fixed.jsonl", "pier.txt", "-o", "mine"])
    assert "corrected.quotes.txt (1 case)" in result.stderr
