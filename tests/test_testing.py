"""`quotekit.testing.check`: passes in silence, fails with a message that a person can read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from quotekit.annotation import plain_text, read_annotated
from quotekit.article import read_article
from quotekit.errors import RuleError
from quotekit.marks import find_quoted
from quotekit.page import Page
from quotekit.parse import Parse
from quotekit.rules import Rule, RuleSet
from quotekit.testing import check, found_by

DIRECT = "<content>“The border stays open,”</content> <cue>said</cue> <source>the Kestrian envoy</source>."
SPLIT = '<content>"The talks,"</content> <source>the spokesman</source> <cue>added</cue>, "will go on."'
INDIRECT = "<source>The envoy</source> <cue>said</cue> <content>that the border would stay open</content>."
NOTHING = "The envoy said nothing."
TWICE = (
    "<content>“The border stays open,”</content> <source>the envoy</source> said. He smiled at the crowd. "
    "“Nobody will close it again.”"
)


SHE = (
    "<name>Marta Ellin</name> arrived on Monday. <source>She</source> <cue>said</cue> "
    "<content>the port would stay open</content>."
)
PERSON = "speaker.pronoun.person"


def message(markup: str, rule: Rule | str, frozen: Mapping[str, Parse], **options: bool) -> str:
    with pytest.raises(AssertionError) as caught:
        check(markup, rule, parse=frozen[plain_text(markup)], **options)
    return str(caught.value)


def test_what_is_wanted_and_found_passes(frozen: Mapping[str, Parse]) -> None:
    for markup, rule in ((DIRECT, "en.direct.verb-after"), (INDIRECT, "en.clause"), (NOTHING, "en.clause")):
        check(markup, rule, parse=frozen[read_annotated(markup).text])
        check(markup, RuleSet.default()[rule], parse=frozen[read_annotated(markup).text])


@pytest.mark.model
def test_without_a_stored_parse_the_text_is_parsed() -> None:
    check(DIRECT, "en.direct.verb-after")
    with pytest.raises(AssertionError, match=r"rule 'en\.as'"):
        check(DIRECT, "en.as")


def test_marks_around_content_count_for_nothing(frozen: Mapping[str, Parse]) -> None:
    inside = DIRECT.replace("<content>“", "“<content>").replace("”</content>", "</content>”")
    check(inside, "en.direct.verb-after", parse=frozen[read_annotated(inside).text])


def test_the_message_shows_rule_text_wanted_and_found(frozen: Mapping[str, Parse]) -> None:
    short = INDIRECT.replace("<source>The envoy</source>", "The <source>envoy</source>")
    assert message(short, "en.clause", frozen).splitlines() == [
        "rule 'en.clause' in 'The envoy said that the border would stay open.'",
        "  wanted: content='that the border would stay open'  cue='said'  source='envoy'",
        "  found:  content='that the border would stay open'  cue='said'  source='The envoy'",
    ]


@pytest.mark.parametrize("lost", ["cue", "source"])
def test_what_is_not_annotated_is_not_wanted(lost: str, frozen: Mapping[str, Parse]) -> None:
    bare = INDIRECT.replace(f"<{lost}>", "").replace(f"</{lost}>", "")
    assert f"{lost}=none" in message(bare, "en.clause", frozen).splitlines()[1]


def test_nothing_found_is_said(frozen: Mapping[str, Parse]) -> None:
    assert message(DIRECT, "en.clause.shared", frozen).endswith("found:  nothing")


def test_something_found_where_nothing_should_be(frozen: Mapping[str, Parse]) -> None:
    plain = read_annotated(INDIRECT).text
    assert message(plain, "en.clause", frozen).splitlines() == [
        f"rule 'en.clause' must find nothing in {plain!r}",
        "  found: content='that the border would stay open'  cue='said'  source='The envoy'",
    ]


def test_parts_are_several_content_elements(frozen: Mapping[str, Parse]) -> None:
    text = "The talks, Marta Ellin said, had failed."
    parts = "<content>The talks</content>, <source>Marta Ellin</source> <cue>said</cue>, <content>had failed</content>."
    check(parts, "en.parenthesis", parse=frozen[text])
    one = parts.replace("<content>had failed</content>", "had failed")
    assert "content='The talks'  content='had failed'" in message(one, "en.parenthesis", frozen)


def test_a_blocking_rule_finds_what_it_takes_away(frozen: Mapping[str, Parse]) -> None:
    rule = RuleSet.default()["en.block.negated"]
    text = "The envoy did not say that the border was open."
    article = read_article(text)
    (lost,) = found_by(rule, Page(article, find_quoted(article), frozen[text]))
    assert lost.rule == "en.clause"
    assert "must find nothing" in message(text, rule, frozen)


def test_a_rule_that_leans_on_others_is_tried_among_them(frozen: Mapping[str, Parse]) -> None:
    plain = read_annotated(TWICE).text
    article = read_article(plain)
    found = found_by(RuleSet.default()["layout.same-paragraph"], Page(article, find_quoted(article), frozen[plain]))
    assert [candidate.rule for candidate in found] == ["layout.same-paragraph"]
    assert "wanted: content='The border stays open,'" in message(TWICE, "layout.same-paragraph", frozen)


def test_a_speaker_rule_decides_the_source_and_names_the_speaker(frozen: Mapping[str, Parse]) -> None:
    parse = frozen[plain_text(SHE)]
    check(SHE, PERSON, parse=parse)
    check(SHE, RuleSet.default()[PERSON], parse=parse)
    check(SHE.replace("<name>", "").replace("</name>", ""), "speaker.own-words", parse=parse, decides=False)


def test_the_message_of_a_speaker_rule_shows_who_was_found_and_how(frozen: Mapping[str, Parse]) -> None:
    assert message(SHE, "speaker.name.full", frozen).splitlines() == [
        "rule 'speaker.name.full' in 'Marta Ellin arrived on Monday. She said the port would stay open.'",
        "  wanted: 'She' is 'Marta Ellin' by speaker.name.full",
        "  found:  'She' is 'Marta Ellin' by speaker.pronoun.person",
        "  chain:  'She' (speaker.pronoun.person) → 'Marta Ellin' (speaker.name.full)",
    ]


def test_another_name_than_the_one_wanted_is_said(frozen: Mapping[str, Parse]) -> None:
    nobody = SHE.replace("<name>", "").replace("</name>", "")
    assert "wanted: 'She' is 'She' by speaker.pronoun.person\n" in message(nobody, PERSON, frozen)
    part = SHE.replace("<name>Marta Ellin</name>", "<name>Marta</name> <name>Ellin</name>")
    assert "wanted: 'She' is 'Marta and Ellin' by speaker.pronoun.person\n" in message(part, PERSON, frozen)


def test_what_a_speaker_rule_must_not_decide(frozen: Mapping[str, Parse]) -> None:
    nobody = SHE.replace("<name>", "").replace("</name>", "")
    check(nobody, "speaker.name.full", parse=frozen[plain_text(SHE)], decides=False)
    assert message(nobody, PERSON, frozen, decides=False).splitlines()[:2] == [
        "rule 'speaker.pronoun.person' must not decide 'She' in "
        "'Marta Ellin arrived on Monday. She said the port would stay open.'",
        "  found:  'She' is 'Marta Ellin' by speaker.pronoun.person",
    ]


def test_a_source_without_a_word_is_nobody_s(frozen: Mapping[str, Parse]) -> None:
    empty = SHE.replace("<source>She</source> ", "She<source> </source>")
    assert message(empty, PERSON, frozen).endswith("\n  found:  nobody")
    check(empty.replace("<name>", "").replace("</name>", ""), PERSON, parse=frozen[plain_text(SHE)], decides=False)


@pytest.mark.parametrize(
    ("markup", "rule", "decides", "named"),
    [
        ("She said no.", PERSON, True, "'speaker.pronoun.person': an example of a speaker rule needs a <source>"),
        (SHE, PERSON, False, "'speaker.pronoun.person': a source that the rule must not decide needs no <name>"),
        (NOTHING, "en.clause", False, "'en.clause': only a speaker rule has 'decides'"),
        (SHE, "en.clause", True, "the tag <name> is only for examples of speaker rules"),
        ("<name>Ann</name> came.", PERSON, True, "the tag <name> has no <source>"),
    ],
)
def test_an_example_of_the_wrong_form_is_an_error(markup: str, rule: str, decides: bool, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        check(markup, rule, decides=decides)


def test_an_unknown_rule_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(RuleError, match=r"did you mean 'en\.clause'\?"):
        check(INDIRECT, "en.claus")


@pytest.mark.parametrize(
    ("markup", "named"),
    [
        ("<content>It works", "line 1, column 1: the tag <content> is never closed"),
        ("<speaker>Ann</speaker>", "unknown tag <speaker>"),
        ("<content 1>It works</content>", "has an id"),
        ("It works</content>", "closes nothing"),
    ],
)
def test_bad_markup_is_an_error_that_names_the_place(markup: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        check(markup, "en.clause")
