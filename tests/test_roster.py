"""The speakers of many articles: who is merged with whom, how they are counted, and how they are written."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from counting import calls
from hypothesis import given
from hypothesis import strategies as st

from quotekit.known.entries import COLUMNS, IGNORED
from quotekit.known.matching import KnownSpeakers
from quotekit.known.roster import MOST_ROLES, Roster, Row
from quotekit.known.roster_files import roster_csv, roster_lines
from quotekit.models import Position, Quote, Speaker, SpeakerKind, TextSpan

Who = tuple[Any, ...]


def a_quote(speaker: Speaker | None) -> Quote:
    return Quote(
        id="q1",
        kind="indirect",
        act="statement",
        text="x",
        content=(TextSpan.of("x", (0, 1)),),
        speaker=speaker,
        position=Position(start=0, end=1, paragraph=0, sentence=0),
        confidence=0.5,
        rule="en.clause",
    )


def speaker(id: str, name: str, kind: str = "person", **fields: Any) -> Speaker:
    return Speaker.model_validate({"id": id, "name": name, "kind": kind, **fields})


def roster_of(*articles: list[Speaker]) -> Roster:
    """A roster of articles with one quote by each of these speakers."""
    roster = Roster()
    for article in articles:
        roster.add([a_quote(one) for one in article])
    return roster


def named(*articles: list[str]) -> list[tuple[tuple[str, ...], int, int]]:
    """Names, quotes and articles of the merged persons."""
    rows = roster_of(*([speaker(f"s{i}", name) for i, name in enumerate(names)] for names in articles)).rows()
    return [(row.names, row.quotes, row.articles) for row in rows]


class TestPersons:
    def test_full_names_that_agree_are_merged(self) -> None:
        assert named(["William Stone"], ["Bill Stone"], ["William J. Stone"], ["Ruth Stone"]) == [
            (("William J. Stone", "William Stone", "Bill Stone"), 3, 3),
            (("Ruth Stone",), 1, 1),
        ]

    def test_surname_is_merged_with_its_only_bearer(self) -> None:
        assert named(["Stone"], ["Ann Lee", "Ann Lee"], ["Ruth Stone"], ["Stone"]) == [
            (("Ruth Stone",), 3, 3),
            (("Ann Lee",), 2, 1),
        ]

    def test_surname_of_two_persons_is_kept_apart(self) -> None:
        assert named(["Stone"], ["Ruth Stone"], ["William Stone"]) == [
            (("Ruth Stone",), 1, 1),
            (("Stone",), 1, 1),
            (("William Stone",), 1, 1),
        ]

    def test_surname_without_a_bearer_has_its_own_row(self) -> None:
        assert named(["Stone"], ["Stone"]) == [(("Stone",), 2, 2)]

    def test_surname_distinguished_in_its_article_is_kept_apart(self) -> None:
        assert named(["Ruth Stone", "Stone"], ["Ruth Stone"], ["Stone"]) == [
            (("Ruth Stone",), 3, 3),
            (("Stone",), 1, 1),
        ]

    def test_initial_of_two_persons_is_kept_apart(self) -> None:
        assert [names for names, _, _ in named(["R. Stone"], ["Ruth Stone"], ["Robert Stone"])] == [
            ("R. Stone",),
            ("Robert Stone",),
            ("Ruth Stone",),
        ]

    def test_forms_of_one_name_need_not_all_agree(self) -> None:
        ((names, quotes, _),) = named(["Bill Stone"], ["W. J. Stone"], ["William Stone"])
        assert (set(names), quotes) == ({"Bill Stone", "W. J. Stone", "William Stone"}, 3)

    def test_country_does_not_link_two_persons(self) -> None:
        others = [speaker("s1", "Ann B. Lee")], [speaker("s1", "Ann C. Lee")]
        assert len(roster_of(*others, [speaker("s1", "Ann Lee", country="US")]).rows()) == 3

    def test_no_middle_name_matches_neither_of_two(self) -> None:
        assert len(named(["Ann B. Lee"], ["Ann C. Lee"], ["Ann Lee"])) == 3

    def test_same_name_is_preferred_to_one_that_agrees(self) -> None:
        countries = [speaker("s1", "Ann Lee", country="US")], [speaker("s1", "Ann B. Lee", country="GB")]
        rows = roster_of(*countries, [speaker("s1", "Ann Lee")]).rows()
        assert [(row.names, row.country, row.quotes) for row in rows] == [
            (("Ann Lee",), "US", 2),
            (("Ann B. Lee",), "GB", 1),
        ]

    def test_no_country_matches_neither_of_two(self) -> None:
        both = [speaker("s1", "Ann Lee", country="US")], [speaker("s1", "Ann Lee", country="GB")]
        assert [row.country for row in roster_of(*both).rows()] == ["GB", "US"]
        assert [row.country for row in roster_of(*both, [speaker("s1", "Ann Lee")]).rows()] == [None, "GB", "US"]
        (row,) = roster_of(both[0], [speaker("s1", "Ann Lee")]).rows()
        assert (row.country, row.quotes) == ("US", 2)

    def test_name_kept_apart_in_one_article_links_no_others(self) -> None:
        known = [speaker("s1", "Ann Stone", known_id="Q1"), speaker("s2", "van Stone", known_id="Q1")]
        rows = roster_of(known, [speaker("s1", "van Stone")]).rows()
        assert [(row.id, row.quotes) for row in rows] == [("Q1", 2), ("", 1)]

    def test_nul_is_removed(self) -> None:
        (row,) = roster_of([speaker("s1", "Ann\0 Lee", role="\0mayor\0"), speaker("s2", "Tom Falk", role="\0")]).rows()[
            :1
        ]
        assert (row.names, row.roles) == (("Ann Lee",), ("mayor",))

    def test_spellings_of_one_name_are_listed_once(self) -> None:
        assert named(["Park Ha-jun"], ["Park Ha Jun"], ["Park Ha-jun"]) == [(("Park Ha-jun",), 3, 3)]

    def test_pronouns_are_skipped(self) -> None:
        assert named(["he"], ["She"], ["—"], ["the 38-year-old"]) == []

    def test_roles_are_sorted_by_articles(self) -> None:
        roles = ["Mayor", "mayor", "Mayor", "judge", *(f"judge of court {i}" for i in range(9)), None, " "]
        (row,) = roster_of(*([speaker("s1", "Ann Lee", role=role)] for role in roles)).rows()
        assert row.roles[0] == "Mayor"
        assert len(row.roles) == MOST_ROLES

    def test_article_is_counted_once(self) -> None:
        ann = speaker("s1", "Ann Lee")
        assert [(row.quotes, row.articles) for row in roster_of([ann, ann, ann], [ann], []).rows()] == [(4, 2)]


class TestOthers:
    def test_bodies_are_merged_by_name_across_kinds(self) -> None:
        bodies = [speaker("s1", "Harbour Council", kind) for kind in ("government", "organization", "government")]
        (row,) = roster_of(*([body] for body in bodies)).rows()
        assert (row.names, row.kind, row.quotes) == (("Harbour Council",), "government", 3)

    def test_ministry_without_a_country_is_kept_apart(self) -> None:
        ministry = [speaker("s1", "Foreign Ministry", "government", country=code) for code in ("EE", None, "EE")]
        assert [(row.country, row.quotes) for row in roster_of(*([one] for one in ministry)).rows()] == [
            ("EE", 2),
            (None, 1),
        ]
        league = [speaker("s1", "Ice League", "organization", country=code) for code in ("EE", None)]
        assert [(row.country, row.quotes) for row in roster_of(*([one] for one in league)).rows()] == [("EE", 2)]

    def test_descriptions_are_skipped(self) -> None:
        assert (
            roster_of(
                [speaker("s1", "the ministry", "government"), speaker("s2", "a UN monitor", "organization")]
            ).rows()
            == []
        )

    def test_person_and_body_of_one_name_are_kept_apart(self) -> None:
        rows = roster_of([speaker("s1", "Falk")], [speaker("s1", "Falk", "organization")]).rows()
        assert sorted(row.kind for row in rows) == ["organization", "person"]

    def test_rows_of_chosen_kinds(self) -> None:
        roster = roster_of(
            [speaker(f"s{i}", f"Name {kind.title()}", kind) for i, kind in enumerate(get_args(SpeakerKind))]
        )
        assert {row.kind for row in roster.rows()} == {"person", "organization", "government"}
        for kind in get_args(SpeakerKind):
            assert [row.kind for row in roster.rows([kind])] == [kind]

    def test_speakers_with_few_quotes_are_skipped(self) -> None:
        roster = roster_of([speaker("s1", "Ann Lee")], [speaker("s1", "Ann Lee"), speaker("s2", "Tom Falk")])
        assert [row.names for row in roster.rows(min_quotes=2)] == [("Ann Lee",)]

    def test_quotes_without_a_speaker_are_not_counted(self) -> None:
        roster = Roster()
        roster.add([a_quote(None)])
        assert roster.rows() == []

    def test_one_known_id_is_one_row_whatever_the_names(self) -> None:
        rows = roster_of(
            [speaker("s1", "Ice League", "organization", known_id="Q1")],
            [speaker("s1", "IL", "organization", known_id="Q1")],
            [speaker("s1", "Ice League", "organization")],
            [speaker("s1", "Ann Lee", known_id="Q2")],
            [speaker("s1", "Ann Lee", known_id="Q3")],
            [speaker("s1", "Ann Lee")],
        ).rows()
        assert [(row.id, row.names, row.quotes) for row in rows] == [
            ("Q1", ("Ice League", "IL"), 3),
            ("", ("Ann Lee",), 1),
            ("Q2", ("Ann Lee",), 1),
            ("Q3", ("Ann Lee",), 1),
        ]


NAMES = st.one_of(
    st.sampled_from(("Ann Lee", "A. Lee", "Lee", "Ann B. Lee", "Tom Lee", "Lee Jr.", "Ice League", "van Lee", "he")),
    st.text(min_size=1),
)
SPEAKERS = st.builds(
    Speaker,
    id=st.sampled_from(("s1", "s2", "s3")),
    name=NAMES,
    kind=st.sampled_from(get_args(SpeakerKind)),
    role=st.none() | st.text() | st.just("minister"),
    country=st.sampled_from((None, "EE", "FI")),
    known_id=st.sampled_from((None, None, "Q1", "Q2")),
)
ARTICLES = st.lists(st.lists(SPEAKERS, max_size=3, unique_by=lambda one: one.id), max_size=6)


def edited(rows: list[Row]) -> list[Row]:
    """What a user makes of a list who fills in every id."""
    return [
        Row(f"Q{i}", row.names, row.roles, row.country, row.quotes, row.articles, row.kind)
        for i, row in enumerate(rows)
    ]


class TestAnyArticles:
    @given(ARTICLES, st.randoms(use_true_random=False))
    def test_order_of_articles_is_irrelevant(self, articles: list[list[Speaker]], shuffler: Any) -> None:
        rows = roster_of(*articles).rows(get_args(SpeakerKind))
        mixed = articles[:]
        shuffler.shuffle(mixed)
        assert roster_of(*mixed).rows(get_args(SpeakerKind)) == rows
        assert [row.quotes for row in rows] == sorted((row.quotes for row in rows), reverse=True)
        assert all(1 <= row.articles <= row.quotes for row in rows)

    @given(ARTICLES)
    def test_written_roster_is_a_valid_list(self, articles: list[list[Speaker]]) -> None:
        rows = roster_of(*articles).rows(get_args(SpeakerKind))
        for written in (rows, edited(rows)):
            with TemporaryDirectory() as folder:
                for name, data in (("a.jsonl", roster_lines(written)), ("a.csv", roster_csv(written))):
                    path = Path(folder, name)
                    path.write_bytes(data)
                    entries = list(KnownSpeakers.read(path))
                    assert [entry.id for entry in entries] == [row.id for row in written if row.id]
                    if name == "a.jsonl" and "\\ud" not in data.decode("utf-8"):
                        assert [entry.names for entry in entries] == [row.names for row in written if row.id]


class TestForms:
    ROW = Row("", ("Ann Lee", "Lee; Ann"), ("Mayor", "Judge"), "EE", 1200, 3, "person")

    def test_csv_opens_in_a_spreadsheet(self) -> None:
        data = roster_csv([self.ROW])
        assert data.startswith(b"\xef\xbb\xbfid,names,")
        header, row = csv.reader(StringIO(data.decode("utf-8-sig")))
        assert tuple(header) == (*COLUMNS, *IGNORED)
        assert row == ["", "Ann Lee;Lee\\; Ann", "Mayor;Judge", "EE", "", "", "person", "", "", "1200", "3", "", "", ""]

    def test_json_lines_have_the_same_fields(self) -> None:
        record = json.loads(roster_lines([self.ROW]))
        assert tuple(record) == (*COLUMNS, *IGNORED)
        assert (record["id"], record["names"], record["from"]) == ("", ["Ann Lee", "Lee; Ann"], None)

    def test_no_rows(self) -> None:
        assert roster_lines([]) == b""
        assert roster_csv([]).decode("utf-8-sig").strip() == ",".join((*COLUMNS, *IGNORED))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "Ann{} Lee{}", "Ann{} Lee", "Ice League {}", "X{1} Lee", "Ann X{1} Lee", "A. X{1} Lee", "X{1} Ann Lee",
        "X{1} van Lee",
    ],
)  # fmt: skip
def test_work_is_linear_in_the_articles(name: str) -> None:
    def collect(n: int) -> None:
        roster = Roster()
        for i in range(n):
            roster.add([a_quote(speaker("s1", name.format(i % 50, i)))])
        roster.rows()

    # Eight times the articles; a quadratic step would show as a factor of 64.
    assert calls(lambda: collect(2000)) < 12 * calls(lambda: collect(250))
