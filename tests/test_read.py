"""What `read` returns beside the quotes, and that `load` loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

import quotekit
from quotekit import Extractor, Reading

STORY = "Pier Shut\n\nBy Eva Holm\n\nOSLO — The pier is shut, Ann Lee said. “It is rotten,” she added."
BRIEFING = (
    "MS. FALK: The ferry will sail.\n\nQ: When?\n\nMS. FALK: At nine. (Laughter.)\n\nMR. OAKES: From pier two.\n\n"
    "MS. FALK: Thank you. We will see you all tomorrow.\n\nMR. OAKES: Tomorrow at nine."
)

pytestmark = pytest.mark.model


@pytest.mark.parametrize("text", [STORY, BRIEFING, "", "\n\n", "\ud800 no letters"])
def test_extract_returns_the_quotes_of_read(text: str) -> None:
    reading = quotekit.read(text)
    assert reading.text == text
    assert list(reading.quotes) == quotekit.extract(text)
    assert Reading.model_validate_json(reading.model_dump_json()) == reading


@pytest.mark.parametrize("text", [STORY, BRIEFING])
def test_paragraphs_are_in_order_and_hold_the_quotes(text: str) -> None:
    reading = quotekit.read(text)
    ends = [0, *(one.end for one in reading.paragraphs)]
    assert all(before <= one.start < one.end for before, one in zip(ends, reading.paragraphs, strict=False))
    for quote in reading.quotes:
        paragraph = reading.paragraphs[quote.position.paragraph]
        assert paragraph.start <= quote.position.start < paragraph.end


def test_each_speaker_is_listed_once() -> None:
    reading = quotekit.read(STORY)
    assert [speaker.name for speaker in reading.speakers] == ["Ann Lee"]


def test_form_of_a_story_and_of_a_briefing() -> None:
    assert [quotekit.read(text).form for text in (STORY, BRIEFING)] == ["story", "transcript"]


def test_who_is_never_none() -> None:
    unresolved = Extractor(resolve=False).extract(STORY)
    assert [quote.speaker for quote in unresolved] == [None, None]
    assert [quote.who for quote in unresolved] == ["Ann Lee", "she"]


def test_load_loads_the_model_and_the_encoder_before_the_first_text() -> None:
    code = (
        "import sys, quotekit; quotekit.load(); before = set(sys.modules); "
        "quotekit.extract('It works, Ann Lee said.'); "
        "print('spacy' in before, 'onnxruntime' in before, sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True True []\n"
