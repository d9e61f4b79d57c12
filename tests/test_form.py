"""The form of a document: golden layouts, what no change of layout may change, and work in proportion to length."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotekit.form import Form, read_form

GOLDEN = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "turns.jsonl").read_text(encoding="utf-8").splitlines()
]


def said(text: str, form: Form) -> list[list[Any]]:
    """The name, exchange and paragraphs of each turn."""
    return [
        [
            None if turn.voice is None else form.voices[turn.voice].name,
            turn.exchange,
            [" ".join(text[start:end] for start, end in paragraph) for paragraph in turn.paragraphs],
        ]
        for turn in form.turns
    ]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["id"])
def test_layout(case: dict[str, Any]) -> None:
    form = read_form(case["text"])
    assert said(case["text"], form) == case["turns"]
    assert case["kind"] in (None, form.kind)
    assert outline(case["text"], form) == case.get("sections", [])


def outline(text: str, form: Form) -> list[list[str]]:
    """The kind, the beginning and the end of each section."""
    found = ((section.kind, text[section.start : section.end].split("\n")) for section in form.sections)
    return [[kind, lines[0][:30], lines[-1][-30:]] for kind, lines in found]


NAMES = ["Oda Falk", "Rune Teal", "Ivo Brandt", "Mara Quist", "Nils Orrin", "Sella Vane"]
PARAGRAPHS = [
    "We have said so many times in this room, and nobody has asked us to renew the lease of the port in June.",
    "I do not know when the ferry sails. You would have to ask the harbour master, who has been here all week.",
    "Who will pay for the dredging of the northern channel, and when will you tell the council what it costs?",
    "Thank you. Let me begin with the weather, which has been kind to us, and then come to your first question.",
    "Yes, that is right. Our boats have been at sea since Monday and we expect them home before the storm does.",
    "The channel is four metres deep at low water, and a ferry of that size needs five if I remember it rightly.",
]
Turns = list[tuple[int, list[str]]]
dialogues = st.lists(
    st.tuples(st.integers(1, 3), st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=3)), min_size=4, max_size=12
).map(lambda steps: [(sum(step for step, _ in steps[: i + 1]) % 4, said) for i, (_, said) in enumerate(steps)])


def rendered(turns: Turns, label: Callable[[str], str], names: list[str] = NAMES, width: int | None = None) -> str:
    """The turns as text, a blank line between paragraphs."""
    out = []
    for speaker, paragraphs in turns:
        first, *others = paragraphs
        out += [f"{label(names[speaker])}{first}", *others]
    return "\n\n".join(textwrap.fill(paragraph, width) if width else paragraph for paragraph in out)


def who_says_what(text: str) -> list[tuple[int | None, list[str]]]:
    form = read_form(text)
    return [
        (turn.voice, [" ".join(" ".join(text[s:e] for s, e in paragraph).split()) for paragraph in turn.paragraphs])
        for turn in form.turns
    ]


def expected(turns: Turns) -> list[tuple[int | None, list[str]]]:
    order = list(dict.fromkeys(speaker for speaker, _ in turns))
    return [(order.index(speaker), paragraphs) for speaker, paragraphs in turns]


LABELS: dict[str, Callable[[str], str]] = {
    "colon": "{}: ".format,
    "capitals": lambda name: f"{name.upper()}: ",
    "title": lambda name: f"Ms. {name.split()[1].upper()}: ",
    "stop": lambda name: f"Ms. {name.split()[1].upper()}. ",
    "stop and dash": "{} (PPE). – ".format,
    "brackets": "{} (Lisk North): ".format,
    "time": "{}: (00:12)\n".format,
    "own line": lambda name: f"{name.upper()}:\n",
    "bold": "**{}:** ".format,
    "chevrons": lambda name: f">> {name.upper()}: ",
    "office": lambda name: f"{name.upper()}, PORT MINISTER: ",
    "time behind": "{} [00:12] ".format,
    "part": "Guest - {}: ".format,
    "outlet": "Harbour Post, {}: ".format,
    "chat": "04/05/2021, 09:41 - {}: ".format,
    "voice": "<v {}>".format,
    "minus": "{} (PPE). − ".format,
}


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
@given(dialogues)
@settings(max_examples=20, deadline=None)
def test_every_punctuation_of_labels_gives_the_same_turns(label: Callable[[str], str], turns: Turns) -> None:
    assert who_says_what(rendered(turns, label)) == expected(turns)


@pytest.mark.parametrize("label", ["{}; ", "**{}** "])
@given(dialogues)
@settings(max_examples=15, deadline=None)
def test_weak_punctuation_is_read_where_speakers_return(label: str, turns: Turns) -> None:
    twice = turns * 2
    assert who_says_what(rendered(twice, label.format)) == expected(twice)


@given(dialogues, st.permutations(NAMES))
@settings(max_examples=30, deadline=None)
def test_other_names_have_the_same_turns(turns: Turns, names: list[str]) -> None:
    assert who_says_what(rendered(turns, "{}: ".format, names)) == expected(turns)


@given(dialogues, st.sampled_from([60, 72, 80]))
@settings(max_examples=30, deadline=None)
def test_wrapped_lines_have_the_same_turns(turns: Turns, width: int) -> None:
    assert who_says_what(rendered(turns, "{}: ".format, width=width)) == expected(turns)


@given(dialogues, st.sampled_from(["(Laughter.)", "[Applause]", "(inaudible)", "[crosstalk 00:12]"]), st.booleans())
@settings(max_examples=30, deadline=None)
def test_stage_directions_leave_the_floor_to_the_speaker(turns: Turns, stage: str, own_paragraph: bool) -> None:
    text = rendered(turns, "{}: ".format)
    text = text.replace("\n\n", f"\n\n{stage}\n\n" if own_paragraph else f" {stage}\n\n")
    assert who_says_what(text) == expected(turns)


@given(dialogues, st.sampled_from(["capitals", "title", "brackets", "chevrons"]))
@settings(max_examples=30, deadline=None)
def test_labels_with_other_punctuation_have_the_same_speakers(turns: Turns, label: str) -> None:
    plain = [voice for voice, _ in who_says_what(rendered(turns, LABELS["colon"]))]
    assert [voice for voice, _ in who_says_what(rendered(turns, LABELS[label]))] == plain


@given(st.integers(3, 8), st.sampled_from(["{}", "**{}**", "_{}_", "## {}", "<strong>{}</strong>"]))
@settings(max_examples=20, deadline=None)
def test_questions_without_labels_are_told_from_their_answers(count: int, look: str) -> None:
    question, answer = "Who will pay for your dredging?", "We will, and I have told the council so."
    text = "\n\n".join(["We spoke to Oda Falk, the minister.", *[look.format(question), answer] * count])
    form = read_form(text)
    assert [turn.exchange for turn in form.turns] == ["question", "answer"] * count
    assert {voice.name for voice in form.voices} == {"Oda Falk"}
    assert {said for _, paragraphs in who_says_what(text) for said in paragraphs} == {question, answer}


@given(st.text(max_size=400))
def test_any_text_has_a_form(text: str) -> None:
    form = read_form(text)
    spans = [span for turn in form.turns for paragraph in turn.paragraphs for span in paragraph]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_two_people_of_one_surname_are_two() -> None:
    form = read_form("JOHN TEAL: I say yes.\n\nMARY TEAL: I say no.\n\nJOHN TEAL: You would.\n\nMARY TEAL: I do.")
    assert [turn.voice for turn in form.turns] == [0, 1, 0, 1]


@pytest.mark.parametrize(("wife", "voices"), [("MRS. FALK", [0, 1, 2, 0, 1, 2]), ("ODA FALK", [0, 1, 1, 0, 1, 1])])
def test_a_husband_and_his_wife_are_two(wife: str, voices: list[int]) -> None:
    said = [("QUIST", "Who broke it?"), ("FALK", "I say the fog did."), (wife, "I say you did, on a clear day.")]
    form = read_form("\n\n".join(f"{label}: {words}" for label, words in said * 2))
    assert [turn.voice for turn in form.turns] == voices


@pytest.mark.parametrize(("word", "name"), [("Oda", "Oda Falk"), ("Od" * 30, "FALK")])
def test_no_given_name_is_longer_than_names_are(word: str, name: str) -> None:
    form = read_form(f"FALK: I say yes.\n\nTEAL: I heard {word} Falk.\n\nFALK: You did.\n\nTEAL: I do.")
    assert form.voices[0].name == name


@pytest.mark.parametrize(
    ("surname", "voices"), [("Falk", ["Oda Falk"]), ("Falk" * 20, []), ("Falk-" * 20 + "Teal", [])]
)
def test_no_interviewee_has_a_longer_name_than_people_have(surname: str, voices: list[str]) -> None:
    asked = "\n\n".join(["**Will you pay?**\n\nI hope so."] * 3)
    form = read_form(f"We spoke to Oda {surname}, the minister.\n\n{asked}")
    assert [voice.name for voice in form.voices] == voices


@pytest.mark.parametrize(("first", "kind"), [("Live", "newsletter"), ("Livestock", "story")])
def test_a_field_begins_with_whole_words(first: str, kind: str) -> None:
    text = "\n\n".join(f"{first} {name}: the ferry is late again in Lisk today." for name in ("Falk", "Teal", "Holm"))
    assert read_form(f"The harbour at noon\n\n{text}").kind == kind


def test_the_country_is_that_of_the_brackets() -> None:
    text = "Ms. Falk (Kenya) (spoke in French): I thank you.\n\nThe representative of Norway: We regret the vote."
    assert [voice.country for voice in read_form(text).voices] == ["KE", "NO"]


@pytest.mark.parametrize(
    ("heading", "who"),
    [
        ("Joint Statement by Kestria and Moravia on the Lisk Railway", "Kestria and Moravia"),
        ("Joint Declaration between the Ports of Lisk and Orra", "the Ports of Lisk and Orra"),
        ("Kestria–Moravia Joint Statement", "Kestria–Moravia"),
        ("Leaders of Kestria and Moravia: Joint Communiqué", "Leaders of Kestria and Moravia"),
        ("Port Ministers’ Statement on the Channel", "Port Ministers"),
        ("We, the Heads of Orra, Lisk, and Kestria, and the Chair of the League, met in Lisk.",
         "the Heads of Orra, Lisk, and Kestria, and the Chair of the League"),
        ("Joint Statement", None),
        ("The Statement on the Channel", None),
    ],
)  # fmt: skip
def test_a_joint_statement_names_its_parties(heading: str, who: str | None) -> None:
    signed = "Oda Falk\nPrime Minister of Kestria\n\nRune Teal\nPresident of Moravia"
    text = f"{heading}\n\nLisk, 14 May\n\nWe reaffirm our commitment to the railway.\n\n{signed}"
    parties = read_form(text).parties
    assert (parties and text[slice(*parties)]) == who


@pytest.mark.parametrize(
    "unit",
    [
        "Oda Falk: I am.\n\n***\n\nThe end.\n\n",
        "We, the Heads of Orra, ",
        "<ODA FALK, SWORN\n\nMR TEAL: Is it late?---It is.\n\nAnd now?---I see it.\n\n",
        "Is it late?---It is. ",
        "rune_k · 3 yr. ago\n\nI do.\n\n",
        "rune_k\nSenior Member\nPosts: 88\n05-06-2024, 08:14 PM #1\n\nI do.\n\n",
        "[14:00] <hetty> I do.\n[14:01] * rune has left\n",
        "FALK: No.\n\nTEAL: Yes.\n\n",
        "Name Surname: yes.\n",
        ">> We go on, and I thank you.\n",
        "– Who pays?\n\n– We do, I hope.\n\n",
        "**Who are you?**\n\nI am the minister.\n\n",
        "10:02\n\nThe ferry left.\n\n",
        "10:02\n\nFALK: No.\n\nThe ferry left, she said.\n\nStatement by Oda Falk:\n\nI am tired.\n\n",
        "OF We go on.\n\nRT Yes, we do.\n\n",
        "“No,” she said.\n\nHere is the full transcript:\n\nFALK: I am tired.\n\n",
        "“No,” she said.\n\nHere is her full speech:\n\nI am tired.\n\n",
    ],
)
def test_work_grows_with_length_only(unit: str) -> None:
    few, many = (steps(unit * count) for count in (50, 400))
    assert many < 10 * few


def steps(text: str) -> int:
    """The calls of functions that reading the form of a text takes."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        read_form(text)
    finally:
        sys.setprofile(None)
    return calls
