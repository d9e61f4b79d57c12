"""What is written can be read back, and a file that cannot says where and why."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from quotekit.batch import stored_place
from quotekit.batch.records import Result
from quotekit.batch.schema import COLUMNS, VERSION
from quotekit.batch.stored import StoredError, is_stored, read_stored
from quotekit.batch.writing import write
from quotekit.batch.writing.jsonl import json_line
from quotekit.engines.arrow import SCHEMA
from quotekit.models import Position, Quote, Speaker, SpeakerMention, TextSpan
from quotekit.output.cells import guarded, unguarded

LINES = [".jsonl", ".ndjson", ".jsonl.gz", ".jsonl.zst"]

# Lone surrogates, NULs, quotation marks, line breaks and what begins a formula: what files stumble over.
texts = st.text(
    st.one_of(
        st.sampled_from("\ud83d\ude00\udcff\0\"',;=+-@\t\r\n\x0b\x85\u2028\ufeff'  é＝"),
        st.characters(exclude_categories=()),
    ),
    max_size=12,
)
days = st.none() | st.dates(date(1, 1, 1))
numbers = st.integers(0, 2**40)


@st.composite
def spans(draw: st.DrawFn) -> TextSpan:
    text, start = draw(texts), draw(numbers)
    return TextSpan(start=start, end=start + len(text), text=text)


@st.composite
def mentions(draw: st.DrawFn) -> SpeakerMention:
    span = draw(spans())
    return SpeakerMention(start=span.start, end=span.end, text=span.text, rule=draw(texts))


speakers = st.builds(
    Speaker,
    id=texts,
    name=texts,
    kind=st.sampled_from(["person", "unknown"]),
    role=st.none() | texts,
    country=st.none() | texts,
    mentions=st.lists(mentions(), max_size=2).map(tuple),
    known_id=st.none() | texts,
)
quotes = st.builds(
    Quote,
    id=texts,
    kind=st.sampled_from(["direct", "indirect", "mixed"]),
    act=st.sampled_from(["statement", "attitude"]),
    text=texts,
    content=st.lists(spans(), min_size=1, max_size=2).map(tuple),
    speaker=st.none() | speakers,
    source=st.none() | spans(),
    verb=st.none() | texts,
    cue=st.none() | spans(),
    position=st.builds(Position, start=numbers, end=numbers, paragraph=numbers, sentence=numbers),
    parent=st.none() | texts,
    confidence=st.floats(0, 1),
    rule=texts,
)
articles = st.builds(
    Result,
    id=texts,
    quotes=st.lists(quotes, max_size=3, unique_by=lambda quote: fit(quote.id)),
    date=days,
    text=st.none() | texts,
)


def fit(value: Any) -> Any:
    """Return what rows hold of a text: U+FFFD for what they cannot hold."""
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in value)
    if isinstance(value, dict):
        return {name: fit(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(fit(one) for one in value)
    return value


def dumped(result: Result, change: Callable[[Any], Any] = lambda value: value) -> tuple[Any, ...]:
    """All of a result, the mentions too, which speakers are not compared by."""
    return change((result.id, [quote.model_dump() for quote in result.quotes], result.date, dict(result.fields)))


def a_quote(number: int = 1, text: str = "No") -> Quote:
    return Quote(
        id=f"q{number}",
        kind="indirect",
        act="statement",
        text=text,
        content=(TextSpan(start=0, end=len(text), text=text),),
        position=Position(start=0, end=len(text), paragraph=0, sentence=0),
        confidence=0.5,
        rule="encoder",
    )


def stored(results: list[Result], path: Path, *, keep_text: bool = False) -> list[Result]:
    write(lambda: results, path, keep_text=keep_text)
    return list(read_stored(path))


@settings(max_examples=150)
@given(results=st.lists(articles, max_size=3))
def test_lines_are_read_back(results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    back = stored(results, path, keep_text=True)
    assert [dumped(one) for one in back] == [dumped(one, paired) for one in results]
    assert [one.text for one in back] == [paired(one.text) for one in results]


def paired(value: Any) -> Any:
    """Two halves of one character: JSON cannot tell them from it."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udbff][\udc00-\udfff]", "\ufffd\ufffd", value)
    if isinstance(value, dict):
        return {name: paired(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(paired(one) for one in value)
    return value


@settings(max_examples=100)
@given(results=st.lists(articles, max_size=3, unique_by=lambda one: fit(one.id)))
def test_rows_are_read_back(results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> None:
    back = stored(results, tmp_path_factory.getbasetemp() / "rows.parquet", keep_text=True)
    # Rows are quotes: an article without quotes has no row.
    assert [dumped(one) for one in back] == [dumped(one, fit) for one in results if one.quotes]
    assert [one.text for one in back] == [fit(one.text) for one in results if one.quotes]


@given(texts)
def test_unguarded_inverts_guarded(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(texts)
def test_guarded_cells_are_not_formulas(text: str) -> None:
    cell = guarded(text)
    bare = cell.strip(" \t\r\n\x0b\x85\u2028\ufeff\0")
    assert not bare.startswith(("=", "@", "＝"))
    assert bare[:1] not in ("+", "-") or bare == cell


# fields


@pytest.mark.parametrize("ending", LINES)
def test_lines_keep_fields(ending: str, tmp_path: Path) -> None:
    fields = {"n": 1, "x": 0.5, "ok": True, "none": None, "tags": ["a", {"b": []}], "Text": "=1", "": "é\ud800"}
    results = [Result("a", [], date(2026, 1, 31), fields, "text"), Result("b", [a_quote()])]
    assert stored(results, tmp_path / f"quotes{ending}", keep_text=True) == results


def test_parquet_keeps_types(tmp_path: Path) -> None:
    fields = {
        "n": 1,
        "x": 0.5,
        "ok": True,
        "none": None,
        "tags": ["a", {"b": []}],
        "Text": "=1",
        "mixed": "one",
        "": "e",
    }
    results = [Result("a", [a_quote()], fields=fields), Result("b", [a_quote()], fields={"mixed": 2, "error": "no"})]
    first, second = stored(results, tmp_path / "quotes.parquet")
    assert first.fields == {name: value for name, value in fields.items() if value is not None}
    assert second.fields == {"mixed": 2, "error": "no"}


# articles


@pytest.mark.parametrize("ending", [*LINES, ".parquet"])
def test_articles_with_equal_ids_are_separate(ending: str, tmp_path: Path) -> None:
    results = [Result("a", [a_quote(1), a_quote(2)]), Result("a", [a_quote(1)]), Result("b", [a_quote(1)])]
    assert stored(results, tmp_path / f"quotes{ending}") == results


@pytest.mark.parametrize("ending", [*LINES, ".parquet"])
def test_long_cells(ending: str, tmp_path: Path) -> None:
    results = [Result("a", [a_quote(text="x" * 300_000)], text="y" * 300_000)]
    assert stored(results, tmp_path / f"quotes{ending}", keep_text=True) == results


def test_blank_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "quotes.jsonl"
    results = [Result("a.txt", [a_quote()]), Result("b\udcff.txt", [])]
    path.write_bytes(b"\r\n\n".join(map(json_line, results)))
    assert list(read_stored(path)) == results


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst", ".parquet"])
def test_articles_are_read_one_by_one(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"quotes{ending}"
    results = [Result(f"a{i}", [a_quote(text=f"{i} {'x' * 200}")]) for i in range(3000)]
    write(lambda: results, path)
    articles = read_stored(path)
    assert next(articles) == results[0]
    articles.close()  # type: ignore[attr-defined]
    # Nothing holds the file any more.
    path.unlink()


def test_several_zstandard_frames(tmp_path: Path) -> None:
    lines = [json_line(Result(f"a{i}", [])) for i in range(2)]
    path = tmp_path / "quotes.jsonl.zst"
    path.write_bytes(b"".join(zstandard.ZstdCompressor().compress(line) for line in lines))
    assert [one.id for one in read_stored(path)] == ["a0", "a1"]


def test_parquet_rewritten_without_metadata(tmp_path: Path) -> None:
    results = [Result("a", [a_quote()], date(2026, 1, 31), {"desk": "city"})]
    path = tmp_path / "quotes.parquet"
    write(lambda: results, path)
    table = pq.read_table(path).replace_schema_metadata(None)
    pq.write_table(table.select(sorted(table.column_names)), path)
    assert list(read_stored(path)) == results


def test_parquet_rewritten_by_pandas(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    cue = {"start": 5, "end": 9, "text": "said"}
    results = [
        Result("7", [a_quote(1), a_quote(2).model_copy(update={"cue": TextSpan(**cue)})], date(2026, 1, 31)),
        Result("8", [a_quote(1)]),
    ]
    path = tmp_path / "quotes.parquet"
    write(lambda: results, path)
    frame = pandas.read_parquet(path)
    frame["article_id"] = frame["article_id"].astype(int)
    frame.to_parquet(path, index=False)
    assert list(read_stored(path)) == results


def test_invalid_json_in_parquet(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    write(lambda: [Result("a", [a_quote()], fields={"x": [1]})], path)
    table = pq.read_table(path)
    pq.write_table(table.set_column(table.num_columns - 1, table.schema.field("x"), [["[1"]]), path)
    with pytest.raises(StoredError, match=r"row 1: column 'x' must be JSON, as its metadata says, not '\[1'"):
        list(read_stored(path))


def test_rows_of_engines(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    write(lambda: [Result("a", [a_quote()])], path)
    (row,) = pq.read_table(path).to_pylist()
    failed = dict.fromkeys(row) | {"article_id": "b", "error": "no date"}
    pq.write_table(pa.Table.from_pylist([row | {"error": None}, failed], SCHEMA), path)
    assert list(read_stored(path)) == [Result("a", [a_quote()])]


# what is wrong

GOOD = json_line(Result("a", [a_quote()])).decode()
WRONG: list[tuple[str, str | bytes, str]] = [
    ("q.txt", GOOD, "an output of quotekit is a .jsonl"),
    ("q.parquet.gz", b"", "an output of quotekit is a .jsonl"),
    ("q.csv", "a,b\n", "CSV is written for spreadsheets and is not read back. Write a .jsonl or .parquet file"),
    ("q.csv.gz", b"", "is not read back"),
    ("q.jsonl", GOOD + GOOD[:40], "line 2: must be one JSON object, as quotekit extract writes them. It may have"),
    ("q.jsonl", "[" * 100_000 + "\n", "q.jsonl, line 1: must be one JSON object"),
    ("q.jsonl", "[1]\n", "q.jsonl, line 1: must be an object with an article's \"id\" and its \"quotes\""),
    ("q.jsonl", '{"id": "a"}\n', "line 1: must be an object"),
    ("q.jsonl", '{"id": 1, "quotes": []}\n', '"id" and "text" must be texts'),
    ("q.jsonl", '{"id": "a", "quotes": [], "fields": []}\n', '"fields" an object'),
    ("q.jsonl", '{"id": "a", "quotes": [], "date": "31.1.2026"}\n', "line 1: the article's date: a date must be a day"),
    ("q.jsonl", '\n{"id": "a", "quotes": [{"id": "q1"}]}\n', "line 2: a quote is not as quotekit writes it (kind: "),
    ("q.jsonl", '{"id": "a", "quotes": [3]}\n', "line 1: a quote is not as quotekit writes it"),
    ("q.jsonl", GOOD.encode() + b"\xff\n", "must be UTF-8 text. Save it as UTF-8, or write it again"),
    ("q.jsonl.gz", gzip.compress(GOOD.encode())[:-9], "compressed data that breaks off before its end. Get"),
    ("q.jsonl.gz", b"no gzip", "broken gzip data"),
    ("q.jsonl.zst", b"no zstandard", "broken Zstandard data"),
    ("q.parquet", b"", "not a Parquet file, or a damaged one"),
    ("q.parquet", GOOD, "not a Parquet file, or a damaged one"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "message"), WRONG)
def test_unreadable_outputs(name: str, content: str | bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StoredError) as error:
        list(read_stored(path))
    assert str(path) in str(error.value)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst", ".parquet"])
def test_cut_off_outputs(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"quotes{ending}"
    write(lambda: [Result(f"a{i}", [a_quote(text=str(i) * 50)]) for i in range(200)], path)
    data = path.read_bytes()
    for length in range(1, len(data), max(1, len(data) // 23)):
        path.write_bytes(data[:length])
        with pytest.raises(StoredError):
            list(read_stored(path))


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".parquet", ".jsonl.zst"])
def test_damaged_outputs(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"quotes{ending}"
    write(lambda: [Result(f"a{i}", [a_quote()], date(2026, 1, 31), {"x": [i]}) for i in range(9)], path)
    data = path.read_bytes()
    refused = 0
    for i in range(60):
        damaged = bytearray(data)
        damaged[i * 7919 % len(data)] ^= 1 + i * 31 % 255
        path.write_bytes(damaged)
        try:
            list(read_stored(path))
        except StoredError:
            refused += 1
    assert refused > 5


@pytest.mark.parametrize("name", ["none.jsonl", "none.csv", "none.parquet", "nul\0.jsonl", "."])
def test_missing_outputs(name: str, tmp_path: Path) -> None:
    with pytest.raises(StoredError):
        list(read_stored(tmp_path / name))


def test_newer_versions(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    write(lambda: [Result("a", [a_quote()])], path)
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"quotekit.schema": str(VERSION + 1)}), path)
    with pytest.raises(
        StoredError, match=rf"its columns have version {VERSION + 1}.* the quotekit that wrote it, or a newer one"
    ):
        list(read_stored(path))
    pq.write_table(table.replace_schema_metadata({"quotekit.schema": "new"}), path)
    with pytest.raises(StoredError, match=r"must be a number, not 'new'"):
        list(read_stored(path))


def test_columns_of_other_types(tmp_path: Path) -> None:
    path = tmp_path / "quotes.parquet"
    names = [column.name for column in COLUMNS]
    pq.write_table(pa.table({name: ["x"] for name in names}), path)
    with pytest.raises(StoredError, match="row 1: not a quote as quotekit writes it"):
        list(read_stored(path))


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_failing_disk(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"quotes{ending}"
    write(lambda: [Result("a", [a_quote()])], path)

    class Broken(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise OSError(5, "Input/output error")

        read1 = readinto = read  # type: ignore[assignment]

    monkeypatch.setattr(stored_place, "opened", lambda source: Broken(b"x" * 1000))
    with pytest.raises(StoredError, match=r"[Ii]nput/output error"):
        list(read_stored(path))


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".csv.gz", ".parquet"])
def test_outputs_are_recognised_by_their_content(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"quotes{ending}"
    write(lambda: [Result("a", [a_quote()])], path)
    assert is_stored(str(path))
    articles = tmp_path / "articles.csv"
    articles.write_text("id,text\n1,It rained.\n", encoding="utf-8")
    assert not is_stored(str(articles))
    assert not is_stored(str(tmp_path / "none.csv"))
    assert not is_stored(str(tmp_path))
