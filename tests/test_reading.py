"""Inputs: which files paths stand for, and what each format's articles, ids, dates and columns are."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from quotekit.article.paragraphs import read_article
from quotekit.batch.reading import ENDINGS, Inputs, ReadOptions, read_items, read_one
from quotekit.batch.records import Failure, Record

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("trafilatura")
zstandard = pytest.importorskip("zstandard")


DOCS = Path(__file__).parents[1] / "docs"

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="special files as on Unix")

PAGE = """<!DOCTYPE html><html><head><title>Pier closes</title>
<meta property="article:published_time" content="2026-01-31T10:00:00Z"></head><body>
<nav><a href="/a">Home</a> <a href="/b">Weather</a></nav><article><h1>Pier closes after storm</h1>
<p>The pier
 was closed, Ann Lee said on Monday. It will stay closed<br>until spring, she added.</p>
<p>“We had <em>no</em> choice,” she said, “and <a href="https://example.org">no money</a>.” Nobody was hurt.</p>
<blockquote><p>We will rebuild.</p><p>And soon.</p></blockquote><ul><li>Point one.</li><li>Point two.</li></ul>
<p>The council of Brill meets on Tuesday to decide, according to a spokeswoman who did not want to be named.</p>
</article><footer>Copyright of nobody</footer></body></html>"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, content: str | bytes = "It rained.") -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return target


def table(path: str, columns: dict[str, Any], **more: Any) -> Path:
    parquet.write_table(pyarrow.table(columns), path, **more)
    return Path(path)


def read(path: str, **options: Any) -> list[Record | Failure]:
    return list(read_items(path, ReadOptions(**options)))


def records(path: str, **options: Any) -> list[Record]:
    items = read(path, **options)
    assert all(isinstance(item, Record) for item in items), items
    return items  # type: ignore[return-value]


class TestPaths:
    @pytest.mark.parametrize(
        ("paths", "found"),
        [
            (["news"], "news/B.MD news/a.txt news/p.html news/t.csv.gz news/m/d.jsonl.zst news/m/x/e.txt news/z/c.txt"),
            (["news/a.txt", "news/z", "./news/a.txt", "news/z/c.txt"], "news/a.txt news/z/c.txt"),
            (["news/q.log", "news/.h.txt"], "news/q.log news/.h.txt"),
            (["news/*.txt"], "news/a.txt"),
            (["news/**/*.txt"], "news/a.txt news/m/x/e.txt news/z/c.txt"),
            (["news/?/*"], "news/m/d.jsonl.zst news/m/x/e.txt news/z/c.txt"),
            (["news/[!m]/*.txt"], "news/z/c.txt"),
            (["**/x/**/e.txt"], "news/m/x/e.txt"),
            (["news/m/**"], "news/m/d.jsonl.zst news/m/x/e.txt"),
            (["**"], "news/B.MD news/a.txt news/p.html news/t.csv.gz news/m/d.jsonl.zst news/m/x/e.txt news/z/c.txt"),
            (["news/a**"], "news/a.txt"),
            (["news/*.log"], "news/q.log"),
            (["*"], "news/B.MD news/a.txt news/p.html news/t.csv.gz news/m/d.jsonl.zst news/m/x/e.txt news/z/c.txt"),
            (["-", "news/z", "-"], "- news/z/c.txt"),
        ],
    )
    def test_paths_name_inputs(self, paths: list[str], found: str) -> None:
        for name in ("B.MD", "a.txt", "p.html", "q.log", "t.csv.gz", ".h.txt", ".git/g.txt", "z/c.txt"):
            write(f"news/{name}")
        for name in ("d.jsonl.zst", "x/e.txt", "x/.e/f.txt"):
            write(f"news/m/{name}")
        inputs = Inputs(paths)
        assert [source.replace(os.sep, "/") for source in inputs.sources] == found.split()
        assert inputs.problems == []

    def test_format_selects_endings_in_folders(self) -> None:
        for name in ("a.txt", "b.jsonl", "c.ndjson.gz"):
            write(f"news/{name}")
        inputs = Inputs(["news"], ReadOptions(format="jsonl"))
        assert inputs.sources == [os.path.join("news", name) for name in ("b.jsonl", "c.ndjson.gz")]

    def test_existing_file_is_not_a_pattern(self) -> None:
        write("news/[1].txt")
        write("news/1.txt")
        assert Inputs(["news/[1].txt"]).sources == ["news/[1].txt"]

    def test_excluded_files_are_skipped_unless_named(self) -> None:
        for name in ("a.txt", "out.jsonl", "out.errors.jsonl"):
            write(f"news/{name}")
        out = ["news/out.jsonl", Path("news") / "out.errors.jsonl", "news/none.jsonl"]
        assert Inputs(["news"], exclude=out).sources == [os.path.join("news", "a.txt")]
        assert Inputs(["news/*.*"], exclude=out).sources == ["news/a.txt"]
        assert Inputs(["news/out.jsonl"], exclude=out).sources == ["news/out.jsonl"]

    def test_folder_of_excluded_files_is_not_a_problem(self) -> None:
        write("news/out.jsonl")
        inputs = Inputs(["news"], exclude=["news/out.jsonl"])
        assert (inputs.sources, inputs.problems) == ([], [])

    @needs_links
    def test_links_are_followed_only_if_named(self) -> None:
        write("news/a.txt")
        write("other/b.txt")
        for link, target in (("b.txt", "other/b.txt"), ("other", "other"), ("again", "news")):
            os.symlink(Path(target).resolve(), f"news/{link}")
        inside = [os.path.join("news", "a.txt")]
        assert Inputs(["news"]).sources == inside
        assert Inputs(["news/**/*.txt"]).sources == ["news/a.txt"]
        assert Inputs(["news/b.txt", "news/other"]).sources == ["news/b.txt"]
        assert Inputs(["news/again"]).sources == ["news/again/a.txt"]
        assert Inputs(["news/again", "news"]).sources == ["news/again/a.txt"]

    @needs_posix
    def test_special_files_in_a_folder_are_skipped(self) -> None:
        write("news/a.txt")
        os.mkfifo("news/pipe.txt")
        assert Inputs(["news"]).sources == ["news/a.txt"]

    @needs_posix
    def test_names_that_are_not_utf_8(self) -> None:
        name = os.path.join("news", os.fsdecode(b"caf\xe9.txt"))
        write(name)
        assert Inputs(["news"]).sources == [name]
        assert [record.id for record in records(name)] == [name]

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("none.txt", "no such file or folder. Check the spelling and the folder you are in."),
            ("none/*.txt", "no file matches this pattern. Check the spelling and the folder you are in."),
            ("empty/*.txt", "no file matches this pattern. Check the spelling and the folder you are in."),
            ("empty", "no file in this folder is read; it has 1 .log. Name files of other endings one by one."),
            ("a\0b", "a name with a NUL character in it. Check the spelling."),
        ],
    )
    def test_paths_without_inputs(self, path: str, reason: str) -> None:
        write("empty/a.log")
        inputs = Inputs([path])
        assert inputs.sources == []
        assert [problem.source for problem in inputs.problems] == [path]
        assert inputs.problems[0].reason.startswith(reason)

    def test_unreadable_folder_is_one_problem(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("news/a.txt")
        write("news/m/b.txt")
        write("news/z/c.txt")
        scandir = os.scandir

        def scan(path: str) -> Any:
            if path.endswith("m"):
                raise PermissionError(13, "Permission denied", path)
            return scandir(path)

        monkeypatch.setattr("quotekit.batch.reading.finding.os.scandir", scan)
        inputs = Inputs(["news"])
        assert inputs.sources == [os.path.join("news", "a.txt"), os.path.join("news", "z", "c.txt")]
        assert inputs.problems == [
            Failure(
                os.path.join("news", "m"),
                "no permission to read it. Check its permissions, for example with ls -l.",
            )
        ]

    def test_patterns_list_only_folders_that_can_match(self) -> None:
        write("news/a.txt")
        write("other/deep/b.txt")
        # In a process of its own: an audit hook stays, and a patch of os.scandir does not reach pathlib in Python 3.13.
        code = (
            "import os, sys; from quotekit.batch.reading import Inputs; looked = []; "
            "sys.addaudithook(lambda event, on: event == 'os.scandir' and looked.append(os.path.normpath(on[0]))); "
            "sources = Inputs(['n*/*.txt']).sources; print(sources, looked)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout == f"{[os.path.join('news', 'a.txt')]} {[os.curdir, 'news']}\n"

    def test_folders_deeper_than_the_recursion_limit(self) -> None:
        deep = Path(*["d"] * 400)
        deep.mkdir(parents=True)
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(300)
        try:
            assert len(Inputs(["d"]).problems) == 1
        finally:
            sys.setrecursionlimit(before)


ONE = {
    "a.txt": b"Caf\xc3\xa9.\r\nTwo.",
    "bom.txt": b"\xef\xbb\xbfCaf\xc3\xa9.\r\nTwo.",
    "bom16.txt": "Café.\r\nTwo.".encode("utf-16"),
    "bom16be.txt": b"\xfe\xff" + "Café.\r\nTwo.".encode("utf-16-be"),
    "bom32.txt": "Café.\r\nTwo.".encode("utf-32"),
    "cp1252.txt": b"Caf\xe9.\r\nTwo.",
    "a.md": b"Caf\xc3\xa9.\r\nTwo.",
    "a.text": b"Caf\xc3\xa9.\r\nTwo.",
    "a.txt.gz": gzip.compress("Café.\r\nTwo.".encode()),
    "two members.txt.gz": gzip.compress("Café.\r\n".encode()) + gzip.compress(b"Two."),
    "a.txt.zst": zstandard.compress("Café.\r\nTwo.".encode()),
    "two frames.txt.zst": zstandard.compress("Café.\r\n".encode()) + zstandard.compress(b"Two."),
    "not called so.txt": gzip.compress("Café.\r\nTwo.".encode()),
    "a.json": b'{"text": "Caf\\u00e9.\\r\\nTwo."}',
    "text.json": b'"Caf\\u00e9.\\r\\nTwo."',
}


@pytest.mark.parametrize("name", ONE)
def test_files_of_one_article(name: str) -> None:
    write(name, ONE[name])
    assert read(name) == [Record(name, "Café.\r\nTwo.", name)]
    assert read_one(name) == Record(name, "Café.\r\nTwo.", name)


class TestEncodings:
    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("“It works,” said Ann Lee, who didn’t know – or care – about it. The café is in Zürich.", "cp1252"),
            ("It cost £5, she said.", "cp1252"),
            ("He was naïve, Ann Lee said. " * 3 + "The rest was nothing more than letters. " * 5000, "cp1252"),
            ("The rest was nothing more than letters. " * 5000 + "\nHe was naïve, Ann Lee said.", "cp1252"),
            ("“It works,” said Ann Lee. It’s — fine. " * 20, "mac_roman"),
            ("Привет, мир. Сегодня в Брилле дождь. " * 4, "cp1251"),
            ("今日はブリルで雨が降った。" * 5, "shift_jis"),
        ],
    )
    def test_encoding_is_guessed(self, text: str, encoding: str) -> None:
        write("a.txt", text.encode(encoding))
        assert records("a.txt")[0].text == text

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("text", ["It rained, Ann Lee said.\r\n", "“It works,” said Ann Lee in Zürich.\n" * 900])
    def test_utf_16_without_a_mark(self, text: str, encoding: str) -> None:
        write("a.txt", text.encode(encoding))
        write("a.json", json.dumps({"text": text}).encode(encoding))
        write("a.csv", f'text,id\n"{text}",1\n'.encode(encoding))
        assert [records(name)[0].text for name in ("a.txt", "a.json", "a.csv")] == [text] * 3

    @pytest.mark.parametrize(
        "text",
        [
            "It rained,\0Ann Lee said.\0\0" * 50,
            "\0" * 64,
            "a\0" * 4,
            "a\0" * 40 + "b",
            "a\0" * 400 + "\0\0",
            "a\0\0\0" * 40,
        ],
    )
    def test_utf_8_with_nuls(self, text: str) -> None:
        write("a.txt", text)
        assert records("a.txt")[0].text == text

    def test_named_encoding(self) -> None:
        write("a.txt", "Dźwięk, said Ann Lee.".encode("cp1250"))
        assert records("a.txt", encoding="cp1250")[0].text == "Dźwięk, said Ann Lee."
        assert "not UTF-8 text (byte 0x9f at 1)" in read("a.txt", encoding="utf-8")[0].reason  # type: ignore[union-attr]

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
    def test_encoding_of_tables(self, encoding: str) -> None:
        write("a.csv", 'text,id\n"“Naïve,” she said.",1\n'.encode(encoding))
        assert [record.text for record in records("a.csv")] == ["“Naïve,” she said."]

    def test_page_declares_its_encoding(self) -> None:
        page = PAGE.replace("<head>", '<head><meta charset="iso-8859-2">').replace("Ann Lee", "Ann Łęć")
        write("a.html", page.replace("“", '"').replace("”", '"').encode("iso-8859-2"))
        assert "Ann Łęć said" in records("a.html")[0].text

    @pytest.mark.parametrize("label", ["iso-8859-1", "utf-8", "rot13", "none-such", "unicode_escape"])
    def test_page_declares_a_wrong_encoding(self, label: str) -> None:
        page = PAGE.replace("<head>", f'<head><meta charset="{label}">')
        write("a.html", page.encode("cp1252"))
        assert "“We had no choice,” she said" in records("a.html")[0].text

    def test_guess_must_decode_the_whole_file(self) -> None:
        # Windows-1252 has no letter 0x81; the sample that is judged by does not reach it.
        write("a.txt", "“Naïve,” she said.\n".encode("cp1252") + b"It rained. " * 20_000 + b"\x81")
        assert isinstance(read("a.txt")[0], Failure)

    @pytest.mark.parametrize("name", ["rot13", "hex", "utf-9", "undefined", "a\0b"])
    def test_unknown_encoding(self, name: str) -> None:
        with pytest.raises(ValueError, match="encoding must be one that Python knows"):
            ReadOptions(encoding=name)

    def test_unknown_format(self) -> None:
        with pytest.raises(ValueError, match="not 'jsnl'; did you mean 'json"):
            ReadOptions(format="jsnl")


ROWS = [
    {"text": "One.", "id": "x1", "day": "2026-01-31", "views": 3},
    {"text": "Two “2”,\nand a line.", "id": "x2", "day": "2026-02-01T23:30:00-05:00", "views": 4},
    {"text": "", "id": "", "day": "last week", "views": 5},
]


def as_jsonl() -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in ROWS)


def as_csv(mark: str) -> bytes:
    def cell(value: object) -> str:
        return f'"{value}"'

    lines = [mark.join(ROWS[0]), *(mark.join(cell(value) for value in row.values()) for row in ROWS)]
    return "\n".join(lines).encode()


def as_parquet() -> bytes:
    file = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), file, row_group_size=2)
    return file.getvalue()


MANY: dict[str, Callable[[], bytes]] = {
    "a.json": lambda: json.dumps(ROWS, indent=2).encode(),
    "a.jsonl": as_jsonl,
    "a.ndjson": lambda: as_jsonl().replace(b"\n", b"\r\n\r\n") + b"\n\n",
    "a.jsonl.gz": lambda: gzip.compress(as_jsonl()),
    "a.jsonl.zst": lambda: zstandard.compress(as_jsonl()),
    "a.csv": lambda: as_csv(","),
    "bom.csv": lambda: b"\xef\xbb\xbf" + as_csv(",") + b"\r\n\r\n",
    "a.tsv": lambda: as_csv("\t"),
    "a.csv.zst": lambda: zstandard.compress(as_csv(",")),
    "a.parquet": as_parquet,
    "a.parquet.gz": lambda: gzip.compress(as_parquet()),
}


@pytest.mark.parametrize("name", MANY)
class TestRows:
    def test_id_date_and_the_other_columns(self, name: str) -> None:
        write(name, MANY[name]())
        found = records(name, id_field="id", date_field="day")
        assert [(r.id, r.text, r.index, r.date) for r in found] == [
            ("x1", "One.", 0, date(2026, 1, 31)),
            ("x2", "Two “2”,\nand a line.", 1, date(2026, 2, 1)),
            (f"{name}#3", "", 2, None),
        ]
        shown = str if "sv" in name.partition(".")[2] else int
        assert [r.fields for r in found] == [{"day": row["day"], "views": shown(row["views"])} for row in ROWS]

    def test_numbers_are_ids_by_default(self, name: str) -> None:
        write(name, MANY[name]())
        assert [r.id for r in records(name)] == [f"{name}#{n}" for n in (1, 2, 3)]

    def test_other_text_column(self, name: str) -> None:
        write(name, MANY[name]())
        assert [r.text for r in records(name, text_field="day")] == [row["day"] for row in ROWS]

    def test_missing_column(self, name: str) -> None:
        write(name, MANY[name]())
        failures = read(name, text_field="body")
        assert len(failures) == (3 if "json" in name else 1)
        for failure in failures:
            assert isinstance(failure, Failure)
            assert failure.reason.endswith(
                "no column 'body'; there are 'text', 'id', 'day', 'views'. "
                "Name it with --text-field, perhaps --text-field text."
            )

    def test_format_and_standard_input(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        data = MANY[name]()
        kind = name.split(".")[1].replace("ndjson", "jsonl")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type]
        assert [r.id for r in records("-", format=kind)] == ["-#1", "-#2", "-#3"]
        assert not sys.stdin.closed
        write("named", data)
        assert [r.id for r in records("named", format=kind)] == ["named#1", "named#2", "named#3"]

    @pytest.mark.parametrize("start", range(5))
    def test_reading_starts_at_any_item(self, name: str, start: int) -> None:
        write(name, MANY[name]())
        assert list(Inputs([name]).read(name, start)) == read(name)[start:]


class TestJson:
    def test_one_object_with_an_id(self) -> None:
        write("a.json", '{"id": 7, "text": "It rained.", "day": "2026-01-31"}')
        assert read("a.json", id_field="id", date_field="day") == [
            Record("7", "It rained.", "a.json", 0, date(2026, 1, 31), {"day": "2026-01-31"})
        ]

    def test_plain_texts_and_empty_files(self) -> None:
        write("a.jsonl", '"One."\n"Two."\n')
        write("a.json", '["One.", {"text": "Two."}]')
        write("b.json", "[]")
        write("b.jsonl", "\n\n")
        assert [r.text for r in records("a.jsonl")] == [r.text for r in records("a.json")] == ["One.", "Two."]
        assert read("b.json") == read("b.jsonl") == []

    def test_nan_is_carried_as_null(self) -> None:
        write("a.jsonl", '{"text": "a", "n": NaN, "list": [1e999, -Infinity, 1.5], "in": {"x": NaN}}')
        assert records("a.jsonl")[0].fields == {"n": None, "list": [None, None, 1.5], "in": {"x": None}}

    def test_nan_is_not_an_id(self) -> None:
        write("a.jsonl", '{"text": "a", "id": 1.5}\n{"text": "b", "id": NaN}\n{"text": "c", "id": -Infinity}\n')
        table("a.parquet", {"text": ["a", "b", "c"], "id": [1.5, float("nan"), float("-inf")]})
        for name in ("a.jsonl", "a.parquet"):
            assert [r.id for r in records(name, id_field="id")] == ["1.5", f"{name}#2", f"{name}#3"]

    def test_line_separator_in_a_text(self) -> None:
        write("a.jsonl", '{"text": "a\u2028b\x85c"}\n')
        assert records("a.jsonl")[0].text == "a\u2028b\x85c"


class TestCsv:
    def test_long_cells_and_any_line_ends(self) -> None:
        write("a.csv", "text,n\r" + "x" * 200_000 + ',1\r\n"a\r\nb",2\nc,3')
        assert [(r.text, r.fields["n"]) for r in records("a.csv")] == [
            ("x" * 200_000, "1"),
            ("a\r\nb", "2"),
            ("c", "3"),
        ]

    def test_columns_without_a_name_are_skipped(self) -> None:
        write("a.csv", "text, n ,,\na,1,x,,,\n")
        assert records("a.csv")[0].fields == {"n": "1"}


class TestParquet:
    def test_columns_are_carried_as_json_holds_them(self) -> None:
        moment = datetime(2026, 1, 31, 10, 0, 0, 5, tzinfo=timezone.utc)
        table(
            "a.parquet",
            {
                "text": ["a"],
                "day": [date(2026, 1, 31)],
                "at": [moment],
                "fine": pyarrow.array([10**18 + 1], pyarrow.timestamp("ns")),
                "price": [Decimal("1.10")],
                "share": [float("nan")],
                "tags": [["x", None]],
                "in": [{"a": 1, "b.c": [True]}],
                "a.b": [1],
                "kind": pyarrow.array(["u"]).dictionary_encode(),
                "nothing": [None],
                "photo": [b"x"],
                "photos": [[b"x"]],
                "took": pyarrow.array([1], pyarrow.duration("s")),
            },
        )
        (record,) = records("a.parquet", date_field="at")
        assert record.date == date(2026, 1, 31)
        assert record.fields == {
            "day": "2026-01-31",
            "at": "2026-01-31T10:00:00.000005+00:00",
            "fine": "2001-09-09T01:46:40",
            "price": "1.10",
            "share": None,
            "tags": ["x", None],
            "in": {"a": 1, "b.c": [True]},
            "a.b": 1,
            "kind": "u",
            "nothing": None,
        }
        json.dumps(record.fields, allow_nan=False)

    @pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "null"])
    def test_kinds_of_text(self, kind: str) -> None:
        text = None if kind == "null" else "a"
        if not hasattr(pyarrow, kind):
            pytest.skip("this pyarrow does not know it")
        table("a.parquet", {"text": pyarrow.array([text], getattr(pyarrow, kind)())})
        assert records("a.parquet")[0].text == (text or "")

    def test_timestamps_out_of_range_are_null(self) -> None:
        table("a.parquet", {"text": ["a", "b"], "at": pyarrow.array([2**60, 0], pyarrow.timestamp("ms"))})
        assert [r.fields["at"] for r in records("a.parquet")] == [None, "1970-01-01T00:00:00"]


class TestHtml:
    def test_main_text_in_paragraphs(self) -> None:
        write("a.html", PAGE)
        (record,) = records("a.html")
        assert record.text.split("\n\n") == [
            "Pier closes after storm",
            "The pier was closed, Ann Lee said on Monday. It will stay closed\nuntil spring, she added.",
            "“We had no choice,” she said, “and no money.” Nobody was hurt.",
            "We will rebuild.",
            "And soon.",
            "Point one.",
            "Point two.",
            "The council of Brill meets on Tuesday to decide, according to a spokeswoman who did not want to be named.",
        ]
        assert len(read_article(record.text).paragraphs) == 8
        assert (record.date, record.id, record.fields) == (date(2026, 1, 31), "a.html", {})

    def test_fragment_of_html(self) -> None:
        write("a.htm", "<p>The pier was closed, Ann Lee said on Monday.</p>")
        assert records("a.htm")[0].text == "The pier was closed, Ann Lee said on Monday."

    def test_a_day_that_is_to_come_is_not_an_articles_day(self) -> None:
        write("a.html", PAGE.replace("2026-01-31", "2090-01-31"))
        assert records("a.html")[0].date is None

    def test_html_is_read_deterministically(self) -> None:
        write("a.html", PAGE)
        first = records("a.html")
        assert all(records("a.html") == first for _ in range(5))

    def test_tables_are_kept_row_by_row(self) -> None:
        rows = "<table><tr><td>Year</td><td>Visitors</td></tr><tr><td>2020</td><td>1,000</td></tr></table>"
        write("a.html", PAGE.replace("<ul>", f"{rows}<ul>"))
        assert "Year | Visitors\n\n2020 | 1,000" in records("a.html")[0].text

    @needs_posix
    def test_nothing_is_run_fetched_or_opened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        secret = write("secret.txt", "The secret is out.").resolve()
        page = (
            f'<?xml version="1.0"?><!DOCTYPE html SYSTEM "file://{secret}" [<!ENTITY s SYSTEM "file://{secret}">'
            f'<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>'
            + PAGE.replace("<!DOCTYPE html>", "")
            .replace(
                "<head>",
                f'<head><base href="http://127.0.0.1:9/"><meta http-equiv="refresh" content="0;url=file://{secret}">'
                '<link rel="stylesheet" href="/a.css"><script src="/a.js"></script>'
                '<script>document.write("run")</script>',
            )
            .replace("</article>", f'<p>&s; was it, he said.</p><iframe src="file://{secret}"></iframe><img src="/i">')
            + f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>'
        )
        write("a.html", page)
        records("a.html")
        opened: list[str] = []

        def watch(event: str, args: tuple[Any, ...]) -> None:
            if watching and event.partition(".")[0] in ("open", "socket", "subprocess", "urllib", "os", "exec"):
                opened.append(f"{event} {args[0] if args else ''}")

        watching = True
        sys.addaudithook(watch)
        try:
            (record,) = records("a.html")
        finally:
            watching = False
        assert "secret" not in record.text.replace(str(secret), "")
        assert "run" not in record.text.split()
        assert opened == ["open a.html"]

    def test_libraries_print_nothing(self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        write("a.html", "<html><body></body></html>")
        assert len(read("a.html")) == 1
        assert caplog.records == []
        assert capfd.readouterr() == ("", "")


ROW = b"It rained on the pier. " * 2_000
BIG = {
    "a.jsonl": lambda: (b'{"text": "' + ROW + b'"}\n') * 1_100,
    "a.csv": lambda: b"text,n\n" + (ROW + b",1\n") * 1_100,
}


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl", ""), ("a.jsonl", ".gz"), ("a.csv", ".zst")])
def test_fifty_megabytes_of_rows_need_little_memory(name: str, pack: str) -> None:
    data = BIG[name]()
    assert len(data) > 50_000_000
    write(name + pack, {"": bytes, ".gz": gzip_fast, ".zst": zstandard.compress}[pack](data))
    del data
    tracemalloc.start()
    try:
        count = sum(isinstance(item, Record) for item in read_items(name + pack))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 1_100
    assert peak < 12_000_000


def gzip_fast(data: bytes) -> bytes:
    return gzip.compress(data, 1)


def test_parquet_is_read_page_by_page() -> None:
    texts = [f"{n} " + "It rained on the pier. " * 200 for n in range(10_000)]
    table("a.parquet", {"text": texts}, use_dictionary=False, compression="none")
    assert parquet.ParquetFile("a.parquet").num_row_groups == 1
    size = sum(map(len, texts))
    del texts
    # A pool of its own would not be the one that is read with: what it has seen before counts too.
    before = pyarrow.total_allocated_bytes()
    most = 0
    for _ in read_items("a.parquet"):
        most = max(most, pyarrow.total_allocated_bytes() - before)
    assert 0 < most < size / 4


def test_every_ending_and_limit_is_in_the_documentation() -> None:
    page = (DOCS / "reading.md").read_text(encoding="utf-8")
    section = page.partition("## Formats")[2].partition("###")[0]
    for name, endings in ENDINGS.items():
        assert f"`{name}`" in section
        assert all(f"`{ending}`" in section for ending in endings)


def test_fifty_megabytes_of_text_are_one_article() -> None:
    write("a.txt", b"It rained on the pier. " * 2_300_000)
    assert len(records("a.txt")[0].text) == 23 * 2_300_000


def test_usual_columns_of_dates() -> None:
    rows = [{"text": "a", "publishedAt": "2026-01-31T08:00:00Z"}, {"text": "b", "date": "01/02/2026"}, {"text": "c"}]
    write("a.json", json.dumps({"articles": rows}).encode())
    assert [(r.date and r.date.isoformat(), r.notes) for r in records("a.json")] == [
        ("2026-01-31", ()), (None, ()), (None, ()),
    ]  # fmt: skip
    assert records("a.json", date_field="date")[1].notes == ("date",)


def test_object_of_rows_as_pandas_writes_it() -> None:
    write("a.json", json.dumps({"0": {"text": "a"}, "1": {"text": "b"}}).encode())
    assert [r.text for r in records("a.json")] == ["a", "b"]


def test_front_matter_of_toml() -> None:
    write("a.md", b'+++\ntitle = "Pier shut"\ndate = 2026-01-31\n+++\n\nIt rained.\n')
    (record,) = records("a.md")
    assert (record.text, record.about, str(record.date)) == ("It rained.\n", {"title": "Pier shut"}, "2026-01-31")


def test_identifiers_are_no_addresses() -> None:
    write("a.json", b'{"text": "a", "uri": "urn:x:1", "byline": "By Ann Lee"}')
    assert records("a.json")[0].about == {"author": "Ann Lee"}


def test_column_with_the_longest_text_is_proposed() -> None:
    body = "The pier is shut, Ann Lee said. " * 3
    write("a.json", json.dumps({"results": [{"webTitle": "Pier shut", "fields": {"bodyText": body}}]}).encode())
    (failure,) = read("a.json")
    assert isinstance(failure, Failure)
    assert failure.reason.endswith("Name it with --text-field, perhaps --text-field fields.bodyText.")


@pytest.mark.parametrize(("header", "such"), [("id,Body", ", perhaps --text-field Body"), ("id,day", "")])
def test_column_with_a_usual_name_is_proposed(header: str, such: str) -> None:
    write("a.csv", f"{header}\n1,It rained.\n")
    (failure,) = read("a.csv")
    assert isinstance(failure, Failure)
    assert failure.reason.endswith(f"Name it with --text-field{such}.")


def test_two_line_breaks_of_a_page_end_a_paragraph() -> None:
    pytest.importorskip("trafilatura")
    write(
        "a.html", "<html><body><div>The pier is shut, Ann Lee said.<br><br>It rained.<br>It snowed.</div></body></html>"
    )
    assert records("a.html")[0].text == "The pier is shut, Ann Lee said.\n\nIt rained.\nIt snowed."
