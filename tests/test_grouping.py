"""The same quote in several articles: what is taken for the same, what is not, and who was first."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from quotekit.batch.records import Result
from quotekit.batch.stored import read_stored
from quotekit.batch.writing import write
from quotekit.cli.commands import app
from quotekit.errors import QuotekitError
from quotekit.grouping import QuoteGroup, clusters, comparing, group
from quotekit.grouping.build import quote_variants
from quotekit.grouping.clusters import MOST_COMPARED, Clustering
from quotekit.grouping.comparing import LONGEST, compare
from quotekit.grouping.rows import COLUMNS
from quotekit.grouping.speaker_identity import Agreement, SpeakerIdentity, agreement
from quotekit.grouping.wording import Wording, is_stock
from quotekit.models import Position, Quote, QuoteKind, Speaker, SpeakerKind, TextSpan

SAMPLES = Path(__file__).parents[1] / "data" / "grouping"


def words(*parts: str) -> tuple[str, ...]:
    return Wording.of(parts).words


def person(name: str, kind: SpeakerKind = "person", **fields: Any) -> Speaker:
    return Speaker(id="s1", name=name, kind=kind, **fields)


def a_quote(text: str, speaker: Speaker | str | None = None, kind: QuoteKind = "direct", id: str = "q1") -> Quote:
    return Quote(
        id=id,
        kind=kind,
        act="statement",
        text=text,
        content=(TextSpan.of(text, (0, len(text))),),
        speaker=person(speaker) if isinstance(speaker, str) else speaker,
        position=Position(start=0, end=len(text), paragraph=0, sentence=0),
        confidence=0.9,
        rule="en.direct.verb-after",
    )


def article(id: str, text: str, speaker: Speaker | str | None = "Ann Lee", day: str | None = None) -> Result:
    return Result(id, [a_quote(text, speaker)], date.fromisoformat(day) if day else None)


def joined(results: Sequence[Result], **options: Any) -> set[frozenset[str]]:
    """The articles of each group."""
    return {frozenset(member.article for member in one.members) for one in group(results, **options)}


# Wordings

SAME_WORDS = [
    ("We won’t sign.", "we will not SIGN"),
    ("“We’ve signed” — they’re gone", "We have signed, they are gone!"),
    ("It cannot be so", "It can't be so"),
    ("Forty million dollars", "$40m"),
    ("40,000,000 dollars", "$40 million"),
    ("two hundred and five ships", "205 ships"),
    ("nine thousand cars", "9,000 cars"),
    ("twenty-one years", "21 years"),
    ("4.5 per cent", "4.50%"),
    ("five hundred million", "500,000,000"),
    ("the 5th day", "the 5 day"),
    ("Élodie left", "Elodie left"),
    ("that the pier is shut", "The pier is shut"),
    ("The anti-war march", "the anti war march"),
    ("[W]e govern[ed] well", "We governed well"),
    ("We [the crew] sail", "we sail"),
    ("We sail … tomorrow", "We sail ... tomorrow"),
    ("« Nous »", "nous"),
]


@pytest.mark.parametrize(("a", "b"), SAME_WORDS)
def test_equal_wordings(a: str, b: str) -> None:
    assert words(a) == words(b) != ()


OTHER_WORDS = [
    ("We [do not] sail", "We sail"),
    ("It cost [40] crowns", "It cost crowns"),
    ("one of us", "1 of us"),
    ("forty ships", "fourteen ships"),
    ("We will", "We'd"),
]


@pytest.mark.parametrize(("a", "b"), OTHER_WORDS)
def test_different_wordings(a: str, b: str) -> None:
    assert words(a) != words(b)


def test_gaps_mark_possible_omissions() -> None:
    assert Wording.of(["We sail … at [the first] dawn", "and come back"]).gaps == {2, 3, 4}


def test_clauses_and_sentences_are_counted() -> None:
    wording = Wording.of(["We sail, and soon. Farewell"])
    assert wording.sentences == (0, 0, 0, 0, 1)
    assert wording.clauses == (0, 0, 2, 2, 3)


@given(st.text())
def test_wording_of_any_text_is_stable(text: str) -> None:
    wording = Wording.of([text])
    assert len(wording.words) == len(wording.clauses) == len(wording.sentences)
    assert all(0 <= gap <= len(wording.words) for gap in wording.gaps)
    assert words(wording.text) == wording.words


pieces = st.sampled_from(
    [
        "We",
        "will",
        "not",
        "won't",
        "sign",
        "forty",
        "40",
        "m",
        "million",
        "and",
        "hundred",
        "five",
        "per",
        "cent",
        "that",
        "%",
        "$",
        ",",
        "…",
        ".",
        "[the]",
        "no",
        "one",
        "Monday’s",
    ]
)


@given(st.lists(pieces, max_size=12).map(" ".join))
def test_wording_of_a_wording_is_itself(text: str) -> None:
    once = Wording.of([text])
    assert words(once.text) == once.words


def test_long_numbers_are_read_in_linear_work() -> None:
    assert len(words("trillion " * 20_000 + "9" * 5_000 + " million")) > 1_000


STOCK = ["No comment.", "No comment at this time", "We are very, very confident", "Thank you all so much", "Yes"]
NO_STOCK = ["We are confident that it will rain", "No comment of mine was in the paper", ""]


@pytest.mark.parametrize("text", STOCK)
def test_stock_phrases(text: str) -> None:
    assert is_stock(Wording.of([text]))


@pytest.mark.parametrize("text", NO_STOCK)
def test_other_phrases_are_kept(text: str) -> None:
    assert not is_stock(Wording.of([text]))


# Two wordings

TREATY = "We will not sign any treaty this year, and nobody in Brennport should be surprised. Ask them."

ALIKE = [
    (TREATY, TREATY.upper(), "same"),
    ("We will not sign", TREATY, "shortened"),
    ("nobody in Brennport should be surprised", TREATY, "shortened"),
    ("We will not sign … nobody in Brennport should be surprised", TREATY, "shortened"),
    ("We will not sign any treaty this year, and nobody in the Brennport should be surprised", TREATY, "changed"),
    ("He left. She stayed there.", "He left. It rained all day. She stayed there.", "shortened"),
    ("we want nothing but peace", "We will fight and we want nothing but peace", "shortened"),
    ("we want peace and quiet", "We want peace and quiet and more quiet", "shortened"),
    (
        "We sail at dawn, he said, if we sail at all",
        "At dawn we sail at dawn he said, if we sail at any time",
        "changed",
    ),
    ("The colour of our neighbours' harbour", "The color of our neighbors' harbor", "changed"),
    ("The NFU asked for one more week", "The Northern Fishing Union asked for one more week", "changed"),
    ("Whoever opened the gate knew what was behind it", "Whoever opened that gate knew what was behind it", "changed"),
]


@pytest.mark.parametrize(("short", "full", "change"), ALIKE)
def test_variants_of_one_quote(short: str, full: str, change: str) -> None:
    found = compare(Wording.of([short]), Wording.of([full]))
    assert found is not None
    assert found.change == change
    assert 85 <= found.similarity <= 100
    assert (found.similarity == 100) or change == "changed"


@given(st.lists(st.sampled_from(["tide", "pier", "boat"]), min_size=2, max_size=9), st.data())
def test_any_part_is_a_shortened_wording(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    found = compare(Wording.of([" ".join(words[start:end])]), Wording.of([" ".join(words)]))
    assert found is not None
    assert (found.similarity, found.change) == (100, "same" if end - start == len(words) else "shortened")


# Words, each with whether the short wording keeps it.
tides = st.lists(st.tuples(st.sampled_from(["tide", "pier", "boat"]), st.booleans()), max_size=12)


@settings(max_examples=300)
@given(tides)
def test_edits_turn_one_wording_into_the_other(words: list[tuple[str, bool]]) -> None:
    full = Wording.of([" ".join(word for word, _ in words)])
    short = Wording.of([" ".join(word for word, kept in words if kept)])
    made: list[str] = []
    at = 0
    for edit in comparing._edits(short, full):
        made += [*full.words[at : edit.i], *short.words[edit.j : edit.j_end]]
        at = edit.i_end
    assert (*made, *full.words[at:]) == short.words


TWO_STATEMENTS = [
    ("We will sign any treaty this year", TREATY),
    ("We will never sign any treaty this year", TREATY),
    ("We may not sign any treaty this year", TREATY),
    ("sign any treaty this year", TREATY),
    ("the minister lied about the ferry", "I do not think that the minister lied about the ferry"),
    ("We want it", "We want it for nothing"),
    ("We lost 40 ships", "We lost 14 ships"),
    (
        "I dislike the lamp of the harbour and all of its friends",
        "I like the lamp of the harbour and all of its friends",
    ),
    ("We were unhappy with the lamp of the harbour all along", "We were happy with the lamp of the harbour all along"),
    ("The lamp of the harbour is dead as far as we know", "The lamp of the harbour is alive as far as we know"),
    ("We will join the union of harbours in the spring", "We will leave the union of harbours in the spring"),
    ("We lost forty ships in June", "We lost forty ships in July"),
    ("They come on Monday at the latest", "They come on Tuesday at the latest"),
    ("Prices rose in the north of the country", "Prices fell in the north of the country"),
    ("It happened before the war was over", "It happened after the war was over"),
    ("We will [...] sign any treaty this year", TREATY),
]


@pytest.mark.parametrize(("short", "full"), TWO_STATEMENTS)
def test_different_statements(short: str, full: str) -> None:
    assert compare(Wording.of([short]), Wording.of([full])) is None


UNLIKE = [
    ("We are ready for talks", "We are ready for anything"),
    ("the lift has been inspected by nobody we know", "the pump has been inspected by nobody we know"),
    ("ships … rain … bread", "The ships came in, there was rain all day, and we had bread"),
]


@pytest.mark.parametrize(("short", "full"), UNLIKE)
def test_dissimilar_wordings(short: str, full: str) -> None:
    found = compare(Wording.of([short]), Wording.of([full]))
    assert found is None or found.similarity < 90


def test_very_long_wordings_must_be_equal() -> None:
    long = Wording.of(["the tide " * LONGEST])
    assert compare(long, long) is not None
    assert compare(Wording.of(["the tide " * LONGEST + "turns"]), long) is None


# Speakers

SPEAKERS = [
    (person("Ann Lee"), person("Ann Lee"), "SAME"),
    (person("Ann Lee"), person("Lee"), "SAME"),
    (person("Lee"), person("Lee"), "SAME"),
    (person("Bill Stone"), person("William J. Stone"), "SAME"),
    (person("Ann Lee"), person("Tom Lee"), "DIFFERENT"),
    (person("Ann Lee"), person("Ann Holm"), "DIFFERENT"),
    (person("Ann Lee", known_id="1"), person("A. L. Holm", known_id="1"), "SAME"),
    (person("Ann Lee", known_id="1"), person("Ann Lee", known_id="2"), "DIFFERENT"),
    (person("Ann Lee"), None, "UNKNOWN"),
    (person("Ann Lee"), person("he"), "UNKNOWN"),
    (person("Ann Lee"), person("a resident", "anonymous"), "UNKNOWN"),
    (person("Ann Lee"), person("Ministry of Ice", "government"), "UNKNOWN"),
    (person("Ministry of Ice", "government"), person("the Ministry of Ice", "organization"), "SAME"),
    (person("Ministry of Ice", "government"), person("the ministry", "government"), "UNKNOWN"),
    (person("Ministry of Ice", "government"), person("Ministry of Sand", "government"), "DIFFERENT"),
    (
        person("Ministry of Ice", "government", country="FI"),
        person("Ministry of Ice", "government", country="EE"),
        "DIFFERENT",
    ),
]


@pytest.mark.parametrize(("a", "b", "how"), SPEAKERS)
def test_speakers_agree(a: Speaker | None, b: Speaker | None, how: str) -> None:
    assert agreement(SpeakerIdentity.of(a), SpeakerIdentity.of(b)).name == how
    assert agreement(SpeakerIdentity.of(b), SpeakerIdentity.of(a)).name == how


# Groups


def test_fullest_wording_is_the_text_of_the_group() -> None:
    [found] = group(
        [
            article("c", "We won’t sign any treaty this year", "Drozd", "2026-03-03"),
            article("a", "We will not sign", "Pavel Drozd", "2026-03-01"),
            article("b", TREATY, None, "2026-03-02"),
        ]
    )
    assert found.id == "g1"
    assert found.text == TREATY
    assert found.speaker is not None
    assert found.speaker.name == "Pavel Drozd"
    assert found.articles == 3
    assert found.ordered_by == "date"
    assert [(one.article, one.wording, one.first) for one in found.members] == [
        ("a", "shortened", True),
        ("b", "same", False),
        ("c", "shortened", False),
    ]


def test_all_articles_of_the_first_day_are_first() -> None:
    days = ("2026-03-02", "2026-03-01", "2026-03-01")
    [found] = group([article(str(i), TREATY, day=day) for i, day in enumerate(days)])
    assert [(one.article, one.first) for one in found.members] == [("1", True), ("2", True), ("0", False)]


def test_input_order_decides_without_dates() -> None:
    [found] = group([article(name, TREATY) for name in "cab"])
    assert found.ordered_by == "input"
    assert [(one.article, one.first) for one in found.members] == [("c", True), ("a", False), ("b", False)]


def test_undated_articles_come_last() -> None:
    [found] = group([article("a", TREATY), article("b", TREATY, day="2026-03-01")])
    assert found.ordered_by == "date, then input"
    assert [(one.article, one.first) for one in found.members] == [("b", True), ("a", False)]


def test_groups_are_sorted_by_first_date() -> None:
    other = "The pier will be shut for the whole of the summer"
    found = group(
        [
            article("a", TREATY),
            article("b", TREATY),
            article("c", other, day="2026-03-02"),
            article("d", other, day="2026-03-05"),
        ]
    )
    assert [(one.id, one.text) for one in found] == [("g1", other), ("g2", TREATY)]


def test_quote_of_one_article_is_not_a_group() -> None:
    twice = Result("a", [a_quote(TREATY, "Ann Lee"), a_quote(TREATY, "Ann Lee", id="q2")])
    assert group([twice]) == []
    [found] = group([twice], min_articles=1)
    assert (found.articles, len(found.members)) == (1, 2)


def test_kinds_of_quotes() -> None:
    results = [Result(name, [a_quote(TREATY, "Ann Lee", "indirect")]) for name in "ab"]
    assert joined(results) == set()
    assert joined(results, kinds=["indirect"]) == {frozenset("ab")}


def test_short_quotes_are_skipped() -> None:
    results = [article(name, "Bread first, always") for name in "ab"]
    assert joined(results) == set()
    assert joined(results, min_words=3) == {frozenset("ab")}


def test_short_quotes_need_a_common_name() -> None:
    results = [article("a", "We will not sign", "Ann Lee"), article("b", TREATY, None)]
    assert joined(results) == set()


@pytest.mark.parametrize("who", [None, person("one voter", "anonymous"), person("she")])
def test_short_unnamed_quotes_are_skipped(who: Speaker | None) -> None:
    assert joined([article(name, "I am with her", who) for name in "ab"]) == set()
    assert joined([article(name, "I am with her to the end", who) for name in "ab"]) == {frozenset("ab")}


def test_same_words_of_two_people_are_two_quotes() -> None:
    results = [article(name, TREATY, who) for name, who in zip("abcd", ["Ann Lee", "Tom Lee"] * 2, strict=True)]
    assert joined(results) == {frozenset("ac"), frozenset("bd")}


def test_surname_alone_does_not_merge_two_people() -> None:
    names = ["Ann Lee", "Ann Lee", "Lee", "Tom Lee", "Tom Lee", "Tom Lee"]
    found = joined([article(str(i), TREATY, name) for i, name in enumerate(names)])
    assert {frozenset("01"), frozenset("345")} <= {one - {"2"} for one in found}


def test_similarity_is_not_transitive() -> None:
    """Each has one word more changed than the one before: the last has nothing of the first."""
    start = [f"{letter}{letter}oat{letter}" for letter in "abcdefghijklmnopqrst"]
    chain = [" ".join(f"{word}zz" if k < i else word for k, word in enumerate(start)) for i in range(len(start) + 1)]
    results = [article(str(i), text) for i, text in enumerate(chain)]
    for found in group(results):
        full = Wording.of([found.text])
        for member in found.members:
            comparison = compare(Wording.of([member.text]), full)
            assert comparison is not None
            assert comparison.similarity >= 90
            assert member.similarity == round(comparison.similarity, 1)
    assert len(group(results, min_articles=1)) > 1


def test_popular_phrase_of_many_speakers_is_not_merged() -> None:
    results = [article(str(i), "This road leads to nowhere at all", f"Ann Lee{'a' * i}") for i in range(200)]
    assert joined(results) == set()


def test_shared_surname_causes_few_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(clusters, "agreement", lambda a, b: looks.append(1) or agreement(a, b))
    names = [f"{chr(97 + i // 26)}{chr(97 + i % 26)}o Lee".title() for i in range(400)]
    results = [article(str(i), "This road leads to nowhere at all", name) for i, name in enumerate(names)]
    assert joined(results) == set()
    assert len(looks) < 2 * clusters.MOST_SPEAKERS * len(results)


@given(
    *[
        st.sampled_from(
            [
                "Ann Lee",
                "Lee",
                "A. Lee",
                "Ann B. Lee",
                "B. Lee",
                "Tom Lee",
                "Thomas Lee",
                "van Lee",
                "Ann van Lee",
                "Roe",
            ]
        )
    ]
    * 2
)
def test_lookup_finds_all_matching_speakers(one: str, other: str) -> None:
    a, b = SpeakerIdentity.of(person(one)), SpeakerIdentity.of(person(other))
    if agreement(a, b) is Agreement.SAME:
        assert not set(a.lookup_keys()).isdisjoint(b.index_keys())


# The samples


def samples(part: str) -> tuple[list[Result], list[str]]:
    """The quotes of a part, and for each which one it is."""
    results, said, heading = [], [], ""
    for row in (SAMPLES / f"{part}.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("== "):
            heading = row
        elif row:
            day, _, name, text = (cell.strip() for cell in row.split("|", 3))
            bare, _, kind = name.rstrip(")").partition(" (")
            who = None if name == "-" else Speaker(id="s1", name=bare, kind=kind or "person")  # type: ignore[arg-type]
            results.append(article(str(len(results)), text, who, day))
            said.append(heading)
    return results, said


@pytest.mark.parametrize("part", ["tuning", "checking"])
def test_samples_are_grouped(part: str) -> None:
    results, said = samples(part)
    many = range(len(said))
    wanted = {(i, j) for i in many for j in many if i < j and said[i] == said[j]}
    found = {(int(a), int(b)) for one in joined(results) for a in one for b in one if int(a) < int(b)}
    assert len(wanted) > 80
    assert len(wanted & found) >= 0.95 * len(found)
    assert len(wanted & found) >= 0.95 * len(wanted)


def content(groups: list[QuoteGroup]) -> list[tuple[Any, ...]]:
    """Groups without what the order of the input decides."""
    return sorted((one.text, str(one.speaker), sorted(map(str, one.members))) for one in groups)


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_input_order_does_not_matter(chance: random.Random) -> None:
    results, _ = samples("tuning")
    shuffled = list(results)
    chance.shuffle(shuffled)
    assert content(group(shuffled)) == content(group(results))


sentences = st.lists(
    st.sampled_from(
        [
            "we",
            "they",
            "will",
            "not",
            "may",
            "sign",
            "5",
            "five",
            "the",
            "pier",
            "treaty",
            "[and]",
            "…",
            ".",
            ",",
            "Monday",
            "year",
        ]
    ),
    min_size=3,
).map(" ".join)
some_articles = st.lists(st.tuples(sentences, st.sampled_from(["Ann Lee", "Lee", "Tom Lee", None])), max_size=12)


@given(some_articles, st.randoms(use_true_random=False))
def test_any_input_order_gives_the_same_groups(given_articles: Any, chance: random.Random) -> None:
    results = [article(str(i), text, who, f"2026-01-{1 + i:02d}") for i, (text, who) in enumerate(given_articles)]
    shuffled = list(results)
    chance.shuffle(shuffled)
    found = group(results, min_words=1)
    assert content(group(shuffled, min_words=1)) == content(found)
    members = [member.article for one in found for member in one.members]
    assert len(members) == len(set(members))


def test_group_of_a_group_is_itself() -> None:
    results, _ = samples("tuning")
    by_id = {result.id: result for result in results}
    for one in group(results):
        [again] = group(by_id[member.article] for member in one.members)
        assert again.members == one.members


def test_number_of_comparisons_is_linear() -> None:
    chance = random.Random(7)
    vocabulary = [f"w{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(500)]
    weights = [1 / (1 + i) for i in range(500)]

    def compared(size: int) -> int:
        texts = [" ".join(chance.choices(vocabulary, weights, k=12)) for _ in range(size)]
        _, variants = quote_variants(article(str(i), text) for i, text in enumerate(texts))
        clusters = Clustering(90)
        clusters.of(variants)
        return clusters.compared

    small, large = compared(300), compared(1_200)
    assert 0 < small <= large <= (MOST_COMPARED + 1) * 1_200
    assert large <= 6 * small


def test_invalid_options_are_refused() -> None:
    for options in (
        {"similarity": 10},
        {"similarity": float("nan")},
        {"similarity": 101},
        {"kinds": ["foo"]},
        {"kinds": "direct"},
        {"min_articles": 0},
        {"min_words": 0},
    ):
        with pytest.raises(ValueError, match="must be"):
            group([], **options)  # type: ignore[arg-type]


# The command


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "quotes.jsonl"
    results = [
        article("a.txt", TREATY, "Ann Lee", "2026-03-02"),
        article("b.txt", "=We will not sign any treaty this year", "Ann Lee", "2026-03-01"),
        article("c.txt", "Something else was said by all of us", "Ann Lee"),
    ]
    write(lambda: results, path)
    return path


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["group", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_command_writes_json_lines(stored: Path) -> None:
    [line] = run(stored).splitlines()
    found = QuoteGroup.model_validate(json.loads(line))
    assert [found] == group(read_stored(stored))
    assert [member.article for member in found.members] == ["b.txt", "a.txt"]


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".parquet"])
def test_command_reads_every_output(stored: Path, tmp_path: Path, ending: str) -> None:
    other = tmp_path / f"other{ending}"
    articles = list(read_stored(stored))
    write(lambda: articles, other)
    assert run(other) == run(stored)


def test_command_writes_csv(stored: Path, tmp_path: Path) -> None:
    output = tmp_path / "groups.csv"
    assert "1 group · 2 quotes" in run(stored, "-o", output)
    with output.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [column.name for column in COLUMNS]
    assert [(row["article_id"], row["wording"], row["first"]) for row in rows] == [
        ("b.txt", "shortened", "1"),
        ("a.txt", "same", "0"),
    ]
    assert rows[0]["text"].startswith("'=")


def test_command_writes_parquet(stored: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    output = tmp_path / "groups.parquet"
    assert run(stored, "-o", output, "-q") == ""
    table = parquet.read_table(output)
    assert table.column_names == [column.name for column in COLUMNS]
    assert table["article_date"].to_pylist() == [date(2026, 3, 1), date(2026, 3, 2)]
    empty = tmp_path / "none.parquet"
    run(stored, "-o", empty, "--min-articles", 9)
    assert parquet.read_table(empty).num_rows == 0


def test_command_shows_a_table(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    from quotekit.terminal.groups import table

    groups = group(read_stored(stored))
    shown = table(groups, Console(width=80, force_terminal=False)).decode()
    assert "Ann Lee  2 articles" in shown
    assert shown.index("2026-03-01") < shown.index("2026-03-02")
    assert "shortened" in shown


def test_command_writes_a_table_on_a_terminal(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotekit.cli.group.form_of", lambda *args, **more: "table")
    shown = run(stored)
    assert "Ann Lee  2 articles" in shown
    assert "1 group · 2 quotes" in shown


def test_command_usage_errors(stored: Path, tmp_path: Path) -> None:
    assert "is not a kind of quote" in run(stored, "--kind", "mixd", code=2)
    assert "does not exist" in run(tmp_path / "none.csv", code=2)
    assert "one of the inputs" in run(stored, "-o", stored, code=2)
    assert "has no known ending" in run(stored, "-o", tmp_path / "groups.xlsx", code=2)
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text('{"a": 1}\n', encoding="utf-8")
    assert "line 1" in run(foreign, code=3)
    assert run(stored, "--kind", "all") == run(stored, "--kind", " direct,indirect , mixed")


def test_command_reports_a_missing_library(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    comparing._distances.cache_clear()
    try:
        assert 'python -m pip install ".[group]"' in run(stored, code=3)
        with pytest.raises(QuotekitError, match="rapidfuzz"):
            compare(Wording.of(["We sail"]), Wording.of(["We sail at dawn"]))
    finally:
        comparing._distances.cache_clear()


def test_import_does_not_load_rapidfuzz() -> None:
    code = "import sys, quotekit.grouping, quotekit.cli; print('rapidfuzz' in sys.modules, 'spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
