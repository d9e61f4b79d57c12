"""`quotekit.testing`: checks pass in silence, and fail with a readable message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import find_quoted
from quotekit.attribution.trial import found_by
from quotekit.errors import RuleError
from quotekit.models import Quote
from quotekit.rules import Rule, RuleSet
from quotekit.rules.markup import plain_text, read_annotated
from quotekit.testing import Checker, assert_quotes, check
from quotekit.testing.comparing import compare
from quotekit.testing.expected import Expected
from quotekit.testing.noting import listening

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


def test_a_match_passes(frozen: Mapping[str, Parse]) -> None:
    for markup, rule in ((DIRECT, "en.direct.verb-after"), (INDIRECT, "en.clause"), (NOTHING, "en.clause")):
        check(markup, rule, parse=frozen[read_annotated(markup).text])
        check(markup, RuleSet.default()[rule], parse=frozen[read_annotated(markup).text])


@pytest.mark.model
def test_without_a_stored_parse_the_text_is_parsed() -> None:
    check(DIRECT, "en.direct.verb-after")
    with pytest.raises(AssertionError, match=r"rule 'en\.as'"):
        check(DIRECT, "en.as")


def test_quotation_marks_around_content_are_ignored(frozen: Mapping[str, Parse]) -> None:
    inside = DIRECT.replace("<content>“", "“<content>").replace("”</content>", "</content>”")
    check(inside, "en.direct.verb-after", parse=frozen[read_annotated(inside).text])


def test_the_message_shows_rule_text_and_both_results(frozen: Mapping[str, Parse]) -> None:
    short = INDIRECT.replace("<source>The envoy</source>", "The <source>envoy</source>")
    assert message(short, "en.clause", frozen).splitlines() == [
        "rule 'en.clause' in 'The envoy said that the border would stay open.'",
        "  wanted: content='that the border would stay open'  cue='said'  source='envoy'",
        "  found:  content='that the border would stay open'  cue='said'  source='The envoy'",
    ]


@pytest.mark.parametrize("lost", ["cue", "source"])
def test_a_find_without_annotation_fails(lost: str, frozen: Mapping[str, Parse]) -> None:
    bare = INDIRECT.replace(f"<{lost}>", "").replace(f"</{lost}>", "")
    assert f"{lost}=none" in message(bare, "en.clause", frozen).splitlines()[1]


def test_the_message_says_that_nothing_was_found(frozen: Mapping[str, Parse]) -> None:
    assert message(DIRECT, "en.clause.shared", frozen).endswith("found:  nothing")


def test_a_find_in_a_rejected_text_fails(frozen: Mapping[str, Parse]) -> None:
    plain = read_annotated(INDIRECT).text
    assert message(plain, "en.clause", frozen).splitlines() == [
        f"rule 'en.clause' must find nothing in {plain!r}",
        "  found: content='that the border would stay open'  cue='said'  source='The envoy'",
    ]


def test_several_content_elements_are_parts(frozen: Mapping[str, Parse]) -> None:
    text = "The talks, Marta Ellin said, had failed."
    parts = "<content>The talks</content>, <source>Marta Ellin</source> <cue>said</cue>, <content>had failed</content>."
    check(parts, "en.parenthesis", parse=frozen[text])
    one = parts.replace("<content>had failed</content>", "had failed")
    assert "content='The talks'  content='had failed'" in message(one, "en.parenthesis", frozen)


def test_a_blocking_rule_finds_what_it_removes(frozen: Mapping[str, Parse]) -> None:
    rule = RuleSet.default()["en.block.negated"]
    text = "The envoy did not say that the border was open."
    article = read_article(text)
    (lost,) = found_by(rule, ParsedArticle(article, find_quoted(article), frozen[text]))
    assert lost.rule == "en.clause"
    assert "must find nothing" in message(text, rule, frozen)


def test_a_rule_that_depends_on_others_is_tried_among_them(frozen: Mapping[str, Parse]) -> None:
    plain = read_annotated(TWICE).text
    article = read_article(plain)
    found = found_by(
        RuleSet.default()["layout.same-paragraph"], ParsedArticle(article, find_quoted(article), frozen[plain])
    )
    assert [candidate.rule for candidate in found] == ["layout.same-paragraph"]
    assert "wanted: content='The border stays open,'" in message(TWICE, "layout.same-paragraph", frozen)


def test_a_speaker_rule_decides_the_source_and_names_the_speaker(frozen: Mapping[str, Parse]) -> None:
    parse = frozen[plain_text(SHE)]
    check(SHE, PERSON, parse=parse)
    check(SHE, RuleSet.default()[PERSON], parse=parse)
    check(SHE.replace("<name>", "").replace("</name>", ""), "speaker.own-words", parse=parse, decides=False)


def test_the_message_of_a_speaker_rule_shows_speaker_and_chain(frozen: Mapping[str, Parse]) -> None:
    assert message(SHE, "speaker.name.full", frozen).splitlines() == [
        "rule 'speaker.name.full' in 'Marta Ellin arrived on Monday. She said the port would stay open.'",
        "  wanted: 'She' is 'Marta Ellin' by speaker.name.full",
        "  found:  'She' is 'Marta Ellin' by speaker.pronoun.person",
        "  chain:  'She' (speaker.pronoun.person) → 'Marta Ellin' (speaker.name.full)",
    ]


def test_the_message_shows_a_different_name(frozen: Mapping[str, Parse]) -> None:
    nobody = SHE.replace("<name>", "").replace("</name>", "")
    assert "wanted: 'She' is 'She' by speaker.pronoun.person\n" in message(nobody, PERSON, frozen)
    part = SHE.replace("<name>Marta Ellin</name>", "<name>Marta</name> <name>Ellin</name>")
    assert "wanted: 'She' is 'Marta and Ellin' by speaker.pronoun.person\n" in message(part, PERSON, frozen)


def test_a_source_that_a_speaker_rule_must_not_decide(frozen: Mapping[str, Parse]) -> None:
    nobody = SHE.replace("<name>", "").replace("</name>", "")
    check(nobody, "speaker.name.full", parse=frozen[plain_text(SHE)], decides=False)
    assert message(nobody, PERSON, frozen, decides=False).splitlines()[:2] == [
        "rule 'speaker.pronoun.person' must not decide 'She' in "
        "'Marta Ellin arrived on Monday. She said the port would stay open.'",
        "  found:  'She' is 'Marta Ellin' by speaker.pronoun.person",
    ]


def test_an_empty_source_has_no_speaker(frozen: Mapping[str, Parse]) -> None:
    empty = SHE.replace("<source>She</source> ", "She<source> </source>")
    assert message(empty, PERSON, frozen).endswith("\n  found:  nobody")
    check(empty.replace("<name>", "").replace("</name>", ""), PERSON, parse=frozen[plain_text(SHE)], decides=False)


@pytest.mark.parametrize(
    ("markup", "rule", "decides", "named"),
    [
        ("She said no.", PERSON, True, "'speaker.pronoun.person': an example of a speaker rule needs a <source>"),
        (SHE, PERSON, False, "'speaker.pronoun.person': a source that the rule must not decide needs no <name>"),
        (NOTHING, "en.clause", False, "'en.clause': 'decides' is only for speaker rules"),
        (SHE, "en.clause", True, "the tag <name> is only for examples of speaker rules"),
        ("<name>Ann</name> came.", PERSON, True, "the tag <name> has no <source>"),
    ],
)
def test_an_example_of_the_wrong_kind_is_an_error(markup: str, rule: str, decides: bool, named: str) -> None:
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
def test_invalid_markup_is_an_error_with_its_place(markup: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        check(markup, "en.clause")


# --- whole articles


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(encoder=False)


STORY = (
    "<content 1>“The border stays open,”</content> <source 1>the envoy</source> <cue 1>said</cue>. "
    "He smiled at the crowd. <content 2>“Nobody will close it again.”</content>"
)
ENVOY = plain_text(STORY)


def differences(
    text: str, expected: Any, checker: Checker, frozen: Mapping[str, Parse], exact: bool = True
) -> list[str]:
    with pytest.raises(AssertionError) as caught:
        checker.assert_quotes(text, expected, exact=exact, parse=frozen[text])
    first, *lines = str(caught.value).splitlines()
    assert first.startswith("not the quotes expected in '")
    assert "\x1b" not in str(caught.value)
    return lines


@pytest.fixture
def border(checker: Checker, frozen: Mapping[str, Parse]) -> tuple[Quote, ...]:
    return tuple(checker.read_parse(read_article(ENVOY), frozen[ENVOY]))


def test_expected_quotes_pass_in_every_form(
    checker: Checker, frozen: Mapping[str, Parse], border: tuple[Quote, ...]
) -> None:
    first, second = border
    forms: list[Any] = [
        [first, second],
        [second, first],
        (one.model_dump() for one in border),
        [one.model_dump(mode="json") for one in border],
        [{"content": "The border stays open,"}, {"text": "Nobody will close it again."}],
        [{"content": (1, 23)}, {"content": [{"start": second.position.start, "end": second.position.end}]}],
        [{"content": list(first.content)}, {"content": {"text": "Nobody will close it again."}}],
        [{"rule": first.rule, "position": {"paragraph": 0}}, {"rule": second.rule, "position": second.position}],
        [{"confidence": first.confidence, "speaker": first.speaker}, {"id": "q2", "parent": None}],
        [{"speaker": {"name": "the envoy", "mentions": ["the envoy"]}, "source": "the envoy"}, {"cue": None}],
    ]
    for form in forms:
        checker.assert_quotes(ENVOY, form, parse=frozen[ENVOY])
    # In exact markup, a cue or source that is not marked must be missing.
    checker.assert_quotes(ENVOY, STORY, exact=False, parse=frozen[ENVOY])


def test_further_quotes_are_ignored_unless_exact(checker: Checker, frozen: Mapping[str, Parse]) -> None:
    one = STORY.replace("<content 2>", "").replace("”</content>", "”", 2).replace("open,”", "open,”</content>", 1)
    checker.assert_quotes(ENVOY, one, exact=False, parse=frozen[ENVOY])
    checker.assert_quotes(ENVOY, [], exact=False, parse=frozen[ENVOY])
    assert differences(ENVOY, one, checker, frozen)[0].startswith("  extra: 'Nobody will close it again.', ")


def test_missing_and_extra_are_named(checker: Checker, frozen: Mapping[str, Parse]) -> None:
    other = [{"content": "it rained", "source": "Ann Lee", "speaker": {"name": "Ann Lee", "role": None}, "cue": None}]
    missing, *extra = differences(ENVOY, other, checker, frozen)
    assert missing == "  missing: quote 1, 'it rained', source 'Ann Lee', speaker 'Ann Lee'"
    first, second = extra
    assert first.startswith("  extra: 'The border stays open,', source 'the envoy', by en.")
    assert second.startswith("  extra: 'Nobody will close it again.', source 'the envoy', by layout.same-paragraph (0.")


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        (
            {"source": "The envoy said"},
            "source: shorter by 'said' at its end: found 'The envoy', wanted 'The envoy said'",
        ),
        ({"source": "envoy"}, "source: longer by 'The' at its beginning: found 'The envoy', wanted 'envoy'"),
        ({"source": "Ann Lee"}, "source: found 'The envoy', wanted 'Ann Lee'"),
        ({"source": "border"}, "source: found 'The envoy', wanted 'border'"),
        ({"source": None}, "source: found 'The envoy', wanted none"),
        (
            {"source": (4, 14)},
            "source: longer by 'The' at its beginning and shorter by 'said' at its end: "
            "found 'The envoy', wanted 'envoy said'",
        ),
        (
            {"content": "the border would stay open"},
            "content: longer by 'that' at its beginning: "
            "found 'that the border would stay open', wanted 'the border would stay open'",
        ),
        (
            {"content": ["that the border", "open"]},
            "content: found 1 part, 'that the border would stay open', wanted 2, 'that the border' … 'open'",
        ),
        ({"kind": "direct"}, "kind: found 'indirect', wanted 'direct'"),
        ({"verb": "deny"}, "verb: found 'say', wanted 'deny'"),
        ({"rule": "en.as"}, "rule: found 'en.clause', wanted 'en.as'"),
        ({"parent": "q2"}, "parent: found none, wanted 'q2'"),
        ({"speaker": "Ann Lee"}, "speaker: found 'The envoy' by 'The envoy' (speaker.own-words), wanted 'Ann Lee'"),
        ({"speaker": None}, "speaker: found 'The envoy' by 'The envoy' (speaker.own-words), wanted none"),
        ({"speaker": {"country": "FR"}}, "speaker's country: found none, wanted 'FR'"),
        (
            {"speaker": {"mentions": ["He", "the envoy"]}},
            "speaker's mentions: found ['The envoy'], wanted ['He', 'the envoy']",
        ),
        ({"position": {"paragraph": 1}}, "position's paragraph: found 0, wanted 1"),
    ],
)
def test_a_difference_names_field_and_words(
    wanted: dict[str, Any], line: str, checker: Checker, frozen: Mapping[str, Parse]
) -> None:
    text = plain_text(INDIRECT)
    head, *lines = differences(text, [{"act": "statement", **wanted}], checker, frozen)
    assert head.startswith("  quote 1, 'that the border would stay open', by en.clause (0.")
    assert lines == [f"    {line}"]


def test_the_message_shows_a_missing_speaker(frozen: Mapping[str, Parse]) -> None:
    silent = Checker(encoder=False, resolve=False)
    text = plain_text(INDIRECT)
    silent.assert_quotes(text, [{"speaker": None}], parse=frozen[text])
    silent.assert_quotes(text, silent.read_parse(read_article(text), frozen[text]), parse=frozen[text])
    lines = differences(text, [{"act": "statement", "speaker": "The envoy"}], silent, frozen)
    assert lines[1:] == ["    speaker: found nobody, wanted 'The envoy'"]


def test_the_message_shows_a_missing_cue(checker: Checker, frozen: Mapping[str, Parse]) -> None:
    wanted = [{"content": "Nobody will close it again.", "cue": "said"}]
    _, line, _ = differences(ENVOY, wanted, checker, frozen)
    assert line == "    cue: found none, wanted 'said'"


def test_a_part_of_a_split_quote_is_numbered(checker: Checker, frozen: Mapping[str, Parse]) -> None:
    text = plain_text(SPLIT)
    checker.assert_quotes(text, [{"content": "The talks, will go on."}], parse=frozen[text])
    lines = differences(text, [{"content": ["The talks,", "go on."]}], checker, frozen)
    assert lines[1:] == ["    content, part 2: longer by 'will' at its beginning: found 'will go on.', wanted 'go on.'"]


def test_equal_words_elsewhere_are_shown_by_their_offset() -> None:
    rain = "Rain, said Ann. Rain, said Bo."
    here, there = (Quote.model_validate(quote_at(rain, start)) for start in (0, 16))
    (lines,) = [compare(rain, [Expected("1", {"content": ((16, 20),)})], [here]).lines()]
    assert lines == ["missing: quote 1, 'Rain'", "extra: 'Rain', by mine (0.50)"]
    assert compare(rain, [Expected("1", {"text": "Rain", "content": ((16, 20),)})], [there]).lines() == []
    source = Expected("1", {"text": "Rain", "source": (16, 20)})
    found = here.model_copy(update={"source": here.content[0]})
    assert compare(rain, [source], [found]).lines()[1] == "  source: found 'Rain', wanted 'Rain' at 16, not at 0"


def quote_at(text: str, start: int) -> dict[str, Any]:
    return {
        "id": f"q{start}", "kind": "indirect", "act": "statement", "text": "Rain", "confidence": 0.5, "rule": "mine",
        "content": [{"start": start, "end": start + 4, "text": text[start : start + 4]}],
        "position": {"start": start, "end": start + 4, "paragraph": 0, "sentence": 0},
    }  # fmt: skip


def test_an_expectation_that_fits_fewer_quotes_is_paired_first() -> None:
    rain = "Rain, said Ann. Rain, said Bo."
    here, there = (Quote.model_validate(quote_at(rain, start)) for start in (0, 16))
    any_one, the_first = Expected("1", {"act": "statement"}), Expected("2", {"position": {"start": 0}})
    paired = compare(rain, [any_one, the_first], [here, there])
    assert paired.lines() == []
    assert [(one.label, quote.id) for one, quote in paired.pairs] == [("1", "q16"), ("2", "q0")]
    assert compare(rain, [the_first, the_first], [here]).lines() == ["missing: quote 2, position {'start': 0}"]


def test_a_quote_is_paired_once() -> None:
    rain = "Rain. " * 40
    quotes = [Quote.model_validate(quote_at(rain, 6 * place)) for place in range(40)]
    paired = compare(rain, [Expected(str(place), {"text": "Rain"}) for place in range(50)], quotes)
    assert [(one.label, quote.id) for one, quote in paired.pairs] == [(str(i), f"q{6 * i}") for i in range(40)]
    assert ([one.label for one in paired.missing], paired.extra) == ([str(i) for i in range(40, 50)], ())


def test_long_words_are_shortened_in_the_middle() -> None:
    long = f"{'very ' * 40}long"
    quote = Quote.model_validate(
        {**quote_at(long, 0), "content": [{"start": 0, "end": len(long), "text": long}], "text": long}
    )
    (line,) = compare(long, [], [quote]).lines()
    assert " … " in line
    assert len(line) < 120


@pytest.mark.parametrize(
    ("expected", "error", "named"),
    [
        ("<content 1>It works", ValueError, "line 1, column 1: the tag <content 1> is never closed"),
        (
            "<content 1>It rained</content>.",
            ValueError,
            "another text: 'It rained.' from character 0, where the article has 'The",
        ),
        ("The <source 1>envoy</source> said that the border would stay open.", ValueError, "'1' has no <content 1>"),
        ([{"speakr": "Ann"}], ValueError, "quote 1: unknown field 'speakr'; a quote has id, kind, "),
        (
            [{}, {"speaker": {"nam": "Ann"}}],
            ValueError,
            "quote 2: field 'speaker': unknown field 'nam'; a speaker has id",
        ),
        ([{"position": 3}], TypeError, "field 'position' must be a dict of its fields, not int"),
        ([{"source": 3}], TypeError, "field 'source': must be words of the article, or their start and end, not 3"),
        ([{"content": 3}], TypeError, "field 'content': must be words"),
        ([{"cue": (3, 900)}], ValueError, "field 'cue': .* from 3 to 900"),
        (
            [{"cue": {"start": 0, "end": 3, "text": "Bob"}}],
            ValueError,
            "has 'The' from 0 to 3, not 'Bob'",
        ),
        ([3], TypeError, "a list of dicts or quotes, not of int"),
        ({"speaker": "Ann"}, TypeError, "markup, or a list of dicts or quotes, not dict"),
        (None, TypeError, "not NoneType"),
    ],
)
def test_invalid_expectations_are_errors(
    expected: Any, error: type[Exception], named: str, checker: Checker, frozen: Mapping[str, Parse]
) -> None:
    text = plain_text(INDIRECT)
    with pytest.raises(error, match=named):
        checker.assert_quotes(text, expected, parse=frozen[text])


@pytest.mark.model
def test_the_default_extractor_is_used() -> None:
    assert_quotes(plain_text(INDIRECT), [{"speaker": "The envoy", "kind": "indirect"}])
    with pytest.raises(AssertionError, match="missing: quote 1, speaker 'Ann Lee'"):
        assert_quotes("It rained.", [{"speaker": "Ann Lee"}])


def test_a_checker_uses_its_own_rules(frozen: Mapping[str, Parse]) -> None:
    parse = frozen[plain_text(INDIRECT)]
    mine = RuleSet.default()["en.clause"].model_copy(update={"id": "mine.clause"})
    Checker(rules=RuleSet([mine])).check(INDIRECT, "mine.clause", parse=parse)
    with pytest.raises(RuleError, match=r"no rule has the id 'en\.clause'"):
        Checker(rules=RuleSet([mine])).check(INDIRECT, "en.clause", parse=parse)


def test_passing_rules_are_noted(checker: Checker, frozen: Mapping[str, Parse]) -> None:
    text = plain_text(INDIRECT)
    with listening() as heard:
        check(NOTHING, "en.as", parse=frozen[NOTHING])
        assert heard == set()
        checker.assert_quotes(text, [{"content": "that the border would stay open"}], parse=frozen[text])
        assert heard == {"en.clause"}
        checker.assert_quotes(text, [{"speaker": "The envoy"}], parse=frozen[text])
        assert heard == {"en.clause", "speaker.own-words"}
        check(SHE, PERSON, parse=frozen[plain_text(SHE)])
        check(DIRECT, "en.direct.verb-after", parse=frozen[plain_text(DIRECT)])
        with pytest.raises(AssertionError):
            check(DIRECT, "en.as", parse=frozen[plain_text(DIRECT)])
    check(INDIRECT, "en.clause", parse=frozen[text])
    assert heard == {"en.clause", "speaker.own-words", PERSON, "en.direct.verb-after"}
