"""Golden cases: one construction each, as data.

A line of ``golden/quotes.jsonl`` holds an ``id`` (its construction before the stop), the text as `read_story` reads it
(``markup``), and the speakers' names by attribution, where they matter. What is marked is all that may be found. A case
is ``open`` for those who are known to get it wrong, the ``rules`` alone or ``both``, rules and encoder: the test fails
when it comes out right, so that the mark is taken off.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from quotekit import Extractor, Quote
from quotekit.models import Span, TextSpan, hull
from quotekit.rules.markup import read_story

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "quotes.jsonl").read_text(encoding="utf-8").splitlines()
]

READERS = {"rules": Extractor(encoder=False, min_confidence=0), "both": Extractor(min_confidence=0)}

Row = tuple[tuple[str, ...], str | None, str | None, str | None, str | None]


def wanted(case: dict[str, Any]) -> list[tuple[tuple[Span, ...], Span | None, Span | None]]:
    _, story = read_story(case["markup"])
    return sorted(
        (one.content, hull(one.cue) if one.cue else None, hull(one.source) if one.source else None)
        for one in story.values()
    )


def span(found: TextSpan | None) -> Span | None:
    return (found.start, found.end) if found else None


def found(quotes: list[Quote]) -> list[tuple[tuple[Span, ...], Span | None, Span | None]]:
    return sorted((tuple((c.start, c.end) for c in q.content), span(q.cue), span(q.source)) for q in quotes)


def speakers(case: dict[str, Any], quotes: list[Quote]) -> dict[str, str | None]:
    """Who is found for each attribution whose speaker the case names."""
    _, story = read_story(case["markup"])
    by_content = {tuple((c.start, c.end) for c in q.content): q.speaker and q.speaker.name for q in quotes}
    return {key: by_content.get(story[key].content) for key in case["speakers"]}


def parents(case: dict[str, Any], quotes: list[Quote]) -> bool:
    """Return whether quotes inside another's content, and no others, have that one as their parent."""
    by_id = {quote.id: quote for quote in quotes}
    for quote in quotes:
        around = [
            other.id
            for other in quotes
            if other is not quote
            and any(part.start <= quote.position.start and quote.position.end <= part.end for part in other.content)
        ]
        if (quote.parent is None) != (not around) or (quote.parent is not None and quote.parent not in by_id):
            return False
    return True


def shown(case: dict[str, Any], spans: list[tuple[tuple[Span, ...], Span | None, Span | None]]) -> str:
    text, _ = read_story(case["markup"])
    lines = [
        f"  content={[text[slice(*part)] for part in content]} cue={cue and text[slice(*cue)]!r} "
        f"source={source and text[slice(*source)]!r}"
        for content, cue, source in spans
    ]
    return "\n".join(lines) or "  nothing"


@pytest.mark.model
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any], reader: str) -> None:
    text, _ = read_story(case["markup"])
    quotes = READERS[reader].extract(text)
    right = found(quotes) == wanted(case) and speakers(case, quotes) == case["speakers"] and parents(case, quotes)
    if reader in case.get("open", ()):
        assert not right, "this case passes now: remove its mark"
        return
    assert right, (
        f"{text!r}\nwanted:\n{shown(case, wanted(case))}\n  {case['speakers']}\n"
        f"found:\n{shown(case, found(quotes))}\n  {speakers(case, quotes)}"
    )


def test_ids_are_unique_and_cases_are_many() -> None:
    ids = Counter(case["id"] for case in CASES)
    assert max(ids.values()) == 1
    assert len(ids) >= 120


@pytest.mark.parametrize("reader", READERS)
def test_few_cases_are_open(reader: str) -> None:
    assert {name for case in CASES for name in case.get("open", ())} <= set(READERS)
    assert sum(reader in case.get("open", ()) for case in CASES) <= len(CASES) / 6
