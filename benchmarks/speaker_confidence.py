"""Whether ``speaker_confidence`` is what it says: of a hundred speakers with 0.9, about ninety should be right.

    python -m benchmarks.speaker_confidence

Runs on the resolved articles of PolNeAR dev that the figures were not fitted on, for gold content and source. A
speaker is right if ``../shared/bench/score_speakers.py`` says that the names agree. Prints how many are right by
confidence, and the expected calibration error as `benchmarks.calibration` defines it.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.calibration import bins, reliability_table, summary
from benchmarks.speakers import GOLD, HALF, SPEAKERS, Record, gold_mentions, read, scorer
from quotekit.article.paragraphs import read_article
from quotekit.article.parser import parse_article
from quotekit.speakers import Resolution, resolutions


def resolved_articles(half: int) -> Iterator[Record]:
    """The articles of one half, with the annotated speaker in each attribution that has one."""
    people = read(SPEAKERS)
    people = people[:HALF] if half == 1 else people[HALF:]
    records = {record["id"]: record for record in read(GOLD)}
    for entry in people:
        record = records[entry["id"]]
        for i, speaker in entry["speakers"].items():
            record["attributions"][int(i)]["speaker"] = speaker
        yield record


def judged(record: Record) -> Iterator[tuple[Resolution, bool]]:
    """Each resolution whose speaker is annotated, and whether it is right."""
    agree, text = scorer().agree, record["text"]
    article = read_article(text)
    mentions, indices = gold_mentions(record)
    found = resolutions(parse_article(article), article, mentions)
    for i, resolution in zip(indices, found, strict=True):
        speaker = record["attributions"][i].get("speaker")
        if resolution is not None and speaker and speaker["name"]:
            yield resolution, agree(resolution.speaker.name, speaker["name"], speaker["kind"])


def main() -> None:
    """Print the table."""
    found = [(resolution.confidence, right) for record in resolved_articles(2) for resolution, right in judged(record)]
    rows = bins(found)
    print(f"{summary('speaker_confidence', rows)}\n\n{reliability_table(rows)}")


if __name__ == "__main__":
    main()
