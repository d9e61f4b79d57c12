"""Sources that are kept unnamed, and people who are merely not named."""

from __future__ import annotations

import pytest

from quotekit import extract

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("The victim's mother", "person"),
        ("A neighbour", "person"),
        ("The judge", "person"),
        ("Her lawyer", "person"),
        ("A baker in the old town", "person"),
        ("A spokeswoman for the harbour", "person"),
        ("The Estonian foreign minister", "person"),
        ("A senior official", "anonymous"),
        ("A senior official who asked not to be named", "anonymous"),
        ("A teacher who asked not to be named", "anonymous"),
        ("A nurse, who declined to give her name,", "anonymous"),
        ("A person familiar with the talks", "anonymous"),
        ("A military source", "anonymous"),
        ("An aide to the senator", "anonymous"),
        ("Sources close to the talks", "anonymous"),
        ("Two officials", "anonymous"),
        ("Two residents", "group"),
    ],
)
def test_kept_unnamed_is_not_merely_not_named(source: str, kind: str) -> None:
    *_, quote = extract(f"{source} said the road was dark.")
    assert quote.speaker is not None
    assert (quote.speaker.kind, quote.speaker.named) == (kind, False)


def test_a_named_person_is_named() -> None:
    (quote,) = extract("Mayor Ruth Hallam said the road was dark.")
    assert quote.speaker is not None
    assert (quote.speaker.kind, quote.speaker.named) == ("person", True)
