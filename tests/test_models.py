"""The types: what they accept, that they stay as they are, and the arithmetic of spans."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from quotekit.models import Position, Quote, Speaker, SpeakerMention, TextSpan, hull, inside, overlap, strip

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair)))


def quote(**changes: Any) -> Quote:
    """A quote of “It works,” said Ann Lee. with every field set."""
    fields: dict[str, Any] = {
        "id": "q1",
        "kind": "direct",
        "act": "statement",
        "text": "It works,",
        "content": (TextSpan(start=1, end=10, text="It works,"),),
        "speaker": Speaker(
            id="s1",
            name="Ann Lee",
            kind="person",
            role="chief engineer",
            country="NO",
            mentions=(SpeakerMention(start=17, end=24, text="Ann Lee", rule="speaker.name.full"),),
            known_id="Q1",
        ),
        "source": TextSpan(start=17, end=24, text="Ann Lee"),
        "verb": "say",
        "cue": TextSpan(start=12, end=16, text="said"),
        "position": Position(start=1, end=10, paragraph=0, sentence=0),
        "parent": None,
        "confidence": 0.9,
        "rule": "en.direct.verb-after",
    }
    return Quote(**{**fields, **changes})


def test_span_is_half_open() -> None:
    text = "Ann Lee left."
    span = TextSpan.of(text, (4, 7))
    assert (span.start, span.end, span.text) == (4, 7, "Lee")
    assert text[span.start : span.end] == span.text
    assert TextSpan.of(text, (4, 4)).text == ""


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [(0, 2, "abc"), (0, 4, "abc"), (3, 0, ""), (3, 0, "abc"), (-1, 2, "abc"), (0, -1, "")],
)
def test_span_with_text_of_another_length_raises(start: int, end: int, text: str) -> None:
    with pytest.raises(ValidationError):
        TextSpan(start=start, end=end, text=text)


def test_message_names_both_lengths() -> None:
    with pytest.raises(ValidationError, match="5 to 9 is 4 characters, the text has 3"):
        TextSpan(start=5, end=9, text="abc")


@pytest.mark.parametrize(
    "model", [quote(), quote().speaker, quote().source, quote().position], ids=lambda m: type(m).__name__
)
def test_models_are_frozen_and_hashable(model: BaseModel) -> None:
    name = next(iter(type(model).model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(model, name, getattr(model, name))
    assert len({model, model.model_copy()}) == 1


@pytest.mark.parametrize(
    "model", [quote(), quote().speaker, quote().source, quote().position], ids=lambda m: type(m).__name__
)
def test_unknown_field_raises(model: BaseModel) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        type(model).model_validate({**model.model_dump(), "colour": "red"})


@pytest.mark.parametrize(
    "model",
    [quote(), quote(speaker=None, source=None, verb=None, cue=None, parent="q1"), quote().speaker, quote().position],
)
def test_json_round_trip(model: BaseModel) -> None:
    as_json = model.model_dump_json()
    assert type(model).model_validate_json(as_json) == model
    # What was read from a plain file is as good.
    assert type(model).model_validate(json.loads(as_json)) == model


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "reported"},
        {"act": "belief"},
        {"content": ()},
        {"confidence": 1.01},
        {"confidence": -0.01},
        {"rule": None},
        {"position": None},
    ],
)
def test_quote_with_values_out_of_range_raises(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(changes))):
        quote(**changes)


def test_required_fields_of_a_quote() -> None:
    required = {name for name, field in Quote.model_fields.items() if field.is_required()}
    assert required == {"id", "kind", "act", "text", "content", "position", "confidence", "rule"}


@given(SPANS, SPANS)
def test_overlap_counts_shared_characters(a: tuple[int, int], b: tuple[int, int]) -> None:
    assert overlap(a, b) == len(set(range(*a)) & set(range(*b))) == overlap(b, a)


@given(SPANS, SPANS)
def test_inside_compares_the_edges(a: tuple[int, int], b: tuple[int, int]) -> None:
    assert inside(a, b) == (b[0] <= a[0] <= a[1] <= b[1])
    assert inside(a, a)


@given(st.lists(SPANS, min_size=1))
def test_hull_is_the_smallest_covering_span(spans: list[tuple[int, int]]) -> None:
    around = hull(spans)
    assert all(inside(span, around) for span in spans)
    assert around[0] in {start for start, _ in spans}
    assert around[1] in {end for _, end in spans}


@given(st.text(alphabet=" \t\nab“"), st.data())
def test_strip_removes_white_space_at_the_edges(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    stripped = strip(text, (start, end))
    assert text[slice(*stripped)] == text[start:end].strip()
    assert inside(stripped, (start, end))


def test_strip_of_given_characters() -> None:
    assert strip("“ab” ", (0, 4), "“”") == (1, 3)
    assert strip("““", (0, 2), "“”") == (0, 0)
