"""Measures every rule on the training articles, and picks sentences of the sample stories where it fires.

    python -m training.measured ../shared/polnear/train.jsonl

Writes ``measured.json``, which `quotekit rules` shows: how often a rule fired and how often it was right, beside the
encoder ("default") and by rules alone. What counts is what `python -m benchmarks.accuracy --by-rule` counts: fragments
that the rule decided, and those of them that match an annotated fragment whose source they name.

A blocking rule fires where it keeps away what the rules would find without it, and is right where the annotators do not
have that either. How often a speaker rule decided is counted on the same articles; whether it was right on the
articles whose speakers are annotated (``speakers.dev.jsonl`` beside the corpus), for gold content and source.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.accuracy import matches
from benchmarks.corpus import scorer
from benchmarks.gold import Gold
from benchmarks.speakers import gold_mentions
from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.deciding import Proposers
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_syntax import SyntaxRules
from quotekit.extractor import Extractor
from quotekit.lexicon.cues import Cues
from quotekit.models import Quote, Span, strip
from quotekit.rules import RuleSet
from quotekit.rules.markup import read_annotated
from quotekit.speakers import resolve

ROOT = Path(__file__).parents[1]
OUT = ROOT / "src" / "quotekit" / "data" / "en" / "rules" / "measured.json"
STORIES = ROOT / "data" / "stories"
NOTE = "Counts on PolNeAR train and sentences of the sample stories; made by training/measured.py."
SHOWN = 3
"""Number of sentences shown for a rule."""

LONG = 320
"""Longer sentences, in characters, come last."""

LONGEST = 700
"""No sentence is longer."""

EVERYTHING = {"attitudes": True, "min_confidence": 0.0}
READERS = {
    "default": Extractor(**EVERYTHING),
    "alone": Extractor(**EVERYTHING, encoder=False, resolve=False),
}
BLOCKS = RuleSet(rule for rule in RuleSet.default() if rule.kind == "block")

Record = dict[str, Any]
Counts = dict[str, dict[str, list[int]]]
"""By rule and reader: how often it fired, how often it was right."""


def page_of(text: str) -> ParsedArticle:
    """The article as the rules see it."""
    article = read_article(text)
    return ParsedArticle(article, find_quoted(article), parse_article(article))


class Blocking:
    """What each blocking rule keeps away."""

    def __init__(self) -> None:
        rules = RuleSet.default()
        self._syntax = SyntaxRules(BLOCKS, Cues.default())
        self._all = Proposers(rules, Cues.default())
        self._without = {rule.id: Proposers(rules.without(rule.id), Cues.default()) for rule in BLOCKS}

    def kept_away(self, page: ParsedArticle) -> Iterator[tuple[str, Candidate]]:
        """Each rule with what the rules find without it and not with it."""
        ids = {match.rule.id for match in self._syntax.match(page.parse)}
        found = {(one.content, one.source) for one in self._all.decide(page)} if ids else set()
        for id in sorted(ids):
            for candidate in self._without[id].decide(page):
                if (candidate.content, candidate.source) not in found:
                    yield id, candidate


def relation(quote: Quote) -> Record:
    """A quote as the scorer reads it."""
    return {
        "content": [[part.start, part.end] for part in quote.content],
        "source": [[quote.source.start, quote.source.end]] if quote.source else [],
        "rule": quote.rule,
    }


def count(records: Iterable[Record]) -> Counts:
    """How often each rule fired on ``records`` and was right; for speaker rules how often they decided."""
    counts: Counts = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    score, blocking = scorer(), Blocking()
    for record in records:
        page = page_of(record["text"])
        words = score.words(record["text"])
        gold = score.frags(record["attributions"], words)
        for reader, extractor in READERS.items():
            quotes = extractor.read_parse(page.article, page.parse)
            # The corpus has no attribution inside the content of another.
            relations = [relation(quote) for quote in quotes if quote.parent is None]
            fragments = score.frags(relations, words)
            for _, (_, found) in fragments:
                counts[found["rule"]][reader][0] += 1
            for i, _, right in matches(score, fragments, gold):
                counts[fragments[i][1][1]["rule"]][reader][1] += right
            for quote in quotes:
                if quote.speaker:
                    counts[quote.speaker.mentions[0].rule][reader][0] += 1
        annotated = Gold(record)
        for id, candidate in blocking.kept_away(page):
            counts[id]["alone"][0] += 1
            counts[id]["alone"][1] += not annotated.attributed(candidate.content, candidate.source)
    return counts


def speakers(folder: Path) -> dict[str, list[int]]:
    """How often each speaker rule decided a gold source whose speaker is annotated, and how often that is the one."""
    people = [json.loads(line) for line in (folder / "speakers.dev.jsonl").open(encoding="utf-8")]
    gold = {record["id"]: record for record in map(json.loads, (folder / "dev.jsonl").open(encoding="utf-8"))}
    agree = scorer("score_speakers").agree
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for person in people:
        record = gold[person["id"]]
        page = page_of(record["text"])
        mentions, indices = gold_mentions(record)
        for i, speaker in zip(indices, resolve(page.parse, page.article, mentions), strict=True):
            wanted = person["speakers"].get(str(i))
            if wanted and wanted["name"] and speaker:
                rule = speaker.mentions[0].rule
                counts[rule][0] += 1
                counts[rule][1] += agree(speaker.name, wanted["name"], wanted["kind"])
    return counts


def sentences() -> dict[str, list[Record]]:
    """For each rule up to `SHOWN` sentences of the sample stories where it fires, of different stories if it can be."""
    found: dict[str, list[tuple[Any, Record]]] = defaultdict(list)
    blocking = Blocking()
    for path in sorted(STORIES.glob("*.txt")):
        page = page_of(path.read_text(encoding="utf-8"))
        for place, extractor in enumerate(READERS.values()):
            for quote in extractor.read_parse(page.article, page.parse):
                spans = {
                    "content": [(part.start, part.end) for part in quote.content],
                    "cue": [(quote.cue.start, quote.cue.end)] if quote.cue else [],
                    "source": [(quote.source.start, quote.source.end)] if quote.source else [],
                }
                shown = sentence(page, spans)
                if shown is None:
                    continue
                order = (place, len(shown) > LONG, -quote.confidence, path.stem, quote.position.start)
                record = {"story": path.stem, "sentence": shown}
                found[quote.rule].append((order, record))
                if quote.speaker:
                    named = {**record, "speaker": quote.speaker.name}
                    found[quote.speaker.mentions[0].rule].append((order, named))
        for id, one in blocking.kept_away(page):
            spans = {
                "content": list(one.content),
                "cue": [one.cue] * bool(one.cue),
                "source": [one.source] * bool(one.source),
            }
            shown = sentence(page, spans)
            if shown is not None:
                found[id].append(((0, len(shown) > LONG, path.stem, shown), {"story": path.stem, "sentence": shown}))
    return {id: chosen([record for _, record in sorted(some, key=lambda one: one[0])]) for id, some in found.items()}


def chosen(records: list[Record]) -> list[Record]:
    """The first `SHOWN`, one of a story before two of one, each sentence once."""
    kept: list[Record] = []
    seen: Counter[str] = Counter()
    for again in (False, True):
        for record in records:
            if len(kept) < SHOWN and record not in kept and (again or not seen[record["story"]]):
                kept.append(record)
                seen[record["story"]] += 1
    return kept


def sentence(page: ParsedArticle, spans: dict[str, list[Any]]) -> str | None:
    """The sentences that hold ``spans``, annotated inline; ``None`` where elements would cross or it would be long."""
    parse = page.parse
    elements = [(start, end, name) for name, some in spans.items() for start, end in some]
    start, end = around(parse, (min(one[0] for one in elements), max(one[1] for one in elements)))
    if end - start > LONGEST:
        return None
    marked, open_ends, at = [], [], start
    for first, last, name in sorted(elements, key=lambda one: (one[0], -one[1], one[2])):
        while open_ends and open_ends[-1][0] <= first:
            closes, tag = open_ends.pop()
            marked += [parse.text[at:closes], f"</{tag}>"]
            at = closes
        if open_ends and open_ends[-1][0] < last:
            return None
        marked += [parse.text[at:first], f"<{name}>"]
        open_ends.append((last, name))
        at = first
    for closes, tag in reversed(open_ends):
        marked += [parse.text[at:closes], f"</{tag}>"]
        at = closes
    markup = "".join([*marked, parse.text[at:end]])
    return markup if read_annotated(markup).text == parse.text[start:end] else None


def around(parse: Parse, span: Span) -> Span:
    """``span`` from the beginning of its first sentence to the end of its last."""
    tokens = parse.tokens(span)
    first, last = tokens[0], tokens[-1]
    while first > 0 and parse.sentences[first - 1] == parse.sentences[first]:
        first -= 1
    while last + 1 < len(parse) and parse.sentences[last + 1] == parse.sentences[last]:
        last += 1
    return strip(parse.text, parse.span(first, last))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.measured", description=__doc__.partition("\n")[0])
    parser.add_argument("train", type=Path, help="the training articles; speakers.dev.jsonl and dev.jsonl beside it")
    parser.add_argument("--limit", type=int, help="only the first articles, for a try; nothing is written")
    options = parser.parse_args()
    records = [json.loads(line) for line in options.train.open(encoding="utf-8")][: options.limit]
    counts, resolved, shown = count(records), speakers(options.train.parent), sentences()
    rules: dict[str, Record] = {}
    for rule in RuleSet.default():
        measured: Record = {reader: counts[rule.id][reader] for reader in READERS}
        if rule.kind == "block":
            del measured["default"]
        elif rule.kind == "speaker":
            measured = {"decided": counts[rule.id]["default"][0], "dev": resolved.get(rule.id, [0, 0])}
        rules[rule.id] = {**measured, "sentences": shown.get(rule.id, [])}
    lines = (f"  {json.dumps(id)}: {json.dumps(one, ensure_ascii=False)}" for id, one in rules.items())
    text = f'{{\n"note": {json.dumps(NOTE)},\n"articles": {len(records)},\n"rules": {{\n' + ",\n".join(lines) + "\n}}\n"
    if options.limit is None:
        OUT.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
