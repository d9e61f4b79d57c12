"""The table of articles beside the quotes: a row for each article, whole with the quotes or not there."""

from __future__ import annotations

import csv
import os
import stat
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_results import quote, speaker
from stand_ins import Echo, articles

from quotekit.batch import StoredError, job, read_stored, write, write_articles
from quotekit.batch.articles_table import is_articles_table
from quotekit.batch.beside import articles_of, errors_of
from quotekit.batch.job import Job, Start
from quotekit.batch.reading import Inputs, ReadOptions
from quotekit.batch.records import Failure, Result
from quotekit.batch.state import JournalError
from quotekit.batch.stored import is_stored
from quotekit.batch.tables import ARTICLES
from quotekit.output.target import OutputError
from quotekit.processes.pool import Alone
from quotekit.terminal.progress import Watch

pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("zstandard")

ENDINGS = (".csv", ".tsv", ".parquet", ".csv.gz", ".tsv.zst")
ABOUT = {"title": "Pier shut", "outlet": "Brill Echo", "author": "Eva Holm", "url": "https://echo.test/1"}
LEE = speaker("Ann Lee")


def two_articles() -> list[Result]:
    said = [quote("It is shut", LEE), quote("It rained", LEE, id="q2"), quote("No", id="q3")]
    return [
        Result("001", said, date(2026, 1, 31), {"desk": "city", "words": "few"}, "text", ABOUT, "story", 9, ("a", "b")),
        Result("002", [], None, {"desk": "sport"}, "", {"language": "en"}, "speech", 0),
    ]


def rows(path: Path) -> list[dict[str, Any]]:
    from quotekit.batch.reading.opening import opened

    if path.suffix == ".parquet":
        found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return found
    with opened(str(path)) as file:
        text = file.read().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter="\t" if ".tsv" in path.name else ","))


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_row_for_each_article(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"quotes.articles{ending}"
    write_articles(two_articles, path)
    first, second = rows(path)
    names = [column.name for column in ARTICLES]
    assert list(first) == [*names, "desk", "input_words"]
    assert [str(first[name]) for name in names] == [
        "001", *ABOUT.values(), "2026-01-31", "None" if ending == ".parquet" else "", "story", "9", "3", "1", "a; b",
    ]  # fmt: skip
    assert (second["id"], second["language"], second["desk"], str(second["quotes"])) == ("002", "en", "sport", "0")
    assert is_articles_table(path)


def test_types_of_parquet(tmp_path: Path) -> None:
    write_articles(list, tmp_path / "q.articles.parquet", keep_text=True)
    schema = pq.read_schema(tmp_path / "q.articles.parquet")
    types = {"date": "date32[day]", "words": "int64", "quotes": "int64", "speakers": "int64"}
    assert [str(field.type) for field in schema] == [types.get(name, "string") for name in schema.names]
    assert schema.names[-1] == "text"


def test_text_is_kept_if_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "q.articles.csv"
    write_articles(two_articles, path, keep_text=True)
    assert [row["text"] for row in rows(path)] == ["text", ""]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_json_lines_hold_both_tables(tmp_path: Path) -> None:
    write(two_articles, tmp_path / "q.jsonl")
    first, second = (tmp_path / "q.jsonl").read_text().splitlines()
    assert '"language": "en", "form": "speech", "words": 0, "fields"' in second
    assert '"form": "story", "words": 9, "notices": ["a", "b"], "fields"' in first
    assert articles_of(tmp_path / "q.jsonl.gz") is None


# Runs


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return articles(tmp_path / "news", ["It rained.", "", "!fail", "It snowed here."])


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers in this process."""
    monkeypatch.setattr(job, "Pool", lambda reader, workers, time_limit: Alone(reader))


def run(folder: Path, output: Path, start: Start = Start.refuse) -> Any:
    given: Any = Echo()
    work = Job(Inputs([str(folder)], ReadOptions()), given, output, errors_of(output), {})
    return work.run(start, Watch(quiet=True), workers=1)


@pytest.mark.parametrize("ending", ENDINGS)
def test_run_writes_both(news: Path, tmp_path: Path, ending: str) -> None:
    run(news, tmp_path / f"q{ending}")
    found = rows(tmp_path / f"q.articles{ending}")
    assert [Path(row["id"]).name for row in found] == ["0000.txt", "0001.txt", "0003.txt"]
    assert [(int(row["words"]), int(row["quotes"])) for row in found] == [(2, 1), (0, 0), (3, 1)]
    assert [row["notices"] or None for row in found] == [None, "no text", None]
    names = {f"q{ending}", f"q.articles{ending}", "q.errors.jsonl", f"q{ending}.journal.gz"}
    assert set(os.listdir(tmp_path)) == {"news", *names}


def test_json_lines_have_no_file_beside_them(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "q.jsonl")
    assert sorted(os.listdir(tmp_path)) == ["news", "q.errors.jsonl", "q.jsonl", "q.jsonl.journal.gz"]


def test_new_articles_are_added_to_both(news: Path, tmp_path: Path) -> None:
    output = tmp_path / "q.csv"
    run(news, output)
    (news / "0004.txt").write_text("New.")
    run(news, output, Start.resume)
    assert len(rows(tmp_path / "q.articles.csv")) == 4
    assert run(news, output, Start.resume) is None


def test_missing_table_is_written_again(news: Path, tmp_path: Path) -> None:
    (news / "0002.txt").unlink()
    output, beside = tmp_path / "q.csv", tmp_path / "q.articles.csv"
    run(news, output)
    wanted = beside.read_bytes()
    beside.unlink()
    run(news, output, Start.resume)
    assert beside.read_bytes() == wanted


def test_changed_table_is_not_continued(news: Path, tmp_path: Path) -> None:
    output, beside = tmp_path / "q.csv", tmp_path / "q.articles.csv"
    run(news, output)
    changed = beside.read_bytes() + b"more\r\n"
    beside.write_bytes(changed)
    with pytest.raises(JournalError, match=r"q\.articles\.csv is not what the last run wrote: it was changed"):
        run(news, output, Start.resume)
    assert beside.read_bytes() == changed


FOREIGN = {".csv": b"id,title\r\n1,mine\r\n", ".tsv.zst": b"mine", ".parquet": b"PAR1", ".csv.gz": b""}


@pytest.mark.parametrize("ending", FOREIGN)
def test_foreign_file_is_never_replaced(news: Path, tmp_path: Path, ending: str) -> None:
    beside = tmp_path / f"q.articles{ending}"
    beside.write_bytes(FOREIGN[ending])
    for start in Start:
        with pytest.raises(OutputError, match="it exists and is not a table of articles that quotekit wrote"):
            run(news, tmp_path / f"q{ending}", start)
    assert beside.read_bytes() == FOREIGN[ending]
    assert sorted(os.listdir(tmp_path)) == ["news", beside.name]


def test_folders_and_links_are_never_replaced(news: Path, tmp_path: Path) -> None:
    (tmp_path / "q.articles.csv").mkdir()
    write_articles(two_articles, tmp_path / "theirs.csv")
    (tmp_path / "p.articles.csv").symlink_to(tmp_path / "theirs.csv")
    for name in ("q.csv", "p.csv"):
        with pytest.raises(OutputError, match="is not a table of articles"):
            run(news, tmp_path / name)
    assert len(rows(tmp_path / "theirs.csv")) == 2


def test_neither_table_appears_if_one_cannot_be_written(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quotekit.batch import writing

    def full(results: Any, table: Any, **more: Any) -> Any:
        if table is writing.ARTICLES_TABLE:
            raise OutputError("cannot write: no room.")
        return iter([b"quotes"])

    with monkeypatch.context() as patch:
        patch.setattr(writing.csv_rows, "pieces", full)
        with pytest.raises(OutputError, match="no room"):
            run(news, tmp_path / "q.csv")
    assert sorted(os.listdir(tmp_path)) == ["news", "q.csv.part", "q.errors.jsonl"]
    run(news, tmp_path / "q.csv", Start.resume)
    assert len(rows(tmp_path / "q.articles.csv")) == 3


# Read back


def stored(folder: Path, results: list[Result], *, keep_text: bool = True) -> Path:
    path = folder / "q.parquet"
    write(lambda: results, path, keep_text=keep_text)
    write_articles(lambda: results, folder / "q.articles.parquet", keep_text=keep_text)
    return path


def test_both_tables_are_read_back(tmp_path: Path) -> None:
    assert list(read_stored(stored(tmp_path, two_articles()))) == two_articles()


def test_ids_that_come_twice(tmp_path: Path) -> None:
    said = Result("same", [quote("It is shut", LEE)], None, words=3)
    results = [replace(said, quotes=[], words=1), said, replace(said, quotes=[], words=2)]
    assert [one.words for one in read_stored(stored(tmp_path, results, keep_text=False))] == [1, 3, 2]


def test_quotes_may_be_taken_out(tmp_path: Path) -> None:
    path = stored(tmp_path, [Result(name, [quote("It is shut", LEE)]) for name in ("a", "b", "c")])
    table = pq.read_table(path)
    pq.write_table(table.filter([True, False, True]), path)
    assert [(one.id, len(one.quotes)) for one in read_stored(path)] == [("a", 1), ("b", 0), ("c", 1)]


def test_tables_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = stored(tmp_path, [Result(name, [quote("It is shut", LEE)]) for name in ("a", "b", "c")])
    pq.write_table(pq.read_table(path).take([2, 0, 1]), path)
    with pytest.raises(StoredError, match=r"articles\.parquet: it does not fit .*no article 'a', or its rows are in"):
        list(read_stored(path))
    (tmp_path / "q.articles.parquet").unlink()
    assert [one.id for one in read_stored(path)] == ["c", "a", "b"]


def test_damaged_table_is_named(tmp_path: Path) -> None:
    results = [Result(f"a{i}", [quote("It is shut", LEE)]) for i in range(50)]
    for name, other in (("q.parquet", "q.articles.parquet"), ("q.articles.parquet", "q.parquet")):
        stored(tmp_path, results)
        whole = bytearray((tmp_path / name).read_bytes())
        whole[4:60] = bytes(56)
        (tmp_path / name).write_bytes(whole)
        with pytest.raises(StoredError) as caught:
            list(read_stored(tmp_path / "q.parquet"))
        assert f"{name}: not a Parquet file, or a damaged one" in str(caught.value)
        assert f"{other}:" not in str(caught.value)


def test_other_files_beside_it_are_ignored(tmp_path: Path) -> None:
    path = stored(tmp_path, two_articles())
    (tmp_path / "q.articles.parquet").write_bytes(b"mine")
    assert [one.id for one in read_stored(path)] == ["001"]


CHANGED = {
    "semicolons.csv": b"article_id;article_date;quote_id;kind;text\r\na.txt;;q1;direct;It is shut\r\n",
    "named.csv": b"sep=;\r\narticle_id;quote_id;text\r\na.txt;q1;It is shut\r\n",
    "tabs.tsv": b"article_id\tquote_id\ttext\r\na.txt\tq1\tIt is shut\r\n",
}


@pytest.mark.parametrize("name", CHANGED)
def test_table_of_quotes_is_never_read_as_articles(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(CHANGED[name])
    (failure,) = Inputs([str(tmp_path / name)], ReadOptions()).read(str(tmp_path / name))
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("a table of quotes that quotekit wrote, not of articles.")
    assert is_stored(str(tmp_path / name))
    with pytest.raises(StoredError, match="is written for spreadsheets and is not read back"):
        read_stored(tmp_path / name)


def test_table_of_articles_is_named_as_such(tmp_path: Path) -> None:
    stored(tmp_path, two_articles(), keep_text=False)
    path = tmp_path / "q.articles.parquet"
    with pytest.raises(StoredError, match=r"this is the table of articles\. Name the table of quotes"):
        list(read_stored(path))
    (failure,) = Inputs([str(path)]).read(str(path))
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("a table of articles that quotekit wrote, without their texts.")


def test_columns_taken_out(tmp_path: Path) -> None:
    path = stored(tmp_path, two_articles())
    pq.write_table(pq.read_table(path).drop_columns(["start", "speaker"]), path)
    assert is_stored(str(path))
    with pytest.raises(StoredError, match="it has no column 'speaker'"):
        list(read_stored(path))
