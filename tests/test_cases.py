"""Golden cases in text files: their contents, and the messages of invalid ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotekit.testing.cases import Case, parse_cases, read_cases
from quotekit.testing.expected import Expected

FILE = """\
# Cases of the harbour desk.
rules: my_rules.toml

attitudes: yes

=== the envoy on the harbour ===
# Her name comes first.

<source 1>Marta Ellin</source> <cue 1>said</cue> <content 1>it was open</content>.

# not a comment
“<content b>No,</content>” said <source b>she</source>.

---
# Of the second only.
b speaker: Marta Ellin
b role:  harbour minister\t
b country: none
b kind: direct

=== nothing said
\\# A headline
It rained.
\\---
\\=== \\\\ is a backslash, \\n none
"""
CASE = "=== rain\n<source 1>Ann Lee</source> said <content 1>it rained</content>."


def test_a_file_holds_cases(tmp_path: Path) -> None:
    path = tmp_path / "harbour.quotes.txt"
    path.write_text(FILE, encoding="utf-8")
    first, second = read_cases(path)
    assert (first.name, first.line) == ("the envoy on the harbour", 6)
    assert first.text == "Marta Ellin said it was open.\n\n# not a comment\n“No,” said she."
    assert list(first.story) == ["1", "b"]
    assert first.fields == {
        "b": {"speaker": "Marta Ellin", "role": "harbour minister", "country": None, "kind": "direct"}
    }
    assert first.settings == second.settings
    assert (first.settings.rules, first.settings.attitudes) == (tmp_path / "my_rules.toml", True)
    assert (first.settings.encoder, first.settings.exact) == (True, True)
    assert second.text == "# A headline\nIt rained.\n---\n=== \\\\ is a backslash, \\n none"
    assert (second.story, second.fields, second.expected) == ({}, {}, [])


def test_markup_and_fields_are_expected(tmp_path: Path) -> None:
    (case, _) = parse_cases(FILE)
    assert case.expected == [
        Expected("1", {"content": ((17, 28),), "source": (0, 11), "cue": (12, 16)}),
        Expected(
            "b",
            {
                "content": ((48, 51),),
                "source": (58, 61),
                "cue": None,
                "kind": "direct",
                "speaker": {"name": "Marta Ellin", "role": "harbour minister", "country": None},
            },
        ),
    ]


def one(source: str) -> Case:
    (case,) = parse_cases(source)
    return case


def test_none_expects_no_speaker_and_no_verb() -> None:
    (expected,) = one(f"{CASE}\n---\n1 speaker: none\n1 verb: none\n1 act: statement").expected
    assert expected.fields["speaker"] is None
    assert expected.fields["verb"] is None
    assert expected.fields["act"] == "statement"


def test_unmarked_cues_and_sources_are_compared_only_if_exact() -> None:
    assert one(CASE).expected[0].fields["cue"] is None
    assert "cue" not in one(f"exact: no\n{CASE}").expected[0].fields


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.quotes.txt"
    path.write_bytes(b"\xef\xbb\xbf" + f"{CASE}\n---\n1 verb: say\n".replace("\n", "\r\n").encode())
    (case,) = read_cases(path)
    assert (case.text, case.fields) == ("Ann Lee said it rained.", {"1": {"verb": "say"}})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "line 1: no case; begin one with a line '=== name'"),
        ("It rained.", "line 1: no case"),
        (
            "It rained.\n" + CASE,
            "line 1: expected a setting ('encoder: no'), a comment or a case ('=== name'), got 'It rained.'",
        ),
        ("encodr: no\n" + CASE, "line 1: unknown setting 'encodr'; did you mean 'encoder'?"),
        ("zzz: no\n" + CASE, "line 1: unknown setting 'zzz'; write one of rules, encoder, attitudes, exact"),
        ("encoder: off\n" + CASE, "line 1: the setting 'encoder' must be yes or no, not 'off'"),
        ("\nencoder: no\nencoder: no\n" + CASE, "line 3: the setting 'encoder' is given twice"),
        ("rules:\n" + CASE, "line 1: the setting 'rules' has no value"),
        ("===\nIt rained.", "line 1: the case has no name; write it like '=== name'"),
        ("=== a::b\nIt rained.", "line 1: the name 'a::b' contains '::' or '[', which pytest reserves"),
        ("=== a[0]\nIt rained.", "line 1: the name 'a[0]' contains"),
        ("=== rain\n\n# nothing\n" + CASE, "line 1: the case 'rain' has no text"),
        ("=== rain\n---\n1 verb: say", "line 1: the case 'rain' has no text"),
        (f"{CASE}\n{CASE}", "line 3: a second case 'rain': the first is in line 1"),
        (f"# x\n\n{CASE}<cue 1>", "line 4, column 64: the tag <cue 1> is never closed"),
        ("=== rain\n\nIt\n<speaker 1>rained</speaker>", "line 4, column 1: unknown tag <speaker 1>"),
        ("=== rain\n<source 1>Ann</source> said.", "line 2: the attribution '1' has no <content 1>"),
        (
            f"{CASE}\n---\nspeaker: Ann Lee",
            "line 4: expected a field like '1 speaker: Ann Lee', got 'speaker: ",
        ),
        (f"{CASE}\n---\n2 speaker: Ann Lee", "line 4: no quote '2' is marked in the text (marked: 1)"),
        ("=== a\nIt rained.\n---\n1 verb: say", "line 4: no quote '1' is marked in the text (marked: none)"),
        (f"{CASE}\n---\n1 speakr: Ann Lee", "line 4: unknown field 'speakr'; did you mean 'speaker'?"),
        (f"{CASE}\n---\n1 verb: say\n# x\n1 verb: say", "line 6: the field 'verb' of quote '1' is given twice"),
        (f"{CASE}\n---\n1 verb:", "line 4: 'verb' has no value; write none for none"),
        (f"{CASE}\n---\n1 kind:", "line 4: 'kind' has no value"),
        (f"{CASE}\n---\n1 kind: none", "line 4: unknown kind 'none'; write one of direct, indirect, mixed"),
        (f"{CASE}\n---\n1 act: statment", "line 4: unknown act 'statment'; did you mean 'statement'?"),
        (
            f"{CASE}\n---\n1 country: France",
            "line 4: a country must be two capital letters (ISO 3166-1) or none, not 'France'",
        ),
        (
            f"{CASE}\n---\n1 role: chief\n1 speaker: none",
            "line 5: quote '1' has no speaker, and so no role and no country",
        ),
    ],
)
def test_a_mistake_is_an_error_with_its_line(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"^here: ") as caught:
        parse_cases(source, "here")
    assert str(caught.value).removeprefix("here: ").startswith(message)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("===a", "a"),
        ("==== a b \t", "a b"),
        ("=== a =====  ", "a"),
        ("=== a==", "a=="),
        ("=== a === b ===", "a === b"),
    ],
)
def test_a_name_is_stripped_of_marks_and_blanks(header: str, name: str) -> None:
    assert one(f"{header}\nIt rained.").name == name


BLANKS = " " * 1_000_000
"""Blanks enough for a quadratic pattern to take hours."""


@pytest.mark.parametrize(
    "source",
    [
        f"===a{BLANKS}x\nIt rained.",
        f"==={BLANKS}a{BLANKS}===={BLANKS}x\nIt rained.",
        f"rules:{BLANKS}a{BLANKS}x\n{CASE}",
        f"rules{BLANKS}:a\n{CASE}",
        f"{CASE}\n---\n1{BLANKS}verb{BLANKS}:{BLANKS}a{BLANKS}x",
        f"{CASE}\n---{BLANKS}x",
    ],
    ids=["name", "header", "setting", "colon", "field", "ruler"],
)
def test_blanks_are_read_in_linear_time(source: str) -> None:
    assert one(source)


def test_a_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.quotes.txt"
    path.write_bytes(b"=== caf\xe9\nIt rained.")
    with pytest.raises(ValueError, match=r"^x\.quotes\.txt: not UTF-8: .* at byte 7; save it as UTF-8$"):
        read_cases(path)
    with pytest.raises(FileNotFoundError):
        read_cases(tmp_path / "none.quotes.txt")
