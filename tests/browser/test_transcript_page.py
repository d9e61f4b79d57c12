"""The page of a conversation in a browser: its turns, who asked what, and the turns of one speaker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quotekit import Position, Quote, Speaker, TextSpan
from quotekit.report import article_page

pytestmark = pytest.mark.browser

TURNS = [
    ("MS. FALK", None, ["Good afternoon.", "The ferry to Lisk runs again, and the minister said that it will stay."]),
    ("QUESTION", "question", ["Will the fares go up?"]),
    ("MS. FALK", "answer", ["They will not.", "Not this year."]),
    ("QUESTION", "question", ["And the pier?"]),
    ("MR. OAKES", "answer", ["Let me take that one: the pier is shut."]),
]
TEXT = "Briefing on the Ferry\n\n" + "\n\n".join(f"{who}: " + "\n\n".join(paragraphs) for who, _, paragraphs in TURNS)
SPEAKERS = {who: Speaker(id=who, name=who.title(), kind="person") for who in ("MS. FALK", "QUESTION", "MR. OAKES")}


def quotes_of_the_turns() -> list[Quote]:
    found, at = [], 0
    for place, (who, exchange, paragraphs) in enumerate(TURNS):
        parts = []
        for words in paragraphs:
            at = TEXT.index(words, at)
            parts.append(TextSpan.of(TEXT, (at, at + len(words))))
        found.append(made(f"t{place}", parts, who, kind="direct", turn=place, exchange=exchange))
    said = "that it will stay"
    start = TEXT.index(said)
    inner = made("inner", [TextSpan.of(TEXT, (start, start + len(said)))], "MINISTER", kind="indirect", parent="t0")
    return [found[0], inner, *found[1:]]


def made(id: str, parts: list[TextSpan], who: str, **fields: Any) -> Quote:
    position = Position(start=parts[0].start, end=parts[-1].end, paragraph=1, sentence=1)
    speaker = SPEAKERS.get(who, Speaker(id=who, name=who.title(), kind="person"))
    words = " ".join(part.text for part in parts)
    return Quote(id=id, act="statement", text=words, content=tuple(parts), position=position, speaker=speaker,
                 confidence=0.9, rule="layout.transcript", **fields)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("briefing") / "briefing.html"
    path.write_text(article_page(TEXT, quotes_of_the_turns()), encoding="utf-8", newline="")
    return path


def listed(page: Page, name: str) -> list[str]:
    """The entries of a speaker in the list, the question of an answer before it."""
    person = page.locator(".person", has=page.locator(".name", has_text=name))
    lines = [line for one in person.locator(".said > li").all() for line in one.inner_text().splitlines()]
    return [line for line in lines if line.removeprefix("Asked:")]


def test_speakers_are_listed_with_their_turns(open_page: Any, path: Path) -> None:
    page = open_page(path)
    numbers = {
        row.locator(".name").inner_text(): " ".join(row.locator(".number").inner_text().split())
        for row in page.locator(".person").all()
    }
    assert numbers == {"Ms. Falk": "2 turns", "Question": "2 turns", "Minister": "1 quote", "Mr. Oakes": "1 turn"}


def test_a_question_is_listed_with_its_answer(open_page: Any, path: Path) -> None:
    page = open_page(path)
    assert listed(page, "Ms. Falk")[1:] == ["Will the fares go up?", "They will not. Not this year."]
    assert listed(page, "Mr. Oakes") == ["And the pier?", "Let me take that one: the pier is shut."]
    page.get_by_role("link", name="Asked: And the pier?").click()
    expect(page.locator(".card.open h3")).to_contain_text("Question")
    page.locator("#t4").click()
    expect(page.locator(".card.open .answers")).to_have_text("Answers And the pier?")


def test_only_the_turns_of_one_speaker_are_left_with_their_questions(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.get_by_role("button", name="Mr. Oakes").click()
    left = page.locator("#qk-article > :visible").all_inner_texts()
    assert left == [
        "Briefing on the Ferry",
        "QUESTION: And the pier?",
        "MR. OAKES: Let me take that one: the pier is shut.",
    ]
    page.get_by_role("button", name="Show all").click()
    assert page.locator("#qk-article > :visible").count() == 8
    # A quote inside a turn keeps the turn.
    page.get_by_role("button", name="Minister").click()
    assert "that it will stay" in page.locator("#qk-article").inner_text()
    assert "They will not." not in page.locator("#qk-article").inner_text()


def test_turns_have_a_line_beside_them_and_inner_quotes_their_marks(open_page: Any, path: Path) -> None:
    page = open_page(path)
    lines = page.locator("mark").evaluate_all(
        "all => all.map((one) => [one.dataset.q, getComputedStyle(one).textDecorationLine])"
    )
    assert {number for number, line in lines if line == "underline"} == {"2"}
    widths = page.locator(".turn").evaluate_all("all => all.map((one) => getComputedStyle(one).borderLeftWidth)")
    assert widths == ["3px"] * 7


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_page_of_a_conversation_is_accessible(open_page: Any, barriers: Any, path: Path, width: int) -> None:
    page = open_page(path, viewport={"width": width, "height": 900})
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_html_is_valid(path: Path, html_faults: Any) -> None:
    assert html_faults(path) == []
