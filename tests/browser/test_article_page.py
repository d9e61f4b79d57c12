"""The page of an article in a real browser: it shows what it should, by mouse, by touch, by keys, on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quotekit import Position, Quote, Speaker, SpeakerMention, TextSpan
from quotekit.report import article_page, show

pytestmark = pytest.mark.browser

# The characters of the article as the page has them, and what is marked of them, without what quotekit says of it.
READ = """() => {
  let text = "", marks = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { text += node.data; return; }
    const start = [...text].length;
    if (node.dataset.char) text += String.fromCodePoint(parseInt(node.dataset.char, 16));
    else node.childNodes.forEach(walk);
    if (node.matches("mark")) marks.push([Number(node.dataset.q), start, [...text].length]);
  };
  walk(document.getElementById("qk-article"));
  return { text: [...text].map((one) => one.codePointAt(0)), marks };
}"""

TEXT = (
    "Ferry Fares Go Up\n\n"
    "“The fares will rise in May,” said Mara Ilves, the harbour mistress. “Not before.”\n\n"
    "She said the boats were “old and loved”. According to Jonas Reed, nobody will pay.\n\n"
    + "The boats ran all day, and the gulls went along with them as they always had.\n\n" * 12
    + "Reed said that he would swim.\n"
)


def span(words: str, of: str = TEXT) -> TextSpan:
    start = of.index(words)
    return TextSpan.of(of, (start, start + len(words)))


def mention(words: str, rule: str) -> SpeakerMention:
    return SpeakerMention(**span(words).model_dump(), rule=rule)


FULL = mention("Mara Ilves", "speaker.name.full")
MARA = {
    "id": "s1",
    "name": "Mara Ilves",
    "kind": "person",
    "role": "harbour mistress",
    "country": "EE",
    "gender": "female",
}
ABOUT = {"title": "Fares", "outlet": "Brill Echo", "author": "Eva Holm", "url": "https://echo.example/fares"}

WIDTHS = {390: 844, 1280: 900, 1920: 1080}
"""Widths of a phone, a laptop and a desktop with their heights, in CSS pixels."""
REED = Speaker(id="s2", name="Jonas Reed", kind="person", mentions=(mention("Jonas Reed", "speaker.name.full"),))


def quote(id: str, kind: str, *content: str, of: str = TEXT, **fields: Any) -> Quote:
    spans = tuple(span(words, of) for words in content)
    position = Position(start=spans[0].start, end=spans[-1].end, paragraph=1, sentence=1)
    given = {"act": "statement", "text": " ".join(content), "content": spans, "position": position}
    return Quote.model_validate({"id": id, "kind": kind, **given, **fields})


QUOTES = [
    quote("q1", "direct", "The fares will rise in May,", "Not before.", confidence=0.98, rule="en.direct.verb-after",
          speaker=Speaker(**MARA, mentions=(FULL,)), source=span("Mara Ilves"), cue=span("said"), verb="say"),
    quote("q2", "mixed", "the boats were “old and loved”", confidence=0.91, rule="en.clause",
          speaker=Speaker(**MARA, mentions=(mention("She", "speaker.pronoun.person"), FULL)), source=span("She"),
          verb="say"),
    quote("q3", "indirect", "nobody will pay", confidence=0.62, rule="encoder", speaker=REED,
          source=span("Jonas Reed"), cue=span("According to")),
    quote("q4", "indirect", "that he would swim", confidence=0.85, rule="en.clause", speaker=REED, verb="say",
          speaker_confidence=0.6),
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(
        tmp_path_factory.mktemp("story") / "story.html", article_page(TEXT, QUOTES, about=ABOUT, date=date(2026, 3, 4))
    )


def written(path: Path, page: str) -> Path:
    path.write_text(page, encoding="utf-8", newline="")
    return path


def shown_quotes(page: Page) -> list[str]:
    """The quotes that can be gone to in the text and in the list: they are the same."""
    inside = page.locator("#qk-article .ref:visible").evaluate_all("all => all.map((one) => one.dataset.q)")
    listed = page.locator(".said > li:visible").evaluate_all("all => all.map((one) => one.dataset.q)")
    assert sorted(inside) == sorted(listed)
    return sorted(inside)


def card(page: Page) -> Any:
    """The one card that is open."""
    found = page.locator(".card.open")
    expect(found).to_have_count(1)
    expect(found).to_be_visible()
    return found


def test_opens_from_disk_with_a_summary(open_page: Any, path: Path) -> None:
    page = open_page(path)
    assert page.title() == "Ferry Fares Go Up"
    expect(page.locator("h1")).to_have_text("Ferry Fares Go Up")
    expect(page.locator(".summary")).to_contain_text("4 quotes")
    expect(page.locator(".card:visible")).to_have_count(0)
    names = page.locator(".person .name").all_inner_texts()
    assert names == ["Mara Ilves", "Jonas Reed"]


def test_hovering_a_quote_opens_its_card(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.get_by_text("the boats were").first.hover()
    text = " ".join(card(page).text_content().split())
    for told in (
        "Mara Ilves harbour mistress Estonia person",
        "She is Mara Ilves, the last woman who spoke.",
        "91% sure",
        "mixed: some of it in quotation marks",
        "Verb say",
        "en.clause A verb and a clause",
        "speaker.pronoun.person",
        "speaker.name.full",
        "quote q2",
    ):
        assert told in text
    # The card may be walked into, and goes when it is left.
    card(page).hover()
    page.wait_for_timeout(400)
    card(page)
    page.mouse.move(5, 5)
    expect(page.locator(".card.open")).to_have_count(0)


def test_parts_and_source_of_a_quote_are_highlighted_together(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.locator("mark[data-q='1'][data-part='1']").hover()
    # The name is the source and a mention at once.
    assert page.locator("#qk-article .on").all_text_contents() == [
        "The fares will rise in May,",
        "said",
        "Mara Ilves",
        "Mara Ilves",
        "Not before.",
    ]


def test_source_opens_its_quote(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.locator(".source", has_text="She").hover()
    expect(card(page)).to_have_attribute("data-q", "2")


def test_click_keeps_the_card_until_escape(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.locator("#q1").click()
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    expect(card(page)).to_have_attribute("data-q", "1")
    assert page.url.endswith("#q1")
    page.keyboard.press("Escape")
    expect(page.locator(".card.open")).to_have_count(0)


def box_of(found: Any) -> dict[str, float]:
    """The box of an element on the screen: its left, top, right and bottom edge."""
    box = found.bounding_box()
    assert box is not None
    return {"left": box["x"], "top": box["y"], "right": box["x"] + box["width"], "bottom": box["y"] + box["height"]}


def on_a_phone(open_page: Any, path: Path, fragment: str = "") -> Page:
    return open_page(path, fragment, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})


def test_on_a_phone_nothing_covers_the_filters(open_page: Any, path: Path) -> None:
    assert not on_a_phone(open_page, path).locator(".hint").is_visible()


@pytest.mark.parametrize("number", range(1, 5))
def test_on_a_phone_the_quote_is_above_its_card(open_page: Any, path: Path, number: int) -> None:
    page = on_a_phone(open_page, path)
    last = page.locator(f"mark[data-q='{number}']").last
    # At the bottom of the screen, where the card will be.
    last.evaluate("one => scrollTo(0, one.getBoundingClientRect().bottom + scrollY - innerHeight + 4)")
    last.tap()
    sheet = box_of(card(page))
    assert (sheet["left"], sheet["right"], sheet["bottom"]) == (0, 390, 844)
    assert sheet["top"] >= 844 / 2
    for mark in page.locator(f"mark[data-q='{number}']").all():
        assert box_of(mark)["top"] >= 0
        assert box_of(mark)["bottom"] <= sheet["top"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_a_button_closes_the_card(open_page: Any, path: Path) -> None:
    page = on_a_phone(open_page, path)
    page.locator("#q2").tap()
    button = card(page).get_by_role("button", name="Close")
    edges = box_of(button)
    assert edges["right"] - edges["left"] >= 44
    assert edges["bottom"] - edges["top"] >= 44
    button.tap()
    expect(page.locator(".card.open")).to_have_count(0)
    page.locator("#q2").tap()
    page.get_by_text("The boats ran all day").first.tap()
    expect(page.locator(".card.open")).to_have_count(0)


@pytest.mark.parametrize("width", [1100, 1280, 1920])
@pytest.mark.parametrize("number", range(1, 5))
def test_on_a_desktop_the_card_is_in_the_panel(open_page: Any, path: Path, width: int, number: int) -> None:
    page = open_page(path, f"#qk-card-{number}", viewport={"width": width, "height": 520})
    for way in ("address", "hover", "keys"):
        if way == "hover":
            page.keyboard.press("Escape")
            page.locator(f"mark[data-q='{number}']").first.hover()
        elif way == "keys":
            page.keyboard.press("Escape")
            page.evaluate("document.activeElement.blur()")
            page.locator(f"#qk-ref-{number}").focus()
        card(page).get_by_text("Details").click()
        found, panel = box_of(card(page)), box_of(page.locator(".panel"))
        assert panel["left"] <= found["left"] + 1
        assert panel["bottom"] <= found["top"]
        assert found["right"] <= panel["right"] + 1
        assert found["top"] >= 0
        assert found["bottom"] <= 520
        for mark in page.locator("#qk-article mark").all():
            assert box_of(mark)["right"] <= found["left"]
        card(page).get_by_text("Details").click()
        page.mouse.move(5, 5)


@pytest.mark.parametrize("width", WIDTHS)
def test_head_says_where_the_article_is_from(open_page: Any, path: Path, width: int) -> None:
    page = open_page(path, viewport={"width": width, "height": WIDTHS[width]})
    head = page.locator("header")
    for words in ("Brill Echo", "Eva Holm", "4 March 2026"):
        expect(head.get_by_text(words)).to_be_in_viewport()
    expect(head.get_by_role("link", name="Original article")).to_have_attribute("href", ABOUT["url"])
    expect(page.get_by_text("Ferry Fares Go Up")).to_have_count(1)
    expect(page.get_by_text("Ferry Fares Go Up")).to_be_in_viewport()
    expect(page.locator("h1")).to_have_count(1)


def test_title_of_an_article_without_a_headline_is_shown_once(open_page: Any, tmp_path: Path) -> None:
    page = open_page(written(tmp_path / "one.html", article_page("It rained.", [], about=ABOUT)))
    assert page.title() == "Fares"
    expect(page.get_by_text("Fares")).to_have_count(1)
    expect(page.locator("h1")).to_have_text("Fares")


def test_uncertain_quotes_are_faded(open_page: Any, path: Path) -> None:
    page = open_page(path)
    looks = page.locator("mark").evaluate_all(
        """all => all.map((one) => {
            const style = getComputedStyle(one);
            return [one.dataset.q, style.textDecorationThickness, style.textDecorationColor];
        })"""
    )
    faded = {number for number, thickness, _ in looks if thickness == "1px"}
    assert faded == {"3"}
    colours = {number: colour for number, _, colour in looks}
    assert colours["3"] != colours["4"]
    expect(page.locator(".legend")).to_contain_text("Faded quotes are less than 70% sure.")
    # The words themselves stay as dark as the rest of the text.
    inks = page.locator("mark").evaluate_all("all => all.map((one) => getComputedStyle(one).color)")
    assert len(set(inks)) == 1


def test_guessed_speakers_have_a_question_mark(open_page: Any, path: Path) -> None:
    page = open_page(path)
    letters = page.locator(".ref").evaluate_all("""all => all.map((one) => getComputedStyle(one, "::after").content)""")
    assert letters == ['"A"', '"A"', '"B"', '"B?"']
    page.locator("#q4").click()
    expect(card(page).locator("h3")).to_have_text("B Jonas Reed?")
    expect(card(page).locator(".sure")).to_contain_text("the speaker 60%")


def test_letters_are_outside_closing_marks(open_page: Any, path: Path) -> None:
    page = open_page(path)
    before = page.locator(".ref").evaluate_all(
        """all => all.map((one) => {
            const range = document.createRange();
            range.setStart(document.getElementById("qk-article"), 0);
            range.setEndBefore(one);
            return range.toString().slice(-8);
        })"""
    )
    assert before == [" before.”"[-8:], "d loved”"[-8:], "will pay", "uld swim"]


def test_card_leads_with_the_reason_and_folds_the_rules(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.locator("#q2").click()
    lines = card(page).inner_text()
    assert "She is Mara Ilves, the last woman who spoke." in lines
    assert lines.index("the last woman who spoke") < lines.index("91% sure") < lines.index("Details")
    for id in ("en.clause", "speaker.pronoun.person"):
        assert id not in lines
        expect(card(page).get_by_text(id)).to_be_hidden()
    card(page).get_by_text("Details").click()
    for id in ("en.clause", "speaker.pronoun.person"):
        expect(card(page).get_by_text(id)).to_be_visible()


def test_filters(open_page: Any, path: Path) -> None:
    page = open_page(path)
    assert shown_quotes(page) == ["1", "2", "3", "4"]
    reset = page.get_by_role("button", name="Show all")
    expect(reset).to_be_hidden()

    page.get_by_role("button", name="indirect").click()
    assert shown_quotes(page) == ["3", "4"]
    expect(page.get_by_role("status").first).to_have_text("2 of 4 quotes")
    page.get_by_role("button", name="mixed").click()
    assert shown_quotes(page) == ["2", "3", "4"]
    page.get_by_role("button", name="Jonas Reed").click()
    assert shown_quotes(page) == ["3", "4"]
    page.locator("#qk-least").fill("80")
    assert shown_quotes(page) == ["4"]
    expect(page.locator("#qk-least-shown")).to_have_text("80%")
    expect(page.get_by_role("status").first).to_have_text("1 of 4 quotes")

    # What is left out has neither marks nor a card, and its words light up no more.
    assert page.locator("#q1").evaluate("one => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"
    page.locator("#q1").hover()
    page.wait_for_timeout(100)
    expect(page.locator(".card.open")).to_have_count(0)
    reset.click()
    assert shown_quotes(page) == ["1", "2", "3", "4"]
    expect(page.get_by_role("status").first).to_have_text("4 quotes")


def test_confidence_filter_is_inclusive(open_page: Any, path: Path) -> None:
    page = open_page(path)
    for percent, left in ((62, ["1", "2", "3", "4"]), (63, ["1", "2", "4"]), (98, ["1"]), (99, [])):
        page.locator("#qk-least").fill(str(percent))
        assert shown_quotes(page) == left


def test_list_links_to_the_quote_and_back(open_page: Any, path: Path) -> None:
    page = open_page(path, viewport={"width": 1100, "height": 500})
    expect(page.locator("#q4")).not_to_be_in_viewport()
    page.get_by_role("link", name="that he would swim").click()
    expect(page.locator("#q4")).to_be_in_viewport()
    expect(card(page)).to_have_attribute("data-q", "4")
    assert page.url.endswith("#q4")
    page.get_by_role("link", name="All quotes of Jonas Reed").click()
    expect(page.locator("#qk-speaker-B")).to_be_focused()


@pytest.mark.parametrize("fragment", ["#q4", "#qk-card-4"])
def test_address_opens_a_quote(open_page: Any, path: Path, fragment: str) -> None:
    page = open_page(path, fragment, viewport={"width": 1100, "height": 500})
    expect(card(page)).to_have_attribute("data-q", "4")
    if fragment == "#q4":
        expect(page.locator("#q4")).to_be_in_viewport()
        page.evaluate("location.hash = 'q1'")
        expect(page.locator(".card.open[data-q='1']")).to_be_visible()


def test_address_opens_a_filtered_quote(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.get_by_role("button", name="Jonas Reed").click()
    page.evaluate("location.hash = 'q1'")
    expect(card(page)).to_have_attribute("data-q", "1")
    assert shown_quotes(page) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("fragment", ["#", "#nothing", "#%", "#qk-panel"])
def test_unknown_address_opens_the_page(open_page: Any, path: Path, fragment: str) -> None:
    expect(open_page(path, fragment).locator(".card.open")).to_have_count(0)


def test_everything_works_by_keyboard(open_page: Any, path: Path) -> None:
    page = open_page(path)
    press = page.keyboard.press
    press("Tab")
    expect(page.get_by_role("link", name="Speakers and filters")).to_be_focused()
    press("Tab")
    expect(page.get_by_role("link", name="Original article")).to_be_focused()
    press("Tab")
    expect(page.locator("#qk-ref-1")).to_be_focused()
    expect(card(page)).to_have_attribute("data-q", "1")
    press("Tab")
    expect(card(page)).to_have_attribute("data-q", "2")
    press("ArrowRight")
    expect(card(page)).to_have_attribute("data-q", "3")
    press("ArrowLeft")
    press("k")
    expect(card(page)).to_have_attribute("data-q", "1")
    press("k")
    expect(card(page)).to_have_attribute("data-q", "1")
    press("j")
    expect(page.locator("#qk-ref-2")).to_be_focused()

    # Into the card, and out of it.
    press("Enter")
    expect(card(page)).to_be_focused()
    press("Tab")
    expect(card(page).get_by_role("button", name="Close")).to_be_focused()
    press("Tab")
    expect(card(page).get_by_text("Details")).to_be_focused()
    press("Enter")
    press("Tab")
    expect(card(page).get_by_role("link", name="She")).to_be_focused()
    press("Escape")
    expect(page.locator(".card.open")).to_have_count(0)
    expect(page.locator("#qk-ref-2")).to_be_focused()


def test_keys_skip_filtered_quotes(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.get_by_role("button", name="Jonas Reed").press("Enter")
    for number in ("3", "4", "4"):
        page.keyboard.press("j")
        expect(card(page)).to_have_attribute("data-q", number)


def test_letter_keys_can_be_disabled(open_page: Any, path: Path) -> None:
    page = open_page(path)
    page.get_by_role("checkbox").press("Space")
    page.keyboard.press("j")
    expect(page.locator(".card.open")).to_have_count(0)


def test_screen_readers_get_the_speaker(open_page: Any, path: Path) -> None:
    page = open_page(path)
    ref = page.locator("#qk-ref-2")
    expect(ref).to_have_accessible_name("Quote 2, Mara Ilves")
    described = page.evaluate("id => document.getElementById(id).textContent", ref.get_attribute("aria-describedby"))
    assert " ".join(described.split()) == "She is Mara Ilves, the last woman who spoke. 91% sure"
    expect(page.locator("#qk-ref-4")).to_have_accessible_name("Quote 4, Jonas Reed, a guess")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_page_is_accessible(
    open_page: Any, path: Path, barriers: Callable[[Page], list[str]], scheme: str, width: int
) -> None:
    page = open_page(path, color_scheme=scheme, viewport={"width": width, "height": 900})
    assert barriers(page) == []
    page.locator("#q1").click()
    page.get_by_role("button", name="mixed").click()
    page.get_by_role("button", name="direct", exact=False).first.click()
    page.locator("#q1").click()
    card(page).get_by_text("Details").click()
    assert barriers(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_layout_does_not_shift(open_page: Any, path: Path, width: int) -> None:
    page = open_page(path, viewport={"width": width, "height": 900})
    page.locator("#q2").hover()
    card(page)
    moved = page.evaluate("""() => new Promise((done) => {
        let sum = 0;
        const add = (one) => { sum += one.hadRecentInput ? 0 : one.value; };
        const observer = new PerformanceObserver((list) => list.getEntries().forEach(add));
        observer.observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(sum), 200);
    })""")
    assert moved == 0


def test_page_is_readable_without_script(open_page: Any, path: Path) -> None:
    page = open_page(path, java_script_enabled=False)
    expect(page.locator(".card")).to_have_count(4)
    for i in range(4):
        expect(page.locator(".card").nth(i)).to_be_visible()
    expect(page.locator(".filters")).to_be_hidden()
    page.locator("#qk-ref-4").click()
    assert page.url.endswith("#qk-card-4")


def test_printed_page_has_article_and_speakers(
    open_page: Any, path: Path, barriers: Callable[[Page], list[str]]
) -> None:
    page = open_page(path, color_scheme="dark")
    page.get_by_role("button", name="mixed").click()
    page.locator("#q2").click()
    page.emulate_media(media="print", color_scheme="dark")
    assert shown_quotes(page) == ["1", "2", "3", "4"]
    expect(page.locator(".card:visible")).to_have_count(0)
    expect(page.locator(".filters")).to_be_hidden()
    lines = page.locator("mark").evaluate_all(
        "all => all.map((one) => [one.dataset.kind, getComputedStyle(one).textDecorationStyle])"
    )
    assert {tuple(one) for one in lines} == {("direct", "solid"), ("mixed", "dashed"), ("indirect", "dotted")}
    article, panel = page.locator("#qk-article").bounding_box(), page.locator(".panel").bounding_box()
    assert article is not None
    assert panel is not None
    assert panel["y"] >= article["y"] + article["height"]
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 29, 33)"
    assert barriers(page) == []


def test_printed_page_names_the_letters_first(open_page: Any, path: Path) -> None:
    page = open_page(path)
    expect(page.locator(".key")).to_be_hidden()
    page.emulate_media(media="print")
    assert page.locator(".key li").all_inner_texts() == ["A Mara Ilves, harbour mistress", "B Jonas Reed"]
    assert box_of(page.locator(".key"))["bottom"] <= box_of(page.locator("#qk-article"))["top"]


HOSTILE = (
    '\ufeff“<script>alert(1)</script>” said "><img src=x onerror=alert(1)>.\r\n\r\n'
    "Lone\rCR, \x00, BEL \x07, \ud800 half, \u202eturned\u202c, \u2066apart, zero\u200b\u200d\ufeffwidth, \ufffe\r\n"
    "\U0001f469\u200d\U0001f680 &amp; &lt;b&gt; \u2028\u2029\x85 {{ 1 + 1 }}\n\n\n</article></body>"
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    at = HOSTILE.index("<script>")
    words = TextSpan.of(HOSTILE, (at, at + 25))
    name = '"><img src=x onerror=alert(1)>\u202e\x00.txt'
    speaker = Speaker(id=name, name=name, role=name, mentions=(SpeakerMention(**words.model_dump(), rule=name),))
    quote = Quote(id=name, kind="direct", act="statement", text=words.text, content=(words,), speaker=speaker,
                    position=Position(start=words.start, end=words.end, paragraph=0, sentence=0), confidence=1,
                    rule=name)  # fmt: skip
    return written(tmp_path / "hostile.html", article_page(HOSTILE, [quote], title=name))


def test_hostile_article_is_shown_as_text(open_page: Any, hostile: Path) -> None:
    page = open_page(hostile)
    page.on("dialog", lambda dialog: pytest.fail(f"it ran: {dialog.message}"))
    read = page.evaluate(READ)
    assert read["text"] == [ord(character) for character in HOSTILE]
    start = HOSTILE.index("<script>")
    assert read["marks"] == [[1, start, start + 25]]
    page.locator("mark").hover()
    card(page)
    assert page.locator("img").count() == 0


def test_policy_blocks_injected_code(browser: Any, path: Path, tmp_path: Path) -> None:
    harm = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\"></main>"
    worse = written(tmp_path / "worse.html", path.read_text(encoding="utf-8").replace("</main>", harm))
    page = browser.new_page()
    stopped: list[str] = []
    page.on("console", lambda message: stopped.append(message.text))
    page.goto(worse.as_uri())
    page.wait_for_timeout(100)
    assert page.title() != "ran"
    # The script, the image, and what the image would have run.
    assert sum("Content Security Policy" in text for text in stopped) == 3
    page.close()


LOOKS = """(all) => all.map((one) => {
    const mark = getComputedStyle(one);
    const badge = getComputedStyle(document.getElementById("qk-ref-" + one.dataset.q), "::after");
    return [mark.backgroundColor, mark.textDecorationColor, badge.backgroundColor].join();
})"""


def test_six_speakers_have_colours_and_the_rest_is_grey(
    open_page: Any, barriers: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    names = [f"Speaker {chr(97 + i)}" for i in range(9)]
    text = "\n\n".join(f"“It rained,” said {name}. “And {i}?”" for i, name in enumerate(names))
    quotes = [
        quote(f"q{i}", "direct", f"And {i}?", of=text, confidence=1, rule="x", source=span(name, text),
              speaker=Speaker(id=name, name=name))
        for i, name in enumerate(names)
    ]  # fmt: skip
    page = open_page(written(tmp_path / "many.html", article_page(text, quotes)))
    found = page.locator("mark").evaluate_all(LOOKS)
    assert len(set(found[:6])) == 6
    assert len(set(found[6:])) == 1
    assert found[6] not in found[:6]
    # Pointing at one of the rest names its speaker.
    for number in (7, 8, 9):
        name = names[number - 1]
        expect(page.locator(f"#qk-ref-{number}")).to_have_attribute("title", name)
        page.locator(f"mark[data-q='{number}']").hover()
        expect(card(page).locator("h3")).to_contain_text(name)
    assert page.locator(".ref").evaluate_all("all => all.map((one) => one.dataset.badge).join('')") == "ABCDEFGHI"
    expect(page.locator(".legend")).to_contain_text("Speakers in grey are named")
    assert barriers(page) == []


def test_html_is_valid(path: Path, hostile: Path, html_faults: Callable[..., list[str]]) -> None:
    empty = written(path.with_name("empty.html"), article_page("", []))
    assert html_faults(path, empty, hostile) == []


def test_page_in_a_notebook_frame(open_page: Any, tmp_path: Path) -> None:
    framed = show(TEXT, QUOTES)._repr_html_()
    outside = f"<!doctype html><html lang=en><title>notebook</title><body>{framed}{QUOTES[0]._repr_html_()}</body>"
    page = open_page(written(tmp_path / "notebook.html", outside))
    frame = page.frame_locator("iframe")
    frame.locator("#q2").hover()
    expect(frame.locator(".card.open")).to_contain_text("Mara Ilves")
    frame.get_by_role("link", name="that he would swim").click()
    expect(frame.locator(".card.open")).to_contain_text("Jonas Reed")
    expect(page.locator("body > div")).to_contain_text(
        "Mara Ilves, harbour mistress (Estonia) · direct · say · 98% sure"
    )


@pytest.mark.model
def test_right_characters_are_marked_in_every_sample(
    open_page: Any,
    html_faults: Callable[..., list[str]],
    samples: Mapping[str, tuple[str, list[Quote]]],
    tmp_path: Path,
) -> None:
    paths = {name: tmp_path / f"{name}.html" for name in samples}
    for name, (text, quotes) in samples.items():
        written(paths[name], article_page(text, quotes, title=name))
    page = open_page(next(iter(paths.values())), within=tmp_path)
    for name, (text, quotes) in samples.items():
        page.goto(paths[name].as_uri())
        read = page.evaluate(READ)
        assert read["text"] == [ord(character) for character in text]
        found: dict[int, set[int]] = {}
        for number, start, end in read["marks"]:
            found.setdefault(number, set()).update(range(start, end))
        for number, one in enumerate(quotes, 1):
            wanted = {at for part in one.content for at in range(part.start, part.end)}
            assert {at for at in wanted if not text[at].isspace()} <= found[number] <= wanted, name
        assert len(found) == len(quotes)
    assert html_faults(*paths.values()) == []


def test_six_questions_take_at_most_two_actions(open_page: Any, path: Path) -> None:
    # As docs/reports.md has them.
    page = open_page(path, viewport={"width": 1100, "height": 700})
    first = page.locator(".person").first
    expect(first).to_be_in_viewport()
    assert " ".join(first.locator("h3").inner_text().split()) == "A Mara Ilves 2 quotes"
    expect(first.locator(".said")).to_contain_text("the boats were “old and loved”")

    page.locator("#q2").hover()
    for told in ("Mara Ilves", "harbour mistress", "the last woman who spoke", "91%"):
        expect(card(page)).to_contain_text(told)
    page.locator("#q2").click()
    card(page).get_by_text("Details").click()
    for told in ("en.clause", "A verb and a clause"):
        expect(card(page)).to_contain_text(told)

    page.get_by_role("link", name="that he would swim").click()
    expect(page.locator("#q4")).to_be_in_viewport()
    start = TEXT.index("that he would swim")
    expect(card(page)).to_contain_text(f"paragraph 2, characters {start} to {start + 18}")

    page.get_by_role("button", name="Mara Ilves").click()
    assert shown_quotes(page) == ["1", "2"]
