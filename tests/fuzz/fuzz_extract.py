"""Fuzzing of the whole way with coverage as guide: any text has sound quotes, the same ones twice, in bounded time.

    python tests/fuzz/fuzz_extract.py -max_total_time=3600 CORPUS
    python tests/fuzz/fuzz_extract.py --findings FOLDER -max_total_time=3600 CORPUS
    python tests/fuzz/fuzz_extract.py FILE        # one input again

The first finding ends the run, as with any fuzzer of libFuzzer's kind; with ``--findings`` one input of each kind of
failure is kept in FOLDER beside its traceback, and the run continues. Needs ``pip install ".[fuzz]"``.
"""

from __future__ import annotations

import json
import random
import sys
import time
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["quotekit"]):
    from quotekit import Extractor, Quote

sys.path.insert(0, str(Path(__file__).parents[1]))

from invariants import sound

FRAGMENTS: list[str] = json.loads((Path(__file__).parents[1] / "golden" / "fragments.json").read_text("utf-8"))
MARKS = "“”‘’\"'«»„‚‹›「」『』"
LONGEST = 800
"""Characters of one input: what goes wrong, goes wrong in a few of them."""

REPEATS = (2, 3, 10, 50, 300)
SECONDS, SECONDS_PER_CHARACTER = 3.0, 0.005
"""CPU time that one text may take: ten times what it does take under instrumentation."""

RULES, BOTH = Extractor(attitudes=True, min_confidence=0, encoder=False), Extractor(attitudes=True, min_confidence=0)


def decoded(data: bytes) -> str:
    """The text of an input: UTF-8 in which lone surrogates stand for themselves, else one character a byte."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def encoded(text: str) -> bytes:
    """The input of a text."""
    return text.encode("utf-8", "surrogatepass")


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Another input made of ``data``: its text with a few changes that an article may have and a fuzzer's not."""
    random_ = random.Random(seed)
    if random_.random() < 0.1:
        return bytes(atheris.Mutate(data, max_size))
    text = decoded(data)
    for _ in range(random_.choice((1, 1, 2, 4))):
        text = random_.choice(CHANGES)(text, random_)[:LONGEST]
    return encoded(text)[:max_size]


def _span(text: str, random_: random.Random) -> tuple[int, int]:
    start = random_.randint(0, len(text))
    return start, min(len(text), start + random_.choice((1, 3, 10, 40, 200)))


def _insert(text: str, random_: random.Random) -> str:
    at = random_.randint(0, len(text))
    words = " ".join(random_.choices(FRAGMENTS, k=random_.choice((1, 1, 2, 5))))
    return text[:at] + words + text[at:]


def _delete(text: str, random_: random.Random) -> str:
    start, end = _span(text, random_)
    return text[:start] + text[end:]


def _repeat(text: str, random_: random.Random) -> str:
    start, end = _span(text, random_)
    return text[:start] + text[start:end] * random_.choice(REPEATS) + text[end:]


def _move(text: str, random_: random.Random) -> str:
    start, end = _span(text, random_)
    rest = text[:start] + text[end:]
    at = random_.randint(0, len(rest))
    return rest[:at] + text[start:end] + rest[at:]


def _restyle(text: str, random_: random.Random) -> str:
    table = str.maketrans({mark: random_.choice(MARKS) for mark in random_.sample(MARKS, 4)})
    return text.translate(table)


def _recase(text: str, random_: random.Random) -> str:
    start, end = _span(text, random_)
    change = random_.choice((str.upper, str.lower, str.title, str.swapcase))
    return text[:start] + change(text[start:end]) + text[end:]


CHANGES = (_insert, _insert, _insert, _delete, _delete, _repeat, _move, _restyle, _recase)


def check(text: str) -> None:
    """Assert all that must be so of ``text``; what is slow to ask is asked of some texts, chosen by their length."""
    extractor = BOTH if len(text) % 8 == 0 else RULES
    started = time.process_time()
    quotes = extractor.extract(text)
    spent = time.process_time() - started
    assert spent < SECONDS + SECONDS_PER_CHARACTER * len(text), f"{spent:.1f} s for {len(text)} characters"
    sound(text, quotes)
    if len(text) % 3 == 0:
        assert extractor.extract(text) == quotes, "the same text twice, and other quotes"
    if len(text) % 5 == 0:
        _explained(extractor, text, quotes)
    for quote in quotes:
        assert Quote.model_validate(json.loads(quote.model_dump_json())) == quote, "lost on the way through JSON"


def _explained(extractor: Extractor, text: str, quotes: list[Quote]) -> None:
    explanation = extractor.explain(text)
    assert [one.quote for one in explanation.quotes] == quotes, "explain has other quotes than extract"
    str(explanation)
    for reason in explanation.reasons:
        assert text[reason.where.start : reason.where.end] == reason.where.text


class Findings:
    """Keeps one input of each kind of failure: its type and where it was raised."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._seen: set[str] = set()

    def check(self, text: str) -> None:
        """As `check`, but a failure is kept, not raised."""
        try:
            check(text)
        # Whatever is raised is the finding.
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__}-{Path(at.filename).stem}-{at.lineno}"
            if kind not in self._seen:
                self._seen.add(kind)
                (self._folder / f"{kind}.txt").write_bytes(encoded(text))
                (self._folder / f"{kind}.log").write_text(ascii(text) + "\n\n" + traceback.format_exc(), "utf-8")
                print(f"FINDING {len(self._seen)}: {kind}: {error!s:.200}", flush=True)


def main(arguments: list[str]) -> None:
    """Run libFuzzer with ``arguments``, its own and ``--findings FOLDER``."""
    run = check
    if "--findings" in arguments:
        at = arguments.index("--findings")
        run = Findings(Path(arguments[at + 1])).check
        del arguments[at : at + 2]
    # Models are loaded, and what is imported late is imported, before the first input.
    for extractor in (RULES, BOTH):
        str(extractor.explain("“It works,” said Ann Lee."))
    atheris.Setup(arguments, lambda data: run(decoded(data)), custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
