"""What kind of file something is: by its first bytes, then by its ending."""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from quotekit.batch.reading.faults import Fault
from quotekit.lexicon import load

PACKED = (".gz", ".zst", ".bz2", ".xz")
"""Endings of compressed files."""

HEAD = 1 << 12
"""Bytes that decide what a file is."""

_JSON = re.compile(r"(?:\[\s*)?\{\s*(?:\"[^\"\n]{0,100}\"\s*:|\})|\[\s*[\"\]]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of file, as ``data/reading/kinds.toml`` describes it.

    Attributes:
        name: the kind, as a message names it.
        format: how it is read; ``None`` if it is not read.
        remedy: what to do with a file that is not read.
        starts, begins, holds: what matches its first bytes, its first characters, and a name in a ZIP file.
        excluded: endings of files that ``begins`` does not count for.
        endings: endings of its files.
    """

    name: str
    format: str | None
    remedy: str
    starts: re.Pattern[bytes] | None
    begins: re.Pattern[bytes] | None
    holds: re.Pattern[str] | None
    excluded: tuple[str, ...]
    endings: tuple[str, ...]

    def refusal(self) -> Fault:
        """Return the fault for a file of a kind that is not read."""
        return Fault(f"{self.name}, a kind of file that is not read", self.remedy)


@cache
def kinds() -> tuple[Kind, ...]:
    """Return all kinds, in the order in which they are tried."""
    return tuple(
        Kind(
            row["name"],
            row.get("format"),
            row.get("remedy", ""),
            re.compile(row["starts"].encode(), re.DOTALL) if "starts" in row else None,
            re.compile(row["begins"].encode(), re.DOTALL) if "begins" in row else None,
            re.compile(row["holds"]) if "holds" in row else None,
            tuple(row.get("except", ())),
            tuple(row.get("endings", ())),
        )
        for row in load("kinds", "reading")["kind"]
    )


def kind_of_content(head: bytes, name: str = "") -> Kind | None:
    r"""Return the kind that the first bytes of a file show; ``None`` if they could be any text.

    >>> kind_of_content(b"%PDF-1.7\n", "notes.txt").name, kind_of_content(b"It rained.")
    ('a PDF', None)
    """
    text, ending = _as_text(head), ending_of(name)
    for kind in kinds():
        if kind.starts is not None and kind.starts.match(head):
            return kind
        if kind.begins is not None and ending not in kind.excluded and kind.begins.match(text):
            return kind
    return None


def kind_of_name(name: str) -> Kind | None:
    """Return the kind that a file's name ends like, compressed or not.

    >>> kind_of_name("news/a.JSONL.gz").format, kind_of_name("notes"), kind_of_name("a.gz")
    ('jsonl', None, None)
    """
    return _by_ending().get(ending_of(name))


def kind_of_members(names: Iterable[str]) -> Kind | None:
    """Return the kind of a ZIP file with members of these names; ``None`` if it is an archive of files.

    >>> kind_of_members(["[Content_Types].xml", "word/document.xml"]).format
    'docx'
    """
    there = set(names)
    return next((kind for kind in kinds() if kind.holds and any(map(kind.holds.fullmatch, there))), None)


def kind_of_text(head: bytes, text_field: str) -> str:
    """Return the format of text whose name does not give it: JSON, JSON Lines, a table, or text.

    >>> kind_of_text(b'{"text": "It rained."}', "text"), kind_of_text(b"id,text", "text"), kind_of_text(b"It.", "text")
    ('json', 'csv', 'text')
    """
    text = _as_text(head).decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines()[:2]]
    if _JSON.match(text):
        return "jsonl" if len(lines) > 1 and lines[1] and _is_json(lines[0]) else "json"
    for format, mark in (("tsv", "\t"), ("csv", ","), ("csv", ";")):
        cells = [cell.strip().strip('"') for cell in lines[0].split(mark)] if lines else []
        if len(cells) > 1 and text_field in cells:
            return format
    return "text"


def is_list_of_addresses(text: str) -> bool:
    r"""Return whether there are addresses alone in a text, one on each line.

    >>> is_list_of_addresses("https://example.org/a\n\nhttps://example.org/b\n"), is_list_of_addresses("")
    (True, False)
    """
    lines = text.split("\n", 50)[:50]
    full = [line.strip() for line in lines if line.strip()]
    return bool(full) and all(_ADDRESS.fullmatch(line) for line in full)


def ending_of(name: str) -> str:
    """Return the ending of a name in lower case, without that of a compression.

    >>> ending_of("a.HTML.gz"), ending_of("a")
    ('.html', '')
    """
    base = os.path.basename(name).lower()
    for ending in PACKED:
        base = base.removesuffix(ending)
    return os.path.splitext(base)[1]


@cache
def _by_ending() -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for kind in kinds():
        for ending in kind.endings:
            found.setdefault(ending, kind)
    return found


def _as_text(head: bytes) -> bytes:
    """Return the first characters of a text as UTF-8, without a byte order mark and white space."""
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            head = head[len(mark) :].decode(name, "ignore").encode("utf-8", "ignore")
    return head.removeprefix(codecs.BOM_UTF8).lstrip()


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), (dict, str))
    except (ValueError, RecursionError):
        return False
