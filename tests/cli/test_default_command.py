"""A path alone is read, a command is never taken for a path, and completion of the shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import write
from typer.testing import Result

Invoke = Callable[..., Result]


@pytest.mark.parametrize(
    "arguments",
    [
        ["story.txt"],
        ["--debug", "story.txt"],
        ["--no-encoder", "story.txt"],
        ["story.txt", "--format", "jsonl"],
        ["-q", "st*.txt"],
        ["./report"],
    ],
    ids=" ".join,
)
def test_a_path_alone_is_read_as_by_extract(invoke: Invoke, arguments: list[str]) -> None:
    write("story.txt")
    write("report")
    plain, named = invoke(*arguments), invoke("extract", *(arg for arg in arguments if arg != "--debug"))
    assert plain.exit_code == named.exit_code == 0
    assert plain.stdout == named.stdout != ""


def test_standard_input_alone_is_read(invoke: Invoke) -> None:
    result = invoke("-", input="Ann Lee said it rained.")
    assert (result.exit_code, result.stdout) == (0, invoke("extract", "-", input="Ann Lee said it rained.").stdout)


def test_a_command_is_never_taken_for_a_path(invoke: Invoke) -> None:
    write("report")
    result = invoke("report")
    assert result.exit_code == 2
    assert "Usage: quotekit report" in result.stderr


@pytest.mark.parametrize(("word", "hint"), [("extrac", "did you mean 'extract'?"), ("zzz", "write one of extract")])
def test_what_is_neither_says_so(invoke: Invoke, word: str, hint: str) -> None:
    result = invoke(word)
    assert result.exit_code == 2
    said = " ".join(result.stderr.replace("│", " ").split())
    assert f"{word!r} is neither a command nor a file" in said
    assert hint in said


@pytest.mark.parametrize("path", ["storry.txt", "articles/"])
def test_a_path_that_is_misspelt_is_not_taken_for_a_command(invoke: Invoke, path: str) -> None:
    result = invoke(path)
    assert result.exit_code == 2
    assert f"{path!r} does not exist" in result.stderr


def test_a_path_of_a_command_is_not_lost(invoke: Invoke) -> None:
    write("story.txt")
    assert not Path("extract").exists()
    assert invoke("extract", "story.txt").exit_code == 0


def test_commands_come_in_groups_with_one_line_each(invoke: Invoke) -> None:
    text = invoke("--help").stdout
    for group in ("Read articles", "Work with outputs", "Understand and correct"):
        assert group in text
    commands = ("extract", "report", "speakers", "find", "people", "link", "group", "explain", "rules")
    lines = [line for line in text.splitlines() if line.startswith("│ ") and line.split()[1] in commands]
    assert [line.split()[1] for line in lines] == list(commands)
    assert all(line.rstrip("│ ").endswith(".") for line in lines)


def test_completion_can_be_installed(invoke: Invoke) -> None:
    text = invoke("--help").stdout
    assert "--install-completion" in text
    assert "--show-completion" in text


def test_commands_are_completed(invoke: Invoke) -> None:
    environment = {"_QUOTEKIT_COMPLETE": "complete_bash", "COMP_WORDS": "quotekit pe", "COMP_CWORD": "1"}
    assert invoke(env=environment).stdout.split() == ["people"]
