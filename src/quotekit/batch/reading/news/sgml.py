"""SGML of news collections: Gigaword, Reuters, and others whose documents are DOC elements. One document at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from quotekit.batch.reading.articles import Article, paragraphs
from quotekit.batch.reading.days import day_of, day_within
from quotekit.batch.reading.faults import Fault
from quotekit.batch.reading.lines import Lines
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.opening import LARGEST
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import numbered
from quotekit.batch.records import Record

_END = re.compile(r"</(?:DOC|REUTERS)>", re.IGNORECASE)
_ID = re.compile(r"<(?:DOC|REUTERS)\b[^>]*?\b(?:NEWID|id)\s*=\s*[\"']([^\"'>]{1,200})[\"']", re.IGNORECASE)
_DAY_IN_ID = re.compile(r"(?:19|20)\d{6}")
_DATE = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})")
_PARAGRAPH = re.compile(r"</?P>|\n\s*\n|\n(?=\s{3,})", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|&#\d;")
_SIGNED = re.compile(r"\n\s*(?:Reuter|REUTER)\s*(?:&#\d;\s*)?\Z")
_TEXTS = ("BODY", "TEXT")


def read_sgml(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the documents in order."""
    found = Lines(stream, options.encoding, newline="\n", guess=True)
    part: list[str] = []
    size = index = 0
    for line in found:
        size += LARGEST + 1 if line is None else len(line)
        if line is None or size > LARGEST:
            raise Fault(f"a document of more than {LARGEST:,} characters", "Split it")
        part.append(line)
        if _END.search(line):
            document = "".join(part)
            id = _ID.search(document) or _element(document, "DOCNO")
            name = numbered(source, index) if id is None else id if isinstance(id, str) else id[1].strip()
            yield _article(document, name).record(source, index, name)
            part, size, index = [], 0, index + 1


def _article(document: str, name: str) -> Article:
    text = next(filter(None, (_element(document, tag) for tag in _TEXTS)), "")
    title = _element(document, "HEADLINE") or _element(document, "TITLE") or _element(document, "HEAD")
    in_id = _DAY_IN_ID.search(name)
    day = day_of(in_id[0]) if in_id else day_within(_DATE.sub(r"\1 \2 \3", _element(document, "DATE") or ""))
    return Article(
        paragraphs(map(_plain, _PARAGRAPH.split(_SIGNED.sub("", text)))), day, {}, about(title=_plain(title or ""))
    )


def _element(document: str, tag: str) -> str | None:
    """Return the content of the first ``tag`` element; ``None`` if the document has no such element."""
    start = re.search(rf"<{tag}\b[^>]*>", document, re.IGNORECASE)
    if start is None:
        return None
    end = re.compile(rf"</{tag}>", re.IGNORECASE).search(document, start.end())
    return document[start.end() : end.start() if end else len(document)].strip()


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())
