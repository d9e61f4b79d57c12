"""``quotekit report``: a page for one article, where it goes, and what it says when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from quotekit import cli
from quotekit.corrections import Corrections
from quotekit.models import Position, Quote, Reading, Speaker, TextSpan

TEXT = "It works, Ann Lee said."
STORED = "../quotes.jsonl"


class StubExtractor:
    """Says that the first words of every text are a quote."""

    settings: dict[str, Any]
    known_speakers = None
    corrections = Corrections(())

    def __init__(self, **settings: Any) -> None:
        StubExtractor.settings = settings
        self.rules = settings["rules"]

    def extract(self, text: str, *, date: date | None = None) -> list[Quote]:
        words = TextSpan.of(text, (0, min(8, len(text))))
        position = Position(start=0, end=words.end, paragraph=0, sentence=0)
        quote = Quote(id="q1", kind="indirect", act="statement", text=words.text, content=(words,), position=position,
                      confidence=0.9, rule="en.clause", speaker=Speaker(id="s1", name="Ann Lee"))  # fmt: skip
        return [quote] if text else []

    def read(self, text: str, *, date: date | None = None) -> Reading:
        return Reading(text=text, form="story", paragraphs=(), quotes=tuple(self.extract(text, date=date)))

    def without_known_speakers(self) -> StubExtractor:
        return self

    def identified(self, quotes: list[Quote], day: date | None) -> list[Quote]:
        return quotes


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs the command in an empty folder, without the model."""
    monkeypatch.setattr("quotekit.extractor.Extractor", StubExtractor)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path(STORED).write_text('{"id": "a.txt", "quotes": []}\n', encoding="utf-8")
    Path("story.txt").write_text(TEXT, encoding="utf-8")

    def run(*arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(cli.app, ["report", *arguments], **options)

    return run


def test_page_is_written_to_a_file(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt", "-o", "story.html")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "1 quote · 1 speaker → story.html\n"
    page = Path("story.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<title>story.txt</title>" in page
    assert page.count("<mark ") == 1
    assert sorted(path.name for path in Path().iterdir()) == ["story.html", "story.txt"]


def test_page_is_written_to_standard_output(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt")
    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")
    assert result.stderr == ""


def test_article_from_standard_input(invoke: Callable[..., Result]) -> None:
    result = invoke("-", input="Ferry Fares Go Up\n\nThe fares of the ferry go up in May, the council decided.\n")
    assert result.exit_code == 0
    assert "<title>Ferry Fares Go Up" in result.stdout


def test_options_reach_the_extractor_and_the_page(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt", "-o", "a.html", "--title", "<Fares>", "--attitudes", "--min-confidence", "0.5",
                    "--no-encoder", "--without", "en.clause", "-q")  # fmt: skip
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "<title>&lt;Fares&gt;</title>" in Path("a.html").read_text(encoding="utf-8")
    settings = StubExtractor.settings
    assert (settings["attitudes"], settings["min_confidence"], settings["encoder"]) == (True, 0.5, False)
    assert "en.clause" not in settings["rules"]


@pytest.mark.parametrize("found", [True, False])
def test_open_opens_the_page(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: bool
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: (opened.append(url), found)[1])
    result = invoke("story.txt", "-o", "story.html", "--open", "-q")
    assert result.exit_code == 0
    assert opened == [(tmp_path / "work" / "story.html").resolve().as_uri()]
    assert result.stderr == ("" if found else "quotekit: no browser was found; open story.html yourself.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["absent.txt", "-o", "a.html"], "does not exist"),
        (["."], "a report on many articles is a folder of pages"),
        ([".", "-o", "a.html"], "a report on many articles is a folder of pages"),
        (["story.txt", "other.txt"], "a report on many articles is a folder of pages"),
        ([STORED, "-o", "report", "--attitudes"], "only valid with articles"),
        (["story.txt", STORED, "-o", "report"], "name one kind only"),
        (["story.txt", "-o", "quotes.parquet"], "a page is HTML: name a file such as -o story.html."),
        (["story.txt", "-o", "."], "is a folder; name a file in it"),
        (["story.txt", "-o", "story.txt"], "is one of the inputs"),
        (["story.txt", "--open"], "name a file for it"),
        (["story.txt", "--without", "en.nothing"], "en.nothing"),
    ],
)
def test_usage_errors(invoke: Callable[..., Result], arguments: list[str], said: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert [path.name for path in Path().iterdir()] == ["story.txt"]
    assert Path("story.txt").read_text(encoding="utf-8") == TEXT


def test_unreadable_article_leaves_no_page(invoke: Callable[..., Result]) -> None:
    Path("bad.txt").write_bytes(b"\xff\xfe\xfa")
    result = invoke("bad.txt", "-o", "a.html")
    assert result.exit_code == 1
    assert "bad.txt" in result.stderr
    assert not Path("a.html").exists()


def test_output_that_cannot_be_written(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt", "-o", "absent/a.html")
    assert result.exit_code == 3
    assert "cannot write absent/a.html: there is no folder" in result.stderr


def test_many_articles_become_a_folder(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) is None)
    Path("articles").mkdir()
    Path("articles/bad.txt").write_bytes(b"\xff\xfe\xfa")
    Path("articles/story.txt").write_text(TEXT, encoding="utf-8")
    result = invoke("articles", "-o", "report", "--title", "Fares", "--min-confidence", "0.5", "--open")
    assert result.exit_code == 1, result.output
    assert "bad.txt" in result.stderr
    assert StubExtractor.settings["min_confidence"] == 0.5
    assert "<title>Fares" in Path("report/index.html").read_text(encoding="utf-8")
    assert opened == [(tmp_path / "work" / "report" / "index.html").resolve().as_uri()]


def test_report_inside_its_input_folder_is_not_read(invoke: Callable[..., Result]) -> None:
    for _ in range(2):
        result = invoke(".", "-o", "report")
        assert result.exit_code == 0, result.output
        assert result.stderr == "1 article · 1 quote (1 indirect) → report/index.html\n"
    assert sorted(path.name for path in Path("report/articles").iterdir()) == ["0001-story.html", "index.html"]


def test_report_on_an_output_of_extract(invoke: Callable[..., Result]) -> None:
    Path("quotes.jsonl").write_text(
        f'{{"id": "a.txt", "date": "2024-05-01", "text": "{TEXT}", "quotes": ['
        f"{StubExtractor(rules=None).extract(TEXT)[0].model_dump_json()}]}}\n",
        encoding="utf-8",
    )
    result = invoke("quotes.jsonl", "-o", "report")
    assert result.exit_code == 0, result.output
    assert "<title>quotes.jsonl" in Path("report/index.html").read_text(encoding="utf-8")
    assert '<mark class="quote' in Path("report/articles/0001-a.html").read_text(encoding="utf-8")


def test_articles_in_a_table_become_a_folder(invoke: Callable[..., Result]) -> None:
    Path("news.csv").write_text(f'body,day\n"{TEXT}",2024-05-01\n', encoding="utf-8")
    result = invoke("news.csv", "--text-field", "body", "--date-field", "day", "-o", "report")
    assert result.exit_code == 0, result.output
    assert "1 May 2024" in Path("report/index.html").read_text(encoding="utf-8")


def test_damaged_output_of_extract(invoke: Callable[..., Result]) -> None:
    Path("quotes.jsonl").write_text('{"id": "a.txt", "quotes": []}\n{"id": "b', encoding="utf-8")
    result = invoke("quotes.jsonl", "-o", "report")
    assert result.exit_code == 3
    assert "cut off" in result.stderr
    assert not Path("report").exists()


def test_no_report_is_made_of_articles_that_cannot_be_read(invoke: Callable[..., Result]) -> None:
    for name in ("q.xml", "r.xml"):
        Path(name).write_text("<?xml version='1.0'?><table/>", encoding="utf-8")
    result = invoke("q.xml", "r.xml", "-o", "made")
    assert result.exit_code == 1
    assert "no article could be read, and no report was made" in result.stderr
    assert not Path("made", "index.html").exists()


def test_table_of_quotes_that_a_spreadsheet_has_changed(invoke: Callable[..., Result]) -> None:
    Path("q.csv").write_text("article_id;quote_id;text\na;q1;It works\n", encoding="utf-8")
    result = invoke("q.csv", "-o", "made")
    assert (result.exit_code, Path("made").exists()) == (3, False)
    assert "CSV is written for spreadsheets and is not read back." in result.stderr
