"""The report on many articles: an overview, all quotes to search, and a page for each article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from quotekit.article.paragraphs import read_article
from quotekit.batch.records import Result
from quotekit.known.comparing import folded
from quotekit.report import overview
from quotekit.report.article import ReportError, article_page
from quotekit.report.characters import plain
from quotekit.report.charts import altair_needed
from quotekit.report.counting import Counting, Placed
from quotekit.report.destination import replacing
from quotekit.report.head import short, web_address
from quotekit.report.newest import Newest
from quotekit.report.people import anchors_of, percent
from quotekit.report.searching import SearchData, page_json
from quotekit.report.templates import asset, environment, policy

if TYPE_CHECKING:
    from quotekit.rules import RuleSet

FIRST_QUOTES = 25
"""Number of quotes on a page of results; the first page needs no script."""

ARTICLES_A_PAGE = 500

TITLES = ("title", "headline")
"""Extra columns that may hold an article's title, in this order."""

_LONGEST_TITLE = 160
_LONGEST_SLUG = 48
_HEADLINE_WITHIN = 2000


@dataclass(frozen=True, slots=True)
class Written:
    """The numbers of articles and quotes of a report, and its first page."""

    articles: int
    quotes: int
    index: Path


def folder_report(
    results: Iterable[Result], out: Path, *, title: str = "Who said what", rules: RuleSet | None = None
) -> Written:
    """Write the report on ``results`` to the folder ``out``, which is replaced only when complete.

    Results are read once and not kept. Memory grows with the number of speakers, by eight bytes for each of their
    articles.

    Args:
        results: articles with their quotes; if a text was not kept, the page has a table of the quotes instead.
        out: a folder that does not exist, is empty, or is an earlier report.
        title: title of the report.
        rules: the rules that found the quotes, to show their reasons; by default the built-in ones.

    Raises:
        QuotekitError: ``out`` holds other files or cannot be written, or the extra ``report`` is not installed.

    >>> import tempfile
    >>> from quotekit import extract
    >>> text = "It rained, Ann Lee said."
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = folder_report([Result("rain", extract(text), text=text)], Path(folder) / "report")
    ...     print(written.articles, written.quotes, written.index.name)
    1 1 index.html
    """
    # Reading may take hours, so check first.
    altair_needed()
    with ExitStack() as stack:
        building = stack.enter_context(replacing(out))
        report = _Report(building, plain(title), stack.enter_context(SearchData(building)), rules)
        for result in results:
            report.add(result)
        figures = report.finish()
    return Written(figures.articles, figures.quotes, out / "index.html")


class _Report:
    """A report that is being built in its folder, article by article."""

    def __init__(self, folder: Path, title: str, data: SearchData, rules: RuleSet | None) -> None:
        self._folder = folder
        self._title = title
        self._data = data
        self._rules = rules
        self._counting = Counting()
        self._newest = Newest(FIRST_QUOTES)
        self._turns = False
        self._listed: list[dict[str, Any]] = []
        self._n = self._lists = 0
        self._textless = 0
        (folder / "articles").mkdir()

    def add(self, result: Result) -> None:
        self._n += 1
        name = file_name(self._n, result.id)
        title = title_of(result)
        placed = self._counting.add(result)
        self._data.add(result, placed, title, f"articles/{name}")
        self._article(result, placed, title, f"articles/{name}")
        for one, anchor in zip(placed, anchors_of(result.quotes), strict=True):
            self._newest.add(result, one, title, f"articles/{name}#{quote(anchor)}")
            self._turns |= one.quote.exchange is not None
        entry = {
            "title": title,
            "id": plain(result.id),
            "date": result.date,
            "outlet": plain(result.about.get("outlet", "")),
            "url": web_address(result.about.get("url")),
            "file": name,
            "quotes": len(placed),
        }
        if len(self._listed) == ARTICLES_A_PAGE:
            self._list(more=True)
        self._listed.append(entry)

    def _article(self, result: Result, placed: list[Placed], title: str, path: str) -> None:
        """Write the page of one article: its text with the quotes marked, or a table of them if there is no text."""
        self._textless += result.text is None
        if result.text is not None:
            # If the text is not the one that the quotes were found in, the table is used.
            with suppress(ReportError):
                page = article_page(
                    result.text,
                    result.quotes,
                    title=title,
                    about=result.about,
                    date=result.date,
                    rules=self._rules,
                    home=(self._title, "../index.html"),
                    id=result.id,
                )
                (self._folder / path).write_text(page, encoding="utf-8", newline="\n")
                return
        self._write(
            path,
            "folder_article.html.jinja",
            heading=title,
            result=result,
            url=web_address(result.about.get("url")),
            quotes=zip(placed, anchors_of(result.quotes), strict=True),
        )

    def finish(self) -> Any:
        """Write the pages about all articles."""
        self._list(more=False)
        figures, places = self._counting.figures(), self._counting.places()
        labels = overview.labels_of(figures.speakers)
        view = overview.view(figures)
        common: dict[str, Any] = {"figures": figures, "speakers": labels, "textless": self._textless}
        self._write("index.html", "folder_index.html.jinja", **common, view=view)
        self._write("speakers.html", "folder_speakers.html.jinja", **common)
        self._write(
            "quotes.html",
            "folder_quotes.html.jinja",
            script="folder.js",
            **common,
            first=self._newest.cards(places, labels),
            choices=overview.choices(view),
            turns=self._turns,
            page_size=FIRST_QUOTES,
            page_words=Markup(page_json(overview.page_words(figures))),
            data=map(Markup, self._data.written(figures, places, labels)),
        )
        return figures

    def _list(self, *, more: bool) -> None:
        """Write the next page of the list of articles."""
        self._lists += 1
        self._write(
            f"articles/{_list_name(self._lists)}",
            "folder_articles.html.jinja",
            articles=self._listed,
            before=_list_name(self._lists - 1) if self._lists > 1 else None,
            after=_list_name(self._lists + 1) if more else None,
            number=self._lists,
        )
        self._listed = []

    def _write(self, path: str, template: str, *, script: str = "", **context: Any) -> None:
        """Write a page while it is rendered, so that a long one is never in memory completely."""
        style = f"{asset('shared.css')}\n{asset('folder.css')}"
        made = (
            environment()
            .get_template(template)
            .generate(
                title=self._title,
                up="../" * path.count("/"),
                words=overview.words(),
                country=lambda code: overview.label("country", code),
                percent=percent,
                style=Markup(style),
                script=Markup(asset(script)) if script else "",
                policy=policy(style, asset(script) if script else "", forms=True),
                **context,
            )
        )
        with (self._folder / path).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(made)


def _list_name(number: int) -> str:
    return "index.html" if number == 1 else f"index-{number}.html"


def file_name(number: int, id: str) -> str:
    """Return the file name of an article's page, unique by its number and valid on every system.

    >>> file_name(3, "stories/Élodie & the Sea.txt"), file_name(4, "../../CON"), file_name(5, "")
    ('0003-elodie-the-sea.html', '0004-con.html', '0005.html')
    """
    last = PurePath(id.replace("\\", "/")).name[:400]
    stem = re.sub(r"\.(?:txt|md|html?)(?=#|$)", "", last, flags=re.IGNORECASE)
    slug = re.sub(r"[^a-z0-9]+", "-", folded(stem)).strip("-")[:_LONGEST_SLUG].strip("-")
    return f"{number:04}-{slug}.html" if slug else f"{number:04}.html"


def title_of(result: Result) -> str:
    """Return the title of an article: from its metadata, its column ``title`` or ``headline``, its headline, or its id.

    >>> title_of(Result("a.txt", [], text="Talks Go On\\n\\nThe talks will go on, Ann Lee said on Monday in Lisk."))
    'Talks Go On'
    """
    named = (result.about.get("title"), *(result.fields.get(column) for column in TITLES))
    found = next((plain(name) for name in named if isinstance(name, str) and name.strip()), "")
    return short(found or _headline(result.text or "") or plain(result.id) or "(no title)", _LONGEST_TITLE)


def _headline(text: str) -> str:
    start = text[:_HEADLINE_WITHIN]
    headlines: Iterator[str] = (
        start[one.start : one.end] for one in read_article(start).paragraphs if one.kind == "headline"
    )
    return plain(next(headlines, "")).lstrip("# ")
