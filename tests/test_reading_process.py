"""Inputs read in a process of their own: what hangs or kills it costs one input."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from quotekit.batch.reading import ReadingProcess, ReadOptions, read_items
from quotekit.batch.reading import process as reading_process
from quotekit.batch.records import Failure, Record
from quotekit.errors import WorkerError

pytest.importorskip("pyarrow")
pytest.importorskip("trafilatura")

pytestmark = pytest.mark.processes
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes as on Unix")

# The bound on attributes does not see them behind a bracket in quotation marks; libxml2 does, and takes minutes.
HANGS = '<html><body><p title=">" ' + " ".join(f"a{i}=1" for i in range(300_000)) + ">It rained.</p>"
PAGE = "<html><body><p>The pier was closed, Ann Lee said on Monday.</p></body></html>"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.html").write_text(PAGE)
    Path("a.jsonl").write_text("".join(f'{{"text": "{i}"}}\n' for i in range(5)))
    Path("hangs.html").write_text(HANGS)
    return tmp_path


@pytest.fixture
def reading() -> Iterator[ReadingProcess]:
    """One that reads everything."""
    process = ReadingProcess(ReadOptions(), limit=60)
    yield process
    process.close()


def pid(reading: ReadingProcess) -> int:
    assert reading._child is not None
    number = reading._child._process.pid
    assert number is not None
    return number


@pytest.mark.parametrize("name", ["a.html", "a.jsonl", "gone.txt"])
def test_items_are_those_of_this_process(reading: ReadingProcess, name: str) -> None:
    assert list(reading.read(name)) == list(read_items(name))


def test_input_that_takes_too_long_is_a_failure_and_the_next_is_read(reading: ReadingProcess) -> None:
    assert [type(item) for item in reading.read("a.html")] == [Record]
    reading._limit = 2
    (failure,) = reading.read("hangs.html")
    reading._limit = 60
    assert failure == Failure(
        "hangs.html", "not read within the time limit of 2 seconds. Give it more time, or leave it out."
    )
    assert [type(item) for item in reading.read("a.html")] == [Record]


@needs_posix
def test_input_is_read_again_if_the_process_dies(reading: ReadingProcess) -> None:
    items = []
    for item in reading.read("a.jsonl"):
        items.append(item)
        if len(items) == 2:
            os.kill(pid(reading), signal.SIGKILL)
    assert items == list(read_items("a.jsonl"))


@needs_posix
def test_input_that_kills_the_process_twice_is_a_failure(
    reading: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = reading_process._Child.ask

    def deadly(child: reading_process._Child, source: str, path: str) -> None:
        ask(child, source, path)
        number = child._process.pid
        assert number is not None
        os.kill(number, signal.SIGKILL)
        child._process.join()

    with monkeypatch.context() as patch:
        patch.setattr(reading_process._Child, "ask", deadly)
        patch.setattr(reading_process._Child, "next", lambda child, limit: (_ for _ in ()).throw(EOFError))
        patch.setattr(reading_process._Child, "__init__", reading_process._Child.__init__)
        with pytest.raises(WorkerError, match="does not start"):
            list(reading.read("a.html"))
    with monkeypatch.context() as patch:
        patch.setattr(reading_process._Child, "ask", deadly)
        (failure,) = reading.read("hangs.html")
    assert failure.reason == (  # type: ignore[union-attr]
        "the process that read it ended by signal 9, each of the 2 times. Leave it out, or report it."
    )
    assert [type(item) for item in reading.read("a.html")] == [Record]


def test_only_formats_of_libraries_in_c_need_the_process() -> None:
    reading = ReadingProcess(ReadOptions(), everything=False)
    assert len(list(reading.read("a.jsonl"))) == 5
    assert reading._child is None
    assert [type(item) for item in reading.read("a.html")] == [Record]
    assert reading._child is not None
    reading.close()
    assert reading._child is None


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Put ``content`` on standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))  # type: ignore[arg-type]  # typeshed wants a raw stream


HOSTILE_ROWS = {
    "jsonl": [
        b"[" * 500_000,
        b'{"a": ' * 100_000,
        b'{"text": "' + b"a" * 500_000,
        b'{"text": ' + b"1" * 500_000 + b"}",
        b'{"text": 1e' + b"9" * 500_000 + b"}",
        b'{"text": "' + b"\\ud83d" * 100_000 + b'"}',
        b"{" + b'"a": 1, ' * 100_000 + b'"text": "a"}',
    ],
    "csv": [b"," * 500_000, b'"a"b,' * 100_000, b"\r" * 500_000],
}


@pytest.mark.parametrize(
    ("format", "row"),
    [
        pytest.param(format, row, id=f"{format} {row[:12].decode()!r}")
        for format, rows in HOSTILE_ROWS.items()
        for row in rows
    ],
)
def test_row_from_standard_input_costs_only_itself(format: str, row: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    head = b"text\n" if format == "csv" else b""
    good = b"It rained." if format == "csv" else b'{"text": "It rained."}'
    give(monkeypatch, head + row + b"\n" + good)
    reading = ReadingProcess(ReadOptions(format=format))
    *_, last = reading.read("-")
    assert isinstance(last, Record)
    assert last.text == "It rained."
    # This process has parsed it.
    assert reading._child is None


def test_page_from_standard_input(reading: ReadingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = ReadingProcess(ReadOptions(format="html"), limit=60)
    give(monkeypatch, PAGE.encode())
    (record,) = reading.read("-")
    assert isinstance(record, Record)
    assert (record.id, record.text) == ("-", "The pier was closed, Ann Lee said on Monday.")
    reading.close()


def is_worker(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:
        return False


@needs_posix
@pytest.mark.parametrize("options", [[], ["-o", "q.jsonl"]])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_a_run_that_hangs_over_a_page(number: int, options: list[str]) -> None:
    echo = Path(__file__).parent / "support" / "echo_command.py"
    command = [sys.executable, str(echo), "extract", "hangs.html", *options]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        deadline = time.monotonic() + 60
        while not any(map(is_worker, psutil.Process(process.pid).children())):
            assert time.monotonic() < deadline, "it does not begin to read"
            time.sleep(0.05)
        process.send_signal(number)
        errors = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + number
    assert errors.splitlines()[-1].startswith("quotekit: stopped")
