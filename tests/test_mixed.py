"""Documents of mixed form: a story is read as a story, and what it announces as turns."""

from __future__ import annotations

import pytest

from quotekit import Extractor

pytestmark = pytest.mark.model

STORY = (
    "Falk defends the ferry\n\nOda Falk, the minister of ports, said on Monday that the ferry would sail in May.\n\n"
    "“We have waited long enough,” she told reporters in Lisk."
)
SPEECH = "Friends, I thank you for coming to Lisk.\n\nWe will buy the ferry. I have said that it is sound."
NEWS = (
    "Fish prices fall\n\nThe price of herring fell last week, the harbour board said.\n\n"
    "“It is the worst April in years,” said Ivo Brandt, who runs a boat out of Orra."
)


@pytest.mark.parametrize(
    "announcement",
    [
        "Read Falk’s full speech below.",
        "The full text of the speech by Oda Falk:",
        "Here is the full text of her speech:",
        "Full remarks from the minister:",
        "Statement by the Minister of Ports, Oda Falk:",
    ],
)
def test_an_announced_speech_is_one_quote_of_whom_the_story_names(announcement: str) -> None:
    quotes = Extractor(encoder=False).extract(f"{STORY}\n\n{announcement}\n\n{SPEECH}\n\n{NEWS}")
    (speech,) = (quote for quote in quotes if quote.turn is not None)
    assert (speech.kind, speech.who) == ("direct", "Oda Falk")
    assert [part.text for part in speech.content] == SPEECH.split("\n\n")
    assert {quote.who for quote in quotes if quote.parent == speech.id} == {"Oda Falk"}
    assert [quote.text for quote in quotes if quote.who == "Ivo Brandt"] == ["It is the worst April in years,"]


def test_blocks_of_the_story_before_a_transcript_are_read() -> None:
    letter = "Oda Falk wrote in a letter to the council:\n\n> I leave the port in good order.\n>\n> I thank you all."
    text = f"{STORY}\n\n{letter}\n\nHere is the full transcript of the debate:\n\nTEAL: I am glad.\n\nVANE: So am I."
    quotes = Extractor(encoder=False).extract(text)
    assert [quote.who for quote in quotes if "in good order" in quote.text] == ["Oda Falk"]
    assert [quote.who for quote in quotes if quote.turn is not None] == ["TEAL", "VANE"]


def test_the_story_behind_a_transcript_has_quotes_of_its_own() -> None:
    turns = "Oda Falk: Thank you all. I have news.\n\nRune Teal: What is it?\n\nOda Falk: I will tell you."
    quotes = Extractor(encoder=False).extract(f"{turns}\n\n{NEWS}")
    assert [quote.who for quote in quotes] == ["Oda Falk", "Rune Teal", "Oda Falk", "the harbour board", "Ivo Brandt"]
    assert not [quote for quote in quotes if quote.parent]
