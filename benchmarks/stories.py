"""How much of the gold of the sample stories in ``data/`` is found: ``python -m benchmarks.stories``.

The stories are of another kind than the corpus: foreign news with boilerplate, captions, transcripts and marks of all
styles. Measures and scorer are those of `benchmarks.accuracy`, and as there attributions inside the content of others
are left out, on both sides. ``--by-story`` gives a line to each story, ``--statements`` leaves out attitudes.

The scorer knows double marks alone; so that it sees what is quoted in single or low marks too, it gets the stories with
all marks curly, one character for one. The systems read them as they are.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.accuracy import Found, f1_figures, find
from benchmarks.corpus import Record
from benchmarks.systems import OWN
from benchmarks.tables import table
from benchmarks.variants import CURLY, marked

GOLD = Path(__file__).resolve().parents[1] / "data" / "gold.jsonl"
SHOWN = ("all: content", "all: exact", "all: attributed", "all: token attributed")
SHOWN_QUOTED = tuple(measure.replace("all", "quoted", 1) for measure in SHOWN)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stories", description=__doc__.partition("\n")[0])
    parser.add_argument("--by-story", action="store_true", help="a line for each story")
    parser.add_argument("--statements", action="store_true", help="statements alone, without attitudes")
    parser.add_argument("--systems", nargs="+", choices=OWN, default=OWN)
    options = parser.parse_args(arguments)
    gold = stories(options.statements)
    print(f"{len(gold)} sample stories, {sum(len(story['attributions']) for story in gold)} attributions; F1\n")
    found = {name: find(name, gold) for name in options.systems}
    if options.statements:
        found = {name: statements(relations) for name, relations in found.items()}
    readable = [{**story, "text": marked(story["text"], CURLY)} for story in gold]
    print(f1_table({name: f1_figures(readable, relations) for name, relations in found.items()}))
    if options.by_story:
        for name, relations in found.items():
            print(f"\n{name}\n\n" + f1_table({story["id"]: f1_figures([story], relations) for story in readable}))


def stories(statements_alone: bool = False) -> list[Record]:
    """The stories with the attributions that stand in no other."""
    with GOLD.open(encoding="utf-8") as lines:
        records: list[Record] = [json.loads(line) for line in lines]
    for record in records:
        record["attributions"] = [
            one
            for one in record["attributions"]
            if one["parent"] is None and (one["act"] == "statement" or not statements_alone)
        ]
    return records


def statements(found: Found) -> Found:
    """Without attitudes; the encoder alone does not tell the two apart, so there all stay."""
    return {
        story: [relation for relation in relations if relation.get("act") != "attitude"]
        for story, relations in found.items()
    }


def f1_table(figures: dict[str, dict[str, float]]) -> str:
    """A line for each system or story."""
    measures = SHOWN + SHOWN_QUOTED
    rows = [[title, *(values[measure] for measure in measures)] for title, values in figures.items()]
    return table(["", *measures], rows)


if __name__ == "__main__":
    main()
