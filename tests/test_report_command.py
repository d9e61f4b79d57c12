"""``quotekit report``: a page for one article, where it goes, and what it says when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from quotekit import cli
from quotekit.models import Position, Quote, Speaker, TextSpan

TEXT = "It works, Ann Lee said."


class StubExtractor:
    """Says that the first words of every text are a quote."""

    settings: dict[str, Any]

    def __init__(self, **settings: Any) -> None:
        StubExtractor.settings = settings
        self.rules = settings["rules"]

    def extract(self, text: str) -> list[Quote]:
        words = TextSpan.of(text, (0, min(8, len(text))))
        position = Position(start=0, end=words.end, paragraph=0, sentence=0)
        quote = Quote(id="q1", kind="indirect", act="statement", text=words.text, content=(words,), position=position,
                      confidence=0.9, rule="en.clause", speaker=Speaker(id="s1", name="Ann Lee"))  # fmt: skip
        return [quote] if text else []

    def pipe(self, texts: Iterable[tuple[str, str]], **options: Any) -> Iterator[tuple[list[Quote], str]]:
        return ((self.extract(text), context) for text, context in texts)


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs the command in an empty folder, without the model."""
    monkeypatch.setattr("quotekit.extractor.Extractor", StubExtractor)
    monkeypatch.chdir(tmp_path)
    Path("story.txt").write_text(TEXT, encoding="utf-8")

    def run(*arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(cli.app, ["report", *arguments], **options)

    return run


def test_a_page_goes_to_its_file(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt", "-o", "story.html")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "1 quote · 1 speaker → story.html\n"
    page = Path("story.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<title>story.txt – who said what</title>" in page
    assert page.count("<mark ") == 1
    assert sorted(path.name for path in Path().iterdir()) == ["story.html", "story.txt"]


def test_without_a_file_it_goes_to_standard_output(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt")
    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")
    assert result.stderr == ""


def test_standard_input_is_an_article(invoke: Callable[..., Result]) -> None:
    result = invoke("-", input="Ferry Fares Go Up\n\nThe fares of the ferry go up in May, the council decided.\n")
    assert result.exit_code == 0
    assert "<title>Ferry Fares Go Up" in result.stdout


def test_settings_reach_the_extractor_and_the_title_the_page(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt", "-o", "a.html", "--title", "<Fares>", "--attitudes", "--min-confidence", "0.5",
                    "--no-encoder", "--without", "en.clause", "-q")  # fmt: skip
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "<title>&lt;Fares&gt; – who said what</title>" in Path("a.html").read_text(encoding="utf-8")
    settings = StubExtractor.settings
    assert (settings["attitudes"], settings["min_confidence"], settings["encoder"]) == (True, 0.5, False)
    assert "en.clause" not in settings["rules"]


@pytest.mark.parametrize("found", [True, False])
def test_the_page_is_opened_if_asked_for(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: bool
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: (opened.append(url), found)[1])
    result = invoke("story.txt", "-o", "story.html", "--open", "-q")
    assert result.exit_code == 0
    assert opened == [(tmp_path / "story.html").resolve().as_uri()]
    assert result.stderr == ("" if found else "quotekit: no browser was found; open story.html yourself.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["absent.txt", "-o", "a.html"], "does not exist"),
        (["."], "a report on many articles is a folder of pages"),
        ([".", "-o", "a.html"], "a report on many articles is a folder of pages"),
        (["story.txt", "other.txt"], "a report on many articles is a folder of pages"),
        (["quotes.jsonl", "-o", "report", "--attitudes"], "these quotes were found before"),
        (["story.txt", "quotes.jsonl", "-o", "report"], "name the ones or the others"),
        (["story.txt", "-o", "."], "is a folder; name a file in it"),
        (["story.txt", "-o", "story.txt"], "is one of the inputs"),
        (["story.txt", "--open"], "name a file for it"),
        (["story.txt", "--without", "en.nothing"], "en.nothing"),
    ],
)
def test_wrong_use_is_said(invoke: Callable[..., Result], arguments: list[str], said: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert [path.name for path in Path().iterdir()] == ["story.txt"]
    assert Path("story.txt").read_text(encoding="utf-8") == TEXT


def test_an_article_that_cannot_be_read_leaves_no_page(invoke: Callable[..., Result]) -> None:
    Path("bad.txt").write_bytes(b"\xff\xfe\xfa")
    result = invoke("bad.txt", "-o", "a.html")
    assert result.exit_code == 1
    assert "bad.txt" in result.stderr
    assert not Path("a.html").exists()


def test_an_output_that_cannot_be_written_is_said(invoke: Callable[..., Result]) -> None:
    result = invoke("story.txt", "-o", "absent/a.html")
    assert result.exit_code == 3
    assert "cannot write absent/a.html" in result.stderr


def test_many_articles_are_a_folder_of_pages(
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
    assert opened == [(tmp_path / "report" / "index.html").resolve().as_uri()]
