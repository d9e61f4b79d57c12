"""Inputs: what is written is read back, and reading twice gives the same."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import tempfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotekit.batch.reading import ReadOptions, read_items
from quotekit.batch.reading.days import day_of
from quotekit.batch.records import Failure, Record

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("trafilatura")
zstandard = pytest.importorskip("zstandard")

# Whatever UTF-8 can hold. A byte order mark at the beginning is not part of the text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not text.startswith("\ufeff"))


def as_text(texts: list[str]) -> bytes:
    return texts[0].encode()


def as_json(texts: list[str]) -> bytes:
    return json.dumps([{"text": text} for text in texts], ensure_ascii=False).encode()


def as_jsonl(texts: list[str]) -> bytes:
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts).encode()


def as_escaped_jsonl(texts: list[str]) -> bytes:
    return "".join(json.dumps({"text": text}) + "\r\n" for text in texts).encode()


def as_csv(texts: list[str], delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([["n", "text"], *([str(n), text] for n, text in enumerate(texts))])
    return file.getvalue().encode()


def as_parquet(texts: list[str]) -> bytes:
    file = io.BytesIO()
    table = pyarrow.table({"text": pyarrow.array(texts, pyarrow.string())})
    parquet.write_table(table, file, row_group_size=2)
    return file.getvalue()


WRITERS: dict[str, Callable[[list[str]], bytes]] = {
    "a.txt": as_text,
    "a.json": as_json,
    "a.jsonl": as_jsonl,
    "b.jsonl": as_escaped_jsonl,
    "a.csv": as_csv,
    "a.tsv": lambda texts: as_csv(texts, "\t"),
    "a.parquet": as_parquet,
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}


def read(name: str, content: bytes, **options: Any) -> list[Record | Failure]:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return list(read_items(path, ReadOptions(**options)))


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=50)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), pack=st.sampled_from(sorted(PACKERS)))
@example(texts=["", "\0", "a\u2028b\x85c\x0bd\re\n\r\n", '"', "x\r", ",\t;", "\x1a", "\ud7ff\U0010ffff"], pack="")
def test_written_texts_are_read_back(name: str, texts: list[str], pack: str) -> None:
    if name == "a.txt":
        texts = texts[:1]
    if name.endswith("sv"):
        # The csv module of Python 3.10 takes no NULs.
        texts = [text.replace("\0", "") for text in texts]
    items = read(name + pack, PACKERS[pack](WRITERS[name](texts)))
    assert [item.text if isinstance(item, Record) else item.reason for item in items] == texts
    assert [item.index for item in items] == list(range(len(texts)))


@pytest.mark.parametrize("name", [*WRITERS, "a.html"])
@settings(max_examples=50)
@given(
    texts=st.lists(st.text("ab\n\"',;{}[]“é ", max_size=8), min_size=1, max_size=4),
    damage=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=3),
)
def test_reading_twice_gives_the_same(name: str, texts: list[str], damage: list[tuple[int, bytes]]) -> None:
    content = bytearray(WRITERS.get(name, as_text)(texts))
    for at, piece in damage:
        content[at : at + len(piece)] = piece
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(content)
        items = list(read_items(path))
        assert list(read_items(path)) == items
    assert [item.index for item in items] == list(range(len(items)))
    for item in items:
        assert isinstance(item, Record) or (item.reason.endswith(".") and "\n" not in item.reason)


@given(st.dates())
def test_iso_days(day: Any) -> None:
    for form in ("{}", "{}T10:00:00Z", "{} 10:00", "{}T10:00:00.123+02:00", " {} "):
        assert day_of(form.format(day.isoformat())) == day


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026",
        "2026-02-30",
        "31.1.2026",
        "01/31/2026",
        "2026-01-31x",
        "31/1/26",
        1.5,
        None,
        ["2026-01-31"],
    ],
)
def test_invalid_days(value: object) -> None:
    assert day_of(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "20260131",
        20260131,
        "20260131T101500Z",
        "2026/01/31",
        "2026.1.31",
        "31 January 2026",
        "31st of January, 2026",
        "Jan. 31, 2026",
        "January 31, 2026",
        "Sat, 31 Jan 2026 10:15:00 -0500",
        1769854500,
        "1769854500",
        1769854500000,
        1769854500.0,
    ],
)
def test_unambiguous_days(value: object) -> None:
    assert day_of(value) == date(2026, 1, 31)


@pytest.mark.parametrize("format", ["%d/%m/%Y", "%m/%d/%Y"])
def test_a_format_reads_ambiguous_days(format: str) -> None:
    expected = {"%d/%m/%Y": date(2026, 2, 1), "%m/%d/%Y": date(2026, 1, 2)}[format]
    assert (day_of("01/02/2026"), day_of("01/02/2026", format)) == (None, expected)
