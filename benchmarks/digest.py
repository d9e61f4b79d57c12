"""One hash of everything that is found: ``python -m benchmarks.digest``.

Two commits whose hashes agree find the same quotes, byte for byte, in the sample stories and, where the corpus is
present, in PolNeAR's development articles. Run it before and after a change that must change nothing.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable
from pathlib import Path

from benchmarks.corpus import SHARED, articles
from quotekit import Extractor

STORIES = Path(__file__).resolve().parents[1] / "data" / "stories"


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.digest", description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int, help="read only the first LIMIT articles of the corpus")
    options = parser.parse_args(arguments)
    stories = [path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("*.txt"))]
    print("data/stories", digest(stories))
    if (SHARED / "polnear").is_dir():
        print("PolNeAR dev ", digest(record["text"] for record in articles("dev", options.limit)))


def digest(texts: Iterable[str]) -> str:
    """The SHA-256 of the quotes of ``texts`` as JSON, attitudes included.

    >>> digest([""]) == hashlib.sha256(b"").hexdigest()
    True
    """
    found = hashlib.sha256()
    for quotes in Extractor(attitudes=True, min_confidence=0).pipe(texts):
        for quote in quotes:
            found.update(quote.model_dump_json().encode())
    return found.hexdigest()


if __name__ == "__main__":
    main()
