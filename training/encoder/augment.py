"""Writes articles anew, with other names, marks, headlines and boilerplate: as many files of them as are asked for.

    python -m training.encoder.augment ../shared/polnear/train.jsonl --variants 4 --out variants

The first variant is the file as it is. In the others each change is made to some of the articles, by chance: persons
and countries have other names; all quotation marks are straight, curly or single; a headline is in capitals or in
lower case; lines of boilerplate and subheadings stand between paragraphs. The annotators' spans move along.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from benchmarks.variants import BRITISH, CURLY, STRAIGHT, marked
from quotekit.article.paragraphs import read_article
from training.encoder.edits import FIELDS, Edit, edited
from training.encoder.names import changes, plain_words, renamed
from training.encoder.shards import records

NAMES, MARKS, HEADLINES, LINES = 0.7, 0.5, 0.5, 0.4
"""Shares of the articles in which each change is made."""

MOST_LINES = 4
"""Lines that are put into an article, at most."""

Record = dict[str, Any]


def varied(record: Record, plain: frozenset[str], chance: random.Random) -> Record:
    """``record`` with some changes."""
    if chance.random() < NAMES:
        record = edited(record, renamed(record["text"], plain, chance))
    if chance.random() < HEADLINES:
        record = record | {"text": _headline(record["text"], chance.choice((str.upper, str.lower)))}
    if chance.random() < MARKS:
        record = record | {"text": marked(record["text"], chance.choice((STRAIGHT, CURLY, BRITISH)))}
    if chance.random() < LINES:
        record = edited(record, _lines(record, chance))
    return record


def _headline(text: str, write: Any) -> str:
    """``text`` with its headlines as ``write`` has them, where they keep their length."""
    for paragraph in read_article(text).paragraphs:
        new = write(text[paragraph.start : paragraph.end])
        if paragraph.kind == "headline" and len(new) == paragraph.end - paragraph.start:
            text = text[: paragraph.start] + new + text[paragraph.end :]
    return text


def _lines(record: Record, chance: random.Random) -> list[Edit]:
    """Insertions of lines between paragraphs, outside everything that is annotated."""
    spans = [span for one in record["attributions"] for name in FIELDS for span in one[name]]
    starts = [paragraph.start for paragraph in read_article(record["text"]).paragraphs[1:]]
    free = [at for at in starts if not any(start < at < end for start, end in spans)]
    places = chance.sample(free, min(len(free), chance.randint(1, MOST_LINES)))
    kinds = ("boilerplate", "boilerplate", "subheadings")
    return [Edit(at, at, chance.choice(changes()[chance.choice(kinds)]) + "\n\n") for at in places]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="JSONL, a record a line")
    parser.add_argument("--variants", type=int, default=4, help="number of files, the one as it is among them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("variants"), help="folder for NAME-0.jsonl and so on")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    originals = list(records(given.articles))
    plain = plain_words(record["text"] for record in originals)
    for variant in range(given.variants):
        chances = (random.Random(f"{given.seed} {variant} {record['id']}") for record in originals)
        written = (
            varied(record, plain, chance) if variant else record
            for record, chance in zip(originals, chances, strict=True)
        )
        path = given.out / f"{given.articles.stem}-{variant}.jsonl"
        path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in written), encoding="utf-8")


if __name__ == "__main__":
    main()
