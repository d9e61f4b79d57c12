"""Stored parses: written beside rules and cases, read before the model is used, and refreshed."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from quotekit.article.stored_parses import (
    COLUMNS,
    Record,
    StoredParses,
    beside,
    columns_of,
    read,
    write,
)
from quotekit.errors import RuleError
from quotekit.testing import stored_parses
from quotekit.testing.stored_parses import changes, refresh, texts_of

RULES = """\
[[rule]]
id = "mine.sigh"
kind = "indirect"
why = "A sigh can carry a clause."
pattern = [
  {RIGHT_ID = "cue", RIGHT_ATTRS = {LEMMA = "sigh"}},
  {LEFT_ID = "cue", REL_OP = ">", RIGHT_ID = "content", RIGHT_ATTRS = {DEP = "ccomp"}},
]
matches = ["Ann Lee <cue>sighed</cue> <content>it was late</content>."]
rejects = ["Ann Lee sighed.", "Bo Stone came late."]
"""
CASES = "=== rain\n<source 1>Ann Lee</source> said <content 1>it rained</content>.\n=== sun\nIt shone.\n"
NO: Record = {
    "text": "No — “no”.",
    "parse": {
        "lemmas": ["no", "—", "“", "no", "”", "."],
        "tags": ["UH", ":", "``", "UH", "''", "."],
        "pos": ["INTJ", "PUNCT", "PUNCT", "INTJ", "PUNCT", "PUNCT"],
        "deps": ["ROOT", "punct", "punct", "intj", "punct", "punct"],
        "heads": [0, 0, 3, 0, 3, 0],
        "starts": [0, 3, 5, 6, 8, 9],
        "ends": [2, 4, 6, 8, 9, 10],
        "sentences": [0, 0, 0, 0, 0, 0],
    },
}


def changed(column: str, place: int, value: Any) -> Record:
    record = deepcopy(NO)
    record["parse"][column][place] = value
    return record


def test_stored_parses_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.parses.jsonl"
    odd = {**NO, "text": "No — “no”.\x85\u2028…\n"}
    write(path, [NO, odd])
    assert read(path) == [NO, odd]
    stored = StoredParses(read(path))
    assert list(stored) == [NO["text"], odd["text"]]
    assert len(stored) == 2
    assert NO["text"] in stored
    parse = stored[NO["text"]]
    assert parse.words == ["No", "—", "“", "no", "”", "."]
    assert columns_of(parse) == NO["parse"]


def test_the_path_of_stored_parses(tmp_path: Path) -> None:
    assert beside(tmp_path / "my_rules.toml") == tmp_path / "my_rules.parses.jsonl"
    assert beside("my_rules.jsonl") == Path("my_rules.parses.jsonl")
    assert beside("a.b.quotes.txt") == Path("a.b.quotes.parses.jsonl")


def test_a_text_that_is_not_stored_names_the_remedy(tmp_path: Path) -> None:
    rules = tmp_path / "my_rules.toml"
    assert len(StoredParses.of(rules)) == 0
    with pytest.raises(LookupError, match=r"no stored parse of 'No\.'; run: quotekit rules freeze .*my_rules\.toml"):
        StoredParses.of(rules)["No."]


def test_changes_name_texts_and_words() -> None:
    assert changes([NO], [NO]) == []
    assert changes([], [NO]) == ["new:  'No — “no”.'"]
    assert changes([NO], []) == ["gone: 'No — “no”.'"]
    assert changes([NO], [changed("tags", 3, "DT")]) == [
        "differs: 'No — “no”.'\n    'no': tags 'UH' -> 'DT'",
    ]
    assert changes([NO], [changed("ends", 0, 1)]) == ["differs: 'No — “no”.'\n    other tokens"]


def test_texts_of_rules_and_of_cases(tmp_path: Path) -> None:
    rules, cases = tmp_path / "my_rules.toml", tmp_path / "x.quotes.txt"
    rules.write_text(RULES, encoding="utf-8")
    cases.write_text(CASES, encoding="utf-8")
    assert texts_of(rules) == ["Ann Lee sighed it was late.", "Ann Lee sighed.", "Bo Stone came late."]
    assert texts_of(str(cases)) == ["Ann Lee said it rained.", "It shone."]


@pytest.mark.model
def test_refresh_returns_what_changed(tmp_path: Path) -> None:
    rules = tmp_path / "my_rules.toml"
    store = tmp_path / "my_rules.parses.jsonl"
    rules.write_text(RULES, encoding="utf-8")
    assert refresh(rules) == [
        "new:  'Ann Lee sighed it was late.'",
        "new:  'Ann Lee sighed.'",
        "new:  'Bo Stone came late.'",
    ]
    assert refresh(rules) == []
    first, second, third = read(store)
    was = first["parse"]["deps"][2]
    first["parse"]["deps"][2] = "intj"
    write(store, [first, third])
    assert refresh(str(rules)) == [
        "new:  'Ann Lee sighed.'",
        f"differs: 'Ann Lee sighed it was late.'\n    'sighed': deps 'intj' -> {was!r}",
    ]
    assert read(store)[1:] == [second, third]
    rules.write_text(RULES.replace('"Ann Lee sighed.", ', ""), encoding="utf-8")
    assert refresh(rules) == ["gone: 'Ann Lee sighed.'"]
    cases = tmp_path / "x.quotes.txt"
    cases.write_text(CASES, encoding="utf-8")
    assert len(refresh(cases)) == 2
    assert len(StoredParses.of(cases)) == 2


def test_unchanged_parses_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_parses, "freeze", lambda texts: [NO])
    monkeypatch.setattr(stored_parses, "texts_of", lambda path: [NO["text"]])
    store = tmp_path / "my_rules.parses.jsonl"
    write(store, [NO])
    store.chmod(0o444)
    before = store.stat().st_mtime_ns
    assert refresh(tmp_path / "my_rules.toml") == []
    assert store.stat().st_mtime_ns == before


def test_an_invalid_rule_file_is_not_frozen(tmp_path: Path) -> None:
    rules = tmp_path / "my_rules.toml"
    rules.write_text(RULES.replace('kind = "indirect"', 'kind = "direkt"'), encoding="utf-8")
    with pytest.raises(RuleError, match="kind"):
        refresh(rules)
    assert not beside(rules).exists()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "line 2: not a stored parse"),
        ("[]", "the line is not an object"),
        ('{"parse": {}}', "it has no 'text'"),
        ('{"text": "No."}', "it has no 'parse'"),
        ('{"text": "No.", "parse": {"heads": []}}', f"its columns are not {', '.join(COLUMNS)}"),
        (json.dumps(changed("heads", 1, 9)), "a head is not one of its tokens"),
        (json.dumps(changed("heads", 1, "0")), "column 'heads' does not have 6 of int"),
        (json.dumps(changed("tags", 1, None)), "column 'tags' does not have 6 of str"),
        (json.dumps(changed("ends", 5, 99)), "its tokens are not in the text, or not in its order"),
        (json.dumps(changed("starts", 5, 2)), "its tokens are not in the text"),
        (json.dumps({**NO, "text": "No"}), "or not in its order"),
        ('"\udcff"', "line 2: not a stored parse"),
    ],
)
def test_an_invalid_line_is_an_error(line: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "my_rules.parses.jsonl"
    good = json.dumps(NO, ensure_ascii=False).encode()
    path.write_bytes(good + b"\n" + line.encode("utf-8", "surrogateescape") + b"\n\n")
    with pytest.raises(
        ValueError, match=r"^my_rules\.parses\.jsonl: line 2: .*; delete the file and freeze anew$"
    ) as e:
        StoredParses.of(tmp_path / "my_rules.toml")
    assert named in str(e.value)


def test_the_built_in_syntax_rules_are_tested_without_spacy() -> None:
    code = (
        "import sys; from quotekit import RuleSet; from quotekit.rules.markup import plain_text; "
        "from quotekit.article.stored_parses import StoredParses, read; "
        "from quotekit.testing import check; from pathlib import Path\n"
        "frozen = StoredParses(read(Path(sys.argv[1])))\n"
        "examples = [(markup, rule) for rule in RuleSet.default() if rule.pattern for markup in rule.matches]\n"
        "for markup, rule in examples:\n"
        "    check(markup, rule, parse=frozen[plain_text(markup)])\n"
        "print(len(examples) > 100, 'spacy' in sys.modules, 'onnxruntime' in sys.modules)"
    )
    parses = Path(__file__).parent / "golden" / "parses.jsonl"
    done = subprocess.run([sys.executable, "-c", code, str(parses)], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["True", "False", "False"], "")
