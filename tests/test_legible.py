"""What is not seen in a text is looked through, and every offset still counts in the caller's text."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotekit import Extractor, extract, read
from quotekit.article.legible import legible
from quotekit.corrections.entries import Correction, digest_of

PLAIN = "“The governor will resign,” said Mr. Bo Stone. “It is difficult,” he said on Monday."
HARD = (
    "\ufeff“The gov\u00ader\u00adnor\u00a0will re\u200bsign,”\u202fsaid Mr.\u00a0Bo\u2060 Sto\u00adne. "
    "“It is dif\ufb01cult,” he said on Mon-\nday."
)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("gov\u00adernor", "governor"),
        ("gov\u00ad\r\n ernor", "governor"),
        ("a\u00a0b\u2007c\u202fd", "a b c d"),
        ("\u200b\u2060\ufeff\u202ax", "x"),
        ("Ann\u200d Lee", "Ann Lee"),
        ("It sank.Â\n\nIt was late.Â He left. Â", "It sank.\n\nIt was late. He left. "),
        ("\ufb01nal o\ufb03ce \ufb02ag", "final office flag"),
        ("Mon-\nday", "Monday"),
        ("Mon-  \r\n  day", "Monday"),
        ("Mon\u2010\nday", "Monday"),
        ("mid-\nnight-\nly", "mid-nightly"),
        ("a well-\nknown man", "a well-known man"),
        ("cost-\nly, and costly", "costly, and costly"),
        ("a cost-\neffective way; cost-effective", "a cost-effective way; cost-effective"),
        ("a cost-\nbased way, at a cost, based here", "a cost-based way, at a cost, based here"),
    ],
)
def test_texts_as_they_are_read(text: str, read_as: str) -> None:
    seen = legible(text)
    assert seen is not None
    assert seen.text == read_as


@pytest.mark.parametrize(
    "text",
    ["", "It rained.", "Ann-\nMarie", "it is -\nnot", "2-\nfold", "Mon-\n\nday", "👩\u200d🚀", "Mon-day", "Âme"],
)
def test_texts_that_are_read_as_they_are(text: str) -> None:
    assert legible(text) is None


def test_quotes_are_those_of_the_plain_text() -> None:
    plain, hard = extract(PLAIN), extract(HARD)
    assert [(one.text, one.who, one.kind, one.verb, one.rule) for one in hard] == [
        (one.text, one.who, one.kind, one.verb, one.rule) for one in plain
    ]
    assert hard[0].speaker is not None
    assert hard[0].speaker.name == "Bo Stone"
    for one in hard:
        parts = [*one.content, *filter(None, (one.source, one.cue)), *(one.speaker.mentions if one.speaker else ())]
        assert all(HARD[part.start : part.end] == part.text for part in parts)
    assert hard[0].content[0].text == "The gov\u00ader\u00adnor\u00a0will re\u200bsign,"


def test_paragraphs_are_those_of_the_callers_text() -> None:
    text = "Pier Shut\n\nThe pier is shut,\u00a0Ann Lee\u200b said.\n\nIt rained on Mon-\nday."
    found = read(text)
    assert found.text == text
    assert [text[one.start : one.end] for one in found.paragraphs] == text.split("\n\n")


def test_corrections_are_made_on_the_callers_text() -> None:
    first = extract(HARD)[0].content[0]
    wrong = Correction(
        article="a", digest=digest_of(HARD), fault="no quote", start=first.start, end=first.end, text=first.text
    )
    assert len(Extractor(corrections=[wrong]).extract(HARD)) == len(extract(HARD)) - 1


@given(st.text(alphabet="ab -\n\u00ad\u00a0\u200b\ufb01\u2010", max_size=30))
def test_places_go_forth_and_back(text: str) -> None:
    seen = legible(text)
    if seen is None:
        return
    assert len(seen.text) <= 3 * len(text)
    for at in range(len(seen.text)):
        start, end = seen.to_original((at, at + 1))
        assert 0 <= start < end <= len(text)
        first, last = seen.to_prepared((start, end))
        assert first <= at < max(last, first + 1)
    whole = seen.to_original((0, len(seen.text)))
    assert 0 <= whole[0] <= whole[1] <= len(text)


@pytest.mark.parametrize("piece", ["mon-\nday ", "a\u00a0", "a-  \n", "a\u00ad"])
def test_work_grows_with_the_text(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[int] = []

    def found(text: str) -> list[str]:
        words.append(len(text))
        return []

    monkeypatch.setattr("quotekit.article.legible._WORD", SimpleNamespace(findall=found))
    legible(piece * 2_000)
    assert len(words) <= 1
