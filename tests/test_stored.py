"""What is written can be read back, and a file that cannot says where and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotekit.batch.records import Result
from quotekit.batch.stored import read_stored
from quotekit.batch.writing import write
from quotekit.cells import guarded, unguarded
from quotekit.models import Position, Quote, Speaker, SpeakerMention, TextSpan

ROWS = [".csv", ".csv.gz", ".csv.zst", ".parquet"]
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


def fit(value: Any, *, nul: bool = True) -> Any:
    """What rows hold of a text: U+FFFD for what cannot stand in them."""
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= one <= "\udfff" or (nul and one == "\0") else one for one in value)
    if isinstance(value, dict):
        return {name: fit(one, nul=nul) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(fit(one, nul=nul) for one in value)
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
def test_lines_come_back(results: list[Result], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    back = stored(results, path, keep_text=True)
    assert [dumped(one) for one in back] == [dumped(one, paired) for one in results]
    assert [one.text for one in back] == [paired(one.text) for one in results]


def paired(value: Any) -> Any:
    """Two halves of one character: JSON cannot tell them from it."""
    if isinstance(value, str):
        import re

        return re.sub("[\ud800-\udbff][\udc00-\udfff]", "\ufffd\ufffd", value)
    if isinstance(value, dict):
        return {name: paired(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(paired(one) for one in value)
    return value


@settings(max_examples=100)
@given(results=st.lists(articles, max_size=3, unique_by=lambda one: fit(one.id)))
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_rows_come_back(results: list[Result], ending: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    back = stored(results, tmp_path_factory.getbasetemp() / f"rows{ending}", keep_text=True)

    def change(value: Any) -> Any:
        return fit(value, nul=ending == ".csv")

    # Rows are quotes: an article without any has none.
    assert [dumped(one) for one in back] == [dumped(one, change) for one in results if one.quotes]
    assert [one.text for one in back] == [change(one.text) for one in results if one.quotes]


@given(texts)
def test_guard_comes_off(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(texts)
def test_guarded_cells_begin_no_formula(text: str) -> None:
    cell = guarded(text)
    bare = cell.strip(" \t\r\n\x0b\x85\u2028\ufeff\0")
    assert not bare.startswith(("=", "@", "＝"))
    assert bare[:1] not in ("+", "-") or bare == cell
