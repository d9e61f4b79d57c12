"""Which files are read, and what happens to those that cannot be read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import BINARY, ids, needs_links, needs_posix, timeless, write
from typer.testing import Result


def test_folder_is_read_in_order_without_hidden_files(invoke: Callable[..., Result]) -> None:
    for name in ("b.txt", "a.MD", "z/c.txt", "m/d.md", ".hidden.txt", ".git/e.txt", "page.log"):
        write(f"news/{name}")
    result = invoke("extract", "news")
    assert result.exit_code == 0
    assert ids(result) == [os.path.join("news", *name.split("/")) for name in ("a.MD", "b.txt", "m/d.md", "z/c.txt")]


def test_named_file_may_have_any_ending(invoke: Callable[..., Result]) -> None:
    write("story.article")
    write(".hidden")
    assert ids(invoke("extract", "story.article", ".hidden")) == ["story.article", ".hidden"]


def test_each_article_is_read_once(invoke: Callable[..., Result]) -> None:
    write("news/a.txt")
    write("news/b.txt")
    result = invoke("extract", "news/b.txt", "news", "./news/a.txt")
    assert ids(result) == ["news/b.txt", os.path.join("news", "a.txt")]


@needs_links
def test_links_in_a_folder_are_skipped(invoke: Callable[..., Result]) -> None:
    write("news/a.txt")
    write("other/b.txt")
    os.symlink(Path("other/b.txt").resolve(), "news/b.txt")
    os.symlink(Path("other").resolve(), "news/other")
    os.symlink(Path("news").resolve(), "news/again")
    assert ids(invoke("extract", "news")) == [os.path.join("news", "a.txt")]
    assert ids(invoke("extract", "news/b.txt")) == ["news/b.txt"]


def test_standard_input(invoke: Callable[..., Result]) -> None:
    write("a.txt")
    result = invoke("extract", "-", "a.txt", "-", input="Snow fell.")
    assert ids(result) == ["-", "a.txt"]
    assert json.loads(result.stdout.splitlines()[0])["quotes"][0]["text"] == "Snow fell."


def test_offsets_skip_the_byte_order_mark_and_keep_line_ends(
    invoke: Callable[..., Result],
) -> None:
    write("a.txt", b"\xef\xbb\xbfOne.\r\nTw\xc3\xb6.")
    quote = json.loads(invoke("extract", "a.txt").stdout)["quotes"][0]
    with open("a.txt", encoding="utf-8-sig", newline="") as file:
        text = file.read()
    assert text == "One.\r\nTwö."
    assert [(part["start"], part["end"], part["text"]) for part in quote["content"]] == [(0, len(text), text)]


def test_other_inputs_are_still_read(invoke: Callable[..., Result]) -> None:
    write("bad.txt", BINARY)
    write("good.txt")
    result = invoke("extract", "bad.txt", "missing.txt", "good.txt", "-o", "out.jsonl")
    assert result.exit_code == 1
    missing, bad, summary = result.stderr.splitlines()
    assert bad == "quotekit: bad.txt: not a text file. Name text files only."
    assert missing.startswith("quotekit: missing.txt: no such file or folder. Check the spelling")
    assert timeless(summary) == "1 article · 1 quote (1 indirect) · TIME · 2 not read: out.errors.jsonl → out.jsonl"
    assert ids(Path("out.jsonl").read_text("utf-8")) == ["good.txt"]
    told = [json.loads(line) for line in Path("out.errors.jsonl").read_text("utf-8").splitlines()]
    assert [error["path"] for error in told] == ["missing.txt", "bad.txt"]
    assert [bad, missing] == [f"quotekit: {error['path']}: {error['reason']}" for error in reversed(told)]


def test_quiet_still_reports_errors(invoke: Callable[..., Result]) -> None:
    write("bad.txt", BINARY)
    result = invoke("extract", "bad.txt", "-q", "-o", "out.jsonl")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert Path("out.jsonl").read_bytes() == b""


def test_folder_without_articles(invoke: Callable[..., Result]) -> None:
    write("pages/a.log")
    result = invoke("extract", "pages")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "pages: no file in this folder is read; it has 1 .log" in result.stderr


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "no permission to read it"),
        (OSError(5, "Input/output error"), "input/output error"),
    ],
)
def test_file_that_cannot_be_opened(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    write("a.txt")

    def fail(*args: Any, **more: Any) -> Any:
        raise error

    monkeypatch.setattr("quotekit.batch.reading.opening.open", fail, raising=False)
    result = invoke("extract", "a.txt")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"quotekit: a.txt: {reason}. Check ")


def test_folder_that_cannot_be_listed(invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("news").mkdir()

    def fail(folder: str) -> Any:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr("quotekit.batch.reading.finding.os.scandir", fail)
    result = invoke("extract", "news")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "quotekit: news: no permission to read it. Check its permissions, for example with ls -l."
    ]


@needs_posix
def test_file_names_that_are_not_utf_8(invoke: Callable[..., Result]) -> None:
    Path("news").mkdir()
    Path("news", os.fsdecode(b"caf\xe9\x1b[2J.txt")).write_text("It rained.", "utf-8")
    result = invoke("extract", "news")
    assert result.exit_code == 0
    result.stdout_bytes.decode("utf-8", "strict")
    assert ids(result) == ["news/caf\udce9\x1b[2J.txt"]
    table = invoke("extract", "news", "--format", "table")
    assert table.exit_code == 0
    assert "\x1b" not in table.stdout


def test_summary_leaves_nothing_out(invoke: Callable[..., Result]) -> None:
    for name, content in (("a.txt", ""), ("b.txt", "It <b>rained</b>."), ("c.log", "x"), ("d.log", "x"), ("e", "x")):
        write(f"news/{name}", content)
    result = invoke("extract", "news", "--format", "table")
    assert "1 article without text" in result.stderr
    assert (
        "1 article with HTML in the text, in news/b.txt: read columns of HTML with --text-format html" in result.stderr
    )
    assert "left out in folders, by ending: 2 .log, 1 without an ending" in result.stderr


def test_address_is_not_fetched(invoke: Callable[..., Result]) -> None:
    result = invoke("extract", "https://example.org/a")
    assert result.exit_code == 1
    assert "nothing is fetched" in result.stderr
