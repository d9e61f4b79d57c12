"""How often the gender and the office of a speaker are right: ``python -m benchmarks.speaker_facts``.

Runs on the resolved articles of PolNeAR dev (``../shared``), on gold content and source as if they had been found. The
labels are in ``benchmarks/data``: a person's gender on all 40 articles, an office on the last 20, each for the first
attribution of a speaker. Several offices at one attribution are all accepted; null is no office. ``--errors`` lists
what is wrong or missing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.speakers import GOLD, gold_mentions, read
from quotekit.article.paragraphs import read_article
from quotekit.article.parser import parse_article
from quotekit.models import Speaker
from quotekit.speakers import resolve

LABELS = Path(__file__).resolve().parent / "data"
FACTS = {"gender": "genders.dev.jsonl", "office": "offices.dev.jsonl"}


def predicted(record: dict[str, Any]) -> dict[int, Speaker | None]:
    """The speaker that `resolve` gives to each attribution of ``record``."""
    mentions, indices = gold_mentions(record)
    article = read_article(record["text"])
    return dict(zip(indices, resolve(parse_article(article), article, mentions), strict=True))


def answers(fact: str) -> Iterator[tuple[str, int, list[str | None], str | None, Speaker | None]]:
    """For each label: article, attribution, accepted values, value found, speaker found."""
    records = {record["id"]: record for record in read(GOLD)}
    for labels in read(LABELS / FACTS[fact]):
        speakers = predicted(records[labels["id"]])
        for index, accepted in labels[f"{fact}s"].items():
            speaker = speakers.get(int(index))
            yield labels["id"], int(index), accepted, speaker and getattr(speaker, fact), speaker


def main(argv: list[str] | None = None) -> None:
    """Print a line for each fact."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.speaker_facts", description=__doc__.splitlines()[0])
    options.add_argument("--errors", action="store_true", help="list what is wrong or missing")
    chosen = options.parse_args(argv)
    for fact in FACTS:
        found = list(answers(fact))
        given = [each for each in found if each[3] is not None]
        right = sum(value in accepted for _, _, accepted, value, _ in given)
        able = [each for each in found if None not in each[2]]
        told = sum(value is not None for _, _, _, value, _ in able)
        print(
            f"{fact}: {right} of {len(given)} given are right ({100 * right / len(given):.1f}%); "
            f"given for {told} of {len(able)} speakers who have one ({100 * told / len(able):.1f}%)"
        )
        if chosen.errors:
            for id, index, accepted, value, speaker in found:
                if value not in accepted:
                    who = speaker and f"{speaker.name!r}, {speaker.kind}, role {speaker.role!r}"
                    print(f"  {id} {index}: {value}, not {accepted}: {who}")


if __name__ == "__main__":
    main()
