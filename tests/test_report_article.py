"""The page of an article, without a browser: what is where, what can never run, and which colours it has."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quotekit
from quotekit import Position, Quote, QuotekitError, Rule, RuleSet, Speaker, SpeakerMention, TextSpan
from quotekit.report import ReportError, article_page, show
from quotekit.report.article import reasons_by_rule
from quotekit.report.colours import Scheme, palette
from quotekit.report.people import letters, people_of
from quotekit.report.reasons import OWN_WORDS, Reason
from quotekit.report.templates import asset

ROOT = Path(__file__).parents[1]
STORIES = sorted(path.stem for path in (ROOT / "data" / "stories").glob("*.txt"))

VOID = {"meta", "input", "br", "hr", "img", "link", "option"}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "main", "section", "aside"),
    *("div", "p", "h1", "h2", "h3", "ol", "li", "dl", "dt", "dd", "mark", "span", "a", "bdi", "q", "code", "kbd"),
    *("svg", "rect", "form", "fieldset", "legend", "button", "label", "input", "output"),
    *("details", "summary", "time", "datalist", "option"),
}


class Reader(HTMLParser):
    """Reads a page as a browser does: the article's text, what is marked in it, all elements, ids and links."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marks: list[tuple[str, int, int]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.contents: dict[str, str] = {"style": "", "script": "", "title": ""}
        self.policy = ""
        self._open: list[tuple[str, dict[str, str | None], int]] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.tags.add(tag)
        self.attributes |= set(named)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.links += [named["href"] or ""] if "href" in named else []
        if named.get("http-equiv"):
            self.policy = named["content"] or ""
        if tag not in VOID:
            self._open.append((tag, named, len(self.text)))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        opened, named, start = self._open.pop()
        assert opened == tag
        if tag == "mark":
            self.marks.append((named["data-q"] or "", start, len(self.text)))
        elif "data-char" in named and self._in_article():
            self.text = self.text[:start] + chr(int(named["data-char"] or "", 16))

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] in self.contents:
            self.contents[self._open[-1][0]] += data
        if self._in_article():
            self.text += data

    def _in_article(self) -> bool:
        return any(named.get("id") == "qk-article" for _, named, _ in self._open)


def quote_of(text: str, *content: tuple[int, int], **fields: object) -> Quote:
    given = {
        "id": "q1",
        "kind": "direct",
        "act": "statement",
        "text": " ".join(text[start:end] for start, end in content),
        "content": tuple(TextSpan.of(text, span) for span in content),
        "position": Position(start=content[0][0], end=content[-1][1], paragraph=0, sentence=0),
        "confidence": 0.9,
        "rule": "en.clause",
    }
    return Quote.model_validate(given | fields)


def mention_of(text: str, words: str, rule: str) -> SpeakerMention:
    start = text.index(words)
    return SpeakerMention(start=start, end=start + len(words), text=words, rule=rule)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; alert(1); //",
    "</title></style></script><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u2066",
    "]]>-->&lt;&#0;",
    "\x00\x07\x1b[2J\x85\ufffe\ud800\r\r\n",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_escaped_everywhere(words: str) -> None:
    text = f"“{words}” he said.\n\n{words}\n"
    end = 1 + len(words)
    mention = SpeakerMention(start=1, end=end, text=words, rule=words)
    speaker = Speaker(
        id=words, name=words, kind="person", role=words, country=words, mentions=(mention,), known_id=words
    )
    quote = quote_of(text, (1, end), id=words, speaker=speaker, verb=words, rule=words, parent=words,
                     source=TextSpan.of(text, (1, end)), cue=TextSpan.of(text, (1, end)))  # fmt: skip
    about = dict.fromkeys(("title", "outlet", "author", "url"), words)
    page = article_page(text, [quote], title=words, about=about)
    page.encode("utf-8")
    reader = Reader(page)
    assert reader.text == text
    assert reader.tags <= ALLOWED
    assert not {name for name in reader.attributes if name.startswith("on") or name in ("src", "style", "srcdoc")}
    assert all(re.fullmatch(r"#[A-Za-z][\w.-]*", link) for link in reader.links)
    assert "49" not in reader.contents["title"]
    for snippet in (quote._repr_html_(), show(text, [quote], title=words)._repr_html_()):
        inside = Reader(snippet)
        assert inside.tags <= {"div", "bdi", "strong", "code", "iframe", "span"}
        assert not {name for name in inside.attributes if name.startswith("on") or name == "src"}


ANY_TEXT = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\r\n\n\x00\ud800\u202e\u200b\ufeff<>&\"'"), max_size=60
)


@settings(max_examples=60)
@given(st.data())
def test_page_shows_the_text_unchanged(data: st.DataObject) -> None:
    text = data.draw(ANY_TEXT)
    quotes = []
    for _ in range(data.draw(st.integers(0, 4)) if text else 0):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        quotes.append(quote_of(text, (start, end), source=TextSpan.of(text, (start, min(end, start + 3)))))
    reader = Reader(article_page(text, quotes))
    assert reader.text == text
    assert reader.tags <= ALLOWED
    for number, quote in enumerate(quotes, 1):
        marked = {at for q, start, end in reader.marks if q == str(number) for at in range(start, end)}
        assert marked <= set(range(quote.position.start, quote.position.end))
        # Between paragraphs nothing is marked: there is nothing to be seen.
        assert all(not text[at].isalnum() for at in {*range(quote.position.start, quote.position.end)} - marked)


def test_ids_are_unique_and_links_have_targets() -> None:
    text = "One two three four five six."
    quotes = [
        quote_of(text, (0, 7), id="q1"),
        quote_of(text, (4, 13), id="q1"),
        quote_of(text, (8, 18), id="qk-panel"),
        quote_of(text, (8, 18), id="my quote", parent="q1"),
        quote_of(text, (19, 27), id="q9", speaker=Speaker(id="s1", name="Ann Lee")),
    ]
    reader = Reader(article_page(text, quotes))
    assert len(set(reader.ids)) == len(reader.ids)
    assert {link[1:] for link in reader.links} <= set(reader.ids)
    assert {"q1", "q9"} <= set(reader.ids)


def test_policy_allows_only_the_page_itself() -> None:
    reader = Reader(article_page("It rained.", []))
    hashes = {
        name: base64.b64encode(hashlib.sha256(reader.contents[name].encode()).digest()).decode()
        for name in ("style", "script")
    }
    assert reader.policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"https?:|url\(|@import", reader.contents["style"] + reader.contents["script"])


@pytest.mark.parametrize("text", ["", " \n", "…", "\x00", "word"])
def test_page_without_quotes(text: str) -> None:
    reader = Reader(article_page(text, []))
    assert reader.text == text
    assert reader.contents["title"]
    assert reader.ids.count("qk-article") == 1


def test_headline_is_the_default_title() -> None:
    text = "Ferry Fares Go Up\n\nThe fares of the ferry will go up in May, the town council decided on Monday night.\n"
    assert Reader(article_page(text, [])).contents["title"] == "Ferry Fares Go Up"
    page = article_page(text, [], title="story.txt", about={"title": "Fares"})
    assert Reader(page).contents["title"] == "story.txt"
    assert page.count("<h1") == 1
    assert page.count("story.txt") == 1
    assert "Fares<" not in page


@pytest.mark.parametrize("title", [None, "Fares"])
def test_a_title_is_shown_once(title: str | None) -> None:
    lead = "The fares of the ferry will go up in May."
    page = article_page(f"{lead}\n\nNobody will pay.", [], title=title, about={"title": lead})
    assert page.partition("<body>")[2].count(lead) == 1
    assert page.count("<h1") == 1


def test_head_has_outlet_author_date_and_link() -> None:
    about = {"title": "Fares", "outlet": "Brill Echo", "author": "Eva Holm", "url": "https://echo.example/1?a=b&c=d"}
    page = article_page("It rained.", [], about=about, date=date(2026, 3, 4))
    head = page.partition("<body>")[2].partition("<main")[0]
    for words in ("<bdi>Fares</bdi></h1>", "Brill Echo", "Eva Holm", '<time datetime="2026-03-04">4 March 2026</time>'):
        assert words in head
    assert Reader(page).links == ["#qk-panel", "https://echo.example/1?a=b&c=d"]
    for url in ("javascript:alert(1)", "data:text/html,x", "//echo.example", "https://echo.example/\u202e"):
        assert Reader(article_page("It rained.", [], about={"url": url})).links == ["#qk-panel"]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("“It rained,” said Ann Lee.", "It rained,", "“It rained,”A said Ann Lee."),
        ("“She said, ‘It rained.’”", "It rained.", "“She said, ‘It rained.’”A"),
        ("Ann Lee said it rained.", "it rained", "Ann Lee said it rainedA."),
        ("„Es regnet“, sagt Ann Lee.", "Es regnet", "„Es regnet“A, sagt Ann Lee."),
        ("“It rained, said Ann Lee.", "It rained,", "“It rained,A said Ann Lee."),
    ],
)
def test_letter_is_outside_the_closing_mark(text: str, words: str, shown: str) -> None:
    start = text.index(words)
    page = article_page(text, [quote_of(text, (start, start + len(words)), speaker=Speaker(id="s1", name="Ann Lee"))])
    article = page.partition('id="qk-article"')[2].partition(">")[2].partition("</div>")[0]
    article = re.sub(r"<a [^>]*data-badge=\"(\w)\"[^>]*>", r"\1", article)
    assert re.sub("<[^>]+>", "", article) == shown


def test_every_rule_about_speakers_has_a_reason_in_words() -> None:
    ids = {id for id in reasons_by_rule(None) if id.startswith("speaker.")} - {OWN_WORDS}
    assert set(json.loads(asset("reasons.json"))["reasons"]) == ids


def test_reason_names_the_speaker_and_says_why() -> None:
    text = "“No,” said Pavel Drozd. “Never,” he said."
    full = mention_of(text, "Pavel Drozd", "speaker.name.full")
    he = mention_of(text, "he", "speaker.pronoun.person")
    pavel = Speaker(id="s1", name="Pavel Drozd", kind="person", gender="male", mentions=(he, full))
    first = quote_of(
        text, (1, 4), source=TextSpan.of(text, (11, 22)), speaker=pavel.model_copy(update={"mentions": (full,)})
    )
    second = quote_of(
        text, (25, 31), id="q2", source=TextSpan.of(text, (33, 35)), speaker=pavel, speaker_confidence=0.69
    )
    (person,) = people_of([first, second], {}, 6)
    assert [one.reason for one in person.quotes] == [
        Reason("Pavel Drozd", "", "is named here"),
        Reason("he", "is probably", "the last man who spoke"),
    ]
    page = article_page(text, [first, second])
    assert 'data-badge="A?"' in page
    (alone,) = people_of([second], {}, 6)
    assert alone.quotes[0].reason.rest == "the last man who was named"


def test_quotes_of_another_text_are_refused() -> None:
    quote = quote_of("It works.", (0, 8))
    with pytest.raises(ReportError, match=r"quote 'q1'.*characters 0 to 8 should be 'It works' and are 'It faile'"):
        article_page("It failed.", [quote])
    assert issubclass(ReportError, QuotekitError)


def test_reasons_of_custom_rules_are_shown() -> None:
    rule = Rule(
        id="mine.sigh",
        kind="indirect",
        why="People sigh what they say.",
        frame="clause",
        pattern=RuleSet.default()["en.clause"].pattern,
        matches=RuleSet.default()["en.clause"].matches,
        rejects=RuleSet.default()["en.clause"].rejects,
    )
    quote = quote_of("It works.", (0, 8), rule="mine.sigh")
    assert "People sigh" not in article_page("It works.", [quote])
    assert "People sigh" in article_page("It works.", [quote], rules=RuleSet([rule]))


def test_most_quoted_speaker_comes_first_and_missing_speakers_last() -> None:
    text = "one two three four"
    ann, bo = Speaker(id="s1", name="Ann Lee"), Speaker(id="s2", name="Bo Stone")
    speakers = [None, None, None, ann, bo, bo]
    quotes = [quote_of(text, (0, 3), id=f"q{i}", speaker=who) for i, who in enumerate(speakers)]
    people = people_of(quotes, {}, 1)
    assert [(p.speaker and p.speaker.name, p.badge, p.tone, len(p.quotes)) for p in people] == [
        ("Bo Stone", "A", "c0", 2),
        ("Ann Lee", "B", "rest", 1),
        (None, "?", "nobody", 3),
    ]
    assert len({letters(place) for place in range(2000)}) == 2000


def test_there_are_six_colours() -> None:
    assert len({colour["light"]["fill"] for colour in palette()["speakers"]}) == 6


# Machado, Oliveira and Fernandes (2009): what people without one of the three cones see, in linear RGB.
SEEN = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def linear(colour: str) -> list[float]:
    """The red, green and blue of ``#rrggbb``, in linear light."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(a: str, b: str) -> float:
    """The contrast of two colours by WCAG 2, 1 to 21."""
    weights = (0.2126, 0.7152, 0.0722)
    low, high = sorted(sum(map(float.__mul__, weights, linear(colour))) for colour in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    seen = (sum(a * b for a, b in zip(row, linear(colour), strict=True)) for row in SEEN[sight])
    red, green, blue = (min(1.0, max(0.0, part)) for part in seen)

    def f(t: float) -> float:
        return t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116

    x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("sight", SEEN)
def test_colours_of_speakers_are_distinct_for_all_colour_vision(sight: str) -> None:
    seen = {colour["light"]["fill"]: lab(colour["light"]["fill"], sight) for colour in palette()["speakers"]}
    for one, other in combinations(seen, 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        # A difference of about 2.3 is just noticeable.
        assert distance > 15, (one, other)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", [*palette()["speakers"], palette()["nobody"]], ids=lambda one: one["light"]["fill"])
def test_colours_are_readable(colour: dict[str, dict[str, str]], scheme: Scheme) -> None:
    page = asset("shared.css").partition("prefers-color-scheme: dark")[2 * (scheme == "dark")]
    paper, ink = (re.findall(rf"--{name}: (#[0-9a-f]{{6}})", page)[0] for name in ("paper", "ink"))
    shades = colour[scheme]
    assert contrast(shades["on"], shades["fill"]) >= 4.5
    assert contrast(ink, shades["wash"]) >= 7
    for ground in (paper, shades["wash"]):
        assert contrast(shades["text"], ground) >= 4.5
        assert contrast(shades["line"], ground) >= 3


@pytest.mark.model
@pytest.mark.parametrize("name", STORIES)
def test_page_marks_the_quotes_of_extract(name: str, samples: Mapping[str, tuple[str, list[Quote]]]) -> None:
    check_page(*samples[name])


@pytest.mark.model
def test_page_of_the_seed_articles(shared: Path) -> None:
    for path in sorted((shared / "seed").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        check_page(text, quotekit.extract(text))


def check_page(text: str, quotes: list[Quote]) -> None:
    reader = Reader(article_page(text, quotes))
    assert reader.text == text
    marked: dict[str, set[int]] = {}
    for number, start, end in reader.marks:
        marked.setdefault(number, set()).update(range(start, end))
    for number, quote in enumerate(quotes, 1):
        wanted = {at for part in quote.content for at in range(part.start, part.end)}
        assert {at for at in wanted if not text[at].isspace()} <= marked[str(number)] <= wanted
    assert len(marked) == len(quotes)


@pytest.mark.model
def test_page_of_a_thousand_words_is_under_300_kilobytes(samples: Mapping[str, tuple[str, list[Quote]]]) -> None:
    text = "\n\n".join(samples[name][0] for name in ("old-eye-trial", "harbour-lease"))
    assert 950 <= len(text.split()) <= 1050
    assert len(article_page(text, quotekit.extract(text)).encode("utf-8")) < 300_000
