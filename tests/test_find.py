"""Finding quotes in an output, whatever its format."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from rich.console import Console
from typer.testing import CliRunner
from typer.testing import Result as Run

from quotekit import cli
from quotekit.batch.records import Result
from quotekit.batch.schema import VERSION
from quotekit.batch.stored_place import StoredError
from quotekit.batch.writing import write
from quotekit.models import Position, Quote, Speaker, TextSpan
from quotekit.study.finding import Search, find
from quotekit.study.terms import simple, terms
from quotekit.terminal.hits import hit_table

FORMATS = ["parquet", "csv", "jsonl"]


def quote(id: str, text: str, name: str | None, confidence: float = 0.9, **fields: Any) -> Quote:
    speaker = name and Speaker.model_validate({"id": "s1", "name": name, "kind": "person", "named": True, **fields})
    return Quote.model_validate(
        {
            "id": id,
            "kind": "indirect",
            "act": "statement",
            "text": text,
            "content": (TextSpan.of(text, (0, len(text))),),
            "speaker": speaker,
            "source": TextSpan.of("the premier", (0, 11)),
            "position": Position(start=0, end=len(text), paragraph=0, sentence=0),
            "confidence": confidence,
            "rule": "en.clause",
        }
    )


ARTICLES = [
    Result("a", [quote("q1", "the border talks failed", "Kari Solheim", person_id="kari-solheim")], date(2026, 1, 2)),
    Result(
        "b",
        [
            quote("q1", "talks at the border were short; =1+1", "Élodie Łukasz", 0.4),
            quote("q2", "DON’T open the border <b>", None),
        ],
        date(2026, 3, 4),
        about={"title": "Title & <b>", "outlet": "Harbour Echo", "url": "https://example.org/b"},
    ),
    Result("c", [quote("q1", "the border", "Kari Solheim")], about={"outlet": "Post", "url": "javascript:alert(1)"}),
]


@pytest.fixture(params=FORMATS)
def output(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / f"quotes.{request.param}"
    write(lambda: ARTICLES, path)
    return path


def found(output: Path, limit: int | None = None, **search: Any) -> list[tuple[str, str]]:
    return [(hit.article_id, hit.quote_id) for hit in find([output], Search(**search), limit)]


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ({}, ["bq1", "bq2", "aq1", "cq1"]),
        ({"speaker": "solheim"}, ["aq1", "cq1"]),
        ({"speaker": "kari-solheim"}, ["aq1"]),
        ({"speaker": "elodie lukasz"}, ["bq1"]),
        ({"speaker": "Łukasz"}, ["bq1"]),
        ({"speaker": "premier"}, ["bq1", "bq2", "aq1", "cq1"]),
        ({"words": "border talks"}, ["bq1", "aq1"]),
        ({"words": '"border talks"'}, ["aq1"]),
        ({"words": "don't"}, ["bq2"]),
        ({"words": "don’t border"}, ["bq2"]),
        ({"words": "harbour"}, []),
        ({"words": ".*"}, []),
        ({"since": date(2026, 1, 3)}, ["bq1", "bq2"]),
        ({"until": date(2026, 1, 2)}, ["aq1"]),
        ({"since": date(2026, 1, 2), "until": date(2026, 1, 2)}, ["aq1"]),
        ({"outlet": "echo"}, ["bq1", "bq2"]),
        ({"outlet": "echo", "min_confidence": 0.5}, ["bq2"]),
        ({"outlet": "echo", "speaker": "solheim"}, []),
    ],
)
def test_every_format_finds_the_same(output: Path, search: dict[str, Any], ids: list[str]) -> None:
    assert ["".join(pair) for pair in found(output, **search)] == ids
    assert ["".join(pair) for pair in found(output, limit=1, **search)] == ids[:1]


def test_a_parquet_file_of_many_row_groups_has_the_newest_first(tmp_path: Path) -> None:
    days = [date(2026, 1 + i % 12, 1 + i % 28) for i in range(12_001)]
    path = tmp_path / "quotes.parquet"
    write(lambda: [Result(str(i), [quote("q1", f"word {i % 7}", "Ann Lee")], day) for i, day in enumerate(days)], path)
    hits = find([path], Search(words="3"), 50)
    expected = sorted((i for i in range(12_001) if i % 7 == 3), key=lambda i: days[i], reverse=True)[:50]
    assert [int(hit.article_id) for hit in hits] == expected


def test_terms_are_folded_and_marks_hold_words_together() -> None:
    assert terms("“Border  talks” Élodie") == ["border talks", "elodie"]
    assert terms(" ") == []
    assert simple("L’Été") == "l'ete"


def run(*arguments: object) -> Run:
    return CliRunner().invoke(cli.app, ["find", *(str(argument) for argument in arguments)])


def test_csv_is_safe_and_has_the_link(output: Path) -> None:
    result = run(output, "--words", "talks")
    assert result.exit_code == 0
    rows = list(csv.DictReader(StringIO(result.stdout.removeprefix("\ufeff"))))
    assert [(row["article_url"], row["article_date"]) for row in rows] == [
        ("https://example.org/b", "2026-03-04"),
        ("", "2026-01-02"),
    ]


def test_table_has_the_confidence(output: Path) -> None:
    table = hit_table(find([output], Search(), limit=1), Console(file=StringIO(), width=100)).decode()
    header, _, row, *_ = table.splitlines()
    assert header.split() == ["date", "outlet", "speaker", "quote", "conf."]
    assert row.split()[-1] == "0.40"


def test_a_page_escapes_marks_words_and_links_to_the_web_alone(output: Path, tmp_path: Path) -> None:
    page = tmp_path / "found.html"
    assert run(output, "--words", "border", "-o", page).exit_code == 0
    text = page.read_text("utf-8")
    assert "<mark>border</mark> &lt;b&gt;" in text
    assert '<a href="https://example.org/b">Title &amp; &lt;b&gt;</a>' in text
    assert "javascript:" not in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "May"], "is not a day"),
        (["-o", "found.txt"], "no known ending"),
        (["--limit", "0"], "limit"),
    ],
)
def test_usage_errors(output: Path, arguments: list[str], message: str) -> None:
    result = run(output, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize("name", ["quotes.csv", "quotes.jsonl", "quotes.parquet", "quotes.txt"])
def test_files_that_are_not_outputs_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("title,text\na,b\n", encoding="utf-8")
    with pytest.raises(StoredError):
        find([tmp_path / name], Search(words="a"))


def test_a_parquet_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    write(lambda: iter(ARTICLES), path)
    newer = {"quotekit.schema": str(VERSION + 1)}
    parquet.write_table(parquet.read_table(path).replace_schema_metadata(newer), path)
    with pytest.raises(StoredError, match=f"its columns have version {VERSION + 1}"):
        find([path], Search(words="border"))
