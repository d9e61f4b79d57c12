"""Inline markup: from markup to plain text and spans."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from counting import calls
from hypothesis import given
from hypothesis import strategies as st

from quotekit.rules.markup import Annotated, plain_text, read_annotated, read_sources, read_story


def pieces(annotated: Annotated, name: str) -> list[str]:
    return [annotated.text[start:end] for start, end in getattr(annotated, name)]


def test_one_attribution() -> None:
    found = read_annotated("<content>“It works,”</content> <cue>said</cue> <source>Ann Lee</source>.")
    assert found.text == "“It works,” said Ann Lee."
    assert pieces(found, "content") == ["“It works,”"]
    assert pieces(found, "cue") == ["said"]
    assert pieces(found, "source") == ["Ann Lee"]


def test_several_content_elements_are_parts_in_text_order() -> None:
    found = read_annotated('<content>"Yes,"</content> <source>she</source> <cue>said</cue>. <content>"Now."</content>')
    assert pieces(found, "content") == ['"Yes,"', '"Now."']
    assert found.text == '"Yes," she said. "Now."'


def test_elements_nest_and_can_have_two_attributions() -> None:
    text, story = read_story(
        "<source 1,2>Lee</source> <cue 1>said</cue> <content 1><source 3>they</source> <cue 3>told</cue> her "
        "<content 3>to go</content 3></content 1> and <cue 2>asked</cue> <content 2>why</content>."
    )
    assert text == "Lee said they told her to go and asked why."
    assert list(story) == ["1", "2", "3"]
    assert pieces(story["1"], "source") == pieces(story["2"], "source") == ["Lee"]
    assert pieces(story["1"], "content") == ["they told her to go"]
    assert pieces(story["3"], "content") == ["to go"]
    assert pieces(story["2"], "content") == ["why"]


def test_a_source_with_the_name_of_its_speaker() -> None:
    text, (found,) = read_sources(
        "<name>Ann Lee</name> came. <source>She</source> <cue>said</cue> <content>no</content>."
    )
    assert text == found.text == "Ann Lee came. She said no."
    assert pieces(found, "name") == ["Ann Lee"]
    assert pieces(found, "source") == ["She"]
    assert pieces(found, "content") == ["no"]


def test_names_before_inside_and_after_the_source() -> None:
    _, (around,) = read_sources("<source>The envoy, <name>Ann Lee</name>,</source> met <name>Bo Stone</name>.")
    assert pieces(around, "name") == ["Ann Lee", "Bo Stone"]
    assert pieces(around, "source") == ["The envoy, Ann Lee,"]
    _, (bare,) = read_sources("<source>A diplomat</source> said no.")
    assert bare.name == ()
    assert read_sources("Nobody spoke.") == ("Nobody spoke.", [])


@pytest.mark.parametrize(
    "markup",
    [
        "<source 1>Ann Lee</source> said: <content 1>“<source 2>I</source> know.”</content>",
        "<content 1>“<source 2>I</source> know,”</content> <source 1>Ann Lee</source> said.",
        # A name does not count for the order.
        "<name 2>Bo Stone</name> heard <source 1>Ann Lee</source> before <source 2>I</source> came.",
    ],
)
def test_sources_are_ordered_by_the_start_of_their_attribution(markup: str) -> None:
    text, sources = read_sources(markup)
    assert text == plain_text(markup)
    assert [pieces(source, "source") for source in sources] == [["Ann Lee"], ["I"]]


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("a <name>b</name>", "line 1, column 3: the tag <name> has no <source> with the same id"),
        ("<source 1>a</source> <cue 2>b</cue>", "line 1, column 22: the tag <cue 2> has no <source> with the same id"),
        (
            "<source 1><name 1>a</name></source> <source 2>b</source>",
            "line 1, column 11: the tag <name 1> does not belong to the last source",
        ),
        ("<source 1>a</source> <source>b</source>", "line 1, column 22: the tag <source> has no id"),
        ("<source>a</source> <name 1>b</name>", "line 1, column 20: the tag <name 1> has an id"),
        ("<source>a", "line 1, column 1: the tag <source> is never closed"),
    ],
)
def test_a_speaker_example_with_a_wrong_tag_is_an_error(markup: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        read_sources(markup)


@pytest.mark.parametrize(
    ("read", "markup"), [(read_annotated, "a <name>b</name>"), (read_story, "a <name 1>b</name 1>")]
)
def test_names_are_only_for_speaker_rules(read: Callable[[str], object], markup: str) -> None:
    with pytest.raises(
        ValueError, match=r"^line 1, column 3: the tag <name( 1)?> is only for examples of speaker rules"
    ):
        read(markup)


@pytest.mark.parametrize(
    "text",
    ["", "<https://example.org/a>", "a < b > c", "I <3 it", "<", "<content", "< cue>", "<CUE>", "</ cue>", "\ud800<\0"],
)
def test_other_angle_brackets_are_text(text: str) -> None:
    assert read_annotated(text) == Annotated(text)
    assert read_story(text) == (text, {})


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("a <sorce>b</sorce>", "line 1, column 3: unknown tag <sorce>"),
        ("a\n\nb <cue>said", "line 3, column 3: the tag <cue> is never closed"),
        ("said</cue>", "line 1, column 5: the tag </cue> closes nothing"),
        (
            "<cue>a <source>b</cue> c</source>",
            "line 1, column 17: the tag </cue> crosses <source> opened at line 1, column 8",
        ),
        ("<cue 1>a</cue>", "line 1, column 1: the tag <cue 1> has an id"),
        ("<cue >a</cue>", "line 1, column 1: the ids of the tag <cue > are not of the form 1 or 1,2"),
    ],
)
def test_an_example_with_a_wrong_tag_is_an_error(markup: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        read_annotated(markup)


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("<cue>a</cue>", "line 1, column 1: the tag <cue> has no id; write <cue 1>"),
        ("<cue 1>a</cue 2>", "line 1, column 9: the tag </cue 2> crosses <cue 1> opened at line 1, column 1"),
        ("\n<cue 1,2>a", "line 2, column 1: the tag <cue 1,2> is never closed"),
        ("<content 1 2>a</content>", "line 1, column 1: the ids of the tag <content 1 2> are not"),
    ],
)
def test_a_story_with_a_wrong_tag_is_an_error(markup: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        read_story(markup)


_PLAIN = st.text(st.characters(exclude_characters="<>"), max_size=12)
_PARTS = st.lists(st.tuples(st.sampled_from(["", "content", "cue", "source"]), _PLAIN), max_size=8)


@given(_PARTS)
def test_the_text_is_the_markup_without_its_tags(parts: list[tuple[str, str]]) -> None:
    markup = "".join(f"<{name}>{text}</{name}>" if name else text for name, text in parts)
    found = read_annotated(markup)
    assert found.text == plain_text(markup) == "".join(text for _, text in parts)
    for name in ("content", "cue", "source"):
        assert pieces(found, name) == [text for own, text in parts if own == name]


@given(st.lists(st.sampled_from(["<content>", "</content>", "<cue 1>", "</cue 1>", "<", ">", "a", "\n"]), max_size=12))
def test_any_string_is_read_or_an_error_with_its_place(parts: list[str]) -> None:
    markup = "".join(parts)
    problems = []
    for read in (read_annotated, read_story):
        try:
            read(markup)
        except ValueError as error:
            problems.append(str(error))
    assert (len(problems) > 0) == (re.search("<(content|cue 1)>|</(content|cue 1)>", markup) is not None)
    try:
        read_sources(markup)
    except ValueError as error:
        problems.append(str(error))
    assert all(re.match(r"line \d+, column \d+: ", problem) for problem in problems)


def test_cost_is_linear() -> None:
    def work(size: int) -> int:
        markup = "<content>" * size + "</content>" * size + "<content " * size + "<" * size
        return calls(lambda: read_annotated(markup))

    assert work(5_000) < 11 * work(500)
