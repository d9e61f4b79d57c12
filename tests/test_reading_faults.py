"""What goes wrong with inputs: each fault is one failure that says what to do, and nothing else is lost for it."""

from __future__ import annotations

import gzip
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quotekit.batch.reading import Inputs, ReadOptions, json_rows, opening, read_items, read_one, texts
from quotekit.batch.reading.faults import Fault, library
from quotekit.batch.records import Failure, Record
from quotekit.errors import InputError

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("trafilatura")
zstandard = pytest.importorskip("zstandard")

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and devices as on Unix")

BINARY = bytes(range(256)) * 8
LATER = "Get the file again, or repack it."


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, content: str | bytes) -> str:
    Path(path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: str, **options: Any) -> list[Record | Failure]:
    return list(read_items(path, ReadOptions(**options)))


def a_parquet(columns: dict[str, Any]) -> bytes:
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.table(columns), sink)
    return bytes(sink.getvalue().to_pybytes())


WHOLE: dict[str, tuple[bytes | Callable[[], bytes], dict[str, Any], str]] = {
    "binary.txt": (BINARY, {}, "not a text file. Name text files only."),
    "binary.csv": (BINARY, {}, "not a text file. Name text files only."),
    "binary.json": (BINARY, {}, "not a text file. Name text files only."),
    "binary.html": (BINARY, {}, "not a text file. Name text files only."),
    "noise.txt": (
        bytes(b for b in BINARY if b),
        {},
        "neither UTF-8 text (byte 0x80 at 127) nor in another encoding that can be detected. "
        "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only.",
    ),
    "wrong.txt": (
        b"caf\xe9",
        {"encoding": "ascii"},
        "not ASCII text (byte 0xe9 at 3). "
        "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only.",
    ),
    "stray.txt": (
        "“Naïve,” she said of ".encode() + b"caf\xe9s.",
        {},
        "neither UTF-8 text (byte 0xe9 at 29) nor in another encoding that can be detected. "
        "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only.",
    ),
    "half.txt": (
        b"\xff\xfea\0b",
        {},
        "not UTF-16 text as its first bytes say (byte 0x62 at 4). "
        "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only.",
    ),
    "empty.html": (
        b"",
        {},
        "no main text in this HTML. If it has an article, save that as a .txt file.",
    ),
    "script.html": (
        b"<html><body><script>say('it')</script></body></html>",
        {},
        "no main text in this HTML. If it has an article, save that as a .txt file.",
    ),
    "big.html": (
        lambda: b"<p>It rained.</p>" * 1_300_000,
        {},
        "more than 16 MiB, too much for one article. Split it, or give many articles as JSON Lines, CSV or Parquet.",
    ),
    "deep.html": (
        b"<html><body>" + b"<div>a" * 100_000,
        {},
        "HTML of more than 100,000 tags, too much for one article. Save its text as a .txt file.",
    ),
    "attributes.html": (
        b"<html><body><p " + b" ".join(b"a%d=1" % i for i in range(500_000)) + b">It rained.</p>",
        {},
        "HTML with a tag of more than 1,000 attributes. Save its text as a .txt file.",
    ),
    "empty.json": (
        b"",
        {},
        "not JSON (Expecting value, column 1). "
        "Make it valid JSON; for one object on each line call it .jsonl, or say so with --input-format jsonl.",
    ),
    "lines.json": (
        b'{"text": "a"}\n{"text": "b"}\n',
        {},
        "not JSON (Extra data, line 2, column 1). "
        "Make it valid JSON; for one object on each line call it .jsonl, or say so with --input-format jsonl.",
    ),
    "deep.json": (
        b"[" * 100_000,
        {},
        "not JSON (too deep). "
        "Make it valid JSON; for one object on each line call it .jsonl, or say so with --input-format jsonl.",
    ),
    "nested.json": (
        b'[{"text": "a", "x": ' + b"[" * 400 + b"]" * 400 + b"}]",
        {},
        "item 1: a value of more than 100 levels. Leave it out.",
    ),
    "number.json": (b"7", {}, 'the object: must be an object or a text, not a number. Write {"text": "..."}.'),
    "wrapped.json": (
        b'{"articles": []}',
        {},
        "the object: no column 'text'; there are 'articles'. Name it with --text-field.",
    ),
    "empty.csv": (b"", {}, "no header with the columns' names. Write them in the first row."),
    "column.csv": (
        b"id,body\n1,a\n",
        {},
        "no column 'text'; there are 'id', 'body'. Name it with --text-field, perhaps --text-field body.",
    ),
    "column.tsv": (
        b"id\tbody\n1\ta\n",
        {},
        "no column 'text'; there are 'id', 'body'. Name it with --text-field, perhaps --text-field body.",
    ),
    "id.csv": (
        b"id,text\n1,a\n",
        {"id_field": "key"},
        "no column 'key'; there are 'id', 'text'. Name it with --id-field.",
    ),
    "date.csv": (
        b"id,text\n1,a\n",
        {"date_field": "day"},
        "no column 'day'; there are 'id', 'text'. Name it with --date-field.",
    ),
    "semicolons.csv": (
        b"id;body\n1;a\n",
        {},
        "no column 'text'; there are 'id', 'body'. Name it with --text-field, perhaps --text-field body.",
    ),
    "twice.csv": (
        b"text,a,a\nx,1,2\n",
        {},
        "there are two columns 'a'. Give one of them another name.",
    ),
    "header.csv": (
        b'"text"x,id\na,1\n',
        {},
        "the header is not a row of CSV (',' expected after '\"'). Put cells that hold commas, quotation marks or line "
        "breaks in quotation marks, and double those inside.",
    ),
    "undecodable.csv": (
        b"text,caf\xe9\na,1\n",
        {"encoding": "utf-8"},
        "the header is not UTF-8 text (byte 0xe9). Say which encoding it has with --encoding.",
    ),
    "many.csv": (
        ",".join(f"c{n}" for n in range(25)).encode(),
        {},
        f"no column 'text'; there are {', '.join(repr(f'c{n}') for n in range(20))} and 5 more. "
        "Name it with --text-field.",
    ),
    "half16.csv": (
        "text\n".encode("utf-16") + b"a",
        {},
        "not UTF-16 text any more (byte 0x61 at 0). "
        "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only.",
    ),
    "noise.csv": (
        bytes(b for b in BINARY if b),
        {},
        "neither UTF-8 text (byte 0x80 at 127) nor in another encoding that can be detected. "
        "Say which encoding it has with --encoding, for example --encoding cp1252, and name text files only.",
    ),
    "empty.parquet": (b"", {}, "not Parquet, or broken (it is empty). Get the file again, or write it again."),
    "other.parquet": (
        b"text\na\n",
        {},
        "not Parquet, or broken (it does not begin like Parquet). Get the file again, or write it again.",
    ),
    "column.parquet": (
        lambda: a_parquet({"body": ["a"], "id": [1]}),
        {},
        "no column 'text'; there are 'body', 'id'. Name it with --text-field, perhaps --text-field body.",
    ),
    "number.parquet": (
        lambda: a_parquet({"text": [1]}),
        {},
        "the column 'text' must hold text, not int64. Write it as a column of strings, or name another --text-field.",
    ),
    "list.parquet": (
        lambda: a_parquet({"text": [["a"]]}),
        {},
        "the column 'text' must hold text, not list<element: string>. "
        "Write it as a column of strings, or name another --text-field.",
    ),
    "cut.parquet.gz": (
        lambda: gzip.compress(a_parquet({"text": [os.urandom(999).hex()]}))[:900],
        {},
        f"compressed data that breaks off before its end. {LATER}",
    ),
    "broken.txt.gz": (b"It rained.", {}, f"broken gzip data (Not a gzipped file (b'It')). {LATER}"),
    "cut.txt.gz": (
        lambda: gzip.compress(os.urandom(9999))[:5000],
        {},
        f"compressed data that breaks off before its end. {LATER}",
    ),
    "crc.txt.gz": (
        lambda: gzip.compress(b"It rained.")[:-8] + b"\0" * 8,
        {},
        f"broken gzip data (CRC check failed 0x0 != 0xb1c396c5). {LATER}",
    ),
    "cut.txt.zst": (
        lambda: zstandard.compress(os.urandom(9999))[:5000],
        {},
        f"compressed data that breaks off before its end. {LATER}",
    ),
    "broken.txt.zst": (
        b"It rained.",
        {},
        f"broken Zstandard data (zstd decompressor error: Unknown frame descriptor). {LATER}",
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_unreadable_file_is_one_failure(name: str) -> None:
    content, options, reason = WHOLE[name]
    write(name, content() if callable(content) else content)
    (failure,) = read(name, **options)
    assert isinstance(failure, Failure)
    assert failure.reason == reason
    assert (failure.source, failure.index) == (name, 0)
    with pytest.raises(InputError) as told:
        read_one(name, ReadOptions(**options))
    assert str(told.value) == f"{name}: {reason}"


@pytest.mark.parametrize("part", [4, 8, 12, 0.3, 0.5, 0.9, 0.99])
def test_cut_off_parquet(part: float) -> None:
    data = a_parquet({"text": ["It rained."] * 500, "n": list(range(500))})
    write("a.parquet", data[: int(part * len(data)) if part < 1 else int(part)])
    (failure,) = read("a.parquet")
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("not Parquet, or broken (")


def test_broken_parquet_group_costs_no_other() -> None:
    sink = pyarrow.BufferOutputStream()
    texts = [os.urandom(100).hex() for _ in range(9)]
    parquet.write_table(pyarrow.table({"text": texts}), sink, row_group_size=3, compression="gzip")
    data = bytearray(sink.getvalue().to_pybytes())
    middle = parquet.ParquetFile(pyarrow.BufferReader(bytes(data))).metadata.row_group(1).column(0)
    at = middle.data_page_offset
    data[at : at + 100] = b"\xff" * 100
    write("a.parquet", bytes(data))
    items = read("a.parquet")
    assert [item.text for item in items if isinstance(item, Record)] == texts[:3] + texts[6:]
    assert [item.id for item in items] == [f"a.parquet#{n}" if n else None for n in (1, 2, 3, 0, 7, 8, 9)]
    assert isinstance(items[3], Failure)
    assert items[3].reason.startswith("rows 4 to 6: not Parquet, or broken (")
    assert [item.index for item in items] == list(range(7))


def test_invalid_utf_8_in_parquet_costs_its_row() -> None:
    raw = pyarrow.array([b"a", b"\xff", b"c"])
    text = pyarrow.StringArray.from_buffers(3, raw.buffers()[1], raw.buffers()[2])
    write("a.parquet", a_parquet({"text": text}))
    first, second, third = read("a.parquet")
    assert [first.text, third.text] == ["a", "c"]  # type: ignore[union-attr]
    assert second == Failure("a.parquet", "row 2: 'text' is not UTF-8 text. Write the column again.", 1, "a.parquet#2")


EXPECTED_JSON = 'Write one object on each line, like {"text": "..."}.'
QUOTE = "Put cells that hold commas, quotation marks or line breaks in quotation marks, and double those inside."
ROWS: dict[str, tuple[str, list[tuple[bytes, str | None]]]] = {
    "a.jsonl": (
        "line {}: ",
        [
            (b'{"text": "good", "id": 1}', None),
            (b'{"text": "bad"', f"not JSON (Expecting ',' delimiter, column 15). {EXPECTED_JSON}"),
            (b'{"text": "good", "id": 1.5}', None),
            (b'{"text": "\xff", "id": 1}', "not UTF-8 text (byte 0xff). Say which encoding"),
            (b"[1]", "must be an object or a text, not a list."),
            (b"null", "must be an object or a text, not null."),
            (b'{"id": 1}', "no column 'text'; there are 'id'. Name it with --text-field"),
            (b'{"text": 5, "id": 1}', "'text' must be a text, not a number."),
            (b'{"text": "x"}', "no column 'id'; there are 'text'. Name it with --id-field"),
            (b'{"text": "x", "id": [1]}', "'id' must be a text or a number, not a list."),
            (b'{"text": "x", "id": true}', "'id' must be a text or a number, not true or false."),
            (b"[" * 50_000, "not JSON (too deep)."),
            (b'{"text": "x", "id": ' + b"9" * 5000 + b"}", None if sys.version_info < (3, 10, 7) else "not JSON ("),
            (b'{"text": null, "id": null}', None),
        ],
    ),
    "a.csv": (
        "row {}, line {}: ",
        [
            (b"good,1", None),
            (b"short", f"must have 2 cells as the header has, not 1. {QUOTE}"),
            (b"long,1,2", f"must have 2 cells as the header has, not 3. {QUOTE}"),
            (b"good,2", None),
            (b"\xff,3", "not UTF-8 text (byte 0xff)."),
            (b'"x"y,4', "not a row of CSV (',' expected after '\"')."),
            (b",", None),
            (b'"never closed,5', "not a row of CSV (unexpected end of data)."),
        ],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_bad_row_is_one_failure(name: str) -> None:
    form, rows = ROWS[name]
    head = [b"text,id"] if name == "a.csv" else []
    write(name, b"\n".join([*head, *(row for row, _ in rows)]))
    items = read(name, id_field="id", encoding="utf-8")
    assert [isinstance(item, Record) for item in items] == [why is None for _, why in rows]
    for number, (item, (_, why)) in enumerate(zip(items, rows, strict=True), 1):
        assert item.index == number - 1
        if isinstance(item, Failure):
            assert item.reason.startswith(form.format(number, number + 1) + (why or "never"))
            assert "\n" not in item.reason


@pytest.mark.parametrize("ending", ["gz", "zst"])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_rows_before_a_break_are_read(ending: str, kind: str) -> None:
    texts = [os.urandom(400).hex() for _ in range(2000)]
    lines = [json.dumps({"text": text}) for text in texts] if kind == "jsonl" else ["text", *texts]
    data = "\n".join(lines).encode()
    packed = gzip.compress(data) if ending == "gz" else zstandard.compress(data)
    name = write(f"a.{kind}.{ending}", packed[: len(packed) // 2])
    *good, bad = read(name)
    assert len(good) > 500
    assert [item.text for item in good] == texts[: len(good)]  # type: ignore[union-attr]
    assert bad == Failure(name, f"compressed data that breaks off before its end. {LATER}", len(good))


def test_stray_byte_in_a_table_costs_its_row() -> None:
    write("a.csv", "text\n“Naïve.”\n".encode() + b"caf\xe9\n" + "“No.”\n".encode())
    first, second, third = read("a.csv")
    assert [first.text, third.text] == ["“Naïve.”", "“No.”"]  # type: ignore[union-attr]
    assert second.reason.startswith("row 2, line 3: not UTF-8 text (byte 0xe9). ")  # type: ignore[union-attr]


def test_cut_off_character_is_not_another_encoding() -> None:
    data = gzip.compress("text\n“Naïve.”\n".encode(), 0)
    end = data.index("”".encode()) + 1
    *good, bad = read(write("a.csv.gz", data[:end]))
    assert good == []
    assert bad.reason.startswith("compressed data that breaks off")  # type: ignore[union-attr]
    texts = ["“Naïve.”"] * 200
    data = gzip.compress("\n".join(["text", *texts]).encode(), 0)
    *good, bad = read(write("a.csv.gz", data[: data.index("”".encode(), 1500) + 1]))
    assert {item.text for item in good} == {"“Naïve.”"}  # type: ignore[union-attr]


class TestBounds:
    """Each is lowered, so that no test needs the memory."""

    def test_one_article(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(opening.everything, "__defaults__", (2**20,))
        bomb = gzip.compress(b"\0" * 2**26)
        assert len(bomb) < 100_000
        (failure,) = read(write("bomb.txt.gz", bomb))
        assert failure.reason.startswith("more than 1 MiB, too much for one article. ")  # type: ignore[union-attr]
        assert isinstance(read(write("a.txt", b"a" * 2**20))[0], Record)

    def test_one_line_of_json(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("lines", "json_rows", "rows"):
            monkeypatch.setattr(f"quotekit.batch.reading.{module}.LARGEST", 30)
        write("a.jsonl", b'{"text": "a"}\n{"text": "' + b"b" * 100 + b'"}\n{"text": "c"}\n"' + b"d" * 200)
        items = read("a.jsonl")
        assert [isinstance(item, Record) for item in items] == [True, False, True, False]
        assert items[1].reason.startswith("line 2: more than 30 characters, too much for one")  # type: ignore[union-attr]
        assert items[3].reason.startswith("line 4: more than 30 characters")  # type: ignore[union-attr]

    def test_one_line_of_csv(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("lines", "csv_rows"):
            monkeypatch.setattr(f"quotekit.batch.reading.{module}.LARGEST", 30)
        items = read(write("a.csv", "text,n\na,1\n" + "b" * 100 + ",2\nc,3\n"))
        assert [isinstance(item, Record) for item in items] == [True, False]
        assert items[1].reason.startswith("a line of more than 30 characters. ")  # type: ignore[union-attr]

    def test_one_cell_of_parquet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("quotekit.batch.reading.rows.LARGEST", 30)
        items = read(write("a.parquet", a_parquet({"text": ["a", "b" * 31, "c"]})))
        assert [isinstance(item, Record) for item in items] == [True, False, True]
        assert items[1].reason.startswith("row 2: a text of 31 characters")  # type: ignore[union-attr]

    def test_attributes_are_counted_without_their_values(self) -> None:
        value = " ".join(map(str, range(50_000)))
        page = f"<html><body><p title=\"{value}\" lang='{value}'>The pier was closed, Ann Lee said on Monday.</p>"
        assert isinstance(read(write("a.html", page))[0], Record)

    def test_limits_are_as_documented(self) -> None:
        assert (opening.LARGEST, json_rows.LARGEST_JSON, texts.LARGEST_PAGE) == (2**28, 2**30, 2**24)
        assert (texts.MOST_TAGS, texts.MOST_ATTRIBUTES) == (100_000, 1_000)


class TestFiles:
    def test_file_deleted_before_it_is_read(self) -> None:
        inputs = Inputs([write("a.txt", "It rained."), write("b.txt", "It rained.")])
        Path("a.txt").unlink()
        found = [item for source in inputs.sources for item in inputs.read(source)]
        assert found == [
            Failure("a.txt", "no such file or folder. Check the spelling and the folder you are in."),
            Record("b.txt", "It rained.", "b.txt"),
        ]

    def test_file_replaced_by_a_folder(self) -> None:
        Path("a.txt").mkdir()
        (failure,) = read("a.txt")
        assert isinstance(failure, Failure)
        if sys.platform != "win32":
            assert failure.reason == "a folder where a file was expected. Name a file in it."

    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            (PermissionError(13, "Permission denied"), "no permission to read it. Check its permissions"),
            (OSError(5, "Input/output error"), "input/output error. Check that it can be opened at all."),
        ],
    )
    def test_file_that_cannot_be_opened(self, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str) -> None:
        def fail(*args: Any, **more: Any) -> Any:
            raise error

        monkeypatch.setattr("quotekit.batch.reading.opening.open", fail, raising=False)
        (failure,) = read(write("a.txt", "It rained."))
        assert failure.reason.startswith(reason)  # type: ignore[union-attr]

    def test_impossible_name(self) -> None:
        (failure,) = read("a\0b")
        assert failure.reason.startswith("a name that no file can have (")  # type: ignore[union-attr]

    @needs_posix
    def test_link_loop(self) -> None:
        os.symlink("b.txt", "a.txt")
        os.symlink("a.txt", "b.txt")
        inputs = Inputs(["a.txt"])
        (failure,) = inputs.read(*inputs.sources)
        assert isinstance(failure, Failure)
        assert "symbolic links" in failure.reason

    @needs_posix
    def test_named_pipe(self) -> None:
        os.mkfifo("pipe.jsonl")
        writer = threading.Thread(target=write, args=("pipe.jsonl", '{"text": "a"}\n{"text": "b"}\n'))
        writer.start()
        (source,) = Inputs(["pipe.jsonl"]).sources
        assert [item.text for item in read_items(source)] == ["a", "b"]  # type: ignore[union-attr]
        writer.join()

    @needs_posix
    def test_parquet_from_a_pipe(self) -> None:
        os.mkfifo("pipe.parquet")
        writer = threading.Thread(target=write, args=("pipe.parquet", a_parquet({"text": ["a", "b"]})))
        writer.start()
        assert [item.text for item in read_items("pipe.parquet")] == ["a", "b"]  # type: ignore[union-attr]
        writer.join()

    def test_closed_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", None)
        assert read("-") == [Failure("-", "standard input is closed. Give it something to read, or name a file.")]


@pytest.mark.parametrize(
    ("name", "library", "extra"),
    [("a.parquet", "pyarrow", "parquet"), ("a.html", "trafilatura", "html"), ("a.txt.zst", "zstandard", "zstd")],
)
def test_missing_library(monkeypatch: pytest.MonkeyPatch, name: str, library: str, extra: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    write(name, zstandard.compress(b"It rained.") if name.endswith("zst") else b"It rained.")
    (failure,) = read(name)
    assert isinstance(failure, Failure)
    assert (
        f'needs {library}, which is not installed. Run, in a checkout of quotekit: python -m pip install ".[{extra}]".'
        in failure.reason
    )


def test_library_without_its_dependency(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lacking.py").write_text("import no_such_library")
    monkeypatch.syspath_prepend(tmp_path)
    expected = r"reading HTML needs lacking, which cannot be imported \(No module named 'no_such_library'\)\. Run, "
    with pytest.raises(Fault, match=expected):
        library("lacking", "html", "HTML")


def test_error_of_the_html_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **more: Any) -> Any:
        raise RecursionError("too\ndeep")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    (failure,) = read(write("a.html", "<html><body><p>It rained.</p></body></html>"))
    assert failure == Failure(
        "a.html", "HTML that cannot be read (RecursionError: too deep). Save its text as a .txt file."
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("a.jsonl", '"a"\n"b"\n', "more than one article in it"), ("b.jsonl", "", "no article in it")],
)
def test_file_without_exactly_one_article(name: str, content: str, reason: str) -> None:
    write(name, content)
    with pytest.raises(InputError, match=f"^{name}: {reason}. Give a file of one article.$"):
        read_one(name)
