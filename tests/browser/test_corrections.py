"""Corrections made on an article's page: kept, shown, saved, and applied to the text when it is read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quotekit import Corrections, Position, Quote, Speaker, TextSpan
from quotekit.corrections import digest_of
from quotekit.report import article_page

pytestmark = pytest.mark.browser

TEXT = (
    "\ufeff\U0001f426 Gulls\r\n\r\n“They stay,” said Ann Lee. Bo Stone said it rained.\r\n\r\n"
    "A sign asked who feeds\x00the gulls.\r\n"
)

SELECT = """([start, end]) => {
  const places = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      let at = 0;
      for (const one of node.data) { places.push([node, at]); at += one.length; }
    } else if (node.dataset?.char) places.push([node.firstChild ?? node, 0]);
    else node.childNodes.forEach(walk);
  };
  walk(document.getElementById("qk-article"));
  const range = document.createRange();
  range.setStart(...places[start]);
  range.setEnd(...places[end]);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
"""Selects characters of the article, as a mouse would."""


def quote(id: str, words: str, who: str) -> Quote:
    part = span(words)
    position = Position(start=part.start, end=part.end, paragraph=1, sentence=1)
    return Quote(id=id, kind="indirect", act="statement", text=words, content=(part,), position=position,
                 confidence=0.9, rule="en.clause", speaker=Speaker(id=who, name=who))  # fmt: skip


def span(words: str) -> TextSpan:
    start = TEXT.index(words)
    return TextSpan.of(TEXT, (start, start + len(words)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "gulls.html"
    page = article_page(
        TEXT, [quote("q1", "They stay,", "Ann Lee"), quote("q2", "it rained", "Bo Stone")], id="gulls.txt"
    )
    path.write_text(page, encoding="utf-8", newline="")
    return path


def select(page: Page, words: str) -> None:
    part = span(words)
    page.evaluate(SELECT, [part.start, part.end])


def correct(page: Page, number: int) -> Any:
    """The part of a quote's card that corrects it."""
    page.locator(f"#q{number}").click()
    card = page.locator(".card.open")
    if card.locator(".fix").get_attribute("open") is None:
        card.get_by_text("Correct", exact=True).click()
    return card


def saved(page: Page, folder: Path) -> list[dict[str, Any]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save corrections").click()
    assert download.value.suggested_filename == "corrections.jsonl"
    download.value.save_as(folder / "corrections.jsonl")
    return [json.loads(line) for line in (folder / "corrections.jsonl").read_text(encoding="utf-8").splitlines()]


def expected(fault: str, words: str, **more: str) -> dict[str, Any]:
    part = span(words)
    return {"article": "gulls.txt", "digest": digest_of(TEXT), "fault": fault, **part.model_dump(), **more}


def test_three_faults_are_saved(open_page: Any, path: Path, tmp_path: Path) -> None:
    page = open_page(path)
    expect(page.get_by_role("button", name="Save corrections")).to_be_disabled()
    correct(page, 1).get_by_role("button", name="No quote").click()
    card = correct(page, 2)
    card.get_by_label("Right speaker").fill("Ann Lee")
    card.get_by_role("button", name="Wrong speaker").click()
    select(page, "who feeds\x00the gulls")
    page.get_by_label("Said by").fill("the harbour")
    page.get_by_role("button", name="Missed quote").click()
    lines = saved(page, tmp_path)
    assert lines == [
        expected("no quote", "They stay,"),
        expected("wrong speaker", "it rained", speaker="Ann Lee"),
        expected("missed", "who feeds\x00the gulls", speaker="the harbour"),
    ]
    assert len(Corrections.of(tmp_path / "corrections.jsonl").of_text(TEXT)) == 3


def test_selection_is_trimmed(open_page: Any, path: Path, tmp_path: Path) -> None:
    page = open_page(path)
    select(page, " A sign asked who "[1:])
    page.get_by_role("button", name="Missed quote").click()
    assert saved(page, tmp_path) == [expected("missed", "A sign asked who")]


def test_corrections_are_kept_in_the_page_and_can_be_undone(open_page: Any, path: Path) -> None:
    page = open_page(path)
    correct(page, 1).get_by_role("button", name="No quote").click()
    expect(page.locator("#q1")).to_have_class("quote c0 on refused")
    page.reload()
    expect(page.locator("#qk-faults li")).to_have_count(1)
    expect(page.locator("#q1")).to_have_css("text-decoration-line", "line-through")
    expect(correct(page, 1).get_by_role("button", name="No quote")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#qk-faults li")).to_have_count(0)
    page.reload()
    expect(page.locator("#qk-faults li")).to_have_count(0)


def test_another_fault_of_the_same_words_replaces_the_first(open_page: Any, path: Path) -> None:
    page = open_page(path)
    correct(page, 1).get_by_role("button", name="No quote").click()
    correct(page, 1).get_by_role("button", name="Wrong speaker").click()
    expect(page.locator("#qk-faults li")).to_have_count(1)
    expect(page.locator("#qk-faults li")).to_contain_text("wrong speaker: They stay,")
    correct(page, 1).get_by_role("button", name="Wrong speaker").click()
    expect(page.locator("#qk-faults li")).to_have_count(0)


def test_nothing_is_offered_without_a_selection(open_page: Any, path: Path) -> None:
    page = open_page(path)
    offer = page.get_by_role("button", name="Missed quote")
    expect(offer).to_be_hidden()
    select(page, "A sign asked")
    expect(offer).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    expect(offer).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_corrections_are_accessible(open_page: Any, barriers: Any, path: Path, width: int) -> None:
    page = open_page(path, viewport={"width": width, "height": 844})
    correct(page, 1).get_by_role("button", name="No quote").click()
    select(page, "A sign asked")
    expect(page.get_by_role("button", name="Missed quote")).to_be_in_viewport()
    assert barriers(page) == []


def test_corrections_are_hidden_in_print_and_without_script(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.emulate_media(media="print")
    expect(page.locator(".corrections")).to_be_hidden()
    plain = open_page(path, java_script_enabled=False)
    expect(plain.locator(".corrections")).to_be_hidden()
    expect(plain.locator(".fix").first).to_be_hidden()
