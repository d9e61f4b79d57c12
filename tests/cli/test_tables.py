"""Tables on a terminal and in files."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from command_line import a_quote, ids, write
from rich.console import Console
from typer.testing import Result

from quotekit.models import Quote, Speaker, TextSpan
from quotekit.terminal import tables


def test_table_on_a_terminal(invoke: Callable[..., Result], on_terminal: None) -> None:
    write("a.txt")
    result = invoke("extract", "a.txt")
    assert result.exit_code == 0
    assert "\x1b[1ma.txt" in result.stdout
    assert "It rained." in result.stdout
    assert "1 article · 1 quote (1 indirect)" in result.stderr


@pytest.mark.parametrize("format", ["table", "jsonl"])
def test_text_controls_no_terminal(invoke: Callable[..., Result], on_terminal: None, format: str) -> None:
    write("a.txt", "It\x9b2J rained\u202e and\x7f \u2066snowed.")
    result = invoke("extract", "a.txt", "--format", format)
    assert not re.search("[\x7f-\x9f\u202e\u2066]", result.stdout)


def test_messages_control_no_terminal(invoke: Callable[..., Result]) -> None:
    result = invoke("extract", "gone\x1b[2J\u202e.txt", "a.txt", "-o", "no\u202e/q.jsonl")
    assert result.exit_code != 0
    assert not re.search("[\x1b\u202e]", result.stderr)


def test_json_lines_on_a_terminal(invoke: Callable[..., Result], on_terminal: None) -> None:
    write("a.txt")
    assert ids(invoke("extract", "a.txt", "--format", "jsonl")) == ["a.txt"]


def test_table_in_a_file(invoke: Callable[..., Result], on_terminal: None) -> None:
    write("a.txt")
    write("b.txt", "")
    assert invoke("extract", "a.txt", "b.txt", "--format", "table", "-o", "out.txt").exit_code == 0
    lines = Path("out.txt").read_text("utf-8").splitlines()
    assert [lines[0], lines[-2]] == ["a.txt  1 quote", "b.txt  no quotes"]
    assert lines[2].split() == ["kind", "speaker", "verb", "quote", "conf."]
    assert lines[4].split() == ["indirect", "Ann", "Lee", "say", "It", "rained.", "0.88"]
    assert lines[5].strip() == "she"


def rendered(quote: Quote, width: int) -> list[str]:
    console = Console(file=StringIO(), width=width)
    lines = tables.article_table("a.txt", [quote], console).decode().splitlines()
    assert max(map(len, lines)) <= width
    return [line.rstrip() for line in lines[2:] if line.strip()]


def test_wide_table_has_a_column_for_the_source() -> None:
    header, _, row = rendered(a_quote("It rained."), tables.WIDE)
    assert header.split() == ["kind", "speaker", "source", "verb", "quote", "conf."]
    assert row.split() == ["indirect", "Ann", "Lee", "she", "say", "It", "rained.", "0.88"]


def test_table_without_verbs_has_no_column_for_them() -> None:
    header, _, row = rendered(a_quote("It rained.", verb=None, source=None, turn=0), 80)
    assert header.split() == ["kind", "speaker", "quote", "conf."]
    assert row.split() == ["turn", "Ann", "Lee", "It", "rained.", "0.88"]


@pytest.mark.parametrize("width", [60, tables.WIDE])
def test_confidence_of_the_speaker_is_shown_below(width: int) -> None:
    quote = a_quote("It rained.", speaker_confidence=0.51)
    above, header, _, row, below = rendered(quote, width)
    assert (above.strip(), header.split()[-1]) == ("conf.", "who")
    assert (row.split()[-1], below.split()[-1]) == ("0.88", "0.51")
    assert "Ann Lee?" in row
    assert "?" not in rendered(a_quote("It rained.", speaker_confidence=0.71), width)[3]


@pytest.mark.parametrize("width", [80, tables.WIDE])
def test_source_that_contains_the_name_is_not_shown(width: int) -> None:
    source = TextSpan.of("Ann Lee, a baker,", (0, 17))
    assert "baker" not in "\n".join(rendered(a_quote("It rained.", source=source), width))


@pytest.mark.parametrize("width", [80, tables.WIDE])
def test_source_is_shown_in_place_of_a_missing_speaker(width: int) -> None:
    assert "she" in rendered(a_quote("It rained.", speaker=None), width)[2].split()
    nobody = rendered(a_quote("It rained.", speaker=None, source=None, verb=None), width)
    assert nobody[2].split() == ["indirect", "unknown", "It", "rained.", "0.88"]


@pytest.mark.parametrize("width", [20, 40, 80, 140])
def test_all_words_are_shown_at_any_width(width: int) -> None:
    words = [f"word{i}" for i in range(60)]
    shown = tables.article_table("a.txt", [a_quote(" ".join(words))], Console(file=StringIO(), width=width)).decode()
    if width >= 80:
        assert [word for word in shown.split() if word.startswith("word")] == words
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", [40, 50, 60, 70])
def test_confidence_is_not_cut_on_a_narrow_terminal(width: int) -> None:
    speaker = Speaker(id="s1", name="Njeri Wambugu-Stone of the Harbor Board", kind="person")
    header, _, row, *_ = rendered(a_quote("It rained on the pier for days. " * 9, speaker=speaker), width)
    assert header.split()[-1] == "conf."
    assert row.split()[-1] == "0.88"


def test_known_id_is_shown_after_the_name() -> None:
    known = Speaker(id="s1", name="Ann Lee", kind="person", known_id="Q1")
    assert "Ann Lee Q1" in rendered(a_quote("It rained.", speaker=known), 140)[2]


def test_attitudes_and_inner_quotes_are_marked() -> None:
    lines = rendered(a_quote("It rained.", act="attitude", parent="q0"), 80)
    assert "↳ It rained." in lines[2]
    assert lines[3].split()[0] == "attitude"


def test_text_cannot_control_the_terminal_or_act_as_markup() -> None:
    text = "[bold]red[/bold] \x1b[31mpaint\x9b2J\x07"
    line = rendered(a_quote(text), 140)[2]
    assert "[bold]red[/bold] �[31mpaint�2J�" in line


def test_terminal_that_cannot_show_a_character() -> None:
    class Latin(StringIO):
        encoding = "latin-1"

    rendered = tables.article_table("a.txt", [a_quote("“Café”")], Console(file=Latin(), width=80))
    assert "?Café?" in rendered.decode("latin-1")
