"""Outputs: whole or not there, the same bytes each time, in little memory, and no formula in them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import os
import stat
import sys
import weakref
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from quotekit.batch import writing
from quotekit.batch.records import Failure, Result
from quotekit.batch.schema import COLUMNS, ERROR
from quotekit.batch.tables import ARTICLES_TABLE, QUOTES_TABLE, carried_as, carried_name
from quotekit.batch.writing import check, error_line, parquet, write, write_errors
from quotekit.batch.writing.jsonl import json_line
from quotekit.errors import QuotekitError
from quotekit.known.roster import Row
from quotekit.known.roster_files import roster_csv
from quotekit.models import Position, Quote, Speaker, SpeakerMention, TextSpan
from quotekit.output.cells import guarded, unguarded
from quotekit.output.target import OutputError, Target

FILES = [".jsonl", ".ndjson", ".csv", ".tsv", ".jsonl.gz", ".jsonl.zst", ".csv.gz", ".csv.zst", ".parquet"]


def a_quote(number: int = 1, text: str = "it works", name: str = "Ann Lee") -> Quote:
    return Quote(
        id=f"q{number}",
        kind="indirect",
        act="statement",
        text=text,
        content=(TextSpan(start=0, end=len(text), text=text),),
        speaker=Speaker(
            id="s1", name=name, kind="person", mentions=(SpeakerMention(start=9, end=12, text="she", rule="x"),)
        ),
        source=TextSpan(start=9, end=12, text="she"),
        verb="say",
        cue=TextSpan(start=13, end=17, text="said"),
        position=Position(start=0, end=len(text), paragraph=0, sentence=0),
        confidence=0.9,
        rule="en.clause",
    )


def results(count: int = 3) -> list[Result]:
    return [
        Result(f"a{i}.txt", [a_quote(1), a_quote(2)], date(2026, 1, 31), {"desk": "city", "n": i}, "it works")
        for i in range(count)
    ]


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


# forms


@pytest.mark.parametrize("ending", FILES)
def test_same_results_same_bytes(ending: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}{ending.upper()}" for name in ("a", "another")]
    for path in paths:
        write(results, path, keep_text=True)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert len(first) > 100
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "quotes.jsonl"
    write(lambda: [Result("a.txt", []), *results(1)], path)
    bare, full = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert bare == {"id": "a.txt", "quotes": []}
    assert list(full) == ["id", "date", "fields", "quotes"]
    assert full["date"] == "2026-01-31"
    assert full["fields"] == {"desk": "city", "n": 0}
    assert full["quotes"][0] == json.loads(a_quote().model_dump_json())
    write(lambda: results(1), path, keep_text=True)
    assert list(json.loads(path.read_text(encoding="utf-8"))) == ["id", "date", "fields", "text", "quotes"]


def test_json_has_no_nan() -> None:
    line = json_line(Result("a", [], fields={"x": math.nan, "y": [math.inf, 1.5, {"z": -math.inf}], "é": "é"}))
    assert json.loads(line)["fields"] == {"x": None, "y": [None, 1.5, {"z": None}], "é": "é"}
    assert b"NaN" not in line
    assert "é".encode() in line


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    write(results, path, keep_text=True)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfarticle_id,article_date,quote_id,kind,")
    assert data.count(b"\r\n") == data.count(b"\n") == 7
    header, *rows = table(path)
    assert header == [*(column.name for column in QUOTES_TABLE.named(keep_text=True)), "desk", "n"]
    row = dict(zip(header, rows[0], strict=True))
    assert row["speaker"] == "Ann Lee"
    assert row["speaker_role"] == ""
    assert row["confidence"] == "0.9"
    assert json.loads(row["content"]) == [{"start": 0, "end": 8, "text": "it works"}]
    assert json.loads(row["mentions"]) == [{"start": 9, "end": 12, "text": "she", "rule": "x"}]
    # The text once an article.
    assert [row[header.index("article_text")] for row in rows] == ["it works", ""] * 3


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    write(results, path, keep_text=True)
    read = pq.read_table(path)
    assert read.schema.names == [*(column.name for column in QUOTES_TABLE.named(keep_text=True)), "desk", "n"]
    assert read.schema.metadata[b"quotekit.schema"] == b"1"
    types = {field.name: str(field.type) for field in read.schema}
    assert types["article_date"] == "date32[day]"
    assert types["start"] == "int64"
    assert types["confidence"] == "double"
    assert types["content"] == "list<element: struct<start: int64, end: int64, text: string>>"
    assert types["n"] == "int64"
    assert read.column("article_text").to_pylist() == ["it works", None] * 3
    assert read.column("n").to_pylist() == [0, 0, 1, 1, 2, 2]


def test_empty_outputs_have_columns(tmp_path: Path) -> None:
    for ending in (".csv", ".parquet"):
        write(list, tmp_path / f"none{ending}")
    assert table(tmp_path / "none.csv") == [[column.name for column in QUOTES_TABLE.named(keep_text=False)]]
    assert pq.read_table(tmp_path / "none.parquet").schema.names == [
        column.name for column in QUOTES_TABLE.named(keep_text=False)
    ]


HOLDS: list[tuple[list[Any], str, list[Any]]] = [
    (["a", None], "string", ["a", None]),
    ([1, None, -5], "int64", [1, None, -5]),
    ([1, 2.5], "double", [1.0, 2.5]),
    ([0.5, math.inf, math.nan], "double", [0.5, None, None]),
    ([True, None], "bool", [True, None]),
    ([None], "string", [None]),
    ([2**63], "string", [str(2**63)]),
    ([2**53 + 1, 0.5], "string", [str(2**53 + 1), "0.5"]),
    ([True, 1], "string", ["true", "1"]),
    (["a", 1], "string", ['"a"', "1"]),
    ([["a"], None], "string", ['["a"]', None]),
    ([{"é": [1]}], "string", ['{"é": [1]}']),
    (["a\ud800"], "string", ["a\ufffd"]),
    ([["\ud800", 1]], "string", ['["\ufffd", 1]']),
]


@pytest.mark.parametrize(
    ("values", "kind", "cells"), HOLDS, ids=lambda value: str(value).encode("ascii", "replace").decode()
)
def test_types_of_carried_columns(values: list[Any], kind: str, cells: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    write(lambda: [Result(str(i), [a_quote()], fields={"x": value}) for i, value in enumerate(values)], path)
    column = pq.read_table(path).column("x")
    assert (str(column.type), column.to_pylist()) == (kind, cells)


def test_clashing_carried_columns() -> None:
    names = ["Text", "input_text", "input_input_rule", "article_text", "error", "desk", "input_desk", ""]
    columns = [carried_as(name) for name in names]
    assert columns == [
        "input_Text", "input_input_text", "input_input_input_rule", "input_article_text", "input_error", "desk",
        "input_desk", "",
    ]  # fmt: skip
    assert [carried_name(column) for column in columns] == names
    assert {carried_name(column.name) for column in (*COLUMNS, ERROR)} == {None}


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_indistinguishable_carried_columns(ending: str, tmp_path: Path) -> None:
    names = ["a\ud800", "a\ud801", "a\ufffd_2", "a\ufffd", "a\0"]
    path = tmp_path / f"quotes{ending}"
    write(lambda: [Result("a", [a_quote()], fields={name: str(i) for i, name in enumerate(names)})], path)
    nul = "a\ufffd_5" if ending == ".csv" else "a\0"
    columns = ["a\ufffd_3", "a\ufffd_4", "a\ufffd_2", "a\ufffd", nul]
    names = table(path)[0] if ending == ".csv" else pq.read_table(path).schema.names
    assert names[-5:] == columns


@pytest.mark.skipif(sys.platform == "win32", reason="folders are opened as on Unix")
def test_file_is_synced_before_and_after_it_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, done = tmp_path / "quotes.csv", []

    def synced(descriptor: int) -> None:
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        done.append(("folder" if folder else "file", path.exists()))

    monkeypatch.setattr(os, "fsync", synced)
    write(list, path)
    assert done == [("file", False), ("folder", True)]


def test_order_of_carried_columns(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    write(lambda: [Result("a", [a_quote()], fields={name: 1}) for name in ("z", "a", "z", "m")], path)
    header, *rows = table(path)
    assert header[-3:] == ["z", "a", "m"]
    assert [row[-3:] for row in rows] == [["1", "", ""], ["", "1", ""], ["1", "", ""], ["", "", "1"]]


# formulas

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\x0b+x",
    "＝1+1", "＋1", "－1", "＠A1", "=", "-", "-- he said", "+49 30 1234", "'=1", "''-x", "\ttext", "-1e", "- 5",
    "\x00=1", "\x1c@x", "=HYPERLINK(\"x\")", "=cmd|'/C calc'!A0", "\xad=1",
]  # fmt: skip
PLAIN = ["", "it works", "a=1", "5", "-5", "+5.25", "-1.5e-3", "'Tis so", "–dash", "“Yes”", "1-2", "[]", "{}", "a\n=1"]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_formulas_get_an_apostrophe(text: str, tmp_path: Path) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text
    path = tmp_path / "quotes.csv"
    fields = {text: text, "list": [text]}
    write(lambda: [Result(text, [a_quote(text=text, name=text)], fields=fields, text=text)], path, keep_text=True)
    for cell in [cell for row in table(path) for cell in row]:
        assert cell.lstrip(" \t\r\n\x0b\x1c\ufffd\u00a0\xad\u200b\ufeff")[:1] not in set("=+-@＝＋－＠")
    header, row = table(path)
    written = text.replace("\0", "\ufffd")
    assert [header[-2], row[0], row[-2]] == ["'" + written] * 3


@pytest.mark.parametrize("text", PLAIN[1:], ids=ascii)
def test_plain_cells_are_unchanged(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


def test_numbers_are_not_guarded(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    values = [-5, -0.5, 10**20, True, "-7", None, "", [-1], math.nan]
    write(lambda: [Result("a", [a_quote()], fields={"x": value}) for value in values], path)
    cells = [row[-1] for row in table(path)[1:]]
    assert cells == ["-5", "-0.5", str(10**20), "true", "-7", "", "", "[-1]", ""]


def test_list_of_speakers_is_guarded(tmp_path: Path) -> None:
    from quotekit.known.matching import KnownSpeakers

    path = tmp_path / "known.csv"
    path.write_bytes(roster_csv([Row("=Q1", ("@Ann Lee", "Lee"), ("-", "+ Judge"), None, 2, 1, "person")]))
    _, row = table(path)
    assert row == ["'=Q1", "'@Ann Lee;Lee", "'-;+ Judge", "", "", "", "person", "", "", "2", "1", "", "", ""]
    (entry,) = KnownSpeakers.read(path)
    assert (entry.id, entry.names, entry.roles) == ("=Q1", ("@Ann Lee", "Lee"), ("-", "+ Judge"))


# files


@pytest.mark.parametrize("name", ["q", "q.json", "q.txt", "q.gz", "q.xlsx.gz", "q.parquet.gz", "q.parquet.zst", ".csv"])
def test_unknown_endings(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for act in (check, lambda path: write(results, path)):
        with pytest.raises(OutputError) as error:
            act(path)
        assert name in str(error.value)
        assert ".jsonl" in str(error.value)
        assert ".parquet" in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "module", "extra"),
    [(".parquet", "pyarrow", "parquet"), (".csv.zst", "zstandard", "zstd"), (".parquet", "pyarrow.parquet", "parquet")],
)
def test_missing_library_is_reported_early(
    ending: str, module: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(QuotekitError, match=rf'python -m pip install "\.\[{extra}\]"'):
        check(tmp_path / f"quotes{ending}")


@pytest.mark.parametrize("ending", FILES)
def test_full_disk_leaves_no_file(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"quotes{ending}"
    path.write_bytes(b"before")

    class Full(Target):
        def __init__(self, path: Path | None, **more: Any) -> None:
            super().__init__(path, **more)
            self._stream.close()
            self._stream = _FullDisk()  # type: ignore[assignment]

    monkeypatch.setattr(writing, "Target", Full)
    with pytest.raises(OutputError, match=r"cannot write .*no space left on device"):
        write(lambda: results(500), path, keep_text=True)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


class _FullDisk(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("ending", FILES)
def test_failing_results_leave_no_file(ending: str, tmp_path: Path) -> None:
    def broken() -> Iterator[Result]:
        yield from results(2)
        raise RuntimeError("lost")

    with pytest.raises(RuntimeError, match="lost"):
        write(broken, tmp_path / f"quotes{ending}")
    assert list(tmp_path.iterdir()) == []


class Seen:
    """Counts how many of its results live at once."""

    def __init__(self, count: int) -> None:
        self.count, self.living, self.most = count, 0, 0

    def _gone(self, _: object) -> None:
        self.living -= 1

    def __call__(self) -> Iterator[Result]:
        quote = a_quote()
        held: dict[int, Any] = {}
        for i in range(self.count):
            result = _Watched(f"a{i}", [quote], fields={"n": i}, text="it works")
            held[i] = weakref.ref(result, self._gone)
            self.living += 1
            self.most = max(self.most, self.living)
            yield result
            del result


class _Watched(Result):
    """A result that can be watched."""


@pytest.mark.parametrize("ending", [".jsonl", ".csv.gz", ".parquet"])
def test_memory_does_not_grow_with_the_results(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 100)
    held: list[int] = []
    before = parquet.batch_of
    monkeypatch.setattr(parquet, "batch_of", lambda rows, schema: held.append(len(rows)) or before(rows, schema))
    seen = Seen(2000)
    write(seen, tmp_path / f"quotes{ending}", keep_text=True)
    assert seen.most <= 3
    assert max(held, default=0) <= 100
    if ending == ".parquet":
        assert pq.ParquetFile(tmp_path / "quotes.parquet").metadata.num_row_groups == 20


def test_long_texts_end_a_row_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "CHARACTERS", 1000)
    path = tmp_path / "quotes.parquet"
    write(lambda: [Result(str(i), [a_quote()], text="x" * 2000) for i in range(4)], path, keep_text=True)
    assert pq.ParquetFile(path).metadata.num_row_groups == 4


def test_pieces_are_written_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    before = Target.write
    monkeypatch.setattr(Target, "write", lambda self, data: (sizes.append(len(data)), before(self, data))[1])
    write(lambda: results(300), tmp_path / "quotes.jsonl")
    assert len(sizes) < 10
    assert sum(sizes) == (tmp_path / "quotes.jsonl").stat().st_size


def test_gzip_without_name_and_time(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv.gz"
    write(results, path)
    assert path.read_bytes()[3:8] == b"\0\0\0\0\0"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 7


# failures


@pytest.mark.parametrize(
    ("failure", "record"),
    [
        (Failure("a.txt", "no such file"), {"path": "a.txt", "reason": "no such file"}),
        (Failure("a.txt", "no", 0, "a.txt"), {"path": "a.txt", "id": "a.txt", "reason": "no"}),
        (Failure("n.csv", "no", 0, "n.csv#1"), {"path": "n.csv", "record": 0, "id": "n.csv#1", "reason": "no"}),
        (Failure("n.csv", "no\ud800", 7), {"path": "n.csv", "record": 7, "reason": "no\ud800"}),
    ],
)
def test_error_lines(failure: Failure, record: dict[str, Any]) -> None:
    line = error_line(failure)
    assert line.endswith(b"\n")
    assert json.loads(line) == record


def test_errors_file(tmp_path: Path) -> None:
    path = tmp_path / "quotes.errors.jsonl"
    write_errors((Failure("a.txt", "no", i) for i in range(1, 4)), path)
    assert [json.loads(line)["record"] for line in path.read_text(encoding="utf-8").splitlines()] == [1, 2, 3]


# documentation


def test_columns_are_documented() -> None:
    docs = Path(__file__).parents[1] / "docs"
    page = (docs / "outputs.md").read_text(encoding="utf-8")
    for heading, table in (("### Quotes", QUOTES_TABLE), ("### Articles", ARTICLES_TABLE)):
        section = page.partition(heading)[2].partition("\n#")[0]
        rows = {row.split("`")[1]: row for row in section.splitlines() if row.startswith("| `")}
        columns = table.named(keep_text=True)
        assert list(rows) == [column.name for column in columns]
        for column in columns:
            assert rows[column.name].endswith(f"| {'yes' if column.empty else ''} | {column.meaning} |")
    assert f"`{ERROR.name}`" in (docs / "engines.md").read_text(encoding="utf-8")
