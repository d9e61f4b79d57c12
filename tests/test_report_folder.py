"""A report on many articles: its folder, its files, and what the pages say."""

from __future__ import annotations

import json
import os
import re
import sys
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import made_results as made
import pytest

from quotekit.batch.records import Result
from quotekit.errors import QuotekitError
from quotekit.report import destination
from quotekit.report.folder import ARTICLES_A_PAGE, file_name, folder_report, title_of

HOSTILE = [
    "../../x", "/etc/passwd", "C:\\windows\\x", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "x" * 5000, "", "", "same", "Same", "SAME", "CON", "nul.txt", "aux.html", "a\x00b", "\ud800", "тест", "日本語.md",
    "é/è", ".", "..", "index.html", "index", " ", "a b&c=d#e?f%2e%2e", "</title><script>alert(1)</script>",
    "\u202egpj.exe", "a\nb\r\nc",
]  # fmt: skip
"""Ids that would do harm where they are taken as they are."""


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


class Tables(HTMLParser):
    """The tables of a page by their label: rows of cells, each its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] | None = None
        self._label = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("role") == "region":
            self._label = given["aria-label"] or ""
        if tag == "table":
            self._rows = self.found[self._label] = []
        if tag == "tr" and self._rows is not None:
            self._rows.append([])
        # A bar is a picture of the number behind it.
        if tag in ("td", "th") and self._rows is not None and "aria-hidden" not in given:
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._rows is not None:
            self._rows[:] = [[cell.strip() for cell in row] for row in self._rows]
            self._rows = None

    def handle_data(self, data: str) -> None:
        if self._rows and self._rows[-1]:
            self._rows[-1][-1] += data


def number(cell: str) -> int:
    """The number of a cell, which its share follows."""
    return int(cell.split()[0].replace(",", ""))


def data_of(folder: Path) -> Any:
    """What the page of quotes searches in."""
    page = (folder / "quotes.html").read_text(encoding="utf-8")
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


@pytest.fixture(scope="module")
def articles() -> list[Result]:
    return list(made.results(30, 10, seed=3))


@pytest.fixture(scope="module")
def report(articles: list[Result], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("reports") / "report"
    written = folder_report(iter(articles), out, title="Made <up>")
    assert (written.articles, written.quotes, written.index) == (30, 300, out / "index.html")
    return out


def test_pages_of_a_report(report: Path) -> None:
    assert files_of(report) == {
        "index.html", "quotes.html", "speakers.html", "report.json", "articles/index.html",
        *(f"articles/{n + 1:04}-{n:05}.html" for n in range(30)),
    }  # fmt: skip


def test_tables_equal_plain_loops(report: Path, articles: list[Result]) -> None:
    tables = Tables((report / "index.html").read_text(encoding="utf-8")).found
    quotes = [quote for one in articles for quote in one.quotes]
    people: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    verbs: Counter[str] = Counter()
    for quote in quotes:
        kinds[quote.speaker.kind if quote.speaker else "none"] += 1
        verbs[quote.verb or ""] += 1
        if quote.speaker and quote.speaker.kind in ("person", "organization", "government"):
            people[quote.speaker.name] += 1
    most = {row[0].removesuffix(" minister"): number(row[1]) for row in tables["Most quoted"][1:]}
    assert most == dict(sorted(people.items(), key=lambda pair: (-pair[1], pair[0].lower()))[:20])
    labels = {
        "people": "person", "organizations": "organization", "governments": "government", "groups": "group",
        "anonymous sources": "anonymous", "documents": "document", "unknown": "unknown", "no source": "none",
    }  # fmt: skip
    assert {labels[row[0]]: number(row[1]) for row in tables["Kinds of speakers"][1:]} == kinds
    assert {row[0]: number(row[1]) for row in tables["Verbs"][1:]} == {verb: n for verb, n in verbs.items() if verb}
    naming = {row[0]: number(row[1]) for row in tables["Named and unnamed sources"][1:]}
    assert naming["named"] == people.total()
    assert naming["no source"] == kinds["none"]
    dated = [one for one in articles if one.date]
    assert sum(int(row[1]) for row in tables["Over time, as a table"][1:]) == sum(len(one.quotes) for one in dated)


def test_overview_names_its_articles(report: Path, articles: list[Result]) -> None:
    page = (report / "index.html").read_text(encoding="utf-8")
    days = sorted(one.date for one in articles if one.date)
    first, last = (f"{day.day} {day:%b %Y}" for day in (days[0], days[-1]))
    assert f"300 quotes in 30 articles, {first} to {last}." in page
    assert "1 article has no date and is left out here." in page


def test_search_data_link_each_quote_to_its_article(report: Path, articles: list[Result]) -> None:
    data = data_of(report)
    assert len(data["quotes"]) == 300
    found = [(data["articles"][row[0]][1], row[1], row[2], data["who"][row[5]][0]) for row in data["quotes"]]
    wanted = [
        (f"articles/{n + 1:04}-{n:05}.html", quote.id, quote.text, quote.speaker.name if quote.speaker else "")
        for n, one in enumerate(articles)
        for quote in one.quotes
    ]
    assert found == wanted
    for href, anchor, _, _ in found[::29]:
        assert f'id="{anchor}"' in (report / href).read_text(encoding="utf-8")


def test_only_a_chart_that_shows_more_than_its_table_is_drawn(report: Path) -> None:
    page = (report / "index.html").read_text(encoding="utf-8")
    (part,) = (part for part in page.split("<section ")[1:] if 'class="chart"' in part)
    assert part.startswith('aria-labelledby="time"')
    assert "<table>" in part


DESK = [
    ("Brill Echo", date(2026, 1, 5), ["female", "male"]),
    ("Brill Echo", date(2026, 2, 1), ["female", None]),
    ("Brill Echo", date(2026, 2, 2), []),
    ("Lisk Post", date(2026, 2, 3), ["male"]),
]
"""Articles of two outlets, and the genders of those who speak in them; one article has no quote."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = []
    for n, (outlet, day, genders) in enumerate(DESK):
        speakers = [
            made.speaker(f"Ann Lisk {i}", id=f"s{i}", gender=gender, office="minister")
            for i, gender in enumerate(genders)
        ]
        found = [made.quote(f"It is {i}.", speaker, id=f"q{i}") for i, speaker in enumerate(speakers)]
        about = {"outlet": outlet, "title": f"Title {n}", "url": f"https://echo.example/{n}"}
        results.append(Result(f"{n}.txt", found, date=day, about=about, words=100))
    out = tmp_path_factory.mktemp("reports") / "desk"
    folder_report(results, out)
    return out


def test_figures_have_denominators_for_quotes_and_articles(desk: Path) -> None:
    page = (desk / "index.html").read_text(encoding="utf-8")
    assert "5 quotes in 4 articles, 1 of them without a quote" in page
    tables = Tables(page).found
    genders = tables["Women and men"]
    assert genders[0] == ["gender", "quotes, of 5", "articles, of 4"]
    assert genders[1:] == [
        ["women", "2 40%", "2 50%"],
        ["men", "2 40%", "2 50%"],
        ["no gender known", "1 20%", "1 25%"],
    ]
    assert tables["Offices"][1:] == [["ministers", "5 100%", "3 75%"]]


def test_outlets_and_months_have_shares_of_their_own_quotes_and_articles(desk: Path) -> None:
    tables = Tables((desk / "index.html").read_text(encoding="utf-8")).found
    echo, post = tables["Outlets"][2:]
    assert echo[:4] == ["Brill Echo", "3", "4", "1.3"]
    assert (echo[8:10], echo[10:12]) == (["2 50%", "2 67%"], ["1 25%", "1 33%"])
    assert post[:4] == ["Lisk Post", "1", "1", "1.0"]
    assert [row[:3] for row in tables["Months"][2:]] == [["January 2026", "1", "2"], ["February 2026", "3", "3"]]


def test_merged_names_are_shown(tmp_path: Path) -> None:
    names = ("Ann Lisk", "Ann Lisk", "Ann B. Lisk", "Lisk")
    folder_report([Result(name, [made.quote("It is.", made.speaker(name))]) for name in names], tmp_path / "r")
    assert "<small>also Ann B. Lisk</small>" in (tmp_path / "r" / "speakers.html").read_text(encoding="utf-8")
    page = (tmp_path / "r" / "quotes.html").read_text(encoding="utf-8")
    assert [name for name in names if f"as “{name}”" in page] == ["Ann B. Lisk", "Lisk"]


def test_each_hit_links_to_its_source(desk: Path) -> None:
    page = (desk / "quotes.html").read_text(encoding="utf-8")
    assert page.count('href="https://echo.example/') == 5
    assert [row[4] for row in data_of(desk)["articles"]] == [f"https://echo.example/{n}" for n in range(4)]
    assert 'href="https://echo.example/3"' in (desk / "articles" / "index.html").read_text(encoding="utf-8")


def test_only_web_addresses_become_links(tmp_path: Path) -> None:
    about = {"url": "javascript:alert(1)"}
    folder_report([replace(one, about=about) for one in made.results(2, 2)], tmp_path / "r")
    for path in (tmp_path / "r").rglob("*.html"):
        assert "javascript:" not in path.read_text(encoding="utf-8")


def test_ids_of_quotes_do_not_clash_with_those_of_the_page(tmp_path: Path) -> None:
    (one,) = made.results(1, 1)
    quotes = [one.quotes[0].model_copy(update={"id": id}) for id in ("main", "words", "data", "qk-main")]
    folder_report([replace(one, quotes=quotes, text=None)], tmp_path / "r")
    page = (tmp_path / "r" / "articles" / "0001-00000.html").read_text(encoding="utf-8")
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(set(ids)) == len(ids) == 5


def test_pages_load_nothing_external(report: Path) -> None:
    for path in report.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "content=\"default-src 'none'" in page or 'content="default-src &#39;none&#39;' in page
        assert set(re.findall(r"https?://[^\"' ]+", page)) <= {"http://www.w3.org/2000/svg"}
        assert not re.search(r" (?:style|on\w+)=", page)


def test_report_is_reproducible(report: Path, articles: list[Result], tmp_path: Path) -> None:
    folder_report(articles, tmp_path / "again", title="Made <up>")
    assert files_of(tmp_path / "again") == files_of(report)
    for name in files_of(report):
        assert (tmp_path / "again" / name).read_bytes() == (report / name).read_bytes()


def test_hostile_ids_are_escaped_and_stay_in_the_folder(tmp_path: Path) -> None:
    one = next(made.results(1, 2))
    out = tmp_path / "inner" / "report"
    told = [replace(one, id=id, text=one.text if i % 2 else None) for i, id in enumerate(HOSTILE)]
    folder_report(told, out, title="</title><script>alert(1)</script>")
    assert {path.name for path in tmp_path.rglob("*") if path.is_dir()} == {"inner", "report", "articles"}
    assert all(path.is_relative_to(out) for path in tmp_path.rglob("*") if path.is_file())
    names = sorted(files_of(out / "articles") - {"index.html"})
    assert len(names) == len({name.lower() for name in names}) == len(HOSTILE)
    assert all(re.fullmatch(r"\d{4}(-[a-z0-9-]{1,48})?\.html", name) for name in names)
    for path in out.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script>alert" not in page
        assert "<img" not in page
        assert page.count("<title") == page.count("</title>")
    assert len(data_of(out)["articles"]) == len(HOSTILE)


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("stories/aid-convoy.txt", "0001-aid-convoy.html"),
        ("news.csv#3", "0001-news-csv-3.html"),
        ("Über-Fähre.MD", "0001-uber-fahre.html"),
        ("x" * 300, f"0001-{'x' * 48}.html"),
        ("тест", "0001.html"),
    ],
)
def test_file_names_of_articles(id: str, name: str) -> None:
    assert file_name(1, id) == name


@pytest.mark.parametrize(
    ("result", "title"),
    [
        (Result("a.txt", []), "a.txt"),
        (Result("a.txt", [], fields={"title": "Talks\n go on"}), "Talks go on"),
        (Result("a.txt", [], fields={"title": " ", "headline": "Talks"}), "Talks"),
        (Result("a.txt", [], about={"title": "Talks"}, fields={"title": "Other"}), "Talks"),
        (Result("a.txt", [], fields={"title": 7}), "a.txt"),
        (Result("a.txt", [], text="# Talks Go On\n\nIt rained on Monday, Ann Lee said."), "Talks Go On"),
        (Result("", []), "(no title)"),
        (Result("x" * 300, []), "x" * 159 + "…"),
    ],
)
def test_titles_of_articles(result: Result, title: str) -> None:
    assert title_of(result) == title


def test_article_without_text_has_a_table(tmp_path: Path) -> None:
    folder_report(made.results(2, 3, texts=False), tmp_path / "r")
    page = (tmp_path / "r" / "articles" / "0001-00000.html").read_text(encoding="utf-8")
    assert "--keep-text" in page
    assert [f'<tr id="q{i}">' in page for i in (1, 2, 3, 4)] == [True, True, True, False]
    assert "--keep-text" in (tmp_path / "r" / "index.html").read_text(encoding="utf-8")


def test_text_of_another_article_is_not_shown(tmp_path: Path) -> None:
    (one,) = made.results(1, 2)
    folder_report([replace(one, text="Something else.")], tmp_path / "r")
    page = (tmp_path / "r" / "articles" / "0001-00000.html").read_text(encoding="utf-8")
    assert "Something else" not in page
    assert "not the one" in page


def test_report_without_articles(tmp_path: Path) -> None:
    written = folder_report([], tmp_path / "r")
    assert (written.articles, written.quotes) == (0, 0)
    assert "No quotes were found" in (tmp_path / "r" / "index.html").read_text(encoding="utf-8")


def test_many_articles_are_listed_on_several_pages(tmp_path: Path) -> None:
    folder_report((Result(f"{n}.txt", []) for n in range(ARTICLES_A_PAGE * 2)), tmp_path / "r")
    lists = sorted(name for name in files_of(tmp_path / "r") if "index" in name and "articles" in name)
    assert lists == ["articles/index-2.html", "articles/index.html"]
    first, second = ((tmp_path / "r" / name).read_text(encoding="utf-8") for name in reversed(lists))
    assert ('href="index-2.html">Next' in first, "Previous" in first) == (True, False)
    assert ('href="index.html">Previous' in second, "Next" in second) == (True, False)
    assert f'"{ARTICLES_A_PAGE:04}-{ARTICLES_A_PAGE - 1}.html"' in first


def test_articles_are_not_kept_in_memory(tmp_path: Path) -> None:
    alive: list[weakref.ref[Result]] = []

    def coming() -> Iterator[Result]:
        for one in made.results(40, 5):
            alive.append(weakref.ref(one))
            yield one
            del one
            # The one that has just been read may still be at hand.
            assert sum(one() is not None for one in alive[:-1]) == 0

    folder_report(coming(), tmp_path / "r")
    assert len(alive) == 40


# where it is put


def broken() -> Iterator[Result]:
    yield next(made.results(1, 1))
    raise QuotekitError("cut off")


def test_failed_report_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(QuotekitError, match="cut off"):
        folder_report(broken(), tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_report_is_replaced_completely(tmp_path: Path) -> None:
    out = tmp_path / "r"
    folder_report(made.results(5, 1), out)
    (out / ".DS_Store").write_bytes(b"x")
    (out / ".quotekit-old-abc").mkdir()
    before = files_of(out)
    with pytest.raises(QuotekitError, match="cut off"):
        folder_report(broken(), out)
    assert files_of(out) == before
    folder_report(made.results(2, 1), out)
    assert files_of(out) == before - {f"articles/{n + 1:04}-{n:05}.html" for n in (2, 3, 4)}
    assert not [name for name in os.listdir(out) if name.startswith(".quotekit")]


def test_empty_folder_and_link_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    folder_report(made.results(1, 1), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "index.html").is_file()


@pytest.mark.parametrize(
    ("made_by_others", "told"),
    [
        ({"notes.txt": "mine"}, "is neither empty nor a report of quotekit"),
        ({"index.html": "mine"}, "is neither empty nor a report of quotekit"),
        ({"report.json": "mine"}, "is neither empty nor a report of quotekit"),
        ({"report.json": '{"made by": "quotekit"}', "notes.txt": "mine"}, "'notes.txt' in it is not part of it"),
        (
            {"report.json": '{"made by": "quotekit"}', "articles/a.txt": "mine", "b": ""},
            "'b' in it is not part of it .and 1 more",
        ),
    ],
)
def test_other_files_are_never_replaced(tmp_path: Path, made_by_others: dict[str, str], told: str) -> None:
    for name, content in made_by_others.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(QuotekitError, match=told):
        folder_report(made.results(1, 1), tmp_path)
    assert files_of(tmp_path) == set(made_by_others)


def test_file_cannot_be_replaced_by_a_report(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("mine", encoding="utf-8")
    with pytest.raises(QuotekitError, match="is a file: name a folder"):
        folder_report(made.results(1, 1), tmp_path / "r")
    with pytest.raises(QuotekitError, match="cannot be written"):
        folder_report(made.results(1, 1), tmp_path / "r" / "s")


def test_full_disk_keeps_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "r"
    folder_report(made.results(2, 1), out)
    before = files_of(out)

    def full(self: Any, path: str, *args: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("quotekit.report.folder._Report._write", full)
    with pytest.raises(QuotekitError, match="No space left on device"):
        folder_report(made.results(1, 1), out)
    assert files_of(out) == before


def test_missing_library_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    read = []
    with pytest.raises(QuotekitError, match=r'python -m pip install "\.\[report\]"'):
        folder_report((read.append(one) or one for one in made.results(1, 1)), tmp_path / "r")
    assert read == []


def test_destination_is_checked_first(tmp_path: Path) -> None:
    destination.check(tmp_path / "new")
    destination.check(tmp_path)
