"""Known speakers: golden cases, properties of any list, and messages for invalid lists."""

from __future__ import annotations

import json
import pickle
import sys
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from counting import calls
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import quotekit
from quotekit import Extractor, KnownSpeaker, KnownSpeakers, KnownSpeakersError
from quotekit.dates import day_of
from quotekit.known.comparing import PersonName, folded, full_names_agree, keys_for, keys_of, name_key, surname_fits
from quotekit.known.entries import COLUMNS, join_cell, split_cell
from quotekit.models import Speaker

Case = dict[str, Any]

CASES: list[Case] = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "known.jsonl").read_text(encoding="utf-8").splitlines()
]
STONE = {"id": "Q1", "names": ["William Stone"], "roles": ["Mayor"], "country": "US"}


def person(name: str, **fields: Any) -> Speaker:
    return Speaker(**{"id": "s1", "name": name, "kind": "person", **fields})


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def id_in(known: list[dict[str, Any]], case: Case) -> str | None:
    return KnownSpeakers(known).id_of(Speaker(id="s1", **case["speaker"]), case["date"])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_golden(case: Case) -> None:
    assert id_in(case["known"], case) == case["known_id"], case["why"]


def test_strangers_in_the_list_change_nothing() -> None:
    strangers = [{"id": "Q99", "names": ["Quillon Xanthe-Marlowe", "Zephyrine Board"], "roles": ["Ferryman"]}]
    changed = [case["id"] for case in CASES if id_in(case["known"] + strangers, case) != case["known_id"]]
    assert changed == []


def test_golden_cases_cover_both_answers() -> None:
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids) >= 90
    assert sum(case["known_id"] is None for case in CASES) >= 30


WORDS = (
    "Ann", "Bill", "William", "Will", "Wen", "W.", "J.", "J.R.", "Lee", "Stone", "Ki-moon", "van", "al-Qadiri", "Jr.",
    "Élan", "He", "UN", "of",
)  # fmt: skip
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
ROLES = st.sampled_from(
    ("minister", "foreign minister", "Estonian foreign minister", "judge", "spokesman for the judge")
)
COUNTRIES = st.sampled_from((None, "EE", "FI"))
DAYS = st.sampled_from((None, "1999-12-31", "2000-01-01", "2010-01-01"))


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    start, end = sorted((draw(DAYS) or "0001-01-01", draw(DAYS) or "9999-12-31"))
    return {
        "id": draw(st.sampled_from(("Q1", "Q2", "Q3"))),
        "names": draw(st.lists(NAMES, min_size=1, max_size=3)),
        "roles": draw(st.lists(ROLES, max_size=2)),
        "country": draw(COUNTRIES),
        "from": None if start == "0001-01-01" else start,
        "until": None if end == "9999-12-31" else end,
    }


SPEAKERS = st.builds(
    Speaker,
    id=st.just("s1"),
    name=st.one_of(NAMES, ROLES.map("the {}".format), st.text(min_size=1)),
    kind=st.sampled_from(("person", "organization", "government", "anonymous", "group", "document", "unknown")),
    role=st.none() | ROLES | st.text(),
    country=COUNTRIES,
)


class TestAnyList:
    @given(st.lists(entries(), max_size=5), SPEAKERS, DAYS, st.randoms(use_true_random=False))
    def test_id_is_independent_of_order_and_allowed_by_the_entry(
        self, drawn: list[dict[str, Any]], speaker: Speaker, day: str | None, shuffler: Any
    ) -> None:
        found = KnownSpeakers(drawn).id_of(speaker, day)
        mixed = drawn[:]
        shuffler.shuffle(mixed)
        assert KnownSpeakers(mixed).id_of(speaker, day) == found
        assert KnownSpeakers(drawn + drawn).id_of(speaker, day) == found
        if found is not None:
            fitting = [KnownSpeaker.model_validate(entry) for entry in drawn if entry["id"] == found]
            assert any(entry.holds(day_of(day)) for entry in fitting)
            assert any(speaker.country is None or entry.country in (None, speaker.country) for entry in fitting) or (
                speaker.kind == "anonymous"
            )

    @given(st.lists(entries(), min_size=1, max_size=4), SPEAKERS, DAYS)
    def test_twins_under_two_ids_are_ambiguous(
        self, drawn: list[dict[str, Any]], speaker: Speaker, day: str | None
    ) -> None:
        twins = [{**entry, "id": f"{entry['id']}-twin"} for entry in drawn]
        assert KnownSpeakers(drawn + twins).id_of(speaker, day) is None

    @given(NAMES, NAMES)
    def test_agreement_of_names_is_symmetric(self, a: str, b: str) -> None:
        first, second = PersonName.of(a), PersonName.of(b)
        assert first is not None
        assert second is not None
        assert full_names_agree(first, second) == full_names_agree(second, first)
        assert full_names_agree(first, first) == (not first.bare)
        assert not (surname_fits(first, second) and surname_fits(second, first))

    @given(NAMES, NAMES)
    def test_names_that_agree_are_found_by_their_keys(self, a: str, b: str) -> None:
        first, second = PersonName.of(a), PersonName.of(b)
        assert first is not None
        assert second is not None
        if full_names_agree(first, second) or surname_fits(first, second):
            assert set(keys_for(first)) & set(keys_of(second))

    @given(st.text())
    def test_any_text_is_accepted_as_a_name(self, text: str) -> None:
        found = PersonName.of(text)
        assert (found is None) == (not any(c.isalnum() for c in text)) or name_key(text) == ""
        assert name_key(name_key(text)) in (name_key(text), name_key(text).removeprefix("the"))

    def test_lookup_does_not_scan_the_list(self) -> None:
        def work(n: int) -> int:
            known = KnownSpeakers(
                {"id": f"Q{i}", "names": [f"Ann Stone{i}"], "roles": [f"Mayor {i}"]} for i in range(n)
            )
            speakers = [person(f"Ann Stone{i}") for i in range(0, n, n // 50)]
            return calls(lambda: [known.id_of(speaker) for speaker in speakers])

        # Twenty times the list; a scan would show as a factor of twenty.
        assert work(2000) < 3 * work(100)


class TestFolding:
    LETTERS = tuple(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c)[0] == "L")

    def test_folding_is_idempotent_for_every_letter(self) -> None:
        # Without the cache, which these letters would fill.
        fold = folded.__wrapped__
        assert [c for c in self.LETTERS if fold(fold(c)) != fold(c)] == []
        assert [c for c in self.LETTERS if not fold(c) and unicodedata.category(c) != "Lm"] == []

    def test_letters_under_a_stroke(self) -> None:
        assert folded("ŁØĐłøđ") == "lodlod"
        assert folded("ƛɿʨᵺ") == "ƛɿʨᵺ"
        assert folded("𝐀nn") == "ann"

    @pytest.mark.parametrize("title", ["Señor", "SEÑORA", "Senor", "Mr.", "Sen."])
    def test_titles_are_not_given_names(self, title: str) -> None:
        assert PersonName.of(f"{title} Lee") == PersonName(given=(), surname="lee", suffix="", bare=True, key="lee")


class TestOneArticle:
    def test_description_without_an_office_has_no_id(self) -> None:
        known = KnownSpeakers([{"id": "Q1", "names": ["Ann Lee"], "roles": ["Estonian"], "country": "EE"}])
        assert known.id_of(Speaker(id="s1", name="the Estonian", kind="anonymous", country="EE")) is None

    def test_surname_beside_its_full_name_has_no_id(self) -> None:
        known = KnownSpeakers([STONE])
        speakers = [person("William Stone"), person("Stone", id="s2"), person("Ann Lee", id="s3")]
        assert known.ids_of(speakers) == ["Q1", None, None]
        assert known.ids_of(speakers[1:]) == ["Q1", None]
        assert known.ids_of([person("Ruth Stone"), speakers[1]]) == [None, None]

    def test_dates_of_all_forms(self) -> None:
        known = KnownSpeakers([{**STONE, "from": date(2010, 1, 1), "until": datetime(2012, 1, 1, 8, 30)}])
        for day in ("2011-06-01", date(2011, 6, 1), datetime(2012, 1, 1, 23, 59)):
            assert known.id_of(person("William Stone"), day) == "Q1"
        assert known.id_of(person("William Stone"), date(2012, 1, 2)) is None
        with pytest.raises(ValueError, match="YYYY-MM-DD"):
            known.id_of(person("William Stone"), "1.6.2011")


class TestKnownSpeaker:
    def test_fields_round_trip_by_their_names_in_files(self) -> None:
        record = {**STONE, "from": "2010-01-01", "until": "2012-12-31"}
        entry = KnownSpeaker.model_validate(record)
        assert entry.model_dump(mode="json", by_alias=True) == record
        assert tuple(record) == COLUMNS
        assert KnownSpeaker.model_validate_json(entry.model_dump_json(by_alias=True)) == entry

    def test_from_has_an_underscore_in_python(self) -> None:
        entry = KnownSpeaker(id="Q1", names=("Ann Lee",), from_=date(2010, 1, 1))
        assert entry.from_ == date(2010, 1, 1)
        assert entry.holds(None)
        assert not entry.holds(date(2009, 12, 31))

    def test_entry_is_frozen_and_rejects_unknown_fields(self) -> None:
        entry = KnownSpeaker(id=" Q1 ", names=(" Ann Lee ",), country="ee")
        assert (entry.id, entry.names, entry.country) == ("Q1", ("Ann Lee",), "EE")
        with pytest.raises(ValidationError):
            entry.id = "Q2"  # type: ignore[misc]
        with pytest.raises(ValidationError, match="party"):
            KnownSpeaker(id="Q1", names=("Ann Lee",), party="none")  # type: ignore[call-arg]

    def test_one_text_is_not_a_list_of_names(self) -> None:
        with pytest.raises(ValidationError, match="must be a list of texts, not one text: put it in brackets"):
            KnownSpeaker(id="Q1", names="Ann Lee")


class TestReading:
    JSON = (
        '{"id": "Q1", "names": ["William Stone", "W. Stone"], "roles": ["Mayor"], "country": "US", '
        '"until": "2012-12-31"}\n'
    )
    CSV = "id,names,roles,country,from,until\nQ1,William Stone;W. Stone,Mayor,US,,2012-12-31\n"

    def test_both_formats_give_the_same_entries(self, tmp_path: Path) -> None:
        by_json = KnownSpeakers.read(write(tmp_path, "a.jsonl", self.JSON))
        by_csv = KnownSpeakers.read(str(write(tmp_path, "a.csv", self.CSV)))
        assert list(by_json) == list(by_csv) == [KnownSpeaker.model_validate_json(self.JSON)]

    @pytest.mark.parametrize("name", ["a.jsonl", "a.NDJSON", "a.csv", "a.CSV"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_byte_order_marks_line_ends_and_empty_lines(self, tmp_path: Path, name: str, end: str) -> None:
        lines = self.CSV if name.lower().endswith("csv") else self.JSON
        content = b"\xef\xbb\xbf" + (f"\n{lines}\n\n").replace("\n", end).encode()
        assert len(KnownSpeakers.read(write(tmp_path, name, content))) == 1

    @pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
    def test_empty_file_has_no_entries(self, tmp_path: Path, name: str) -> None:
        assert list(KnownSpeakers.read(write(tmp_path, name, ""))) == []

    def test_lines_without_an_id_are_skipped_even_if_invalid(self, tmp_path: Path) -> None:
        text = "id,names,country,quotes,articles,kind\n,Ann Lee,Estonia,3,2,person\n  ,,,1,,\nQ1,Tom Lee,,9,9,person\n"
        assert [entry.id for entry in KnownSpeakers.read(write(tmp_path, "a.csv", text))] == ["Q1"]
        lines = '{"id": "", "names": []}\n{"id": null, "names": 7}\n{"id": "Q1", "names": ["Tom Lee"], "kind": ""}'
        assert [entry.id for entry in KnownSpeakers.read(write(tmp_path, "a.jsonl", lines))] == ["Q1"]

    def test_columns_in_any_order_and_short_rows(self, tmp_path: Path) -> None:
        text = 'Names, ID ,until,,\nAnn Lee,Q1\n"Lee, Tom",Q2,2012-12-31,,\n'
        entries = list(KnownSpeakers.read(write(tmp_path, "a.csv", text)))
        assert [(entry.id, entry.names, entry.until) for entry in entries] == [
            ("Q1", ("Ann Lee",), None),
            ("Q2", ("Lee, Tom",), date(2012, 12, 31)),
        ]

    def test_line_separator_inside_a_json_text(self, tmp_path: Path) -> None:
        path = write(tmp_path, "a.jsonl", '{"id": "Q1", "names": ["Ann\u2028Lee"]}\n')
        assert len(KnownSpeakers.read(path)) == 1

    def test_iterables_of_dicts_and_objects(self) -> None:
        entry = KnownSpeaker.model_validate(STONE)
        mixed = KnownSpeakers.of(
            item for item in (entry, {"id": "Q2", "names": ("Ann Lee",), "roles": None}, {"id": ""})
        )
        assert [known.id for known in mixed] == ["Q1", "Q2"]
        assert KnownSpeakers.of(mixed) is mixed
        assert repr(mixed) == "<KnownSpeakers: 2>"

    @given(st.lists(st.text(min_size=1).map(str.strip).filter(bool), max_size=4))
    def test_list_in_a_cell_round_trips(self, texts: list[str]) -> None:
        assert split_cell(join_cell(texts)) == texts


def test_docs_page_shows_its_example_file() -> None:
    docs = Path(__file__).parents[1] / "docs"
    shown = (docs / "known-speakers.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    assert shown == (docs / "known-speakers.csv").read_text("utf-8")


GOOD = '{"id": "Q1", "names": ["Ann Lee"]}\n'
HEADER = "id,names,roles,country,from,until\n"

FAULTS = [
    ("a.jsonl", GOOD + "{", r"a.jsonl, line 2: must be one JSON object \(.*column 2\). Write one speaker on each line"),
    ("a.jsonl", "\n[1]", "line 2: must be one JSON object, not list. Write one speaker in braces on each line"),
    ("a.jsonl", "9" * 5000, "line 1: must be one JSON object"),
    ("a.jsonl", "[" * 100_000, "line 1: must be one JSON object"),
    ("a.jsonl", '{"id": "Q1", "id": "Q2"}', "line 1, field 'id': is given twice"),
    ("a.jsonl", '{"names": ["Ann Lee"]}', "line 1, field 'id': must be a text, and is missing. Write the id"),
    ("a.jsonl", '{"id": 42, "names": ["Ann Lee"]}', "field 'id': must be a text, not 42. .*in quotation marks"),
    ("a.jsonl", '{"id": "Q1"}', "field 'names': must be one name or more.*and is missing"),
    ("a.jsonl", '{"id": "Q1", "names": []}', r"field 'names': must be one name or more.*not \[\]"),
    ("a.jsonl", '{"id": "Q1", "names": ["-"]}', "field 'names': must be one name or more, each with a letter"),
    ("a.jsonl", '{"id": "Q1", "names": "Ann Lee"}', r"field 'names': .*not 'Ann Lee'. In JSON Lines write \[\"Ann Lee"),
    ("a.jsonl", '{"id": "Q1", "names": [7]}', "field 'names'"),
    ("a.jsonl", GOOD[:-2] + ', "roles": [""]}', "field 'roles': must be a list of texts, none of them empty"),
    ("a.jsonl", GOOD[:-2] + ', "country": "UK"}', "field 'country': must be an ISO 3166-1 .*not 'UK'. Write GB"),
    ("a.jsonl", GOOD[:-2] + ', "country": "Estonia"}', "not 'Estonia'. Write EE"),
    ("a.jsonl", GOOD[:-2] + ', "country": "ZZ"}', "not 'ZZ'. Write the two letters, such as FR"),
    ("a.jsonl", GOOD[:-2] + ', "country": 7}', "field 'country'.*not 7"),
    ("a.jsonl", GOOD[:-2] + ', "from": "2015"}', "field 'from': must be a day as YYYY-MM-DD, not '2015'. Write"),
    ("a.jsonl", GOOD[:-2] + ', "from": 2015}', "field 'from': must be a day.*not 2015. Write it like 2014-03-31"),
    ("a.jsonl", GOOD[:-2] + ', "until": "2015-02-30"}', "field 'until': must be a day.*not '2015-02-30'"),
    ("a.jsonl", GOOD[:-2] + ', "from": "2015-01-02", "until": "2015-01-01"}',
     "field 'from': must not be after 'until', 2015-01-02 is after 2015-01-01. Correct one"),
    ("a.jsonl", GOOD[:-2] + ', "form": "2015-01-02"}', "'form': must be one of id, .*until. Did you mean 'from'"),
    ("a.jsonl", GOOD[:-2] + ', "xyz": 1}', "field 'xyz': must be one of id, names, .*, until. Leave it out."),
    ("a.jsonl", '{"id": "Q1", "names": ["Ann\\u0000Lee"]}', "1, field 'names': must be text without NUL.*Take"),
    ("a.jsonl", '{"id": "Q1\\u0000", "names": ["Ann Lee"]}', "line 1, field 'id': must be text without NUL"),
    ("a.jsonl", GOOD[:-2] + ', "roles": ["a\\u0000"]}', "line 1, field 'roles': must be text without NUL"),
    ("a.csv", "id,names\n\nQ1,Ann\0Lee\n", "a.csv, line 3: must be text without NUL characters. Take them out"),
    ("a.csv", "names,roles\nAnn Lee,\n", "a.csv, line 1: must be a header with the column 'id'.*Begin with: id,names"),
    ("a.csv", "id,roles\nQ1,\n", "line 1: must be a header with the column 'names'"),
    ("a.csv", "id,names,id\n", "line 1, column 'id': is given twice"),
    ("a.csv", "id,name\n", "line 1, column 'name': must be one of .*Did you mean 'names'"),
    ("a.csv", "id;names;roles\n", "line 1: columns must be separated by commas, not by semicolons"),
    ("a.csv", "id\tnames\n", "not by tabs"),
    ("a.csv", HEADER + "Q1,Ann Lee,,,,,x\n", "line 2: must have 6 cells as the header has, not 7"),
    ("a.csv", HEADER + '\nQ1,"Ann\nLee",,Mordor,,\n', "line 3, field 'country': .*not 'Mordor'"),
    ("a.csv", HEADER + 'Q1,"Ann\nLee",,,,\nQ2,Ann Lee,,,x,\n', "line 4, field 'from': .*not 'x'"),
    ("a.csv", HEADER + 'Q1,"Ann Lee\n', r"line 2: must be CSV \(.*\). Write a quotation mark inside a cell twice"),
    ("a.csv", HEADER + "Q1,,,,,\n", "line 2, field 'names': must be one name or more"),
    ("a.csv", HEADER + "Q1,Ann Lee,,,31.3.2014,\n", "field 'from': .*not '31.3.2014'. Write it like 2014-03-31"),
    ("a.csv", b"id,names\nQ1,Zo\xeb\n", r"a.csv: not UTF-8 text \(byte 0xeb at 14\). Save it as UTF-8"),
    ("a.xlsx", b"PK", "a.xlsx: a list of known speakers is a .jsonl or .csv file. Save it as one of these"),
    ("a.csv", "id\tnames\n".encode("utf-16"), "must be UTF-8 text, not UTF-16, .* Unicode text. Save it as UTF-8"),
    ("a.csv", "id,names\n".encode("utf-16-le"), "must be UTF-8 text, not UTF-16"),
    ("a.jsonl", GOOD.encode("utf-16-be"), "must be UTF-8 text, not UTF-16"),
    ("a.json", "[]", "a.json: a list .* is a .jsonl or .csv file. Write one object on each line of a .jsonl file"),
]  # fmt: skip


class TestFaults:
    @pytest.mark.parametrize(("name", "content", "message"), FAULTS)
    def test_fault_is_reported_with_its_place(
        self, tmp_path: Path, name: str, content: str | bytes, message: str
    ) -> None:
        path = write(tmp_path, name, content)
        with pytest.raises(KnownSpeakersError, match=message) as caught:
            Extractor(known_speakers=path)
        assert str(caught.value).startswith(str(path))
        assert "\n" not in str(caught.value)

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(KnownSpeakersError, match=r"none\.csv: no such file or directory\. Check the spelling"):
            KnownSpeakers.read(tmp_path / "none.csv")

    def test_folder_is_rejected(self, tmp_path: Path) -> None:
        folder = tmp_path / "lists.csv"
        folder.mkdir()
        for path in (tmp_path, folder):
            with pytest.raises(KnownSpeakersError, match="must be a file, not a folder"):
                KnownSpeakers.read(path)

    def test_invalid_path(self) -> None:
        with pytest.raises(KnownSpeakersError, match=r"null (byte|character).*Check the spelling"):
            KnownSpeakers.read("a\0.csv")

    @pytest.mark.parametrize("source", [7, b"a.csv", STONE])
    def test_wrong_type_of_list(self, source: Any) -> None:
        accepted = "known_speakers must be a path, KnownSpeakers, or an iterable of KnownSpeaker or dicts, not "
        remedy = "; put a single speaker in a list" if source is STONE else ""
        with pytest.raises(TypeError, match=f"^{accepted}{type(source).__name__}{remedy}$"):
            Extractor(known_speakers=source)

    @pytest.mark.parametrize("path", ["known.csv", Path("known.csv")])
    def test_constructor_rejects_paths(self, path: Any) -> None:
        message = rf"must be an iterable of KnownSpeaker or dicts, not {type(path).__name__}; KnownSpeakers\.read takes"
        with pytest.raises(TypeError, match=message):
            KnownSpeakers(path)

    def test_invalid_item(self) -> None:
        with pytest.raises(TypeError, match=r"item 1 \(from 0\) must be a dict or a KnownSpeaker, not str"):
            KnownSpeakers([STONE, "Ann Lee"])  # type: ignore[list-item]
        with pytest.raises(KnownSpeakersError, match=r"known_speakers: item 1 \(from 0\), field 'names'"):
            KnownSpeakers([STONE, {"id": "Q2"}])


@pytest.mark.model
class TestExtractor:
    TEXT = (
        "“The pier is safe,” said Bill Stone, the mayor. Ann Lee disagreed. Ann Lee said that it was not. "
        "Stone said it would last."
    )
    LATER: Mapping[str, Any] = {**STONE, "from": "2015-01-01"}

    @staticmethod
    def ids(quotes: list[quotekit.Quote]) -> set[tuple[str, str | None]]:
        return {(quote.speaker.name, quote.speaker.known_id) for quote in quotes if quote.speaker}

    def test_known_speakers_get_their_id(self) -> None:
        found = Extractor(known_speakers=[STONE]).extract(self.TEXT)
        assert self.ids(found) == {("Bill Stone", "Q1"), ("Ann Lee", None)}
        assert self.ids(Extractor().extract(self.TEXT)) == {("Bill Stone", None), ("Ann Lee", None)}

    def test_known_speakers_change_nothing_else(self) -> None:
        def bare(quotes: list[quotekit.Quote]) -> list[dict[str, Any]]:
            return [quote.model_dump(exclude={"speaker": {"known_id"}}) for quote in quotes]

        assert bare(Extractor(known_speakers=[STONE]).extract(self.TEXT)) == bare(Extractor().extract(self.TEXT))

    def test_date_selects_valid_entries(self) -> None:
        extractor = Extractor(known_speakers=[self.LATER])
        assert ("Bill Stone", "Q1") in self.ids(extractor.extract(self.TEXT))
        assert ("Bill Stone", "Q1") in self.ids(extractor.extract(self.TEXT, date=date(2015, 9, 18)))
        assert ("Bill Stone", None) in self.ids(extractor.extract(self.TEXT, date="2014-12-31"))

    def test_no_ids_without_resolution(self) -> None:
        quotes = Extractor(known_speakers=[STONE], resolve=False).extract(self.TEXT)
        assert {quote.speaker for quote in quotes} == {None}

    @pytest.mark.parametrize(("day", "expected"), [("2014-12-31", None), ("2015-09-18", "Q1"), (None, "Q1")])
    def test_pipe_with_one_date(self, day: str | None, expected: str | None) -> None:
        (quotes,) = Extractor(known_speakers=[self.LATER]).pipe([self.TEXT], date=day)
        assert ("Bill Stone", expected) in self.ids(quotes)

    @pytest.mark.parametrize("n_process", [1, 2])
    def test_pipe_with_a_date_for_each(self, n_process: int) -> None:
        extractor = Extractor(known_speakers=[self.LATER])
        one, other = "2014-12-31", "2015-09-18"
        pairs = [(self.TEXT, {"day": one}), (self.TEXT, {"day": other})]
        dated = extractor.pipe(pairs, n_process=n_process, as_tuples=True, date=lambda meta: meta["day"])
        assert [(meta["day"], dict(self.ids(quotes))["Bill Stone"]) for quotes, meta in dated] == [
            (one, None),
            (other, "Q1"),
        ]

    def test_invalid_date_is_raised_at_its_item(self) -> None:
        pairs = [(self.TEXT, "2015-09-18"), (self.TEXT, "yesterday")]
        results = Extractor(known_speakers=[STONE]).pipe(pairs, as_tuples=True, date=str)
        assert next(results)[1] == "2015-09-18"
        with pytest.raises(ValueError, match=r"date of item 1 \(from 0\): .* not 'yesterday'"):
            next(results)
        with pytest.raises(TypeError, match=r"date of item 0 \(from 0\): .* not int"):
            next(Extractor().pipe([("It rained.", 7)], as_tuples=True, date=lambda n: n))

    def test_list_survives_pickling(self, tmp_path: Path) -> None:
        path = write(tmp_path, "known.jsonl", json.dumps(STONE))
        extractor = Extractor(known_speakers=path)
        path.unlink()
        again = pickle.loads(pickle.dumps(extractor))
        assert self.ids(again.extract(self.TEXT)) == self.ids(extractor.extract(self.TEXT))
        assert ("Bill Stone", "Q1") in self.ids(again.extract(self.TEXT))

    def test_component_accepts_a_path(self, tmp_path: Path) -> None:
        import spacy

        from quotekit.article.spacy_model import load_model

        path = write(tmp_path, "known.jsonl", json.dumps(STONE))
        component = spacy.blank("en").add_pipe("quotekit", config={"known_speakers": str(path)})
        model = spacy.load(Path(str(load_model().path)), exclude=["ner", "senter"])
        assert ("Bill Stone", "Q1") in self.ids(component(model(self.TEXT))._.quotes)

    def test_speaker_ids_have_no_gaps(self) -> None:
        # Ann Lee believes, which is left out by default.
        text = "Ann Lee believes that the pier is safe. Tom Brandt said that it was not."
        assert [(q.speaker.id, q.speaker.name) for q in Extractor(attitudes=True).extract(text) if q.speaker] == [
            ("s1", "Ann Lee"),
            ("s2", "Tom Brandt"),
        ]
        assert [(q.speaker.id, q.speaker.name) for q in Extractor().extract(text) if q.speaker] == [
            ("s1", "Tom Brandt")
        ]
