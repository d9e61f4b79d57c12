"""A real article, beside the checkout: eleven attributions, character-exact, and nothing else.

The article itself is not part of the project, so spans stand here as offsets; its checksum says that they fit.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from quotekit import Quote, extract

pytestmark = pytest.mark.model

CHECKSUM = "daffe4d4cbe255bead8ac4d0f74bb3c49edf2603dc0f13592668b43901b102c0"
HEADLINE = 2, 79

KERRY = {"name": "John Kerry", "kind": "person", "role": "U.S. Secretary of State", "country": "US"}
ZAYED = {
    "name": "Abdullah bin Zayed",
    "kind": "person",
    "role": "United Arab Emirates Foreign Minister",
    "country": "AE",
}

# Kind, content, source, cue, verb, speaker; a leading "that" is part of the content.
ROWS: list[tuple[str, tuple[tuple[int, int], ...], tuple[int, int], str, str, dict[str, str]]] = [
    ("indirect", ((190, 345),), (347, 376), "said", "say", KERRY),
    ("indirect", ((470, 529),), (394, 400), "was quick to say", "say", {"name": "Russia", "kind": "government"}),
    ("mixed", ((629, 765),), (618, 623), "said", "say", KERRY),
    ("direct", ((769, 976), (1001, 1057)), (978, 983), "told", "tell", KERRY),
    ("indirect", ((1359, 1466),), (1468, 1482), "say", "say", {"name": "U.S. officials", "kind": "anonymous"}),
    (
        "indirect",
        ((1528, 1613),),
        (1498, 1522),
        "said",
        "say",
        {"name": "a Syrian military source", "kind": "anonymous"},
    ),
    ("mixed", ((1627, 1686),), (1616, 1621), "said", "say", KERRY),
    ("direct", ((1690, 1910),), (1912, 1914), "added", "add", KERRY),
    ("indirect", ((2010, 2090),), (1980, 2004), "said", "say", ZAYED),
    ("indirect", ((2101, 2195),), (2093, 2095), "said", "say", ZAYED),
    ("direct", ((2198, 2255),), (2257, 2259), "added", "add", ZAYED),
]


@pytest.fixture(scope="module")
def article(shared: Path) -> str:
    text = (shared / "seed" / "kerry-2015-09-18.txt").read_text(encoding="utf-8")
    assert sha256(text.encode()).hexdigest() == CHECKSUM, "the offsets below are for another edition of the article"
    return text


@pytest.fixture(scope="module")
def quotes(article: str) -> list[Quote]:
    """What is found below the headline; what that attributes to Kerry may be found besides."""
    found = extract(article)
    headline = [quote for quote in found if quote.position.end <= HEADLINE[1]]
    assert all(quote.speaker and quote.speaker.name == "John Kerry" for quote in headline)
    return found[len(headline) :]


def test_eleven_quotes_and_nothing_else(quotes: list[Quote]) -> None:
    assert [tuple((part.start, part.end) for part in quote.content) for quote in quotes] == [row[1] for row in ROWS]


@pytest.mark.parametrize("i", range(len(ROWS)), ids=[f"row-{i + 1}" for i in range(len(ROWS))])
def test_row(quotes: list[Quote], article: str, i: int) -> None:
    kind, content, source, cue, verb, speaker = ROWS[i]
    # Found by place, so that a row that is missing does not hide the others.
    (quote,) = (quote for quote in quotes if quote.position.start == content[0][0])
    assert tuple((part.start, part.end) for part in quote.content) == content
    assert all(article[part.start : part.end] == part.text for part in quote.content)
    assert quote.source is not None
    assert quote.cue is not None
    assert quote.speaker is not None
    found: dict[str, Any] = quote.speaker.model_dump()
    assert (quote.kind, (quote.source.start, quote.source.end), quote.cue.text, quote.verb) == (kind, source, cue, verb)
    assert {key: found[key] for key in speaker} == speaker
    assert (quote.act, quote.parent) == ("statement", None)


def test_one_speaker_is_one_object(quotes: list[Quote]) -> None:
    speakers = {quote.speaker.name: set() for quote in quotes if quote.speaker}
    for quote in quotes:
        if quote.speaker:
            speakers[quote.speaker.name].add(quote.speaker)
    assert {name: len(found) for name, found in speakers.items()} == dict.fromkeys(speakers, 1)
    assert len(speakers) == 5


def test_a_part_that_runs_on_after_a_blank_line_reads_as_one_line(quotes: list[Quote]) -> None:
    (split,) = (quote for quote in quotes if len(quote.content) == 2)
    assert "\n\n" in split.content[0].text
    assert "\n" not in split.text
    assert split.text.split() == " ".join(part.text for part in split.content).split()
