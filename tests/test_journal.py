"""The journal of a run: what stands in it, what is cut off, and when it is not gone on with."""

from __future__ import annotations

import json
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit import Extractor, KnownSpeaker, RuleSet
from quotekit.batch.journal import Journal, JournalError, holds_something, part_of
from quotekit.batch.reading import ReadOptions
from quotekit.batch.records import Failure, Record, Result
from quotekit.batch.running import with_kinds
from quotekit.batch.settings import settings_of
from quotekit.models import Position, Quote, TextSpan
from quotekit.output.target import OutputError

SETTINGS: dict[str, Any] = {"quotekit": "1.0", "--attitudes": False, "--rules": "sha256:1"}
SOURCES = ["a.txt", "b.jsonl", "c.txt"]


def a_quote(text: str) -> Quote:
    return Quote(
        id="q1",
        kind="direct",
        act="statement",
        text=text,
        content=(TextSpan.of(text, (0, len(text))),),
        position=Position(start=0, end=len(text), paragraph=0, sentence=0),
        confidence=0.5,
        rule="en.clause",
    )


def add(journal: Journal, place: tuple[int, int], record: Record, quotes: list[Quote], *, text: bool = False) -> None:
    journal.add(place, record, *with_kinds(quotes), keep_text=text)


def a_journal(path: Path) -> Journal:
    """Three articles and two failures, as a run writes them."""
    journal = Journal.begin(path, SETTINGS)
    journal.fail((-1, 0), Failure("gone.txt", "no such file"))
    add(journal, (0, 0), Record("a.txt", "It rained.", "a.txt"), [a_quote("It rained.")])
    fields = {"desk": "city", "n": inf, "more": [1, {"x": None}]}
    add(journal, (1, 0), Record("b1", "It\udcff\n", "b.jsonl", 0, date(2026, 1, 31), fields), [a_quote("It\udcff\n")])
    journal.fail((1, 1), Failure("b.jsonl", "no text", 1, "b2"))
    add(journal, (1, 2), Record("b3", "", "b.jsonl", 2), [], text=True)
    return journal


RESULTS = [
    Result("a.txt", [a_quote("It rained.")]),
    Result("b1", [a_quote("It\udcff\n")], date(2026, 1, 31), {"desk": "city", "n": None, "more": [1, {"x": None}]}),
    Result("b3", [], text=""),
]
FAILURES = [Failure("gone.txt", "no such file"), Failure("b.jsonl", "no text", 1, "b2")]


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "q.part")
    journal.close()
    assert list(journal.results()) == RESULTS
    assert list(journal.failures()) == FAILURES
    again = Journal.resume(tmp_path / "q.part", SETTINGS, SOURCES)
    again.close()
    assert (again.place, again.ended, again.counts) == ((1, 2), False, journal.counts)
    assert (again.counts.articles, again.counts.failures, again.counts.items) == (3, 2, 5)
    assert again.counts.kinds == {"direct": 2}


def test_one_that_has_ended_needs_no_inputs(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "q.part")
    journal.end()
    journal.end()
    journal.close()
    again = Journal.resume(tmp_path / "q.part", SETTINGS, [])
    again.close()
    assert again.ended
    assert list(again.results()) == RESULTS


def test_wherever_it_breaks_off_what_is_whole_stays(tmp_path: Path) -> None:
    path = tmp_path / "q.part"
    a_journal(path).close()
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    ends = [sum(map(len, lines[: i + 1])) for i in range(len(lines))]

    @given(st.integers(0, len(whole)), st.sampled_from([b"", b"\0\0\0", b"{}\n", b"\xff\n", b"[1]\n"]))
    def check(cut: int, behind: bytes) -> None:
        path.write_bytes(whole[:cut] + behind * (cut in ends))
        journal = Journal.resume(path, SETTINGS, SOURCES)
        # And one goes on behind it.
        journal.fail((2, 0), Failure("c.txt", "no"))
        journal.close()
        kept = [line for line, end in zip(lines, ends, strict=True) if end <= cut] or lines[:1]
        assert path.read_bytes().splitlines(keepends=True)[:-1] == kept
        assert list(journal.failures())[-1] == Failure("c.txt", "no")

    check()


def test_lines_out_of_order_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "q.part"
    a_journal(path).close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[2]]))
    journal = Journal.resume(path, SETTINGS, SOURCES)
    journal.close()
    assert journal.counts.items == 5
    assert path.read_bytes() == b"".join(lines)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"--attitudes": True}, "--attitudes was not given, is given"),
        ({"--date": "2026-01-31"}, "--date was not given, is 2026-01-31"),
        ({"--rules": "sha256:2"}, "--rules has other contents"),
        ({"--rules": None}, "--rules was given, is not given"),
        ({"quotekit": "1.1"}, "quotekit was 1.0, is 1.1"),
        ({"quotekit": "1.1", "--attitudes": True}, "quotekit was 1.0, is 1.1; --attitudes was not given"),
    ],
)
def test_other_settings_are_named(tmp_path: Path, settings: dict[str, Any], told: str) -> None:
    path = tmp_path / "q.part"
    a_journal(path).close()
    before = path.read_bytes()
    with pytest.raises(JournalError) as error:
        Journal.resume(path, {**SETTINGS, **settings}, SOURCES)
    assert told in str(error.value)
    assert "--restart" in str(error.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("sources", [[], ["a.txt"], ["b.jsonl", "a.txt"], ["a0.txt", "a.txt", "b.jsonl"]])
def test_other_inputs_are_named(tmp_path: Path, sources: list[str]) -> None:
    path = tmp_path / "q.part"
    a_journal(path).close()
    with pytest.raises(JournalError, match=r"the inputs have changed since: (a.txt|b.jsonl) is no longer"):
        Journal.resume(path, SETTINGS, sources)


def test_inputs_that_have_come_behind_are_welcome(tmp_path: Path) -> None:
    path = tmp_path / "q.part"
    a_journal(path).close()
    Journal.resume(path, SETTINGS, [*SOURCES, "d.txt"]).close()
    Journal.resume(path, SETTINGS, SOURCES[:2]).close()


@pytest.mark.parametrize("content", ["\n", "[]\n", '{"quotekit": 99, "settings": {}}\n', '{"a": 1}\nb\n'])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "q.part"
    path.write_text(content)
    with pytest.raises(JournalError, match="not the journal of a run"):
        Journal.resume(path, SETTINGS, SOURCES)
    assert path.read_text() == content


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="not a directory"):
        Journal.begin(tmp_path / "file" / "q.part", SETTINGS)
    with pytest.raises(OutputError, match="no such file"):
        Journal.resume(tmp_path / "q.part", SETTINGS, SOURCES)
    (tmp_path / "folder.part").mkdir()
    with pytest.raises(OutputError, match="is a directory"):
        Journal.resume(tmp_path / "folder.part", SETTINGS, SOURCES)


def test_a_full_disk_costs_the_line_and_no_other(tmp_path: Path) -> None:
    class Full:
        """Takes a few bytes more, and then none."""

        def __init__(self, file: Any) -> None:
            self.file, self.room = file, 10

        def write(self, data: memoryview) -> int:
            if not self.room:
                raise OSError(28, "No space left on device")
            taken, self.room = self.file.write(data[: self.room]), 0
            return int(taken)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

    path = tmp_path / "q.part"
    journal = a_journal(path)
    before = path.read_bytes()
    file, journal._file = journal._file, Full(journal._file)  # type: ignore[assignment]
    with pytest.raises(OutputError, match=r"no space left on device\. Make room there; .* --resume"):
        journal.fail((2, 0), Failure("c.txt", "no"))
    assert path.read_bytes() == before
    assert journal.counts.items == 5
    file.close()


def test_whether_it_holds_something(tmp_path: Path) -> None:
    path = tmp_path / "q.part"
    Journal.begin(path, SETTINGS).close()
    assert not holds_something(path)
    a_journal(path).close()
    assert holds_something(path)


def test_it_stands_beside_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "q.csv").symlink_to(tmp_path / "there" / "quotes.csv")
    assert part_of(tmp_path / "q.csv") == (tmp_path / "there" / "quotes.csv.part").resolve()


def test_settings_change_with_whatever_changes_the_results() -> None:
    def told(options: ReadOptions | None = None, text: bool = False, day: date | None = None, **more: Any) -> str:
        extractor = Extractor(**more)
        return json.dumps(settings_of(extractor, options or ReadOptions(), keep_text=text, day=day))

    known = [KnownSpeaker(id="Q1", names=("Ann Lee",))]
    others = [
        told(),
        told(ReadOptions(text_field="body")),
        told(ReadOptions(format="csv")),
        told(text=True),
        told(day=date(2026, 1, 31)),
        told(attitudes=True),
        told(min_confidence=0.5),
        told(encoder=False),
        told(resolve=False),
        told(model="other"),
        told(rules=RuleSet.default().without("en.as")),
        told(known_speakers=known),
        told(known_speakers=[known[0].model_copy(update={"id": "Q2"})]),
    ]
    assert len(set(others)) == len(others)
    assert told() == told()
