"""Whether speakers of many articles are merged rightly: ``python -m benchmarks.people``.

Reads ``benchmarks/data/people.jsonl``, invented articles with their speakers and who each of them is (``who``). Two
mentions of one person that are in one row, or get one id, are a right pair. The same is measured for ``quotekit link``,
which finds the mentions again by the list. ``--errors`` lists the pairs that are wrong or missed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Hashable
from datetime import date
from itertools import combinations
from pathlib import Path

from quotekit.known.roster import Roster
from quotekit.known.roster_files import roster_csv
from quotekit.lexicon.speaker_offices import office_of
from quotekit.models import Speaker
from quotekit.study.people import People, with_ids

DATA = Path(__file__).resolve().parent / "data" / "people.jsonl"

Mention = tuple[str, Speaker, date]


def articles() -> list[list[Mention]]:
    """The speakers of each article, with who they are and the day."""
    found = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        article = []
        for i, one in enumerate(record["speakers"], 1):
            roles = [one["role"]] if one["role"] else []
            fields = {name: one[name] for name in ("name", "kind", "role", "country")}
            office = office_of(one["kind"], one["name"], roles)
            speaker = Speaker(id=f"s{i}", named=True, office=office, **fields)
            article.append((one["who"], speaker, date.fromisoformat(record["date"])))
        found.append(article)
    return found


def merged(given: list[list[Mention]]) -> tuple[list[Hashable], list[Hashable]]:
    """Return the row of each mention, and its id in the list of people; either may be ``None``."""
    roster = Roster()
    numbers = []
    for article in given:
        found = roster.add_speakers([speaker for _, speaker, _ in article], article[0][2])
        numbers += [found.get(speaker.id) for _, speaker, _ in article]
    places = {number: place for place, (_, those) in enumerate(roster.together()) for number in those}
    rows: list[Hashable] = [None if number is None else places[number] for number in numbers]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "people.csv")
        path.write_bytes(roster_csv(with_ids(row for row in roster.rows() if not row.unresolved)))
        people = People.read(path)
    ids: list[Hashable] = []
    for article in given:
        ids += people.ids_of([speaker for _, speaker, _ in article], article[0][2])
    return rows, ids


def pairs(keys: list[Hashable]) -> set[tuple[int, int]]:
    """The pairs of mentions with one key."""
    return {(i, j) for i, j in combinations(range(len(keys)), 2) if keys[i] is not None and keys[i] == keys[j]}


def main(argv: list[str] | None = None) -> None:
    """Print precision and recall of pairs."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.people", description=__doc__.splitlines()[0])
    options.add_argument("--errors", action="store_true", help="list the pairs that are wrong or missed")
    chosen = options.parse_args(argv)
    given = articles()
    mentions = [mention for article in given for mention in article]
    gold = pairs([who for who, _, _ in mentions])
    print(
        f"{len(mentions)} mentions of {len({who for who, _, _ in mentions})} people and bodies in {len(given)} articles"
    )
    for title, keys in zip(("merged by people", "found again by link"), merged(given), strict=True):
        found = pairs(keys)
        right = len(found & gold)
        print(f"{title}: precision {100 * right / len(found):.1f}, recall {100 * right / len(gold):.1f}")
        if chosen.errors:
            for what, those in (("wrong", found - gold), ("missed", gold - found)):
                for i, j in sorted(those):
                    one, other = (f"{mentions[k][1].name} ({mentions[k][1].role}, {mentions[k][0]})" for k in (i, j))
                    print(f"  {what}: {one} and {other}")


if __name__ == "__main__":
    main()
