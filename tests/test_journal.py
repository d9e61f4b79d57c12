"""The journal of a run: what it holds, what is cut off, and when it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from math import inf
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit import Extractor, KnownSpeaker, RuleSet
from quotekit.batch.beside import part_of
from quotekit.batch.journal import Beginning, Journal
from quotekit.batch.reading import ReadOptions
from quotekit.batch.records import Failure, Record, Result
from quotekit.batch.sealed import sealed
from quotekit.batch.settings import settings_of
from quotekit.batch.state import JournalError, digest_of
from quotekit.models import Position, Quote, TextSpan
from quotekit.output.target import OutputError

SETTINGS: dict[str, Any] = {"quotekit": "1.0", "--attitudes": False, "--rules": "sha256:1"}


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


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    path.touch()
    with path.open("r+b", buffering=0) as file:
        yield file


FIELDS: dict[str, Any] = {"desk": "city", "n": inf, "more": [1, {"x": None}]}
ARTICLES = [
    Record("a.txt", "It rained.", "a.txt"),
    Record("b1", "It\udcff\n", "b.jsonl", 0, date(2026, 1, 31), FIELDS),
    Record("b3", "", "b.jsonl", 2),
]
FAILURE = Failure("b.jsonl", "no text", 1, "b2")


def found(article: Record, *quotes: Quote) -> Result:
    """What a run writes of an article."""
    about = {"title": "Rain"} if article.id == "a.txt" else {}
    more = {"form": "story", "words": 2, "notices": ("HTML in the text",)} if about else {}
    return Result(article.id, list(quotes), article.date, article.fields, article.text, about, **more)


def fill(journal: Journal) -> None:
    """Write three articles and a failure, as a run does."""
    journal.open_input("a.txt", (10, 1, 1))
    journal.add(ARTICLES[0], found(ARTICLES[0], a_quote("It rained.")), keep_text=False)
    journal.open_input("b.jsonl", None)
    journal.add(ARTICLES[1], found(ARTICLES[1], a_quote("It\udcff\n")), keep_text=False)
    journal.fail(FAILURE)
    journal.open_input("b.jsonl", None)
    journal.add(ARTICLES[2], found(ARTICLES[2]), keep_text=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal that has not ended."""
    path = tmp_path / "q.jsonl.part"
    with opened(path) as file:
        fill(Journal.begin(file, path, SETTINGS))
    return path


RESULTS = [
    Result("a.txt", [a_quote("It rained.")], None, {}, None, {"title": "Rain"}, "story", 2, ("HTML in the text",)),
    Result("b1", [a_quote("It\udcff\n")], date(2026, 1, 31), {"desk": "city", "n": None, "more": [1, {"x": None}]}),
    Result("b3", [], text=""),
]


def resumed(path: Path) -> Journal:
    with opened(path) as file:
        return Journal.resume(file, path, SETTINGS)


def test_written_entries_are_read_back(path: Path) -> None:
    with opened(path) as file:
        journal = Journal.resume(file, path, SETTINGS)
        assert list(journal.results()) == RESULTS
        assert list(journal.failures()) == [FAILURE]
    state = journal.state
    assert (state.ended, state.half_read) == (False, "b.jsonl")
    assert (state.counts.articles, state.counts.failures, state.counts.items) == (3, 1, 4)
    assert state.counts.kinds == {"direct": 2}
    assert (state.seen["a.txt"].stamp, state.seen["a.txt"].items) == ((10, 1, 1), 1)
    assert (state.seen["b.jsonl"].stamp, state.seen["b.jsonl"].items) == (None, 3)
    assert state.seen["b.jsonl"].failed == {1}
    assert state.seen["b.jsonl"].digest == digest_of(ARTICLES[1]) ^ digest_of(ARTICLES[2])


def test_ended_journal(path: Path) -> None:
    with opened(path) as file:
        journal = Journal.resume(file, path, SETTINGS)
        journal.end()
        journal.end()
    again = resumed(path)
    assert again.state.ended
    assert again.state.half_read is None
    assert path.read_bytes().count(b'{"end": true}') == 1


def test_article_read_after_a_failure_takes_its_place(path: Path) -> None:
    with opened(path) as file:
        journal = Journal.resume(file, path, SETTINGS)
        journal.open_input("c.txt", None)
        journal.fail(Failure("c.txt", "no"))
        journal.open_input("b.jsonl", None)
        record = Record("b2", "It snowed.", "b.jsonl", 1)
        journal.add(record, found(record), keep_text=False)
        assert list(journal.failures()) == [Failure("c.txt", "no")]
        assert journal.state.counts.failures == 1
    with opened(path) as file:
        again = Journal.resume(file, path, SETTINGS)
        assert list(again.failures()) == [Failure("c.txt", "no")]
        assert [result.id for result in again.results()] == ["a.txt", "b1", "b3", "b2"]
    assert (again.state.counts.articles, again.state.counts.failures) == (4, 1)
    assert again.state.seen["b.jsonl"].failed == set()


def test_whole_lines_are_kept_wherever_a_journal_breaks_off(path: Path) -> None:
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    ends = [sum(map(len, lines[: i + 1])) for i in range(len(lines))]

    @given(st.integers(ends[0], len(whole)), st.sampled_from([b"", b"\0\0\0", b"{}\n", b"\xff\n", b"[1]\n", b"7 00"]))
    def check(cut: int, behind: bytes) -> None:
        path.write_bytes(whole[:cut] + behind * (cut in ends))
        with opened(path) as file:
            journal = Journal.resume(file, path, SETTINGS)
            # Writing continues behind what is kept.
            journal.open_input("c.txt", None)
            journal.fail(Failure("c.txt", "no"))
            kept = [line for line, end in zip(lines, ends, strict=True) if end <= cut]
            assert path.read_bytes().splitlines(keepends=True)[:-2] == kept
            assert list(journal.failures())[-1] == Failure("c.txt", "no")

    check()


def _lost(lines: list[bytes]) -> list[bytes]:
    return lines[:3] + lines[4:]


def _swapped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def _repeated(lines: list[bytes]) -> list[bytes]:
    return [*lines, lines[2]]


def _flipped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b"rained", b"reined"), *lines[3:]]


def _renumbered(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b"3 ", b"2 ", 1), *lines[3:]]


@pytest.mark.parametrize(
    ("damage", "line"), [(_lost, 4), (_swapped, 3), (_repeated, 8), (_flipped, 3), (_renumbered, 3)]
)
def test_damaged_journal_is_refused(path: Path, damage: Callable[[list[bytes]], list[bytes]], line: int) -> None:
    damaged = b"".join(damage(path.read_bytes().splitlines(keepends=True)))
    path.write_bytes(damaged)
    with pytest.raises(JournalError) as error:
        resumed(path)
    assert f"line {line} is damaged or missing. To continue, keep the first {line - 1} lines" in str(error.value)
    assert "--restart" in str(error.value)
    assert path.read_bytes() == damaged


def test_damaged_last_line_is_read_again(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-1], lines[-1].replace(b"b3", b"b4")]))
    assert resumed(path).state.counts.items == 3


def test_every_flipped_bit_is_noticed(path: Path) -> None:
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1)
    header = whole.index(b"\n") + 1

    @given(st.integers(header, last - 1), st.integers(0, 7))
    def check(at: int, bit: int) -> None:
        damaged = bytearray(whole)
        damaged[at] ^= 1 << bit
        path.write_bytes(damaged)
        with pytest.raises(JournalError):
            resumed(path)

    check()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"--attitudes": True}, "--attitudes was not given, is given"),
        ({"--date": "2026-01-31"}, "--date was not given, is 2026-01-31"),
        ({"--rules": "sha256:2"}, "--rules has changed"),
        ({"--rules": None}, "--rules was given, is not given"),
        ({"quotekit": "1.1"}, "quotekit was 1.0, is 1.1"),
        ({"quotekit": "1.1", "--attitudes": True}, "quotekit was 1.0, is 1.1; --attitudes was not given"),
    ],
)
def test_other_settings_are_named(path: Path, settings: dict[str, Any], message: str) -> None:
    before = path.read_bytes()
    with opened(path) as file, pytest.raises(JournalError) as error:
        Journal.resume(file, path, {**SETTINGS, **settings})
    assert message in str(error.value)
    assert "--restart" in str(error.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "is_foreign"),
    [
        (b"", False),
        (b"notes\n", True),
        (b"1", True),
        (b'{"a": 1}\nb\n', True),
        (b'{"quotekit": "notes"}', True),
        (b'{"quotekit": 1, "settings": {}}\n', False),
        (sealed(1, {"quotekit": 99, "run": "ab12", "settings": {}}), False),
        (sealed(1, {"quotekit": 99, "run": "ab12", "settings": {}})[:20], False),
        (sealed(1, {"a": 1}), True),
    ],
)
def test_journals_are_recognised_by_their_content(tmp_path: Path, content: bytes, is_foreign: bool) -> None:
    path = tmp_path / "q.jsonl.part"
    path.write_bytes(content)
    with opened(path) as file:
        beginning = Beginning.of(file)
    assert beginning.is_foreign == is_foreign
    assert beginning.run == ("ab12" if content.endswith(b"\n") and b"ab12" in content else "")


@pytest.mark.parametrize("content", [b"\n", b"[]\n", sealed(1, {"quotekit": 99, "run": "a", "settings": {}})])
def test_journal_of_another_version_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "q.jsonl.part"
    path.write_bytes(content)
    with pytest.raises(JournalError, match="not a journal of this version of quotekit"):
        resumed(path)
    assert path.read_bytes() == content


def test_full_disk_costs_the_line_and_no_other(path: Path) -> None:
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

    before = path.read_bytes()
    with opened(path) as file:
        journal = Journal.resume(file, path, SETTINGS)
        journal._file = Full(file)  # type: ignore[assignment]
        with pytest.raises(OutputError, match=r"no space left on device\. Make room there; .* --resume"):
            journal.fail(Failure("b.jsonl", "no", 3))
    assert path.read_bytes() == before
    assert journal.state.counts.items == 4


def test_journal_is_beside_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "q.csv").symlink_to(tmp_path / "there" / "quotes.csv")
    assert part_of(tmp_path / "q.csv") == (tmp_path / "there" / "quotes.csv.part").resolve()


def test_digest_changes_with_whatever_changes_an_article() -> None:
    records = [
        *ARTICLES,
        Record("a.txt", "It rained", "a.txt"),
        Record("a", "It rained.", "a.txt"),
        Record("a.txt", "It rained.", "a.txt", 1),
        Record("a.txt", "It rained.", "a.txt", date=date(2026, 1, 31)),
        Record("a.txt", "It rained.", "a.txt", fields={"desk": "city"}),
    ]
    assert len({digest_of(record) for record in records}) == len(records)
    assert digest_of(ARTICLES[0]) == digest_of(Record("a.txt", "It rained.", "b.txt"))


def test_settings_change_with_whatever_changes_the_results() -> None:
    def settings(options: ReadOptions | None = None, text: bool = False, day: date | None = None, **more: Any) -> str:
        extractor = Extractor(**more)
        return json.dumps(settings_of(extractor, options or ReadOptions(), keep_text=text, day=day))

    known = [KnownSpeaker(id="Q1", names=("Ann Lee",))]
    others = [
        settings(),
        settings(ReadOptions(text_field="body")),
        settings(ReadOptions(format="csv")),
        settings(text=True),
        settings(day=date(2026, 1, 31)),
        settings(attitudes=True),
        settings(min_confidence=0.5),
        settings(encoder=False),
        settings(resolve=False),
        settings(model="other"),
        settings(rules=RuleSet.default().without("en.as")),
        settings(known_speakers=known),
        settings(known_speakers=[known[0].model_copy(update={"id": "Q2"})]),
    ]
    assert len(set(others)) == len(others)
    assert settings() == settings()


def test_settings_change_with_the_content_of_a_model(tmp_path: Path) -> None:
    def settings() -> dict[str, Any]:
        return settings_of(Extractor(model=str(tmp_path)), ReadOptions(), keep_text=False, day=None)

    (tmp_path / "parser").mkdir()
    (tmp_path / "parser" / "model").write_bytes(b"weights")
    before = settings()
    (tmp_path / "parser" / "model").write_bytes(b"Weights")
    assert settings() != before
