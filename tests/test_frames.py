"""Quotes as rows in Python: the columns of the files, dates as datetimes, ids as text."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from made_results import quote, speaker

import quotekit
from quotekit.batch import Result, read_stored, write, write_articles

pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")

SAID = [quote("It is shut", speaker("Ann Lee", gender="female", named=True)), quote("No", id="q2")]
RESULTS = [
    Result("001", SAID, date(2026, 1, 31), about={"title": "Pier shut"}, form="story", words=9),
    Result("002", [], date(2026, 2, 1), words=4),
    Result("003", SAID[:1]),
]


def files(folder: Path) -> Path:
    path = folder / "q.parquet"
    write(lambda: RESULTS, path)
    write_articles(lambda: RESULTS, folder / "q.articles.parquet")
    return path


def test_columns_are_those_of_the_file(tmp_path: Path) -> None:
    path = files(tmp_path)
    assert list(quotekit.to_frame(RESULTS).columns) == list(pd.read_parquet(path).columns)
    assert list(quotekit.to_dicts(SAID)[0]) == list(pd.read_parquet(path).columns)
    assert list(quotekit.to_frame([]).columns) == list(pd.read_parquet(path).columns)


def test_values_are_those_of_the_file(tmp_path: Path) -> None:
    stored = pd.read_parquet(files(tmp_path)).to_dict("records")
    rows = quotekit.to_dicts(RESULTS)
    for row, other in zip(rows, stored, strict=True):
        for name, value in row.items():
            if name not in ("content", "mentions", "article_date"):
                assert value == other[name] or (value is None and pd.isna(other[name])), name


def test_dates_are_datetimes() -> None:
    assert quotekit.to_dicts(RESULTS)[0]["article_date"] == datetime(2026, 1, 31)
    for items in (RESULTS, RESULTS[2:], []):
        assert pd.api.types.is_datetime64_any_dtype(quotekit.to_frame(items)["article_date"])


def test_ids_join_with_the_table_of_articles(tmp_path: Path) -> None:
    path = files(tmp_path)
    articles = pd.read_parquet(path.with_name("q.articles.parquet"))
    for frame in (quotekit.to_frame(read_stored(path)), quotekit.to_frame(SAID, article_id="001")):
        joined = frame.merge(articles, left_on="article_id", right_on="id", suffixes=("", "_of_article"))
        assert len(joined) == len(frame)
    assert quotekit.to_frame(SAID, article_id="001")["article_id"].tolist() == ["001", "001"]


def test_types_of_columns() -> None:
    frame = quotekit.to_frame(RESULTS)
    found = {name: str(frame[name].dtype) for name in ("speaker_named", "turn", "start", "confidence")}
    assert found == {"speaker_named": "boolean", "turn": "Int64", "start": "Int64", "confidence": "float64"}


@pytest.mark.parametrize(("given", "error"), [(["no"], TypeError), ([None], TypeError)])
def test_other_things_are_refused(given: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="quotes must be quotes or articles, not"):
        quotekit.to_dicts(given)
    with pytest.raises(ValueError, match="2026"):
        quotekit.to_dicts(SAID, date="2026/01/31")


def test_missing_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(quotekit.QuotekitError, match=r"to_frame needs pandas .*\.\[pandas\]"):
        quotekit.to_frame(SAID)
