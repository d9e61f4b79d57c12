"""Corrections of a reader: read from files, applied to their own text, and refused for any other."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from quotekit import Correction, Corrections, CorrectionsError, Extractor, Quote
from quotekit.corrections import digest_of

TEXT = (
    "The pier will shut, Marta Ellin said. Jonas Reed said that the gulls would stay.\n\n"
    "A “Nobody asked the gulls” sign hangs at the harbour."
)


def correction(fault: str, words: str, *, text: str = TEXT, **fields: Any) -> dict[str, Any]:
    start = text.index(words)
    given = {"article": "pier.txt", "digest": digest_of(text), "fault": fault, "text": words}
    return {**given, "start": start, "end": start + len(words), **fields}


def said(*corrections: dict[str, Any], text: str = TEXT) -> list[tuple[str, str, str]]:
    """The quotes of a text after corrections: their ids, words and speakers."""
    extractor = Extractor(encoder=False, corrections=corrections)
    return [(quote.id, quote.text, quote.who) for quote in extractor.extract(text)]


BEFORE = [("q1", "The pier will shut", "Marta Ellin"), ("q2", "that the gulls would stay", "Jonas Reed")]


@pytest.mark.model
def test_without_corrections() -> None:
    assert said()[:2] == BEFORE


@pytest.mark.model
def test_no_quote_removes_the_quote() -> None:
    assert said(correction("no quote", "The pier will shut"))[0] == ("q1", "that the gulls would stay", "Jonas Reed")


@pytest.mark.model
def test_wrong_speaker_replaces_the_speaker() -> None:
    assert said(correction("wrong speaker", "that the gulls would stay", speaker="Marta Ellin"))[1][2] == "Marta Ellin"
    extractor = Extractor(encoder=False, corrections=[correction("wrong speaker", "that the gulls would stay")])
    assert extractor.extract(TEXT)[1].speaker is None


@pytest.mark.model
def test_a_corrected_speaker_of_the_article_is_the_same_speaker() -> None:
    fixed = Extractor(encoder=False, corrections=[
        correction("wrong speaker", "that the gulls would stay", speaker="marta ellin")
    ]).extract(TEXT)  # fmt: skip
    assert fixed[0].speaker == fixed[1].speaker
    assert fixed[1].speaker_confidence == 1.0


@pytest.mark.model
@pytest.mark.parametrize("words", ["“Nobody asked the gulls”", "Nobody asked the gulls"])
def test_missed_quote_is_added(words: str) -> None:
    extractor = Extractor(encoder=False, corrections=[correction("missed", words, speaker="Ada Pell")])
    quote = next(quote for quote in extractor.extract(TEXT) if "asked" in quote.text)
    assert (quote.kind, quote.text, quote.who, quote.position.paragraph) == (
        "direct", "Nobody asked the gulls", "Ada Pell", 1
    )  # fmt: skip
    assert (quote.confidence, quote.rule) == (1.0, "correction")
    assert TEXT[quote.position.start : quote.position.end] == quote.content[0].text


@pytest.mark.model
def test_content_of_a_quote_is_corrected() -> None:
    found = said(correction("missed", "the gulls would stay"))
    assert found[1] == ("q2", "the gulls would stay", "Jonas Reed")


@pytest.mark.model
def test_a_changed_text_is_not_corrected() -> None:
    wrong = correction("no quote", "The pier will shut")
    changed = TEXT.replace("gulls", "terns")
    assert said(wrong, text=changed) == said(text=changed)
    assert Corrections.of([wrong]).refused("pier.txt", changed) == 1
    assert Corrections.of([wrong]).refused("pier.txt", TEXT) == 0
    assert Corrections.of([wrong]).refused("other.txt", changed) == 0


@pytest.mark.model
def test_pipe_and_copies_apply_corrections() -> None:
    extractor = Extractor(encoder=False, corrections=[correction("no quote", "The pier will shut")])
    one = extractor.extract(TEXT)
    assert pickle.loads(pickle.dumps(extractor)).extract(TEXT) == one
    assert next(iter(extractor.pipe([TEXT]))) == one
    assert extractor.with_rules(extractor.rules).extract(TEXT) == one


@pytest.mark.model
@pytest.mark.parametrize("before", ["", "\u200b"])
def test_explanation_has_the_corrected_quotes(before: str) -> None:
    text = before + TEXT
    wrong = [
        correction("no quote", "The pier will shut", text=text),
        correction("wrong speaker", "that the gulls would stay", text=text, speaker="Ada Pell"),
        correction("missed", "Nobody asked the gulls", text=text, speaker="Ada Pell"),
    ]
    extractor = Extractor(encoder=False, corrections=wrong)
    explanation = extractor.explain(text)
    assert [one.quote for one in explanation.quotes] == extractor.extract(text)
    shown = " ".join(str(explanation).split())
    assert "a reader corrected it" in shown
    assert "named in a correction" in shown
    assert "A reader corrected what is said here." in shown


def test_files_and_dicts_are_read(tmp_path: Path) -> None:
    lines = [correction("no quote", "The pier will shut"), correction("missed", "gulls", speaker="Ada Pell")]
    path = tmp_path / "corrections.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    read = Corrections.of(path)
    assert [entry.model_dump(exclude_none=True) for entry in read] == lines
    assert list(Corrections.of([path, *lines])) == list(read) * 2
    assert Corrections.of(read) is read
    assert len(read.of_text(TEXT)) == 2
    assert read.of_text("It rained.") == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[", "line 2: must be one JSON object"),
        ("[1]", "line 2: Input should be"),
        (json.dumps(correction("wrong", "gulls")), "line 2: fault: Input should be 'no quote', 'wrong speaker' or"),
        (json.dumps(correction("missed", "gulls", end=3)), "line 2: .*start and end do not fit the text"),
        (json.dumps(correction("missed", "gulls", sure=1)), "line 2: sure: Extra inputs"),
    ],
)
def test_invalid_lines_are_refused_with_their_place(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text(f"{json.dumps(correction('missed', 'gulls'))}\n{line}\n", encoding="utf-8")
    with pytest.raises(CorrectionsError, match=message):
        Corrections.of(path)


def test_missing_and_undecodable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorrectionsError, match="no such file"):
        Corrections.of(tmp_path / "absent.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9\n")
    with pytest.raises(CorrectionsError, match="UTF-8"):
        Corrections.of([tmp_path / "latin.jsonl"])
    with pytest.raises(TypeError, match="not int"):
        Corrections.of([1])  # type: ignore[list-item]  # the error is what is tested


@pytest.mark.model
def test_the_command_applies_corrections_and_notices_changed_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from quotekit.cli import app

    monkeypatch.chdir(tmp_path)
    Path("pier.txt").write_text(TEXT, encoding="utf-8")
    Path("fixed.jsonl").write_text(json.dumps(correction("no quote", "The pier will shut")), encoding="utf-8")
    command = ["extract", "pier.txt", "--no-encoder", "--corrections", "fixed.jsonl"]
    assert json.loads(CliRunner().invoke(app, command).stdout)["quotes"][0]["text"] == "that the gulls would stay"
    Path("pier.txt").write_text(TEXT.replace("gulls", "terns"), encoding="utf-8")
    changed = json.loads(CliRunner().invoke(app, command).stdout)
    assert changed["quotes"][0]["text"] == "The pier will shut"
    assert changed["notices"] == ["corrections of another text, which were not applied"]
    Path("fixed.jsonl").write_text("x", encoding="utf-8")
    assert CliRunner().invoke(app, command).exit_code == 3


def test_a_correction_is_serialised() -> None:
    one = Correction.model_validate(correction("missed", "gulls", speaker="Ada Pell"))
    assert Correction.model_validate_json(one.model_dump_json()) == one
    assert isinstance(one, Correction)
    assert not isinstance(one, Quote)
