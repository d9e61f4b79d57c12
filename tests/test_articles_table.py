"""The table of articles beside the quotes: a row for each article, whole with the quotes or not there."""

from __future__ import annotations

import csv
import os
import stat
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quotekit.batch import job, write, write_articles
from quotekit.batch.articles_table import is_articles_table
from quotekit.batch.beside import articles_of, errors_of
from quotekit.batch.job import Job, Start
from quotekit.batch.reading import Inputs, ReadOptions
from quotekit.batch.records import Result
from quotekit.batch.state import JournalError
from quotekit.batch.tables import ARTICLES
from quotekit.output.target import OutputError
from quotekit.processes.pool import Alone
from quotekit.terminal.progress import Watch

pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("zstandard")

sys.path.insert(0, str(Path(__file__).parent))

from made_results import quote, speaker  # noqa: E402
from stand_ins import Echo, articles  # noqa: E402

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
        return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]
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
