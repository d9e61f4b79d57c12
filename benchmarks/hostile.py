"""What texts that no newspaper would print cost: CPU time and memory by length, and memory over many texts.

    python -m benchmarks.hostile                    time per character and peak memory at n, 2n and 4n characters
    python -m benchmarks.hostile --way explain      the same for `Extractor.explain`
    python -m benchmarks.hostile --full             the largest of them: a million marks, ten megabytes without a break
    python -m benchmarks.hostile --memory           memory after 1,000 and after 30,000 texts of words never seen before

Every text has a process of its own. Times are CPU seconds. Growth is linear where four times the text takes less than
4.8 times as long; a square would take 16 times.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.tables import table

SIZE = 25_000
"""Characters of the smallest of the three texts."""

LINEAR = 4.8
"""How many times as long four times the text may take."""

LEAST = 0.05
"""CPU seconds that are lost in the noise: below them nothing is said of growth."""

TIMEOUT = 1_800
"""Seconds after which a text is given up."""

MIB = 2**20
WAYS = ("extract", "rules", "explain")
STORIES = Path(__file__).parents[1] / "data" / "gold.jsonl"

Maker = Callable[[int], str]


def repeated(unit: str) -> Maker:
    """Texts that are ``unit`` again and again."""
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def nested(opening: str, inside: str, closing: str) -> Maker:
    """Texts of as many openings as closings, with words at each level."""

    def text(size: int) -> str:
        levels = max(1, size // (len(opening) + len(inside) + len(closing)))
        return (opening + inside) * levels + closing * levels

    return text


def sampled(words: str, between: str = " ", end: str = "") -> Maker:
    """Texts of words drawn by chance, always the same."""
    choices = words.split()

    def text(size: int) -> str:
        draw, parts, length = random.Random(size), [], 0
        while length < size:
            parts.append(draw.choice(choices))
            length += len(parts[-1]) + len(between)
        return between.join(parts)[:size] + end

    return text


def interleaved(mark: str, unit: str = "“It works,” said Ann Lee. She said that the pier was unsafe.\n\n") -> Maker:
    """News with ``mark`` after every character."""
    return lambda size: "".join(islice((c + mark for c in cycle(unit)), max(1, size // 2)))


def article(size: int) -> str:
    """The sample stories one after the other."""
    stories = [json.loads(line)["text"] for line in STORIES.read_text(encoding="utf-8").splitlines()]
    parts: list[str] = []
    length = 0
    for story in cycle(stories):
        parts.append(story)
        length += len(story) + 2
        if length >= size:
            return "\n\n".join(parts)[:size]
    raise AssertionError("there are no stories")


def names(size: int) -> str:
    """Ever new people who speak."""
    draw, parts, length = random.Random(1), [], 0
    while length < size:
        first, last = ("".join(draw.choices("abcdefghijklmnoprstuvw", k=6)).title() for _ in range(2))
        parts.append(f"{first} {last} said that it rained. “It works,” said {last}. He said it was late.")
        length += len(parts[-1]) + 2
    return "\n\n".join(parts)[:size]


def roles(size: int) -> str:
    """Ever new offices and bodies."""
    draw, parts, length = random.Random(2), [], 0
    while length < size:
        body = "".join(draw.choices("abcdefghijklmnoprstuvw", k=7)).title()
        parts.append(f"The head of the {body} Agency, Bo {body}, said it rained. The agency said so. The head left.")
        length += len(parts[-1]) + 1
    return " ".join(parts)[:size]


HOSTILE: dict[str, Maker] = {
    "a real article": article,
    "opening “": repeated("“"),
    'straight "': repeated('"'),
    "apostrophes '": repeated("'"),
    "opening ‘": repeated("‘"),
    "guillemets «": repeated("«"),
    "low-9 „": repeated("„"),
    "brackets 「": repeated("「"),
    "doubled ``": repeated("`` "),
    "all styles": repeated("“‘«„”’»"),
    "closing ”": repeated("” "),
    "“ a": repeated("“a "),
    '" a': repeated('" a '),
    "' a": repeated("'a a' "),
    "“x,” ": repeated("“x,” "),
    "“x” said he": repeated("“x,” he said, "),
    "paragraphs never closed": repeated("“It works for a\n\n"),
    "paragraphs of odd marks": repeated('He said "it works\n\n'),
    "nested “a ‘a": nested("“a ‘", "a ", "’”"),
    "nested “he said": nested("“he said ", "‘she said ", "’”"),
    "nested (": nested("(", "a ", ")"),
    "quote within quote": repeated("“I heard ‘it works,’ said Bo,” Ann said. "),
    "one quote without an end": lambda size: "“" + repeated("He said it works. ")(size),
    "letters, no break": repeated("x"),
    "digits, no break": repeated("7"),
    "spaces, no break": repeated(" "),
    "dots, no break": repeated("."),
    "dashes, no break": repeated("—"),
    "commas": repeated("a, "),
    "slashes": repeated("a/b/"),
    "hyphens": repeated("a-"),
    "addresses": repeated("http://a.b/c?d=e&f=(g) "),
    "an address without an end": lambda size: "http://a." + repeated("b.c/")(size),
    "at signs": repeated("a@"),
    "link openers [": repeated("["),
    "link openers ](": repeated("[a]("),
    "asterisks": repeated("*"),
    "newlines": repeated("\n"),
    "carriage returns": repeated("\r\n"),
    "separators": repeated("\u2028\x0b\x85 "),
    "short paragraphs": repeated("a\n\n"),
    "short lines": repeated("a b\n"),
    "sentences as paragraphs": repeated("He said so.\n\n"),
    "wrapped lines": repeated("He said that it was unsafe and that it would stay shut for\n"),
    "indented lines": repeated("        a        \n"),
    "bidi overrides": interleaved("\u202e"),
    "zero-width": interleaved("\u200b"),
    "combining": interleaved("\u0301"),
    "lone surrogates": repeated("\ud800"),
    "surrogates in news": interleaved("\udfff"),
    "NULs": repeated("\x00"),
    "NULs in news": interleaved("\x00"),
    "emoji": repeated("🙂👩‍👩‍👧"),
    "one word": repeated("pier "),
    "capitals": repeated("PIER "),
    "names": repeated("Ann Lee "),
    "names and": repeated("Ann Lee and "),
    "he said": repeated("he said "),
    "he said.": repeated("He said. "),
    "said that": repeated("said that he "),
    "that Ann said that": repeated("Ann said that Bo thinks that "),
    "of the": repeated("of the pier "),
    "President of the Council of": repeated("President of the Council of "),
    "Ann Lee of": repeated("Ann Lee of Geneva of "),
    "who": repeated("the man who said the man who told "),
    "according to": repeated("according to "),
    "appositions": repeated("Ann Lee, the head of the union, "),
    "possessives": repeated("Ann's "),
    "labels": repeated("LEE: "),
    "labels, lines": repeated("LEE: It works.\nHART: No.\n"),
    "a huge label": lambda size: repeated("LEE ")(size) + ": It works.",
    "labels Q. A.": repeated("Q. Is it?\n\nA. It is.\n\n"),
    "bylines": repeated("By Ann Lee\n\n"),
    "datelines": repeated("GENEVA — It rained, he said.\n\n"),
    "captions": repeated("(Photo: Example Pictures)\n\n"),
    "ever new people": names,
    "ever new offices": roles,
    "pronouns": repeated("She said he told her that they knew him. "),
    "words by chance": sampled("he she Ann Lee said that “ ” ‘ ’ , . the of pier told according to who is I we : —"),
    "marks by chance": sampled("“ ” ‘ ’ \" ' « » „ ‚ a .", between=""),
}

FULL: dict[str, tuple[str, int]] = {
    "a million opening marks": ("opening “", 1_000_000),
    "a million straight marks": ('straight "', 1_000_000),
    "a million apostrophes": ("apostrophes '", 1_000_000),
    "10 MB of letters, one line": ("letters, no break", 10_000_000),
    "10 MB of spaces, one line": ("spaces, no break", 10_000_000),
    "10 MB of digits, one line": ("digits, no break", 10_000_000),
    "a million newlines": ("newlines", 1_000_000),
    "100,000 levels of quotes": ("nested “a ‘a", 800_000),
    "100,000 times “he said”": ("he said", 800_000),
    "a million words, one word": ("one word", 5_000_000),
    "a million short paragraphs": ("short paragraphs", 3_000_000),
    "an article of a million words": ("a real article", 6_000_000),
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    options = _options(arguments)
    if options.measure:
        print(json.dumps(measure(options.measure, options.way, options.sizes)))
    elif options.hold:
        print(json.dumps(hold(options.hold)))
    elif options.memory:
        print(memory(options.texts))
    elif options.full:
        print(full(options.way))
    else:
        print(growth(options.way, options.size, options.only))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__.partition("\n")[0])
    parser.add_argument("--way", choices=WAYS, default="extract", help="with the encoder, rules alone, or explain")
    parser.add_argument("--size", type=int, default=SIZE, help="characters of the smallest text")
    parser.add_argument("--only", nargs="+", choices=HOSTILE, metavar="TEXT", help="only these texts")
    parser.add_argument("--full", action="store_true", help="the largest texts, once each")
    parser.add_argument("--memory", action="store_true", help="memory over many short texts")
    parser.add_argument("--texts", type=int, nargs="+", default=(1_000, 30_000), help="how many, for --memory")
    parser.add_argument("--measure", choices=HOSTILE, metavar="TEXT", help="one kind of text in this process, as JSON")
    parser.add_argument("--sizes", type=int, nargs="+", default=(SIZE,), help="characters, for --measure")
    parser.add_argument("--hold", type=int, metavar="TEXTS", help="many short texts in this process, as JSON")
    return parser.parse_args(arguments)


def growth(way: str, size: int, only: list[str] | None = None) -> str:
    """The table of all texts at ``size``, twice and four times as many characters."""
    rows = []
    for name in only or HOSTILE:
        sizes = [size, 2 * size, 4 * size]
        rows.append([name, *_verdict(_measured(name, way, sizes), sizes)])
        print(*map(str, rows[-1]), sep=" · ", file=sys.stderr, flush=True)
    head = ["text", *(f"µs/char at {times}n" for times in (1, 2, 4)), "4n ÷ n", "bytes/char", "linear"]
    worst = [row[0] for row in rows if row[-1] != "yes"]
    return f"{table(head, rows)}\n\nn = {size:,} characters. Not linear: {', '.join(map(str, worst)) or 'none'}."


def _verdict(measured: dict[str, Any], sizes: list[int]) -> list[object]:
    if "error" in measured:
        return ["", "", "", "", "", measured["error"]]
    seconds = measured["seconds"]
    ratio = max(seconds[-1], LEAST) / max(seconds[0], LEAST)
    grown = (measured["peaks"][-1] - measured["loaded"]) / sizes[-1]
    times = [f"{1e6 * spent / count:.1f}" for spent, count in zip(seconds, sizes, strict=True)]
    return [*times, ratio, f"{grown:,.0f}", "yes" if ratio <= LINEAR else "NO"]


def full(way: str) -> str:
    """The largest texts, each once."""
    rows = []
    for title, (name, size) in FULL.items():
        measured = _measured(name, way, [size])
        if "error" in measured:
            rows.append([title, f"{size:,}", measured["error"], "", ""])
        else:
            seconds, peak = measured["seconds"][0], measured["peaks"][0]
            rows.append([title, f"{size:,}", seconds, f"{1e6 * seconds / size:.1f}", f"{peak / MIB:,.0f}"])
        print(*map(str, rows[-1]), sep=" · ", file=sys.stderr, flush=True)
    return table(["text", "characters", "CPU-seconds", "µs/char", "peak MiB"], rows)


def measure(name: str, way: str, sizes: list[int]) -> dict[str, Any]:
    """CPU seconds and peak memory of this process after the text at each of ``sizes``, the smallest first."""
    from quotekit import Extractor

    extractor = Extractor(encoder=way != "rules", attitudes=True, min_confidence=0)
    read = extractor.explain if way == "explain" else extractor.extract
    read(article(3_000))
    loaded = peak_bytes()
    seconds, peaks = [], []
    for size in sizes:
        text = HOSTILE[name](size)
        started = process_time()
        read(text)
        seconds.append(process_time() - started)
        peaks.append(peak_bytes())
    return {"seconds": seconds, "peaks": peaks, "loaded": loaded}


def memory(counts: list[int]) -> str:
    """Peak memory and time of processes that read ever new words."""
    rows, peaks = [], []
    for count in counts:
        held = _run("--hold", str(count))
        peaks.append(held["peak"])
        rows.append([f"{count:,} texts", held["peak"] / MIB, 1e3 * held["seconds"] / count])
    text = table(["", "peak MiB", "CPU ms per text"], rows)
    return f"{text}\n\nThe last peak is {100 * (peaks[-1] / peaks[0] - 1):.1f} % over the first."


def hold(count: int) -> dict[str, Any]:
    """Read ``count`` short texts of words that never came before; peak memory and CPU seconds of this process."""
    from quotekit import Extractor

    extractor = Extractor()
    draw = random.Random(0)
    started = process_time()
    for _ in range(count):
        extractor.extract(new_words(draw))
    return {"peak": peak_bytes(), "seconds": process_time() - started}


def new_words(draw: random.Random) -> str:
    """A short text most of whose words are new."""
    one, two, three, four = ("".join(draw.choices("abcdefghijklmnoprstuvwy", k=9)) for _ in range(4))
    return f"“The {one} is {two},” said {three.title()} {four.title()}, who {one}ed the {four}. He said so."


def peak_bytes() -> int:
    """The most memory that this process has held at once."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _measured(name: str, way: str, sizes: list[int]) -> dict[str, Any]:
    return _run("--measure", name, "--way", way, "--sizes", *map(str, sizes))


def _run(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.hostile", *arguments]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return {"error": f"over {TIMEOUT} s"}
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines()
        return {"error": lines[-1][:80] if lines else f"status {error.returncode}"}
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


if __name__ == "__main__":
    main()
