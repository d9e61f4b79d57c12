"""Whatever is in a file, it is read or refused: nothing raises, and nothing is written or opened beside it."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotekit.batch.reading import ENDINGS, ReadOptions, read_items
from quotekit.batch.records import Failure, Record

STARTS = [
    b"",
    b"%PDF-1.7\n",
    b"{\\rtf1\\ansi ",
    b"PK\x03\x04",
    b"SQLite format 3\x00",
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 20\r\n\r\n",
    b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n",
    b"<?xml version='1.0'?><rss><channel><item>",
    b"<nitf><body><body.content>",
    b"<newsItem><contentSet>",
    b"<DOC id='a'>\n<TEXT>\n",
    b"1 of 2 DOCUMENTS\n\n",
    b"HD\nDocument BRILLE0020190603ef6300001\n",
    b"Body\nEnd of Document\n",
    b"____________________\nTitle: a\n",
    b"<html><span class='DocPublicationName'>",
    b"---\ntitle: a\n---\n",
    b'{"articles": [{"text": ["a"]}]}',
    gzip.compress(b"It rained.", mtime=0),
    b"BZh91AY&SY",
    b"\xfd7zXZ\x00",
]

pieces = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(
        [b"<p>", b"</DOC>\n", b"End of Document\n", b"\\cell", b"&#2;", b"\n\n", b"LENGTH: 3 words\n", b"--b"]
    ),
)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(name: str, content: bytes, options: ReadOptions) -> None:
    Path(name).write_bytes(content)
    items = list(read_items(name, options))
    assert [item.index for item in items] == list(range(len(items)))
    for item in items:
        assert item.source == name
        assert isinstance(item, Record) or item.reason.endswith(".")
    assert all(not isinstance(item, Failure) or "\n" not in item.reason for item in items)
    Path(name).unlink()
    assert not any(Path.cwd().iterdir())


@pytest.mark.parametrize("start", STARTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(rest=st.lists(pieces, max_size=6))
def test_any_bytes(folder: Path, start: bytes, rest: list[bytes]) -> None:
    check("a", start + b"".join(rest), ReadOptions())


@pytest.mark.parametrize("format", ENDINGS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(start=st.sampled_from(STARTS), rest=st.lists(pieces, max_size=3))
def test_any_bytes_as_any_format(folder: Path, format: str, start: bytes, rest: list[bytes]) -> None:
    check("a", start + b"".join(rest), ReadOptions(format=format))


@pytest.mark.parametrize("name", ["word/document.xml", "content.xml", "META-INF/container.xml", "xl/workbook.xml"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(rest=st.lists(pieces, max_size=6))
def test_any_part_of_a_document(folder: Path, name: str, rest: list[bytes]) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, b"<d><p>" + b"".join(rest) + b"</p></d>")
    check("a.odt" if name == "content.xml" else "a", data.getvalue(), ReadOptions())
