"""Stored parses: what the rules read of a text, kept beside its tests, so that the tests need no model.

A file of stored parses is JSON Lines. Each line holds a text and the columns of its `Parse`, without the words, which
are slices of the text. The file is beside the rules or the cases that have the texts::

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

COLUMNS = ("lemmas", "tags", "pos", "deps", "heads", "starts", "ends", "sentences")
_NUMBERS = ("heads", "starts", "ends", "sentences")

Columns = Mapping[str, list[Any]]
Record = dict[str, Any]


class StoredParses(Mapping[str, Parse]):
    """Stored parses by their text. A missing text raises a `LookupError` that names the ``remedy``.

    >>> stored = StoredParses([{"text": "No.", "parse": {"lemmas": ["no", "."], "tags": ["UH", "."],
    ...     "pos": ["INTJ", "PUNCT"], "deps": ["ROOT", "punct"], "heads": [0, 0],
    ...     "starts": [0, 2], "ends": [2, 3], "sentences": [0, 0]}}])
    >>> stored["No."].words
    ['No', '.']
    """

    def __init__(self, records: Iterable[Record] = (), remedy: str = "quotekit rules freeze") -> None:
        self._columns: dict[str, Columns] = {record["text"]: record["parse"] for record in records}
        self._remedy = remedy

    @classmethod
    def of(cls, path: str | Path) -> StoredParses:
        """Return the parses stored beside a file of rules or of cases; none if nothing is stored there.

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
    """Return the path of the stored parses of a file of rules or of cases.

    >>> beside("desk/my_rules.toml").name, beside("harbour.quotes.txt").name
    ('my_rules.parses.jsonl', 'harbour.quotes.parses.jsonl')
    """
    path = Path(path)
    return path.with_name(f"{path.stem}.parses.jsonl")


def thaw(text: str, columns: Columns) -> Parse:
    """Return the parse of ``text`` from its stored columns."""
    words = [text[start:end] for start, end in zip(columns["starts"], columns["ends"], strict=True)]
    return Parse(text=text, words=words, **columns)


def columns_of(parse: Parse) -> dict[str, list[Any]]:
    """Return the columns of ``parse`` that are stored."""
    return {name: getattr(parse, name) for name in COLUMNS}


def freeze(texts: Iterable[str]) -> list[Record]:
    """Parse each of ``texts`` and return a record for each.

    Raises:
        ModelError: the spaCy model is missing or does not fit.
    """
    from quotekit.article.parser import parse_article

    return [{"text": text, "parse": columns_of(parse_article(read_article(text)))} for text in texts]


def read(path: Path) -> list[Record]:
    """Return the records of a file of stored parses; none if there is no file.

    Raises:
        ValueError: a line is not a stored parse; the message names file, line and remedy.
    """
    if not path.exists():
        return []
    records = []
    # Other line ends may be part of a text.
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
        raise TypeError("the line is not an object")
    text, columns = record["text"], record["parse"]
    if sorted(columns) != sorted(COLUMNS):
        raise ValueError(f"its columns are not {', '.join(COLUMNS)}")
    count = len(columns["heads"])
    for name in COLUMNS:
        kind = int if name in _NUMBERS else str
        if len(columns[name]) != count or not all(type(value) is kind for value in columns[name]):
            raise ValueError(f"column {name!r} does not have {count} of {kind.__name__}")
    if not all(0 <= head < count for head in columns["heads"]):
        raise ValueError("a head is not one of its tokens")
    last = 0
    for start, end in zip(columns["starts"], columns["ends"], strict=True):
        if not last <= start <= end <= len(text):
            raise ValueError("its tokens are not in the text, or not in its order")
        last = end


def write(path: Path, records: Iterable[Record]) -> None:
    """Write ``records``, one a line."""
    rows = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    path.write_bytes("".join(f"{row}\n" for row in rows).encode("utf-8"))
