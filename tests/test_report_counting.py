"""The figures of many articles are those that plain loops over the quotes come to."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import quote, results, speaker

from quotekit.batch.records import Result
from quotekit.known.roster import NAMED, Roster
from quotekit.models import Speaker
from quotekit.report.counting import KINDS, QUOTE_KINDS, Counting, Figures, start_of
from quotekit.report.shares import SORTS


def article(*speakers: Speaker | None, day: date | None = None, **more: Any) -> Result:
    """An article in which each of these says one thing; who is there twice has one id."""
    ids = {one.name: f"s{i}" for i, one in enumerate(speakers) if one}
    found = [
        quote(f"It is {i}.", one and one.model_copy(update={"id": ids[one.name]}), id=f"q{i + 1}", **more)
        for i, one in enumerate(speakers)
    ]
    return Result("a", found, date=day)


def count(articles: Iterable[Result]) -> Figures:
    counting = Counting()
    for one in articles:
        counting.add(one)
    return counting.figures()


def names(figures: Figures) -> list[tuple[str, int, int]]:
    return [(one.row.names[0], one.row.quotes, one.row.articles) for one in figures.speakers]


LEE, SURNAME, BO = speaker("Ann Lee"), speaker("Lee"), speaker("Bo Stone")
HE, MINISTRY = speaker("He"), speaker("the ministry", "government")
DIPLOMAT, REPORT = speaker("a diplomat", "anonymous"), speaker("the report", "document")


@pytest.mark.parametrize(
    ("articles", "wanted"),
    [
        ([], []),
        ([article()], []),
        ([article(LEE, LEE), article(LEE)], [("Ann Lee", 3, 2)]),
        # A surname alone is the one person who has it.
        ([article(LEE), article(SURNAME)], [("Ann Lee", 2, 2)]),
        ([article(LEE), article(BO, BO)], [("Bo Stone", 2, 1), ("Ann Lee", 1, 1)]),
        # Equal figures: by name.
        ([article(BO, LEE)], [("Ann Lee", 1, 1), ("Bo Stone", 1, 1)]),
        # Who has no name is nobody whom one could count across articles.
        ([article(HE, MINISTRY, DIPLOMAT, REPORT, None)], []),
        # Somebody in a list of known speakers is known, whatever they are called.
        ([article(speaker("a diplomat", "anonymous", known_id="D1"))], [("a diplomat", 1, 1)]),
    ],
)
def test_speakers_are_counted_across_articles(articles: list[Result], wanted: list[tuple[str, int, int]]) -> None:
    assert names(count(articles)) == wanted


@pytest.mark.parametrize(
    ("who", "naming"),
    [
        (LEE, "named"),
        (speaker("Open Granary", "organization"), "named"),
        (speaker("Kestria", "government"), "named"),
        (HE, "unnamed"),
        (MINISTRY, "unnamed"),
        (DIPLOMAT, "unnamed"),
        (speaker("residents", "group"), "unnamed"),
        (speaker("it", "unknown"), "unnamed"),
        (REPORT, "document"),
        (speaker("the report", "document", known_id="R1"), "named"),
        (None, "none"),
    ],
)
def test_named_and_unnamed_sources(who: Speaker | None, naming: str) -> None:
    counting = Counting()
    (placed,) = counting.add(article(who))
    assert placed.naming == naming
    assert [(one.value, one.quotes) for one in counting.figures().shares.namings] == [(naming, 1)]


@pytest.mark.parametrize(
    ("days", "unit", "starts"),
    [
        (["2024-02-28", "2024-03-01"], "day", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        (["2024-05-04"], "day", ["2024-05-04"]),
        (["2024-01-01", "2024-02-14"], "day", 45),
        (["2024-01-01", "2024-02-15"], "week", 7),
        (["2023-12-31", "2024-02-15"], "week", ["2023-12-25", "2024-01-01", "2024-01-08", "2024-01-15",
                                                "2024-01-22", "2024-01-29", "2024-02-05", "2024-02-12"]),
        (["2023-12-31", "2024-12-31"], "month", 13),
        (["2015-06-30", "2024-01-01"], "year", [f"{year}-01-01" for year in range(2015, 2025)]),
        (["0001-01-01", "9999-12-31"], "year", 9999),
        (["9999-12-30", "9999-12-31"], "day", ["9999-12-30", "9999-12-31"]),
    ],
)  # fmt: skip
def test_unit_of_time_depends_on_the_range(days: list[str], unit: str, starts: int | list[str]) -> None:
    figures = count([article(LEE, DIPLOMAT, day=date.fromisoformat(day)) for day in days])
    told = [one.start.isoformat() for one in figures.timeline.periods]
    assert figures.timeline.unit == unit
    assert len(told) == starts if isinstance(starts, int) else told == starts
    periods = figures.timeline.periods
    assert [figures.timeline.first, figures.timeline.last] == [
        date.fromisoformat(days[0]),
        date.fromisoformat(days[-1]),
    ]
    assert sum(one.articles for one in periods) == len(days)
    assert [sum(getattr(one, name) for one in periods) for name in ("quotes", "named", "unnamed")] == [
        2 * len(days), len(days), len(days),
    ]  # fmt: skip


def test_undated_articles_are_counted_separately() -> None:
    figures = count([article(LEE), article(LEE, day=date(2024, 5, 4))])
    assert figures.timeline.undated == 1
    assert [one.quotes for one in figures.timeline.periods] == [1]
    assert count([article(LEE)]).timeline.periods == ()


def test_verbs_have_their_speakers() -> None:
    articles = [article(LEE, LEE, BO, DIPLOMAT, None, verb="warn"), article(BO, verb="add"), article(LEE)]
    figures = count(articles)
    assert [(one.verb, one.quotes) for one in figures.verbs] == [("warn", 5), ("add", 1)]
    warn = figures.verbs[0]
    assert {kind: n for kind, n in zip(KINDS, warn.kinds, strict=True) if n} == {"person": 3, "anonymous": 1}
    assert [(figures.speakers[i].row.names[0], n) for i, n in warn.speakers] == [("Ann Lee", 2), ("Bo Stone", 1)]


def test_memory_per_article_is_a_few_bytes() -> None:
    (one,) = results(1, 10, texts=False)
    counting = Counting()
    counting.add(one)
    tracemalloc.start()
    for _ in range(3000):
        counting.add(one)
    grown = tracemalloc.get_traced_memory()[0] / 3000
    tracemalloc.stop()
    assert grown < 100
    assert {row.row.articles for row in counting.figures().speakers} == {3001}


def check(articles: Sequence[Result], figures: Figures) -> None:
    """``figures`` are those of plain loops."""
    quotes = [quote for one in articles for quote in one.quotes]
    verbs = Counter(found.verb for found in quotes if found.verb is not None)
    assert (figures.articles, figures.quotes) == (len(articles), len(quotes))
    assert figures.silent == sum(not one.quotes for one in articles)
    assert {one.verb: one.quotes for one in figures.verbs} == verbs
    assert figures.kinds_of_quotes == tuple(sum(one.kind == kind for one in quotes) for kind in QUOTE_KINDS)
    for table in (figures.shares.kinds, figures.shares.countries, figures.verbs):
        assert [one.quotes for one in table] == sorted((one.quotes for one in table), reverse=True)
    named = Counter({one.value: one.quotes for one in figures.shares.namings})
    assert named.total() == len(quotes)
    assert named["none"] == sum(one.speaker is None for one in quotes)
    assert named["named"] == sum(one.row.quotes for one in figures.speakers)
    for one in figures.speakers:
        assert sum(one.kinds) == one.row.quotes
    check_shares(articles, figures)


def check_shares(articles: Sequence[Result], figures: Figures) -> None:
    """Shares are those of plain loops, and their parts add up to the whole."""
    shares = figures.shares
    of: dict[str, Any] = {"kinds": "kind", "countries": "country", "offices": "office", "genders": "gender"}
    for name, field in of.items():
        wanted: Counter[str | None] = Counter()
        in_articles: Counter[str | None] = Counter()
        for result in articles:
            values = [one.speaker and getattr(one.speaker, field) for one in result.quotes]
            wanted.update(values)
            in_articles.update(set(values))
        assert {one.value: one.quotes for one in getattr(shares, name)} == wanted
        assert {one.value: one.articles for one in getattr(shares, name)} == in_articles
    for parts in (shares.outlets, shares.months):
        assert sum(one.articles for one in parts) == figures.articles
        assert sum(one.quotes for one in parts) == figures.quotes
        for i, sort in enumerate(SORTS):
            assert {one.sorts[i].value for one in parts} <= {sort}
        women = sum(one.sorts[list(SORTS).index("female")].quotes for one in parts)
        assert women == sum(one.quotes for one in shares.genders if one.value == "female")


def test_rates_per_outlet_count_articles_without_quotes() -> None:
    echo, herald = {"outlet": "Brill Echo"}, {"outlet": "Herald"}
    woman = speaker("Ann Lee", gender="female", office="minister", country="EE")
    said = [quote("It is shut", woman), quote("No", woman, id="q2"), quote("Yes", DIPLOMAT, id="q3")]
    articles = [
        Result("a", said, date(2026, 1, 31), about=echo, words=10),
        Result("b", [], date(2026, 2, 1), about=echo, words=5),
        Result("c", [], about=herald),
        Result("d", [], words=3),
    ]
    shares = count(articles).shares
    assert [(one.value, one.articles, one.quotes, one.words) for one in shares.outlets] == [
        ("Brill Echo", 2, 3, 15), ("Herald", 1, 0, None), (None, 1, 0, 3),
    ]  # fmt: skip
    assert [(one.value, one.quotes, one.articles) for one in shares.outlets[0].sorts] == [
        ("named", 2, 1), ("unnamed", 1, 1), ("female", 2, 1), ("male", 0, 0), ("government", 0, 0),
    ]  # fmt: skip
    assert [(one.value, one.articles) for one in shares.months] == [("2026-01", 1), ("2026-02", 1), (None, 2)]
    assert [(one.value, one.quotes, one.articles) for one in shares.offices] == [("minister", 2, 1), (None, 1, 1)]


def test_statistics_equal_those_of_plain_loops() -> None:
    articles = list(results(60, 12))
    figures = count(articles)
    check(articles, figures)
    roster = Roster()
    for one in articles:
        roster.add(one.quotes, one.date)
    assert [one.row for one in figures.speakers] == roster.rows(NAMED)


@st.composite
def _articles(draw: st.DrawFn) -> list[Result]:
    people = st.builds(
        speaker,
        st.sampled_from(["Ann Lee", "Lee", "He", "the ministry", "Ice Ministry", "a diplomat", "", "\x00", "Bo Stone"]),
        st.sampled_from(KINDS),
        country=st.sampled_from(["EE", "QQ", None]),
        known_id=st.sampled_from([None, None, None, "K1"]),
    )
    said = st.tuples(st.none() | people, st.sampled_from(["say", "warn", None]), st.sampled_from(QUOTE_KINDS))
    articles = []
    for many in draw(st.lists(st.lists(said, max_size=4), max_size=4)):
        found = [
            quote("It rains.", who and who.model_copy(update={"id": f"s{i}"}), id=f"q{i}", verb=verb, kind=kind)
            for i, (who, verb, kind) in enumerate(many)
        ]
        articles.append(Result("a", found))
    return articles


@given(_articles())
@settings(max_examples=150)
def test_any_quotes_can_be_counted(articles: list[Result]) -> None:
    counting = Counting()
    placed = [one for result in articles for one in counting.add(result)]
    figures, places = counting.figures(), counting.places()
    check(articles, figures)
    counted = Counter(places[one.number] for one in placed if one.number is not None)
    assert [counted[i] for i in range(len(figures.speakers))] == [one.row.quotes for one in figures.speakers]


@given(st.dates(), st.sampled_from(["day", "week", "month", "year"]))
def test_period_starts_on_or_before_its_days(day: date, unit: Any) -> None:
    start = start_of(day, unit)
    assert start <= day
    assert start_of(start, unit) == start
