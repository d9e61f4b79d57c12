"""People across articles: the list made of an output, and the output linked by the list."""

from __future__ import annotations

import csv
import importlib.util
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quotekit import cli
from quotekit.batch import read_stored
from quotekit.batch.records import Result
from quotekit.batch.stored_place import StoredError
from quotekit.batch.writing import write, write_articles
from quotekit.errors import KnownSpeakersError
from quotekit.known.matching import KnownSpeakers
from quotekit.models import Position, Quote, Speaker, TextSpan
from quotekit.output.target import OutputError
from quotekit.study.linking import link
from quotekit.study.people import People, people_of

FORMATS = ["parquet", "csv", "tsv", "jsonl", "csv.gz", "jsonl.gz"]


def quote(id: str, speaker: Speaker | None, confidence: float = 0.9, parent: str | None = None) -> Quote:
    return Quote(
        id=id,
        kind="indirect",
        act="statement",
        text="=x;\n",
        content=(TextSpan.of("=x;\n", (0, 4)),),
        speaker=speaker,
        position=Position(start=0, end=4, paragraph=0, sentence=0),
        confidence=confidence,
        parent=parent,
        rule="en.clause",
    )


def who(id: str, name: str, **fields: Any) -> Speaker:
    return Speaker.model_validate({"id": id, "name": name, "kind": "person", "named": True, **fields})


def run(*arguments: object) -> int:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments]).exit_code


MINISTER = {"role": "finance minister", "office": "minister", "country": "EE"}
ARTICLES = [
    Result("a", [quote("q1", who("s1", "Ann Lee", **MINISTER)), quote("q2", None)], date(2026, 1, 2), form="story"),
    Result("b", [], date(2026, 1, 3), form="story"),
    Result("c", [quote("q1", who("s1", "Ann Lee", role="baker", office="citizen"))], date(2026, 1, 4), form="story"),
    Result(
        "d",
        [quote("q1", who("s1", "Bo Stone"), 0.4), quote("q2", who("s2", "Lee", country="EE"), 0.9, parent="q1")],
        date(2026, 1, 5),
        form="story",
    ),
]


@pytest.fixture
def output(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / f"quotes.{request.param}"
    write(lambda: ARTICLES, path)
    if "jsonl" not in path.name:
        write_articles(lambda: ARTICLES, tmp_path / f"quotes.articles.{request.param}")
    return path


def listed(output: Path, **changes: list[str]) -> People:
    """The list of people of an output, read back from a file."""
    from quotekit.known.roster_files import roster_lines

    path = output.with_name("people.jsonl")
    path.write_bytes(roster_lines([row for row in people_of([output]) if row.id not in changes]))
    return People.read(path)


@pytest.mark.parametrize("output", FORMATS, indirect=True)
def test_people_are_merged_from_every_format(output: Path) -> None:
    rows = people_of([output])
    assert [(row.id, row.names, row.offices, row.quotes, row.articles) for row in rows] == [
        ("ann-lee", ("Ann Lee",), ("minister",), 2, 2),
        ("ann-lee-2", ("Ann Lee",), ("citizen",), 1, 1),
        ("bo-stone", ("Bo Stone",), (), 1, 1),
    ]
    assert (rows[0].first, rows[0].last) == (date(2026, 1, 2), date(2026, 1, 5))
    assert "surname alone: 1 quote" in rows[0].check
    assert "the same name in another line" in rows[1].check
    assert rows[2].check == ()


@pytest.mark.parametrize("output", FORMATS, indirect=True)
def test_link_fills_in_people_in_every_format(output: Path) -> None:
    copy = output.with_name("linked" + output.name.removeprefix("quotes"))
    counts = link(output, copy, listed(output))
    assert (counts.quotes, counts.linked, counts.left_out) == (5, 4, 0)
    again = people_of([copy])
    assert [row.names for row in again] == [row.names for row in people_of([output])]
    if "parquet" in copy.name or "jsonl" in copy.name:
        results = list(read_stored(copy))
        assert [result.id for result in results] == ["a", "b", "c", "d"]
        people = [[q.speaker.person_id if q.speaker else None for q in result.quotes] for result in results]
        assert people == [["ann-lee", None], [], ["ann-lee-2"], ["bo-stone", "ann-lee"]]
        bare = [
            replace(r, quotes=[q.model_copy(update={"speaker": q.speaker and unlinked(q.speaker)}) for q in r.quotes])
            for r in results
        ]
        assert [r.quotes for r in bare] == [r.quotes for r in ARTICLES]


def unlinked(speaker: Speaker) -> Speaker:
    return speaker.model_copy(update={"person_id": None})


@pytest.mark.parametrize("output", ["parquet", "csv", "jsonl"], indirect=True)
def test_link_leaves_out_what_is_unsure_and_counts_anew(output: Path) -> None:
    copy = output.with_name("sure" + output.name.removeprefix("quotes"))
    known = KnownSpeakers([{"id": "Q1", "names": ["Ann Lee"], "roles": ["finance minister"], "country": "EE"}])
    counts = link(output, copy, known=known, min_confidence=0.5)
    assert (counts.quotes, counts.left_out) == (4, 1)
    if output.suffix == ".csv":
        with copy.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [(row["article_id"], row["quote_id"], row["parent"]) for row in rows][-1] == ("d", "q2", "")
        assert [row["speaker_known_id"] for row in rows] == ["Q1", "", "Q1", "Q1"]
        assert [row["text"] for row in rows] == ["'=x;\n"] * 4
        with copy.with_name("sure.articles.csv").open(encoding="utf-8-sig", newline="") as file:
            articles = [(row["id"], row["quotes"], row["speakers"]) for row in csv.DictReader(file)]
        assert articles == [("a", "2", "1"), ("b", "0", "0"), ("c", "1", "1"), ("d", "1", "1")]
    else:
        results = list(read_stored(copy))
        assert [len(result.quotes) for result in results] == [2, 0, 1, 1]
        assert results[3].quotes[0].parent is None
        assert results[0].quotes[0].speaker is not None
        assert results[0].quotes[0].speaker.known_id == "Q1"


@pytest.mark.parametrize("output", ["csv"], indirect=True)
def test_an_edited_list_decides(output: Path) -> None:
    folder = output.parent
    assert run("people", output, "-o", folder / "people.csv") == 0
    lines = (folder / "people.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("id,names,roles,country,from,until,kind,offices,gender,quotes,articles,first,last,check")
    # The baker is the minister after all, and nobody cares about Bo Stone.
    edited = [line.replace("ann-lee-2,", "ann-lee,") for line in lines if "Bo Stone" not in line]
    (folder / "people.csv").write_text("\n".join(edited) + "\n", encoding="utf-8")
    assert run("link", output, "--people", folder / "people.csv", "-o", folder / "linked.csv") == 0
    with (folder / "linked.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["person_id"] for row in csv.DictReader(file)] == ["ann-lee", "", "ann-lee", "", "ann-lee"]


@pytest.mark.parametrize("output", ["parquet"], indirect=True)
def test_the_list_is_one_of_known_speakers_too(output: Path) -> None:
    listed(output)
    assert len(KnownSpeakers.read(output.with_name("people.jsonl"))) == 3


@pytest.mark.parametrize("output", ["jsonl"], indirect=True)
def test_lists_that_are_wrong(output: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(json.dumps({"id": "a", "names": ["Ann Lee"], "quotes": "many"}), encoding="utf-8")
    with pytest.raises(KnownSpeakersError, match="whole number"):
        People.read(path)
    with pytest.raises(OutputError, match=r"must be \.jsonl"):
        link(output, tmp_path / "linked.csv")


@pytest.mark.parametrize("name", ["quotes.csv", "quotes.jsonl", "quotes.parquet", "quotes.txt"])
def test_files_that_are_not_outputs_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("title,text\na,b\n", encoding="utf-8")
    with pytest.raises(StoredError):
        people_of([tmp_path / name])
    if not name.endswith(".txt"):
        with pytest.raises(StoredError):
            link(tmp_path / name, tmp_path / f"linked{Path(name).suffix}")


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_table_of_articles_is_not_that_of_quotes(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"quotes.articles{ending}"
    write_articles(lambda: [Result("a", [])], path)
    for read in (lambda: people_of([path]), lambda: link(path, tmp_path / f"linked{ending}")):
        with pytest.raises(StoredError, match="the table of articles"):
            read()


def test_two_of_one_name_far_apart_in_time_are_told_apart_by_their_days(tmp_path: Path) -> None:
    path = tmp_path / "quotes.jsonl"
    days = [date(1951, 3, 1), date(1955, 3, 1), date(2025, 3, 1)]
    write(lambda: [Result(str(day), [quote("q1", who("s1", "Ann Lee"))], day) for day in days], path)
    rows = people_of([path])
    assert [(row.id, row.quotes) for row in rows] == [("ann-lee", 2), ("ann-lee-2", 1)]
    link(path, tmp_path / "linked.jsonl", listed(path))
    found = [result.quotes[0].speaker for result in read_stored(tmp_path / "linked.jsonl")]
    assert [one.person_id for one in found if one] == ["ann-lee", "ann-lee", "ann-lee-2"]


def test_measured_merges_are_right() -> None:
    path = Path(__file__).parents[1] / "benchmarks" / "people.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_people", path)
    assert spec is not None
    assert spec.loader is not None
    people = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(people)
    given = people.articles()
    gold = people.pairs([mention[0] for article in given for mention in article])
    for keys in people.merged(given):
        found = people.pairs(keys)
        assert len(found & gold) / len(found) >= 0.98
        assert len(found & gold) / len(gold) >= 0.95
