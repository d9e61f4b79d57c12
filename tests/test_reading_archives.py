"""Archives, web archives, workbooks and databases, each written by its format's own tool; and hostile ones."""

from __future__ import annotations

import gzip
import io
import sqlite3
import tarfile
import tracemalloc
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from quotekit.batch.reading import Inputs, ReadOptions, read_items
from quotekit.batch.records import Failure, Record

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")
warcio = pytest.importorskip("warcio")

# The library that writes the web archives leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

FERRY = "The ferry to Oro stops on Monday, the harbour master said. It will run again in the spring, she added."
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>Ferry {n}</title>"
    "<meta property='article:published_time' content='2019-06-03'></head>"
    "<body><article><h1>Ferry {n} stops</h1><p>" + FERRY + " It was boat {n}.</p></article></body></html>"
)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(name: str, **options: Any) -> list[Record | Failure]:
    items = list(read_items(name, ReadOptions(**options)))
    assert [item.index for item in items] == list(range(len(items)))
    assert {item.source for item in items} <= {name}
    return items


def zipped(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def tarred(parts: dict[str, bytes], mode: str) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=f"w:{mode}") as archive:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return data.getvalue()


PARTS = {
    "news/a.txt": b"It rained.",
    "news/b.csv": b"text\nIt snowed.\nIt hailed.\n",
    "news/c.html": PAGE.format(n=3).encode(),
    "d.txt.gz": gzip.compress(b"It froze."),
    "../e.txt": b"It thawed.",
    "f.log": b"not read",
    ".g.txt": b"not read",
    "h.txt": b"\x89PNG\r\n\x1a\n",
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zipped(PARTS)),
        ("a", zipped(PARTS)),
        ("a.tar", tarred(PARTS, "")),
        ("a.tar.gz", tarred(PARTS, "gz")),
        ("a.tgz", tarred(PARTS, "gz")),
        ("a.tar.bz2", tarred(PARTS, "bz2")),
        ("a.tar.xz", tarred(PARTS, "xz")),
    ],
)
def test_files_in_an_archive(name: str, data: bytes, tmp_path: Path) -> None:
    Path(name).write_bytes(data)
    *records, failure = read(name)
    assert [(item.id, item.text[:20]) for item in records if isinstance(item, Record)] == [
        (f"{name}#news/a.txt", "It rained."),
        (f"{name}#news/b.csv#1", "It snowed."),
        (f"{name}#news/b.csv#2", "It hailed."),
        (f"{name}#news/c.html", "Ferry 3 stops\n\nThe fe"[:20]),
        (f"{name}#d.txt.gz", "It froze."),
        (f"{name}#../e.txt", "It thawed."),
    ]
    assert isinstance(failure, Failure)
    assert (failure.name, failure.reason[:8]) == (f"{name}#h.txt", "an image")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_archive_in_an_archive_is_refused() -> None:
    inner = zipped({"a.txt": b"It rained."})
    Path("a.zip").write_bytes(zipped({"b.zip": inner, "c.txt": b"It snowed."}))
    failure, record = read("a.zip")
    assert isinstance(failure, Failure)
    assert failure.reason == "an archive in an archive. Unpack it, and name the folder."
    assert isinstance(record, Record)


def test_an_archive_of_nothing() -> None:
    Path("a.zip").write_bytes(zipped({"a.log": b"x"}))
    (failure,) = read("a.zip")
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("an archive with no file that is read.")


def test_a_bomb_costs_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotekit.batch.reading.opening.everything.__defaults__", (2**20,))
    Path("a.zip").write_bytes(zipped({"a.txt": b"0" * 2**22, "b.txt": b"It rained."}))
    failure, record = read("a.zip")
    assert isinstance(failure, Failure)
    assert "too much for one article" in failure.reason
    assert isinstance(record, Record)


def test_an_archive_that_says_it_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotekit.batch.reading.archives.members.MOST_BYTES", 2**20)
    Path("a.zip").write_bytes(zipped({"a.txt": b"It rained.", "b.txt": b"0" * 2**21}))
    record, failure = read("a.zip")
    assert isinstance(record, Record)
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("an archive of more than")


def test_a_password_costs_its_file() -> None:
    data = bytearray(zipped({"a.txt": b"It rained."}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    Path("a.zip").write_bytes(bytes(data))
    (failure,) = read("a.zip")
    assert isinstance(failure, Failure)
    assert "it cannot be unpacked" in failure.reason


def warc(pages: Iterable[tuple[str, bytes]], compressed: bool = True) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    data = io.BytesIO()
    writer = WARCWriter(data, gzip=compressed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "none"}))
    for number, (kind, content) in enumerate(pages):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        url = f"https://echo.example.org/{number}"
        writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(content), http_headers=headers))
    return data.getvalue()


PAGES = [
    ("text/html; charset=utf-8", PAGE.format(n=1).encode()),
    ("image/png", b"\x89PNG"),
    ("text/html", b"<html><body></body></html>"),
    ("text/html", PAGE.format(n=2).encode()),
]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a"])
def test_web_archive(name: str) -> None:
    Path(name).write_bytes(warc(PAGES, compressed=name != "a.warc"))
    first, failure, second = read(name)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.id, second.id) == (f"{name}#1", f"{name}#3")
    assert first.text.endswith("It was boat 1.")
    assert first.about["url"] == "https://echo.example.org/0"
    assert (first.about["language"], first.date) == ("en", date(2019, 6, 3))
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("https://echo.example.org/2: no main text")


@pytest.mark.parametrize(("name", "pages"), [("a.zip", "b.txt"), ("a.wacz", "archive/b.warc")])
def test_a_damaged_file_of_an_archive_is_one_failure(name: str, pages: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(pages, "It rained.")
        archive.writestr(f"archive/c{Path(pages).suffix}", warc(PAGES[:1], compressed=False))
    Path(name).write_bytes(data.getvalue().replace(b"It rained.", b"It snowed!", 1))
    first, *_ = read(name)
    assert isinstance(first, Failure)
    assert first.reason.startswith("it cannot be unpacked (Bad CRC-32")


def test_a_file_without_a_name_in_an_archive() -> None:
    # The names in a ZIP file end at a NUL.
    Path("a.zip").write_bytes(zipped({"a.txt": b"It rained.", "b.txt": b"Yes."}).replace(b"b.txt", b"\0.txt"))
    assert [item.text for item in read("a.zip") if isinstance(item, Record)] == ["It rained.", "Yes."]


def test_web_archive_that_breaks_off() -> None:
    Path("a.warc.gz").write_bytes(warc(PAGES)[:-40])
    first, *_, failure = read("a.warc.gz")
    assert isinstance(first, Record)
    assert isinstance(failure, Failure)
    assert "breaks off" in failure.reason


def test_a_record_without_an_address_costs_the_rest_of_the_archive() -> None:
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n"
    Path("a.warc").write_bytes(warc(PAGES[:1], compressed=False) + record)
    first, failure = read("a.warc")
    assert isinstance(first, Record)
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("a web archive that is broken (")


def test_a_record_of_another_length_than_it_says_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    content = warc(PAGES[:1], compressed=False)
    Path("a.warc").write_bytes(content.removesuffix(b"\r\n\r\n") + b"secret\r\n\r\n")
    assert isinstance(read("a.warc")[0], Record)
    assert capfd.readouterr() == ("", "")


def test_collection() -> None:
    Path("a.wacz").write_bytes(
        zipped({"datapackage.json": b"{}", "archive/data.warc.gz": warc(PAGES[:1]), "pages/pages.jsonl": b"{}"})
    )
    (record,) = read("a.wacz")
    assert isinstance(record, Record)
    assert record.id == "a.wacz#archive/data.warc.gz#1"


def test_web_archive_in_flat_memory() -> None:
    page = PAGE.format(n=1).encode() + b"<!--" + bytes(range(65, 91)) * 4000 + b"-->"
    Path("a.warc").write_bytes(warc([("text/html", page)] * 60, compressed=False))
    assert sum(1 for _ in read_items("a.warc")) == 60
    tracemalloc.start()
    for _ in read_items("a.warc"):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * len(page) < 60 * len(page)


def test_workbook() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["note"])
    sheet = workbook.create_sheet("Articles")
    sheet.append(["id", "text", "day", "views", "headline"])
    sheet.append([7, FERRY, datetime(2019, 6, 3), 1.5, "Ferry stops"])
    sheet.append([])
    sheet.append([8, "It rained.", None, None, None])
    workbook.save("a.xlsx")
    first, second = read("a.xlsx", id_field="id", date_field="day")
    assert isinstance(first, Record)
    assert (first.id, first.text, first.date) == ("7", FERRY, date(2019, 6, 3))
    assert (first.fields["views"], first.about) == (1.5, {"title": "Ferry stops"})
    assert isinstance(second, Record)
    assert second.text == "It rained."
    (failure,) = read("a.xlsx", table="None")
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("no sheet 'None'; there are 'Sheet', 'Articles'.")


def test_database() -> None:
    with sqlite3.connect("a.sqlite") as database:
        database.execute("CREATE TABLE articles (id INTEGER, text TEXT, day TEXT)")
        database.execute("INSERT INTO articles VALUES (7, ?, '2019-06-03')", (FERRY,))
        database.execute("CREATE TABLE notes (body TEXT)")
    database.close()
    before = Path("a.sqlite").read_bytes()
    for name in ("a.sqlite", "a", "a.sqlite.gz"):
        Path(name).write_bytes(gzip.compress(before) if name.endswith(".gz") else before)
        (record,) = read(name, id_field="id", date_field="day")
        assert isinstance(record, Record), record
        assert (record.id, record.text, record.date) == ("7", FERRY, date(2019, 6, 3))
    (failure,) = read("a.sqlite", text_field="words")
    assert isinstance(failure, Failure)
    assert failure.reason == "no table with a column 'words'; there are 'articles', 'notes'. Name one with --table."
    Path("a.sqlite").write_bytes(before[:100] + b"\xff" * 5000)
    (failure,) = read("a.sqlite")
    assert isinstance(failure, Failure)


def test_a_folder_of_archives() -> None:
    Path("news").mkdir()
    Path("news/a.zip").write_bytes(zipped({"a.txt": b"It rained."}))
    inputs = Inputs(["news"])
    assert [item.id for source in inputs.sources for item in inputs.read(source)] == ["news/a.zip#a.txt"]


def test_links_and_devices_in_a_tar_archive_are_never_followed(tmp_path: Path) -> None:
    Path("secret.txt").write_text("secret")
    with tarfile.open("a.tar", "w") as archive:
        for name, kind in (
            ("link.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("pipe.txt", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, str(tmp_path / "secret.txt")
            archive.addfile(info)
        info = tarfile.TarInfo(str(tmp_path / "above.txt"))
        info.size = len(b"It rained.")
        archive.addfile(info, io.BytesIO(b"It rained."))
    (record,) = read("a.tar")
    assert isinstance(record, Record)
    assert record.text == "It rained."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "secret.txt"]


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))


@pytest.mark.parametrize("name", ["a.xml", "a.nitf", "a.rss"])
@pytest.mark.parametrize(
    "declared",
    [f'<!ENTITY l0 "ha">{LAUGHS}', '<!ENTITY l11 SYSTEM "secret.txt">', '<!ENTITY l11 SYSTEM "http://echo.test/x">'],
)
def test_entities_of_xml(name: str, declared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("something is fetched")

    monkeypatch.setattr("socket.socket.connect", connect)
    Path("secret.txt").write_text("secret")
    kind, start = ("rss", "<channel><item><description>") if name == "a.rss" else ("nitf", "<body><body.content><p>")
    end = "</description></item></channel>" if name == "a.rss" else "</p></body.content></body>"
    Path(name).write_text(f"<!DOCTYPE {kind} [{declared}]><{kind}>{start}It rained. &l11;{end}</{kind}>")
    for item in read(name):
        assert isinstance(item, Failure) or (len(item.text) < 100 and "secret" not in item.text)
