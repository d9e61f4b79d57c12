"""Articles in Arrow batches, on Ray and on Spark, give the quotes that they give one by one."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit import Extractor, Quote, QuotekitError
from quotekit.batch.schema import COLUMNS, quote_of
from quotekit.engines import arrow, loading
from quotekit.engines import ray as on_ray
from quotekit.engines import spark as on_spark
from quotekit.engines.arrow import SCHEMA, ColumnError, extract_batches
from quotekit.models import Position, Speaker, SpeakerMention, TextSpan

pytestmark = pytest.mark.engines

JOBS = Path(__file__).parent / "engine_jobs.py"


class Words(Extractor):
    """Every word is a quote: fast, and each text has its own."""

    def extract(self, text: str, *, date: date | str | None = None) -> list[Quote]:
        if "broken" in text:
            raise ValueError("a broken text")
        if "no model" in text:
            raise QuotekitError("no model")
        return [self._quote(i, word, date) for i, word in enumerate(text.split())]

    def _quote(self, i: int, word: str, day: date | str | None) -> Quote:
        mention = SpeakerMention(start=0, end=len(word), text=word, rule="speaker.name.full")
        return Quote(
            id=f"q{i + 1}",
            kind="direct",
            act="statement",
            text=word,
            content=(TextSpan(start=0, end=len(word), text=word),),
            speaker=Speaker(id="s1", name=str(day), mentions=(mention,)),
            position=Position(start=0, end=len(word), paragraph=0, sentence=i),
            confidence=0.5,
            rule="encoder",
        )


WORDS = Words()


def rows_of(table: pa.Table, **columns: Any) -> list[dict[str, Any]]:
    return [
        row for batch in extract_batches(table.to_batches(), extractor=WORDS, **columns) for row in batch.to_pylist()
    ]


def expected(texts: Sequence[str | None]) -> list[tuple[str, Quote]]:
    return [(str(i), quote) for i, text in enumerate(texts) if text for quote in WORDS.extract(text)]


def found(rows: Sequence[dict[str, Any]]) -> list[tuple[str, Quote]]:
    return [(row["article_id"], quote_of(row)) for row in rows]


encodable = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(
    lambda text: not {"broken", "no model"} & {text}
)


@given(st.lists(st.none() | encodable, max_size=12), st.data())
def test_results_do_not_depend_on_batches(texts: list[str | None], data: st.DataObject) -> None:
    table = pa.table({"text": pa.array(texts, pa.string()), "id": pa.array(range(len(texts)), pa.int32())})
    size = data.draw(st.integers(1, 12))
    batches = table.to_batches(max_chunksize=size)
    rows = [row for batch in extract_batches(batches, id_column="id", extractor=WORDS) for row in batch.to_pylist()]
    assert found(rows) == expected(texts)


@pytest.mark.parametrize(
    "type_", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())], ids=str
)
def test_types_of_text(type_: pa.DataType) -> None:
    texts = ["one two", None, "", "two"]
    table = pa.table(
        {"body": pa.array(texts, pa.string()).cast(type_), "id": pa.array(["0", "1", "2", "3"]).cast(type_)}
    )
    assert found(rows_of(table, text_column="body", id_column="id")) == expected(texts)


def test_null_texts() -> None:
    assert rows_of(pa.table({"text": pa.nulls(3)})) == []


@pytest.mark.parametrize(
    ("values", "day"),
    [
        (pa.array([date(2026, 1, 31)]), date(2026, 1, 31)),
        (pa.array([date(2026, 1, 31)], pa.date64()), date(2026, 1, 31)),
        (pa.array(["2026-01-31"]), date(2026, 1, 31)),
        (pa.array(["2026-01-31"]).dictionary_encode(), date(2026, 1, 31)),
        (pa.array([datetime(2026, 1, 31, 23, 59)]), date(2026, 1, 31)),
        (pa.array([1769817600000000001], pa.timestamp("ns")), date(2026, 1, 31)),
        (
            pa.array([datetime(2026, 1, 31, 23, tzinfo=timezone.utc)], pa.timestamp("us", "Asia/Tokyo")),
            date(2026, 2, 1),
        ),
        (pa.array([None], pa.date32()), None),
        (pa.nulls(1), None),
    ],
    ids=str,
)
def test_types_of_dates(values: pa.Array, day: date | None) -> None:
    (row,) = rows_of(pa.table({"text": ["one"], "day": values}), date_column="day")
    assert (row["article_date"], row["speaker"], row["error"]) == (day, str(day), None)


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        ({"txt": ["a"]}, {}, "text_column: there is no column 'text'. Instead, did you mean 'txt'?"),
        ({}, {}, "text_column: there is no column 'text'. There are no columns at all"),
        ({"text": [1]}, {}, "text_column: column 'text' must hold strings, not int64. Cast it first, or name another."),
        ({"text": [b"a"]}, {}, "must hold strings, not binary. Decode it first"),
        ({"text": [["a"]]}, {}, "must hold strings, not list<"),
        (
            {"text": ["a"], "id": [1.5]},
            {"id_column": "id"},
            "id_column: column 'id' must hold strings or whole numbers",
        ),
        ({"text": ["a"], "day": [1]}, {"date_column": "day"}, "date_column: column 'day' must hold dates, timestamps"),
        ({"text": ["a"]}, {"carry": ["desk"]}, "carry: there is no column 'desk'. Instead, write one of text"),
        ({"text": ["a"]}, {"carry": ["text", "text"]}, "carry: column 'input_text' would occur twice"),
        ({"text": ["a"], "a": [1], "A": [1]}, {"carry": ["a", "A"]}, "carry: column 'a' would occur twice"),
    ],
)
def test_wrong_columns(columns: dict[str, Any], arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ColumnError) as error:
        rows_of(pa.table(columns) if columns else pa.table({"text": ["a"]}).select([]), **arguments)
    assert message in str(error.value)


def test_duplicate_column() -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    with pytest.raises(ColumnError, match="there are 2 columns 'text'"):
        rows_of(table)


def test_carry_takes_a_list() -> None:
    with pytest.raises(TypeError, match=r"write \['desk'\]"):
        rows_of(pa.table({"text": ["a"]}), carry="desk")


@pytest.mark.parametrize(
    "batches", [pa.table({"text": ["a"]}), pa.record_batch({"text": ["a"]}), ["a"]], ids=["table", "batch", "texts"]
)
def test_other_types_than_batches(batches: Any) -> None:
    with pytest.raises(TypeError, match=r"of a table they are table\.to_batches"):
        next(extract_batches(batches, extractor=WORDS))


def test_carried_columns_keep_their_types() -> None:
    carried = {
        "desk": pa.array(["city", None, "sport"]).dictionary_encode(),
        "score": pa.array([1.5, 2.5, None], pa.float32()),
        "tags": pa.array([["a"], [], None]),
        "Verb": pa.array([1, 2, 3], pa.uint8()),
    }
    table = pa.table({"text": ["one two", "", "three"], **carried})
    (batch,) = extract_batches(table.to_batches(), carry=list(carried), extractor=WORDS)
    assert batch.schema.names[-5:] == ["error", "desk", "score", "tags", "input_Verb"]
    assert [batch.schema.field(-1 - i).type for i in range(4)] == [one.type for one in reversed(carried.values())]
    taken = [row[name] for row in batch.to_pylist() for name in ("desk", "score", "tags", "input_Verb")]
    assert taken == ["city", 1.5, ["a"], 1] * 2 + ["sport", None, None, 3]
    assert batch.schema.equals(arrow.schema_for(table.schema, list(carried)), check_metadata=True)


def test_failing_article_is_one_row() -> None:
    table = pa.table(
        {"text": ["one", "a broken one", "two"], "id": ["x", "y", "z"], "day": ["2026-01-31", None, "today"]}
    )
    first, *broken = rows_of(table, id_column="id", date_column="day")
    assert (first["article_id"], first["text"], first["error"]) == ("x", "one", None)
    assert [(row["article_id"], row["quote_id"], row["error"].partition(":")[0]) for row in broken] == [
        ("y", None, "ValueError"),
        ("z", None, "ValueError"),
    ]
    assert "a broken text" in broken[0]["error"]
    assert "today" in broken[1]["error"]


def test_invalid_utf_8_is_one_row() -> None:
    raw = pa.Array.from_buffers(pa.string(), 2, pa.array([b"a\xff", b"b"]).buffers())
    first, second = rows_of(pa.table({"text": raw}))
    assert first["error"].startswith("UnicodeDecodeError")
    assert second["text"] == "b"


def test_error_of_all_articles_ends_the_job() -> None:
    with pytest.raises(QuotekitError, match="no model"):
        rows_of(pa.table({"text": ["no model"]}))


def test_size_of_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "ROWS", 3)
    texts = ["a b c d e f g", "h"]
    sizes = [batch.num_rows for batch in extract_batches(pa.table({"text": texts}).to_batches(), extractor=WORDS)]
    assert sizes == [3, 3, 2]
    monkeypatch.setattr(arrow, "CHARACTERS", 0)
    sizes = [batch.num_rows for batch in extract_batches(pa.table({"text": texts}).to_batches(), extractor=WORDS)]
    assert sizes == [1] * 8


def test_batches_are_read_one_by_one() -> None:
    taken: list[int] = []

    def batches() -> Any:
        for i in range(3):
            taken.append(i)
            yield pa.RecordBatch.from_pydict({"text": ["one"]})

    first = next(extract_batches(batches(), extractor=WORDS))
    assert (first.num_rows, taken) == (1, [0])


def test_schema_has_the_columns_of_files() -> None:
    assert SCHEMA.names == [*(column.name for column in COLUMNS), "error"]
    assert SCHEMA.metadata == {b"quotekit.schema": b"1"}


@pytest.mark.model
def test_results_equal_those_of_extract() -> None:
    texts = ["The talks will go on, Ann Lee said. “No,” she said.", "It rained.", "According to Bo Stone, it did."]
    batches = pa.table({"text": texts, "id": ["0", "1", "2"]}).to_batches(max_chunksize=2)
    rows = [row for batch in extract_batches(batches, id_column="id") for row in batch.to_pylist()]
    extractor = Extractor()
    assert found(rows) == [(str(i), quote) for i, text in enumerate(texts) for quote in extractor.extract(text)]


# Ray and Spark without a cluster


def test_settings_are_pickled(tmp_path: Path) -> None:
    known = tmp_path / "known.jsonl"
    known.write_text('{"id": "Q1", "names": ["Ann Lee"]}', encoding="utf-8")
    data = loading.pickled({"attitudes": True, "known_speakers": known})
    known.unlink()
    extractor = loading.restored(data)
    assert extractor.attitudes
    assert extractor.known_speakers is not None
    assert len(extractor.known_speakers) == 1
    assert loading.restored(bytes(bytearray(data))) is extractor


@pytest.mark.parametrize("engine", [on_ray, on_spark])
def test_wrong_settings_are_reported_early(engine: Any) -> None:
    frame = SimpleNamespace(columns=["text"])
    more = {"concurrency": 1} if engine is on_ray else {}
    with pytest.raises(ValueError, match="min_confidence must be between 0 and 1"):
        engine.extract(frame, min_confidence=2, **more)


@pytest.mark.parametrize(("engine", "module"), [(on_ray, "ray.data"), (on_spark, "pyspark.sql.types")])
def test_missing_library(engine: Any, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    extra = module.partition(".")[0].removeprefix("py")
    more = {"concurrency": 1} if engine is on_ray else {}
    frame = SimpleNamespace(columns=["text"], schema=None, select=lambda *_: frame, mapInArrow=None)
    with pytest.raises(QuotekitError, match=rf'python -m pip install "\.\[{extra}\]"'):
        engine.extract(frame, **more)


def test_missing_column_in_spark() -> None:
    frame = SimpleNamespace(columns=["text", "headline"])
    with pytest.raises(ColumnError, match="id_column: there is no column 'headlin'"):
        on_spark.extract(frame, id_column="headlin")


def test_actor_returns_columns_without_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_ray, "restored", lambda extractor: WORDS)
    columns = {"text_column": "text", "id_column": None, "date_column": None, "carry": ["desk"]}
    reader = on_ray._Reader(b"", columns)
    table = pa.table({"text": ["one two", ""], "desk": ["city", "sport"]})
    out = pa.concat_tables(reader(table))
    assert out.num_rows == 2
    assert pa.concat_tables(reader(table.slice(1))).schema.names == [*SCHEMA.names, "desk"]


def test_spark_columns_equal_those_of_arrow(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    from pyspark.sql.types import IntegerType, StructField, StructType

    schema = on_spark._schema(StructType([StructField("Text", IntegerType())]), {"Text": "input_Text"})
    assert schema.names == [*SCHEMA.names, "input_Text"]
    assert schema["content"].simpleString() == "content:array<struct<start:bigint,end:bigint,text:string>>"
    assert schema["article_date"].dataType.simpleString() == "date"
    monkeypatch.setattr(on_spark, "restored", lambda extractor: WORDS)
    columns = {"text_column": "text", "id_column": None, "date_column": None, "carry": ["Text"]}
    batch = pa.RecordBatch.from_pydict({"text": ["one"], "Text": [1]})
    (out,) = on_spark._read([batch], extractor=b"", columns=columns)
    assert out.schema.names == schema.names


# Ray and Spark for real


def job(name: str, folder: Path) -> dict[str, Any]:
    """What a job of engine_jobs.py prints; it runs in a process of its own."""
    path = folder / "result.json"
    done = subprocess.run(
        [sys.executable, str(JOBS), name, str(path)],
        env={**os.environ, "PYTHONWARNINGS": "ignore", "RAY_USAGE_STATS_ENABLED": "0"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


@pytest.fixture(scope="module")
def jobs() -> Any:
    spec = importlib.util.spec_from_file_location("engine_jobs", JOBS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def alone(jobs: Any) -> list[dict[str, Any]]:
    """The rows that the job's articles give here, in one process."""
    batches = extract_batches(jobs.articles().to_batches(), extractor=Extractor(**jobs.SETTINGS), **jobs.COLUMNS)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert len(rows) > 200
    assert sum(row["error"] is not None for row in rows) == 1
    return in_order(json.loads(json.dumps(rows, default=str)))


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Engines keep no order."""
    return sorted(rows, key=lambda row: (row["article_id"], row["start"] or 0, row["quote_id"] or ""))


@pytest.mark.model
@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="Ray is not installed: pip install '.[ray]'")
def test_ray_survives_a_killed_actor(alone: list[dict[str, Any]], tmp_path: Path) -> None:
    result = job("ray", tmp_path)
    assert 0 < result["before"] < len(alone), "the actor was not killed in the middle"
    assert result["workers"] > 2, "no actor took the place of the one that was killed"
    assert in_order(result["rows"]) == alone


@pytest.mark.model
@pytest.mark.skipif(not importlib.util.find_spec("pyspark"), reason="Spark is not installed: pip install '.[spark]'")
@pytest.mark.skipif(not (shutil.which("java") or os.environ.get("JAVA_HOME")), reason="Spark needs Java 17 or later")
def test_spark_survives_a_killed_worker(alone: list[dict[str, Any]], tmp_path: Path) -> None:
    result = job("spark", tmp_path)
    assert result["failed"], "no task lost its worker"
    assert result["workers"] > 2, "no worker took the place of the one that was killed"
    assert in_order(result["rows"]) == alone
