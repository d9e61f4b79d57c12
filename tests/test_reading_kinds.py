"""What a file is: by its first bytes, then by its ending; and what is refused, by name."""

from __future__ import annotations

import bz2
import io
import lzma
import pickle
import re
import sys
from pathlib import Path

import pytest

from quotekit.batch.reading import Inputs, ReadOptions, read_items
from quotekit.batch.reading.finding import counted
from quotekit.batch.reading.kinds import kind_of_content, kind_of_name, kinds
from quotekit.batch.records import Failure, Record

PAGE = (
    "<!DOCTYPE html><html><head><title>Ferry stops</title></head><body><article><h1>Ferry stops</h1>"
    "<p>The ferry to Oro stops on Monday, Ann Lee said. It will not run again until the spring, she added.</p>"
    "<p>“We have no choice,” she said. The harbour of Brill closes at the same time for the repairs.</p>"
    "</article></body></html>"
)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(name: str, content: bytes | str) -> Record | Failure:
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (item,) = read_items(name)
    return item


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a", "a.php", "index.html?page=2", "a.csv", "a.pdf"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\n\n  ", '<?xml version="1.0"?>\n', "<!-- saved -->\n"])
def test_html_is_html_under_any_name(name: str, before: str) -> None:
    item = only(name, before + PAGE)
    assert isinstance(item, Record), item
    assert item.text.startswith("Ferry stops\n\nThe ferry to Oro stops")


def test_html_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode("utf-16"))))
    (item,) = read_items("-")
    assert isinstance(item, Record)
    assert "<" not in item.text


def test_part_of_a_page() -> None:
    item = only("a.txt", PAGE.partition("<body>")[2])
    assert isinstance(item, Record)
    assert "<" not in item.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"\x7fELF\x02\x01", "a program"),
        (b"MZ\x90\0\x03", "a program"),
        (pickle.dumps(["It rained."]), "a Python pickle"),
        (b"\x93NUMPY\x01\0", "a data file"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
        (b"7z\xbc\xaf'\x1c", "a 7-Zip archive"),
        (b"ID3\x04", "sound or video"),
        (b"[InternetShortcut]\r\nURL=https://example.org/", "a shortcut to an address"),
        (b"WEBVTT\n\n00:01.000 --> 00:04.000\nIt rained.", "subtitles"),
        (b"TY  - NEWS\nTI  - Pier closes\nER  -", "a list of references"),
        (b'<?xml version="1.0"?>\n<urlset xmlns="x"><url><loc>https://example.org</loc></url></urlset>', "a list of"),
        (b'<?xml version="1.0"?>\n<invoice/>', "XML of a kind that is not known"),
        (b"https://example.org/a\nhttps://example.org/b\n", "a list of addresses without texts"),
        (b"<?php echo 1;", "PHP source"),
        (b"\\documentclass{article}", "LaTeX"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a", "a.md"])
def test_what_is_not_read_is_refused_with_its_kind_and_the_remedy(name: str, content: bytes, kind: str) -> None:
    item = only(name, content)
    assert isinstance(item, Failure)
    assert item.reason.startswith(kind)
    assert re.search(r"\. [A-Z].*\.$", item.reason)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It rained.",
        "# Pier closes\n\nIt rained.",
        "<3 is what she wrote.",
        "BM said so. II. GIF or not, ID3 is a tag. MZ began.",
        "From here on, nobody spoke: not Ann Lee, not the mayor.",
        "[1] It rained.",
        "{sic} It rained.",
        "id, or text, or both: nobody knew.",
        "see https://example.org/a\nhttps://example.org/b",
        "Pier closes\nhttps://example.org/a",
        "www: what a word.",
        "ORCs said nothing at all.",
        "Note: it rained.\nAlso: it snowed.\n\nReceived: nothing.",
    ],
)
def test_text_stays_text(text: str) -> None:
    for name in ("a.txt", "a", "a.md"):
        item = only(name, text)
        assert isinstance(item, Record), item
        assert item.text == text


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('{"text": "It rained.", "id": 1}', ["It rained."]),
        ('[{"text": "It rained."}]', ["It rained."]),
        ('{"text": "It rained."}\n{"text": "It snowed."}\n', ["It rained.", "It snowed."]),
        ("id,text\n1,It rained.\n", ["It rained."]),
        ("id;text\n1;It rained.\n", ["It rained."]),
        ("id\ttext\n1\tIt rained.\n", ["It rained."]),
    ],
)
def test_rows_are_known_without_an_ending(content: str, texts: list[str]) -> None:
    for name in ("rows", "rows.txt"):
        Path(name).write_text(content)
        assert [item.text for item in read_items(name) if isinstance(item, Record)] == texts


@pytest.mark.parametrize("address", ["https://example.org/a", "www.example.org", "ftp://example.org/*"])
def test_an_address_is_never_fetched(address: str) -> None:
    inputs = Inputs([address])
    assert not inputs.sources
    assert inputs.problems[0].reason.startswith("an address, and nothing is fetched. Open it in a browser, save the")


@pytest.mark.parametrize(("pack", "ending"), [(bz2.compress, ".bz2"), (lzma.compress, ".xz")])
def test_bzip2_and_xz(pack: object, ending: str) -> None:
    packed = pack(b"It rained.")  # type: ignore[operator]
    for name in (f"a.txt{ending}", "a"):
        assert only(name, packed) == Record(name, "It rained.", name)
    twice = only("b", packed + packed)
    assert isinstance(twice, Record)
    assert twice.text == "It rained.It rained."
    cut = only(f"a.txt{ending}", packed[:-8])
    assert isinstance(cut, Failure)
    assert "breaks off" in cut.reason or "broken" in cut.reason


def test_an_xz_file_that_asks_for_gigabytes() -> None:
    item = only("a.xz", lzma.compress(b"It rained.", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 2**30}]))
    assert isinstance(item, Failure)
    assert item.reason.startswith("broken xz data (Memory usage limit exceeded")


def test_files_without_an_ending_are_recognized_by_their_first_bytes() -> None:
    Path("news").mkdir()
    Path("news/page").write_text(PAGE)
    Path("news/notes").write_text("It rained.")
    Path("news/a.log").write_text("It rained.")
    inputs = Inputs(["news"])
    assert [Path(source).name for source in inputs.sources] == ["page"]
    assert counted(inputs.left_out) == "1 .log, 1 without an ending"


def test_a_format_that_is_given_is_followed() -> None:
    Path("a.txt").write_text(PAGE)
    (item,) = read_items("a.txt", ReadOptions(format="text"))
    assert isinstance(item, Record)
    assert item.text == PAGE


def test_the_table_is_whole() -> None:
    for kind in kinds():
        assert (kind.format is None) == bool(kind.remedy), kind.name
        assert not kind.remedy.endswith(".")
        assert all(kind_of_name(f"a{ending}") is not None for ending in kind.endings)
    assert kind_of_content(b"") is None


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "\n", "sep="])
def test_delimiter_is_recognized_in_the_header(name: str, mark: str, before: str) -> None:
    first = f"sep={mark}\n" if before == "sep=" else before
    Path(name).write_text(f'{first}"id"{mark}"text"\n1{mark}"It rained{mark} she said."\n')
    (item,) = read_items(name, ReadOptions(id_field="id"))
    assert isinstance(item, Record), item
    assert (item.id, item.text) == ("1", f"It rained{mark} she said.")
