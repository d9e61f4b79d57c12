"""Stored parses: what the rules and the speakers read of a text, so that their tests need no model.

``python tests/freeze.py`` parses every example of the built-in rules and every text of the cases of speakers and of
explanations, writes ``golden/parses.jsonl`` and the parses in the other two, and says what changed. Run it after an
example was added; read what changed before it is committed. With ``--check`` it writes nothing and fails if it would.
"""

from __future__ import annotations

import sys
from pathlib import Path

from quotekit.article.stored_parses import Record, StoredParses, freeze, read, write
from quotekit.rules import RuleSet
from quotekit.testing.stored_parses import changes, example_texts

GOLDEN = Path(__file__).parent / "golden"
PARSES = GOLDEN / "parses.jsonl"
SPEAKERS = GOLDEN / "speakers.jsonl"
EXPLAIN = GOLDEN / "explain.jsonl"


def stored() -> StoredParses:
    """The stored parses of the rules' examples."""
    return StoredParses(read(PARSES), "python tests/freeze.py")


def parsed(record: Record) -> Record:
    """``record`` with a fresh parse of its text."""
    return {**record, **freeze([record["text"]])[0]}


def main(arguments: list[str]) -> int:
    """Refresh the files; with ``--check`` only compare. Exit status 1 if a comparison fails."""
    check = "--check" in arguments
    failed = False
    examples: list[Record] = [{"text": text} for text in example_texts(RuleSet.default())]
    for path, wanted in ((PARSES, examples), (SPEAKERS, read(SPEAKERS)), (EXPLAIN, read(EXPLAIN))):
        old, new = read(path), [parsed(record) for record in wanted]
        lines = changes(old, new)
        failed = failed or bool(lines)
        if not check:
            write(path, new)
        print(f"{path.name}: {len(new)} texts, {len(lines)} changes", *lines, sep="\n  ")
    return int(check and failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
