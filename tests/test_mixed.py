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
        "Text of a speech by the minister of ports at the harbour:",
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


BLOG = (
    "Ferry strike: live\n\n"
    "{}\n\nOda Falk, the minister of ports, spoke. “We will talk all night,” she told reporters.\n\n"
    "{}\n\n“Nobody was hurt when the pier gave way.”\n\n"
    "{}\n\nTeal: When will it sail, minister?\n\nFalk: In May. I have told you so.\n\n"
    "{}\n\nThe council said it would meet."
)


@pytest.mark.parametrize(
    "stamps",
    [
        ("10:02", "10:15", "10:40", "11:02"),
        ("3.45pm", "3.31pm", "3.10pm", "2.58pm"),
        ("12 minutes ago", "45 minutes ago", "1 hour ago", "2 hours ago"),
        ("Posted at 10:32 10:32", "Posted at 10:21 10:21", "Posted at 10:05 10:05", "Posted at 9:32 9:32"),
        ("Mon 4 May 2026 16.05 BST", "15.40 BST", "15.10 BST", "14.50 BST"),
        (
            "8:02 a.m. ET, May 4, 2026",
            "7:40 a.m. ET, May 4, 2026",
            "7:15 a.m. ET, May 4, 2026",
            "6 a.m. ET, May 4, 2026",
        ),
    ],
)
def test_each_entry_of_a_live_blog_is_read_by_itself(stamps: tuple[str, ...]) -> None:
    reading = Extractor().read(BLOG.format(*stamps))
    assert reading.form == "live blog"
    said = [(quote.who, quote.turn, quote.text) for quote in reading.quotes]
    assert ("Oda Falk", None, "We will talk all night,") in said
    assert ("unknown", None, "Nobody was hurt when the pier gave way.") in said
    assert [(who, text) for who, turn, text in said if turn is not None] == [
        ("Teal", "When will it sail, minister?"),
        ("Oda Falk", "In May. I have told you so."),
    ]
    assert ("The council", None, "it would meet") in said


def test_what_is_said_below_a_colon_is_said_without_the_words_before_it() -> None:
    text = "Lisk\n\nHere's what Oda Falk, the minister, said:\n\nI have asked both sides to come. We will not leave."
    quotes = Extractor(encoder=False).extract(text)
    assert [(quote.who, quote.text) for quote in quotes if quote.parent is None] == [
        ("Oda Falk", "I have asked both sides to come. We will not leave.")
    ]


def test_we_of_a_joint_statement_are_its_parties() -> None:
    heading = "Joint Statement by Kestria and Moravia on the Railway\n\nLisk, 14 May"
    (quote,) = Extractor(encoder=False).extract(f"{heading}\n\nWe reaffirm our commitment to the line.")
    assert (quote.text, quote.who) == ("our commitment to the line", "Kestria and Moravia")
