"""Stored parses: what the rules read of a text, kept beside its tests, so that these need no model and no mood of it.

A file of stored parses is JSON Lines: a line for each text, with the columns of its `Parse` without the words, which
are slices of the text. It stands beside the rules or the cases whose texts it has::

    my_rules.toml           my_rules.parses.jsonl
    harbour.quotes.txt      harbour.quotes.parses.jsonl
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.rules import Rule, RuleSet
from quotekit.rules.markup import plain_text
from quotekit.testing.cases import SUFFIX, read_cases

COLUMNS = ("lemmas", "tags", "pos", "deps", "heads", "starts", "ends", "sentences")
_NUMBERS = ("heads", "starts", "ends", "sentences")

Columns = Mapping[str, list[Any]]
Record = dict[str, Any]


class Frozen(Mapping[str, Parse]):
    """Stored parses by their text. A text without one is a `LookupError` that names the ``remedy``.

    >>> frozen = Frozen([{"text": "No.", "parse": {"lemmas": ["no", "."], "tags": ["UH", "."], "pos": ["INTJ", "PUNCT"],
    ...     "deps": ["ROOT", "punct"], "heads": [0, 0], "starts": [0, 2], "ends": [2, 3], "sentences": [0, 0]}}])
    >>> frozen["No."].words
    ['No', '.']
    """

    def __init__(self, records: Iterable[Record] = (), remedy: str = "quotekit rules freeze") -> None:
        self._columns: dict[str, Columns] = {record["text"]: record["parse"] for record in records}
        self._remedy = remedy

    @classmethod
    def of(cls, path: str | Path) -> Frozen:
        """What is stored beside a file of rules or of cases: nothing, if there is no such file.

        Raises:
            ValueError: a line is not a stored parse; the message names file and line.
        """
        path = Path(path)
        return cls(read(beside(path)), f"quotekit rules freeze {path}")

    def __getitem__(self, text: str) -> Parse:
        if text not in self._columns:
            raise LookupError(f"no stored parse of {text!r}; run: {self._remedy}")
        return thaw(text, self._columns[text])

    def __contains__(self, text: object) -> bool:
        return text in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def beside(path: str | Path) -> Path:
    """The file with the stored parses of a file of rules or of cases.

    >>> beside("desk/my_rules.toml").name, beside("harbour.quotes.txt").name
    ('my_rules.parses.jsonl', 'harbour.quotes.parses.jsonl')
    """
    path = Path(path)
    return path.with_name(f"{path.stem}.parses.jsonl")


def thaw(text: str, columns: Columns) -> Parse:
    """The parse of ``text`` from its stored columns."""
    words = [text[start:end] for start, end in zip(columns["starts"], columns["ends"], strict=True)]
    return Parse(text=text, words=words, **columns)


def columns_of(parse: Parse) -> dict[str, list[Any]]:
    """The columns of ``parse`` that are stored."""
    return {name: getattr(parse, name) for name in COLUMNS}


def freeze(texts: Iterable[str]) -> list[Record]:
    """A record with a fresh parse for each of ``texts``.

    Raises:
        ModelError: the spaCy model is missing or does not fit.
    """
    from quotekit.article.parser import parse_article

    return [{"text": text, "parse": columns_of(parse_article(read_article(text)))} for text in texts]


def read(path: Path) -> list[Record]:
    """The records of a file of stored parses; none if there is no file.

    Raises:
        ValueError: a line is not a stored parse; the message names file, line and remedy.
    """
    if not path.exists():
        return []
    records = []
    # Only these end a line: text may hold others.
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line.decode("utf-8"))
            _validate(record)
        except (ValueError, TypeError, KeyError) as error:
            reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            raise ValueError(
                f"{path.name}: line {number}: not a stored parse ({reason}); delete the file and freeze anew"
            ) from error
        records.append(record)
    return records


def _validate(record: Any) -> None:
    if not isinstance(record, dict):
        raise TypeError("the line is no object")
    text, columns = record["text"], record["parse"]
    if sorted(columns) != sorted(COLUMNS):
        raise ValueError(f"its columns are not {', '.join(COLUMNS)}")
    count = len(columns["heads"])
    for name in COLUMNS:
        kind = int if name in _NUMBERS else str
        if len(columns[name]) != count or not all(type(value) is kind for value in columns[name]):
            raise ValueError(f"column {name!r} has not {count} of {kind.__name__}")
    if not all(0 <= head < count for head in columns["heads"]):
        raise ValueError("a head is none of its tokens")
    last = 0
    for start, end in zip(columns["starts"], columns["ends"], strict=True):
        if not last <= start <= end <= len(text):
            raise ValueError("its tokens are not in the order of the text, or not in the text")
        last = end


def write(path: Path, records: Iterable[Record]) -> None:
    """Write ``records``, one a line."""
    rows = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    path.write_bytes("".join(f"{row}\n" for row in rows).encode("utf-8"))


def changes(old: Iterable[Record], new: Iterable[Record]) -> list[str]:
    """One entry for each text that came, went, or is parsed otherwise than before, there with the words that differ."""
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


def texts_of(path: str | Path) -> list[str]:
    """The texts of a file of rules (its examples) or of cases, without markup, sorted.

    Raises:
        RuleError: the file of rules is not valid.
        ValueError: the file of cases is not valid.
    """
    path = Path(path)
    if path.name.endswith(SUFFIX):
        return sorted({case.text for case in read_cases(path)})
    return example_texts(RuleSet.from_file(path, examples=False))


def example_texts(rules: Iterable[Rule]) -> list[str]:
    """The texts of all examples of ``rules``, without markup, sorted."""
    return sorted({plain_text(markup) for rule in rules for markup in (*rule.matches, *rule.rejects)})


def refresh(path: str | Path) -> list[str]:
    """Parse anew every text of a file of rules or of cases, store the parses beside it, and say what changed.

    Raises:
        RuleError: the file of rules is not valid.
        ValueError: the file of cases, or the one of stored parses, is not valid.
        ModelError: the spaCy model is missing or does not fit.
    """
    store = beside(path)
    old, new = read(store), freeze(texts_of(path))
    if old != new:
        write(store, new)
    return changes(old, new)
