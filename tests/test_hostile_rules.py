"""A rule file from a stranger costs bounded time: it is refused, or its rules try a bounded number of words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quotekit.article.parse import Parse
from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cues
from quotekit.rules import RuleSet
from quotekit.rules.grammar import LONGEST_WORD, MOST_NODES, compile_nodes, read_pattern
from quotekit.rules.pattern import MOST_MATCHES, MOST_TRIED, Pattern
from quotekit.rules.regex import Regex

LIMIT = 120
"""Seconds after which a process that should take one is ended."""

HEAD = '[[rule]]\nid = "mine.x"\nkind = "indirect"\nwhy = "W."\n'
NODES = '{RIGHT_ID = "cue"}, {LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "content"}'

LOAD = """
import sys
from quotekit import RuleError, RuleSet
try:
    RuleSet.from_file(sys.argv[1])
except RuleError as error:
    print(error)
"""


def refusal(path: Path) -> str:
    """The message about a rule file, from a process that is ended if it hangs."""
    done = subprocess.run([sys.executable, "-c", LOAD, str(path)], capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    return done.stdout


KEYS = {
    "key": "a." * 50_000 + "a = 1",
    "key in quotation marks": '"a" . ' * 50_000 + "a = 1",
    "header": f"[{'a.' * 50_000}a]",
    "key of an inline table": f"a = {{b = {'c.' * 50_000}c = 1}}",
    "key after a string that ends in a quotation mark": f'a = {{b = """c"""", {"d." * 50_000}d = 1}}',
}


@pytest.mark.parametrize("source", KEYS.values(), ids=KEYS)
def test_a_dotted_key_of_100_kb_is_refused(source: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f"\n{source}\n", encoding="utf-8")
    assert f"{path}: line 2: expected a short key, got one with 50000 dots" in refusal(path)


def test_dots_in_strings_and_comments_are_not_keys(tmp_path: Path) -> None:
    dots = "a." * 100
    path = tmp_path / "mine.toml"
    strings = (f'"{dots}"', f"'{dots}'", f'"""\n{dots}\\""""', f"'''{dots}''''", f'"\\"{dots}"')
    path.write_text(f"without = [{', '.join(strings)}]  # it's {dots}\n", encoding="utf-8")
    assert RuleSet.from_file(path).ids == ()


def test_a_file_of_many_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"#" * 4_000_001)
    with pytest.raises(RuleError, match=r"expected at most 4,000,000 bytes, got 4,000,001; split the file"):
        RuleSet.from_file(path)


@pytest.mark.parametrize("deep", [900, 100_000])
def test_values_nested_without_end_are_refused(deep: int, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    node = f'{{"RIGHT_ID": {"[" * deep}{"]" * deep}}}'
    path.write_text(f'{{"rule": {{"id": "x", "kind": "indirect", "why": "W.", "pattern": [{node}]}}}}\n', "utf-8")
    with pytest.raises(RuleError, match=r"nested too deeply|not valid JSON"):
        RuleSet.from_file(path)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (", ".join([NODES] * 9), f"field 'pattern': expected at most {MOST_NODES} nodes, got 18; split the rule"),
        (f'{{RIGHT_ID = "{"c" * 201}"}}', f"'pattern.1.RIGHT_ID': .* at most {LONGEST_WORD} characters"),
        (
            f'{{RIGHT_ID = "cue", RIGHT_ATTRS = {{TEXT = {{REGEX = "{"a" * 201}"}}}}}}',
            f"'pattern.1.RIGHT_ATTRS.TEXT.REGEX': .* at most {LONGEST_WORD} characters",
        ),
    ],
)
def test_a_pattern_has_bounds(pattern: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f"{HEAD}pattern = [{pattern}]\n", encoding="utf-8")
    with pytest.raises(RuleError, match=message):
        RuleSet.from_file(path)


BACKTRACKING = r"""
from quotekit.rules.grammar import Condition

word, regex = "a" * 5_000 + "!", "^([a-z]+ ?)*$"
assert not Condition(REGEX=regex).accepts(word)
"""


def test_a_regular_expression_does_not_backtrack() -> None:
    subprocess.run([sys.executable, "-c", BACKTRACKING], check=True, timeout=LIMIT)


@pytest.mark.parametrize(
    "pattern", ["(?=a)", r"(a)\1", "a{1001}", "((a{9}){99}){99}", "(" * 200, "\ud800", r"\pL{999}"]
)
def test_an_expression_that_needs_backtracking_or_memory_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Regex(pattern)


def test_lone_surrogate_matches_only_a_dot() -> None:
    assert not Regex("^a$").found_in("\ud800")
    assert Regex("^..$").found_in("a\ud800")


class Counting(Parse):
    """A parse that counts the words that a pattern tries."""

    tried = 0

    def __getattribute__(self, name: str) -> Any:
        if name == "lowers":
            type(self).tried += 1
        return super().__getattribute__(name)


def sentence(words: int) -> Counting:
    """A flat sentence."""
    return Counting(
        text="a " * words,
        words=["a"] * words,
        lemmas=["a"] * words,
        tags=["X"] * words,
        pos=["X"] * words,
        deps=["dep"] * words,
        heads=[0] * words,
        starts=list(range(0, 2 * words, 2)),
        ends=list(range(1, 2 * words, 2)),
        sentences=[0] * words,
    )


def compiled(last: str, nodes: int = 8) -> Pattern:
    """A cue and words anywhere after it, the last of which has the lower case ``last``."""

    def links() -> Iterator[dict[str, Any]]:
        yield {"RIGHT_ID": "cue"}
        for i in range(1, nodes):
            wanted = last if i == nodes - 1 else "a"
            left = "cue" if i == 1 else f"n{i - 1}"
            yield {"LEFT_ID": left, "REL_OP": ".*", "RIGHT_ID": f"n{i}", "RIGHT_ATTRS": {"LOWER": wanted}}

    cues = Cues.default()
    return compile_nodes(read_pattern(list(links()), cues).values(), cues)


def test_words_anywhere_are_tried_a_bounded_number_of_times() -> None:
    parse = sentence(200)
    Counting.tried = 0
    assert list(compiled("b").match(parse, 0)) == []
    assert 200 < Counting.tried <= MOST_TRIED


def test_a_pattern_has_a_bounded_number_of_matches() -> None:
    matches = list(compiled("a").match(sentence(200), 0))
    assert len(matches) == MOST_MATCHES
