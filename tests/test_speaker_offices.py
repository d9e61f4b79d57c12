"""The office that a speaker speaks as."""

from __future__ import annotations

import pytest

from quotekit import extract
from quotekit.lexicon.loading import load
from quotekit.lexicon.speaker_offices import of_body, of_role, office_of
from quotekit.models import OFFICES


@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("Prime Minister", "head"),
        ("president of Norway", "head"),
        ("the French president", "head"),
        ("president of the bakers' union", None),
        ("president of Orrin Motors Inc.", "company"),
        ("former president", None),
        ("deputy foreign minister", "minister"),
        ("U.S. Secretary of State", "minister"),
        ("press secretary", "spokesperson"),
        ("general secretary of the union", None),
        ("U.N. Secretary-General", "international"),
        ("ambassador to the United Nations", "diplomat"),
        ("peace envoy", "diplomat"),
        ("police spokeswoman", "spokesperson"),
        ("attorney general", None),
        ("retired general", "military"),
        ("Army commander", "military"),
        ("fire chief", None),
        ("Tulsa police Chief", "police"),
        ("Senate Majority Leader", "legislator"),
        ("White House chief of staff", None),
        ("Republican presidential nominee", "party"),
        ("High Court judge", "court"),
        ("editor in chief of the Harbour Post", "media"),
        ("chief executive officer", "company"),
        ("a tax lawyer and senior fellow at the Harbour Institute", "expert"),
        ("the victim's mother", "citizen"),
        ("a group of angry residents", "citizen"),
        ("two senior military officials", "military"),
        ("activist", None),
        ("", None),
        (" ... ", None),
    ],
)
def test_roles_and_descriptions(role: str, office: str | None) -> None:
    assert of_role(role) == office


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("the United Nations", "international"),
        ("Supreme Court", "court"),
        ("Harbour Gazette", "media"),
        ("Orrin Motors Ltd.", "company"),
        ("Green Party", "party"),
        ("White House", "head"),
        ("Norway", None),
        ("", None),
    ],
)
def test_bodies(name: str, office: str | None) -> None:
    assert of_body(name) == office


def test_documents_have_no_office() -> None:
    assert office_of("document", "a police report", []) is None


def test_every_office_is_a_value_of_the_field_and_has_words() -> None:
    data = load("speaker_offices")
    assert {entry["value"] for entry in data["office"]} == set(OFFICES)
    assert set(data["bodies"]) <= set(OFFICES)


def test_words_of_the_table_are_lower_case() -> None:
    data = load("speaker_offices")
    words = [entry.get(name, "") for entry in data["office"] for name in ("heads", "with", "without")]
    assert all(text == text.lower() for text in [*words, *data["bodies"].values(), *data["phrases"]])


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "office", "gender", "evidence"),
    [
        ("Finance Minister Ann Lee said the budget was ready.", "minister", "female", "Ann Lee"),
        ("Mrs. Holm of the Harbour Party said it rained.", None, "female", "Mrs. Holm"),
        ("Zuri Quill met her aides on Monday. Quill said she would stay.", None, "female", "her"),
        ("ANN LEE: We sail at nine.\n\nBO STONE: Who pays?\n\nLEE: The port.", None, "female", "ANN LEE"),
    ],
)
def test_a_gender_has_its_evidence(text: str, office: str | None, gender: str, evidence: str) -> None:
    speaker = extract(text)[0].speaker
    assert speaker is not None
    assert (speaker.office, speaker.gender) == (office, gender)
    assert any(evidence in mention.text for mention in speaker.mentions)
