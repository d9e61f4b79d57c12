"""Paragraphs that are set apart and have no quotation marks: block quotations and embedded posts."""

from __future__ import annotations

import pytest

from quotekit import Extractor

pytestmark = pytest.mark.model

CASES = {
    "blockquote": "Oda Falk wrote in the letter:\n\n<blockquote>\n<p>I have never seen such a lease.</p>\n"
    "<p>The port is closed.</p>\n</blockquote>\n\nRune Teal did not reply.",
    "chevrons": "Oda Falk posted on X:\n\n> I have never seen such a lease.\n>\n> "
    "The port is closed.\n\nRune Teal left.",
    "indented": "Oda Falk said in the letter:\n\n    I have never seen such a lease.\n\n    The port is closed.\n\n"
    "Rune Teal did not reply.",
    "post": "The ferry was late.\n\nI have never seen such a lease.\nThe port is closed.\n\n"
    "— Oda Falk (@odafalk) May 4, 2021\n\nRune Teal did not reply.",
    "post with chevrons": "The ferry was late.\n\n> I have never seen such a lease.\n>\n> The port is closed. "
    "pic.twitter.com/x1\n> — Oda Falk (@odafalk) May 4, 2021\n\nRune Teal did not reply.",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_paragraphs_set_apart_are_one_direct_quote(text: str) -> None:
    (quote,) = Extractor(encoder=False).extract(text)
    assert quote.kind == "direct"
    assert quote.who == "Oda Falk"
    assert [part.text for part in quote.content] == ["I have never seen such a lease.", "The port is closed."]


def test_an_entry_of_a_live_blog_has_sources_of_its_own() -> None:
    text = (
        "Lisk ferry: live\n\n10:40\n\nOda Falk told reporters the ferry would sail again in May.\n\n"
        "10:50\n\n“Nobody was hurt when it left the harbour.”\n\n11:02\n\nThe port is open again."
    )
    quotes = Extractor(encoder=False, min_confidence=0).extract(text)
    assert [quote.who for quote in quotes if "hurt" in quote.text] == ["unknown"]


def test_unclosed_blockquote_is_not_a_quote() -> None:
    text = "Oda Falk wrote in the letter:\n\n<blockquote>\n<p>The port is closed.</p>\n\nRune Teal did not reply."
    assert not [quote for quote in Extractor(encoder=False).extract(text) if "Teal" in quote.text]
