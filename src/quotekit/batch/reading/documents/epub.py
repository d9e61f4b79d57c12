"""EPUB books: each chapter is an article."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

from quotekit.batch.reading.articles import Article, paragraphs, records
from quotekit.batch.reading.days import day_of
from quotekit.batch.reading.documents.zipped import opened_zip, part_of
from quotekit.batch.reading.encodings import decoded
from quotekit.batch.reading.faults import Fault
from quotekit.batch.reading.markup import lines, local, parse_html, parse_xml, text_of
from quotekit.batch.reading.metadata import about
from quotekit.batch.reading.opening import on_disk
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.records import Record

_EPUB = "an EPUB book"
MOST_CHAPTERS = 10_000
"""Maximum chapters of a book."""


def read_epub(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record]:
    """Yield the chapters of a book in order; those without text are left out."""
    with on_disk(stream) as file, opened_zip(file, _EPUB) as archive:

        def part(name: str) -> bytes:
            data = part_of(archive, name, _EPUB)
            if data is None:
                raise Fault(f"{_EPUB} without {name}", "Get the file again")
            return data

        container = parse_xml(part("META-INF/container.xml"), _EPUB)
        path = next((one.get("full-path") for one in container.iter() if local(one) == "rootfile"), None) or ""
        package = parse_xml(part(path), _EPUB)
        known = {local(one): text_of(one) for one in reversed(list(package.iter())) if local(one)}
        chapters = (parse_html(decoded(part(name), html=True)) for name in _spine(package, path))
        yield from records(filter(lambda one: bool(one.text), (_article(root, known) for root in chapters)), source)


def _spine(package: Any, path: str) -> list[str]:
    """Return the names of the chapters in their order."""
    items = {one.get("id"): one.get("href") for one in package.iter() if local(one) == "item"}
    order = [items.get(one.get("idref")) for one in package.iter() if local(one) == "itemref"]
    folder = posixpath.dirname(path)
    return [posixpath.normpath(posixpath.join(folder, unquote(name))) for name in order[:MOST_CHAPTERS] if name]


def _article(root: Any, known: dict[str, str]) -> Article:
    body = None if root is None else next((one for one in root.iter() if local(one) == "body"), None)
    text = "" if body is None else paragraphs(lines(body))
    data = about(title=known.get("title"), author=known.get("creator"), language=known.get("language"))
    return Article(text, day_of(known.get("date")), {}, {**data, **about(outlet=known.get("publisher"))})
