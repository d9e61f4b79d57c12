"""Stored parses: what the rules and the speakers read of a text, so that their tests need no model.

``python tests/freeze.py`` parses every example of the built-in rules and every text of the speakers' cases, writes
``golden/parses.jsonl`` and the parses in ``golden/speakers.jsonl``, and says what changed. Run it after an example was
added; read what changed before it is committed. With ``--check`` it writes nothing and fails if it would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quotekit.annotation import plain_text
from quotekit.article import read_article
from quotekit.parse import Parse
from quotekit.rules import RuleSet

GOLDEN = Path(__file__).parent / "golden"
PARSES = GOLDEN / "parses.jsonl"
SPEAKERS = GOLDEN / "speakers.jsonl"
COLUMNS = ("lemmas", "tags", "pos", "deps", "heads", "starts", "ends", "sentences")

Columns = Mapping[str, list[Any]]
Record = dict[str, Any]


class Frozen(Mapping[str, Parse]):
    """Parses by their text. A text without one is an error that names the remedy."""

    def __init__(self, records: list[Record]) -> None:
        self._columns: dict[str, Columns] = {record["text"]: record["parse"] for record in records}

    def __getitem__(self, text: str) -> Parse:
        if text not in self._columns:
            raise LookupError(f"no stored parse of {text!r}; run: python tests/freeze.py")
        return thaw(text, self._columns[text])

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def thaw(text: str, columns: Columns) -> Parse:
    """The parse of ``text`` from its stored columns; the words are slices of the text."""
    words = [text[start:end] for start, end in zip(columns["starts"], columns["ends"], strict=True)]
    return Parse(text=text, words=words, **columns)


def freeze(parse: Parse) -> dict[str, list[Any]]:
    """The columns of ``parse`` that are stored."""
    return {name: getattr(parse, name) for name in COLUMNS}


def read(path: Path) -> list[Record]:
    """The records of a JSON Lines file; none if there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def stored() -> Frozen:
    """The stored parses of the rules' examples."""
    return Frozen(read(PARSES))


def example_texts() -> list[str]:
    """The plain texts of all examples of the built-in rules, sorted."""
    return sorted({plain_text(markup) for rule in RuleSet.default() for markup in (*rule.matches, *rule.rejects)})


def parsed(record: Record) -> Record:
    """``record`` with a fresh parse of its text."""
    from quotekit.parsing import parse_article

    return {**record, "parse": freeze(parse_article(read_article(record["text"])))}


def changes(old: list[Record], new: list[Record]) -> list[str]:
    """One line for each text that came, went, or is parsed otherwise than before."""
    before = {record["text"]: record["parse"] for record in old}
    after = {record["text"]: record["parse"] for record in new}
    lines = [f"new:  {text!r}" for text in after if text not in before]
    lines += [f"gone: {text!r}" for text in before if text not in after]
    for text, columns in after.items():
        if text in before and before[text] != columns:
            lines.append(f"differs: {text!r}{''.join(_differences(text, before[text], columns))}")
    return lines


def _differences(text: str, old: Columns, new: Columns) -> Iterator[str]:
    if (old["starts"], old["ends"]) != (new["starts"], new["ends"]):
        yield "\n    other tokens"
        return
    for i, (start, end) in enumerate(zip(new["starts"], new["ends"], strict=True)):
        for name in COLUMNS:
            if old[name][i] != new[name][i]:
                yield f"\n    {text[start:end]!r}: {name} {old[name][i]!r} -> {new[name][i]!r}"


def main(arguments: list[str]) -> int:
    """Refresh both files; with ``--check`` only compare. Exit status 1 if a comparison fails."""
    check = "--check" in arguments
    failed = False
    for path, wanted in ((PARSES, [{"text": text} for text in example_texts()]), (SPEAKERS, read(SPEAKERS))):
        old, new = read(path), [parsed(record) for record in wanted]
        lines = changes(old, new)
        failed = failed or bool(lines)
        if not check:
            rows = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in new)
            path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
        print(f"{path.name}: {len(new)} texts, {len(lines)} changes", *lines, sep="\n  ")
    return int(check and failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
